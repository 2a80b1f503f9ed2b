"""Days and months of meters, in the time zone of the place where a machine stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

GAP_DAYS = 2
"""From so many calendar days without a reading on, the day that ends them says so."""


@lru_cache(256)
def zone(name: str, otherwise: str = "UTC") -> ZoneInfo:
    """A time zone by its name; where this machine does not know it, the other one, then UTC."""
    for each in (name, otherwise):
        try:
            if each:
                return ZoneInfo(each)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def day_of(moment: datetime, place: ZoneInfo) -> date:
    """The calendar day at the place."""
    return moment.astimezone(place).date()


def month_of(day: date) -> date:
    """The first of its month."""
    return day.replace(day=1)


def first_moment(day: date, place: ZoneInfo) -> datetime:
    """When a day begins there, in UTC. Where clocks skip midnight, the first moment that exists."""
    return datetime.combine(day, time(), place).astimezone(UTC)


def day_length(day: date, place: ZoneInfo) -> timedelta:
    """23, 24 or 25 hours."""
    return first_moment(day + timedelta(days=1), place) - first_moment(day, place)


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Moves of the same meters put together."""
    both = dict(one)
    for name, value in other.items():
        both[name] = both.get(name, 0) + value
    return both


def total_of(moves: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Moves of many stretches put together."""
    both: dict[str, int] = {}
    for each in moves:
        for name, value in each.items():
            both[name] = both.get(name, 0) + value
    return both


def gap_sentence(last_day: date | None, day: date) -> str:
    """What is to be known of a day that ends a time without readings; empty: nothing."""
    if last_day is None or (day - last_day).days < GAP_DAYS:
        return ""
    return f"Not read since {last_day.isoformat()}: what it counted since then stands here."
