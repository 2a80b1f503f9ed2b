"""Raster data of ink-jet devices: what the parts of a row are, and pixels told by the row above."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.mode10 import WHITE, unpack_row
from tests.documents.pcl.jobs import pjl

pixels = st.integers(0, WHITE).map(lambda pixel: pixel & WHITE)


def full(number: int) -> bytes:
    """What a number goes on with."""
    return b"\xff" * (number // 255) + bytes([number % 255])


def pixel(value: int) -> bytes:
    return (value >> 1).to_bytes(3, "big")


def literal(values: list[int], same: int) -> bytes:
    """New pixels behind pixels that stay as they are above."""
    more = len(values) - 1
    command = bytes([min(same, 3) << 3 | min(more, 7)]) + (full(same - 3) if same >= 3 else b"")
    octets = command + b"".join(map(pixel, values[:8]))
    rest = values[8:]
    while more >= 7:
        octets += bytes([min(len(rest), 255)]) + b"".join(map(pixel, rest[:255]))
        if len(rest) < 255:
            break
        rest = rest[255:]
    return octets


def run(value: int, count: int, same: int) -> bytes:
    head = bytes([0x80 | min(same, 3) << 3 | min(count - 2, 7)]) + (full(same - 3) if same >= 3 else b"")
    return head + pixel(value) + (full(count - 9) if count >= 9 else b"")


@given(st.lists(st.tuples(st.lists(pixels, min_size=1, max_size=600), st.integers(0, 600)), max_size=4))
def test_literals_stand_behind_what_stays(groups):
    """Numbers of any size, each in its place: pixels go on to the end of the row."""
    seed = [0x123456] * 6000
    expected, payload = [], b""
    for values, same in groups:
        expected += [0x123456] * same + values
        payload += literal(values, same)
    row, new = unpack_row(payload, seed)
    assert row == expected + [0x123456] * (6000 - len(expected))
    assert new == {value for values, _ in groups for value in values}


@given(st.lists(st.tuples(pixels, st.integers(2, 900), st.integers(0, 600)), max_size=4))
def test_runs_repeat_a_pixel(groups):
    """A run of two and more, behind what stays as above."""
    expected, payload = [], b""
    for value, count, same in groups:
        expected += [WHITE] * same + [value] * count
        payload += run(value, count, same)
    assert unpack_row(payload, [WHITE] * 8000)[0][: len(expected)] == expected


def test_pixels_by_their_distance_from_above():
    """Two octets for what is near the pixel above; others are the left one, one of the row above, the last new one."""
    near = bytes([0x80 | 0x1F << 2 | 0x3, 0x40 | 0x1E])  # -1, -6, -4
    row, _ = unpack_row(b"\x00" + near, [0x808080] * 3)
    assert row == [0x7F7A7C, 0x808080, 0x808080]
    row, _ = unpack_row(b"\x00" + pixel(2) + b"\x20\xe0\x40", [0x10, 0x20, 0x30, 0x40, 0x50, 0x60])
    assert row == [2, 2, 2, 2, 0x60, 0x60]


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_octets_give_a_row(payload, width):
    """Damage ends a row early; it is as wide as the one above."""
    assert len(unpack_row(payload, [WHITE] * width)[0]) == width


BLACK, PIXELS, OTHER = (0x0258, 0x0258, 9, 0, 1, 1), (0x0258, 0x0258, 10, 1, 32, 1), (0x0258, 0x0258, 12, 1, 32, 1)


def page(*rows: bytes, parts: tuple[tuple[int, ...], ...] = (BLACK, PIXELS)) -> bytes:
    configuration = (
        b"\x06\x1f" + struct.pack(">H", len(parts)) + b"".join(struct.pack(">HH4B", *each) for each in parts)
    )
    sent = b"".join(
        b"\x1b*b%d%s%b" % (len(row), b"VW"[index % 2 : index % 2 + 1], row) for index, row in enumerate(rows)
    )
    return b"\x1b*g%dW" % len(configuration) + configuration + b"\x1b*r64S\x1b*r1A" + sent + b"\x1b*rC\x0c"


@pytest.mark.parametrize(
    ("rows", "parts", "color", "blank"),
    [
        ((b"\x00\xff", b""), (BLACK, PIXELS), False, False),
        ((b"", run(0, 9, 4)), (BLACK, PIXELS), False, False),
        ((b"", run(0x808080, 9, 4), b"", b"\x9f\x00\x00"), (BLACK, PIXELS), False, False),
        ((b"", run(0xFF0000, 9, 4)), (BLACK, PIXELS), True, False),
        ((b"", run(WHITE, 9, 4)), (BLACK, PIXELS), False, True),
        ((b"", b"", b"", b""), (BLACK, PIXELS), False, True),
        ((b"", b"\x01\x02"), (BLACK, OTHER), None, None),
    ],
)
def test_black_and_pixels_of_one_row(rows, parts, color, blank):
    """One part is black, the other pixels: grey ones make no colour page; what cannot be read is not called blank.
    SC-TDF-144"""
    facts = analyse(pjl(language="PCL3GUI", data=b"\x1bE" + page(*rows, parts=parts) + b"\x1bE"))
    assert [(run.color, run.blank) for run in facts.page_runs] == [(color, blank)]
    assert facts.resolution_dpi == (600, 600)
    assert analyse(page(*rows, parts=parts), options=AnalysisOptions(color=False)).pages == 1


def test_inks_in_front_of_plain_pcl():
    """Devices that print text as well take the same raster data. SC-TDF-144"""
    inks = b"\x1b*g26W\x02\x04" + struct.pack(">HHH", 300, 300, 2) * 4
    cyan = b"\x1b*r1A\x1b*b1V\0\x1b*b1V\xf0\x1b*b1V\0\x1b*b1W\0\x1b*rC\x0c"
    black = b"\x1b*r1A\x1b*b1V\xf0\x1b*b1V\0\x1b*b1V\0\x1b*b1W\0\x1b*rC\x0c"
    facts = analyse(b"\x1bE" + inks + cyan + black + b"\x1bE")
    assert [run.color for run in facts.page_runs] == [True, False]
