"""A machine's meters at any past moment, as exactly as what is kept of that time says.

From the last day or month whose meters are kept whole, the moves of the days after it are added; of the moment's own
day, the readings up to it. Where its readings are no longer kept, or not all of them, the meters are those at the end
of the day before, and said to be.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine, MeterReading, MonthMeters
from platen.policy.fleet.month_days import DayMeters, MonthDays
from platen.policy.fleet.rollups import day_of, first_moment, month_of, total_of, zone
from platen.tenants.queries import current_policy

AHEAD_MAX = timedelta(hours=1)
"""Clocks differ, and forms know minutes only: so far ahead is now."""
UNKNOWN_MAX = 8
"""So many meters are named in a sentence."""


@dataclass(frozen=True, slots=True)
class MetersAt:
    """Meters at a moment. known_at: the last moment of which what is kept says something; exact: it is a reading's.

    gaps: sentences about what is to be known of the way there.
    """

    values: dict[str, int]
    known_at: datetime | None
    exact: bool = False
    gaps: list[str] = field(default_factory=list)


def place_of(machine: Machine) -> ZoneInfo:
    """The time zone by whose days a machine is counted."""
    otherwise = current_policy().time_zone
    return zone(machine.time_zone or otherwise, otherwise)


def meters_at(machine: Machine, moment: datetime) -> MetersAt:
    """The meters of one of the current tenant's machines. Raises: InvalidValue for a moment that is still to come."""
    if moment > max(filter(None, (timezone.now(), machine.counted_at))) + AHEAD_MAX:
        raise InvalidValue(f"{moment:%Y-%m-%d %H:%M} is still to come. Choose a moment that is past.")
    if machine.counted_at is not None and moment >= machine.counted_at:
        return MetersAt(dict(machine.meters), machine.counted_at, exact=True)
    return _Past(machine, moment, place_of(machine)).meters()


@dataclass(slots=True)
class _Way:
    """The last day whose meters are kept whole, and the days from there on.

    ends: a sentence about why it ends before it is there; none: it does not.
    """

    start: DayMeters | None = None
    days: list[DayMeters] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    def go(self, days: Iterable[DayMeters]) -> None:
        """On over more days; one whose meters are kept whole is where it begins anew."""
        for day in days:
            if day.at_end:
                self.start, self.days, self.ends = day, [], []
            elif not self.ends:
                self.days.append(day)


@dataclass(frozen=True, slots=True)
class _Past:
    """A moment of a machine."""

    machine: Machine
    moment: datetime
    place: ZoneInfo

    @property
    def day(self) -> date:
        return day_of(self.moment, self.place)

    def meters(self) -> MetersAt:
        of_day = self._readings()
        readings = [reading for reading in of_day if reading.at <= self.moment]
        base = next((place for place in reversed(range(len(readings))) if readings[place].raw is not None), None)
        own = self._own_day()
        if base is not None:
            # Counting began anew on this day.
            values = json.loads(zlib.decompress(bytes(readings[base].raw)))
            return _led([values, *(each.moved for each in readings[base + 1 :])], readings[-1].at, _gaps([own]))
        way = self._way()
        if way.start is None:
            return MetersAt({}, None, gaps=["Nothing is kept of that time."])
        moves, gaps = [way.start.at_end, *(day.moved for day in way.days)], [*_gaps([way.start, *way.days]), *way.ends]
        if readings and not way.ends:
            if self._whole(own, of_day):
                return _led([*moves, *(each.moved for each in readings)], readings[-1].at, gaps)
            gaps.append(f"{self.day.isoformat()}: not all readings of this day are kept.")
        last = way.days[-1].day if way.days else way.start.day
        return replace(_led(moves, first_moment(last + timedelta(days=1), self.place), gaps), exact=False)

    def _way(self) -> _Way:
        """From the last day before the moment's day whose meters are kept whole."""
        ended = self._months(day__lt=month_of(self.day)).exclude(at_end={}).order_by("-day").first()
        months = self._months(day__lte=self.day).order_by("day")
        way = _Way()
        if ended is not None:
            way.start = DayMeters(_last_day(ended.day), {}, ended.at_end)
            months = months.filter(day__gt=ended.day)
        for month, text in months.values_list("day", "days"):
            if text:
                way.go(day for day in MonthDays(text).of(month) if day.day < self.day)
            else:
                way.ends = [f"{month:%Y-%m}: the days of this month are kept no longer."]
        return way

    def _own_day(self) -> DayMeters:
        """The moment's day, also where nothing is kept of it."""
        text = self._months(day=month_of(self.day)).values_list("days", flat=True).first() or ""
        days = (day for day in MonthDays(text).of(month_of(self.day)) if day.day == self.day)
        return next(days, DayMeters(self.day, {}))

    def _whole(self, own: DayMeters, readings: Iterable[Any]) -> bool:
        """Whether the readings that are kept of the moment's day are all that it had: the oldest are forgotten first.

        That they moved what the day moved says so, unless counting began anew on it: such a reading may move nothing.
        """
        if total_of(reading.moved for reading in readings) != own.moved:
            return False
        before = MeterReading.objects.filter(machine=self.machine, at__lt=first_moment(self.day, self.place))
        return not own.at_end or before.exists()

    def _months(self, **where: date) -> QuerySet[MonthMeters]:
        found: QuerySet[MonthMeters] = MonthMeters.objects.filter(machine=self.machine, **where)
        return found

    def _readings(self) -> list[Any]:
        """Readings of the moment's day that were believed."""
        begin, end = (first_moment(day, self.place) for day in (self.day, self.day + timedelta(days=1)))
        readings = MeterReading.objects.filter(machine=self.machine, at__gte=begin, at__lt=end, suspicion="")
        return list(readings.order_by("at", "id"))


def moves_of(month: MonthMeters) -> dict[str, int]:
    """How far each meter moved in a month."""
    moved = dict(month.moved)
    for name, value in (("total", month.pages), ("total.color", month.color)):
        if value:
            moved[name] = value
    return moved


def _led(moves: Sequence[Mapping[str, int]], known_at: datetime, gaps: list[str]) -> MetersAt:
    """The meters to which moves lead from the first of them, which are meters kept whole. Where a meter that moved is
    not among these, its moves are not its value: it is left out."""
    values = total_of(moves)
    unknown = sorted(values.keys() - moves[0].keys())
    if unknown:
        values = {name: value for name, value in values.items() if name in moves[0]}
        some = ", ".join(unknown[:UNKNOWN_MAX])
        gaps = [*gaps, f"It is not kept where these meters stood when they first showed: {some}."]
    return MetersAt(values, known_at, exact=not unknown, gaps=gaps)


def _gaps(days: Iterable[DayMeters]) -> list[str]:
    return [f"{day.day.isoformat()}: {day.gap}" for day in days if day.gap]


def _last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
