"""The line compression of PWG and Apple raster."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.lines import decode_line, decode_lines, encode_line, encode_lines
from platen.documents.raster.walk import StepBudget, walk_page

PIXEL_BYTES = st.sampled_from([1, 2, 3, 4, 6, 8])


@st.composite
def lines_of_pixels(draw):
    """Lines of one width, with pixels that repeat as those of documents do."""
    pixel_bytes, width = draw(PIXEL_BYTES), draw(st.integers(1, 400))
    palette = draw(st.lists(st.binary(min_size=pixel_bytes, max_size=pixel_bytes), min_size=1, max_size=4))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        runs = draw(st.lists(st.tuples(st.sampled_from(palette), st.integers(1, 300)), min_size=1, max_size=40))
        line = b"".join(pixel * count for pixel, count in runs)[: width * pixel_bytes]
        lines.append(line.ljust(width * pixel_bytes, b"\xff"))
    return lines, pixel_bytes


def layout_of(lines: list[bytes], pixel_bytes: int) -> RasterLayout:
    return RasterLayout(
        width=len(lines[0]) // pixel_bytes,
        lines=len(lines),
        line_bytes=len(lines[0]),
        bits_per_color=8,
        bits_per_pixel=8 * pixel_bytes,
        space="W",
    )


@settings(deadline=None)
@given(lines_of_pixels(), st.integers(1, 256))
def test_a_line_comes_back_as_it_was(sample, repeat):
    """Encoding and decoding a line is no change, and its end is found."""
    lines, pixel_bytes = sample
    for octets in lines:
        encoded = encode_line(octets, pixel_bytes, repeat)
        assert decode_line(encoded + b"more", 0, len(octets), pixel_bytes) == (octets, repeat, len(encoded))


@settings(deadline=None)
@given(lines_of_pixels(), st.integers(1, 600))
def test_a_page_comes_back_as_it_was(sample, times):
    """Equal lines are stored once, up to 256 of them, and come back as many."""
    lines, pixel_bytes = sample
    lines = lines + [lines[-1]] * times
    encoded = b"".join(encode_lines(lines, pixel_bytes))
    decoded = decode_lines(encoded, 0, layout_of(lines, pixel_bytes))
    assert [line.octets for line in decoded for _ in range(line.repeat)] == lines


@settings(deadline=None)
@given(lines_of_pixels(), st.binary(max_size=4))
def test_walking_ends_where_decoding_ends(sample, more):
    """The fast walk and the codec agree on where a page ends."""
    lines, pixel_bytes = sample
    encoded = b"".join(encode_lines(lines, pixel_bytes))
    layout = layout_of(lines, pixel_bytes)
    walked = walk_page(encoded + more, 0, layout, StepBudget(10_000))
    assert (walked.stop, walked.whole, walked.overflow) == (len(encoded), True, False)
    cut = walk_page(encoded[:-1], 0, layout, StepBudget(10_000))
    assert not cut.whole


def test_no_pixel_is_written_twice_where_it_can_be_repeated():
    """A line of like pixels takes two octets for each 128 of them."""
    assert encode_line(b"\xff" * 300, 1) == b"\0\x7f\xff\x7f\xff\x2b\xff"
    assert encode_line(b"abcc", 1) == b"\0\xffab\x01c"


def test_code_128_fills_the_line_with_white():
    """The rest of a line is white after code 128."""
    assert decode_line(b"\x02\x01\x10\x80rest", 0, 5, 1) == (b"\x10\x10\xff\xff\xff", 3, 4)


@pytest.mark.parametrize("encoded", [b"", b"\0", b"\0\x05", b"\0\xfeab"])
def test_a_line_that_is_cut_off_is_refused(encoded):
    """What is not there is not made up."""
    with pytest.raises(IndexError):
        decode_line(encoded, 0, 6, 1)


def test_a_run_longer_than_its_line_is_cut_off():
    """A line never gets longer than its header says."""
    assert decode_line(b"\0\x7f\x33\x01\x44", 0, 3, 1) == (b"\x33" * 3, 1, 3)
