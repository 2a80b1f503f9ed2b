"""Meters of a batch of readings: their moves, as readings, and as months with their days."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from platen.fleet.batch_sql import (
    Insert,
    Update,
    as_day,
    as_integer,
    as_json,
    as_moment,
    as_text,
    by_keys,
    execute_many,
    from_json,
)
from platen.fleet.events import Happening, Kind
from platen.fleet.known import Known
from platen.fleet.models import MeterReading, MonthMeters
from platen.policy.fleet.meters import Judgement, Verdict, judge
from platen.policy.fleet.month_days import GAP_MAX, MonthDays
from platen.policy.fleet.rollups import added, day_of, gap_sentence, month_of
from platen.tenants.context import current_tenant_id

_READING = Insert(MeterReading, "tenant_id", "machine_id", "at", "moved", "pages", "suspicion", "raw")
_MONTH = ("pages", "color", "moved", "gap", "days")
_NEW, _CHANGED = Insert(MonthMeters, "tenant_id", "machine_id", "day", *_MONTH), Update(MonthMeters, *_MONTH)
_ENDED = Update(MonthMeters, "at_end")
_FLEET_DAY = (
    "INSERT INTO fleet_fleetday (tenant_id, day, pages, color) VALUES (%s, %s, %s, %s) ON CONFLICT (tenant_id, day) "
    "DO UPDATE SET pages = fleet_fleetday.pages + excluded.pages, color = fleet_fleetday.color + excluded.color"
)
_GOING_ON = frozenset({Verdict.NORMAL, Verdict.SUSPICIOUS})
"""Of these the meters are those before with what moved."""


@dataclass(slots=True)
class _Move:
    """What one reading adds to a day and a month."""

    known: Known
    day: date
    moved: Mapping[str, int]
    ended: dict[str, int]  # the meters as they were believed before
    anchored: bool  # moves alone do not lead to the meters of this day
    gap: str


@dataclass(slots=True)
class _Month:
    """A month's row."""

    id: int | None = None
    pages: int = 0
    color: int = 0
    moved: dict[str, int] = field(default_factory=dict)
    gap: str = ""
    days: MonthDays = field(default_factory=MonthDays)

    def add(self, move: _Move) -> None:
        """What one reading adds."""
        moved, day = dict(move.moved), move.day.day
        keeps_up = move.anchored or self.days.is_anchored(day)
        self.days.add(day, moved, gap=as_text(move.gap, GAP_MAX), at_end=move.known.meters if keeps_up else None)
        self.pages += moved.pop("total", 0)
        self.color += moved.pop("total.color", 0)
        self.moved = added(self.moved, moved)
        if move.gap and move.gap not in self.gap:
            self.gap = as_text(f"{self.gap} {move.gap}".strip(), GAP_MAX)


@dataclass(slots=True)
class MeterBatch:
    """Takes the meters of one reading after the other, then writes all that moved."""

    happened: list[Happening]
    _readings: list[tuple[Any, ...]] = field(default_factory=list)
    _moves: list[_Move] = field(default_factory=list)

    def take(self, known: Known, now: Mapping[str, int], at: datetime, *, replaced: bool = False) -> None:
        """Judge a reading's meters; what is believed of them is noted in `known`."""
        day = day_of(at, known.place)
        last_day = None if known.counted_at is None else day_of(known.counted_at, known.place)
        if last_day is not None and month_of(last_day) != month_of(day):
            known.pages_month = 0
        # A doubted reading is not the place to count from: the time since the last believed one is what counts.
        since = known.counted_at or at
        judged = judge(
            known.meters,
            now,
            before_s=since.timestamp(),
            now_s=at.timestamp(),
            doubt=known.doubted,
            replaced=replaced,
        )
        self._tell(known, judged, at)
        before, known.doubted = known.meters, judged.doubt
        suspicious = judged.verdict is Verdict.SUSPICIOUS
        known.suspicion = as_text(judged.sentence, 255) if suspicious else ""
        known.meters = dict(judged.values)
        if not suspicious or known.counted_at is None:
            known.counted_at = at
        # A meter that shows for the first time stands somewhere already: no moves lead there.
        anchored = judged.verdict not in _GOING_ON or not judged.values.keys() <= before.keys()
        if judged.moved or anchored or suspicious:
            self._readings.append(_reading_row(known.id, judged, now, at, whole=anchored or suspicious))
        if not judged.moved and not anchored:
            return
        gap = judged.sentence or gap_sentence(last_day, day)
        self._moves.append(_Move(known, day, judged.moved, before, anchored, gap))

    def write(self) -> None:
        """Readings and months."""
        _READING.write(self._readings)
        if self._moves:
            self._add_to_months()
            self._add_to_fleet()

    def _add_to_fleet(self) -> None:
        sums: dict[date, tuple[int, int]] = {}
        for move in self._moves:
            pages, color = sums.get(move.day, (0, 0))
            sums[move.day] = pages + move.moved.get("total", 0), color + move.moved.get("total.color", 0)
        tenant_id = current_tenant_id()
        execute_many(_FLEET_DAY, [(tenant_id, as_day(day), *sums[day]) for day in sorted(sums)])

    def _tell(self, known: Known, judged: Judgement, at: datetime) -> None:
        detail = {"sentence": judged.sentence}
        if judged.verdict is Verdict.SUSPICIOUS and not known.suspicion:
            known.surveyed_at = None  # the next visit asks everything: it may be another machine
            self.happened.append(Happening(Kind.SUSPICIOUS, known.id, at, sentence=judged.sentence, detail=detail))
        elif judged.verdict is Verdict.BELIEVED:
            self.happened.append(Happening(Kind.BELIEVED, known.id, at, sentence=judged.sentence, detail=detail))

    def _add_to_months(self) -> None:
        keyed = [((move.known.id, month_of(move.day)), move) for move in self._moves]
        months = _load({key for key, _ in keyed})
        begun: dict[tuple[int, date], dict[str, int]] = {}
        for key, move in keyed:
            if key not in months:
                months[key], begun[key] = _Month(), move.ended
            months[key].add(move)
            move.known.pages_month = months[key].pages
        _write(months)
        _ENDED.write(_months_before(begun))


