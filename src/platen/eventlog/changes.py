"""A change that people answer for: one entry in the audit trail and one line in the event log, together."""

from __future__ import annotations

from typing import Any

from platen.eventlog.actor import Actor
from platen.eventlog.audit import record_audit
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event


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
    record_audit(by, verb, subject, **detail)
    record_event(
        verb,
        f"{message} (by {by.name}, {by.source})",
        severity=severity,
        user_id=user_id,
        device_id=device_id,
        **detail,
    )
