"""Two records of one machine made one: what both counted and saw is there once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from platen.policy.fleet.month_days import DayMeters, MonthDays

UNSEEN = frozenset({"silent", "off", "unknown"})
"""States of a record that nobody got an answer by: what the other record saw meanwhile is what was."""


@dataclass(frozen=True, slots=True)
class Span:
    """A state from when to when; end None: it lasts."""

    state: str
    begin: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergedDays:
    """A month's days as one. twice: by the number of the day, pages and pages in colour that both had counted."""

    text: str
    moved: Mapping[str, int]
    twice: Mapping[int, tuple[int, int]]


def merge_days(kept: Iterable[DayMeters], gone: Iterable[DayMeters], *, at_once: bool) -> MergedDays:
    """The days of a month of both records.

    at_once: both were read at the same time, so that what both counted on a day are the same pages, and the larger is
    what the machine did; else one was read after the other, and both count.
    """
    first, second = ({day.day.day: day for day in days} for days in (kept, gone))
    merged, sums, twice = MonthDays(), dict[str, int](), dict[int, tuple[int, int]]()
    for number in sorted(first.keys() | second.keys()):
        days = [day for day in (first.get(number), second.get(number)) if day is not None]
        names = dict.fromkeys(name for day in days for name in day.moved)
        moves = {name: [day.moved.get(name, 0) for day in days] for name in names}
        moved = {name: max(each) if at_once else sum(each) for name, each in moves.items()}
        spared = [sum(moves.get(name, ())) - moved.get(name, 0) for name in ("total", "total.color")]
        if any(spared):
            twice[number] = spared[0], spared[1]
        gap = " ".join(dict.fromkeys(day.gap for day in days if day.gap))
        anchor = next((day.at_end for day in days if day.at_end), None)
        merged.add(number, moved, gap=gap, at_end=anchor)
        for name, move in moved.items():
            sums[name] = sums.get(name, 0) + move
    return MergedDays(merged.text, sums, twice)


def merge_spans(kept: Sequence[Span], gone: Sequence[Span], now: datetime) -> list[Span]:
    """States of both as one, oldest first: where both saw the machine it is as the first of them says."""
    moments = {each.begin for each in (*kept, *gone)} | {each.end or now for each in (*kept, *gone)}
    found: list[Span] = []
    ordered = sorted(moments)
    ours, theirs = _Walk(kept, now), _Walk(gone, now)
    for begin, end in pairwise(ordered):
        mine, other = ours.at(begin), theirs.at(begin)
        state = other if mine is None or (mine in UNSEEN and other is not None and other not in UNSEEN) else mine
        if state is None:
            continue
        if found and found[-1].end == begin and found[-1].state == state:
            found[-1] = Span(state, found[-1].begin, end)
        else:
            found.append(Span(state, begin, end))
    if found and found[-1].end == now:
        found[-1] = Span(found[-1].state, found[-1].begin)
    return found


class _Walk:
    """Spans in order, asked for moments that never go back."""

    def __init__(self, spans: Sequence[Span], now: datetime) -> None:
        self._spans = sorted(spans, key=lambda span: span.begin)
        self._now, self._at = now, 0

    def at(self, moment: datetime) -> str | None:
        while self._at < len(self._spans) and (self._spans[self._at].end or self._now) <= moment:
            self._at += 1
        if self._at < len(self._spans) and self._spans[self._at].begin <= moment:
            return self._spans[self._at].state
        return None
