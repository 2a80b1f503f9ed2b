"""Receipts in ESC/POS."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from tests.testdata import TESTDATA, needs_testdata

START = b"\x1b@\x1d!\x00"
CUT = b"\x1dVA\x03"


def test_a_receipt_ends_at_the_cut():
    """What follows the last cut is one more; a cut of nothing is none. SC-TRACK-03"""
    assert analyse(START + b"one\n" + CUT + b"two\n" + CUT).pages == 2
    assert analyse(START + b"one\n" + CUT + b"two\n").pages == 2
    assert analyse(START + b"one\n" + CUT + CUT + START).pages == 1
    assert analyse(START + b"one\n\x1bitwo\n\x1bmthree\n").pages == 3


def test_paper_that_is_only_fed_is_blank():
    """An empty receipt is cut off all the same."""
    assert [run.blank for run in analyse(START + b"one\n" + CUT + b"\x1bd\x05" + CUT).page_runs] == [False, True]


@given(st.binary(max_size=40))
def test_payloads_hold_no_cuts(octets):
    """Pictures, bar codes and functions are skipped by their lengths."""
    size = struct.pack("<H", len(octets))
    commands = [
        b"\x1dv0\0\x01\0" + size + octets,
        b"\x1b*\0" + size + octets,
        b"\x1b*\x21" + size + octets * 3,
        b"\x1d(L" + struct.pack("<H", len(octets) + 2) + b"0p" + octets,
        b"\x1d8L" + struct.pack("<I", len(octets) + 2) + b"0p" + octets,
        b"\x1d(k" + struct.pack("<H", len(octets) + 3) + b"1P0" + octets,
        b"\x1dkI" + bytes([len(octets)]) + octets,
        b"\x1cq\x01" + struct.pack("<HH", 1, 1) + (octets + bytes(8))[:8],
    ]
    for command in commands:
        facts = analyse(START + b"x\n" + command + CUT)
        assert facts.pages == 1, command


@pytest.mark.parametrize(
    ("content", "color"),
    [
        (b"black\n", False),
        (b"\x1br\x01red\n", True),
        (b"\x1br\x01\x1br\x00black\n", False),
        (b"x\x1d(L\x0b\x000p0\x01\x011\x08\x00\x01\x00\xff\x1d(L\x02\x0002", False),
        (b"x\x1d(L\x0b\x000p0\x01\x012\x08\x00\x01\x00\xff\x1d(L\x02\x0002", True),
    ],
)
def test_the_second_colour_is_a_colour(content, color):
    """Two-colour paper prints red where it is asked to. SC-TDF-134"""
    assert analyse(START + content + CUT).has_color is color


@needs_testdata
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("crossescpos__sample.escpos", 1),
        ("escposphp__barcode.bin", 1),
        ("escposphp__character-encodings.bin", 1),
        ("escposphp__demo.bin", 14),
        ("escposphp__margins-and-spacing.bin", 1),
        ("escposphp__qr-code.bin", 1),
        ("escposphp__text-size.bin", 1),
    ],
)
def test_real_receipts(name, pages):
    """Receipts of other programs have a page for each cut. SC-TDF-110"""
    with (TESTDATA / "pdl/escpos" / name).open("rb") as file:
        facts = analyse(file)
    assert (facts.format, facts.pages, facts.has_color) == ("application/vnd.epson-escpos", pages, False)


def test_a_receipt_behind_the_last_cut_is_named():
    """A job that cuts its receipts and leaves one uncut was cut short itself; without cuts there is nothing to miss."""
    assert analyse(START + b"one\n" + CUT).problems == ()
    assert "not cut" in analyse(START + b"one\n" + CUT + b"two\n").problems[0]
    assert analyse(START + b"one\n").problems == ()
