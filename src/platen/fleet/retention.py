"""What is kept for how long: by age, as each organisation has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from platen.fleet.models import Alert, Machine, MeterReading, MonthMeters, StateSpan, Supply, SupplyEvent
from platen.fleet.outbox import remove_old_notices
from platen.fleet.settings import fleet_settings
from platen.fleet.store_supplies import MISSING
from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.rollups import day_of, first_moment, month_of, total_of, zone
from platen.tasks.running import remove_old_runs
from platen.tenants.queries import current_policy

MACHINES_AT_ONCE = 250
ROUNDS_MAX = 20
MISSING_DAYS = 30
"""So long a supply that is no longer reported is shown as missing."""


def forget_old(now: datetime, after: int = 0, limit: int = MACHINES_AT_ONCE) -> int | None:
    """Forget what is too old of the next machines after a key, of the current tenant.

    Machine by machine: what is kept is found by machine and time. Returns: where to go on; None: that was the last.
    """
    ids = list(Machine.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
    if ids:
        _forget(ids, now)
    return ids[-1] if len(ids) == limit else None


def begin_month(now: datetime) -> int:
    """Machines that were not read since the month began have printed nothing in it, as far as is known."""
    place = zone(current_policy().time_zone)
    begin = first_moment(month_of(day_of(now, place)), place)
    # A day's slack for machines in other time zones, which begin it themselves when they are read.
    stale = Machine.objects.filter(read_at__lt=begin - timedelta(days=1), pages_month__gt=0)
    return stale.update(pages_month=0)


def forget_runs(now: datetime) -> int:
    """Runs of tasks that ended too long ago go, with their results (EMC-PREF-10). Returns: how many."""
    return _in_rounds(remove_old_runs, now - timedelta(days=fleet_settings().keep_runs_days))


def forget_notices(now: datetime) -> int:
    """Notices go that were sent or given up too long ago, as states and alerts do. Returns: how many."""
    return _in_rounds(remove_old_notices, now - timedelta(days=fleet_settings().keep_status_days))


def _in_rounds(remove: Callable[[datetime], int], before: datetime) -> int:
    """As many as go in some steps; the others tomorrow."""
    gone = 0
    for _round in range(ROUNDS_MAX):
        removed = remove(before)
        gone += removed
        if not removed:
            break
    return gone


@transaction.atomic
def _forget(ids: Sequence[int], now: datetime) -> None:
    settings = fleet_settings()
    today = now.date()
    _forget_readings(ids, now - timedelta(days=settings.keep_readings_days))
    months = MonthMeters.objects.filter(machine_id__in=ids)
    # Days of a month are forgotten together, when the last of them is too old.
    over = month_of(today - timedelta(days=settings.keep_days_days))
    passing = months.filter(day__lt=over).exclude(days="")
    _fill(passing.filter(moved={}))
    passing.update(days="")
    # A month is there as long as any of its days is to be.
    longest = max(settings.keep_days_days, settings.keep_months_days)
    months.filter(day__lt=month_of(today - timedelta(days=longest))).delete()
    since = now - timedelta(days=settings.keep_status_days)
    StateSpan.objects.filter(machine_id__in=ids, began_at__lt=since, ended_at__lt=since).delete()
    SupplyEvent.objects.filter(machine_id__in=ids, at__lt=since).delete()
    Alert.objects.filter(machine_id__in=ids, began_at__lt=since, cleared_at__lt=since).delete()
    gone = now - timedelta(days=MISSING_DAYS)
    Supply.objects.filter(machine_id__in=ids, state=MISSING, changed_at__lt=gone).delete()


def _forget_readings(ids: Sequence[int], before: datetime) -> None:
    """Readings of whole days by the calendar of each machine's place: meters within a day are known by all of its
    readings or not at all."""
    otherwise = current_policy().time_zone
    by_zone: dict[str, list[int]] = {}
    for machine_id, name in Machine.objects.filter(pk__in=ids).values_list("pk", "time_zone"):
        by_zone.setdefault(name or otherwise, []).append(machine_id)
    for name, some in by_zone.items():
        place = zone(name, otherwise)
        begin = first_moment(day_of(before, place), place)
        MeterReading.objects.filter(machine_id__in=some, at__lt=begin).delete()


def _fill(months: Iterable[MonthMeters]) -> None:
    """Months made of days that were rows of their own have other meters than the totals in their days alone: these are
    what is left of them."""
    for month in months:
        moved = total_of(day.moved for day in MonthDays(month.days).of(month.day))
        others = {name: move for name, move in moved.items() if name not in {"total", "total.color"}}
        if others:
            MonthMeters.objects.filter(pk=month.pk).update(moved=others)
