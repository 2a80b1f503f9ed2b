"""Machines and readings for the tests of the fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from platen.devices.services import add_device
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.models import Machine
from platen.fleet.storing import store
from platen.fleet.visits import Failure, Visit
from platen.policy.fleet.power import Evidence
from platen.readings.facts import (
    Activity,
    Alert,
    AlertSeverity,
    Identity,
    Meter,
    Reading,
    Status,
    Supply,
    SupplyState,
    Training,
    Tray,
)
from tests.fixtures_tenant import ADMIN

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
WHO = Identity(
    maker="Halden",
    model="C458",
    serial="HC458-0001",
    firmware="4.12",
    mac="00c076ff00f2",
    host_name="hall-registry",
    location="Main Hall, registry",
    color=True,
    duplex=True,
    functions=frozenset({"print", "copy"}),
)


def machine(name: str = "Copier", **values: Any) -> Machine:
    """A machine that is known and was not read yet."""
    device = add_device(name, "", by=ADMIN)
    values = {"address": "127.20.1.7", "due_at": START} | values
    made = Machine(device=device, **values)
    made.save()
    return made


def toner(percent: int | None = 80, color: str = "black", **values: Any) -> Supply:
    """A cartridge."""
    state = SupplyState.UNKNOWN if percent is None else SupplyState.LEVEL
    said = {"key": f"1.{color}", "kind": "toner", "color": color, "description": f"{color} toner"}
    return Supply(**{"state": state, "percent": percent, "level": percent, "capacity": 100, **said, **values})


def alert(code: str = "jam", severity: str = "critical", training: str = "untrained", **values: Any) -> Alert:
    """Something reported."""
    said = {"key": f"media-path.1.{code}", "description": f"{code}, tray 1"} | values
    return Alert(severity=AlertSeverity(severity), code=code, training=Training(training), **said)


def reading(
    *,
    supplies: Sequence[Supply] = (),
    alerts: Sequence[Alert] = (),
    identity: Identity = WHO,
    status: Status | None = None,
    **meters: int,
) -> Reading:
    """A reading; meters by name, with two underscores for a dot and one for a hyphen."""
    counted = tuple(
        Meter(name.replace("__", ".").replace("_", "-"), value, "1.3.6.1.2.1.43.10.2.1.4.1.1")
        for name, value in meters.items()
    )
    return Reading(
        identity=identity,
        status=status or Status(activity=Activity.IDLE, console=("Ready",), uptime_s=5_000),
        meters=counted,
        supplies=tuple(supplies),
        trays=(Tray("1", "Tray 1", "iso_a4_210x297mm", capacity=500, level=120, state=SupplyState.LEVEL, percent=24),),
        alerts=tuple(alerts),
    )


def asleep(said: Reading) -> Reading:
    """The same, asleep."""
    return replace(said, status=replace(said.status, activity=Activity.ASLEEP))


class Watching:
    """One machine that is read again and again, an hour apart, and what was told of it."""

    def __init__(self, watched: Machine) -> None:
        self.id = watched.pk
        self.now = START
        self.told: list[Happening] = []

    @property
    def machine(self) -> Machine:
        """As it is stored."""
        found: Machine = Machine.objects.select_related("device").get(pk=self.id)
        return found

    def read(self, said: Reading, *, hours: float = 1, **values: Any) -> list[Kind]:
        """Read it; the kinds of what happened."""
        self.now += timedelta(hours=hours)
        return self._stored(Visit(machine_id=self.id, at=self.now, reading=said, **values))

    def fail(self, evidence: Evidence = Evidence.TIMEOUT, *, hours: float = 1) -> list[Kind]:
        """It does not answer."""
        self.now += timedelta(hours=hours)
        reason = "It did not answer within 2 s."
        return self._stored(Failure(machine_id=self.id, at=self.now, evidence=evidence, reason=reason))

    def _stored(self, visit: Visit | Failure) -> list[Kind]:
        happened = store([visit])
        self.told += happened
        return [each.kind for each in happened]


def told_by(send: Any) -> list[Happening]:
    """What the signal told while a function ran."""
    heard: list[Happening] = []

    def hear(happenings: list[Happening], **_: Any) -> None:
        heard.extend(happenings)

    fleet_happened.connect(hear, dispatch_uid="tests-told-by")
    try:
        send()
    finally:
        fleet_happened.disconnect(dispatch_uid="tests-told-by")
    return heard
