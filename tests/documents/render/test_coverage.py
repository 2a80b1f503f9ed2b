"""How much ink a page takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.render.coverage import (
    InkMeter,
    coverage_of_cmyk,
    coverage_of_gray,
    coverage_of_rgb,
    samples_of,
)

SAMPLE = st.integers(0, 255)


def page(*pixels: tuple[int, ...]) -> np.ndarray:
    return np.array(pixels, np.uint8)


def test_a_white_page_takes_no_ink():
    """White is the paper. SC-TDF-152, SC-TDF-153, SC-TDF-154, SC-TDF-155"""
    assert coverage_of_rgb(np.full((4, 5, 3), 255, np.uint8)) == (0, 0, 0, 0)
    assert coverage_of_gray(np.full((4, 5), 255, np.uint8)) == (0, 0, 0, 0)
    assert coverage_of_cmyk(np.zeros((4, 5, 4), np.uint8)) == (0, 0, 0, 0)


@pytest.mark.parametrize(("inked", "coverage"), [(1, 250), (2, 500), (40, 10_000), (0, 0)])
def test_coverage_is_percent_times_a_hundred(inked, coverage):
    """Cyan on one fortieth of the page, 2.5 %, is 250; on all of it 10000. SC-TDF-152, SC-TDF-T01"""
    pixels = page(*[(0, 255, 255)] * inked, *[(255, 255, 255)] * (40 - inked))
    assert coverage_of_rgb(pixels) == (coverage, 0, 0, 0)


@pytest.mark.parametrize(
    ("pixel", "coverage"),
    [
        ((0, 255, 255), (10_000, 0, 0, 0)),
        ((255, 0, 255), (0, 10_000, 0, 0)),
        ((255, 255, 0), (0, 0, 10_000, 0)),
        ((0, 0, 0), (0, 0, 0, 10_000)),
        ((255, 0, 0), (0, 10_000, 10_000, 0)),
        ((204, 204, 204), (0, 0, 0, 2_000)),
        ((51, 102, 102), (2_000, 0, 0, 6_000)),
    ],
)
def test_each_ink_takes_what_the_black_leaves(pixel, coverage):
    """Black is what all three lights lack; grey takes nothing but black. SC-TDF-152 .. SC-TDF-155"""
    assert coverage_of_rgb(page(pixel)) == coverage


def test_alpha_is_no_ink():
    """A fourth channel beside red, green and blue is passed over."""
    assert coverage_of_rgb(page((255, 255, 255, 7))) == (0, 0, 0, 0)


@given(st.lists(st.tuples(SAMPLE, SAMPLE, SAMPLE, SAMPLE), min_size=1, max_size=50))
def test_inks_count_as_they_stand(pixels):
    """A page given in its inks has the mean of each."""
    means = [sum(ink) / len(pixels) / 255 * 10_000 for ink in zip(*pixels, strict=True)]
    assert coverage_of_cmyk(page(*pixels)) == pytest.approx(means, abs=0.51)


@given(st.lists(SAMPLE, min_size=1, max_size=50))
def test_grey_is_the_same_in_every_notation(levels):
    """One channel, three equal ones, or black ink: the same coverage."""
    gray = np.array(levels, np.uint8)
    meter = InkMeter()
    meter.add_black(255 - gray)
    assert coverage_of_gray(gray) == coverage_of_rgb(np.stack([gray] * 3, axis=-1)) == meter.coverage()


@given(st.lists(st.tuples(SAMPLE, SAMPLE, SAMPLE), min_size=1, max_size=30), st.integers(1, 5))
def test_a_page_in_pieces_takes_what_it_takes_whole(pixels, times):
    """Lines that repeat, and white added as a number, come to the same as all their pixels."""
    meter = InkMeter()
    for pixel in pixels:
        meter.add_rgb(page(pixel), times)
    meter.add_white(3)
    assert meter.coverage() == coverage_of_rgb(page(*pixels * times, *[(255, 255, 255)] * 3))


def test_nothing_takes_no_ink():
    """A page without pixels has a coverage of nothing."""
    assert InkMeter().coverage() == (0, 0, 0, 0)


def test_octets_are_pixels_without_the_cut_one():
    """Damage in the middle of a pixel leaves that pixel out."""
    assert samples_of(b"\1\2\3\4\5\6\7", 3).tolist() == [[1, 2, 3], [4, 5, 6]]
