"""When a supply will be out, and whether it was replaced: from the history of its level.

A level falls with the pages that are printed, and pages follow the week: a supply is not used up on Sundays. So the
use of a page comes from the level over the machine's pages since the supply was put in, and the pages of a day from
what the machine printed lately, weekday by weekday. Where its pages are not known, the level over days stands in for
both.

A meter that was reset, that jumped or that is another machine's says nothing of the pages in between: levels are
compared by pages only where the meter was counted on from one to the other.

Levels are coarse: many machines say 100, 90, 80. Only the moments when a level moved are looked at; there it is known
best. The slope is the median of the slopes between all pairs (Theil-Sen), which a few wrong levels do not turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

OBSERVATIONS_MAX = 60
HORIZON_DAYS = 1_825
LEVELS_MIN = 3
"""Fewer moments say nothing: between two of them lies one step, which may have begun anywhere."""
WEEKS_MIN_DAYS = 14
"""From so many days on, each weekday has a share of its own; before, all days are alike."""
CERTAIN_SPAN = 30
"""Percent of a supply that has to be seen used for a forecast without reserve."""
RISE_MIN = 15
"""A smaller rise is a shaken cartridge or a sensor, not a new one."""


PagesByDay = Mapping[date, int | None]
_Point = tuple[float, int]
"""Where, in pages or days, and the percent that are left there."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level when it moved. percent: of use left. pages: the machine's meter then, where known."""

    day: float  # days since any day that all levels of one supply count from
    percent: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """confidence: 0 to 1. pages_left: where pages are known."""

    days_left: int
    confidence: float
    pages_left: int | None = None


def since_replacement(levels: Sequence[Level]) -> list[Level]:
    """The levels from the last replacement on, in their order, at most the last OBSERVATIONS_MAX."""
    start = 0
    for place, (before, after) in enumerate(pairwise(levels), 1):
        if after.percent - before.percent >= RISE_MIN:
            start = place
    return list(levels[start:])[-OBSERVATIONS_MAX:]


def forecast(
    levels: Sequence[Level],
    *,
    today: date,
    now: Level,
    pages_by_day: PagesByDay | None = None,
    breaks: Sequence[float] = (),
) -> Forecast | None:
    """Days until a supply is out; None where history does not say.

    levels: the moments when it moved. now: the level now, with the machine's pages now. pages_by_day: what the machine
    printed on each of the last days, today not among them; a day that is missing is one without pages, None one whose
    pages are not known. breaks: the moments when its meter began to be counted from another value, in days as those of
    levels.
    """
    levels = sorted(levels, key=lambda level: level.day)  # a clock that was put back
    seen = since_replacement([*levels, now] if not levels or levels[-1].percent != now.percent else levels)
    if seen and seen[-1].day < seen[0].day:
        return None
    if len(seen) < LEVELS_MIN:
        return None
    by_day = pages_by_day or {}
    counted = _counted_on(seen, breaks)
    slope = _slope(counted) if any(by_day.values()) else None
    if slope is not None:
        since = 0 if any(seen[-1].day < each <= now.day for each in breaks) else _printed(seen, now)
        return _over_pages(seen, counted, slope, since, today=today, now=now, by_day=by_day)
    return _over_days(seen, today, now)


def order_by(empty_on: date, today: date, *, lead_days: int, confidence: float) -> date:
    """The latest day to order. An unsure forecast is ordered earlier: by up to half of the days that are left."""
    reserve = round((empty_on - today).days * (1 - confidence) / 2)
    return max(today, empty_on - timedelta(days=lead_days + max(0, reserve)))


class Change(StrEnum):
    """What became of a supply between two readings."""

    NONE = "none"
    LEVEL = "level"
    REPLACED = "replaced"
    EARLY = "early"  # replaced with use left in it


def change(
    before: int | None,
    after: int | None,
    *,
    serial_before: str = "",
    serial_after: str = "",
    early_percent: int,
    receptacle: bool = False,
) -> Change:
    """What a reading says of a supply, by its levels in percent of use left and its serial numbers.

    Another serial number is another supply, whatever its level. Without serial numbers, a rise by RISE_MIN is one. A
    receptacle that is emptied before it is full is nothing to report.
    """
    other = bool(serial_before and serial_after and serial_before != serial_after)
    rose = before is not None and after is not None and after - before >= RISE_MIN
    if other or rose:
        early = not receptacle and before is not None and before > early_percent
        return Change.EARLY if early else Change.REPLACED
    return Change.LEVEL if before != after else Change.NONE


