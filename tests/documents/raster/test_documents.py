"""PWG raster (PWG 5102.4) and Apple raster."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisLimits, AnalysisOptions, OutOfTime
from tests.documents.samples import compressed, pwg_header, urf_header

GRAY, RGB, CMYK, BLACK = 18, 19, 6, 3


def pwg_page(pixels: list[bytes], pixel_bytes: int, **header) -> bytes:
    width = len(pixels[0]) // pixel_bytes
    return pwg_header(width=width, height=len(pixels), bits=8 * pixel_bytes, **header) + compressed(pixels, pixel_bytes)


@settings(deadline=None)
@given(st.lists(st.lists(st.binary(min_size=5, max_size=5), min_size=1, max_size=4), min_size=1, max_size=6))
def test_every_page_is_found_whatever_its_pixels_are(pages):
    """Pages are counted by walking their lines, so pixels that look like a header mislead nobody. SC-TRACK-03"""
    data = b"RaS2" + b"".join(pwg_page(rows, 1, color_space=GRAY) for rows in pages)
    facts = analyse(data)
    assert (facts.format, facts.pages, facts.problems) == ("image/pwg-raster", len(pages), ())
    assert facts.has_color is False


@pytest.mark.parametrize(
    ("color_space", "pixel", "color", "blank"),
    [
        (RGB, b"\xff\xff\xff", False, True),
        (RGB, b"\x80\x80\x80", False, False),
        (RGB, b"\x80\x80\x98", False, False),  # differs by 24: grey to the eye
        (RGB, b"\x80\x80\x99", True, False),
        (CMYK, b"\0\0\0\0", False, True),
        (CMYK, b"\0\0\0\xff", False, False),
        (CMYK, b"\xff\0\0\0", True, False),
        (CMYK, b"\x60\x60\x60\x10", False, False),
        (CMYK, b"\xff\0\0\xff", False, False),  # under full black no tint is seen
        (BLACK, b"\0", False, True),
        (GRAY, b"\xff", False, True),
        (50, b"\0\xff\0", True, False),  # three device colours: cyan, magenta, yellow
        (53, b"\0\0\0\xff\0\0", False, False),  # six: after black come inks of their own
        (53, b"\0\0\0\0\0\xff", True, False),
        (16, b"\xff\x80\x80", False, True),  # L*a*b*
        (16, b"\x40\x81\x7f", False, False),
        (16, b"\x80\xc0\x80", True, False),
        (44, b"\xff\x80\x80", False, True),  # ICC, which CUPS stores as L*a*b*
        (15, b"\xdc\xe8\xfc", False, True),  # XYZ
        (7, b"\xff\0\0\0", True, False),
        (8, b"\xff\0\0\0", False, False),
        (9, b"\0\0\0\0\x80\0", True, False),
        (13, b"\x80", True, False),  # gold
        (17, b"\xff\xff\xff\0", False, False),  # black through the white channel of RGBW
        (2, b"\xff\0\0\0", False, True),  # transparent red
    ],
)
def test_colour_and_blankness_come_from_the_pixels(color_space, pixel, color, blank):
    """An RGB page without a coloured pixel is not a colour page. SC-TDF-144"""
    run = analyse(b"RaS2" + pwg_page([pixel * 9] * 3, len(pixel), color_space=color_space)).page_runs[0]
    assert (run.color, run.blank) == (color, blank)


def test_the_header_gives_size_sides_and_copies():
    """Paper size, duplex and copies are read from the page header. SC-TDF-132, SC-TDF-133"""
    page = pwg_page([b"\0" * 4], 1, duplex=True, tumble=True, copies=3, name="na_letter_8.5x11in")
    facts = analyse(b"RaS2" + page)
    assert facts.page_runs[0].media == "na_letter_8.5x11in"
    assert (facts.sides, facts.copies) == (Sides.TWO_SIDED_SHORT_EDGE, 3)


def test_a_file_cut_off_in_a_page_counts_that_page_and_says_so():
    """A truncated file gives the pages that are there and a sentence about the rest."""
    page = pwg_page([b"\1\2\3\4"] * 10, 1)
    facts = analyse(b"RaS2" + page + page[:-3])
    assert facts.pages == 2
    assert "ends in the middle" in facts.problems[0]


def test_beyond_the_bound_pages_are_counted_by_their_headers():
    """A file too large to walk is not unknown: its headers are found, and it says how many pages it has."""
    page = pwg_page([bytes(range(200))] * 50, 1, total=40)
    facts = analyse(b"RaS2" + page * 38, options=AnalysisOptions(limits=AnalysisLimits(raster_steps_max=20)))
    assert (facts.pages, facts.pages_basis) == (40, PagesBasis.DECLARED)
    assert "too large" in facts.problems[0]


def test_a_gzip_wrapped_document_is_unpacked():
    """Clients may send documents compressed."""
    facts = analyse(gzip.compress(b"RaS2" + pwg_page([b"\0"], 1), mtime=0))
    assert (facts.format, facts.pages) == ("image/pwg-raster", 1)


@pytest.mark.parametrize(
    ("duplex", "sides"), [(1, Sides.ONE_SIDED), (2, Sides.TWO_SIDED_SHORT_EDGE), (3, Sides.TWO_SIDED_LONG_EDGE)]
)
def test_apple_raster_pages_are_walked_with_white_to_the_end_of_line(duplex, sides):
    """Code 128 fills the rest of a line with white. SC-TRACK-03"""
    header = urf_header(width=2550, height=3300, bits=24, color_space=1, duplex=duplex)
    lines = b"\xff\x80" * (3300 // 256) + bytes([3300 % 256 - 1]) + b"\x00\x10\x20\x30\x80"
    facts = analyse(b"UNIRAST\0" + (2).to_bytes(4, "big") + (header + lines) * 2)
    assert (facts.format, facts.pages, facts.color_pages, facts.sides) == ("image/urf", 2, 2, sides)
    assert facts.page_runs[0].media == "na_letter_8.5x11in"
    assert facts.problems == ()


def test_a_wrong_page_count_in_the_header_is_reported():
    """The pages that are there count, not the number that the file claims."""
    page = urf_header(width=8, height=1) + b"\0\x80"
    facts = analyse(b"UNIRAST\0" + (1_000_000_000).to_bytes(4, "big") + page)
    assert facts.pages == 1
    assert "1000000000 pages" in facts.problems[0]


def test_the_count_survives_when_the_time_is_over(monkeypatch):
    """Where looking into pages takes too long, all pages are there; the rest have no known colour."""
    looked = []

    def seen(page, pixels):
        looked.append(page)
        if len(looked) == 3:
            raise OutOfTime
        return 2, 0

    monkeypatch.setattr("platen.documents.raster.page.StoredPage.seen", seen)
    facts = analyse(b"RaS2" + pwg_page([b"\1\2\3"] * 4, 3, color_space=RGB) * 9)
    assert (facts.pages, facts.color_pages, facts.color_unknown_pages) == (9, 2, 7)
    assert "took too long" in facts.problems[0]


def test_beyond_the_bound_on_looking_the_count_is_still_exact():
    """A file with more to look at than may be looked at is counted; grey spaces have no colour anyhow."""
    limits = AnalysisLimits(raster_look_bytes_max=1)
    facts = analyse(
        b"RaS2" + pwg_page([b"\1\1\1"] * 4, 3, color_space=RGB) * 3 + pwg_page([b"\1"], 1, color_space=GRAY),
        options=AnalysisOptions(limits=limits),
    )
    assert (facts.pages, facts.pages_basis) == (4, PagesBasis.COUNTED)
    assert [(run.first, run.last, run.color) for run in facts.page_runs] == [(1, 1, False), (2, 3, None), (4, 4, False)]


def test_sides_that_change_inside_a_document_stand_at_their_pages():
    """A page that differs from the first in its sides says so. SC-TDF-133"""
    one, two = pwg_page([b"\0"], 1), pwg_page([b"\0"], 1, duplex=True)
    facts = analyse(b"RaS2" + two * 2 + one)
    assert facts.sides is Sides.TWO_SIDED_LONG_EDGE
    assert [(run.first, run.last, run.sides) for run in facts.page_runs] == [(1, 2, None), (3, 3, Sides.ONE_SIDED)]


def test_a_page_with_copies_of_its_own_is_counted_as_often():
    """The first page's copies are the document's; a page with more has a multiple of them. SC-TDF-133"""
    facts = analyse(b"RaS2" + pwg_page([b"\0"], 1, copies=2) + pwg_page([b"\0"], 1, copies=6))
    assert (facts.copies, [run.copies for run in facts.page_runs]) == (2, [1, 3])


def test_a_landscape_page_is_seen_as_one():
    """A named size is turned as the pixels lie. SC-TDF-132"""
    run = analyse(b"RaS2" + pwg_page([b"\0" * 40] * 20, 1)).page_runs[0]
    assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 297, 210)
