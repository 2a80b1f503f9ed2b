"""What is asked of a machine from one reading to the next: what it has and what can change, in one packet or two.

A plan is made from what a machine answered to its survey. It has nothing of one machine in it, so all of a model that
are equipped alike share it: `Plan.key` is the same then. What a plan leaves out it says (`left_out`); that is read
again with the next survey. One object of it (`mark`) says whether it still is the machine that was read last.

The table of alerts is different on every machine and at every moment. A plan asks for the first codes of it, and only
where they are not those of the last reading is the whole table asked for (`update.alerts_to_ask`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from platen.protocols.snmp import Oid, Prepared, Value, dotted, parse_oid
from platen.readings import objects as o
from platen.readings.corrections import corrections
from platen.readings.facts import Identity
from platen.readings.identity import printer_device
from platen.readings.makers import MakerTable, table_of
from platen.readings.mark import mark_of
from platen.readings.reading import read
from platen.readings.requests import HEADERS_OCTETS, Layout, Run, before, compose, run, runs_of, together
from platen.readings.tables import Tables, column_of

READING_OCTETS_MAX = 1500
"""Of a periodic reading, both ways, with the headers of IP and UDP: what fits one packet of Ethernet."""
CONSOLE_LINES_MAX = 4
_FORMAT = 1
_LINE_OCTETS = 20
"""Reckoned for a line of the display, whatever it shows at the survey."""
_CODE_OCTETS = 8
"""A code, or in its place a few words: behind the codes of a short table come its descriptions."""
_TEXT_STEP = 32
_MARK_STEP = 16
_NUMBER_OCTETS = 3


@dataclass(frozen=True)
class Request:
    """One GETBULK of a plan. octets: request and answer together, as far as can be told before."""

    singles: tuple[Oid, ...]
    places: tuple[Oid, ...]
    rows: int
    octets: int

    @cached_property
    def prepared(self) -> Prepared:
        """Encoded once for all machines."""
        return Prepared.get_bulk(self.singles, self.places, self.rows)


@dataclass(frozen=True)
class Plan:
    """cells: every object that is expected in an answer. constants: numbers that do not change but are needed to
    understand those that do: capacities, units, what a maker's row is about. mark: which of `cells` says who the
    machine is; None where it has no object for that alone, or the plan was made before there were marks."""

    key: str
    requests: tuple[Request, ...]
    cells: frozenset[Oid]
    constants: Mapping[Oid, Value]
    left_out: tuple[str, ...] = ()
    watches_alerts: bool = False
    mark: Oid | None = None
    _bound: dict[str, MakerTable | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def octets(self) -> int:
        """Of a reading in which no alert came or went."""
        return sum(request.octets for request in self.requests)

    @cached_property
    def by_name(self) -> tuple[Prepared, ...]:
        """The same objects for machines without GETBULK (SNMPv1), asked by name."""
        cells = sorted(self.cells)
        return tuple(Prepared.get(cells[first : first + 32]) for first in range(0, len(cells), 32))

    def private(self, table: MakerTable | None) -> MakerTable | None:
        """A maker's table with the rows that machines of this plan have; worked out once."""
        if table is None:
            return None
        name = f"{table.family}/{table.brand}"
        if name not in self._bound:
            self._bound[name] = table.bound({**dict.fromkeys(self.cells, 0), **self.constants})
        return self._bound[name]


@dataclass(frozen=True, slots=True)
class _Part:
    """Objects that belong together, in the order in which they are dropped last: the first part matters most."""

    what: str
    runs: tuple[Run, ...]

    @property
    def cells(self) -> list[Oid]:
        return [cell for one in self.runs for cell in one.cells]


