"""PCL XL that is passed over: only what would change nothing."""

from __future__ import annotations

import struct
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl import xl_passing
from platen.documents.pcl.xl_passing import Passing, passing
from platen.documents.pcl.xl_runs import Block
from tests.documents.pcl.jobs import Xl

BEGIN_PAGE, END_PAGE, TEXT, SET_BRUSH = 0x43, 0x44, 0xA8, 0x63
QUIET = bytes((TEXT, 0x6B))

# Operators that set a colour, paint, build paths, hold pictures, or have nothing to do with any of that.
OPERATORS = (0x60, 0x61, 0x63, 0x6A, 0x6B, 0x79, 0x85, 0x86, 0x9B, 0xA0, 0xA8, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB9)
ATTRIBUTES = (2, 3, 4, 5, 6, 8, 9, 11, 14, 98, 99, 100, 101, 105, 107, 108, 168)

orders = st.sampled_from("<>")
octets = st.integers(0, 255)


@st.composite
def values(draw, order):
    """A value of any type for an attribute."""
    scalar = st.builds(lambda value: bytes((0xC0, value)), st.sampled_from((0, 1, 2, 3, 200, 255)))
    pair = st.builds(lambda x, y: b"\xd3" + struct.pack(f"{order}2h", x, y), st.integers(-9, 9), st.integers(-9, 9))
    real = st.builds(lambda value: b"\xc5" + struct.pack(f"{order}f", value), st.sampled_from((0.0, 0.5, 1.0)))
    array = st.builds(
        lambda items: bytes((0xC8, 0xC0, len(items))) + items,
        st.one_of(st.binary(max_size=12), st.sampled_from((b"\0\0\0", b"\xff\xff\xff", b"\xff\0\0"))),
    )
    long_array = st.builds(
        lambda size: b"\xc9\xc1" + struct.pack(f"{order}H", size) + bytes(2 * size), st.sampled_from((3, 255, 256, 600))
    )
    value = draw(st.one_of(scalar, pair, real, array, long_array))
    return value + bytes((0xF8, draw(st.sampled_from(ATTRIBUTES))))


@st.composite
def pages(draw, order):
    """What stands on a page."""
    operator = st.builds(
        lambda attributes, operator: b"".join(attributes) + bytes((operator,)),
        st.lists(values(order), max_size=3),
        st.sampled_from(OPERATORS),
    )
    data = st.builds(
        lambda content: b"\xfa" + struct.pack(f"{order}I", len(content)) + content,
        st.one_of(st.binary(max_size=30), st.sampled_from((bytes(255), bytes(256), b"\x44" * 300))),
    )
    short = st.builds(lambda content: bytes((0xFB, len(content))) + content, st.binary(max_size=20))
    return b"".join(draw(st.lists(st.one_of(operator, operator, data, short, st.just(b"\0 \n")), max_size=25)))


@st.composite
def streams(draw):
    """A stream in either order, sometimes with octets that were damaged."""
    xl = Xl(draw(orders))
    stream = bytearray(xl.stream(*(xl.page(draw(pages(xl.order))) for _ in range(draw(st.integers(1, 3))))))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 4)))):
        stream[draw(st.integers(0, len(stream) - 1))] = draw(octets)
    return bytes(stream)


@settings(max_examples=150, deadline=None)
@given(streams(), st.booleans())
@pytest.mark.untraced
def test_passing_over_changes_no_fact(stream, looks):
    """A stream has the same facts whether its operators are passed over or taken one by one. SC-TDF-110"""
    options = AnalysisOptions(color=looks)
    quick = analyse(stream, options=options)
    with mock.patch.object(Passing, "end", lambda self, data, start, stop: start):
        assert analyse(stream, options=options) == quick


