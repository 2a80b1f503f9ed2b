"""What the pixels of a page show."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.near_gray import NEAR_GRAY
from platen.documents.render.looks import PIXELS_ENOUGH, chroma_of

OCTET = st.integers(0, 255)


def page(*pixels: tuple[int, int, int, int]) -> np.ndarray:
    return np.array(pixels, np.uint8).reshape(1, -1, 4)


@given(st.lists(OCTET, min_size=1, max_size=40))
def test_white_is_nothing_whatever_the_fourth_octet_is(fourth):
    """The unused octet of a pixel says nothing."""
    assert chroma_of(page(*[(255, 255, 255, octet) for octet in fourth])) is None


@given(st.lists(st.tuples(OCTET, OCTET, OCTET, OCTET), min_size=1, max_size=12))
def test_colour_is_the_difference_between_channels(pixels):
    """The largest difference, and the number of pixels where it is seen."""
    differences = [max(pixel[:3]) - min(pixel[:3]) for pixel in pixels]
    found = chroma_of(page(*pixels))
    if all(pixel[:3] == (255, 255, 255) for pixel in pixels):
        assert found is None
    else:
        coloured = sum(difference > NEAR_GRAY for difference in differences)
        assert found == (max(differences), coloured)


def test_a_mark_far_down_a_large_page_is_found():
    """Pages are looked at in parts, none of which is left out."""
    pixels = np.full((500, 500, 4), 255, np.uint8)
    pixels[499, 499] = (255, 0, 255, 255)
    assert chroma_of(pixels) == (255, 1)
    pixels[499, 499] = (254, 254, 254, 255)
    assert chroma_of(pixels) == (0, 0)


def test_a_page_full_of_colour_is_soon_told():
    """Enough coloured pixels end the search."""
    pixels = np.zeros((500, 500, 4), np.uint8)
    pixels[..., 0] = 200
    found = chroma_of(pixels)
    assert found is not None
    assert PIXELS_ENOUGH <= found.pixels < 500 * 500
