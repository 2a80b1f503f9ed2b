"""Ink coverage of PDF pages."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisOptions
from tests.documents.pdf.made import pdf_with

COVERAGE = AnalysisOptions(coverage=True)


@pytest.mark.parametrize(
    ("content", "coverage"),
    [
        (b"", (0, 0, 0, 0)),
        (b"1 g 0 0 200 200 re f", (0, 0, 0, 0)),
        (b"0 g 0 0 200 200 re f", (0, 0, 0, 10_000)),
        (b"0 1 1 rg 0 0 100 200 re f", (5_000, 0, 0, 0)),
        (b"1 0 0 rg 0 0 200 5 re f", (0, 250, 250, 0)),
        (b"0.8 g 0 0 200 200 re f", (0, 0, 0, 2_000)),
    ],
)
def test_coverage_is_the_mean_amount_of_ink(content, coverage):
    """Cyan, magenta, yellow and black in percent of the page x 100. SC-TDF-152 .. SC-TDF-155, SC-TDF-T01"""
    assert analyse(pdf_with(content), options=COVERAGE).page_runs[0].coverage == pytest.approx(coverage, abs=20)


def test_coverage_comes_when_it_is_asked_for():
    """Measuring ink takes rendering; whoever does not ask for it does not pay for it."""
    assert analyse(pdf_with(b"0 g 0 0 9 9 re f")).page_runs[0].coverage is None


def test_coverage_may_be_asked_for_alone():
    """Without the question for colour there is no answer to it."""
    run = analyse(pdf_with(b"1 0 0 rg 0 0 99 99 re f"), options=AnalysisOptions(coverage=True, color=False)).page_runs[
        0
    ]
    assert run.color is None
    assert run.coverage is not None


@pytest.mark.parametrize("black", [b"0 0 0 1 k", b"0 0 0 0.5 k"])
def test_a_page_without_colour_takes_black_ink_alone(black):
    """Black ink, which a screen shows as not quite grey, counts as no other ink. SC-TDF-152"""
    run = analyse(pdf_with(black + b" 0 0 200 100 re f"), options=COVERAGE).page_runs[0]
    assert run.color is False
    assert run.coverage[:3] == (0, 0, 0)
    assert run.coverage[3] > 2_000
