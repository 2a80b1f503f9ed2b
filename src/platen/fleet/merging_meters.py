"""Meters of two records of one machine, as those of one: months with their days, readings, and the fleet's sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from platen.fleet.meters_at import moves_of, place_of
from platen.fleet.models import FleetDay, Machine, MeterReading, MonthMeters
from platen.policy.fleet.joining import Record, Stretch, base_of, joined, known_ahead
from platen.policy.fleet.month_days import GAP_MAX, DayMeters, MonthDays
from platen.policy.fleet.rollups import day_of, month_of, total_of

TOTALS = ("total", "total.color")


@dataclass(frozen=True, slots=True)
class _Counted:
    """A machine's months and what they say."""

    machine: Machine
    months: dict[date, MonthMeters]
    record: Record

    def days(self, month: date) -> list[DayMeters]:
        found = self.months.get(month)
        return [] if found is None else list(MonthDays(found.days).of(month))


@dataclass(frozen=True, slots=True)
class _Both:
    """Both records, which began first and which second, and how far the machine's meters went by day."""

    first: _Counted
    second: _Counted
    moves: Mapping[date, Mapping[str, int]]
    at_once: bool

    def of(self, month: date) -> dict[date, Mapping[str, int]]:
        return {day: moved for day, moved in self.moves.items() if month_of(day) == month}

    def days(self, month: date) -> list[DayMeters]:
        return [*self.first.days(month), *self.second.days(month)]

    def leads(self, name: str) -> bool:
        """Whether a meter of the first record leads to the second's by its moves."""
        return self.at_once and known_ahead(self.first.record, self.second.record, name) is not None

    def at_end(self, month: date, known: Sequence[Mapping[str, int]]) -> dict[str, int]:
        """The meters at the end of a month. known: as both records say, where they say anything."""
        if not self.at_once:
            return dict(next((each for each in reversed(known) if each), {}))
        values = {name: max(each[name] for each in known if name in each) for each in known for name in each}
        moved = total_of(moved for day, moved in self.moves.items() if day <= _last_day(month))
        exact = {name: self.first.record.base[name] + moved.get(name, 0) for name in values if self.leads(name)}
        return values | exact


def merge_meters(kept: Machine, gone: Machine) -> None:
    """Months with their days, then readings. What both had counted is taken out of the fleet's sums."""
    first, second = sorted((_counted(kept), _counted(gone)), key=lambda each: each.machine.found_at)
    at_once = _at_once(first, second)
    both = _Both(first, second, joined(first.record, second.record, at_once=at_once), at_once)
    for month in sorted(first.months.keys() | second.months.keys()):
        _merge_month(kept, both, month)
    if at_once:
        _spare_readings(kept, gone, both.moves)
    MeterReading.objects.filter(machine=gone).update(machine=kept)
    newest = MonthMeters.objects.filter(machine=kept).order_by("-day").first()
    if newest is not None and newest.day == month_of(day_of(timezone.now(), place_of(kept))):
        kept.pages_month = newest.pages


def _at_once(first: _Counted, second: _Counted) -> bool:
    """Whether the second record was read before the first was read for the last time."""
    until = first.machine.counted_at
    if until is None or second.machine.counted_at is None or second.machine.found_at >= until:
        return False
    return second.record.begin <= first.record.end


def _counted(machine: Machine) -> _Counted:
    place, months = place_of(machine), list(MonthMeters.objects.filter(machine=machine).order_by("day"))
    begin, end = machine.found_at, machine.counted_at or machine.found_at
    first, last = day_of(begin, place), day_of(end, place)
    stretches: list[Stretch] = []
    kept: list[tuple[date, Mapping[str, int]]] = []
    for month in months:
        days = list(MonthDays(month.days).of(month.day))
        for day in days:
            since = stretches[-1].end + timedelta(days=1) if stretches else first
            stretches.append(Stretch(min(since, day.day) if day.gap else day.day, day.day, day.moved))
        if not days and moves_of(month):
            stretches.append(_whole(month, first, last))
        kept += [(day.day, day.at_end) for day in days if day.at_end]
        kept += [(_last_day(month.day), month.at_end)] if month.at_end else []
    if stretches:
        # Where the first day is kept with its meters, it is that of the first reading, however early it was found.
        is_first = bool(months[0].days) and any(day == stretches[0].end for day, _ in kept[:1])
        first = stretches[0].end if is_first else min(first, stretches[0].end)
        last = max(last, stretches[-1].end)
    record = Record(first, last, stretches, base_of(machine.meters, stretches, kept))
    return _Counted(machine, {month.day: month for month in months}, record)


