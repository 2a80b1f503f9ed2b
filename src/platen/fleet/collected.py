"""Taking what a collector sends: every row once, in order, in one transaction with the note of how far home has come.

A row that is here already is passed over, so that an envelope may come any number of times. Where rows are missing
before an envelope nothing of it is taken, and the answer says from where to go on.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from django.db import DataError, IntegrityError, connection, transaction

from platen.devices.errors import DeviceError
from platen.eventlog.actor import Actor
from platen.eventlog.models import Event, Severity
from platen.eventlog.services import record_event
from platen.fleet.collectors import note_seen
from platen.fleet.models import Collector, CollectorMachine, Machine
from platen.fleet.registering import FoundMachine, Rules, reader, register
from platen.fleet.storing import store
from platen.fleet.visits import Failure, Visit
from platen.policy.fleet.power import Evidence
from platen.protocols.collector.envelope import Header
from platen.protocols.collector.rows import Kind, Row
from platen.readings.facts import Reading
from platen.readings.parts import PARTS, is_sound, reading_of

log = structlog.get_logger("platen.collectors")

MACHINES_MAX = 50_000
"""Of one collector."""
PARTS_OCTETS_MAX = 1_048_576
TWICE_EVERY_S = 3_600
"""How often it is said that a collector runs twice."""
OTHER_ROWS_S = 600
"""Rows are numbered as visits end, and bear the time at which they began: so much may they be out of order."""
_OTHER_ROWS = (
    "sends rows under numbers that others have here: its data directory is an older copy, or it runs twice. They are "
    "not taken. Stop one of them, or empty its data directory, so that it begins anew."
)
AHEAD_MAX_S = 300
"""A collector's clock may be so much ahead; what was seen later than that was seen now."""
_REASONS = {
    Evidence.TIMEOUT: "It did not answer.",
    Evidence.UNREACHABLE: "The network says that it is not there.",
    Evidence.REFUSED: "It is there and refuses to answer.",
}


class Outcome(StrEnum):
    """What became of an envelope."""

    STORED = "stored"  # all of it, now or before
    GAP = "gap"  # rows before it are missing: go on after `last`
    OLD_STREAM = "old-stream"  # another installation of the same collector began later


@dataclass(slots=True)
class Receipt:
    """Home's answer. last: the last row that home has. full: machines of which a whole reading is wanted."""

    outcome: Outcome
    last: int
    stored: int = 0
    full: list[str] = field(default_factory=list)


@transaction.atomic
def take(collector_id: int, header: Header, rows: Sequence[Row], now: datetime) -> Receipt:
    """Store an envelope of the current tenant's collector, which was opened with its key."""
    locked = Collector.objects.select_for_update() if connection.features.has_select_for_update else Collector.objects
    collector: Collector = locked.get(pk=collector_id)
    if not _is_stream(collector, header, now):
        return Receipt(Outcome.OLD_STREAM, 0)
    if header.after > collector.last_sequence and not header.lost:
        return Receipt(Outcome.GAP, collector.last_sequence)
    new = [row for row in rows if row.sequence > collector.last_sequence]
    if new and header.went_back:
        _tell_went_back(collector, now)
    elif _are_other_rows(collector, header, rows):
        _tell_twice(collector, now, f"The collector {collector.name} {_OTHER_ROWS}")
    if header.lost and new and header.after > collector.last_sequence:
        _tell_lost(collector, header)
    taking = _Taking(collector, now)
    for row in new:
        taking.take_or_complain(row)
    store(taking.visits)
    taking.keep()
    if new:
        collector.last_sequence = new[-1].sequence
        collector.last_row_at = taking.at(new[-1])
    elif header.lost:
        collector.last_sequence = max(collector.last_sequence, header.after)
    collector.waiting = header.waiting
    collector.save(update_fields=["last_sequence", "last_row_at", "stream", "stream_began_ms", "waiting"])
    note_seen(collector, now, version=header.version, every_s=header.every_s)
    return Receipt(Outcome.STORED, collector.last_sequence, len(new), sorted(taking.full))


def _is_stream(collector: Collector, header: Header, now: datetime) -> bool:
    """Whether the rows are numbered as those before were, or by a newer database of the collector."""
    if header.stream == collector.stream:
        return True
    if header.began_ms <= collector.stream_began_ms:
        message = (
            f"The collector {collector.name} runs twice, or a copy of its old database does: what that sends is not "
            "taken. Stop one of them, or add a collector of its own for the other site."
        )
        _tell_twice(collector, now, message)
        return False
    if collector.stream:
        message = f"The collector {collector.name} began anew with an empty database."
        record_event("collector_began_anew", message, severity=Severity.NOTICE, collector=collector.name)
    collector.stream, collector.stream_began_ms, collector.last_sequence = header.stream, header.began_ms, 0
    return True