@st.composite
def monotonous(draw):
    """The same operators so often that they are looked for, with other values and sometimes a few octets that differ.

    Returns: the order, the stream, and whether its values alone differ.
    """
    order = draw(orders)
    operators = st.builds(lambda value, operator: value + bytes((operator,)), values(order), st.sampled_from(QUIET))
    block = b"".join(draw(st.lists(operators, min_size=1, max_size=3)))
    stream = bytearray(block * (30_000 // len(block)))
    for _ in range(draw(st.integers(0, 6))):
        stream[draw(st.integers(0, len(stream) - 1))] = draw(octets)
    return order, bytes(stream)


@settings(max_examples=60, deadline=None)
@given(monotonous(), st.integers(0, 40))
def test_what_recurs_is_passed_over_as_far_as_all_else(monotonous, rest):
    """Passing over the same operators ends where stepping through each of them does."""
    order, stream = monotonous
    quick = passing(order, QUIET).end(stream, 0, len(stream) - rest)
    with mock.patch.object(xl_passing, "block_size", return_value=0):
        assert passing(order, QUIET).end(stream, 0, len(stream) - rest) == quick


@pytest.mark.parametrize(("order", "count"), [("<", b"\xc1\x02\0"), (">", b"\xc1\0\x02")])
def test_a_block_is_all_that_is_no_value(order, count):
    """Tags, attributes, counts, lengths and operators are the same in each block; values and data may differ."""
    parts = [b"\xc9" + count, b"....", b"\xf8\xa8\xa8\xfb\x03", b"...", b"\xd3", b"....", b"\xf9\x4c\0\x6b"]
    block = Block.of(b"".join(parts), order)
    alike = b"".join(part.replace(b".", b"\x44") for part in parts)
    stream = alike * 5_000
    assert block.end(stream, 0, len(stream)) == len(stream)
    places = [at for at, octet in enumerate(b"".join(parts)) if octet != ord(".")]
    for at in places:
        other = bytearray(stream)
        other[3_000 * block.size + at] ^= 1
        assert block.end(bytes(other), 0, len(stream)) == 3_000 * block.size


@pytest.mark.parametrize("order", ["<", ">"])
def test_all_that_is_quiet_is_passed_over_at_once(order):
    """Cursors, texts of any length up to 255, data and blanks are one step, up to the operator that counts."""
    xl = Xl(order)
    cursor = b"\xd3" + bytes(range(0x41, 0x45)) + b"\xf8\x4c\x6b"
    texts = b"".join(xl.octets(168, b"\x44" * size) + bytes((TEXT,)) for size in range(256))
    wide = b"".join(bytes((0xC9, 0xC0, size)) + b"\xfa\xc8" * size + b"\xf8\xa8\xa8" for size in range(256))
    short = b"".join(bytes((0xFB, size)) + b"\xf8" * size for size in range(256))
    stream = cursor + texts + wide + short + xl.data(b"\x43" * 255) + b"\r\n"
    assert passing(order, QUIET).end(stream + b"\x44", 0, len(stream) + 1) == len(stream)


@pytest.mark.parametrize(
    "rest", [b"\x63", b"\xc0\x01\xf8\x09\x63", b"\xfa\x00\x01\x00\x00" + bytes(256), b"\xc0", b"\x1b"]
)
def test_what_counts_is_not_passed_over(rest):
    """Operators that count stop it, with the attributes before them; so do long data and what is cut off."""
    assert passing("<", QUIET).end(b"\xa8" + rest, 0, 1 + len(rest)) == 1
    assert passing("<", QUIET).end(rest, 0, len(rest)) == 0


def test_a_page_that_nothing_ends_takes_linear_time():
    """Values without an operator, and operators that are cut off, are looked at once."""
    values_only = b"\xc0\x01\xf8\x09" * 100_000
    facts = analyse(Xl("<").stream(Xl("<").page()[:-1] + values_only))
    assert (facts.pages, len(facts.problems)) == (1, 1)


def test_text_under_a_coloured_pen_is_black():
    """Text is painted with the brush alone; the pen's colour is seen where an outline is drawn. SC-TRACK-03"""
    xl = Xl("<")
    pen = xl.octets(11, b"\xff\0\0") + b"\x79"
    text = xl.octets(168, b"a") + b"\xa8"
    outlined = b"\xe1" + bytes(8) + b"\xf8\x42\xa0"
    facts = analyse(xl.stream(*(xl.page(xl.space(2) + pen + each) for each in (text + text, text + outlined))))
    assert [run.color for run in facts.page_runs] == [False, True]


def test_a_picture_says_nothing_where_colour_is_not_asked_for():
    """In a colour space a picture may be anything; only a grey one is known without a look."""
    xl = Xl("<")
    picture = xl.image(bytes(12), width=2, height=2)
    job = xl.stream(xl.page(xl.space(2) + picture), xl.page(xl.space(1) + picture), xl.page(xl.space(1) + picture * 2))
    facts = analyse(job, options=AnalysisOptions(color=False))
    assert [run.color for run in facts.page_runs for _ in range(run.pages)] == [None, False, False]
