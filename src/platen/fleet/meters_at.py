"""A machine's meters at any past moment, as exactly as what is kept of that time says.

From the last day or month whose meters are kept whole, the moves of the days after it are added; of the moment's own
day, the readings up to it. Where readings are no longer kept, the meters are those at the end of the day before.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from platen.fleet.models import DayMeters, Machine, MeterReading, MonthMeters
from platen.policy.fleet.rollups import day_of, first_moment, month_of, total_of, zone
from platen.tenants.queries import current_policy


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
    """The meters of one of the current tenant's machines."""
    if machine.counted_at is not None and moment >= machine.counted_at:
        return MetersAt(dict(machine.meters), machine.counted_at, exact=True)
    return _Past(machine, moment, place_of(machine)).meters()


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Meters that are kept whole: those at the end of a day."""

    day: date
    values: dict[str, int]
    gap: str = ""

    @property
    def gaps(self) -> list[str]:
        return [f"{self.day.isoformat()}: {self.gap}"] if self.gap else []


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
            own, values = readings[base], json.loads(zlib.decompress(bytes(readings[base].raw)))
            values = total_of([values, *(reading.moved for reading in readings[base + 1 :])])
            return MetersAt(values, readings[-1].at, exact=True, gaps=self._own_gaps(own.at))
        start = self._anchor()
        if start is None:
            return MetersAt({}, None, gaps=["Nothing is kept of that time."])
        moves, gaps, last = [start.values], start.gaps, start.day
        for each in DayMeters.objects.filter(machine=self.machine, day__gt=last, day__lt=self.day).order_by("day"):
            moves.append(moves_of(each))
            gaps += _Anchor(each.day, {}, each.gap).gaps
            last = each.day
        if readings:
            moves += [reading.moved for reading in readings]
            return MetersAt(total_of(moves), readings[-1].at, exact=True, gaps=gaps)
        return MetersAt(total_of(moves), first_moment(last + timedelta(days=1), self.place), gaps=gaps)

    def _own_gaps(self, at: datetime) -> list[str]:
        own = DayMeters.objects.filter(machine=self.machine, day=day_of(at, self.place)).first()
        return [] if own is None else _Anchor(own.day, {}, own.gap).gaps

    def _anchor(self) -> _Anchor | None:
        """The last day or month before the moment's day whose meters are kept."""
        months = MonthMeters.objects.filter(machine=self.machine, day__lt=month_of(self.day)).exclude(at_end={})
        days = DayMeters.objects.filter(machine=self.machine, day__lt=self.day).exclude(at_end={})
        found = [_Anchor(each.day, each.at_end, each.gap) for each in days.order_by("-day")[:1]]
        for each in months.order_by("-day")[:1]:
            end = (each.day + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            found.append(_Anchor(end, each.at_end))
        return max(found, key=lambda anchor: anchor.day, default=None)

    def _readings(self) -> list[Any]:
        """Readings of the moment's day that were believed, up to the moment."""
        begin = first_moment(self.day, self.place)
        readings = MeterReading.objects.filter(machine=self.machine, at__gte=begin, at__lte=self.moment, suspicion="")
        return list(readings.order_by("at", "id"))


def moves_of(row: DayMeters | MonthMeters) -> dict[str, int]:
    """How far each meter moved in a day or a month."""
    moved = dict(row.moved)
    for name, value in (("total", row.pages), ("total.color", row.color)):
        if value:
            moved[name] = value
    return moved
