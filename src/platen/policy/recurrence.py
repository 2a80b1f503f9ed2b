"""When something is done: once, or every so many minutes, hours, days, weeks or months, by a place's own clock.

A local time that the change to summer time leaves out is the first moment after the gap; one that occurs twice is taken
the first time. A month without the given day takes its last day, or is left out where that is asked for.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TARGETS = "targets"
"""As a zone: the one of each target, so that 8 o'clock is 8 o'clock everywhere."""
N_MAX = 1000
SEARCHED_MAX = 4000
"""How many days, weeks or months are looked through for the next time."""


class RecurrenceError(ValueError):
    """A schedule cannot be used; the sentence says why."""


class Unit(StrEnum):
    """What an interval is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Once:
    """At one local date and time."""

    at: datetime  # without a zone
    zone: str = TARGETS

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"kind": "once", "at": self.at.isoformat(), "zone": self.zone}


@dataclass(frozen=True, slots=True)
class Every:
    """Every `n` units from `start` on, in a zone.

    weekdays: of weeks: 0 Monday to 6 Sunday; none: that of `start`.
    day: of months: 1 to 31, or -1 for the last.
    week, weekday: of months: instead of a day, the first to fourth (1 to 4) or last (-1) such weekday.
    """

    unit: Unit
    n: int
    start: date
    at: time = time()
    zone: str = TARGETS
    weekdays: frozenset[int] = frozenset()
    day: int | None = None
    week: int | None = None
    weekday: int | None = None
    skip_short: bool = False
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        stored: dict[str, Any] = {"kind": "every", "unit": self.unit.value, "n": self.n, "zone": self.zone}
        stored |= {"start": self.start.isoformat(), "at": self.at.isoformat("minutes")}
        stored |= {"weekdays": sorted(self.weekdays), "day": self.day, "week": self.week, "weekday": self.weekday}
        return stored | {"skip_short": self.skip_short, "until": self.until.isoformat() if self.until else None}


Schedule = Once | Every


def parse_schedule(stored: object) -> Schedule:
    """What is stored, or came from a form.

    Raises: RecurrenceError.
    """
    if not isinstance(stored, Mapping):
        raise RecurrenceError("A schedule says when: once, or every so often.")
    try:
        if stored.get("kind") == "once":
            return _checked_once(stored)
        if stored.get("kind") == "every":
            return _checked(_every(stored))
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, RecurrenceError):
            raise
        raise RecurrenceError(f"The schedule cannot be read: {error}.") from error
    raise RecurrenceError("A schedule is “once” or “every”.")


def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises: RecurrenceError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RecurrenceError(f"“{name}” is no time zone. Write for example Europe/Berlin.") from error


