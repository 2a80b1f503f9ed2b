"""What happened, told: to other parts by a signal, to administrators as lines of the event log."""

from __future__ import annotations

from collections.abc import Sequence

from platen.eventlog.models import Event, Severity
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.tenants.context import current_tenant_id

LINES: dict[Kind, tuple[str, Severity]] = {
    Kind.SILENT: ("machine_silent", Severity.WARNING),
    Kind.BACK: ("machine_back", Severity.NOTICE),
    Kind.CONFLICT: ("address_conflict", Severity.WARNING),
    Kind.SUSPICIOUS: ("meters_suspicious", Severity.WARNING),
    Kind.BELIEVED: ("meters_believed", Severity.NOTICE),
    Kind.FIRMWARE: ("firmware_changed", Severity.INFO),
    Kind.SUPPLY_LOW: ("supply_low", Severity.INFO),
    Kind.SUPPLY_REPLACED: ("supply_replaced", Severity.INFO),
    Kind.SUPPLY_EARLY: ("supply_removed_early", Severity.NOTICE),
}
"""The kind and severity of the event line of each thing that is worth one."""


def tell(happened: Sequence[Happening]) -> None:
    """Tell what a batch brought, in its transaction."""
    if not happened:
        return
    lines = [_line(each) for each in happened if each.kind in LINES]
    Event.objects.bulk_create(lines, batch_size=500)
    fleet_happened.send(current_tenant_id(), happenings=list(happened))


def _line(happening: Happening) -> Event:
    kind, severity = LINES[happening.kind]
    return Event(
        tenant_id=current_tenant_id(),
        at=happening.at,
        severity=severity,
        kind=kind,
        message=happening.sentence,
        device_id=happening.machine_id,
        fields=happening.detail,
    )
