"""Raster rows as devices unpack them: every way of writing a row gives the row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.pcl.compression import ROW_BYTES_MAX, packbits, unpacked_row
from tests.documents.pcl.jobs import raster

rows = st.binary(max_size=700)
# Where a row is another one than the row before: how far on from the last such place, and the octets there.
changes = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 40), st.integers(250, 600)),
        st.one_of(
            st.binary(min_size=1, max_size=300),
            st.builds(lambda octet, count: bytes([octet]) * count, st.integers(0, 255), st.integers(2, 600)),
        ),
    ),
    max_size=6,
)


def continued(number: int, most: int) -> tuple[int, bytes]:
    """A number in a field that holds `most`, and the octets in which it goes on."""
    if number < most:
        return number, b""
    rest = number - most
    return most, b"\xff" * (rest // 255) + bytes([rest % 255])


def written_9(changed: list[tuple[int, bytes]]) -> bytes:
    """Compressed replacement: runs where all octets are alike."""
    written = b""
    for gap, octets in changed:
        if len(octets) > 1 and len(set(octets)) == 1:
            (offset, more), (count, most) = continued(gap, 3), continued(len(octets) - 2, 31)
            written += bytes([0x80 | offset << 5 | count]) + more + most + octets[:1]
        else:
            (offset, more), (count, most) = continued(gap, 15), continued(len(octets) - 1, 7)
            written += bytes([offset << 3 | count]) + more + most + octets
    return written


def written_3(changed: list[tuple[int, bytes]]) -> bytes:
    """Delta row: no more than eight octets at once."""
    written = b""
    for gap, octets in changed:
        for at in range(0, len(octets), 8):
            piece = octets[at : at + 8]
            offset, more = continued(0 if at else gap, 31)
            written += bytes([len(piece) - 1 << 5 | offset]) + more + piece
    return written


def changed_row(seed: bytes, changed: list[tuple[int, bytes]]) -> bytes:
    """The row before, with other octets at those places."""
    row, place = bytearray(seed), 0
    for gap, octets in changed:
        place += gap
        row.extend(bytes(max(0, place - len(row))))
        row[place : place + len(octets)] = octets
        place += len(octets)
    return bytes(row)


@given(rows, changes)
def test_rows_that_are_written_as_changes(seed, changed):
    """Both methods that write what changed give the same row. SC-TDF-110"""
    expected = changed_row(seed, changed)
    assert unpacked_row(3, written_3(changed), seed) == expected
    assert unpacked_row(9, written_9(changed), seed) == expected


@given(rows)
def test_rows_that_are_written_as_runs(row):
    """Pairs of a count and an octet, and runs beside octets as they are."""
    pairs = b"".join(bytes((0, octet)) for octet in row)
    literals = b"".join(bytes([len(row[at : at + 128]) - 1]) + row[at : at + 128] for at in range(0, len(row), 128))
    assert unpacked_row(1, pairs, b"") == row
    assert unpacked_row(2, literals, b"") == row
    assert packbits(bytes((0x81, 7, 0x80, 0xFF, 9))) == b"\x07" * 128 + b"\x09" * 2


@pytest.mark.parametrize("method", [0, 1, 2, 3, 9])
@given(st.binary(max_size=400), st.binary(max_size=60))
def test_any_octets_give_a_row_of_bounded_length(method, payload, seed):
    """A row that claims to be longer than any is cut."""
    row = unpacked_row(method, payload, seed)
    assert row is not None
    assert len(row) <= ROW_BYTES_MAX + len(payload) * 256


@pytest.mark.parametrize("method", [9, 3])
def test_a_row_that_goes_on_without_end_is_cut(method):
    """Offsets that add up to more than any row is long end it."""
    row = unpacked_row(method, (b"\x7f" if method == 9 else b"\x1f") + b"\xff" * 5_000 + b"\0\0A", b"seed")
    assert row == b"seed"


def test_ink_jet_rows_say_whether_a_page_is_coloured():
    """Planes of black, cyan, magenta and yellow, each the row before with what changed in it. SC-TRACK-03"""
    black, none, magenta = written_9([(3, b"\x55\xaa")]), b"", written_9([(9, b"\x01")])
    start, end = b"\x1bE\x1b*r-4U", b"\x0c\x1bE"
    grey = start + raster(black, none, none, none, planes=4, method=9) + end
    color = start + raster(black, none, magenta, none, planes=4, method=9) + end
    assert [analyse(job).page_runs[0].color for job in (grey, color)] == [False, True]
