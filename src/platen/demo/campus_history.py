"""Three months of history behind the campus, so that there are months to compare, charts, and forecasts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, QuerySet

from platen.demo.campus_past import DAYS, Day, LevelThen, days_before, levels_before
from platen.demo.fleet.campus import machines as on_campus
from platen.demo.fleet.machine import Machine as Simulated
from platen.fleet.batch_sql import Insert, Update, as_day, as_json, as_moment
from platen.fleet.history import days_of
from platen.fleet.meters_at import place_of
from platen.fleet.models import FleetDay, Machine, MonthMeters, StateSpan, Supply, SupplyEvent
from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.rollups import added, day_of, month_of, total_of, zone
from platen.tenants.context import current_tenant_id
from platen.tenants.queries import current_policy

_MONTH = Insert(MonthMeters, "tenant_id", "machine_id", "day", "pages", "color", "moved", "at_end", "days")
_FLEET_DAY = Insert(FleetDay, "tenant_id", "day", "pages", "color", conflict="tenant_id, day")
_EVENT = Insert(SupplyEvent, "tenant_id", "machine_id", "key", "at", "kind", "percent", "pages", "detail")
_SPAN = Insert(StateSpan, "tenant_id", "machine_id", "state", "began_at", "ended_at")
_SUPPLY = Update(Supply, "installed_at", "installed_pages", "forecast_due")
_AFTERNOON = time(15, 30, tzinfo=UTC)
_TROUBLES = ("warning", "warning", "warning", "error", "error", "service", "off")
_TROUBLES_MAX = 9
AT_ONCE = 15
"""Machines a transaction: others wait for it."""


@dataclass(slots=True)
class _Rows:
    """What is to be written, of all machines."""

    months: list[tuple[Any, ...]] = field(default_factory=list)
    fleet: dict[date, tuple[int, int]] = field(default_factory=dict)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    supplies: list[tuple[Any, ...]] = field(default_factory=list)
    spans: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self) -> None:
        """All of it."""
        tenant_id = current_tenant_id()
        _MONTH.write(self.months)
        _FLEET_DAY.write([(tenant_id, as_day(day), *sums) for day, sums in sorted(self.fleet.items())])
        _EVENT.write(self.events)
        _SUPPLY.write(self.supplies)
        _SPAN.write(self.spans)


@transaction.atomic
def write_history(now: datetime, limit: int = AT_ONCE) -> int:
    """Give some machines of the campus that were read whole a past, unless they have one. Returns: how many got one."""
    simulated = dict(on_campus())
    alone = list(_without_past(now)[:limit])
    rows = _Rows()
    supplies = _supplies_of(alone)
    spans = StateSpan.objects.filter(machine__in=alone).values("machine_id").annotate(began=Min("began_at"))
    began = dict(spans.values_list("machine_id", "began"))
    for machine in alone:
        today = day_of(now, place_of(machine))
        days = days_before(simulated[machine.address], today, _meters_before(machine, today))
        _add_meters(rows, machine, days, today)
        _add_supplies(rows, machine, simulated[machine.address], days, supplies.get(machine.pk, []))
        rows.spans += _spans(machine, days[0].day, began.get(machine.pk, now))
    Machine.objects.filter(pk__in=[each.pk for each in alone]).update(found_at=now - timedelta(days=DAYS))
    rows.write()
    return len(alone)


def are_all_read() -> bool:
    """Whether every machine of the campus that answers was read whole; a search reads no trays."""
    return not _on_campus().filter(trays=[], failures=0).exists()


def _without_past(now: datetime) -> QuerySet[Machine]:
    today = day_of(now, zone(current_policy().time_zone))
    past = Exists(MonthMeters.objects.filter(machine=OuterRef("pk"), day__lt=month_of(today)))
    return _on_campus().filter(pages__gt=0).exclude(trays=[]).exclude(past).order_by("pk")


def _on_campus() -> QuerySet[Machine]:
    return Machine.objects.filter(address__in=[address for address, _ in on_campus()])


def _meters_before(machine: Machine, today: date) -> dict[str, int]:
    """As they stood when the machine was read for the first time."""
    moved = next((each.moved for each in days_of(machine, today, today)), {})
    return {name: value - moved.get(name, 0) for name, value in machine.meters.items()}


def _add_meters(rows: _Rows, machine: Machine, days: list[Day], today: date) -> None:
    for day in days:
        pages, color = rows.fleet.get(day.day, (0, 0))
        rows.fleet[day.day] = pages + day.moved.get("total", 0), color + day.moved.get("total.color", 0)
    for month, of_month in groupby(days, key=lambda each: month_of(each.day)):
        in_it = list(of_month)
        moved = total_of(each.moved for each in in_it)
        # Of the first day the meters are kept whole; from there the moves lead on.
        begun = MonthMeters.objects.filter(machine=machine, day=month).first()
        kept = MonthDays("" if begun is None else begun.days)
        for day in in_it:
            kept.add(day.day.day, day.moved, at_end=day.meters if day is days[0] else None)
        if month == month_of(today):
            Machine.objects.filter(pk=machine.pk).update(pages_month=F("pages_month") + moved.get("total", 0))
        if begun is not None:
            _add_to(begun, moved, kept.text)
        else:
            at_end = in_it[-1].meters if month != month_of(today) else {}
            rows.months.append(_row(machine, month, moved, at_end, kept.text))


def _add_to(begun: MonthMeters, moved: Mapping[str, int], days: str) -> None:
    """The month so far, into the row that there is already."""
    begun.pages += moved.get("total", 0)
    begun.color += moved.get("total.color", 0)
    begun.moved, begun.days = added(begun.moved, _others(moved)), days
    begun.save(update_fields=["pages", "color", "moved", "days"])


def _row(
    machine: Machine, month: date, moved: Mapping[str, int], at_end: Mapping[str, int], days: str
) -> tuple[Any, ...]:
    pages, color = moved.get("total", 0), moved.get("total.color", 0)
    both = as_json(_others(moved)), as_json(dict(at_end))
    return current_tenant_id(), machine.pk, as_day(month), pages, color, *both, days


def _others(moved: Mapping[str, int]) -> dict[str, int]:
    return {name: value for name, value in moved.items() if name not in {"total", "total.color"}}


def _supplies_of(machines: list[Machine]) -> dict[int, list[Supply]]:
    found: dict[int, list[Supply]] = {}
    for supply in Supply.objects.filter(machine__in=machines, percent__isnull=False):
        found.setdefault(supply.machine_id, []).append(supply)
    return found


def _add_supplies(rows: _Rows, machine: Machine, simulated: Simulated, days: list[Day], supplies: list[Supply]) -> None:
    levels = {f"1.{level.which + 1}": level for level, _ in simulated.model.supplies}
    for supply in supplies:
        level = levels.get(supply.key)
        if level is None:
            continue
        installed: LevelThen | None = None
        for then in levels_before(simulated, level, days):
            installed = then if then.before is not None else installed
            rows.events.append(_event(machine, supply, then))
        moment = None if installed is None else as_moment(datetime.combine(installed.day, _AFTERNOON))
        rows.supplies.append((moment, None if installed is None else installed.pages, True, supply.pk))


def _event(machine: Machine, supply: Supply, then: LevelThen) -> tuple[Any, ...]:
    detail: dict[str, Any] = {}
    if then.before is not None:
        detail = {"before": then.before, "after": then.percent, "kind": supply.kind, "color": supply.color}
        detail |= {"description": supply.description, "part_number": supply.part_number}
    kind = "level" if then.before is None else "replaced"
    at = as_moment(datetime.combine(then.day, _AFTERNOON))
    return current_tenant_id(), machine.pk, supply.key, at, kind, then.percent, then.pages, as_json(detail)


def _spans(machine: Machine, first: date, end: datetime) -> Iterator[tuple[Any, ...]]:
    """Ready, but for some hours now and then, until the machine was read for the first time."""
    chance = random.Random(machine.pk)
    at = datetime.combine(first, time(6, tzinfo=UTC))
    hours = (end - at).total_seconds() / 3600
    for began_h in sorted(chance.uniform(0, hours) for _ in range(chance.randint(2, _TROUBLES_MAX))):
        began = max(at, datetime.combine(first, time(6, tzinfo=UTC)) + timedelta(hours=began_h))
        ended = min(end, began + timedelta(hours=chance.uniform(0.2, 6)))
        if began >= end:
            break
        yield current_tenant_id(), machine.pk, "ready", as_moment(at), as_moment(began)
        yield current_tenant_id(), machine.pk, chance.choice(_TROUBLES), as_moment(began), as_moment(ended)
        at = ended
    if at < end:
        yield current_tenant_id(), machine.pk, "ready", as_moment(at), as_moment(end)
