"""JBIG pictures, and whether anything is marked on them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.hostbased.jbig import EDGE, Picture, Undecodable
from platen.documents.hostbased.qm_coder import Steps
from tests.documents.hostbased.coding import Rows, jbig

ENOUGH = 1_000_000


def picture(octets: bytes, steps: int = ENOUGH) -> Picture:
    return Picture(octets[:20], octets[20:], Steps(steps))


def decoded(octets: bytes) -> Rows:
    return [list(line[EDGE:-EDGE]) for line in picture(octets).lines()]


def white(width: int, height: int) -> Rows:
    return [[0] * width for _ in range(height)]


pictures = st.integers(1, 40).flatmap(
    lambda width: st.lists(
        st.one_of(st.just([0] * width), st.lists(st.integers(0, 1), min_size=width, max_size=width)),
        min_size=1,
        max_size=12,
    )
)


@settings(max_examples=60)
@given(pictures, st.booleans(), st.booleans(), st.integers(1, 12), st.booleans())
def test_what_was_coded_is_decoded(rows, two_lines, predicts, stripe, resets):
    """Both templates, with and without prediction of lines, in stripes that are learnt from or forgotten."""
    if stripe == 1 and not resets:
        stripe = 2
    octets = jbig(rows, two_lines=two_lines, predicts=predicts, stripe=stripe, resets=resets)
    assert decoded(octets) == rows
    assert picture(octets).is_marked() is any(any(row) for row in rows)


def test_white_costs_next_to_nothing():
    """A picture of 32 million white pixels is told to be blank in as many steps as it has lines, and a few."""
    octets = bytes.fromhex("00000100 00001298 00001a98 00001a98 08000340 4bc6ff02")
    assert picture(octets, steps=10_000).is_marked() is False


def test_one_pixel_is_found():
    """The last of all is a mark as well."""
    rows = white(300, 60)
    rows[-1][-1] = 1
    assert picture(jbig(rows)).is_marked() is True


def test_a_picture_that_was_cut_off_is_not_called_blank():
    """Marks in front of the cut count, what is missing is not known."""
    rows = white(60, 40)
    assert picture(jbig(rows)[:-2]).is_marked() is None
    rows[3][5:20] = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1]
    rows[9][5:20] = rows[3][5:20]
    assert picture(jbig(rows)[:-6]).is_marked() is True


def test_bounds_and_other_kinds():
    """Too much work gives no verdict, and neither do several planes or layers, or a header that is none."""
    rows = [[(x * y) % 3 % 2 for x in range(60)] for y in range(40)]
    octets = jbig([[0] * 60, *rows])
    assert picture(octets, steps=0).is_marked() is None
    for at, value in ((0, 1), (1, 1), (2, 2), (4, 0xFF)):
        with pytest.raises(Undecodable):
            picture(octets[:at] + bytes([value]) + octets[at + 1 :])
    with pytest.raises(Undecodable):
        picture(octets[:19])


@given(st.binary(max_size=60), st.binary(min_size=2, max_size=200))
def test_any_octets_are_foreseen(header, octets):
    """Damage ends the lines, and never more."""
    sound = jbig(white(33, 9))[:20]
    for begin in (sound, header[:20].ljust(20, b"\1")):
        try:
            assert Picture(begin, octets, Steps(20_000)).is_marked() in (True, False, None)
        except Undecodable:
            continue