def _tell_twice(collector: Collector, now: datetime, message: str) -> None:
    lately = now - timedelta(seconds=TWICE_EVERY_S)
    if not Event.objects.filter(kind="collector_twice", at__gte=lately, message=message).exists():
        record_event("collector_twice", message, severity=Severity.WARNING, collector=collector.name)


def _tell_went_back(collector: Collector, now: datetime) -> None:
    """A copy that is put back goes on once; again and again do two that run side by side."""
    name = collector.name
    message = (
        f"The data directory of the collector {name} was an older copy than what is known here. It goes on after row "
        f"{collector.last_sequence}, and sends every machine whole."
    )
    again = Event.objects.filter(
        kind="collector_went_back", at__gte=now - timedelta(days=1), message__contains=f"collector {name} was"
    ).exists()
    record_event("collector_went_back", message, severity=Severity.WARNING, collector=name)
    if again:
        message = (
            f"The collector {name} runs twice with copies of one data directory, or that was put back more than once "
            "today. Stop one of them, or add a collector of its own for the other site."
        )
        _tell_twice(collector, now, message)


def _are_other_rows(collector: Collector, header: Header, rows: Sequence[Row]) -> bool:
    """Whether rows whose numbers are here already were seen later than those: an older copy that cannot ask."""
    if collector.last_row_at is None:
        return False
    from_ms = (collector.last_row_at.timestamp() + OTHER_ROWS_S) * 1000
    return any(row.sequence <= collector.last_sequence and from_ms < row.at_ms <= header.at_ms for row in rows)


def _tell_lost(collector: Collector, header: Header) -> None:
    message = (
        f"Rows {collector.last_sequence + 1} to {header.after} of the collector {collector.name} are missing here and "
        "no longer there."
    )
    if collector.last_row_at is not None:
        message += f" The last row that is here is of {_words(collector.last_row_at)}."
    record_event("collector_gap", message, severity=Severity.WARNING, collector=collector.name)


