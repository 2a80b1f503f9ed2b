"""The colour of a supply by what the machine says."""

from __future__ import annotations

import pytest

from platen.readings.colors import color_in, color_named, color_of_part


@pytest.mark.parametrize(
    ("description", "color"),
    [
        ("Black Cartridge HP CF400X", "black"),
        ("Toner (Cyan)", "cyan"),
        ("Tonerkartusche Gelb", "yellow"),
        ("Cartouche magenta", "magenta"),
        ("Cartouche noire", "black"),
        ("Toner nero", "black"),
        ("Cartucho amarillo", "yellow"),
        ("Жёлтый тонер", "yellow"),
        ("Чёрный тонер", "black"),
        ("黑色碳粉", "black"),
        ("洋紅色碳粉", "magenta"),
        ("青色碳粉", "cyan"),
        ("ブラックトナー", "black"),
        ("Photo Black Ink", "photo black"),
        ("Light Cyan", "light cyan"),
        ("Błękitny wkład", "cyan"),
        ("Bíborvörös festékkazetta", "magenta"),
        ("Голубая краска", "cyan"),
        ("Μαύρη κασέτα", "black"),
        ("노란색 토너", "yellow"),
        ("חבר שחור", "black"),
        ("حبر أصفر", "yellow"),
        ("Waste toner box", ""),
        ("Blackbird cartridge", ""),
        ("Cyan, magenta and yellow drum", ""),
    ],
)
def test_words_of_many_languages_name_a_colour(description: str, color: str) -> None:
    """Exactly one colour in words counts; a colour's name inside another word does not."""
    assert color_in(description) == color


@pytest.mark.parametrize(
    ("name", "color"),
    [("black", "black"), ("Process Black", "black"), ("K", "black"), ("none", ""), ("unknown", ""), ("Gold", "gold")],
)
def test_a_colorant_is_named_as_everybody_names_it(name: str, color: str) -> None:
    """prtMarkerColorantValue in one spelling; what is no colour is none."""
    assert color_named(name) == color


@pytest.mark.parametrize(
    ("part", "color"),
    [
        ("TK-8527C", "cyan"),
        ("SJIC35P-BK", "black"),
        ("TN-421Y", "yellow"),
        ("CF400X", ""),
        ("C", ""),
        ("Ink Tank MBK", "matte black"),
        ("Toner Cartridge (C)", "cyan"),
        ("Ink Tank GY", "gray"),
        ("Kit C and M", ""),
        ("PFI-107MBK", "matte black"),
        ("LX107PGY", "light gray"),
        ("9PBK", "photo black"),
        ("Kit y rodillo", ""),
    ],
)
def test_a_part_number_may_end_with_its_colour(part: str, color: str) -> None:
    """C, M, Y, K or BK behind digits, or letters that stand alone beside other words and name one colour."""
    assert color_of_part(part) == color
