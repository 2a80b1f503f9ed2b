"""Forecasts of supplies: made anew where a level moved, and kept up as days pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from platen.fleet.batch_sql import Update, as_day, by_keys, execute_many, from_moment
from platen.fleet.lists import NOT_LISTED
from platen.fleet.models import FleetSettings, Supply
from platen.fleet.settings import fleet_settings
from platen.policy.fleet.forecast import OBSERVATIONS_MAX, Level, forecast, order_by
from platen.policy.fleet.meters import CONFIRMATIONS
from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.rollups import day_of, month_of, zone
from platen.tenants.queries import current_policy

AT_ONCE = 200
PASSED_AT_ONCE = 2_000
HISTORY_DAYS = 730
PAGES_DAYS = 28
_MADE = Update(Supply, "forecast_due", "empty_on", "days_left", "days_confidence", "order_by")
_DAYS_LEFT = Update(Supply, "days_left")
_LEVELS = (
    "SELECT machine_id, key, at, percent, pages, kind FROM fleet_supplyevent "
    "WHERE kind IN ('level', 'replaced', 'early') AND at >= %s AND machine_id IN ({keys}) ORDER BY machine_id, at, id"
)
_PAGES = "SELECT machine_id, day, days FROM fleet_monthmeters WHERE day >= %s AND machine_id IN ({keys})"
_BEGAN = (
    "SELECT machine_id, at FROM fleet_meterreading "
    "WHERE raw IS NOT NULL AND suspicion = '' AND at >= %s AND machine_id IN ({keys})"
)
"""When meters began to be counted from another value; of resets whose readings are gone, the meter that fell tells."""
_DOUBTED = (
    "SELECT machine_id, at FROM fleet_meterreading "
    "WHERE raw IS NOT NULL AND suspicion <> '' AND at >= %s AND machine_id IN ({keys}) ORDER BY machine_id, at"
)
_SOONEST = (
    "UPDATE fleet_machine SET supply_days = (SELECT MIN(days_left) FROM fleet_supply WHERE machine_id = %s) "
    "WHERE device_id = %s"
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a machine's meter says. began: when it began to be counted from another value. pages: what it counted on
    each of the last days. broke: moments of these days of which nobody knows what it printed before them."""

    began: list[datetime]
    pages: dict[date, int | None] = field(default_factory=dict)
    broke: list[datetime] = field(default_factory=list)


@transaction.atomic
def refresh_forecasts(now: datetime, limit: int = AT_ONCE) -> int:
    """Forecast the current tenant's supplies whose level moved. Returns: how many; fewer than `limit`: all is done."""
    due = list(
        Supply.objects.filter(forecast_due=True)
        .select_related("machine")
        .only("id", "machine_id", "key", "percent", "machine__pages", "machine__time_zone")[:limit]
    )
    if not due:
        return 0
    ids = {supply.machine_id for supply in due}
    levels, counted = _levels(ids, now), _counted(ids, now)
    settings = fleet_settings()
    _MADE.write(
        [
            _made(supply, levels.get((supply.machine_id, supply.key), []), counted[supply.machine_id], now, settings)
            for supply in due
        ]
    )
    execute_many(_SOONEST, [(machine_id, machine_id) for machine_id in sorted(ids)])
    return len(due)


def pass_day(now: datetime) -> int:
    """A day has passed: fewer days are left of what was forecast. Returns: how many supplies moved."""
    today = day_of(now, zone(current_policy().time_zone))
    moved, last = 0, 0
    while rows := list(
        Supply.objects.filter(id__gt=last, empty_on__isnull=False)
        .order_by("id")
        .values_list("id", "machine_id", "empty_on", "days_left")[:PASSED_AT_ONCE]
    ):
        last = rows[-1][0]
        days = {key: max(0, (empty_on - today).days) for key, _, empty_on, _ in rows}
        changed = [(key, machine_id) for key, machine_id, _, before in rows if before != days[key]]
        with transaction.atomic():
            _DAYS_LEFT.write([(days[key], key) for key, _ in changed])
            execute_many(_SOONEST, [(machine_id, machine_id) for machine_id in sorted({each for _, each in changed})])
        moved += len(changed)
    return moved


