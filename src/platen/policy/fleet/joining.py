"""How far a machine's meters went, of which two records counted at the same time.

Both follow the same meters, and each is behind them until it is read again. So at any moment the machine was where the
record that is further says, whichever of them was silent meanwhile and caught up later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from platen.policy.fleet.rollups import added, total_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a record counted from one day to another, both included: a day, days without readings, or a month."""

    begin: date
    end: date
    moved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """What one record counted. begin, end: the days of its first and last reading; stretches: oldest first; base: the
    meters as first read, by name, of those that were never set back."""

    begin: date
    end: date
    stretches: Sequence[Stretch]
    base: Mapping[str, int] = field(default_factory=dict)

    def moves(self) -> dict[date, dict[str, int]]:
        """By the last day of each stretch."""
        found: dict[date, dict[str, int]] = {}
        for each in self.stretches:
            found[each.end] = added(found.get(each.end, {}), each.moved)
        return found


def joined(first: Record, second: Record, *, at_once: bool) -> dict[date, dict[str, int]]:
    """How far each meter went, by the last day of each stretch of either; only what moved. first: which began first.

    at_once: the second began before the first ended, so that what both counted is the same; else both count.
    """
    ours, theirs = first.moves(), second.moves()
    days = sorted(ours.keys() | theirs.keys())
    if not at_once:
        return {day: added(ours.get(day, {}), theirs.get(day, {})) for day in days}
    found: dict[date, dict[str, int]] = {day: {} for day in days}
    for name in dict.fromkeys(name for moves in (*ours.values(), *theirs.values()) for name in moves):
        one, other, said = _Way(first, name), _Way(second, name), 0
        ahead = _ahead(first, second, one, other, name)
        for day in days:
            now = max(said, one.at(day), other.at(day) + ahead if day >= second.begin else 0)
            if now > said:
                found[day][name] = now - said
            said = now
    return found


def base_of(
    meters: Mapping[str, int], stretches: Sequence[Stretch], kept: Sequence[tuple[date, Mapping[str, int]]]
) -> dict[str, int]:
    """The meters as first read: as they are now without all that they moved.

    kept: meters as they were at the end of some days. A meter that did not come from there by its moves alone was set
    back or replaced, and is left out.
    """
    moved = total_of(each.moved for each in stretches)
    base = {name: value - moved.get(name, 0) for name, value in meters.items()}
    for day, values in kept:
        until = total_of(each.moved for each in stretches if each.end <= day)
        for name, value in values.items():
            if name in base and value - until.get(name, 0) != base[name]:
                del base[name]
    return {name: value for name, value in base.items() if value >= 0}


def known_ahead(first: Record, second: Record, name: str) -> int | None:
    """How far a meter had gone since the first record began when the second did, as the meters as read say; None:
    they do not, or cannot be the same meter's."""
    if name not in first.base or name not in second.base:
        return None
    ahead, way = second.base[name] - first.base[name], _Way(first, name)
    return ahead if way.at(second.begin - DAY) <= ahead <= way.at(date.max) else None


def _ahead(first: Record, second: Record, one: _Way, other: _Way, name: str) -> int:
    """As `known_ahead`; where it is not known, the least that can be by what was counted."""
    known = known_ahead(first, second, name)
    if known is not None:
        return known
    before = one.at(second.begin - DAY)
    if first.end >= second.end:
        return before
    # What the second counts after the first has ended goes on from where the first ended.
    reached = [each for each in second.stretches if each.begin <= first.end]
    return max(before, one.at(date.max) - other.at(reached[-1].end if reached else first.end))


class _Way:
    """How far one meter had gone at the end of a day, by one record."""

    def __init__(self, record: Record, name: str) -> None:
        self._days = [each.end for each in record.stretches]
        self._sums = [0, *accumulate(each.moved.get(name, 0) for each in record.stretches)]

    def at(self, day: date) -> int:
        return self._sums[bisect_right(self._days, day)]