def make_plan(raw: Mapping[Oid, Value], octets_max: int = READING_OCTETS_MAX, identity: Identity | None = None) -> Plan:
    """From everything that a machine answered. identity: who it is by that, where it was read already."""
    tables = Tables(raw)
    parts = _parts(raw, tables)
    # Who it is alone is no reading.
    mark = mark_of(raw, identity or read(raw).identity) if parts else None
    parts[1:1] = [_Part("who it is", marked_runs(raw, mark))] if mark is not None else []
    kept: list[_Part] = []
    left_out: list[str] = []
    layouts: list[Layout] = []
    for part in parts:
        attempt = compose([one for each in (*kept, part) for one in each.runs])
        if kept and sum(map(_octets, attempt)) > octets_max:
            count = len(part.cells)
            are = f"{count} objects are" if count > 1 else "1 object is"
            left_out.append(f"{part.what}: {are} read with the next survey only.")
            continue
        kept.append(part)
        layouts = attempt
    requests = tuple(Request(one.singles, one.places, one.rows, _octets(one)) for one in layouts)
    watch = any(one.open_end for part in kept for one in part.runs)
    cells = frozenset(cell for part in kept for one in part.runs if not one.open_end for cell in one.cells)
    constants = _constants(raw, tables, cells)
    content = _content(requests, cells, constants, left_out, watch=watch, mark=mark)
    return Plan(_digest(content), requests, cells, constants, tuple(left_out), watch, mark)


def plan_key(raw: Mapping[Oid, Value]) -> str:
    """What machines have in common that share a plan: 32 hexadecimal digits."""
    return make_plan(raw).key


def describe(plan: Plan) -> list[str]:
    """In words and octets, a line each: what is asked, and what is not."""
    words = sorted("who it is" if cell == plan.mark else _word(cell) for cell in plan.cells)
    counted = {what: len(list(cells)) for what, cells in groupby(words)}
    lines = [f"{what}: {count} object{'s' if count > 1 else ''}" for what, count in counted.items()]
    if plan.watches_alerts:
        lines.append("alerts: the first codes of the table; the whole table only when they are not as before")
    total = sum(len(request.singles) + len(request.places) * request.rows for request in plan.requests)
    packets = f"{len(plan.requests)} request{'s' if len(plan.requests) > 1 else ''} and as many answers"
    lines.append(f"in all {total} objects, {packets}, about {plan.octets} octets with headers")
    return [*lines, *plan.left_out]


def dump_plan(plan: Plan) -> bytes:
    """For keeping."""
    watch, mark = plan.watches_alerts, plan.mark
    return _content(plan.requests, plan.cells, plan.constants, plan.left_out, watch=watch, mark=mark)


def load_plan(content: bytes) -> Plan:
    """What `dump_plan` gave. Raises: ValueError where it is of another format: then a survey makes a new one."""
    data = json.loads(content)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ValueError("the plan is of another version")
    requests = tuple(
        Request(tuple(map(parse_oid, singles)), tuple(map(parse_oid, places)), rows, octets)
        for singles, places, rows, octets in data["requests"]
    )
    constants = {parse_oid(oid): _from_json(value) for oid, value in data["constants"].items()}
    cells = frozenset(map(parse_oid, data["cells"]))
    # One that was kept before plans had marks is as good as it was until the next survey makes another.
    mark = parse_oid(data["mark"]) if data.get("mark") else None
    return Plan(_digest(content), requests, cells, constants, tuple(data["left_out"]), data["watches_alerts"], mark)


def _parts(raw: Mapping[Oid, Value], tables: Tables) -> list[_Part]:
    """What can change, the most important first."""
    sizes = {oid: usual_octets(value) for oid, value in raw.items()}
    device = printer_device(tables)
    now = [
        (*column, *device) for column in (o.HR_PRINTER_DETECTED_ERROR_STATE, o.HR_PRINTER_STATUS, o.HR_DEVICE_STATUS)
    ]
    table = table_of(raw)
    bound = table.bound(raw) if table is not None else None
    private = [oid for oid in (bound.changing if bound is not None else ()) if raw.get(oid) is not None]
    now += [(*o.PRT_ALERT_ALL_EVENTS, *index) for index in tables.column(o.PRT_ALERT_ALL_EVENTS)]
    standard = [one for column in _COUNTS for one in _column(raw, tables, column, sizes)]
    console = _column(raw, tables, o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, sizes)
    parts = [
        _Part("status", tuple(runs_of((oid for oid in (o.SYS_UP_TIME, *now) if oid in raw), sizes))),
        _Part("meters", tuple(standard)),
        _Part("supply levels", tuple(_column(raw, tables, o.PRT_MARKER_SUPPLIES_LEVEL, sizes))),
        _Part("alerts", _watch(raw)),
        *(
            _Part(f"private objects {dotted(runs[0].cells[0])}", runs)
            for runs in together(runs_of(private, sizes), bound.added if bound is not None else {})
        ),
        _Part("tray levels", tuple(_column(raw, tables, o.PRT_INPUT_CURRENT_LEVEL, sizes))),
        _Part("console", tuple(map(_line, console))),
        _Part("finisher supplies", tuple(_column(raw, tables, o.FIN_SUPPLY_CURRENT_LEVEL, sizes))),
        _Part("finishers", tuple(_column(raw, tables, o.FIN_DEVICE_STATUS, sizes))),
        _Part("output trays", tuple(_column(raw, tables, o.PRT_OUTPUT_REMAINING_CAPACITY, sizes))),
        _Part(
            "lights",
            tuple(
                one for c in (o.PRT_CONSOLE_ON_TIME, o.PRT_CONSOLE_OFF_TIME) for one in _column(raw, tables, c, sizes)
            ),
        ),
    ]
    return [part for part in parts if part.runs]


