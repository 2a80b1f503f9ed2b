"""What is stored of the machines of a batch, as far as storing a reading needs it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from platen.fleet.batch_sql import by_keys, from_json, from_moment
from platen.policy.fleet.meters import Doubt
from platen.policy.fleet.power import State
from platen.policy.fleet.rollups import zone
from platen.policy.fleet.severity import Severity
from platen.readings.facts import Identity
from platen.tenants.context import current_tenant_id
from platen.tenants.queries import current_policy

BLANK_MACS = frozenset({"", "000000000000", "ffffffffffff"})
_OF_MACHINE = (
    "serial",
    "mac",
    "printer_uuid",
    "model",
    "firmware",
    "time_zone",
    "power",
    "power_at",
    "severity",
    "training",
    "trouble",
    "activity",
    "console_text",
    "meters",
    "doubted",
    "pages_month",
    "supply_percent",
    "seen",
    "plan_id",
    "credential_id",
    "protocol",
    "read_at",
    "counted_at",
    "surveyed_at",
    "due_at",
    "uptime_s",
    "response_ms",
    "response_usual_ms",
    "reboots",
    "failures",
    "failure",
    "suspicion",
    "latest",
    "facts",
)
_OF_DEVICE = (
    "name",
    "location",
    "make_and_model",
    "mac",
    "color_supported",
    "duplex_supported",
    "state",
    "state_reasons",
    "out_of_service",
    "needs_attention",
    "takes_documents",
    "uri",
)
_STATEMENT = (
    f"SELECT m.device_id, {', '.join(f'm.{name}' for name in _OF_MACHINE)}, "  # noqa: S608  # our own names
    f"{', '.join(f'd.{name}' for name in _OF_DEVICE)} "
    "FROM fleet_machine m JOIN devices_device d ON d.id = m.device_id "
    "WHERE m.tenant_id = %s AND m.device_id IN ({keys})"
)


@dataclass(slots=True)
class KnownDevice:
    """The device of a machine."""

    name: str
    location: str
    make_and_model: str
    mac: str
    color_supported: bool | None
    duplex_supported: bool | None
    state: int
    state_reasons: Any  # JSON text
    out_of_service: bool
    needs_attention: bool
    takes_documents: bool
    uri: str


@dataclass(slots=True)
class Known:
    """A machine as it is stored; storing a reading changes it to what is to be stored."""

    id: int
    serial: str
    mac: str
    printer_uuid: str
    model: str
    firmware: str
    time_zone: str
    power: State
    power_at: datetime | None
    severity: Severity
    training: str
    trouble: str
    activity: str
    console_text: str
    meters: dict[str, int]
    doubted: Doubt | None
    pages_month: int
    supply_percent: int | None
    seen: str
    plan_id: int | None
    credential_id: int | None
    protocol: str
    read_at: datetime | None
    counted_at: datetime | None
    surveyed_at: datetime | None
    due_at: datetime | None
    uptime_s: int | None
    response_ms: float | None
    response_usual_ms: float | None
    reboots: int
    failures: int
    failure: str
    suspicion: str
    latest: Any  # JSON text
    facts: Any  # JSON text until it is looked into
    device: KnownDevice
    place: ZoneInfo
    changed: set[str] = field(default_factory=set)  # which parts are to be written beside what each reading changes

    @property
    def pages(self) -> int | None:
        """The meter `total`, as believed."""
        return self.meters.get("total")

    @property
    def pages_now(self) -> int | None:
        """The meter `total` as it is at this moment; None while what it says is in doubt."""
        return None if self.doubted is not None else self.pages


def load_known(ids: Collection[int]) -> dict[int, Known]:
    """The current tenant's machines with these keys; where several may write, nobody else does until the end."""
    statement = _STATEMENT
    if connection.features.has_select_for_update_of:
        statement += " ORDER BY m.device_id FOR UPDATE OF m"
    tenant_zone = current_policy().time_zone
    return {row[0]: _known(row, tenant_zone) for row in by_keys(statement, ids, current_tenant_id())}


def other_machine(known: Known, identity: Identity) -> bool:
    """Whether who answers is not the machine on record: by the first mark that both have (EMC-DLST-11)."""
    marks = (
        (known.serial.strip().casefold(), identity.serial.strip().casefold()),
        (known.mac, "" if identity.mac in BLANK_MACS else identity.mac),
        (known.printer_uuid, identity.uuid),
    )
    for before, now in marks:
        if before and now:
            return before != now
    return False


def _known(row: Any, tenant_zone: str) -> Known:
    end = 1 + len(_OF_MACHINE)
    values = dict(zip(_OF_MACHINE, row[1:end], strict=True))
    for name in ("power_at", "read_at", "counted_at", "surveyed_at", "due_at"):
        values[name] = from_moment(values[name])
    values["power"] = State(values["power"])
    values["severity"] = Severity(values["severity"])
    values["meters"] = from_json(values["meters"])
    doubted = values["doubted"]
    values["doubted"] = None if doubted is None else Doubt.from_json(from_json(doubted))
    return Known(
        id=row[0], device=KnownDevice(*row[end:]), place=zone(values["time_zone"] or tenant_zone, tenant_zone), **values
    )
