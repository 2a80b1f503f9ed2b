"""Writing the event log."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from platen.eventlog.models import Event, Severity
from platen.tenants.context import current_tenant_id

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
    event = Event(
        severity=severity,
        kind=kind,
        message=message,
        job_id=job_id,
        device_id=device_id,
        user_id=user_id,
        fields=fields,
    )
    _log(event)
    event.save()
    return event


def record_events(events: Sequence[Event]) -> None:
    """Add many lines in one go, as `record_event` does."""
    for event in events:
        event.tenant_id = current_tenant_id()
        _log(event)
    Event.objects.bulk_create(events, batch_size=500)


def _log(event: Event) -> None:
    concerned = {"job_id": event.job_id, "device_id": event.device_id, "user_id": event.user_id}
    getattr(log, _LEVELS[event.severity])(event.kind, message=event.message, **concerned, **event.fields)
