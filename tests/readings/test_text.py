"""Octets of agents as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.readings.text import decoded


@pytest.mark.parametrize(
    ("said", "codec"),
    [
        ("Schlafmodus für Gerät", "cp1252"),
        ("Käyttöä", "latin-1"),
        ("Niveau de toner très bas", "latin-1"),
        ("спящий режим", "cp1251"),
        ("スリープ", "cp932"),
        ("请等待", "gb18030"),
        ("Bitte Papier nachfüllen ✓", "utf-8"),
        ("Öffnen Sie die Klappe", "cp1252"),
        ("Übertragungseinheit", "cp1252"),
        ("¿Cambiar papel?", "cp1252"),
        ("Økonomi", "cp1252"),
        ("Één pagina", "cp1252"),
        ("Raum 3½, 25 °C", "cp1252"),
        ("Gotowa: żółty, pełny", "cp1250"),
        ("Режим сна", "koi8-r"),
        ("Черный тонер", "iso8859-5"),
        ("Черный тонер", "cp866"),
        ("Бухгалтерия", "cp1251"),
        ("印刷できます", "euc_jp"),
        ("就绪", "gb18030"),
        ("睡眠模式", "gb18030"),
        ("토너 부족", "euc_kr"),
        ("列印中", "big5"),
    ],
)
def test_an_undeclared_character_set_is_recognised(said: str, codec: str) -> None:
    """Texts in UTF-8, in what Windows writes in Western, Eastern and Cyrillic Europe, in other Cyrillic sets, and in
    those of Japan, China and Korea are read without being told which it is."""
    assert decoded(said.encode(codec)) == said


@pytest.mark.parametrize(
    ("said", "codec", "charset"),
    [
        ("TRYB UŚPIENIA", "iso8859-2", 5),
        ("Größe", "cp850", 2009),
        ("Größe", "hp-roman8", 2004),
        ("절전", "cp949", 36),
        ("絵", "iso2022_jp", 39),
        ("Ready", "utf-16-be", 1013),
        ("ブラックトナー", "utf-16-be", 1015),
        ("スリープ中", "utf-16-le", 1014),
        ("Ready", "utf-16-le", 1013),
    ],
)
def test_the_declared_character_set_is_used(said: str, codec: str, charset: int) -> None:
    """Where the octets are no UTF-8, what prtLocalizationCharacterSet says counts."""
    assert decoded(said.encode(codec), charset) == said


def test_the_language_decides_between_sets_that_nobody_declared() -> None:
    """Octets of Korean are also some sort of Chinese; a machine that speaks Korean means Korean."""
    assert decoded("절전".encode("cp949"), None, "ko") == "절전"


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    """Many agents declare Latin-1 and write UTF-8."""
    assert decoded("Größe".encode(), 4) == "Größe"


def test_a_declaration_that_makes_controls_of_letters_is_wrong() -> None:
    """Shift-JIS that is declared as Latin-1, and ASCII that is declared as UTF-16, are what they are."""
    assert decoded("ブラックトナー".encode("shift_jis"), 4) == "ブラックトナー"
    assert decoded(b"Online", 1013) == "Online"


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"\0\0LX 400\0\0\0", "LX 400"),
        (b"Ready           ", "Ready"),
        (b"line one\r\nline two", "line one line two"),
        (b"\xff\xff\xff\xff", ""),
        (b"abc\x07\x1b", "abc"),
        (b"", ""),
    ],
)
def test_padding_and_control_characters_are_no_text(octets: bytes, said: str) -> None:
    """NULs, spaces, line ends and control characters are stripped or become single spaces."""
    assert decoded(octets) == said


def test_a_character_that_was_cut_off_costs_only_itself() -> None:
    """An agent that stops in the middle of a character of UTF-8 leaves the others readable."""
    assert decoded("スリープ中".encode()[:-1]) == "スリープ"


def test_a_text_in_hexadecimal_digits_is_read() -> None:
    """Some agents write the octets of a text as digits; digits that are no text stay what they are."""
    assert decoded(b"4C 58 20 34 30 30") == "LX 400"
    assert decoded(b"12 34 56 78") == "12 34 56 78"
    assert decoded(b"00:17:c8:65:e2:b9") == "00:17:c8:65:e2:b9"


def test_a_text_in_hexadecimal_digits_may_be_utf_8() -> None:
    """As programs print it that take whatever is not ASCII for octets; an address of hardware is none."""
    assert decoded("Tóner".encode().hex(" ").upper().encode()) == "Tóner"
    assert decoded("黑色碳粉".encode().hex(":").encode()) == "黑色碳粉"
    assert decoded(b"C2:A0:65:E2:B9:00") == "C2:A0:65:E2:B9:00"


@given(st.binary(max_size=600), st.none() | st.integers(-5, 3000), st.sampled_from(["", "ja", "zh", "ru", "xx", "JA "]))
def test_no_octets_raise_and_no_control_character_comes_out(octets: bytes, charset: int | None, language: str) -> None:
    """Whatever comes, there is a printable line of text."""
    said = decoded(octets, charset, language)
    assert "\n" not in said
    assert "\0" not in said
    assert said == said.strip()
