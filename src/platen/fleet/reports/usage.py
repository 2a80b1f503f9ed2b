"""Usage: what was counted in each period, by device, by counter, or summed up by what devices have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from platen.fleet.group_paths import in_tree
from platen.fleet.groups import groups_of
from platen.fleet.models import Group, Machine, MonthMeters
from platen.fleet.reports.columns import Column, Report, who
from platen.fleet.reports.scopes import with_names
from platen.fleet.reports.watching import watched
from platen.fleet.reports.wishes import COUNTERS, Wish
from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.periods import (
    Interval,
    Period,
    change_percent,
    counted_in,
    periods_until,
    sum_of,
    with_nothing_counted,
)
from platen.policy.fleet.rollups import month_of

AT_ONCE = 500
_STORED: Mapping[str, str] = {
    "region": "region__name",
    "model": "model",
    "maker": "maker",
    "location": "device__location",
    "collector": "collector",
}
"""What lines can be sums of, and where it is stored."""
Sums = list[dict[str, int] | None]
One = TypeVar("One")


@dataclass(slots=True)
class Line:
    """One line. machine: its device, or none where it is a sum of `devices`. values: of each period."""

    values: list[int | None]
    name: str = ""
    devices: int = 1
    machine: Machine | None = None

    def add(self, values: Sequence[int | None]) -> None:
        """One device more."""
        _put_in(self, values, 1)


def usage(wish: Wish, machines: QuerySet[Machine], today: date) -> Report:
    """A report of what was counted until today by these machines."""
    periods = periods_until(today, wish.every, wish.periods)
    columns = _named(wish) + _of_periods(wish.every, periods)
    if wish.by == "device":
        return Report(columns, _devices(wish, machines, periods), lambda line: line.machine)
    if wish.by == "counter":
        return Report(columns, _counters(wish, machines, periods), lambda line: None)
    parts = _parts(wish, machines, periods) if is_large_sum(wish) else _summed(wish, machines, periods)
    return Report(columns, parts, lambda line: None)


def is_large_sum(wish: Wish) -> bool:
    """Whether summing up goes through every device: for days, groups, and counters without a column of their own. The
    database sums up everything else."""
    return _is_whole(wish) or wish.every in {Interval.DAY, Interval.WEEK} or wish.by not in _STORED


def title_of(period: Period, interval: Interval) -> str:
    """As ISO 8601 writes it, in every language: 2026-11-26, 2026-W48, 2026-11, 2026."""
    if interval is Interval.WEEK:
        return "{0.year}-W{0.week:02}".format(period.first.isocalendar())
    return period.first.isoformat()[: {Interval.DAY: 10, Interval.MONTH: 7, Interval.YEAR: 4}[interval]]


def _named(wish: Wish) -> list[Column]:
    if wish.by == "device":
        return who(lambda line: line.machine)
    if wish.by == "counter":
        return [Column("counter", _("Counter"), lambda line: line.name, fixed=True)]
    titles = {
        "region": _("Region"),
        "group": _("Group"),
        "model": _("Model"),
        "maker": _("Maker"),
        "location": _("Location"),
        "collector": _("Read by"),
    }
    return [
        Column(wish.by, titles[wish.by], lambda line: line.name, fixed=True),
        Column("devices", _("Devices"), lambda line: line.devices),
    ]


def _of_periods(interval: Interval, periods: Sequence[Period]) -> list[Column]:
    def at(place: int) -> Callable[[Line], object]:
        return lambda line: line.values[place]

    columns = [
        Column(f"p{place}", title_of(each, interval), at(place), fixed=True) for place, each in enumerate(periods)
    ]
    return [
        *columns,
        Column("sum", _("Sum"), lambda line: sum_of(line.values)),
        Column("change", _("Change, %"), lambda line: change_percent(line.values)),
    ]


def _devices(wish: Wish, machines: QuerySet[Machine], periods: Sequence[Period]) -> Iterator[Line]:
    for some in _some(with_names(machines).iterator(chunk_size=AT_ONCE)):
        sums = _sums([each.pk for each in some], wish, periods)
        for machine in some:
            yield Line(_of(wish.counter, sums[machine.pk]), machine=machine)


def _counters(wish: Wish, machines: QuerySet[Machine], periods: Sequence[Period]) -> Iterator[Line]:
    """A line for each counter that moved, those first that all machines have."""
    found: dict[str, Line] = {}
    for some in _some(machines.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)):
        for sums in _sums(some, wish, periods).values():
            for name in {name for each in sums if each for name in each}:
                line = found.setdefault(name, Line([None] * len(periods), name, 0))
                line.add(_of(name, sums))
    names = [name for name in COUNTERS if name in found]
    yield from (found[name] for name in (*names, *sorted(found.keys() - set(names))))


def _parts(wish: Wish, machines: QuerySet[Machine], periods: Sequence[Period]) -> Iterator[Line]:
    """A line for each part of the fleet in the order of their names, and one for all devices together.

    A device that is in several groups counts in each of them, and once in all.
    """
    names = {group.pk: path for group, path in in_tree(Group.objects.all())} if wish.by == "group" else {}
    found: dict[str, Line] = {}
    every = Line([None] * len(periods), _("All"), 0)
    for some in _some(with_names(machines).iterator(chunk_size=AT_ONCE)):
        sums = _sums([each.pk for each in some], wish, periods)
        grouped = groups_of([each.pk for each in some]) if wish.by == "group" else {}
        for machine in some:
            values = _of(wish.counter, sums[machine.pk])
            parts = {names[key] for key in grouped.get(machine.pk, ()) if key in names}
            for name in parts or {_part_of(machine, wish.by)}:
                found.setdefault(name, Line([None] * len(periods), name, 0)).add(values)
            every.add(values)
    yield from sorted(found.values(), key=lambda line: (line.name == "–", line.name.casefold()))
    if len(found) > 1:
        yield every


def _summed(wish: Wish, machines: QuerySet[Machine], periods: Sequence[Period]) -> Iterator[Line]:
    """The same, summed up by the database."""
    field = _STORED[wish.by]
    count = dict(machines.order_by().values_list(field).annotate(n=Count("pk")))
    months = MonthMeters.objects.filter(
        machine__in=machines.order_by().values("pk"), day__gte=month_of(periods[0].first), day__lte=periods[-1].last
    )
    moves: dict[str, list[tuple[date, Mapping[str, int]]]] = {part: [] for part in count}
    column = Sum("color" if wish.counter == "total.color" else "pages")
    for part, day, moved in months.order_by().values_list(f"machine__{field}", "day").annotate(moved=column):
        moves.setdefault(part, []).append((day, {wish.counter: moved}))
    found: dict[str, Line] = {}
    for part, rows in moves.items():  # nothing and "" are the same part
        line = found.setdefault(part or "–", Line([None] * len(periods), part or "–", 0))
        sums = counted_in(periods, rows)
        if None in sums:
            sums = _with_nothing(sums, wish, machines.filter(**{field: part}), periods)
        _put_in(line, _of(wish.counter, sums), count.get(part, 0))
    yield from sorted(found.values(), key=lambda line: (line.name == "–", line.name.casefold()))
    if len(found) > 1:
        every = Line([None] * len(periods), _("All"), 0)
        for line in found.values():
            _put_in(every, line.values, line.devices)
        yield every


def _with_nothing(sums: Sums, wish: Wish, machines: QuerySet[Machine], periods: Sequence[Period]) -> Sums:
    """An empty sum for each period in which one of a part's machines was read, and none of them counted anything."""
    months = MonthMeters.objects.filter(machine__in=machines.order_by().values("pk"))
    since = months.aggregate(since=Min("day"))["since"]
    in_doubt = [place for place, each in enumerate(sums) if each is None and since and periods[place].last >= since]
    if not in_doubt:
        return sums
    for some in _some(machines.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)):
        of_some = _sums(some, wish, periods).values()
        of_them = {place for place in in_doubt if any(own[place] is not None for own in of_some)}
        sums = [{} if place in of_them else each for place, each in enumerate(sums)]
        in_doubt = [place for place in in_doubt if place not in of_them]
        if not in_doubt:
            break
    return sums


