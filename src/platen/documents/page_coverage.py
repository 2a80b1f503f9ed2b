"""Ink that somebody else measured, added to the facts of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from platen.documents.facts import Coverage, DocumentFacts, PageRun


def with_coverage(facts: DocumentFacts, coverages: Sequence[Coverage]) -> DocumentFacts:
    """The facts with the ink of each page, in order; unchanged where not every page was measured."""
    runs = facts.page_runs
    if not runs or len(coverages) != facts.pages or runs[-1].last != facts.pages:
        return facts
    measured: list[PageRun] = []
    for run in runs:
        for page in range(run.first, run.last + 1):
            ink = coverages[page - 1]
            last = measured[-1] if measured else None
            if last is not None and page > run.first and last.coverage == ink:
                measured[-1] = replace(last, last=page)
            else:
                measured.append(replace(run, first=page, last=page, coverage=ink))
    return replace(facts, page_runs=tuple(measured))
