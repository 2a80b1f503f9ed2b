"""Storing what visits brought home: many readings in one transaction, a handful of statements.

A reading is compared with what is stored, part by part, by a digest of each part: a machine that says the same as
before costs one update. Machines that answer as somebody else, meters that cannot be and texts that fit nowhere are
kept out of what is believed, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

import structlog
from django.db import DatabaseError, transaction

from platen.fleet.events import Happening, Kind
from platen.fleet.known import Known, load_known, other_machine
from platen.fleet.settings import fleet_settings
from platen.fleet.store_alerts import AlertBatch
from platen.fleet.store_machines import MachineBatch
from platen.fleet.store_meters import MeterBatch
from platen.fleet.store_states import StateBatch
from platen.fleet.store_supplies import SupplyBatch
from platen.fleet.telling import tell
from platen.fleet.visits import Failure, Part, Visit
from platen.policy.fleet.power import Evidence, State, after
from platen.policy.fleet.severity import Trouble, worst
from platen.readings.facts import Activity, Reading

log = structlog.get_logger("platen.fleet")

WRAP_S = 42_000_000
"""sysUpTime begins anew after 497 days (2**32 hundredths of a second): that is no restart."""


def store(visits: Sequence[Visit | Failure]) -> list[Happening]:
    """Store visits to the current tenant's machines: all, or where one of them cannot be stored, all others.

    Returns: what happened, which has been told to everybody as well. Machines that are not known are left out.
    """
    try:
        with transaction.atomic():
            return _store(visits)
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        if len(visits) > 1:
            middle = len(visits) // 2
            return store(visits[:middle]) + store(visits[middle:])
        if len(visits) == 1 and isinstance(visits[0], Visit):
            log.exception("reading_not_stored", machine_id=visits[0].machine_id, error=str(error))
            reason = "What it answered could not be stored; the log says why."
            return store([_as_failure(visits[0], reason)])
        raise


def _store(visits: Sequence[Visit | Failure]) -> list[Happening]:
    happened: list[Happening] = []
    for some in _once_each(visits):
        batch = _Batch(happened)
        known = load_known({visit.machine_id for visit in some})
        for visit in some:
            machine = known.get(visit.machine_id)
            if machine is not None:
                batch.take(machine, visit)
        batch.write()
    tell(happened)
    return happened


def _once_each(visits: Iterable[Visit | Failure]) -> list[list[Visit | Failure]]:
    """In rounds, in each of which no machine is twice, one machine's visits in the order of their time."""
    by_machine: dict[int, list[Visit | Failure]] = {}
    for visit in sorted(visits, key=lambda visit: visit.at):
        by_machine.setdefault(visit.machine_id, []).append(visit)
    return [[visit for visit in some if visit is not None] for some in zip_longest(*by_machine.values())]


def _as_failure(visit: Visit, reason: str) -> Failure:
    return Failure(
        machine_id=visit.machine_id, at=visit.at, evidence=Evidence.REFUSED, reason=reason, due_at=visit.due_at
    )


class _Batch:
    """Visits to different machines, taken one after the other, then written together."""

    def __init__(self, happened: list[Happening]) -> None:
        self._happened = happened
        self._settings = fleet_settings()
        self._machines = MachineBatch(happened)
        self._meters = MeterBatch(happened)
        self._supplies = SupplyBatch(self._settings, happened)
        self._alerts = AlertBatch(happened)
        self._states = StateBatch(happened)

    def take(self, known: Known, visit: Visit | Failure) -> None:
        if known.read_at is not None and visit.at <= known.read_at:
            return  # something newer is stored already
        if isinstance(visit, Failure):
            self._failed(known, visit)
        elif Part.IDENTITY in visit.asked and other_machine(known, visit.reading.identity):
            self._other(known, visit)
        else:
            self._read(known, visit)

    def write(self) -> None:
        self._meters.write()
        self._supplies.write()
        self._alerts.write()
        self._states.write()
        self._machines.write()

    def _read(self, known: Known, visit: Visit) -> None:
        reading, asked = visit.reading, visit.asked
        status = reading.status
        replaced = self._machines.replaced(known)
        changed = self._machines.changed(known, visit)
        if Part.METERS in asked:
            now = {meter.name: meter.value for meter in reading.meters}
            if now or not known.meters:
                self._meters.take(known, now, visit.at, replaced=replaced)
        if Part.SUPPLIES in changed:
            self._supplies.take(known, reading.supplies, visit.at)
        if Part.ALERTS in changed:
            self._alerts.take(known, reading.alerts, visit.at)
        self._restarted(known, status.uptime_s, visit.at)
        asleep = status.activity is Activity.ASLEEP
        power = after(
            known.power,
            Evidence.SAID_ASLEEP if asleep else Evidence.ANSWERED,
            failures=0,
            silent_after=self._settings.silent_after,
            quiet_s=0,
        )
        trouble = _trouble(reading) if Part.ALERTS in asked else Trouble(known.severity, known.training, known.trouble)
        self._states.take(known, power, trouble, visit.at)
        self._machines.read(known, visit)

    def _restarted(self, known: Known, uptime_s: int | None, at: datetime) -> None:
        if uptime_s is None:
            return
        if known.uptime_s is not None and uptime_s < known.uptime_s < WRAP_S:
            known.reboots += 1
            sentence = f"{known.device.name} was restarted."
            self._happened.append(Happening(Kind.REBOOTED, known.id, at, sentence=sentence))
        known.uptime_s = uptime_s if uptime_s >= 0 else None

    def _other(self, known: Known, visit: Visit) -> None:
        """Nothing of what another machine says is this one's."""
        identity = visit.reading.identity
        first = known.power is not State.CONFLICT
        who = " ".join(part for part in (identity.maker, identity.model, identity.serial or identity.mac) if part)
        reason = (
            f"Another machine answers at its address: {who}. Search for machines again, or say that it is this one."
        )
        if first:
            detail = {"serial": identity.serial, "mac": identity.mac, "model": f"{identity.maker} {identity.model}"}
            sentence = f"{known.device.name}: {reason}"
            self._happened.append(Happening(Kind.CONFLICT, known.id, visit.at, sentence=sentence, detail=detail))
        self._states.take(known, State.CONFLICT, Trouble(), visit.at)
        self._machines.conflict(known, visit, reason)

    def _failed(self, known: Known, failure: Failure) -> None:
        known.failures += 1
        quiet = (failure.at - known.read_at).total_seconds() if known.read_at is not None else 0.0
        power = after(
            known.power,
            failure.evidence,
            failures=known.failures,
            silent_after=self._settings.silent_after,
            quiet_s=quiet,
        )
        if known.read_at is None and known.device.takes_documents and known.device.uri:
            power = State.UNKNOWN  # no reading reaches it, and who sends it documents knows how it is
        if power is State.SILENT and known.power is not State.SILENT:
            sentence = f"{known.device.name} does not answer: {failure.reason}"
            detail = {"failures": known.failures, "failure": failure.reason}
            self._happened.append(Happening(Kind.SILENT, known.id, failure.at, sentence=sentence, detail=detail))
        # What it reported last stays: nobody has seen that it is over.
        self._states.take(known, power, Trouble(known.severity, known.training, known.trouble), failure.at)
        self._machines.failed(known, failure)


def _trouble(reading: Reading) -> Trouble:
    alerts = ((alert.severity, alert.training, alert.description or alert.code) for alert in reading.alerts)
    return worst(alerts, reading.status.reasons)
