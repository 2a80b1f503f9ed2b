"""Meters of two records of one machine, as what the machine counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from platen.fleet.merging import merge
from platen.fleet.meters_at import meters_at
from platen.fleet.models import FleetDay, Machine, MeterReading, MonthMeters
from platen.policy.fleet.month_days import MonthDays
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, Watching, machine, reading

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
A_DAY = 100


def watched(name: str, days: list[int]) -> Machine:
    """A record that is read on these days after the start, of a machine that copies 100 pages a day."""
    one = Watching(machine(name, found_at=START + timedelta(days=days[0])))
    for day in days:
        one.now = START + timedelta(days=day)
        one.read(reading(total=5_000 + A_DAY * day, copy=70 * day), hours=0)
    return one.machine


def by_day(of: Machine) -> dict[int, int]:
    return {
        (day.day - START.date()).days: day.pages
        for month in MonthMeters.objects.filter(machine=of).order_by("day")
        for day in MonthDays(month.days).of(month.day)
    }


SILENT = [0, 1, 2, 9, 10, 40, 41]
THERE = [4, 5, 6, 7, 31, 32]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("forgotten", [False, True], ids=["days", "months"])
@pytest.mark.parametrize(
    ("one", "other"),
    [(SILENT, THERE), (SILENT[:5], [*THERE, 50]), (SILENT, [*THERE, 70])],
    ids=["within", "after", "on"],
)
def test_pages_are_what_the_meter_went(
    tenant: Tenant, one: list[int], other: list[int], *, forgotten: bool, swapped: bool
) -> None:
    """Whichever record was silent meanwhile and caught up, the machine has the pages between its first and last
    reading, in its months, in the sums of the fleet, and at any moment that either read it."""
    pair = [watched("A", one), watched("B", other)]
    if forgotten:
        MonthMeters.objects.update(days="")
    kept, gone = reversed(pair) if swapped else pair
    merge(kept, gone, by=ADMIN)
    merged = Machine.objects.get()
    months = list(MonthMeters.objects.order_by("day"))
    went = A_DAY * (max(*one, *other) - min(*one, *other))
    assert sum(month.pages for month in months) == went
    assert sum(month.moved.get("copy", 0) for month in months) == went * 7 // 10
    assert sum(FleetDay.objects.values_list("pages", flat=True)) == went
    if not forgotten:
        assert by_day(merged) == {(day.day - START.date()).days: day.pages for day in FleetDay.objects.all()}
        for day in {*one, *other}:
            assert meters_at(merged, START + timedelta(days=day, hours=1)).values["total"] == 5_000 + A_DAY * day, day


def test_a_record_begins_when_it_is_first_read(tenant: Tenant) -> None:
    """A record that was there long before it was first read counted nothing until then."""
    first, second = watched("A", [0, 1, 10]), watched("B", [9, 10, 20])
    Machine.objects.filter(pk=second.pk).update(found_at=START + timedelta(hours=1))
    late = watched("C", [30, 31])
    Machine.objects.filter(pk=late.pk).update(found_at=START + timedelta(hours=2))
    merged = merge(first, Machine.objects.get(pk=second.pk), by=ADMIN)
    assert by_day(merged) == {0: 0, 1: 100, 9: 800, 10: 100, 20: 1_000}
    merged = merge(Machine.objects.get(pk=merged.pk), Machine.objects.get(pk=late.pk), by=ADMIN)
    assert by_day(merged) == {0: 0, 1: 100, 9: 800, 10: 100, 20: 1_000, 30: 0, 31: 100}


@pytest.mark.parametrize("swapped", [False, True])
def test_counting_goes_on_from_the_meters_read_last(tenant: Tenant, *, swapped: bool) -> None:
    """When the record that answered last is not the one whose meters were read last, no page is counted again."""
    counted, answered = watched("A", [0, 1, 9]), watched("B", [1, 3])
    Machine.objects.filter(pk=answered.pk).update(read_at=START + timedelta(days=10))
    pair = [counted, Machine.objects.get(pk=answered.pk)]
    merged = Watching(merge(*(reversed(pair) if swapped else pair), by=ADMIN))
    merged.now = START + timedelta(days=11)
    merged.read(reading(total=6_100, copy=770), hours=0)
    assert (merged.machine.pages, MonthMeters.objects.get().pages) == (6_100, 1_100)


def test_readings_of_days_that_only_one_saw_stay(tenant: Tenant) -> None:
    """Of days on which the record that stays was not read the other's readings stay; one that caught up moves the
    rest."""
    merge(watched("A", [0, 1, 9]), watched("B", [1, 3, 4, 5]), by=ADMIN)
    moved = {(each.at - START).days: each.moved.get("total", 0) for each in MeterReading.objects.order_by("at")}
    assert moved == {0: 0, 1: 100, 3: 200, 4: 100, 5: 100, 9: 400}


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(("begin", "pages"), [(11, 2_000), (1, 1_500)], ids=["one after the other", "at once"])
def test_months_without_days_and_meters(tenant: Tenant, begin: int, pages: int) -> None:
    """Where neither days nor meters are kept, a month that one record ended and the other began in has the pages of
    both, and one that both counted has those of the larger; so have the sums of the fleet."""
    first = machine("A", found_at=at(1) - timedelta(days=40), counted_at=at(12))
    second = machine("B", found_at=at(begin) - timedelta(hours=20), counted_at=at(31))
    for each, counted in ((first, 500), (second, 1_500)):
        MonthMeters(machine=each, day=MARCH, pages=counted).save()
    for number in (5, 20):
        FleetDay(day=MARCH.replace(day=number), pages=1_000).save()
    merge(first, second, by=ADMIN)
    assert MonthMeters.objects.get().pages == sum(FleetDay.objects.values_list("pages", flat=True)) == pages
