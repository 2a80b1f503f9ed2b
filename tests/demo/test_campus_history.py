"""The past that the demonstration gives its machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from platen.demo.campus_history import are_all_read, write_history
from platen.demo.campus_past import DAYS
from platen.demo.fleet.campus import machines as on_campus
from platen.devices.services import add_device
from platen.fleet.forecasts import refresh_forecasts
from platen.fleet.history import days_of
from platen.fleet.meters_at import meters_at
from platen.fleet.models import FleetDay, Machine, MonthMeters, StateSpan, Supply, SupplyEvent
from platen.fleet.storing import store
from platen.fleet.visits import Visit
from platen.policy.fleet.rollups import month_of
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import reading, toner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


@pytest.fixture
def copier() -> Machine:
    """A machine of the campus that was read twice since the demonstration began."""
    address, simulated = next(iter(on_campus()))
    device = add_device("Copier", "", by=ADMIN)
    made = Machine.objects.create(device=device, address=address)
    total = int(simulated.pages_begun)
    level = round(100 * (1 - (simulated.supply_begun(0) + total / simulated.model.supplies[0][0].used_up_after) % 1))
    for minutes, pages in ((0, total), (1, total + 30)):
        said = reading(total=pages, total__color=total // 3, supplies=[toner(level, key="1.1")])
        store([Visit(machine_id=made.pk, at=NOW + timedelta(minutes=minutes), reading=said, survey=True)])
    return Machine.objects.get(pk=made.pk)


def test_every_day_leads_to_the_next(copier: Machine) -> None:
    """Meters at any day of three months, up to what was read first; days, months and the fleet's days agree."""
    assert write_history(NOW) == 1
    first_read = copier.meters["total"] - 30
    days = days_of(copier, NOW.date() - timedelta(days=200), NOW.date() - timedelta(days=1))
    assert len(days) == DAYS
    at_ends = [meters_at(copier, NOW - timedelta(days=ago)).values["total"] for ago in range(DAYS - 1, -1, -1)]
    assert at_ends[-1] == copier.meters["total"] - 30 == first_read
    assert [later - sooner for sooner, later in pairwise(at_ends)] == [day.pages for day in days[1:]]
    assert all(day.color <= day.pages for day in days)
    for month in MonthMeters.objects.filter(machine=copier):
        of_month = [day for day in days_of(copier, month.day, NOW.date()) if day.day.month == month.day.month]
        assert month.pages == sum(day.pages for day in of_month)
    assert Machine.objects.get().pages_month == MonthMeters.objects.get(day=month_of(NOW.date())).pages
    assert sum(FleetDay.objects.values_list("pages", flat=True)) == sum(day.pages for day in days) + 30


def test_supplies_can_be_forecast(copier: Machine) -> None:
    """Levels fall and supplies were replaced, so that days are left."""
    write_history(NOW)
    levels = list(SupplyEvent.objects.filter(machine=copier, key="1.1").order_by("at").values_list("percent", "kind"))
    assert {kind for _, kind in levels} >= {"level"}
    assert all(later < sooner or kind == "replaced" for (sooner, _), (later, kind) in pairwise(levels[:-1]))
    while refresh_forecasts(NOW):
        pass
    supply = Supply.objects.get(machine=copier)
    assert supply.days_left is not None
    assert supply.order_by is not None


def test_it_has_one_past(copier: Machine) -> None:
    """A second time changes nothing; states follow each other without a gap until the machine was read."""
    write_history(NOW)
    assert are_all_read()
    assert write_history(NOW) == 0
    spans = list(StateSpan.objects.filter(machine=copier).order_by("began_at", "id"))
    assert all(before.ended_at == after.began_at for before, after in pairwise(spans))
    assert spans[-1].ended_at is None
