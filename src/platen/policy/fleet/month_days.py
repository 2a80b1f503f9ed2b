"""The days of one machine's month in one text: what each moved, and what is to be known of it.

The text is JSON, `[names, days, notes]`. names: the meters in the order in which they first moved. days, in order:
`[1, 12, 0, 3]` is the first of the month with the moves of these meters, without zeros at the end. notes: of the few
days that have any, `{"1": [gap, meters at the end of the day]}`. So a day is some 25 octets, and three years of a
machine are 36 rows to read instead of a thousand.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

GAP_MAX = 200
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class DayMeters:
    """Meters of one day in the machine's own time zone.

    moved: every meter that moved, by name, above zero. at_end: every meter as last believed in it, only of days where
    moves alone do not lead there: the first day that is known of a machine or of one of its meters, and days with a
    reset. gap: what is to be
    known of the day: not read, replaced, reset.
    """

    day: date
    moved: Mapping[str, int]
    at_end: Mapping[str, int] = field(default_factory=dict)
    gap: str = ""

    @property
    def pages(self) -> int:
        """How far the meter `total` moved."""
        return self.moved.get("total", 0)

    @property
    def color(self) -> int:
        """How far `total.color` moved."""
        return self.moved.get("total.color", 0)


class MonthDays:
    """A month that days are added to. Days go by their number in it, 1 to 31."""

    __slots__ = ("_days", "_names", "_notes")

    def __init__(self, text: str = "") -> None:
        """text: as `text` gave it; empty: none yet. Raises: ValueError."""
        self._names: list[str] = []
        self._days: list[list[int]] = []
        self._notes: dict[str, list[Any]] = {}
        if text:
            self._names, self._days, self._notes = json.loads(text)

    def add(
        self, number: int, moved: Mapping[str, int], *, gap: str = "", at_end: Mapping[str, int] | None = None
    ) -> None:
        """More moves of a day. gap: a sentence more about it. at_end: every meter, now that it stands there."""
        row = self._row(number)
        for name, move in moved.items():
            place = self._place(name) + 1
            row += [0] * (place + 1 - len(row))
            row[place] += move
        if gap or at_end is not None:
            note = self._notes.setdefault(str(number), ["", {}])
            if gap and gap not in note[0]:
                note[0] = f"{note[0]} {gap}".strip()[:GAP_MAX]
            if at_end is not None:
                note[1] = dict(at_end)

    def is_anchored(self, number: int) -> bool:
        """Whether the meters at the end of a day are kept: then they have to keep up with what is added to it."""
        note = self._notes.get(str(number))
        return note is not None and bool(note[1])

    @property
    def text(self) -> str:
        """As it is stored."""
        return _encode([self._names, self._days, self._notes]) if self._days else ""

    def of(self, month: date) -> Iterator[DayMeters]:
        """Its days, oldest first. month: the first of it."""
        for number, *moves in self._days:
            gap, at_end = self._notes.get(str(number), ("", {}))
            moved = {name: move for name, move in zip(self._names, moves, strict=False) if move}
            yield DayMeters(month.replace(day=number), moved, at_end, gap)

    def _row(self, number: int) -> list[int]:
        if self._days and self._days[-1][0] == number:  # time goes on: mostly it is the last
            return self._days[-1]
        place = bisect_left(self._days, [number])
        if place == len(self._days) or self._days[place][0] != number:
            self._days.insert(place, [number])
        return self._days[place]

    def _place(self, name: str) -> int:
        try:
            return self._names.index(name)
        except ValueError:
            self._names.append(name)
            return len(self._names) - 1
