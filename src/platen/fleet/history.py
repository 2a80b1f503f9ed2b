"""What was: days and months, states, supplies, alerts. Meters at a moment: `meters_at`."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from platen.fleet.models import Alert, FleetDay, Machine, MeterReading, MonthMeters, StateSpan, SupplyEvent
from platen.policy.fleet.month_days import DayMeters, MonthDays
from platen.policy.fleet.rollups import month_of
from platen.tenants.context import current_regions

PAGE_MAX = 400
DAYS_MONTHS_MAX = 40
"""Days of so many months at once, so that three years are."""
MONTHS_AT_ONCE = 6


def days_of(machine: Machine, first: date, last: date) -> list[DayMeters]:
    """Days on which something was counted, oldest first."""
    months = MonthMeters.objects.filter(machine=machine, day__gte=month_of(first), day__lte=last).order_by("day")
    kept = months.values_list("day", "days")[:DAYS_MONTHS_MAX]
    return [day for month, text in kept for day in MonthDays(text).of(month) if first <= day.day <= last]


def page_of_days(machine: Machine, before: date | None = None, size: int = 50) -> list[DayMeters]:
    """Days on which something was counted, newest first; the next page begins before the last of them."""
    found: list[DayMeters] = []
    months = MonthMeters.objects.filter(machine=machine).exclude(days="").order_by("-day")
    if before is not None:
        months = months.filter(day__lt=before)
    wanted = min(size, PAGE_MAX)
    for start in range(0, PAGE_MAX, MONTHS_AT_ONCE):
        some = months.values_list("day", "days")[start : start + MONTHS_AT_ONCE]
        for month, text in some:
            days = [day for day in MonthDays(text).of(month) if before is None or day.day < before]
            found += reversed(days)
        if len(found) >= wanted or len(some) < MONTHS_AT_ONCE:
            break
    return found[:wanted]


def months_of(machine: Machine, limit: int = 36) -> list[MonthMeters]:
    """Months in which something was counted, newest first."""
    return list(MonthMeters.objects.filter(machine=machine).defer("days").order_by("-day")[: min(limit, PAGE_MAX)])


def page_of_readings(machine: Machine, before: datetime | None = None, size: int = 50) -> list[MeterReading]:
    """Readings at which a meter moved or was not believed, newest first."""
    readings = MeterReading.objects.filter(machine=machine).defer("raw")
    if before is not None:
        readings = readings.filter(at__lt=before)
    return list(readings.order_by("-at", "-id")[: min(size, PAGE_MAX)])


def top_machines(month: date, limit: int = 10, *, fewest: bool = False) -> list[MonthMeters]:
    """Those that counted most pages in a month, or fewest of those that counted any; with their machines."""
    rows = MonthMeters.objects.filter(day=month_of(month), machine__managed=True).select_related("machine__device")
    ordered = rows.defer("days").order_by("pages" if fewest else "-pages", "machine_id")
    return list(ordered[: min(limit, PAGE_MAX)])


def fleet_months(first: date, last: date) -> dict[date, tuple[int, int]]:
    """Pages, and of these in colour, of the whole fleet by month: the first of each."""
    months: dict[date, tuple[int, int]] = {}
    for day, (pages, color) in fleet_days(month_of(first), last).items():
        before = months.get(month_of(day), (0, 0))
        months[month_of(day)] = before[0] + pages, before[1] + color
    return months


def fleet_days(first: date, last: date) -> dict[date, tuple[int, int]]:
    """Pages, and of these in colour, of the whole fleet by day; where there is a limit, of its regions."""
    if current_regions() is not None:
        return _days_within(first, last)
    days = FleetDay.objects.filter(day__gte=first, day__lte=last).order_by("day")
    return {day: (pages, color) for day, pages, color in days.values_list("day", "pages", "color")}


def _days_within(first: date, last: date) -> dict[date, tuple[int, int]]:
    """As kept of each machine: what is summed up is the whole fleet's."""
    sums: dict[date, tuple[int, int]] = {}
    months = MonthMeters.objects.filter(day__gte=month_of(first), day__lte=last).exclude(days="")
    for month, text in months.values_list("day", "days").iterator(chunk_size=2000):
        for each in MonthDays(text).of(month):
            if first <= each.day <= last:
                pages, color = sums.get(each.day, (0, 0))
                sums[each.day] = pages + each.pages, color + each.color
    return sums


def alerts_of(machine: Machine, before: datetime | None = None, size: int = 50) -> list[Alert]:
    """What a machine reported, newest first, what is still open among it (EMC-DSTA-03)."""
    alerts = Alert.objects.filter(machine=machine)
    if before is not None:
        alerts = alerts.filter(began_at__lt=before)
    return list(alerts.order_by("-began_at", "-id")[: min(size, PAGE_MAX)])


def open_alerts(machine: Machine) -> list[Alert]:
    """What a machine reports now, the worst first."""
    return list(Alert.objects.filter(machine=machine, cleared_at__isnull=True).order_by("-severity", "began_at")[:200])


def supply_history(machine: Machine, key: str, limit: int = 200) -> list[SupplyEvent]:
    """What became of a supply, newest first."""
    events = SupplyEvent.objects.filter(machine=machine, key=key)
    return list(events.order_by("-at", "-id")[: min(limit, PAGE_MAX)])


def seconds_in_states(machine: Machine, begin: datetime, end: datetime) -> dict[str, float]:
    """How long a machine was in each state (EMC-REPT-10); what nobody saw is `unknown`."""
    spans = StateSpan.objects.filter(machine=machine, began_at__lt=end).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=begin)
    )
    seconds: dict[str, float] = {}
    for state, began, ended in spans.values_list("state", "began_at", "ended_at"):
        length = (min(ended or end, end) - max(began, begin)).total_seconds()
        seconds[state] = seconds.get(state, 0.0) + max(0.0, length)
    unseen = (end - begin).total_seconds() - sum(seconds.values())
    if unseen > 0:
        seconds["unknown"] = seconds.get("unknown", 0.0) + unseen
    return seconds
