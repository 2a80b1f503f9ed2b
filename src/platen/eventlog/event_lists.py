"""Lists of events and of audit entries: newest first, paged by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db.models import Q, QuerySet

from platen.eventlog.areas import in_area
from platen.eventlog.models import AuditEntry, Event, Severity

Row = TypeVar("Row", Event, AuditEntry)

PAGE_SIZE = 50
SEARCHED_MAX = 50_000  # a text is looked for in so many of the newest lines
EXPORT_BATCH = 500


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What narrows the event log. `severity`: this bad or worse."""

    severity: Severity = Severity.INFO
    text: str = ""
    job_id: int | None = None
    device_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What narrows the audit trail. text: part of who, what or whom; person: who, whole; area: of `areas.AREAS`."""

    text: str = ""
    person: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, newest first; `next_before` continues after them, None at the end."""

    events: list[Event]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some audit entries, newest first; `next_before` continues after them, None at the end."""

    entries: list[AuditEntry]
    next_before: int | None


def page_of_events(wanted: EventFilter, before: int | None = None, *, size: int = PAGE_SIZE) -> EventPage:
    """One page of the event log, continued after the event `before`."""
    found = list(_in_order(_earlier(_events(wanted), before))[: size + 1])
    return EventPage(found[:size], found[size - 1].id if len(found) > size else None)


def each_event(wanted: EventFilter, limit: int) -> Iterator[Event]:
    """Every event of a list, newest first, for an export; at most `limit`."""
    return islice(_in_order(_events(wanted)).iterator(chunk_size=EXPORT_BATCH), limit)


def latest_events(limit: int, **about: int) -> list[Event]:
    """The newest events about a job, a device or a person: `job_id`, `device_id` or `user_id`."""
    found = Event.objects.filter(**about).order_by("-id")[:limit]
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)


def latest_of_kind(begins: str, limit: int, **fields: str) -> list[Event]:
    """The newest events whose kind begins so and which say so; looked for in SEARCHED_MAX of the newest lines."""
    said = {f"fields__{name}": value for name, value in fields.items()}
    found = Event.objects.filter(kind__startswith=begins, id__gt=_searched_from(Event.objects.all()), **said)
    return list(found.order_by("-id")[:limit])


def page_of_audit(wanted: AuditFilter, before: int | None = None, *, size: int = PAGE_SIZE) -> AuditPage:
    """One page of the audit trail, newest first."""
    found = list(_before(_audit(wanted), before)[: size + 1])
    return AuditPage(found[:size], found[size - 1].id if len(found) > size else None)


def each_audit(wanted: AuditFilter, limit: int) -> Iterator[AuditEntry]:
    """Every entry of a list, newest first, for an export; at most `limit`."""
    return islice(_audit(wanted).order_by("-id").iterator(chunk_size=EXPORT_BATCH), limit)


def people_in_audit(limit: int = 500) -> list[str]:
    """Who made the newest entries, in the order of their names."""
    newest = AuditEntry.objects.filter(id__gt=_searched_from(AuditEntry.objects.all()))
    return sorted(newest.order_by().values_list("actor", flat=True).distinct()[:limit])


def _audit(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    entries: QuerySet[AuditEntry] = AuditEntry.objects.all()
    if wanted.person:
        entries = entries.filter(actor=wanted.person)
    if wanted.area:
        entries = entries.filter(in_area(wanted.area))
    text = wanted.text.strip()
    if text:
        fits = Q(actor__icontains=text) | Q(verb__icontains=text) | Q(subject__icontains=text)
        entries = entries.filter(fits, id__gt=_searched_from(AuditEntry.objects.all()))
    return entries


def _events(wanted: EventFilter) -> QuerySet[Event]:
    events: QuerySet[Event] = Event.objects.all()
    if wanted.severity != Severity.INFO:
        events = events.filter(severity__lte=wanted.severity)
    about = {"job_id": wanted.job_id, "device_id": wanted.device_id, "user_id": wanted.user_id}
    events = events.filter(**{name: value for name, value in about.items() if value is not None})
    text = wanted.text.strip()
    if text:
        fits = Q(message__icontains=text) | Q(kind__icontains=text)
        events = events.filter(fits, id__gt=_searched_from(Event.objects.all()))
    return events


def _in_order(events: QuerySet[Event]) -> QuerySet[Event]:
    """By their moment, newest first; within a moment the one that was written last comes first.

    Numbers alone are not in the order of moments: batches are stored late, and clocks are set.
    """
    return events.order_by("-at", "-id")


def _earlier(events: QuerySet[Event], before: int | None) -> QuerySet[Event]:
    if before is None:
        return events
    at = Event.objects.filter(pk=before).values_list("at", flat=True).first()
    if at is None:  # it was removed meanwhile
        return events.filter(id__lt=before)
    return events.filter(Q(at__lt=at) | Q(id__lt=before), at__lte=at)


def _before(rows: QuerySet[Row], before: int | None) -> QuerySet[Row]:
    return (rows if before is None else rows.filter(id__lt=before)).order_by("-id")


def _searched_from(rows: QuerySet[Event] | QuerySet[AuditEntry]) -> int:
    newest = rows.order_by("-id").values_list("id", flat=True).first()
    return (newest or 0) - SEARCHED_MAX