def _counted_on(seen: Sequence[Level], breaks: Sequence[float]) -> list[list[_Point]]:
    """Pages and percent of levels, in stretches through which the meter was counted on."""
    stretches: list[list[_Point]] = [[]]
    before: Level | None = None
    for level in seen:
        if level.pages is None:
            continue
        if before is not None and (
            level.pages < (before.pages or 0) or any(before.day < each <= level.day for each in breaks)
        ):
            stretches.append([])
        stretches[-1].append((level.pages, level.percent))
        before = level
    return stretches


def _printed(seen: Sequence[Level], now: Level) -> int:
    """Pages since the last level whose pages are known."""
    last = next((level.pages for level in reversed(seen) if level.pages is not None), None)
    return 0 if last is None or now.pages is None else max(0, now.pages - last)


def _over_pages(
    seen: Sequence[Level],
    counted: Sequence[Sequence[_Point]],
    slope: float,
    printed: int,
    *,
    today: date,
    now: Level,
    by_day: PagesByDay,
) -> Forecast | None:
    left = max(0.0, now.percent - min(printed * slope, _step(seen)))
    pages_left = left / slope
    days = _walked(pages_left, today, by_day)
    if days is None:
        return None
    known_days = (today - min(by_day)).days if by_day else 0
    sure = _confidence(seen, _scatter(counted, slope)) * min(1.0, (known_days + 7) / 28)
    return Forecast(days, round(sure, 2), round(pages_left))


def _over_days(seen: Sequence[Level], today: date, now: Level) -> Forecast | None:
    points = [[(level.day, level.percent) for level in seen]]
    slope = _slope(points)
    if slope is None:
        return None
    left = max(0.0, now.percent - min((now.day - seen[-1].day) * slope, _step(seen)))
    days = min(HORIZON_DAYS, round(left / slope))
    spread = _scatter(points, slope)
    # Without pages a quiet month looks like a long life.
    return Forecast(days, round(0.7 * _confidence(seen, spread) * min(1.0, (seen[-1].day - seen[0].day) / 14), 2))


def _slope(stretches: Sequence[Sequence[_Point]]) -> float | None:
    """Percent used up for each unit: the median over all pairs of each stretch; None where it does not fall."""
    slopes = [
        (percent - later_percent) / (later - at)
        for stretch in stretches
        for place, (at, percent) in enumerate(stretch)
        for later, later_percent in stretch[place + 1 :]
        if later > at
    ]
    if len(slopes) < LEVELS_MIN - 1:
        return None
    middle = median(slopes)
    return middle if middle > 0 else None


def _step(seen: Sequence[Level]) -> int:
    """By how much the level moves at once: until the next step no more than that can have been used."""
    return max(1, round(median(abs(after.percent - before.percent) or 1 for before, after in pairwise(seen))))


def _scatter(stretches: Sequence[Sequence[_Point]], slope: float) -> float:
    """How far levels lie off the line of their stretch, in percent of a supply: the median distance."""
    distances: list[float] = []
    for stretch in stretches:
        offsets = [percent + at * slope for at, percent in stretch]
        middle = median(offsets) if offsets else 0.0
        distances += [abs(each - middle) for each in offsets]
    return median(distances)


def _confidence(seen: Sequence[Level], scatter: float) -> float:
    span = max(level.percent for level in seen) - min(level.percent for level in seen)
    often = len(seen) / (len(seen) + 2)
    return min(1.0, span / CERTAIN_SPAN) * often / (1 + scatter / 5)


def _walked(pages_left: float, today: date, by_day: PagesByDay) -> int | None:
    """Days until so many pages are printed, weekday by weekday as of late; None where nothing is printed."""
    daily = _by_weekday(today, by_day)
    weekly = sum(daily)
    if weekly <= 0:
        return None
    weeks = int(pages_left // weekly)
    if weeks * 7 > HORIZON_DAYS:
        return HORIZON_DAYS
    left, days = pages_left - weeks * weekly, weeks * 7
    while left > 0 and days < HORIZON_DAYS:
        left -= daily[(today + timedelta(days=days)).weekday()]
        days += 1
    return days if left == 0 else max(0, days - 1)


def _by_weekday(today: date, by_day: PagesByDay) -> list[float]:
    """Pages of each weekday, Monday first."""
    past = {day: pages for day, pages in by_day.items() if day < today}
    if not past:
        return [0.0] * 7
    first = min(past)
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    known = [(day.weekday(), pages) for day in days if (pages := past.get(day, 0)) is not None]
    mean = sum(pages for _, pages in known) / max(1, len(known))
    if len(days) < WEEKS_MIN_DAYS:
        return [mean] * 7
    sums, counts = [0] * 7, [0] * 7
    for weekday, pages in known:
        sums[weekday] += pages
        counts[weekday] += 1
    return [total / count if count else mean for total, count in zip(sums, counts, strict=True)]
