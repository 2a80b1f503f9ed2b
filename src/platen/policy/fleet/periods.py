"""Periods of reports: days, weeks, months or years, the last of them the one that goes on; what was counted in each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from platen.policy.fleet.rollups import added, month_of

WEEK_DAYS = 7
MONTHS = 12
PERIODS_MIN = 2


class Interval(StrEnum):
    """How long each period is. Weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


USUAL: Mapping[Interval, int] = {Interval.DAY: 31, Interval.WEEK: 25, Interval.MONTH: 12, Interval.YEAR: 5}
"""How many periods a report has where nobody says: a month, 25 weeks, a year, five years."""
MOST: Mapping[Interval, int] = {Interval.DAY: 92, Interval.WEEK: 53, Interval.MONTH: 100, Interval.YEAR: 10}


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are part of it."""

    first: date
    last: date


def periods_until(today: date, interval: Interval, count: int = 0) -> tuple[Period, ...]:
    """So many periods, oldest first; today is in the last. count: 0: as many as usual; else within 2 and MOST."""
    wanted = min(max(count, PERIODS_MIN), MOST[interval]) if count else USUAL[interval]
    first = _first_of(today, interval)
    firsts = [_moved(first, interval, -number) for number in range(wanted)]
    return tuple(Period(day, _moved(day, interval, 1) - timedelta(days=1)) for day in reversed(firsts))


def counted_in(
    periods: Sequence[Period], moves: Iterable[tuple[date, Mapping[str, int]]]
) -> list[dict[str, int] | None]:
    """What was counted in each period, by meter; None: nothing is kept of it.

    periods: one after the other, as `periods_until` makes them. moves: days, or the first days of months for periods
    that are made of whole months, with what moved in them; those outside are left out.
    """
    firsts = [period.first for period in periods]
    sums: list[dict[str, int] | None] = [None] * len(periods)
    for day, moved in moves:
        place = bisect_right(firsts, day) - 1
        if place >= 0 and day <= periods[place].last:
            sums[place] = added(sums[place] or {}, moved)
    return sums


@dataclass(frozen=True, slots=True)
class Watched:
    """Of a machine the first day that anything is kept of, the day on which its meters were read last, and the days
    between, first and last, on which it never answered."""

    since: date
    until: date
    away: Sequence[tuple[date, date]] = ()

    def is_read_in(self, period: Period) -> bool:
        """Whether anybody can know what it counted then."""
        if period.last < self.since or period.first > self.until:
            return False
        return not any(first <= period.first and period.last <= last for first, last in self.away)


def with_nothing_counted(
    sums: Sequence[dict[str, int] | None], periods: Sequence[Period], watched: Watched | None
) -> list[dict[str, int] | None]:
    """The sums of a machine, with an empty one for each period in which it was read and no meter moved."""
    if watched is None:
        return list(sums)
    return [
        {} if each is None and watched.is_read_in(period) else each for each, period in zip(sums, periods, strict=True)
    ]


def change_percent(values: Sequence[int | None]) -> float | None:
    """How much more or less the last whole period has than the one before it; None: nothing to compare.

    values: of periods whose last one goes on, so that it says nothing yet.
    """
    if len(values) <= PERIODS_MIN:
        return None
    before, after = values[-3], values[-2]
    return None if not before or after is None else round(100 * (after - before) / before, 1)


def sum_of(values: Iterable[int | None]) -> int | None:
    """Of all periods; None: nothing is kept of any."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _first_of(day: date, interval: Interval) -> date:
    if interval is Interval.WEEK:
        return day - timedelta(days=day.weekday())
    if interval is Interval.DAY:
        return day
    return month_of(day) if interval is Interval.MONTH else day.replace(month=1, day=1)


def _moved(first: date, interval: Interval, by: int) -> date:
    """The first day of another period."""
    if interval in {Interval.DAY, Interval.WEEK}:
        return first + timedelta(days=by * (1 if interval is Interval.DAY else WEEK_DAYS))
    months = first.year * MONTHS + first.month - 1 + by * (1 if interval is Interval.MONTH else MONTHS)
    return date(months // MONTHS, months % MONTHS + 1, 1)
