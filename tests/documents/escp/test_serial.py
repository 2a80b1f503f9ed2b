"""ESC |: columns of dots and fine feeds, which drivers send to inkjets behind set-up that is PCL's."""

from __future__ import annotations

import struct

from platen.documents.analysis import analyse

SETUP = b"\x1b@\x1b*rbC\x1b*t150R"


def dots(data: bytes, rows: int = 64) -> bytes:
    return b"\x1b|B" + struct.pack("<BH", rows, len(data)) + data


def feed(units: int) -> bytes:
    return b"\x1b|J" + struct.pack(">H", units)


def test_pages_of_serial_dots():
    """What looks like a form feed, a reset or a command among the dots is none. SC-TRACK-03, SC-TDF-134"""
    drawn = SETUP + feed(227) + b"\r\x1b\\B\0" + dots(b"\x0c\x1b@\x0c" * 4) + b"\x1b\\\1\0" + dots(b"\0" * 8) + b"\x0c"
    white = SETUP + feed(58) + b"\r" + dots(b"\0" * 16) + b"\x0c"
    facts = analyse(drawn + white + drawn + b"\x1b@")
    assert facts.format == "application/vnd.epson-escp"
    assert [(run.first, run.last, run.color, run.blank) for run in facts.page_runs] == [
        (1, 1, False, False),
        (2, 2, False, True),
        (3, 3, False, False),
    ]
    assert facts.problems == ()


def test_inks_of_serial_dots():
    """A colour is chosen before its dots; only where there are some, it marks the page. SC-TDF-134"""
    cyan, black = b"\r\x1br\2", b"\r\x1br\0"
    page = SETUP + cyan + dots(b"\xf0" * 8) + black + dots(b"\xf0" * 8) + b"\x0c"
    gray = SETUP + cyan + dots(b"\0" * 8) + black + dots(b"\xf0" * 8) + b"\x0c"
    assert [run.color for run in analyse(page + gray).page_runs] == [True, False]


def test_feeds_lead_over_the_foot_of_a_page():
    """Two strips that lie more than a page length apart are on two pages."""
    job = SETUP + dots(b"\xff" * 8) + feed(0x1000) * 2 + dots(b"\xff" * 8) + b"\x1b@"
    assert analyse(b"\x1b@\x1bC\0\x0b" + job).pages == 3


def test_serial_dots_cut_off():
    """The page under way counts, and the facts say why it may be more."""
    facts = analyse(SETUP + dots(b"\xff" * 400)[:-100])
    assert facts.pages == 1
    assert "cut off" in facts.problems[0]