class _Taking:
    """The rows of one envelope."""

    def __init__(self, collector: Collector, now: datetime) -> None:
        self._collector = collector
        self._now = now
        self._by = Actor(f"collector {collector.name}"[:120], None, "collector")
        self._known: dict[str, CollectorMachine] = {}
        self._parts: dict[str, dict[str, Any]] = {}
        self._count = -1
        self.visits: list[Visit | Failure] = []
        self.full: set[str] = set()

    def take_or_complain(self, row: Row) -> None:
        """A row that cannot be stored must not keep all that follow it away for ever."""
        try:
            with transaction.atomic():
                self._take(row)
        except (DataError, IntegrityError, DeviceError, ValueError, TypeError, OverflowError) as error:
            log.warning("collector_row_unusable", collector=self._collector.name, row=row.sequence, error=str(error))
            self._known.pop(row.machine, None)
            self._parts.pop(row.machine, None)
            self._complain(row)

    def _take(self, row: Row) -> None:
        match row.kind:
            case Kind.READING:
                self._reading(row)
            case Kind.SILENT:
                self._silent(row)
            case Kind.OFF:
                self._off(row)
            case Kind.DROPPED:
                self._dropped(row)

    def at(self, row: Row) -> datetime:
        """When it was seen."""
        seen = datetime.fromtimestamp(row.at_ms / 1000, UTC) if row.at_ms < 32_503_680_000_000 else self._now
        return min(seen, self._now + timedelta(seconds=AHEAD_MAX_S))

    def keep(self) -> None:
        """What was last sent of each machine, for what is sent next to be put on."""
        for token, parts in self._parts.items():
            row = self._known[token]
            row.parts = zlib.compress(json.dumps(parts).encode(), 1)
            row.save()

    def _reading(self, row: Row) -> None:
        if not row.machine:
            return
        content = row.content
        given = content.get("parts")
        sent = {name: part for name, part in given.items() if name in PARTS} if isinstance(given, dict) else {}
        full = content.get("full") is True
        before = {} if full else self._before(row.machine)
        if before is None:
            self.full.add(row.machine)
            return
        parts = {**before, **sent}
        reading = _sound(parts)
        if reading is None:
            self._complain(row)
            return
        machine_id = self._machine(row, reading, register_again="identity" in sent or full)
        if machine_id is None:
            return
        self._parts[row.machine] = parts
        if not self._reads(machine_id):
            return
        protocol = "ipp" if content.get("protocol") == "ipp" else "snmp"
        self.visits.append(
            Visit(machine_id=machine_id, at=self.at(row), reading=reading, survey=full, protocol=protocol)
        )

    def _before(self, token: str) -> dict[str, Any] | None:
        """The reading that this one goes on from; None: there is none."""
        if token in self._parts:
            return self._parts[token]
        known = self._row_of(token)
        if known is None:
            return None
        try:
            stored = zlib.decompressobj().decompress(bytes(known.parts), PARTS_OCTETS_MAX * 8)
            return dict(json.loads(stored))
        except (ValueError, zlib.error):
            return None

    def _row_of(self, token: str) -> CollectorMachine | None:
        if token not in self._known:
            found = CollectorMachine.objects.filter(collector=self._collector, token=token).first()
            if found is None:
                return None
            self._known[token] = found
        return self._known[token]

    def _machine(self, row: Row, reading: Reading, *, register_again: bool) -> int | None:
        """The key of the machine that a row is about; None where it is left alone."""
        known = self._row_of(row.machine)
        address = row.content.get("address")
        address = address[:253] if isinstance(address, str) else ""
        if known is None and self._too_many():
            return None
        if known is None or register_again:
            found = FoundMachine(
                address=address, identity=reading.identity, how="collector", collector=self._collector.name
            )
            how = f"collector {self._collector.name}"
            machine = register(found, Rules(), by=self._by, now=self.at(row), how_found=how).machine
            if machine is None:
                return None
            if known is None:
                known = CollectorMachine(collector=self._collector, token=row.machine, parts=b"")
                self._known[row.machine] = known
                self._count += 1
                self._tell_if_read_elsewhere(machine)
            known.machine = machine
        machine_id: int = known.machine_id
        return machine_id

    def _reads(self, machine_id: int) -> bool:
        """Whether what this collector says of a machine counts: what somebody else reads would be counted twice."""
        return Machine.objects.filter(pk=machine_id, managed=True, collector=self._collector.name).exists()

    def _tell_if_read_elsewhere(self, machine: Machine) -> None:
        """Once, when the collector speaks of the machine for the first time."""
        name, others = self._collector.name, reader(machine.collector)
        if machine.collector == name:
            return
        message = f"{machine.device.name} is read {others}; the collector {name} reads it as well. It counts once."
        record_event("machine_read_twice", message, severity=Severity.NOTICE, device_id=machine.pk, collector=name)

    def _too_many(self) -> bool:
        if self._count < 0:
            self._count = CollectorMachine.objects.filter(collector=self._collector).count()
        return self._count >= MACHINES_MAX

    def _silent(self, row: Row) -> None:
        known = self._row_of(row.machine)
        if known is None or not self._reads(known.machine_id):
            return
        said = row.content.get("evidence")
        evidence = Evidence(said) if said in set(_REASONS) else Evidence.TIMEOUT
        self.visits.append(
            Failure(machine_id=known.machine_id, at=self.at(row), evidence=evidence, reason=_REASONS[evidence])
        )

    def _off(self, row: Row) -> None:
        began, ended = _moment(row.content.get("from")), _moment(row.content.get("to"))
        name = self._collector.name
        message = f"The collector {name} did not run from {_words(began)} to {_words(ended)}: nothing was read then."
        record_event(
            "collector_off", message, severity=Severity.NOTICE, collector=name, began=str(began), ended=str(ended)
        )

    def _dropped(self, row: Row) -> None:
        began, ended = _moment(row.content.get("from")), _moment(row.content.get("to"))
        number, name = row.content.get("rows"), self._collector.name
        message = (
            f"The collector {name} had no room for everything: {number if isinstance(number, int) else 'some'} "
            f"readings from {_words(began)} to {_words(ended)} were thinned to one a day and machine, or dropped."
        )
        record_event("collector_thinned", message, severity=Severity.WARNING, collector=name)

    def _complain(self, row: Row) -> None:
        name = self._collector.name
        message = f"A reading of the collector {name} could not be understood and was left out (row {row.sequence})."
        record_event("collector_row_unusable", message, severity=Severity.WARNING, collector=name)
        self.full.add(row.machine)


def _sound(parts: dict[str, Any]) -> Reading | None:
    try:
        reading = reading_of(parts)
    except ValueError:
        return None
    return reading if is_sound(reading) and _fits(reading) else None


def _fits(reading: Reading) -> bool:
    """Whether marks can be stored as they are: what machines are known by is never cut."""
    identity = reading.identity
    marks = (identity.serial, identity.mac, identity.uuid)
    return all(len(mark) <= most for mark, most in zip(marks, (120, 12, 36), strict=True))


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 32_503_680_000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _words(moment: datetime | None) -> str:
    return "a moment unknown" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
