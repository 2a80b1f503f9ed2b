"""Supplies of finishers beside those of the marker: staples that a machine tells in both tables are there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from platen.protocols.snmp import Oid
from platen.readings import finisher_words as words
from platen.readings import objects as o
from platen.readings.facts import Supply, SupplyState
from platen.readings.tables import Tables

_PREFIXES = ("fin.", "ipp.fin.")
"""How keys of supplies of finishers begin."""
OF_FINISHERS = frozenset(
    {
        *("staples", "stitching-wire", "binding-supply", "banding-supply", "shrink-wrap", "paper-wrap"),
        *("glue-water-additive", "waste-paper", "inserts", "covers"),
    }
)
"""Kinds that no marker uses up, so that a row of the marker's table is about a finisher."""
_MEASURED = frozenset({SupplyState.LEVEL, SupplyState.EMPTY})


def is_fitted(tables: Tables, index: Oid) -> bool:
    """Whether the finisher of a supply is on the machine, as far as that is said."""
    row = tables.number(o.FIN_SUPPLY_DEVICE_INDEX, index)
    return row is None or tables.number(o.FIN_DEVICE_PRESENT_ON_OFF, (*index[:-1], row)) != words.NOT_PRESENT


def told_once(supplies: tuple[Supply, ...]) -> tuple[Supply, ...]:
    """Without rows of finSupplyTable that prtMarkerSuppliesTable has as well; the row that is measured stays.

    Over IPP these are printer-finisher-supplies and printer-supply.

    Two rows are the same where they are called the same, or where both tables have as many of their kind.
    """
    marker = [each for each in supplies if not is_finishers(each) and each.kind in OF_FINISHERS]
    finisher = [each for each in supplies if is_finishers(each) and each.kind in OF_FINISHERS]
    if not marker or not finisher:
        return supplies
    gone: set[str] = set()
    filled: dict[str, Supply] = {}
    for mine, other in _pairs(marker, finisher):
        stays, goes = (mine, other) if mine.state in _MEASURED or other.state not in _MEASURED else (other, mine)
        gone.add(goes.key)
        filled[stays.key] = _filled(stays, goes)
    return tuple(filled.get(each.key, each) for each in supplies if each.key not in gone)


def not_told_before(moved: tuple[Supply, ...], last: tuple[Supply, ...]) -> tuple[Supply, ...]:
    """Of what moved without the rows that the last reading left out because the other table has them as well."""
    tables = {is_finishers(each) for each in last if each.kind in OF_FINISHERS}
    if not tables:
        return moved
    known = {each.key for each in last}
    return tuple(each for each in moved if each.key in known or (not is_finishers(each)) not in tables)


def _pairs(marker: list[Supply], finisher: list[Supply]) -> Iterable[tuple[Supply, Supply]]:
    """Rows that are the same, each in one pair at most."""
    here, there = (Counter(each.kind for each in rows) for rows in (marker, finisher))
    left = list(finisher)
    for mine in marker:
        same = [each for each in left if each.kind == mine.kind]
        named = [each for each in same if _name(each) and _name(each) == _name(mine)]
        found = named or (same if here[mine.kind] == there[mine.kind] else [])
        if found:
            left.remove(found[0])
            yield mine, found[0]


def _filled(stays: Supply, goes: Supply) -> Supply:
    return replace(
        stays,
        description=stays.description or goes.description,
        part_number=stays.part_number or goes.part_number,
        serial=stays.serial or goes.serial,
    )


def _name(supply: Supply) -> str:
    return supply.description.casefold()


def is_finishers(supply: Supply) -> bool:
    """Whether a table of finishers told it."""
    return supply.key.startswith(_PREFIXES)
