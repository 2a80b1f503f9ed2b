"""The ink of pages: what a page without colour takes, ink that somebody else measured, and why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from platen.documents.detect import POSTSCRIPT
from platen.documents.facts import COVERAGE_MAX, Coverage, DocumentFacts, PageRun

_NOT_RENDERED = "How much ink the pages take was not measured, as their format ({}) or content cannot be rendered."
_NO_GHOSTSCRIPT = "How much ink the pages take was not measured: Ghostscript is not there, or did not come to the end."
_COLOR_NOT_TOLD = "Whether some of the pages are in colour cannot be told."


def black_alone(ink: Coverage) -> Coverage:
    """The ink of a page that has no colour: what stands for grey in the other inks is black's (a third of their sum).

    A colour conversion makes grey of all inks, and rounding leaves traces of them.
    """
    *colors, black = ink
    return (0, 0, 0, min(COVERAGE_MAX, black + round(sum(colors) / 3)))


def with_coverage(facts: DocumentFacts, coverages: Sequence[Coverage]) -> DocumentFacts:
    """The facts with the ink of each page, in order; unchanged where not every page was measured."""
    runs = facts.page_runs
    if not runs or len(coverages) != facts.pages or runs[-1].last != facts.pages:
        return facts
    measured: list[PageRun] = []
    for run in runs:
        for page in range(run.first, run.last + 1):
            ink = coverages[page - 1] if run.color is not False else black_alone(coverages[page - 1])
            last = measured[-1] if measured else None
            if last is not None and page > run.first and last.coverage == ink:
                measured[-1] = replace(last, last=page)
            else:
                measured.append(replace(run, first=page, last=page, coverage=ink))
    problems = tuple(problem for problem in facts.problems if problem != _NO_GHOSTSCRIPT)
    return replace(facts, page_runs=tuple(measured), problems=problems)


def why_not_known(facts: DocumentFacts, *, color: bool, coverage: bool) -> list[str]:
    """Why pages lack what was asked for, where nothing else has been said of it."""
    runs, reasons = facts.page_runs, list[str]()
    unmeasured = sum(run.coverage is None for run in runs)
    if coverage and unmeasured and (unmeasured == len(runs) or not facts.problems):
        reasons.append(_NO_GHOSTSCRIPT if facts.format == POSTSCRIPT else _NOT_RENDERED.format(facts.format))
    if color and not facts.problems and any(run.color is None for run in runs):
        reasons.append(_COLOR_NOT_TOLD)
    return reasons
