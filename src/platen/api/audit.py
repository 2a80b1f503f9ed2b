"""The audit trail: /audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from platen.access.rights import Right
from platen.api.bearer import needs
from platen.api.lookup import number_after
from platen.api.values import Page, Paging
from platen.eventlog.event_lists import AuditFilter, page_of_audit

router = Router()


class EntryShown(Schema):
    """One change and who made it. entry_hash chains it to the entry before."""

    id: int
    at: datetime
    actor: str
    source: str
    verb: str
    subject: str
    detail: dict[str, Any]
    entry_hash: str


class EntriesWanted(Paging):
    """Which entries."""

    q: str = Field("", description="Part of who, what or whom, among the newest entries.")


@router.get("", response=Page[EntryShown], auth=needs(Right.SEE_AUDIT))
def list_entries(request: HttpRequest, wanted: Query[EntriesWanted]) -> Page[EntryShown]:
    """Changes, newest first."""
    page = page_of_audit(AuditFilter(wanted.q), number_after(wanted.after), size=wanted.limit)
    following = None if page.next_before is None else str(page.next_before)
    return Page(items=page.entries, next=following)  # type: ignore[arg-type]  # rows become schemas in the answer
