"""The machines that a collector knows: where they are, what was last read, when they are read next."""

from __future__ import annotations

import json
import secrets
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog

from platen.collector.bounds import bounded
from platen.collector.database import Database
from platen.collector.masking import Masks
from platen.collector.outbox import MARK, Outbox
from platen.collector.visits import Brought, Silent
from platen.policy.fleet.jitter import Answered, next_due
from platen.policy.fleet.same_device import Known, Marks, recognise
from platen.protocols.collector.rows import Kind
from platen.readings.facts import Activity, Identity, Reading
from platen.readings.kept import reading_from_json, reading_to_json
from platen.readings.parts import changed, parts_of
from platen.readings.plan import Plan, dump_plan, load_plan

log = structlog.get_logger("platen.collector")

_COLUMNS = (
    *("id", "token", "address", "port", "credential", "protocol", "plan", "reading"),
    *("failures", "asleep", "surveyed_at", "read_at"),
)
PLANS_MAX = 512
LEFT_ALONE_S = 600.0
"""A machine that is not to be read is looked at again after this: the configuration may want it then."""
BLANK_MACS = frozenset({"", "000000000000", "ffffffffffff"})


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine to be visited. plan and last: what to go on from; None: everything has to be asked."""

    id: int
    token: str
    address: str
    port: int
    credential: str
    protocol: str
    plan: Plan | None
    last: Reading | None
    failures: int
    asleep: bool
    surveyed_at: float | None
    read_at: float | None


class Machines:
    """Every visit that comes home is stored here, together with the row that tells home of it."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    def due(self, now_s: float, limit: int, reads: Callable[[str], bool] = bool) -> list[Machine]:
        """Those that are to be visited, longest due first. reads: whether an address is; others are looked at later."""
        statement = (
            f"SELECT {', '.join(_COLUMNS)} FROM machine WHERE due_at <= ? AND address <> '' ORDER BY due_at LIMIT ?"  # noqa: S608  # of constants
        )
        while found := [_machine(row) for row in self._database.rows(statement, now_s, limit)]:
            with self._database.transaction():
                for each in found:
                    if not reads(each.address):
                        self._database.execute(
                            "UPDATE machine SET due_at = ? WHERE id = ?", now_s + LEFT_ALONE_S, each.id
                        )
            if to_read := [each for each in found if reads(each.address)]:
                return to_read
        return []

    def next_due(self) -> float | None:
        """When the first is due."""
        found = self._database.rows("SELECT MIN(due_at) FROM machine WHERE address <> ''")[0][0]
        return None if found is None else float(found)

    def all_due(self, now_s: float, since_s: float) -> None:
        """Have all of them read at once that were not read since."""
        self._database.execute(
            "UPDATE machine SET due_at = ? WHERE address <> '' AND (read_at IS NULL OR read_at < ?)", now_s, since_s
        )

    def count(self) -> int:
        """How many there are."""
        return int(self._database.rows("SELECT COUNT(*) FROM machine")[0][0])

    def answering(self, since_s: float) -> list[str]:
        """Addresses of machines that were read since: a search need not ask them."""
        statement = "SELECT address FROM machine WHERE read_at >= ? AND failures = 0 AND address <> ''"
        return [row[0] for row in self._database.rows(statement, since_s)]

    def keep_from_home(self, leaves_out: Callable[[str], bool]) -> None:
        """What waits of machines at these addresses does not go out; should they be read again, they go whole."""
        with self._database.transaction():
            waiting = "SELECT token, address FROM machine WHERE token IN (SELECT machine FROM outbox)"
            for token, address in self._database.rows(waiting):
                if leaves_out(address):
                    self._database.execute("DELETE FROM outbox WHERE machine = ?", token)
                    self._database.execute("UPDATE machine SET whole = 1 WHERE token = ?", token)

    def of_token(self, token: str) -> str:
        """A machine's address, for those at the site."""
        found = self._database.rows("SELECT address FROM machine WHERE token = ?", token)
        return str(found[0][0]) if found else ""

    def seen_here(self, token: str) -> tuple[str, Reading | None]:
        """A machine's address and last reading, as it gave them; they stay at the site."""
        found = self._database.rows("SELECT address, reading FROM machine WHERE token = ?", token)
        return (str(found[0][0]), _reading(found[0][1])) if found else ("", None)

    def want_whole(self, tokens: list[str] | None = None) -> None:
        """The next row of these machines is to have the whole reading; None: of all."""
        with self._database.transaction():
            if tokens is None:
                self._database.execute("UPDATE machine SET whole = 1")
            for token in tokens or ():
                self._database.execute("UPDATE machine SET whole = 1 WHERE token = ?", token)

    def record(self, visits: list[Brought | Silent], masks: Masks, every_s: int) -> None:
        """Store what came home and queue what is to be told, in one transaction."""
        with self._database.transaction():
            for visit in visits:
                if isinstance(visit, Silent):
                    self._silent(visit, every_s)
                else:
                    self._read(visit, masks, every_s)

    def _silent(self, visit: Silent, every_s: int) -> None:
        machine = visit.machine
        failures = machine.failures + 1
        answered = Answered.ASLEEP if machine.asleep else Answered.NO
        due_at = next_due(visit.at_s, machine.id, every_s, answered, failures)
        self._database.execute("UPDATE machine SET failures = ?, due_at = ? WHERE id = ?", failures, due_at, machine.id)
        if machine.read_at is not None:
            self._outbox.put(Kind.SILENT, visit.at_s, machine.token, {"evidence": visit.evidence.value})

    def _read(self, visit: Brought, masks: Masks, every_s: int) -> None:
        identity = visit.reading.identity
        machine_id = visit.machine.id if visit.machine is not None else 0
        if visit.surveyed or visit.protocol == "ipp" or not machine_id:
            machine_id = self._place(visit, machine_id)
        values = {
            "plan": None if visit.plan is None else _dumped(visit.plan),
            "reading": _packed(reading_to_json(visit.reading)),
            "credential": visit.credential,
            "protocol": visit.protocol,
            "asleep": visit.reading.status.activity is Activity.ASLEEP,
            "failures": 0,
            "read_at": visit.at_s,
            "due_at": next_due(visit.at_s, machine_id, every_s),
        }
        if visit.surveyed:
            marks = _marks(identity, visit.address)
            values |= {"surveyed_at": visit.at_s, "serial": marks.serial, "mac": marks.mac, "uuid": marks.uuid}
            values["maker"] = marks.maker
        self._queue(machine_id, visit, masks)
        settings = ", ".join(f"{name} = ?" for name in values)
        self._database.execute(f"UPDATE machine SET {settings} WHERE id = ?", *values.values(), machine_id)  # noqa: S608  # of constants

    def _queue(self, machine_id: int, visit: Brought, masks: Masks) -> None:
        """What changed since the last row of the machine, or everything where that is wanted."""
        token, queued, whole = self._database.rows("SELECT token, queued, whole FROM machine WHERE id = ?", machine_id)[
            0
        ]
        parts = bounded(parts_of(masks.reading(visit.reading, visit.address)))
        full = bool(whole or visit.surveyed or queued is None)
        content = {
            "address": masks.address(visit.address),
            "full": full,
            "parts": parts if full else changed(_unpacked(queued), parts),
        }
        content[MARK] = masks.mark
        if visit.protocol != "snmp":
            content["protocol"] = visit.protocol
        self._outbox.put(Kind.READING, visit.at_s, token, content)
        self._database.execute("UPDATE machine SET queued = ?, whole = 0 WHERE id = ?", _packed(parts), machine_id)

    def _place(self, visit: Brought, asked_id: int) -> int:
        """Whose reading it is: of the machine that was asked, of one that moved there, or of a new one."""
        marks = _marks(visit.reading.identity, visit.address)
        recognition = recognise(marks, self._candidates(marks))
        if recognition.displaced is not None and recognition.displaced != recognition.id:
            self._displace(recognition.displaced, visit.address)
        if asked_id and recognition.id != asked_id:
            self._displace(asked_id, visit.address)
        if recognition.id is None:
            return self._add(visit)
        if recognition.id != asked_id:
            self._database.execute(
                "UPDATE machine SET address = ?, port = ? WHERE id = ?", visit.address, visit.port, recognition.id
            )
        return recognition.id

    def _candidates(self, marks: Marks) -> list[Known]:
        clauses, values = ["address = ?"], [marks.address]
        for name in ("serial", "mac", "uuid"):
            if getattr(marks, name):
                clauses.append(f"{name} = ?")
                values.append(getattr(marks, name))
        statement = f"SELECT id, serial, mac, uuid, address, maker FROM machine WHERE {' OR '.join(clauses)} LIMIT 100"  # noqa: S608  # of constants
        return [Known(row[0], Marks(*row[1:])) for row in self._database.rows(statement, *values)]

    def _displace(self, machine_id: int, address: str) -> None:
        """Another machine answers at its address: it has none until it is found again, unless it was meanwhile."""
        self._database.execute(
            "UPDATE machine SET address = '', due_at = NULL WHERE id = ? AND address = ?", machine_id, address
        )

    def _add(self, visit: Brought) -> int:
        machine_id = self._database.execute(
            "INSERT INTO machine (token, address, port, found_at) VALUES (?, ?, ?, ?)",
            secrets.token_hex(8),
            visit.address,
            visit.port,
            visit.at_s,
        )
        log.info("machine_found", address=visit.address, model=visit.reading.identity.model)
        return machine_id


