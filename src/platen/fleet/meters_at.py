"""A machine's meters at any past moment, as exactly as what is kept of that time says.

From the last day or month whose meters are kept whole, the moves of the days after it are added; of the moment's own
day, the readings up to it. Where readings are no longer kept, the meters are those at the end of the day before.
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
        readings = self._readings()
        base = next((place for place in reversed(range(len(readings))) if readings[place].raw is not None), None)
        if base is not None:
            # Counting began anew on this day.
            values = json.loads(zlib.decompress(bytes(readings[base].raw)))
            own = [day for day in self._days(month_of(self.day)) if day.day == self.day]
            return _led([values, *(reading.moved for reading in readings[base + 1 :])], readings[-1].at, _gaps(own))
        start, days = self._way()
        if start is None:
            return MetersAt({}, None, gaps=["Nothing is kept of that time."])
        moves, gaps = [start.at_end, *(day.moved for day in days)], _gaps([start, *days])
        if readings:
            return _led([*moves, *(reading.moved for reading in readings)], readings[-1].at, gaps)
        last = days[-1].day if days else start.day
        return replace(_led(moves, first_moment(last + timedelta(days=1), self.place), gaps), exact=False)

    def _way(self) -> tuple[DayMeters | None, list[DayMeters]]:
        """The last day before the moment's day whose meters are kept whole, and the days from there on."""
        ended = self._months(day__lt=month_of(self.day)).exclude(at_end={}).order_by("-day").first()
        start = None if ended is None else DayMeters(_last_day(ended.day), {}, ended.at_end)
        days = self._days(None if ended is None else _last_day(ended.day) + timedelta(days=1))
        days = [day for day in days if day.day < self.day]
        whole = next((place for place in reversed(range(len(days))) if days[place].at_end), None)
        return (start, days) if whole is None else (days[whole], days[whole + 1 :])

    def _days(self, first: date | None) -> list[DayMeters]:
        """From the month that begins then to the moment's month. None: from the oldest that is kept."""
        months = self._months(day__lte=self.day).order_by("day")
        if first is not None:
            months = months.filter(day__gte=first)
        return [day for month, text in months.values_list("day", "days") for day in MonthDays(text).of(month)]

    def _months(self, **where: date) -> QuerySet[MonthMeters]:
        found: QuerySet[MonthMeters] = MonthMeters.objects.filter(machine=self.machine, **where)
        return found

    def _readings(self) -> list[Any]:
        """Readings of the moment's day that were believed, up to the moment."""
        begin = first_moment(self.day, self.place)
        readings = MeterReading.objects.filter(machine=self.machine, at__gte=begin, at__lte=self.moment, suspicion="")
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
