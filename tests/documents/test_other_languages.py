"""Jobs in languages that nothing here reads: a name or a reason, and no number."""

from __future__ import annotations

import random

import pytest

from platen.documents.analysis import analyse

# What a picture looks like in most of them.
DOTS = random.Random(1).randbytes(4000) + b"\x0c\x1bE\x1b@\x0c"


@pytest.mark.parametrize(
    ("beginning", "named"),
    [
        (b"\x1b;\x1bc\x1b;\x1b[2&z\x1b[14p", "Canon"),
        (b"\x1b%@\x9031;300;0J", "Canon"),
        (b"\x1bc\x1b[!p\x1b[11h\x1b[7 I\x1bP0;0;1q", "DEC"),
        (b"\x1bc1\x1cd240.\x1cfPA4.", "NEC"),
        (b"\x1bcl\x1bP\x1cd320.", "NEC"),
        (b"\r\n\x1b>\x1bT16\x1bP\r\n", "C. Itoh"),
        (b"\x1b\x12!@R00\x1b ", "Ricoh"),
        (b"\x1be\x1b%\x80A\x1b\x1a\0\0L", "Alps"),
        (b"\x1b%-98765X\x1c\x14\x03Ai", "Oki"),
        (b"\x1b@\0\x02\0\xbf\x82", "Minolta"),
        (b"\x1b*m\0\x40\x10\x03", "Lexmark"),
        (b"\x1b+X\n\x1bgw1;248\n", "XES"),
        (b"\x1bPCNTRL QTY             000000080000001\r", "photo printer"),
        (b"JOBSIZE=PJL-H,74,A4,4,0,0,0\0\0\0\0", "photo printer"),
        (b"\x1bM01\x1bB\x1bg004\0\0\0\0", "EPL1"),
        (b"\x1b@\x1bJ:\x1b\\\x80\0\x1b|*\x9c\0", "ESC |"),
        (b"P2\n# a comment\n600 400\n255\n" + b"1 2 3 4 5 6 7 8 9 10\n" * 9, "Netpbm"),
    ],
)
def test_what_a_job_is_is_said(beginning, named):
    """The escapes of one language mean another thing in the next, so nothing is counted. SC-TRACK-03"""
    facts = analyse(beginning + (b"" if named == "Netpbm" else DOTS))
    assert facts.pages is None
    assert named in facts.problems[0]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("beginning", [b"\x1b@", b"\x1b@\x1d!\0", b"\x1d!\0", b"\x1bx\1\x1bP"])
def test_dots_between_commands_are_no_text(beginning, seed):
    """A job of unknown commands has no pages of ESC/P or ESC/POS. SC-TRACK-03"""
    dots = random.Random(seed).randbytes(30_000).translate(None, b"\x10\x1b\x1c\x1d")
    facts = analyse(beginning + dots + b"\x0c" * 9)
    assert (facts.pages, facts.format) == (None, "application/octet-stream")


def test_controls_that_text_may_hold():
    """A few controls are no reason to count nothing, nor are octets of nothing in front of a job."""
    assert analyse(b"\x1b@" + b"A line of text with a \x02 sign in it\n" * 40 + b"\x0c").pages == 1
    assert analyse(b"\x1b@" + b"\x0ea\x14 \x0fbc\x12\r\n" * 40 + b"\x0c").pages == 1  # double width, condensed
    assert analyse(b"\x1b@" + bytes(9000) + b"text\x0c").pages == 1


def test_printers_that_are_told_to_be_another():
    """Dot matrix printers are told to take ESC/P; a page printer, to leave its other languages."""
    assert analyse(b"\x1b{A\x1b@\x1bP\x12one\x0ctwo\x0c\x1b@").pages == 2
    page = analyse(b"\x1bS\x1b\x1bS\x1c\x1bz\0\0\x1drhE\x1d1;0;30psE\x1d0;0;9;9;1drpG\x0c\x1drhE")
    assert (page.format, page.pages) == ("application/vnd.epson-escpage", 1)
