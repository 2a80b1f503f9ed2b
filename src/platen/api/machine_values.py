"""What the API says of machines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from platen.api.equipment import FinisherShown, PortShown, TrayShown
from platen.fleet.equipment import equipment_of
from platen.fleet.history import open_alerts
from platen.fleet.models import Machine
from platen.fleet.plain import SEVERITIES, alert_row, meter_rows, supply_row
from platen.fleet.queries_machine import status_of, supplies_in, surveyed

SEVERITY = "none, warning, error or service"


class MachineShown(Schema):
    """A machine as a list has it. uuid: that of its device."""

    uuid: UUID
    name: str
    location: str
    uri: str = Field(description="Where documents go; empty for a machine that is only watched.")
    address: str
    maker: str
    model: str
    serial: str
    asset_number: str
    firmware: str
    mac: str
    printer_uuid: str
    host_name: str
    contact: str
    region: str
    place: str
    managed: bool
    collector: str = Field(description="Which collector reads it; empty: this server.")
    power: str = Field(description="unknown, on, asleep, off, no-response or conflict")
    power_at: datetime | None
    severity: str = Field(description=f"{SEVERITY}, as last reported: `power` says whether it answers now")
    training: str = Field(description="Of the worst alert: who can see to it (PrtAlertTrainingLevelTC).")
    trouble: str
    pages: int | None
    pages_color: int | None
    pages_month: int
    supply_percent: int | None = Field(description="The lowest of its supplies.")
    supply_days: int | None = Field(description="Until the first of its supplies is out.")
    finishing: list[str]
    uptime_s: int | None
    reboots: int
    response_ms: float | None
    found_at: datetime
    read_at: datetime | None
    due_at: datetime | None
    failure: str = Field(description="Why it could not be read the last time.")
    suspicion: str = Field(description="Why the last reading is not believed.")


class SupplyShown(Schema):
    """A supply. percent: use that is left; of a receptacle, the room. days_confidence: 0 to 1."""

    key: str
    supply: str
    kind: str
    color: str
    state: str = Field(description="level, some, unknown, unlimited, low, empty, or missing: no longer reported")
    percent: int | None
    level: int | None
    capacity: int | None
    unit: str
    receptacle: bool
    part_number: str
    serial: str
    pages_left: int | None
    installed_at: datetime | None
    installed_pages: int | None
    changed_at: datetime | None
    days_left: int | None
    days_confidence: float | None
    empty_on: date | None
    order_by: date | None
    source: str


class AlertShown(Schema):
    """Something that a machine reported (RFC 3805 prtAlertTable), from when to when."""

    alert: str
    severity: str = Field(description=SEVERITY)
    code: str
    level: str = Field(description="critical, warning, warning-binary-change or other")
    training: str
    group: str
    group_index: int | None
    location: int | None
    began_at: datetime
    cleared_at: datetime | None
    source: str


class MeterShown(Schema):
    """A meter as last believed. source: an object identifier or the name of an IPP attribute."""

    meter: str
    value: int
    unit: str
    source: str


class MachineInFull(MachineShown):
    """Everything that is known of a machine now."""

    activity: str
    display: list[str]
    reasons: list[str]
    surveyed_at: datetime | None = Field(description="When it was last asked everything.")
    counted_at: datetime | None
    meters: list[MeterShown]
    supplies: list[SupplyShown]
    trays: list[TrayShown]
    outputs: list[TrayShown]
    finishers: list[FinisherShown]
    ports: list[PortShown]
    alerts: list[AlertShown]


class MetersThen(Schema):
    """Meters at a moment. known_at: the last moment of which something is kept; exact: they are a reading's."""

    at: datetime
    known_at: datetime | None
    exact: bool
    gaps: list[str]
    meters: dict[str, int]


class DayShown(Schema):
    """How far a machine's meters moved in a day by its own calendar. gap: what is to be known of it."""

    day: date
    pages: int
    color: int
    moved: dict[str, int]
    gap: str


class MonthShown(DayShown):
    """The same of a month, which begins at `day`. at_end: every meter at its end, once the next has begun."""

    at_end: dict[str, int]


class EventShown(Schema):
    """Something that happened to a machine."""

    at: datetime
    kind: str = Field(
        description="alert, alert-cleared, state, supply-replaced, supply-early, supply-missing, supply-low or doubtful"
    )
    what: str


_SAME = tuple(
    name
    for name in MachineShown.model_fields
    if name not in {"uuid", "name", "location", "uri", "region", "place", "severity", "finishing"}
)


def machine_shown(machine: Machine) -> dict[str, Any]:
    """As a list has it. Its device, region and place are loaded."""
    device = machine.device
    return {
        "uuid": device.uuid,
        "name": device.name,
        "location": device.location,
        "uri": device.uri,
        "region": machine.region.name if machine.region else "",
        "place": machine.place.name if machine.place else "",
        "severity": SEVERITIES[machine.severity],
        "finishing": machine.finishing.split(),
        **{name: getattr(machine, name) for name in _SAME},
    }


def machine_in_full(machine: Machine) -> dict[str, Any]:
    """With everything that belongs to it, in so many queries for every machine."""
    survey, status, has = surveyed(machine), status_of(machine), equipment_of(machine)
    return {
        **machine_shown(machine),
        "activity": machine.activity,
        "display": machine.console_text.splitlines(),
        "reasons": sorted(status.reasons) if status is not None else [],
        "surveyed_at": survey.at,
        "counted_at": machine.counted_at,
        "meters": meter_rows(machine, survey),
        "supplies": [supply_row(each) for each in supplies_in(machine)],
        "trays": has.inputs,
        "outputs": has.outputs,
        "finishers": has.finishers,
        "ports": has.ports,
        "alerts": [alert_row(each) for each in open_alerts(machine)],
    }
