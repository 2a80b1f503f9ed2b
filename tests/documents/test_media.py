"""Sizes and their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.media import SIZES, everyday_name, media_for_size, media_for_word, priced_name, size_of_media


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_every_standard_name_says_its_own_size(size):
    """The numbers in a PWG name are the millimetres in the table, and the size finds the name back."""
    assert size_of_media(size.name) == (size.width_mm, size.height_mm)
    assert media_for_size(size.width_mm, size.height_mm) == size.name
    assert media_for_size(size.height_mm, size.width_mm) == size.name


@given(st.floats(-1.9, 1.9), st.floats(-1.9, 1.9))
def test_a_size_within_two_millimetres_is_the_standard_size(dx, dy):
    """A driver that rounds to points or pixels still prints on A4. SC-TDF-132"""
    assert media_for_size(210 + dx, 297 + dy) == "iso_a4_210x297mm"


def test_a_size_between_the_standards_is_custom():
    """A size that is neither A4 nor Letter gets a custom name that carries its size."""
    name = media_for_size(210, 279.4)
    assert name == "custom_210x279.4mm_210x279.4mm"
    assert size_of_media(name) == (210, 279.4)


@pytest.mark.parametrize(
    ("media", "everyday", "priced"),
    [
        ("iso_a4_210x297mm", "A4", "A4"),
        ("na_letter_8.5x11in", "Letter", "Letter"),
        ("na_ledger_11x17in", "Ledger", "Ledger"),
        ("na_executive_7.25x10.5in", "Executive", "Executive"),
        ("LEGAL", "Legal", "Legal"),
        ("iso_a5_148x210mm", "A5", "Other"),
        ("custom_105x200mm_105x200mm", "105 x 200 mm", "Other"),
        ("default", "Other", "Other"),
        (None, "Other", "Other"),
    ],
)
def test_a_size_has_an_everyday_name_and_a_line_in_the_price_list(media, everyday, priced):
    """A size without a price of its own, a default and an unknown one are priced as Other. SC-PRICE-07"""
    assert everyday_name(media) == everyday
    assert priced_name(media) == priced


@pytest.mark.parametrize(
    ("word", "media"),
    [
        ("A4.Borderless", "iso_a4_210x297mm"),
        ("EnvC65", "iso_c6c5_114x229mm"),
        ("iso-a3", "iso_a3_297x420mm"),
        ("na-letter", "na_letter_8.5x11in"),
        ("ARCH D", "na_arch-d_24x36in"),
        ("SRA3", "iso_sra3_320x450mm"),
        ("EnvKaku2", "jpn_kaku2_240x332mm"),
    ],
)
def test_words_of_many_drivers_find_the_standard_name(word, media):
    """Options of PPDs, names of older standards and everyday names are understood. SC-TDF-132"""
    assert media_for_word(word) == media


@pytest.mark.parametrize("word", ["JISB5", "JIS B5", "jis_b5", "B5JIS"])
def test_the_words_of_drivers_are_read_without_case_or_blanks(word):
    """Drivers write one size in several ways."""
    assert media_for_word(word) == "jis_b5_182x257mm"


@given(st.text(max_size=60))
def test_any_word_is_either_known_or_not(word):
    """No text from a client makes the search fail."""
    media = media_for_word(word)
    assert media is None or size_of_media(media)
