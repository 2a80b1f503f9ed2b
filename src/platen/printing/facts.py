"""What a job comes to on paper: its document's facts under its ticket."""

from __future__ import annotations

from collections.abc import Mapping

from platen.documents.facts import DocumentFacts, Sides
from platen.documents.job_facts import JobFacts, JobTicket, job_facts


def on_paper(facts: DocumentFacts, ticket: Mapping[str, object], copies: int) -> JobFacts:
    """Impressions and sheets of a document printed so many times under these job template attributes."""
    return job_facts(facts, job_ticket(ticket, copies))


def stored_facts(plain: Mapping[str, object] | None) -> DocumentFacts | None:
    """The facts kept with a job; None while nobody has looked into the document."""
    return None if plain is None else DocumentFacts.from_dict(plain)


def job_ticket(ticket: Mapping[str, object], copies: int) -> JobTicket:
    """A job's stored attributes as what decides on paper. Values that make no sense are left out: they were checked
    when the job came in, and a bill must not fail on them."""
    number_up = ticket.get("number-up", 1)
    return JobTicket(
        copies=copies,
        sides=_sides(ticket.get("sides")),
        number_up=number_up if isinstance(number_up, int) and number_up > 0 else 1,
        page_ranges=_ranges(ticket.get("page-ranges")),
        print_color_mode=_text(ticket.get("print-color-mode")),
        media=_text(ticket.get("media")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _sides(value: object) -> Sides | None:
    return Sides(value) if isinstance(value, str) and value in set(Sides) else None


def _ranges(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        return ()
    pairs = [tuple(pair) for pair in value if isinstance(pair, list | tuple) and len(pair) == 2]
    return tuple((int(low), int(high)) for low, high in pairs if 0 < int(low) <= int(high))
