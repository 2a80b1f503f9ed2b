"""Where media comes from and where it goes (RFC 3805 prtInputTable, prtOutputTable; RFC 3806 for inserters)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.enumerations import UNIT_INCHES, UNIT_MICROMETERS, UNITS
from platen.readings.facts import Alert, SupplyState, Tray
from platen.readings.finisher_supplies import is_fitted
from platen.readings.sub_units import said_by_alerts
from platen.readings.supplies import amount_of
from platen.readings.tables import Tables

TRAYS_MAX = 64
_MEASURES = re.compile(r"\d\s*[x×*]\s*\d")
_INPUT_KEY, _OUTPUT_KEY, _INSERTER_KEY = "in.", "out.", "fin.in."
_GROUPS = {_INPUT_KEY: "input", _OUTPUT_KEY: "output", _INSERTER_KEY: "fin-supply-media-input"}
"""How keys begin, and the group of alerts that is about their table."""
_ABOUT_TRAYS = frozenset(_GROUPS.values())
_STACKING = (
    (o.PRT_OUTPUT_PAGE_DELIVERY_ORIENTATION, {3: "face-up", 4: "face-down"}),
    (o.PRT_OUTPUT_STACKING_ORDER, {3: "first-to-last", 4: "last-to-first"}),
)
"""PrtOutputPageDeliveryOrientationTC, PrtOutputStackingOrderTC and PresentOnOff, as keywords."""
_NEW = "no level is like this"
_TOLERANCE = 15  # tenths of a millimetre: sizes are rounded in inches here and in micrometres there
_SIZES = {
    "A3": (2970, 4200),
    "A4": (2100, 2970),
    "A5": (1480, 2100),
    "A6": (1050, 1480),
    "B4": (2570, 3640),
    "B5": (1820, 2570),
    "Letter": (2159, 2794),
    "Legal": (2159, 3556),
    "Ledger": (2794, 4318),
    "Executive": (1842, 2667),
    "Statement": (1397, 2159),
    "C5": (1620, 2290),
    "DL": (1100, 2200),
    "SRA3": (3200, 4500),
}
"""Short and long side in tenths of a millimetre."""


def read_trays(tables: Tables) -> tuple[Tray, ...]:
    """Inputs, then outputs."""
    inputs = [_input(tables, index) for index in _rows(tables, o.PRT_INPUT_CURRENT_LEVEL, o.PRT_INPUT_MAX_CAPACITY)]
    outputs = [
        _output(tables, index) for index in _rows(tables, o.PRT_OUTPUT_REMAINING_CAPACITY, o.PRT_OUTPUT_MAX_CAPACITY)
    ]
    return tuple(inputs[:TRAYS_MAX] + outputs[:TRAYS_MAX] + _inserters(tables))


def with_alerts(trays: tuple[Tray, ...], alerts: tuple[Alert, ...]) -> tuple[Tray, ...]:
    """With what alerts say of each; what they said before and is over is gone."""
    about = [alert for alert in alerts if alert.group in _ABOUT_TRAYS]
    if not about and not any(tray.status for tray in trays):
        return trays
    said = {head: said_by_alerts(about, (group,)) for head, group in _GROUPS.items()}
    return tuple(_told(tray, said) for tray in trays)


def _told(tray: Tray, said: Mapping[str, Mapping[int, tuple[str, ...]]]) -> Tray:
    head, row = next((head for head in _GROUPS if tray.key.startswith(head)), ""), tray.key.rpartition(".")[2]
    if not head or not row.isdecimal():
        return tray
    status = said[head].get(int(row), ())
    return tray if status == tray.status else replace(tray, status=status)


def moved_trays(tables: Tables, known: Mapping[str, int | None]) -> tuple[Tray, ...]:
    """Those that have a level, and another one than is known of their key."""
    inputs = _moved(tables, o.PRT_INPUT_CURRENT_LEVEL, _INPUT_KEY, known)
    outputs = _moved(tables, o.PRT_OUTPUT_REMAINING_CAPACITY, _OUTPUT_KEY, known)
    inserters = _inserters(tables) if tables.column(o.FIN_SUPPLY_CURRENT_LEVEL) else []
    return (
        *(_input(tables, index) for index in inputs),
        *(_output(tables, index) for index in outputs),
        *(tray for tray in inserters if known.get(tray.key, _NEW) != tray.level),
    )


def _moved(tables: Tables, column: Oid, prefix: str, known: Mapping[str, int | None]) -> list[Oid]:
    return [
        index
        for index, level in sorted(tables.column(column).items())[:TRAYS_MAX]
        if known.get(prefix + ".".join(map(str, index)), _NEW) != level and tables.can_be(index, column)
    ]


def _rows(tables: Tables, level: Oid, capacity: Oid) -> list[Oid]:
    return [index for index in tables.rows(level, capacity) if tables.can_be(index, level, capacity)]


def _input(tables: Tables, index: Oid) -> Tray:
    names = (o.PRT_INPUT_NAME, o.PRT_INPUT_DESCRIPTION, o.PRT_INPUT_MODEL)
    return _tray(
        tables,
        index,
        key=_INPUT_KEY + ".".join(map(str, index)),
        name=_first(tables, names, index),
        media=_media(tables, index),
        columns=(o.PRT_INPUT_CURRENT_LEVEL, o.PRT_INPUT_MAX_CAPACITY, o.PRT_INPUT_CAPACITY_UNIT),
    )


def _output(tables: Tables, index: Oid) -> Tray:
    """`level` is the room that remains, as the table has it, so that it goes with `percent`."""
    words = (words.get(tables.number(column, index) or 0, "") for column, words in _STACKING)
    return _tray(
        tables,
        index,
        key=_OUTPUT_KEY + ".".join(map(str, index)),
        name=_first(tables, (o.PRT_OUTPUT_NAME, o.PRT_OUTPUT_DESCRIPTION), index),
        media="",
        columns=(o.PRT_OUTPUT_REMAINING_CAPACITY, o.PRT_OUTPUT_MAX_CAPACITY, o.PRT_OUTPUT_CAPACITY_UNIT),
        output=True,
        stacking=tuple(filter(None, words)),
    )


def _inserters(tables: Tables) -> list[Tray]:
    found = (_inserter(tables, index) for index in tables.rows(o.FIN_MEDIA_INPUT_SUPPLY_INDEX)[:TRAYS_MAX])
    return [tray for tray in found if tray is not None]


def _inserter(tables: Tables, index: Oid) -> Tray | None:
    """A row of finSupplyMediaInputTable: its medium, and how much of it there is where its supply says so."""
    row = tables.number(o.FIN_MEDIA_INPUT_SUPPLY_INDEX, index)
    supply = (*index[:-1], row if row is not None and row > 0 else 0)
    if not is_fitted(tables, supply):
        return None
    return _tray(
        tables,
        supply,
        key=_INSERTER_KEY + ".".join(map(str, index)),
        name=_first(tables, (o.FIN_MEDIA_INPUT_NAME, o.FIN_MEDIA_INPUT_DESCRIPTION), index),
        media=tables.text(o.FIN_MEDIA_INPUT_MEDIA_NAME, index),
        columns=(o.FIN_SUPPLY_CURRENT_LEVEL, o.FIN_SUPPLY_MAX_CAPACITY, o.FIN_SUPPLY_UNIT),
    )


def _tray(
    tables: Tables,
    index: Oid,
    *,
    key: str,
    name: str,
    media: str,
    columns: tuple[Oid, Oid, Oid],
    output: bool = False,
    stacking: tuple[str, ...] = (),
) -> Tray:
    level_of, capacity_of, unit_of = columns
    level, capacity = tables.number(level_of, index), tables.number(capacity_of, index)
    state, percent = amount_of(level, capacity, UNITS.get(tables.number(unit_of, index) or 2, "other"))
    if state is SupplyState.UNKNOWN and level == 0:
        state, percent = SupplyState.EMPTY, 0  # whatever it could hold, nothing lies in it
    return Tray(
        key=key,
        name=name,
        media=media,
        output=output,
        level=level if level is not None and level >= 0 else None,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        state=state,
        percent=percent,
        source=dotted((*level_of, *index)),
        stacking=stacking,
    )


def _first(tables: Tables, columns: tuple[Oid, ...], index: Oid) -> str:
    return next(filter(None, (tables.text(column, index) for column in columns)), "")


def names_a_size(media: str) -> bool:
    """Whether a medium's name has a size in it, as A4 plain, na_letter_8.5x11in or 210 x 297 mm."""
    plain = media.casefold()
    return any(size.casefold() in plain for size in _SIZES) or bool(_MEASURES.search(plain))


def _media(tables: Tables, index: Oid) -> str:
    """The medium's name with its size in front, where the name does not say it: "A4 PLAIN"."""
    name = tables.text(o.PRT_INPUT_MEDIA_NAME, index)
    size = "" if names_a_size(name) else _size(tables, index)
    return f"{size} {name}".strip()


def _size(tables: Tables, index: Oid) -> str:
    unit = tables.number(o.PRT_INPUT_DIM_UNIT, index)
    sides = (
        tables.number(o.PRT_INPUT_MEDIA_DIM_FEED_DIR_CHOSEN, index) or 0,
        tables.number(o.PRT_INPUT_MEDIA_DIM_X_FEED_DIR_CHOSEN, index) or 0,
    )
    if min(sides) <= 0 or unit not in {UNIT_INCHES, UNIT_MICROMETERS}:
        return ""
    short, long_ = sorted(side * 254 // 10_000 if unit == UNIT_INCHES else side // 100 for side in sides)
    return next(
        (
            name
            for name, (least, most) in _SIZES.items()
            if abs(least - short) <= _TOLERANCE and abs(most - long_) <= _TOLERANCE
        ),
        "",
    )
