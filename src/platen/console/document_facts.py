"""What a document is, in words: paper, format, resolution, how it was made, and what to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.documents.facts import DocumentFacts, Orientation, PageRun
from platen.documents.media import everyday_name
from platen.printing.facts import stored_facts
from platen.printing.models import Job

_SIZES_MAX = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is called, and what it is."""

    name: str
    value: str


def document_facts(job: Job) -> list[Fact]:
    """What is known of a job's document beside its counts; nothing while nobody has looked into it."""
    facts = stored_facts(job.facts)
    return [] if facts is None else [Fact(name, value) for name, value in _said(facts) if value]


def _said(facts: DocumentFacts) -> Iterator[tuple[str, str]]:
    yield _("Paper"), _papers(facts.page_runs)
    yield _("Blank pages"), str(sum(run.pages for run in facts.page_runs if run.blank) or "")
    yield _("Pages on a side"), str(facts.number_up) if facts.number_up > 1 else ""
    yield _("Format"), " ".join(filter(None, (facts.format, facts.format_version)))
    if facts.resolution_dpi is not None:
        across, along = facts.resolution_dpi
        yield _("Resolution"), f"{across} dpi" if across == along else f"{across} x {along} dpi"
    yield _("Written with"), facts.application or ""
    yield _("Made by"), facts.driver or ""
    yield _("Protection"), _("encrypted") if facts.encrypted else ""
    yield _("Fonts left to the device"), ", ".join(facts.fonts_not_embedded[:_SIZES_MAX])
    yield _("To know"), " ".join(facts.problems)


def _papers(runs: tuple[PageRun, ...]) -> str:
    """A4, or 5 x A4, 2 x A3 landscape; the rest is counted."""
    counts: dict[str, int] = {}
    for run in runs:
        if run.media is not None:
            name = everyday_name(run.media)
            if run.orientation is Orientation.LANDSCAPE:
                name = _("%(size)s landscape") % {"size": name}
            counts[name] = counts.get(name, 0) + run.pages
    if len(counts) < 2:
        return next(iter(counts), "")
    shown = [f"{count} x {name}" for name, count in list(counts.items())[:_SIZES_MAX]]
    more = len(counts) - len(shown)
    if more > 0:
        shown.append(ngettext("%(count)d more size", "%(count)d more sizes", more) % {"count": more})
    return ", ".join(shown)
