"""A change that people answer for: one entry in the audit trail and one line in the event log, together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from platen.eventlog.actor import Actor
from platen.eventlog.audit import Audited, record_audits
from platen.eventlog.models import Event, Severity
from platen.eventlog.services import record_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed. `detail` holds JSON values and never secrets."""

    verb: str
    subject: str
    message: str
    severity: Severity = Severity.NOTICE
    user_id: int | None = None
    device_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record_change(
    by: Actor,
    verb: str,
    subject: str,
    message: str,
    *,
    severity: Severity = Severity.NOTICE,
    user_id: int | None = None,
    device_id: int | None = None,
    **detail: Any,
) -> None:
    """Record in the caller's transaction what `by` changed. `detail` holds JSON values and never secrets."""
    change = Change(
        verb=verb,
        subject=subject,
        message=message,
        severity=severity,
        user_id=user_id,
        device_id=device_id,
        detail=detail,
    )
    record_changes(by, [change])


def record_changes(by: Actor, changes: Sequence[Change]) -> None:
    """Record what `by` changed in many places, each for itself, in one go."""
    record_audits(by, [Audited(each.verb, each.subject, each.detail) for each in changes])
    record_events([_event(by, each) for each in changes])


def _event(by: Actor, change: Change) -> Event:
    return Event(
        severity=change.severity,
        kind=change.verb,
        message=f"{change.message} (by {by.name}, {by.source})",
        user_id=change.user_id,
        device_id=change.device_id,
        fields=dict(change.detail),
    )
