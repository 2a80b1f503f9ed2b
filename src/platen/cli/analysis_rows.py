"""Facts of print files as lines: JSON for programs, a table for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from rich.table import Table

from platen.cli.listing import console_for_tables
from platen.documents.facts import DocumentFacts, PageRun
from platen.documents.job_facts import JobFacts, JobTicket, MediaTally, job_facts
from platen.documents.media import everyday_name
from platen.policy.job_names import without_controls

_SHOWN_PROBLEMS = 3
# What steers a terminal or the direction of writing, and octets of a file's name that are no text.
_NOT_AS_IT_IS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def json_row(path: str, facts: DocumentFacts, ticket: JobTicket) -> dict[str, object]:
    """One line of `--json`. `pages`, `color_pages` and `page_runs` are the file's; impressions, sheets and `media` are
    what comes out, over all copies, under the ticket.
    """
    paper = job_facts(facts, ticket)
    known = paper.pages is not None
    return {
        "path": path,
        "format": facts.format,
        "format_version": facts.format_version,
        "declared_format": facts.declared_format,
        "pages": facts.pages,
        "pages_basis": facts.pages_basis.value,
        "logical_pages": facts.logical_pages,
        "number_up": facts.number_up,
        "device_number_up": facts.device_number_up,
        "impressions": paper.impressions if known else None,
        "color_impressions": paper.color_impressions if known else None,
        "sheets": paper.sheets if known else None,
        "media": [_json_tally(tally) for tally in paper.media],
        "copies": paper.copies,
        "copies_collated": facts.copies_collated,
        "sides": paper.sides.value if known or facts.sides else None,
        "color_pages": facts.color_pages if known else None,
        "title": facts.title,
        "user": facts.user,
        "host": facts.host,
        "driver": facts.driver,
        "application": facts.application,
        "resolution_dpi": facts.resolution_dpi,
        "encrypted": facts.encrypted,
        "fonts_not_embedded": facts.fonts_not_embedded,
        "page_runs": [_json_run(run) for run in facts.page_runs],
        "problems": facts.problems,
    }


def json_line(row: dict[str, object]) -> str:
    """A row as one line that any terminal and any encoding can take."""
    return _NOT_AS_IT_IS.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(row, ensure_ascii=False)) + "\n"


def _json_tally(tally: MediaTally) -> dict[str, object]:
    return {
        "media": tally.media,
        "impressions": tally.impressions,
        "color_impressions": tally.color_impressions,
        "color_unknown_impressions": tally.color_unknown_impressions,
        "sheets": tally.sheets,
    }


def _json_run(run: PageRun) -> dict[str, object]:
    row: dict[str, object] = {
        "first": run.first,
        "last": run.last,
        "media": run.media,
        "width_mm": run.width_mm,
        "height_mm": run.height_mm,
        "orientation": run.orientation,
        "color": run.color,
        "blank": run.blank,
    }
    if run.copies != 1:
        row["copies"] = run.copies
    if run.sides is not None:
        row["sides"] = run.sides.value
    if run.sides_left_to_job:
        row["sides_left_to_job"] = True
    if run.number_up is not None:
        row["number_up"] = run.number_up
    if run.coverage is not None:
        row["coverage"] = run.coverage
    return row


def unreadable_row(path: str, error: OSError) -> dict[str, object]:
    """A line for a file that could not be opened: the same keys, and nothing known."""
    nothing = dict.fromkeys(json_row(path, DocumentFacts(format=""), JobTicket()))
    return {**nothing, "path": path, "media": [], "page_runs": [], "problems": [_sentence(error)]}


def _sentence(error: OSError) -> str:
    return f"The file cannot be read: {error.strerror or error}."


class FactsTable:
    """What a person sees: a line a file, and their sum."""

    def __init__(self, ticket: JobTicket) -> None:
        self._ticket = ticket
        self._files = self._pages = self._impressions = self._sheets = 0
        self._table = Table(box=None, header_style="bold", pad_edge=False)
        for title in ("file", "format"):
            self._table.add_column(title, overflow="fold")
        for title in ("pages", "copies", "impressions", "in colour", "sheets"):
            self._table.add_column(title, justify="right")
        for title in ("sides", "paper", "what to know"):
            self._table.add_column(title, overflow="fold")

    def add(self, path: str, found: DocumentFacts | OSError) -> None:
        """One file's line."""
        self._files += 1
        if isinstance(found, OSError):
            self._add_row(path, *[""] * 8, _sentence(found))
            return
        paper = job_facts(found, self._ticket)
        self._pages += found.pages or 0
        self._impressions += paper.impressions
        self._sheets += paper.sheets
        self._add_row(path, found.format, *_counts(found, paper), _papers(paper.media), _problems(found))

    def _add_row(self, *cells: str) -> None:
        self._table.add_row(*(without_controls(cell).encode("utf-8", "replace").decode() for cell in cells))

    def show(self) -> None:
        """Print it."""
        console = console_for_tables()
        console.print(self._table)
        if self._files > 1:
            numbers = f"{self._pages} pages, {self._impressions} impressions, {self._sheets} sheets"
            console.print(f"{self._files} files: {numbers}")


def _counts(facts: DocumentFacts, paper: JobFacts) -> tuple[str, ...]:
    if facts.pages is None:
        return "?", str(paper.copies), "?", "?", "?", ""
    color = str(paper.color_impressions) + ("+?" if paper.color_unknown_impressions else "")
    sides = {"one-sided": "one", "two-sided-long-edge": "both, long edge", "two-sided-short-edge": "both, short edge"}
    numbers = (facts.pages, paper.copies, paper.impressions, color, paper.sheets)
    return *map(str, numbers), sides[paper.sides.value]


def _papers(tallies: Iterable[MediaTally]) -> str:
    """The papers in the order in which they come, with the impressions on each where there are several."""
    counts = {everyday_name(tally.media) if tally.media else "any": tally.impressions for tally in tallies}
    if len(counts) < 2:
        return next(iter(counts), "")
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def _problems(facts: DocumentFacts) -> str:
    said = [*(["encrypted"] if facts.encrypted else []), *facts.problems[:_SHOWN_PROBLEMS]]
    more = len(facts.problems) - _SHOWN_PROBLEMS
    return "; ".join(said) + (f" (and {more} more)" if more > 0 else "")
