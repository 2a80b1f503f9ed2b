"""What is used up, and receptacles that fill: prtMarkerSuppliesTable (RFC 3805) and finSupplyTable (RFC 3806)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.colors import COLORED_TYPES, color_in, color_named, color_of_part
from platen.readings.enumerations import (
    SUPPLY_ALERTS_EMPTY,
    SUPPLY_ALERTS_LOW,
    SUPPLY_RECEPTACLE,
    UNITS,
)
from platen.readings.facts import Alert, Supply, SupplyState
from platen.readings.finisher_supplies import is_fitted, told_once
from platen.readings.part_numbers import part_of, serial_of
from platen.readings.supply_kinds import kind_of
from platen.readings.tables import Tables

SUPPLIES_MAX = 64
"""More are no machine's; the rest is left out."""
_STATES: dict[int | None, SupplyState] = {
    -1: SupplyState.UNLIMITED,
    -2: SupplyState.UNKNOWN,
    -3: SupplyState.SOME,
}
"""prtMarkerSuppliesLevel below zero (RFC 3805): no restriction, not known, at least some."""
_PERCENT = "percent"


class Columns(NamedTuple):
    """Where a table of supplies has what."""

    kind: Oid
    class_: Oid
    description: Oid
    unit: Oid
    capacity: Oid
    level: Oid


_MARKER = Columns(
    o.PRT_MARKER_SUPPLIES_TYPE,
    o.PRT_MARKER_SUPPLIES_CLASS,
    o.PRT_MARKER_SUPPLIES_DESCRIPTION,
    o.PRT_MARKER_SUPPLIES_SUPPLY_UNIT,
    o.PRT_MARKER_SUPPLIES_MAX_CAPACITY,
    o.PRT_MARKER_SUPPLIES_LEVEL,
)
_FINISHER = Columns(
    o.FIN_SUPPLY_TYPE,
    o.FIN_SUPPLY_CLASS,
    o.FIN_SUPPLY_DESCRIPTION,
    o.FIN_SUPPLY_UNIT,
    o.FIN_SUPPLY_MAX_CAPACITY,
    o.FIN_SUPPLY_CURRENT_LEVEL,
)
_TABLES = ((_MARKER, ""), (_FINISHER, "fin."))
_PREFIXES = {"marker-supplies": "", "fin-supply": "fin."}
"""Groups of alerts that are about supplies, and how their keys begin."""
_NEW = "no level is like this"


class Amount(NamedTuple):
    """What level and capacity come to."""

    state: SupplyState
    percent: int | None = None


def read_supplies(tables: Tables) -> tuple[Supply, ...]:
    """Every supply of markers, then of finishers, in the order of their indexes."""
    found = [
        _supply(tables, columns, index, prefix)
        for columns, prefix in _TABLES
        for index in tables.rows(columns.level, columns.description)
        if _is_one(tables, columns, index)
    ]
    return told_once(tuple(found[:SUPPLIES_MAX]))


def moved_supplies(tables: Tables, known: Mapping[str, int | None]) -> tuple[Supply, ...]:
    """Those that have a level, and another one than is known of their key."""
    found = []
    for columns, prefix in _TABLES:
        for index, level in tables.column(columns.level).items():
            key = prefix + ".".join(map(str, index))
            if known.get(key, _NEW) != level and _is_one(tables, columns, index):
                found.append(_supply(tables, columns, index, prefix))
    return tuple(found[:SUPPLIES_MAX])


def _is_one(tables: Tables, columns: Columns, index: Oid) -> bool:
    return tables.can_be(index, columns.level, columns.kind, columns.capacity) and (
        columns is _MARKER or is_fitted(tables, index)
    )


def amount_of(level: int | None, capacity: int | None, unit: str) -> Amount:
    """How much is left.

    Of a receptacle the level is the room that remains (RFC 3805, prtMarkerSuppliesLevel), so 0 means "see to it" of
    both kinds. Something that is left is never 0 percent.
    """
    if level is None or level < 0:
        return Amount(_STATES.get(level, SupplyState.UNKNOWN))
    if capacity is None or capacity <= 0:
        capacity = 100 if unit == _PERCENT and level <= 100 else None
    if capacity is None:
        return Amount(SupplyState.UNKNOWN)
    if level == 0:
        return Amount(SupplyState.EMPTY, 0)
    return Amount(SupplyState.LEVEL, max(1, min(100, (200 * level + capacity) // (2 * capacity))))


def with_alerts(supplies: tuple[Supply, ...], alerts: tuple[Alert, ...]) -> tuple[Supply, ...]:
    """What alerts say about supplies without a measured level: "some remaining" and "almost empty" is low."""
    said: dict[str, SupplyState] = {}
    for alert in alerts:
        if alert.group in _PREFIXES and alert.group_index is not None:
            place = f"{_PREFIXES[alert.group]}{alert.group_index}"
            if alert.code in SUPPLY_ALERTS_EMPTY:
                said[place] = SupplyState.EMPTY
            elif alert.code in SUPPLY_ALERTS_LOW:
                said.setdefault(place, SupplyState.LOW)
    if not said:
        return supplies
    return tuple(_as_said(supply, said) for supply in supplies)


def _as_said(supply: Supply, said: Mapping[str, SupplyState]) -> Supply:
    """An alert names a supply by its row; whose table that is, its group says."""
    table, row = "fin." if supply.key.startswith("fin.") else "", supply.key.rpartition(".")[2]
    state = said.get(table + row) if table or supply.key[:1].isdigit() else None
    if state is None or supply.state not in {SupplyState.SOME, SupplyState.UNKNOWN, SupplyState.LOW}:
        return supply
    return replace(supply, state=state)


def _supply(tables: Tables, columns: Columns, index: Oid, prefix: str) -> Supply:
    description = tables.text(columns.description, index)
    kind = kind_of(tables.number(columns.kind, index), description)
    unit_number = tables.number(columns.unit, index)
    unit = UNITS.get(unit_number, "other") if unit_number else ""
    level, capacity = tables.number(columns.level, index), tables.number(columns.capacity, index)
    state, percent = amount_of(level, capacity, unit)
    return Supply(
        key=prefix + ".".join(map(str, index)),
        kind=kind,
        color=_color(tables, columns, index, kind, description),
        description=description,
        state=state,
        percent=percent,
        level=level,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        unit=unit,
        receptacle=_is_receptacle(tables.number(columns.class_, index), kind),
        part_number=part_of(description),
        serial=serial_of(description),
        source=dotted((*columns.level, *index)),
    )


def _is_receptacle(class_: int | None, kind: str) -> bool:
    """By its class; by its kind where the class is not said. Nobody refills a waste box, so its kind weighs more."""
    return class_ == SUPPLY_RECEPTACLE or kind.startswith("waste-")


def _color(tables: Tables, columns: Columns, index: Oid, kind: str, description: str) -> str:
    """What the description says in words, else the colorant, else the end of the part number.

    Some agents give every supply the same colorant, or none; what stands in the description is what people see.
    """
    if columns is _FINISHER:
        return color_named(tables.text(o.FIN_SUPPLY_COLOR_NAME, index))
    if kind not in COLORED_TYPES:
        return ""
    colorant = tables.number(o.PRT_MARKER_SUPPLIES_COLORANT_INDEX, index)
    named = ""
    if colorant and index:
        named = color_named(tables.text(o.PRT_MARKER_COLORANT_VALUE, (index[0], colorant)))
    if kind in {"other", "unknown"} and not colorant:
        return color_in(description)
    return color_in(description) or named or color_of_part(description)
