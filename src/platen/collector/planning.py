"""What would be sent, in octets and in words: field by field, after masking, from the very octets that would go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.machines import Machines
from platen.collector.outbox import Outbox
from platen.collector.packing import pack
from platen.collector.ways.https import HomeByHttps
from platen.protocols.collector.envelope import open_envelope
from platen.protocols.collector.rows import Kind, Row
from platen.readings.facts import Alert, Finisher, Identity, Meter, Port, Status, Supply, Tray

_ONE = {"identity": Identity, "status": Status}
_MANY = {
    "meters": Meter,
    "supplies": Supply,
    "trays": Tray,
    "alerts": Alert,
    "finishers": Finisher,
    "ports": Port,
}
_UNSAID: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Field:
    """A value that goes out. octets: of it as it stands in the row, before the row is compressed."""

    name: str
    value: Any
    octets: int


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row, and which machine it is about; `here` is for the eyes of the site and does not go out."""

    row: Row
    here: str
    octets: int
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Planned:
    """The next envelope. waiting: rows that wait altogether. head: octets of the request before it, where there is one.

    octets: of the envelope, which is what goes by whatever way.
    """

    way: str
    waiting: int
    head: int
    octets: int
    rows: list[PlannedRow]


def plan(configuration: Configuration, database: Database) -> Planned:
    """The next envelope as it would go now. What is shown is read back from its octets."""
    outbox = Outbox(database)
    machines = Machines(database, outbox)
    machines.keep_from_home(configuration.search.leaves_out)
    packed = pack(configuration, database, outbox)
    _, rows = open_envelope(packed.octets, configuration.key)
    way = configuration.send.way
    head = HomeByHttps(configuration).head_octets(packed.octets) if way == "https" else 0
    planned = [
        PlannedRow(row, machines.of_token(row.machine) if row.machine else "", _octets(row.to_json()), _fields(row))
        for row in rows
    ]
    return Planned(way, outbox.waiting().rows, head, len(packed.octets), planned)


def as_lines(planned: Planned) -> Iterator[str]:
    """For people."""
    before = sum(row.octets + 1 for row in planned.rows)
    if planned.rows:
        yield f"{planned.waiting} rows wait. The next envelope has {len(planned.rows)} and goes by {planned.way}:"
    else:
        yield f"Nothing waits. The next envelope only says that the collector lives, and goes by {planned.way}:"
    yield f"  {planned.octets} octets of envelope, signed and compressed; its rows were {before} before that"
    if planned.head:
        yield f"  {planned.head} octets of the request's head before it; what TLS and TCP add is not counted"
    for each in planned.rows:
        at = datetime.fromtimestamp(each.row.at_ms / 1000, UTC).isoformat(timespec="seconds")
        whose = f", machine {each.row.machine} (here {each.here or 'no longer known'})" if each.row.machine else ""
        yield ""
        yield f"row {each.row.sequence}: {each.row.kind.value}, {at}{whose}, {each.octets} octets"
        yield from (f"  {field.name}: {_word(field.value)}  [{field.octets}]" for field in each.fields)


def as_json(planned: Planned) -> dict[str, Any]:
    """For programs."""
    return {
        "way": planned.way,
        "waiting": planned.waiting,
        "head_octets": planned.head,
        "octets": planned.octets,
        "rows": [
            {
                "row": each.row.to_json(),
                "here": each.here,
                "octets": each.octets,
                "fields": {field.name: field.value for field in each.fields},
            }
            for each in planned.rows
        ],
    }


def _fields(row: Row) -> list[Field]:
    found = [Field(name, value, _octets(value)) for name, value in row.content.items() if name != "parts"]
    if row.kind is Kind.READING:
        for name, part in row.content["parts"].items():
            found += _of_part(name, part)
    return found


def _of_part(name: str, part: Any) -> Iterator[Field]:
    if name in _ONE:
        yield from _values(name, _ONE[name], part)
    elif name in _MANY:
        for number, each in enumerate(part, 1):
            yield from _values(f"{name} {number}", _MANY[name], each)
        if not part:
            yield Field(name, [], 2)
    else:
        yield Field(name, part, _octets(part))


def _values(name: str, made: Any, values: list[Any]) -> Iterator[Field]:
    """What is not said takes a few octets all the same, and is shown together."""
    unsaid: list[tuple[str, Any]] = []
    for field, value in zip(fields(made), values, strict=False):
        if value in _UNSAID:
            unsaid.append((field.name, value))
        else:
            yield Field(f"{name} {field.name}", value, _octets(value))
    if unsaid:
        yield Field(f"{name}, empty", [field for field, _ in unsaid], sum(_octets(value) for _, value in unsaid))


def _octets(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "none"
    return str(value)
