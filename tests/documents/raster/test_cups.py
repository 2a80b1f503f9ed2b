"""CUPS raster in its versions, byte orders, colour orders and depths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.raster.lines import encode_lines
from tests.documents.raster.raster_samples import header

SYNCS = [(b"RaSt", ">"), (b"tSaR", "<"), (b"RaS2", ">"), (b"2SaR", "<"), (b"RaS3", ">"), (b"3SaR", "<")]
CMYK, RGB, BLACK = 6, 1, 3
BANDED, PLANAR = 1, 2


def document(sync: bytes, order: str, lines: list[bytes], copies: int = 1, **fields: object) -> bytes:
    """Two like pages."""
    octets = 420 if sync in (b"RaSt", b"tSaR") else 1796
    head = header(height=len(lines), order=order, octets=octets, media_class=b"", **fields)  # type: ignore[arg-type]  # test code
    pixel_bytes = max(1, int(str(fields.get("bits_per_pixel", 8))) // 8)
    stored = b"".join(encode_lines(lines, pixel_bytes)) if b"2" in sync else b"".join(lines)
    return sync + (head + stored) * 2


@pytest.mark.parametrize(("sync", "order"), SYNCS)
def test_every_version_and_byte_order_is_read(sync, order):
    """Pages, size, sides, copies and resolution are those of the header, whoever wrote it. SC-TRACK-03, SC-TDF-132"""
    numbers = {264: 1, 272: 1, 340: 3, 352: 612, 356: 792}
    data = document(sync, order, [b"\0\x80\xff"] * 4, width=3, color_space=18, size_name="Letter", numbers=numbers)
    facts = analyse(data)
    assert (facts.format, facts.pages, facts.problems) == ("application/vnd.cups-raster", 2, ())
    assert (facts.copies, facts.copies_collated, facts.sides) == (3, True, Sides.TWO_SIDED_LONG_EDGE)
    assert (facts.resolution_dpi, facts.page_runs[0].media) == ((300, 300), "na_letter_8.5x11in")
    assert facts.has_color is False


@pytest.mark.parametrize(("sync", "order"), SYNCS)
@pytest.mark.parametrize(
    ("lines", "color", "blank"),
    [
        ([b"\0\0\0\0\0\0"] * 2, False, True),
        ([b"\0\0\0\0\0\0", b"\x40\x30\x40\x40\x40\x40"], False, False),
        ([b"\xff\x00\0\0\0\0"] * 2, True, False),
    ],
)
def test_samples_of_16_bits_are_read_in_the_writers_order(sync, order, lines, color, blank):
    """The higher octet decides, wherever it is."""
    if order == "<":
        lines = [bytes(octet for pair in range(0, 6, 2) for octet in line[pair : pair + 2][::-1]) for line in lines]
    data = document(sync, order, lines, width=1, color_space=4, bits_per_color=16, bits_per_pixel=48)
    run = analyse(data).page_runs[0]
    assert (run.color, run.blank) == (color, blank)


@pytest.mark.parametrize(
    ("depth", "pixel_bits", "color_space", "octets", "color", "blank"),
    [
        (1, 1, BLACK, b"\0\x80", False, False),
        (1, 1, 18, b"\xff\xff", False, True),
        (2, 2, BLACK, b"\0\0", False, True),
        (4, 4, 18, b"\xff\xf0", False, False),
        (1, 4, RGB, b"\x77\x77", False, True),  # a pixel is 0RGB
        (1, 4, RGB, b"\x70\x77", False, False),
        (1, 4, RGB, b"\x74\x77", True, False),
        (1, 4, CMYK, b"\x00\xe1", False, False),  # CMY together, and K
        (1, 4, CMYK, b"\x00\x80", True, False),
        (2, 8, CMYK, b"\x55\xb9", True, False),
        (2, 8, CMYK, b"\xa8\x54", False, False),
        (4, 16, RGB, b"\x0f\xff", False, True),
        (4, 16, RGB, b"\x0f\xfe", False, False),  # one step of sixteen is grey to the eye
        (4, 16, RGB, b"\x0f\xfd", True, False),
        (1, 8, 9, b"\x00\x20", False, False),  # KCMYcm, 00KCMYcm
        (1, 8, 9, b"\x00\x01", True, False),
    ],
)
def test_pixels_of_few_bits(depth, pixel_bits, color_space, octets, color, blank):
    """Pixels that share an octet are taken apart. SC-TDF-144"""
    width = len(octets) * 8 // pixel_bits
    fields = {"width": width, "color_space": color_space, "bits_per_color": depth, "bits_per_pixel": pixel_bits}
    for sync, order in ((b"RaS2", ">"), (b"RaS3", ">")):
        run = analyse(document(sync, order, [octets, octets], **fields)).page_runs[0]
        assert (run.color, run.blank) == (color, blank)


@pytest.mark.parametrize("sync", [b"RaS2", b"RaS3"])
@pytest.mark.parametrize("order", [BANDED, PLANAR])
@pytest.mark.parametrize(
    ("bands", "color", "blank"),
    [
        ([b"\xff\xff", b"\xff\xff", b"\xff\xff"], False, True),
        ([b"\x10\xff", b"\x10\xff", b"\x1a\xff"], False, False),
        ([b"\x10\xff", b"\xff\x10", b"\x10\xff"], True, False),
    ],
)
def test_channels_that_lie_apart_are_put_together(sync, order, bands, color, blank):
    """Bands and planes give the colours that pixels in one piece give. SC-TDF-144"""
    fields = {"width": 2, "color_space": RGB, "color_order": order, "numbers": {420: 3}}
    if order == BANDED:
        data = document(sync, ">", [b"".join(bands)] * 3, bytes_per_line=6, **fields)
    else:
        planes = [band for band in bands for _ in range(3)]
        head = header(height=3, media_class=b"", bytes_per_line=2, **fields)
        stored = b"".join(encode_lines(planes[:3], 1)) + b"".join(encode_lines(planes[3:6], 1))
        stored += b"".join(encode_lines(planes[6:], 1))
        data = sync + (head + (stored if sync == b"RaS2" else b"".join(planes))) * 2
    facts = analyse(data, options=AnalysisOptions(coverage=True))
    assert (facts.pages, facts.problems) == (2, ())
    run = facts.page_runs[0]
    assert (run.color, run.blank, run.coverage is None) == (color, blank, False)


def test_a_plain_page_that_is_cut_off_counts_and_is_said():
    """The page whose lines end early is the last one."""
    data = document(b"RaS3", ">", [b"\0" * 9] * 9, width=9)
    facts = analyse(data[:-5])
    assert facts.pages == 2
    assert "middle of a page" in facts.problems[0]


def test_an_unknown_colour_space_is_said():
    """What the standards do not define is not guessed."""
    facts = analyse(document(b"RaS3", ">", [b"\0" * 9], width=9, color_space=99))
    assert facts.has_color is None
    assert "colour space" in facts.problems[0]


@pytest.mark.parametrize(
    ("color_space", "pixel", "coverage"),
    [
        (18, b"\x7f", (0, 0, 0, 5020)),
        (3, b"\xff", (0, 0, 0, 10000)),
        (19, b"\xff\0\0", (0, 10000, 10000, 0)),
        (6, b"\x33\0\0\0", (2000, 0, 0, 0)),
        (8, b"\x33\0\0\0", (0, 0, 0, 2000)),
        (16, b"\xff\x80\x80", (0, 0, 0, 0)),
    ],
)
def test_coverage_is_measured_from_the_lines(color_space, pixel, coverage):
    """Where it is asked for, every page has the mean of each ink."""
    fields = {"width": 3, "color_space": color_space, "bits_per_pixel": 8 * len(pixel)}
    facts = analyse(document(b"RaS2", ">", [pixel * 3] * 7, **fields), options=AnalysisOptions(coverage=True))
    assert facts.page_runs[0].coverage == coverage


@settings(deadline=None)
@given(
    st.sampled_from(SYNCS),
    st.sampled_from([1, 2, 4, 8, 16]),
    st.integers(1, 240),
    st.integers(0, 255),
    st.integers(0, 2),
    st.integers(0, 99),
    st.integers(0, 20),
    st.binary(max_size=300),
)
def test_any_header_gives_facts(sync, depth, pixel_bits, color_space, color_order, line_bytes, colors, stored):
    """No combination of numbers is unforeseen, also where they contradict each other: pages, or why there are none."""
    head = header(
        width=7,
        height=5,
        order=sync[1],
        octets=420 if sync[0] in (b"RaSt", b"tSaR") else 1796,
        bits_per_color=depth,
        bits_per_pixel=pixel_bits,
        bytes_per_line=line_bytes,
        color_space=color_space,
        color_order=color_order,
        numbers={420: colors},
        media_class=b"",
    )
    facts = analyse(sync[0] + (head + stored) * 2, options=AnalysisOptions(coverage=True))
    assert DEFECT not in facts.problems
    assert facts.pages or facts.problems


@pytest.mark.parametrize("copies", [10_000, 0xFFFF_FFFF])
def test_more_copies_than_are_counted(copies):
    """They are counted as far as copies are, and the facts say so. SC-TDF-133"""
    facts = analyse(document(b"RaS3", ">", [b"\0\x80\xff"], width=3, color_space=18, numbers={340: copies}))
    assert (facts.copies, facts.page_runs[0].copies) == (9_999, 1)
    assert "More than 9,999 copies" in facts.problems[0]