def supplies_due(within_days: int, limit: int = 200) -> list[Supply]:
    """Supplies that will be out soonest, with their machines; what is out or low without a forecast as well."""
    # One question for each index; together they would go through every supply.
    supplies = _of_managed()
    found = list(supplies.filter(low=True, days_left__isnull=True).order_by("percent", "id")[:limit])
    due = supplies.filter(days_left__lte=within_days).order_by("days_left", "percent", "id")
    return found + list(due[: limit - len(found)])


def orders_due(until: date | None = None, limit: int = 200) -> list[Supply]:
    """Supplies to order by a day (today), with their machines: so that they come before they are out."""
    day = until or timezone.now().date()
    return list(_of_managed().filter(order_by__lte=day).order_by("order_by", "days_left", "id")[:limit])


def _of_managed() -> QuerySet[Supply]:
    """Supplies of managed machines, with these as lists show them."""
    supplies: QuerySet[Supply] = Supply.objects.filter(machine__managed=True)
    return supplies.select_related("machine__device").defer(*(f"machine__{name}" for name in NOT_LISTED))


def _made(
    supply: Supply,
    levels: Sequence[Level],
    counted: _Counted,
    now: datetime,
    settings: FleetSettings,
) -> tuple[Any, ...]:
    tenant_zone = current_policy().time_zone
    place = zone(supply.machine.time_zone or tenant_zone, tenant_zone)
    today = day_of(now, place)
    known = Level(_in_days(now), supply.percent or 0, supply.machine.pages)
    found = None
    if supply.percent is not None:
        by_day = counted.pages | dict.fromkeys((day_of(each, place) for each in counted.broke), None)
        breaks = [_in_days(each) for each in counted.began]
        found = forecast(levels, today=today, now=known, pages_by_day=by_day, breaks=breaks)
    if found is None:
        return False, None, None, None, None, supply.id
    empty_on = today + timedelta(days=found.days_left)
    order = order_by(empty_on, today, lead_days=settings.order_lead_days, confidence=found.confidence)
    return False, as_day(empty_on), found.days_left, found.confidence, as_day(order), supply.id


def _levels(ids: set[int], now: datetime) -> dict[tuple[int, str], list[Level]]:
    """Of each supply, the levels when they moved, oldest first."""
    levels: dict[tuple[int, str], list[Level]] = {}
    for machine_id, key, at, percent, pages, kind in by_keys(_LEVELS, ids, _stored(now - timedelta(days=HISTORY_DAYS))):
        moment = from_moment(at)
        if percent is None or moment is None:
            continue
        seen = levels.setdefault((machine_id, key), [])
        if kind != "level":
            seen.clear()  # what was before is another one's history, even where its level did not rise
        seen.append(Level(_in_days(moment), percent, pages))
        del seen[: -OBSERVATIONS_MAX * 2]
    return levels


def _in_days(moment: datetime) -> float:
    return moment.timestamp() / 86_400


def _moments(statement: str, ids: set[int], since: datetime) -> dict[int, list[datetime]]:
    """Of each machine."""
    moments: dict[int, list[datetime]] = {}
    for machine_id, at in by_keys(statement, ids, _stored(since)):
        moment = from_moment(at)
        if moment is not None:
            moments.setdefault(machine_id, []).append(moment)
    return moments


def _stored(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ")


def _counted(ids: set[int], now: datetime) -> dict[int, _Counted]:
    since = now - timedelta(days=PAGES_DAYS)
    began = _moments(_BEGAN, ids, now - timedelta(days=HISTORY_DAYS))
    lately = {key: [each for each in moments if each >= since] for key, moments in began.items()}
    doubted = _moments(_DOUBTED, {key for key, moments in lately.items() if moments}, since)
    counted = {key: _Counted(began.get(key, [])) for key in ids}
    for key, moments in lately.items():
        for moment in moments:
            # A reading is believed with the last of those that confirm it: the meter broke before the first.
            before = [each for each in doubted.get(key, []) if each < moment][-CONFIRMATIONS:]
            counted[key].broke.append((before or [moment])[0])
    for key, month, text in by_keys(_PAGES, ids, as_day(month_of(since.date()))):
        days = MonthDays(text).of(month)
        counted[key].pages.update({each.day: each.pages for each in days if each.day >= since.date()})
    return counted