def _reading_row(
    machine_id: int, judged: Judgement, now: Mapping[str, int], at: datetime, *, whole: bool
) -> tuple[Any, ...]:
    suspicious = judged.verdict is Verdict.SUSPICIOUS
    values = now if suspicious else judged.values
    return (
        current_tenant_id(),
        machine_id,
        as_moment(at),
        as_json(dict(judged.moved)),
        as_integer(now.get("total")),
        as_text(judged.sentence, 255) if suspicious else "",
        zlib.compress(as_json(dict(values)).encode()) if whole else None,
    )


def _load(keys: set[tuple[int, date]]) -> dict[tuple[int, date], _Month]:
    firsts = sorted({first for _, first in keys})
    statement = (
        "SELECT machine_id, day, id, pages, color, moved, gap, days FROM fleet_monthmeters "  # noqa: S608  # placeholders
        f"WHERE day IN ({', '.join(['%s'] * len(firsts))}) AND machine_id IN ({{keys}})"
    )
    found = by_keys(statement, {machine_id for machine_id, _ in keys}, *map(as_day, firsts))
    return {
        (row[0], row[1]): _Month(row[2], row[3], row[4], from_json(row[5]), row[6], MonthDays(row[7]))
        for row in found
        if (row[0], row[1]) in keys
    }


def _write(months: Mapping[tuple[int, date], _Month]) -> None:
    tenant_id = current_tenant_id()
    new, changed = [], []
    for (machine_id, first), month in months.items():
        values = (month.pages, month.color, as_json(month.moved), month.gap, month.days.text)
        if month.id is None:
            new.append((tenant_id, machine_id, as_day(first), *values))
        else:
            changed.append((*values, month.id))
    _NEW.write(new)
    _CHANGED.write(changed)


def _months_before(new: Mapping[tuple[int, date], dict[str, int]]) -> list[tuple[str, int]]:
    """A month's last meters are known when the next one begins: the meters as they stood then, and the month's row."""
    if not new:
        return []
    ids = sorted({machine_id for machine_id, _ in new})
    latest: dict[int, tuple[date, int]] = {}
    statement = (
        "SELECT machine_id, day, id FROM fleet_monthmeters "
        "WHERE day >= %s AND day < %s AND machine_id IN ({keys}) ORDER BY machine_id, day"
    )
    first, last = min(day for _, day in new), max(day for _, day in new)
    # Months that nothing was counted in have no row: the one before may lie a year back.
    for machine_id, day, row_id in by_keys(statement, ids, as_day(first.replace(year=first.year - 1)), as_day(last)):
        if (machine_id, day) not in new:
            latest[machine_id] = day, row_id
    return [
        (as_json(ended), latest[machine_id][1])
        for (machine_id, day), ended in new.items()
        if machine_id in latest and latest[machine_id][0] < day
    ]
