"""The values of one machine, put in order by tables and columns, so that a row is found without a search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platen.protocols.snmp import Oid, Value
from platen.readings.text import decoded

# How many arcs a column's own number has, by the beginning of the object identifier. What is in none of these is no
# table that is read here; makers' tables are looked up in the raw values.
_COLUMN_ARCS: dict[Oid, int] = {
    (1, 3, 6, 1, 2, 1, 1): 8,
    (1, 3, 6, 1, 2, 1, 2): 10,
    (1, 3, 6, 1, 2, 1, 25): 11,
    (1, 3, 6, 1, 2, 1, 43): 11,
    (1, 3, 6, 1, 2, 1, 47): 12,
    (1, 3, 6, 1, 4, 1, 2699): 14,
}
_ROOT_ARCS = 7
_PRINTER = (1, 3, 6, 1, 2, 1, 43)
_ARCS_OF_CELLS: dict[Oid, int] = {(5,): 12, (33,): 15}
_ARCS_OF_A_CELL = 13
"""Arcs of a cell of the Printer MIB: prtGeneralTable has one index, finDeviceAttributeTable four, the other tables that
are read have two."""
_AROUND = b" \0%"
_WITHOUT_SIGN, _SMALL = 2**32, 8
_NOTHING: Mapping[Oid, Value] = {}


def column_of(oid: Oid) -> Oid:
    """The column, or scalar, that an instance belongs to; the instance itself where its table is not known."""
    arcs = _COLUMN_ARCS.get(oid[:_ROOT_ARCS], 0)
    return oid[:arcs] if arcs else oid


def is_in_tables(oid: Oid) -> bool:
    """Whether `Tables` takes it in at all."""
    return oid[:_ROOT_ARCS] in _COLUMN_ARCS


class Tables:
    """Values by column and index. Absent and ill-typed values read as None or "": machines get types wrong."""

    __slots__ = ("charset", "columns", "language")

    def __init__(self, raw: Mapping[Oid, Value] = _NOTHING) -> None:
        self.columns: dict[Oid, dict[Oid, Value]] = {}
        self.charset: int | None = None
        self.language = ""
        self.add(raw)

    def add(self, raw: Mapping[Oid, Value]) -> None:
        """Take in values; a later one replaces an earlier one of the same object.

        Cells of the Printer MIB whose index is of another length than its tables have are none, nor is what is named
        below one: an agent that answers in circles makes them up.
        """
        columns, arcs_of = self.columns, _COLUMN_ARCS
        made_up: list[Oid] = []
        for oid, value in raw.items():
            root = oid[:_ROOT_ARCS]
            arcs = arcs_of.get(root)
            if arcs is None or value is None:
                continue
            if root == _PRINTER and len(oid) != _ARCS_OF_CELLS.get(oid[7:8], _ARCS_OF_A_CELL):
                made_up.append(oid)
                continue
            column = columns.get(oid[:arcs])
            if column is None:
                columns[oid[:arcs]] = {oid[arcs:]: value}
            else:
                column[oid[arcs:]] = value
        for oid in made_up:
            self._drop_below(oid)

    def _drop_below(self, made_up: Oid) -> None:
        """No object of a table is named below another one (RFC 2578 section 7.7)."""
        column = column_of(made_up)
        below = made_up[len(column) :]
        for index in [index for index in self.columns.get(column, _NOTHING) if below and index[: len(below)] == below]:
            del self.columns[column][index]

    def over(self, raw: Mapping[Oid, Value]) -> Tables:
        """A copy with other values over these; columns that do not change are shared."""
        copy = Tables()
        copy.charset, copy.language = self.charset, self.language
        copy.columns = dict(self.columns)
        for oid in raw:
            arcs = _COLUMN_ARCS.get(oid[:_ROOT_ARCS])
            if arcs and copy.columns.get(oid[:arcs]) is self.columns.get(oid[:arcs]):
                copy.columns[oid[:arcs]] = dict(self.columns.get(oid[:arcs], _NOTHING))
        copy.add(raw)
        return copy

    def column(self, column: Oid) -> Mapping[Oid, Value]:
        """Index to value."""
        return self.columns.get(column, _NOTHING)

    def rows(self, *columns: Oid) -> list[Oid]:
        """The indexes that any of the columns has, in order."""
        found: set[Oid] = set()
        for column in columns:
            found.update(self.column(column))
        return sorted(found)

    def number(self, column: Oid, index: Oid) -> int | None:
        """A number; None where there is none. A number that came as a text of digits counts.

        Small negative numbers that an agent wrote without their sign, as 4294967293 for -3, are what was meant.
        """
        value = self.column(column).get(index)
        if isinstance(value, bytes) and len(value) <= 12 and value.strip(_AROUND).removeprefix(b"-").isdigit():
            value = int(value.strip(_AROUND))
        if not isinstance(value, int):
            return None
        return value - _WITHOUT_SIGN if _WITHOUT_SIGN - _SMALL <= value < _WITHOUT_SIGN else value

    def can_be(self, index: Oid, *numbers: Oid) -> bool:
        """Whether a row can be one: of what should be numbers, one is, or none of them was said."""
        said = [column for column in numbers if index in self.column(column)]
        return not said or any(self.number(column, index) is not None for column in said)

    def text(self, column: Oid, index: Oid) -> str:
        """A text in one line; "" where there is none."""
        value = self.column(column).get(index)
        return decoded(value, self.charset, self.language) if isinstance(value, bytes) else ""

    def octets(self, column: Oid, index: Oid) -> bytes:
        """The octets as they came."""
        value = self.column(column).get(index)
        return value if isinstance(value, bytes) else b""

    def oid(self, column: Oid, index: Oid) -> Oid:
        """An object identifier; empty where there is none, as for 0.0."""
        value = self.column(column).get(index)
        return value if isinstance(value, tuple) and value != (0, 0) else ()

    def scalar(self, oid: Oid) -> Value:
        """The value of one instance, given whole."""
        column = column_of(oid)
        return self.column(column).get(oid[len(column) :])

    def scalar_text(self, oid: Oid) -> str:
        """The text of one instance, given whole."""
        column = column_of(oid)
        return self.text(column, oid[len(column) :])


def merged(*parts: Mapping[Oid, Value]) -> dict[Oid, Value]:
    """Values of several answers; later ones win."""
    whole: dict[Oid, Value] = {}
    for part in parts:
        whole.update(part)
    return whole


def below(raw: Mapping[Oid, Value], root: Oid) -> Iterable[tuple[Oid, Value]]:
    """The objects below a root with what stands behind it."""
    arcs = len(root)
    return ((oid[arcs:], value) for oid, value in raw.items() if oid[:arcs] == root)
