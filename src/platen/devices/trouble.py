"""Whether a device needs somebody, and the line of the event log that says so."""

from __future__ import annotations

from collections.abc import Iterable

from platen.devices.models import Device, DeviceState
from platen.eventlog.models import Event, Severity
from platen.policy.state_words import in_words
from platen.tenants.context import current_tenant_id


def needs_attention(state: int, reasons: Iterable[str], *, out_of_service: bool) -> bool:
    """Stopped, out of service, or a reason that is more than a report (RFC 8011 section 5.4.12)."""
    serious = any(not reason.endswith("-report") for reason in reasons)
    return out_of_service or state == DeviceState.STOPPED or serious


def trouble_event(device: Device, reasons: Iterable[str], message: str, *, troubled: bool) -> Event:
    """The line to be stored when a device came into trouble or out of it."""
    if troubled:
        text = f"{device.name} needs attention: {in_words(reasons) or message or 'stopped'}"
        return _event("device_needs_attention", text, Severity.WARNING, device)
    return _event("device_ready", f"{device.name} is ready again", Severity.NOTICE, device)


def _event(kind: str, text: str, severity: Severity, device: Device) -> Event:
    return Event(tenant_id=current_tenant_id(), severity=severity, kind=kind, message=text, device_id=device.id)