def _whole(month: MonthMeters, first: date, last: date) -> Stretch:
    """A month whose days are forgotten. When the machine was found in it, half of what it counted was before the middle
    of the days that were left."""
    end = max(month.day, min(_last_day(month.day), last))
    begin = month.day if first <= month.day else first + max(timedelta(), end - first) / 2
    return Stretch(begin, end, moves_of(month))


def _merge_month(kept: Machine, both: _Both, month: date) -> None:
    rows = [each.months[month] for each in (both.first, both.second) if month in each.months]
    row = next((each for each in rows if each.machine_id == kept.pk), rows[0])
    before, moved = total_of(moves_of(each) for each in rows), total_of(both.of(month).values())
    if all(each.days or not moves_of(each) for each in rows):
        _correct_days(both, month)
        row.days = _days_text(both, month)
    else:
        _correct_month(month, *(before.get(name, 0) - moved.get(name, 0) for name in TOTALS))
        row.days = ""
    row.pages, row.color, row.moved = moved.pop("total", 0), moved.pop("total.color", 0), moved
    row.gap = " ".join(dict.fromkeys(each.gap for each in rows if each.gap))[:GAP_MAX]
    row.machine, row.at_end = kept, both.at_end(month, [each.at_end for each in rows])
    MonthMeters.objects.filter(pk__in=[each.pk for each in rows if each.pk != row.pk]).delete()
    row.save()


def _days_text(both: _Both, month: date) -> str:
    text, moves, leads = MonthDays(), both.of(month), both.leads("total")
    for number in sorted({day.day for day in both.days(month)}):
        same = [day for day in both.days(month) if day.day == number]
        gap = " ".join(dict.fromkeys(day.gap for day in same if day.gap))
        if leads and number == both.second.record.begin:  # what the second began with says nothing more
            same = [day for day in both.first.days(month) if day.day == number]
        whole = max((day.at_end for day in same), key=lambda at_end: at_end.get("total", 0), default={})
        text.add(number.day, moves.get(number, {}), gap=gap, at_end=whole or None)
    return text.text


def _correct_days(both: _Both, month: date) -> None:
    """The fleet's sums of the days of a month, by what is counted otherwise now."""
    before = both.days(month)
    for day, moved in both.of(month).items():
        pages, color = (
            moved.get(name, 0) - sum(each.moved.get(name, 0) for each in before if each.day == day) for name in TOTALS
        )
        if pages or color:
            FleetDay.objects.filter(day=day).update(pages=F("pages") + pages, color=F("color") + color)


def _correct_month(month: date, pages: int, color: int) -> None:
    """The fleet's sums of a month whose days are forgotten, latest first, by what was counted twice in it (negative:
    not at all)."""
    for day in FleetDay.objects.filter(day__gte=month, day__lte=_last_day(month)).order_by("-day"):
        taken = min(pages, day.pages), min(color, day.color)
        FleetDay.objects.filter(pk=day.pk).update(pages=F("pages") - taken[0], color=F("color") - taken[1])
        pages, color = pages - taken[0], color - taken[1]
        if not pages and not color:
            return


def _spare_readings(kept: Machine, gone: Machine, moves: Mapping[date, Mapping[str, int]]) -> None:
    """Readings of days on which the record that stays was read say the same again. A reading that caught up says no
    more than what the days before it left."""
    place = place_of(kept)
    known: dict[date, list[MeterReading]] = {}
    believed = MeterReading.objects.filter(suspicion="", at__gte=max(kept.found_at, gone.found_at) - timedelta(days=1))
    for reading in believed.filter(machine=kept).order_by("-at"):
        known.setdefault(day_of(reading.at, place), []).append(reading)
    again = [each.pk for each in believed.filter(machine=gone) if day_of(each.at, place) in known]
    MeterReading.objects.filter(pk__in=again).delete()
    for reading in believed.filter(machine=gone).order_by("-at"):
        known.setdefault(day_of(reading.at, place), []).append(reading)
    for day, readings in known.items():
        if day in moves:
            _cut(readings, dict(moves[day]))


def _cut(readings: Sequence[MeterReading], left: dict[str, int]) -> None:
    """Readings of a day, latest first, that moved no more together than the day did."""
    for reading in readings:
        moved = {name: min(move, left.get(name, 0)) for name, move in reading.moved.items()}
        left = {name: move - moved.get(name, 0) for name, move in left.items()}
        moved = {name: move for name, move in moved.items() if move}
        if moved != reading.moved:
            MeterReading.objects.filter(pk=reading.pk).update(moved=moved)


def _last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
