"""What a machine of the campus did in the three months before the demonstration began: the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from platen.demo.fleet.campus import HURRY
from platen.demo.fleet.living import Level
from platen.demo.fleet.machine import Machine

DAYS = 92
_DAY_S = 86_400
_OF_WEEKDAYS = (1.25, 1.4, 1.35, 1.3, 1.1, 0.4, 0.1)
"""Monday first; a term's week has few pages at its end."""
_MOST = 0.9
"""Of what a machine has counted, so that it had counted something before."""
STEP = 3
"""Percent by which a level has to have moved to be a row."""
_RISE = 15


@dataclass(frozen=True, slots=True)
class Day:
    """One day: how far each meter moved, and where all of them stood at its end."""

    day: date
    moved: Mapping[str, int]
    meters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LevelThen:
    """A supply's level on a day that it moved. before: what was left in the one that was replaced; None: none was."""

    day: date
    percent: int
    pages: int
    before: int | None = None


def days_before(machine: Machine, today: date, meters: Mapping[str, int]) -> list[Day]:
    """The days before today, oldest first, at the end of which the meters stand as given.

    Meters rise with the pages, each by its share, so that every day's moves lead to the next day's meters.
    """
    total = meters.get("total", 0)
    pages = _pages_a_day(machine, today, most=int(total * _MOST))
    still_to_come = [sum(pages) - so_far for so_far in accumulate(pages)]
    before = _at(meters, sum(pages), total)
    found = []
    for number, left in enumerate(still_to_come):
        now = _at(meters, left, total)
        moved = {name: value - before[name] for name, value in now.items() if value > before[name]}
        found.append(Day(today - timedelta(days=DAYS - number), moved, now))
        before = now
    return found


def levels_before(machine: Machine, which: Level, days: list[Day]) -> Iterator[LevelThen]:
    """When a supply's level moved by a step or more, by the same rule that the machine itself follows."""
    last: int | None = None
    for day in days:
        pages = day.meters["total"]
        percent = round(100 * (1 - (machine.supply_begun(which.which) + pages / which.used_up_after) % 1.0))
        if last is None or percent - last >= _RISE:
            yield LevelThen(day.day, percent, pages, last)
        elif last - percent >= STEP:
            yield LevelThen(day.day, percent, pages)
        else:
            continue
        last = percent


def _at(meters: Mapping[str, int], left: int, total: int) -> dict[str, int]:
    return {name: value - (value * left // total if total else 0) for name, value in meters.items()}


def _pages_a_day(machine: Machine, today: date, *, most: int) -> list[int]:
    chance = random.Random(machine.number)
    usual = machine.pages_per_s / HURRY * _DAY_S
    days = [today - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
    pages = [usual * _OF_WEEKDAYS[day.weekday()] * chance.uniform(0.6, 1.4) for day in days]
    fits = min(1.0, most / sum(pages)) if sum(pages) else 0.0
    return [int(each * fits) for each in pages]
