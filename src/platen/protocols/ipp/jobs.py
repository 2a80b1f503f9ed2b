"""Job attributes: what a Printer tells of its jobs (RFC 8011 section 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.job_template import RULES
from platen.protocols.ipp.message import Group
from platen.protocols.ipp.requests import job_uri
from platen.protocols.ipp.tags import GroupTag
from platen.protocols.ipp.values import Attribute, Attributes, OutOfBand

_INT_MAX = 2**31 - 1
_NO_TEMPLATE = Attributes()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job as a client may see it.

    `state` is job-state (RFC 8011 section 5.3.7). `up_since` is the one of the queue's PrinterDescription, `now` the
    moment of the request. A count that is not known yet is None.
    """

    id: int
    uuid: UUID
    printer_uri: str
    state: int
    state_reasons: tuple[str, ...]
    name: str
    originating_user_name: str
    created_at: datetime
    up_since: datetime
    now: datetime
    processing_at: datetime | None = None
    completed_at: datetime | None = None
    state_message: str = ""
    more_info: str = ""
    document_name: str = ""
    document_format: str = ""
    compression: str = "none"
    number_of_documents: int = 1
    number_of_intervening_jobs: int = 0
    output_device_assigned: str = ""
    size_bytes: int = 0
    processed_bytes: int = 0
    impressions: int | None = None
    impressions_completed: int = 0
    media_sheets: int | None = None
    media_sheets_completed: int = 0
    template: Attributes = field(default=_NO_TEMPLATE)


Builder = Callable[[JobView], Attribute | None]


def _seconds(name: str, moment: datetime | None, view: JobView) -> Attribute:
    if moment is None:
        return a.out_of_band(name, OutOfBand.NO_VALUE)
    return a.integer(name, min(max(0, int((moment - view.up_since).total_seconds())), _INT_MAX))


def _moment(name: str, moment: datetime | None) -> Attribute:
    return a.out_of_band(name, OutOfBand.NO_VALUE) if moment is None else a.date_time(name, moment)


def _count(name: str, number: int | None) -> Attribute:
    return a.out_of_band(name, OutOfBand.NO_VALUE) if number is None else a.integer(name, min(number, _INT_MAX))


def _k_octets(size_bytes: int) -> int:
    """In units of 1024 octets, rounded up (RFC 8011 section 5.3.17.1)."""
    return -(-size_bytes // 1024)


_BUILDERS: dict[str, Builder] = {
    "job-id": lambda view: a.integer("job-id", view.id),
    "job-uri": lambda view: a.uri("job-uri", job_uri(view.printer_uri, view.id)),
    "job-uuid": lambda view: a.uri("job-uuid", view.uuid.urn),
    "job-printer-uri": lambda view: a.uri("job-printer-uri", view.printer_uri),
    "job-more-info": lambda view: a.uri("job-more-info", view.more_info) if view.more_info else None,
    "job-name": lambda view: a.name_("job-name", a.clip(view.name, 255)),
    "job-originating-user-name": lambda view: a.name_(
        "job-originating-user-name", a.clip(view.originating_user_name, 255)
    ),
    "job-state": lambda view: a.enum("job-state", view.state),
    "job-state-reasons": lambda view: a.keyword("job-state-reasons", *(view.state_reasons or ("none",))),
    "job-state-message": lambda view: a.text("job-state-message", a.clip(view.state_message, 1023)),
    "number-of-documents": lambda view: a.integer("number-of-documents", view.number_of_documents),
    "number-of-intervening-jobs": lambda view: a.integer("number-of-intervening-jobs", view.number_of_intervening_jobs),
    "output-device-assigned": lambda view: (
        a.name_("output-device-assigned", a.clip(view.output_device_assigned, 127))
        if view.output_device_assigned
        else None
    ),
    "document-name-supplied": lambda view: (
        a.name_("document-name-supplied", a.clip(view.document_name, 255)) if view.document_name else None
    ),
    "document-format-supplied": lambda view: (
        a.mime_type("document-format-supplied", view.document_format) if view.document_format else None
    ),
    "compression-supplied": lambda view: a.keyword("compression-supplied", view.compression),
    "time-at-creation": lambda view: _seconds("time-at-creation", view.created_at, view),
    "time-at-processing": lambda view: _seconds("time-at-processing", view.processing_at, view),
    "time-at-completed": lambda view: _seconds("time-at-completed", view.completed_at, view),
    "job-printer-up-time": lambda view: _seconds("job-printer-up-time", view.now, view),
    "date-time-at-creation": lambda view: _moment("date-time-at-creation", view.created_at),
    "date-time-at-processing": lambda view: _moment("date-time-at-processing", view.processing_at),
    "date-time-at-completed": lambda view: _moment("date-time-at-completed", view.completed_at),
    "job-k-octets": lambda view: _count("job-k-octets", _k_octets(view.size_bytes)),
    "job-k-octets-processed": lambda view: _count("job-k-octets-processed", _k_octets(view.processed_bytes)),
    "job-impressions": lambda view: _count("job-impressions", view.impressions),
    "job-impressions-completed": lambda view: _count("job-impressions-completed", view.impressions_completed),
    "job-media-sheets": lambda view: _count("job-media-sheets", view.media_sheets),
    "job-media-sheets-completed": lambda view: _count("job-media-sheets-completed", view.media_sheets_completed),
}

PRIVATE = frozenset({"job-name", "job-originating-user-name", "document-name-supplied", "job-more-info"}) | {
    "job-account-id",
    "job-accounting-user-id",
}
"""What a client that is neither the job's owner nor an operator is not told."""

CREATED = ("job-uri", "job-id", "job-uuid", "job-state", "job-state-reasons", "job-state-message")
"""What the answer to Print-Job, Create-Job and Send-Document holds (RFC 8011 section 4.2.1.2)."""

GET_JOBS_DEFAULT = ("job-uri", "job-id")
"""What Get-Jobs tells of each job unless asked for more (RFC 8011 section 4.2.6.1)."""


@dataclass(frozen=True, slots=True)
class JobSelection:
    """A set of requested-attributes, resolved once and applied to every job of an answer."""

    builders: tuple[tuple[str, Builder], ...]
    template_names: frozenset[str] | None  # None: all of them

    def group(self, view: JobView, *, private: bool = False) -> Group:
        """The job-attributes group of one job; with private=True without what PRIVATE lists."""
        group = Group(GroupTag.JOB_ATTRIBUTES)
        for name, build in self.builders:
            attribute = None if private and name in PRIVATE else build(view)
            if attribute is not None:
                group.by_name[name] = attribute
        for attribute in view.template:
            wanted = self.template_names is None or attribute.name in self.template_names
            if wanted and not (private and attribute.name in PRIVATE):
                group.by_name[attribute.name] = attribute
        return group


def select(requested: tuple[str, ...], default: tuple[str, ...] = ("all",)) -> JobSelection:
    """The selection for requested-attributes: names and the groups all, job-description and job-template."""
    return _select(frozenset(requested or default))


@lru_cache(maxsize=256)
def _select(names: frozenset[str]) -> JobSelection:
    described = not names.isdisjoint({"all", "job-description"})
    return JobSelection(
        builders=tuple(pair for pair in _BUILDERS.items() if described or pair[0] in names),
        template_names=None if not names.isdisjoint({"all", "job-template"}) else names & RULES.keys(),
    )
