"""A machine's meters at any past moment, as exactly as what is kept of that time says.

From the last day or month whose meters are kept whole, the moves of the days after it are added; of the moment's own
day, the readings up to it. Where readings are no longer kept, the meters are those at the end of the day before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from platen.fleet.models import DayMeters, Machine, MeterReading, MonthMeters
from platen.policy.fleet.rollups import added, day_of, first_moment, month_of, total_of, zone
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
        own = self._own_day()
        if own is not None:
            return self._back_from(own)
        start = self._anchor()
        if start is None:
            return MetersAt({}, None, gaps=["Nothing is kept of that time."])
        moves = [start.values]
        gaps, last = start.gaps, start.day
        for each in DayMeters.objects.filter(machine=self.machine, day__gt=last, day__lt=self.day).order_by("day"):
            moves.append(moves_of(each))
            gaps += _Anchor(each.day, {}, each.gap).gaps
            last = each.day
        known_at = first_moment(last + timedelta(days=1), self.place)
        readings = self._readings(first_moment(self.day, self.place), self.moment)
        moves += [reading.moved for reading in readings]
        if readings:
            return MetersAt(total_of(moves), readings[-1].at, exact=True, gaps=gaps)
        return MetersAt(total_of(moves), known_at, gaps=gaps)

    def _own_day(self) -> _Anchor | None:
        """The moment's day, if counting began anew on it: moves alone do not lead there, but back from its end."""
        found = DayMeters.objects.filter(machine=self.machine, day=self.day).exclude(at_end={}).first()
        return None if found is None else _Anchor(found.day, found.at_end, found.gap)

    def _anchor(self) -> _Anchor | None:
        """The last day or month before the moment's day whose meters are kept."""
        months = MonthMeters.objects.filter(machine=self.machine, day__lt=month_of(self.day)).exclude(at_end={})
        days = DayMeters.objects.filter(machine=self.machine, day__lt=self.day).exclude(at_end={})
        found = [_Anchor(each.day, each.at_end, each.gap) for each in days.order_by("-day")[:1]]
        for each in months.order_by("-day")[:1]:
            end = (each.day + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            found.append(_Anchor(end, each.at_end))
        return max(found, key=lambda anchor: anchor.day, default=None)

    def _back_from(self, end: _Anchor) -> MetersAt:
        """From a day's last meters back to the moment: what was counted anew on it has no way across that."""
        values = dict(end.values)
        after = self._readings(self.moment, first_moment(end.day + timedelta(days=1), self.place))
        for reading in after:
            values = added(values, {name: -moved for name, moved in reading.moved.items()})
        return MetersAt(values, self.moment.astimezone(UTC), exact=True, gaps=end.gaps)

    def _readings(self, after: datetime, until: datetime) -> list[Any]:
        """Readings that were believed, after a moment and up to another."""
        readings = MeterReading.objects.filter(machine=self.machine, at__gt=after, at__lte=until)
        return list(readings.only("at", "moved").order_by("at", "id"))


def moves_of(row: DayMeters | MonthMeters) -> dict[str, int]:
    """How far each meter moved in a day or a month."""
    moved = dict(row.moved)
    for name, value in (("total", row.pages), ("total.color", row.color)):
        if value:
            moved[name] = value
    return moved