def next_time(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first time after a moment, in UTC; None where there is none any more.

    zone: of the target, for a schedule that follows its targets.
    """
    place = zone if schedule.zone == TARGETS else zone_named(schedule.zone)
    if isinstance(schedule, Once):
        moment = _moment(schedule.at, place)
        return moment if moment > after else None
    if schedule.unit in {Unit.MINUTES, Unit.HOURS}:
        return _next_interval(schedule, after, place)
    for day in _days(schedule, after.astimezone(place).date() - timedelta(days=1)):
        if schedule.until is not None and day > schedule.until:
            return None
        moment = _moment(datetime.combine(day, schedule.at), place)
        if moment > after:
            return moment
    return None


def _every(stored: Mapping[str, Any]) -> Every:
    return Every(
        unit=Unit(stored.get("unit", "days")),
        n=int(stored.get("n", 1)),
        start=date.fromisoformat(str(stored["start"])) if stored.get("start") else date(2026, 1, 1),
        at=time.fromisoformat(str(stored.get("at") or "00:00")).replace(tzinfo=None),
        zone=str(stored.get("zone") or TARGETS),
        weekdays=frozenset(int(each) for each in stored.get("weekdays") or ()),
        day=_number(stored.get("day")),
        week=_number(stored.get("week")),
        weekday=_number(stored.get("weekday")),
        skip_short=bool(stored.get("skip_short", False)),
        until=date.fromisoformat(str(stored["until"])) if stored.get("until") else None,
    )


def _number(value: object) -> int | None:
    return None if value in (None, "") else int(str(value))


def _checked_once(stored: Mapping[str, Any]) -> Once:
    once = Once(datetime.fromisoformat(str(stored.get("at"))).replace(tzinfo=None), str(stored.get("zone") or TARGETS))
    _check_zone(once.zone)
    return once


def _checked(every: Every) -> Every:
    if not 1 <= every.n <= N_MAX:
        raise RecurrenceError(f"The interval is a number from 1 to {N_MAX}.")
    if not every.weekdays <= set(range(7)) or every.weekday not in {None, *range(7)}:
        raise RecurrenceError("Weekdays are numbered from 0, Monday, to 6, Sunday.")
    if every.week not in {None, 1, 2, 3, 4, -1}:
        raise RecurrenceError("The week of a month is 1 to 4, or -1 for the last.")
    if every.day is not None and not (1 <= every.day <= 31 or every.day == -1):
        raise RecurrenceError("The day of a month is 1 to 31, or -1 for the last.")
    if (every.week is None) != (every.weekday is None):
        raise RecurrenceError("A weekday of a month needs both the week and the weekday.")
    if every.until is not None and every.until < every.start:
        raise RecurrenceError("The schedule ends before it begins.")
    _check_zone(every.zone)
    return every


def _check_zone(name: str) -> None:
    if name != TARGETS:
        zone_named(name)


def _moment(local: datetime, zone: ZoneInfo) -> datetime:
    """A local time as a moment, in UTC. One that does not exist becomes the first one after the gap."""
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    there = moment.astimezone(zone).replace(tzinfo=None)
    if there == local:
        return moment
    before = (local.replace(tzinfo=zone, fold=1)).astimezone(UTC)
    return _end_of_gap(min(before, moment), max(before, moment), zone)


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the clock is put forward."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _next_interval(every: Every, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Minutes and hours are counted on, whatever the clock does."""
    first = _moment(datetime.combine(every.start, every.at), zone)
    step = timedelta(minutes=every.n) if every.unit is Unit.MINUTES else timedelta(hours=every.n)
    moment = first if after < first else first + step * ((after - first) // step + 1)
    if every.until is not None and moment.astimezone(zone).date() > every.until:
        return None
    return moment


def _days(every: Every, since: date) -> Iterator[date]:
    """The days on which it is due, from about `since` on, in order."""
    days = {Unit.DAYS: _every_days, Unit.WEEKS: _every_weeks}.get(every.unit, _every_months)
    since = max(since, every.start)
    for day, _ in zip(days(every, since), range(SEARCHED_MAX), strict=False):
        if day >= every.start:
            yield day


def _every_days(every: Every, since: date) -> Iterator[date]:
    first = (since - every.start).days // every.n
    for number in count(first):
        yield every.start + timedelta(days=number * every.n)


def _every_weeks(every: Every, since: date) -> Iterator[date]:
    weekdays = sorted(every.weekdays or {every.start.weekday()})
    monday = every.start - timedelta(days=every.start.weekday())
    first = (since - monday).days // 7 // every.n
    for number in count(first):
        for weekday in weekdays:
            yield monday + timedelta(days=7 * number * every.n + weekday)


def _every_months(every: Every, since: date) -> Iterator[date]:
    start = every.start.year * 12 + every.start.month - 1
    first = (since.year * 12 + since.month - 1 - start) // every.n
    for number in count(first):
        year, month = divmod(start + number * every.n, 12)
        day = _day_of_month(every, year, month + 1)
        if day is not None:
            yield date(year, month + 1, day)


def _day_of_month(every: Every, year: int, month: int) -> int | None:
    length = calendar.monthrange(year, month)[1]
    if every.week is not None and every.weekday is not None:
        first = 1 + (every.weekday - date(year, month, 1).weekday()) % 7
        days = range(first, length + 1, 7)
        return days[-1] if every.week == -1 else days[every.week - 1]
    wanted = every.day or every.start.day
    if wanted == -1:
        return length
    if wanted > length:
        return None if every.skip_short else length
    return wanted
