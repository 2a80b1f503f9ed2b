"""Pages are found without walking every run, and the answer is the one that walking gives."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.lines import encode_line
from platen.documents.raster.outline import outline
from platen.documents.raster.pwg import PWG
from platen.documents.raster.urf import URF
from platen.documents.raster.walk import StepBudget, walk_page
from tests.documents.raster.raster_samples import BITS_PER_COLOR, header, page, urf, urf_page

pytestmark = [pytest.mark.long, pytest.mark.untraced]
QUICK = AnalysisOptions(color=False)


def noise(seed: int, width: int, lines: int) -> list[bytes]:
    """Lines that do not compress."""
    source = random.Random(seed)  # a sample
    return [bytes(source.choices(b"\0\x33\x80\xff", k=width)) for _ in range(lines)]


def pages_walked(data: bytes, first: int, form) -> list[int]:
    """The offsets of headers that plain walking finds."""
    starts, position = [], first
    while head := form.header_at(data, position):
        starts.append(position)
        walked = walk_page(data, position + form.header_bytes, head.layout, StepBudget(1 << 30))
        if not walked.whole:
            break
        position = walked.stop
    return starts


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 400), st.integers(1, 4)), min_size=1, max_size=5))
def test_the_outline_is_that_of_a_walk(pages):
    """Whatever the pages hold and however they differ in size, each is found where walking finds it. SC-TRACK-03"""
    data = b"RaS2" + b"".join(page(noise(seed, width, lines)) for seed, width, lines in pages)
    assert list(outline(data, 4, PWG, AnalysisLimits()).starts) == pages_walked(data, 4, PWG)
    data = urf([urf_page(noise(seed, width, lines)) for seed, width, lines in pages])
    assert list(outline(data, 12, URF, AnalysisLimits()).starts) == pages_walked(data, 12, URF)


def test_most_of_a_large_document_is_not_walked():
    """Lines walked are a fraction of the lines there are: that is what makes it fast."""
    one = page(noise(1, 3000, 400))
    data = b"RaS2" + one * 30
    found = outline(data, 4, PWG, AnalysisLimits(raster_steps_max=12_000 // 4))
    assert (len(found.starts), found.spent, found.damaged) == (30, False, False)


@pytest.mark.parametrize("media_class", [b"", b"PwgRaster", b"Quite another class"])
def test_no_page_can_be_hidden_behind_a_header_of_its_own_kind(media_class):
    """A page whose header is unlike the others, and full of text where they have zeros, is counted all the same."""
    lines = noise(2, 2000, 600)  # more than is walked to try what was found
    hidden = bytearray(page(lines, media_class=media_class))
    hidden[516:1604] = bytes(range(1, 137)) * 8
    data = b"RaS2" + page(lines) * 2 + bytes(hidden) + page(lines) * 2
    assert analyse(data, options=QUICK).pages == 5


def test_a_header_among_the_pixels_is_no_page():
    """Pixels made to look like a page header add no page where the header's total or a walk tells otherwise."""
    device_15 = {"color_space": 62, "bits_per_pixel": 120, "width": 120, "bytes_per_line": 1800}
    forged = header(width=1, height=1) + b"\0\0\0\0"
    with_forged = header(height=1, **device_15) + b"\0\x89" + forged
    data = b"RaS2" + with_forged + page(noise(3, 50, 50))
    assert forged[:1796] in data
    assert analyse(data, options=QUICK).pages == 2


def test_a_total_below_what_was_found_has_every_page_walked():
    """Behind the pages that are tried, a forged header is found out by the total."""
    lines = noise(4, 3000, 700)
    device_15 = {"color_space": 62, "bits_per_pixel": 120, "width": 120, "bytes_per_line": 1800}
    forged = header(width=1, height=1) + b"\0\0\0\0"
    with_forged = header(height=21, **device_15) + b"\0\x89" + forged + encode_line(bytes(1800), 15, 20)
    first = page(lines, numbers={452: 3})
    facts = analyse(b"RaS2" + first + with_forged + page(lines), options=QUICK)
    assert (facts.pages, facts.problems) == (3, ())


def test_a_damaged_page_costs_no_other_page():
    """Where a page's lines are damaged, the next page is found by its header, and a sentence says so."""
    pages = [page(noise(seed, 300, 50)) for seed in range(6)]
    pages[2] = pages[2][:2500] + pages[2][2600:]
    facts = analyse(b"RaS2" + b"".join(pages), options=QUICK)
    assert facts.pages == 6
    assert "damaged" in facts.problems[0]


def test_something_between_pages_costs_no_page():
    """A writer that fills up its pages is understood, and a sentence says that it did."""
    one = page(noise(5, 300, 50))
    facts = analyse(b"RaS2" + one + b"\1\2\3" + one, options=QUICK)
    assert facts.pages == 2
    assert "between two pages" in facts.problems[0]


def test_documents_that_follow_each_other_are_counted_together():
    """Jobs sent in one piece are one document with the pages of all."""
    one = page(noise(6, 300, 50), numbers={452: 2})
    facts = analyse((b"RaS2" + one * 2) * 3, options=QUICK)
    assert (facts.pages, facts.problems) == (6, ())
    facts = analyse(urf([urf_page(noise(7, 90, 9))] * 2, total=2) * 2, options=QUICK)
    assert (facts.pages, facts.problems) == (4, ())


@pytest.mark.parametrize("rest", [b"\0\0\0", b"\n", b"\x04", b"\x1b%-12345X@PJL EOJ\r\n"])
def test_fillers_behind_the_last_page_are_no_problem(rest):
    """What port monitors put behind a job is passed over."""
    assert analyse(b"RaS2" + page(noise(8, 30, 5)) + rest).problems == ()


def test_junk_behind_the_last_page_is_said():
    """What follows the last page and is none is not counted, and a sentence says so."""
    facts = analyse(b"RaS2" + page(noise(9, 30, 5)) + b"junk" * 1000)
    assert facts.pages == 1
    assert "no page follows" in facts.problems[0]


@pytest.mark.parametrize("cut", [4, 5, 300, 1799, 1800, 1801, 2100, 2101])
def test_a_document_cut_anywhere_gives_what_is_there(cut):
    """A document that ends early gives the pages that have begun."""
    data = b"RaS2" + page(noise(10, 30, 10)) * 3
    facts = analyse(data[:cut], declared="image/pwg-raster")
    assert (facts.pages or 0) == (1 if cut >= 1800 else 0)
    assert facts.problems


@pytest.mark.parametrize(
    ("offset", "number"),
    [(376, 0), (BITS_PER_COLOR, 0), (BITS_PER_COLOR, 99), (388, 0), (388, 241), (392, 0), (392, 0xFFFFFFFF), (396, 3)],
)
def test_a_header_that_no_device_takes_is_no_page(offset, number):
    """Impossible numbers end the document, and the pages before are kept."""
    lines = noise(11, 30, 10)
    facts = analyse(b"RaS2" + page(lines) + page(lines, numbers={offset: number}))
    assert facts.pages == 1
    assert facts.problems


def test_lines_of_any_length_are_walked_in_a_bounded_window():
    """A line longer than what is held of the document at a time is followed to its end."""
    width = 3 << 20
    layout = RasterLayout(width=width, lines=1, line_bytes=width, bits_per_color=8, bits_per_pixel=8, space="W")
    data = encode_line(random.Random(1).randbytes(width), 1)  # a sample
    assert walk_page(data, 0, layout, StepBudget(9)).stop == len(data)
