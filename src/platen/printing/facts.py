"""What a document holds, as the columns of its job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platen.documents import DocumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Figures shown in lists; None: not known."""

    pages: int | None  # impressions of one copy
    color_pages: int | None
    sheets: int | None  # of all copies


def summary_of(facts: DocumentFacts, ticket: Mapping[str, object], copies: int) -> Summary:
    """The figures of a document under its job's ticket."""
    from platen.printing.job_facts import job_facts_of

    job = job_facts_of(facts, ticket, copies)
    if job is None:
        return Summary(pages=None, color_pages=None, sheets=None)
    return Summary(pages=job.pages, color_pages=job.color_pages, sheets=job.sheets)
