"""Where media comes from and where it goes (RFC 3805 prtInputTable, prtOutputTable)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.enumerations import UNIT_INCHES, UNIT_MICROMETERS, UNITS
from platen.readings.facts import SupplyState, Tray
from platen.readings.supplies import amount_of
from platen.readings.tables import Tables

TRAYS_MAX = 64
_MEASURES = re.compile(r"\d\s*[x×*]\s*\d")
_INPUT_KEY, _OUTPUT_KEY = "in.", "out."
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
    return tuple(inputs[:TRAYS_MAX] + outputs[:TRAYS_MAX])


def moved_trays(tables: Tables, known: Mapping[str, int | None]) -> tuple[Tray, ...]:
    """Those that have a level, and another one than is known of their key."""
    inputs = _moved(tables, o.PRT_INPUT_CURRENT_LEVEL, _INPUT_KEY, known)
    outputs = _moved(tables, o.PRT_OUTPUT_REMAINING_CAPACITY, _OUTPUT_KEY, known)
    return (*(_input(tables, index) for index in inputs), *(_output(tables, index) for index in outputs))


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
    return _tray(
        tables,
        index,
        key=_OUTPUT_KEY + ".".join(map(str, index)),
        name=_first(tables, (o.PRT_OUTPUT_NAME, o.PRT_OUTPUT_DESCRIPTION), index),
        media="",
        columns=(o.PRT_OUTPUT_REMAINING_CAPACITY, o.PRT_OUTPUT_MAX_CAPACITY, o.PRT_OUTPUT_CAPACITY_UNIT),
        output=True,
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
