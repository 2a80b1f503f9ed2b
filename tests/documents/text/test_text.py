"""Plain text on pages of lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from tests.documents.samples import UEL

SMALL = AnalysisOptions(text_lines_per_page=3, text_columns=10)


def pages(text: bytes, options: AnalysisOptions = SMALL) -> int | None:
    return analyse(text, "text/plain", options).pages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"one\ntwo\nthree\n", 1),
        (b"one\ntwo\nthree\nfour", 2),
        (b"one\r\ntwo\r\nthree\r\n", 1),
        (b"one\rtwo\rthree\rfour\r", 2),
        (b"one\x0btwo\x0bthree\x0bfour", 2),
        (b"one\n\n\nfour\n", 2),
        (b"one\x0ctwo\x0c", 2),
        (b"one\x0ctwo\x0c\r\n", 2),
        (b"one\x0c\x0cthree", 3),
        (b"one\ntwo\nthree\n\x0cfour", 2),
        (b"1234567890\n" * 3, 1),
        (b"12345678901\n" * 2, 2),
        (b"x" * 30, 1),
        (b"x" * 31, 2),
        (b"a\tb\n" * 3, 1),
        (b"a\tbcd\n" * 2, 2),
        (b"typed____\b\b\b\b____\n" * 3, 1),
        (b"\x1b[31m1234567890\x1b[0m\n" * 3, 1),
        (b"one\n\x1a", 1),
        ("äöüäöüäöüä\n" * 3).encode() and (("äöüäöüäöüä\n" * 3).encode(), 1),
        (("äöüäöüäöüä\n" * 3).encode("latin-1"), 1),
        (("漢字漢字漢\n" * 3).encode(), 1),
        (("漢字漢字漢字\n" * 2).encode(), 2),
        (("e\u0301" * 10 + "\n").encode() * 3, 1),
        ("one\ntwo\nthree\nfour\n".encode("utf-16"), 2),
        ("one\r\ntwo\r\nthree\r\n".encode("utf-16-be"), 1),
        (("漢字漢字漢字\n" * 2).encode("utf-16"), 2),
    ],
)
def test_lines_columns_and_form_feeds_make_pages(text, expected):
    """Three lines of ten columns a page. SC-TRACK-03, SC-TDF-110"""
    assert pages(text) == expected


def test_the_usual_page_has_sixty_lines():
    """Ten characters and six lines an inch inside the usual margins."""
    assert pages(b"line\n" * 60, AnalysisOptions()) == 1
    assert pages(b"line\n" * 61, AnalysisOptions()) == 2
    assert pages(b"x" * 80 + b"\n" + b"line\n" * 59, AnalysisOptions()) == 1


def test_text_is_estimated_without_colour():
    """The count depends on the device, and the facts say so. SC-TDF-140"""
    facts = analyse(b"one\x0c\x0cthree\n")
    assert facts.pages_basis is PagesBasis.ESTIMATED
    assert [(run.color, run.blank) for run in facts.page_runs] == [(False, False), (False, True), (False, False)]


def test_long_text_is_counted_whole():
    """Pieces are joined where a line, and a CR LF, runs over their edge."""
    line = b"x" * 76 + b"\r\n"
    count = 3_000_000 // len(line)
    assert pages(line * count, AnalysisOptions()) == -(-count // 60)


def test_a_universal_exit_ends_the_text():
    """Text within PJL does not run into what follows."""
    document = UEL + b"@PJL\r\n" + b"one\x0ctwo" + UEL + b"@PJL\r\n" + b"three\n" + UEL
    assert analyse(document).pages == 3


@given(st.lists(st.lists(st.text("ab \t", max_size=25), max_size=8), min_size=1, max_size=5))
def test_counting_agrees_with_laying_out(paragraphs):
    """The count is that of a plain layout, line by line."""
    expected = 0
    for lines in paragraphs:
        height = sum(max(1, -(-len(line.expandtabs(8)) // 10)) for line in lines)
        on_paper = max(1, -(-height // 3))
        expected += on_paper
    text = "\x0c".join("".join(f"{line}\n" for line in lines) for lines in paragraphs)
    last = "".join(paragraphs[-1])
    if not last.strip():  # empty lines at the end are not printed
        expected -= on_paper
    assert (pages(text.encode()) or 0) == expected if text else True