def usual_octets(value: Value) -> int:
    """Of a value of this kind: what is reckoned with must not depend on what one machine has counted so far."""
    return -(-len(value) // _TEXT_STEP) * _TEXT_STEP if isinstance(value, bytes) and len(value) > 4 else _NUMBER_OCTETS


_COUNTS = (
    o.PRT_MARKER_LIFE_COUNT,
    o.IC_IMPRESSION_TOTAL,
    o.IC_IMPRESSION_MONOCHROME,
    o.IC_IMPRESSION_FULL_COLOR,
    o.IC_IMPRESSION_HIGHLIGHT_COLOR,
    o.IC_SHEET_TOTAL,
    o.IC_IMAGE_TOTAL,
)
CONSTANTS = (
    o.PRT_MARKER_COUNTER_UNIT,
    o.IC_KEY_SERVICE_TYPE,
    o.PRT_MARKER_SUPPLIES_CLASS,
    o.PRT_MARKER_SUPPLIES_TYPE,
    o.PRT_MARKER_SUPPLIES_SUPPLY_UNIT,
    o.PRT_MARKER_SUPPLIES_MAX_CAPACITY,
    o.PRT_INPUT_CAPACITY_UNIT,
    o.PRT_INPUT_MAX_CAPACITY,
    o.PRT_OUTPUT_CAPACITY_UNIT,
    o.PRT_OUTPUT_MAX_CAPACITY,
    o.FIN_DEVICE_PRESENT_ON_OFF,
    o.FIN_SUPPLY_DEVICE_INDEX,
    o.FIN_SUPPLY_CLASS,
    o.FIN_SUPPLY_TYPE,
    o.FIN_SUPPLY_UNIT,
    o.FIN_SUPPLY_MAX_CAPACITY,
    o.FIN_MEDIA_INPUT_SUPPLY_INDEX,
    o.PRT_LOCALIZATION_CHARACTER_SET,
    o.PRT_LOCALIZATION_LANGUAGE,
    o.PRT_GENERAL_CURRENT_LOCALIZATION,
    o.PRT_CONSOLE_DESCRIPTION,
    o.PRT_CONSOLE_COLOR,
    o.HR_DEVICE_TYPE,
)
"""Columns of values that do not change."""


def _column(raw: Mapping[Oid, Value], tables: Tables, column: Oid, sizes: Mapping[Oid, int]) -> list[Run]:
    """A standard column as a run of all its rows: the survey saw that they follow each other."""
    cells = [(*column, *index) for index in sorted(tables.column(column))]
    if column == o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT:
        cells = cells[:CONSOLE_LINES_MAX]
    if column not in _WALKED:
        return runs_of(cells, sizes)
    return [run(cells, sizes, after=column)] if cells else []


_WALKED = frozenset(
    {
        o.PRT_MARKER_SUPPLIES_LEVEL,
        o.PRT_INPUT_CURRENT_LEVEL,
        o.PRT_OUTPUT_REMAINING_CAPACITY,
        o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT,
        o.PRT_CONSOLE_ON_TIME,
        o.PRT_CONSOLE_OFF_TIME,
        o.PRT_MARKER_LIFE_COUNT,
        o.FIN_SUPPLY_CURRENT_LEVEL,
        o.FIN_DEVICE_STATUS,
    }
)


def _watch(raw: Mapping[Oid, Value]) -> tuple[Run, ...]:
    """The codes of the alert table, however many there are; none where a machine has no Printer MIB."""
    if not any(oid[: len(o.PRINTER)] == o.PRINTER for oid in raw):
        return ()
    rows = tuple((*o.PRT_ALERT_CODE, 1, row) for row in (1, 2))
    return (Run(o.PRT_ALERT_CODE, rows, _CODE_OCTETS, open_end=True),)


def marked_runs(raw: Mapping[Oid, Value], mark: Oid | None) -> tuple[Run, ...]:
    """Reckoned in steps, so that machines with serial numbers of about one length share a plan."""
    if mark is None:
        return ()
    value = raw[mark]
    octets = -(-len(value) // _MARK_STEP) * _MARK_STEP if isinstance(value, bytes) else _NUMBER_OCTETS
    return (Run(before(mark), (mark,), octets),)


def _line(one: Run) -> Run:
    return Run(one.after, one.cells, _LINE_OCTETS)


def _constants(raw: Mapping[Oid, Value], tables: Tables, cells: frozenset[Oid]) -> dict[Oid, Value]:
    """What is needed beside `cells`, of standard tables and of makers'. Names and serial numbers are not: they differ
    from machine to machine, and the last reading has them."""
    found = {
        (*column, *index): value
        for column in CONSTANTS
        for index, value in tables.column(column).items()
        if isinstance(value, int | tuple) or column in {o.PRT_LOCALIZATION_LANGUAGE, o.PRT_CONSOLE_DESCRIPTION}
    }
    table = table_of(raw)
    keys = set(table.key_columns) if table is not None else set()
    found |= {oid: raw[oid] for row in corrections() for oid, _ in row.objects if raw.get(oid) is not None}
    found |= {oid: raw[oid] for oid in raw if raw[oid] is not None and any(oid[: len(key)] == key for key in keys)}
    return {oid: value for oid, value in found.items() if oid not in cells}


def _octets(layout: Layout) -> int:
    return layout.request + layout.response + 2 * HEADERS_OCTETS


def _content(
    requests: Iterable[Request],
    cells: Iterable[Oid],
    constants: Mapping[Oid, Value],
    left_out: Sequence[str],
    *,
    watch: bool,
    mark: Oid | None,
) -> bytes:
    data = {
        "format": _FORMAT,
        "requests": [
            [[*map(dotted, one.singles)], [*map(dotted, one.places)], one.rows, one.octets] for one in requests
        ],
        "cells": [*map(dotted, sorted(cells))],
        "constants": {dotted(oid): _to_json(value) for oid, value in sorted(constants.items())},
        "left_out": list(left_out),
        "watches_alerts": watch,
        "mark": None if mark is None else dotted(mark),
    }
    return json.dumps(data, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _to_json(value: Value) -> object:
    if isinstance(value, bytes):
        return {"octets": value.hex()}
    return {"oid": dotted(value)} if isinstance(value, tuple) else value


def _from_json(value: object) -> Value:
    if isinstance(value, dict):
        return bytes.fromhex(value["octets"]) if "octets" in value else parse_oid(value["oid"])
    return value if isinstance(value, int) else None


_WORDS = {
    o.SYS_UP_TIME[:-1]: "status",
    o.HR_PRINTER_DETECTED_ERROR_STATE: "status",
    o.HR_PRINTER_STATUS: "status",
    o.HR_DEVICE_STATUS: "status",
    o.PRT_ALERT_ALL_EVENTS: "status",
    o.PRT_MARKER_SUPPLIES_LEVEL: "supply levels",
    o.FIN_SUPPLY_CURRENT_LEVEL: "finisher supplies",
    o.FIN_DEVICE_STATUS: "finishers",
    o.PRT_INPUT_CURRENT_LEVEL: "tray levels",
    o.PRT_OUTPUT_REMAINING_CAPACITY: "output trays",
    o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT: "console",
    o.PRT_CONSOLE_ON_TIME: "lights",
    o.PRT_CONSOLE_OFF_TIME: "lights",
    **dict.fromkeys(_COUNTS, "meters"),
}


def _word(cell: Oid) -> str:
    return _WORDS.get(column_of(cell), "the maker's own meters and supplies")