def _machine(row: tuple[Any, ...]) -> Machine:
    values = dict(zip(_COLUMNS, row, strict=True))
    values |= {"plan": _loaded(row[6]), "last": _reading(values.pop("reading")), "asleep": bool(values["asleep"])}
    return Machine(**values)


def _marks(identity: Identity, address: str) -> Marks:
    mac = "" if identity.mac in BLANK_MACS else identity.mac
    return Marks(identity.serial, mac, identity.uuid, address, identity.maker)


def _packed(values: Any) -> bytes:
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 6)


def _unpacked(stored: bytes) -> Any:
    return json.loads(zlib.decompress(stored))


def _reading(stored: bytes | None) -> Reading | None:
    try:
        return None if stored is None else reading_from_json(_unpacked(stored))
    except (ValueError, zlib.error):  # of another version: it is asked everything
        return None


_dumped_plans: OrderedDict[str, bytes] = OrderedDict()


def _dumped(plan: Plan) -> bytes:
    """Machines of one kind share a plan, encoded once."""
    if plan.key not in _dumped_plans:
        _dumped_plans[plan.key] = dump_plan(plan)
        if len(_dumped_plans) > PLANS_MAX:
            _dumped_plans.popitem(last=False)
    return _dumped_plans[plan.key]


@lru_cache(maxsize=PLANS_MAX)
def _loaded(stored: bytes | None) -> Plan | None:
    """Decoded once, like those."""
    try:
        return None if stored is None else load_plan(stored)
    except (ValueError, KeyError, TypeError):  # of another version
        return None
