"""The event log: /events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from platen.access.rights import Right
from platen.api.bearer import needs
from platen.api.lookup import device_of, number_after, user_of
from platen.api.values import Page, Paging
from platen.eventlog.event_lists import EventFilter, page_of_events
from platen.eventlog.models import Severity

router = Router()


class EventShown(Schema):
    """One thing that happened; severity 1 is critical, 5 information."""

    id: int
    at: datetime
    severity: int
    kind: str
    message: str
    job_id: int | None
    fields: dict[str, Any]


class EventsWanted(Paging):
    """Which events. severity: this bad or worse."""

    severity: Severity = Severity.INFO
    q: str = Field("", description="Part of the message or kind, among the newest events.")
    job: int | None = None
    device: UUID | None = None
    user: UUID | None = None


@router.get("", response=Page[EventShown], auth=needs(Right.SEE_EVENTS))
def list_events(request: HttpRequest, wanted: Query[EventsWanted]) -> Page[EventShown]:
    """Events, newest first."""
    chosen = EventFilter(
        severity=wanted.severity,
        text=wanted.q,
        job_id=wanted.job,
        device_id=device_of(wanted.device).id if wanted.device else None,
        user_id=user_of(wanted.user).id if wanted.user else None,
    )
    page = page_of_events(chosen, number_after(wanted.after), size=wanted.limit)
    following = None if page.next_before is None else str(page.next_before)
    return Page(items=page.events, next=following)  # type: ignore[arg-type]  # rows become schemas in the answer
