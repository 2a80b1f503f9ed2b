"""Jobs as they stand in lists: with what a person may see of them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.console.words import job_why
from platen.directory.models import User
from platen.documents.facts import Sides
from platen.policy.job_states import JobState
from platen.policy.paper_sizes import PaperSize, paper_size
from platen.printing.facts import job_ticket, stored_facts
from platen.printing.models import Job


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job in a list. `name` is the document's, or that it is hidden."""

    job: Job
    name: str
    why: str
    pages: str
    sides: str

    @property
    def key(self) -> str:
        """The job's number for identifiers in a page."""
        return str(self.job.id)

    @property
    def owner_word(self) -> str:
        """Who owns it, as far as anybody knows."""
        return str(self.job.owner) if self.job.owner else (self.job.submitted_as or _("nobody"))


@dataclass(frozen=True, slots=True)
class PageBox:
    """One page in the strip that pictures a document."""

    number: int
    css_class: str


STRIP_MAX = 60
_WIDE = frozenset({PaperSize.A3, PaperSize.LEDGER})


def job_rows(jobs: Iterable[Job], *, sees_names: bool, reader: User | None = None) -> list[JobRow]:
    """Rows for jobs; names of other people's documents only where they may be seen."""
    return [_row(job, sees_name=_sees_name(job, sees_names=sees_names, reader=reader)) for job in jobs]


def _sees_name(job: Job, *, sees_names: bool, reader: User | None) -> bool:
    """A queue may hide its documents' names from everybody but their owners."""
    if reader is not None and job.owner_id == reader.id:
        return True
    return sees_names and not job.queue.hide_document_names


def strip_of(job: Job) -> list[PageBox]:
    """The first pages of a document: colour filled, large sheets wide. Empty while nobody has looked into it."""
    facts = stored_facts(job.facts)
    boxes: list[PageBox] = []
    for run in facts.page_runs if facts else ():
        wide = run.media is not None and paper_size(run.media) in _WIDE
        css_class = " ".join(word for word, on in (("in-colour", run.color), ("a3", wide)) if on)
        for number in range(run.first, min(run.last, STRIP_MAX) + 1):
            boxes.append(PageBox(number, css_class))
        if len(boxes) >= STRIP_MAX:
            break
    return boxes[:STRIP_MAX]


def _row(job: Job, *, sees_name: bool) -> JobRow:
    sides = _known_sides(job)
    return JobRow(
        job=job,
        name=job.name if sees_name else _("(name hidden)"),
        why=job_why(job),
        pages=_pages(job, sides),
        sides=_sides(sides),
    )


def _known_sides(job: Job) -> Sides | None:
    """What the ticket asks for; nothing of it where a printed job came out otherwise."""
    sides = job_ticket(job.ticket, job.copies).sides
    if sides is None or job.state != JobState.COMPLETED or job.sheets is None or not job.pages or job.pages == 1:
        return sides
    on_both = job.sheets < job.pages * job.copies
    if sides.is_two_sided == on_both:
        return sides
    return None if on_both else Sides.ONE_SIDED


def _pages(job: Job, sides: Sides | None) -> str:
    if job.pages is None:
        return _("not counted yet") if job.has_document else ""
    parts = [ngettext("%(count)d page", "%(count)d pages", job.pages) % {"count": job.pages}]
    if job.color_pages:
        parts.append(_("%(count)d in colour") % {"count": job.color_pages})
    if sides is not None and sides.is_two_sided:
        parts.append(_("both sides"))
    if job.copies > 1:
        parts.append(_("%(count)d copies") % {"count": job.copies})
    return ", ".join(parts)


def _sides(sides: Sides | None) -> str:
    return {
        None: _("as the document says"),
        Sides.ONE_SIDED: _("one side"),
        Sides.TWO_SIDED_LONG_EDGE: _("both, long edge"),
        Sides.TWO_SIDED_SHORT_EDGE: _("both, short edge"),
    }[sides]
