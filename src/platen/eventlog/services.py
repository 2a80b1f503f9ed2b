"""Writing the event log."""

from __future__ import annotations

import structlog

from platen.eventlog.models import Event, Severity

log = structlog.get_logger("platen.event")

_LEVELS = {1: "critical", 2: "error", 3: "warning", 4: "info", 5: "info"}


def record_event(
    kind: str,
    message: str,
    *,
    severity: Severity = Severity.INFO,
    job_id: int | None = None,
    device_id: int | None = None,
    user_id: int | None = None,
    **fields: object,
) -> Event:
    """Add one line to the current tenant's event log, and the same to the structured log.

    `fields` must be JSON values and never secrets.
    """
    getattr(log, _LEVELS[severity])(
        kind, message=message, job_id=job_id, device_id=device_id, user_id=user_id, **fields
    )
    event: Event = Event.objects.create(
        severity=severity,
        kind=kind,
        message=message,
        job_id=job_id,
        device_id=device_id,
        user_id=user_id,
        fields=fields,
    )
    return event