def _put_in(line: Line, values: Sequence[int | None], devices: int) -> None:
    line.devices += devices
    line.values = [sum_of(pair) for pair in zip(line.values, values, strict=True)]


def _part_of(machine: Machine, by: str) -> str:
    values: Mapping[str, object] = {
        "region": machine.region,
        "model": machine.model,
        "maker": machine.maker,
        "location": machine.device.location,
        "collector": machine.collector,
    }
    return str(values.get(by) or "–")


def _of(counter: str, sums: Sums) -> list[int | None]:
    return [None if each is None else each.get(counter, 0) for each in sums]


def _some(every: Iterator[One]) -> Iterator[list[One]]:
    """Some at a time."""
    while some := list(islice(every, AT_ONCE)):
        yield some


def _sums(ids: Collection[int], wish: Wish, periods: Sequence[Period]) -> dict[int, Sums]:
    """What each machine counted in each period."""
    moves: dict[int, list[tuple[date, Mapping[str, int]]]] = {key: [] for key in ids}
    months = MonthMeters.objects.filter(
        machine_id__in=list(ids), day__gte=month_of(periods[0].first), day__lte=periods[-1].last
    )
    by_days = wish.every in {Interval.DAY, Interval.WEEK}
    for key, day, moved in _by_day(months) if by_days else _by_month(months, whole=_is_whole(wish)):
        moves[key].append((day, moved))
    sums = {key: counted_in(periods, each) for key, each in moves.items()}
    open_keys = [key for key, each in sums.items() if None in each]
    known = watched(open_keys, periods, {key: [day for day, _moved in moves[key]] for key in open_keys})
    return {key: with_nothing_counted(each, periods, known.get(key)) for key, each in sums.items()}


def _is_whole(wish: Wish) -> bool:
    """Whether more is asked for than what stands in columns of its own."""
    return wish.by == "counter" or wish.counter not in {"total", "total.color"}


def _by_day(months: QuerySet[MonthMeters]) -> Iterable[tuple[int, date, Mapping[str, int]]]:
    for key, month, text in months.values_list("machine_id", "day", "days"):
        yield from ((key, each.day, each.moved) for each in MonthDays(text).of(month))


def _by_month(months: QuerySet[MonthMeters], *, whole: bool) -> Iterable[tuple[int, date, Mapping[str, int]]]:
    names = ("machine_id", "day", "pages", "color", *(["moved"] if whole else ()))
    for key, month, pages, color, *others in months.values_list(*names):
        moved = {"total": pages, **(others[0] if others else {})}
        yield key, month, {**moved, "total.color": color} if color or not whole else moved
