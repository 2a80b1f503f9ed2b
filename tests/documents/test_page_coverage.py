"""Ink of pages beside what else is known of them."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts
from platen.documents.limits import AnalysisOptions
from platen.documents.page_coverage import black_alone, with_coverage
from tests.documents.samples import pdf

COVERAGE = AnalysisOptions(coverage=True)
INK = (100, 200, 300, 50)


def postscript() -> DocumentFacts:
    """Two pages, the first one grey."""
    square = b"0 0 99 99 rectfill showpage "
    return analyse(b"%!PS\n.5 setgray " + square + b"1 0 0 setrgbcolor " + square, options=COVERAGE)


@pytest.mark.parametrize(
    ("ink", "black"), [(INK, 250), ((0, 0, 0, 0), 0), ((1, 0, 0, 0), 0), ((10_000, 10_000, 10_000, 9_000), 10_000)]
)
def test_a_page_without_colour_takes_black_alone(ink, black):
    """What stands for grey in the other inks is black's. SC-TDF-152 .. SC-TDF-155"""
    assert black_alone(ink) == (0, 0, 0, black)


def test_ink_that_was_measured_elsewhere_agrees_with_the_colour_of_the_page():
    """A grey page takes black, a coloured one what was measured, and nobody says any more that it was not."""
    before = postscript()
    assert any("Ghostscript" in problem for problem in before.problems)
    facts = with_coverage(before, [INK, INK])
    assert [(run.color, run.coverage) for run in facts.page_runs] == [(False, (0, 0, 0, 250)), (True, INK)]
    assert facts.problems == ()


def test_ink_of_a_part_of_the_pages_is_none():
    """Where Ghostscript did not come to the end, that is said."""
    facts = with_coverage(postscript(), [INK])
    assert [run.coverage for run in facts.page_runs] == [None, None]
    assert any("did not come to the end" in problem for problem in facts.problems)


def test_ink_that_cannot_be_measured_has_a_reason():
    """A format that nothing renders is named, once."""
    facts = analyse(b"\x1bE\x1b&l26Ahello\f\x1bE", options=COVERAGE)
    assert len([problem for problem in facts.problems if "ink" in problem]) == 1
    assert analyse(b"\x1bE\x1b&l26Ahello\f\x1bE").problems == ()


def test_a_job_that_is_printed_in_grey_takes_black_alone():
    """The job's wish decides on the ink as it does on the colour. SC-TDF-144"""
    job = b"\x1b%-12345X@PJL SET RENDERMODE=GRAYSCALE\r\n@PJL ENTER LANGUAGE=PDF\r\n"
    document = pdf(b"1 0 0 rg 0 0 600 900 re f") + b"\x1b%-12345X"
    (grey,) = analyse(job + document, options=COVERAGE).page_runs
    assert (grey.color, grey.coverage[:3]) == (False, (0, 0, 0))
    assert grey.coverage[3] > 5_000
