"""Supplies: what moved, what was replaced, what is low, and when it will be out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from platen.eventlog.models import Event
from platen.fleet.events import Kind
from platen.fleet.forecasts import orders_due, pass_day, refresh_forecasts, supplies_due
from platen.fleet.history import supply_history
from platen.fleet.models import Supply, SupplyEvent
from platen.readings.facts import SupplyState
from platen.tenants.models import Tenant
from tests.fleet.machines import Watching, machine, reading, toner


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    """A machine that is read."""
    return Watching(machine())


def test_supplies_are_as_the_last_reading_said(watched: Watching) -> None:
    """Level, part number and serial number of each supply stand at the machine. DCA-DATA-01"""
    black = toner(80, part_number="TN-1", serial="S1")
    watched.read(reading(total=100, supplies=[black, toner(60, "cyan")]))
    watched.read(reading(total=150, supplies=[replace(black, percent=79), toner(60, "cyan")]))
    stored = {supply.color: supply for supply in Supply.objects.all()}
    assert (stored["black"].percent, stored["black"].part_number, stored["black"].changed_at) == (
        79,
        "TN-1",
        watched.now,
    )
    assert watched.machine.supply_percent == 60
    assert SupplyEvent.objects.filter(key="1.cyan").count() == 1


def test_a_new_cartridge_is_seen(watched: Watching) -> None:
    """A level that rises to full is a replacement, with how many pages the old one made."""
    watched.read(reading(total=100, supplies=[toner(90)]))
    watched.read(reading(total=1_000, supplies=[toner(3)]), hours=24)
    watched.read(reading(total=1_010, supplies=[toner(100)]))
    watched.read(reading(total=5_000, supplies=[toner(2)]), hours=24 * 9)
    assert Kind.SUPPLY_REPLACED in watched.read(reading(total=5_060, supplies=[toner(100)]))
    newest, *others = [each for each in supply_history(watched.machine, "1.black") if each.kind == "replaced"]
    assert newest.detail["yield_pages"] == 5_060 - 1_010
    assert others[0].detail["yield_pages"] is None  # nobody saw when that one was put in
    assert Supply.objects.get().installed_pages == 5_060


def test_removed_early_is_said(watched: Watching) -> None:
    """A cartridge that is taken out with 40 % left is reported, with what was left."""
    watched.read(reading(total=100, supplies=[toner(40, serial="A")]))
    assert Kind.SUPPLY_EARLY in watched.read(reading(total=110, supplies=[toner(100, serial="B")]))
    event = Event.objects.get(kind="supply_removed_early")
    assert "40 % left" in event.message
    assert (event.fields["serial_before"], event.fields["serial_after"]) == ("A", "B")


def test_low_is_said_once(watched: Watching) -> None:
    """A supply that is low is told once, though its level flickers, and again after it was replaced."""
    kinds = []
    for percent in (20, 10, 11, 10, 9, 100, 8):
        kinds += watched.read(reading(total=100, supplies=[toner(percent)]))
    assert kinds.count(Kind.SUPPLY_LOW) == 2


def test_low_without_a_level(watched: Watching) -> None:
    """A machine that measures nothing and says that a supply is low is believed."""
    assert Kind.SUPPLY_LOW in watched.read(reading(supplies=[toner(None, state=SupplyState.LOW)]))


def test_a_supply_that_is_no_longer_reported_is_missing(watched: Watching) -> None:
    """A cartridge that was taken out is missing; when one is put in, it is there again."""
    watched.read(reading(total=1, supplies=[toner(50), toner(60, "cyan")]))
    assert Kind.SUPPLY_MISSING in watched.read(reading(total=1, supplies=[toner(60, "cyan")]))
    assert Supply.objects.get(color="black").state == "missing"
    assert Kind.SUPPLY_MISSING not in watched.read(reading(total=2, supplies=[toner(61, "cyan")]))
    watched.read(reading(total=2, supplies=[toner(49), toner(61, "cyan")]))
    assert Supply.objects.get(color="black").percent == 49


class TestForecast:
    def used(self, watched: Watching, *, days: int) -> None:
        """100 pages a day; a cartridge for 4,000 pages, read once a day."""
        for day in range(days):
            watched.read(reading(total=1_000 + 100 * day, supplies=[toner(100 - day * 5 // 2)]), hours=24)

    def test_days_left_are_forecast(self, watched: Watching) -> None:
        """After 30 days of 100 pages, a cartridge of 4,000 lasts ten days more, and is ordered before."""
        self.used(watched, days=30)
        assert refresh_forecasts(watched.now) == 1
        supply = Supply.objects.get()
        assert supply.days_left == pytest.approx(11, abs=1)
        assert supply.days_confidence is not None
        assert supply.days_confidence > 0.7
        assert supply.empty_on is not None
        assert supply.order_by is not None
        assert supply.order_by <= supply.empty_on - timedelta(days=7)
        assert watched.machine.supply_days == supply.days_left
        assert refresh_forecasts(watched.now) == 0

    @pytest.mark.parametrize("days", [3, 11, 13])
    @pytest.mark.parametrize("anew", [5, 900_000])
    @pytest.mark.parametrize(("put_in", "left"), [(0, 5), (10, 15)])
    def test_a_meter_that_broke_uses_nothing_up(
        self, watched: Watching, *, days: int, anew: int, put_in: int, left: int
    ) -> None:
        """A toner that falls by 5 % a day lasts a day for each 5 % left, whenever its machine's meter was reset or
        jumped."""
        for day in range(16):
            total = 1_000 + 100 * day if day < days else anew + 100 * (day - days)
            used = 5 * (day - put_in if day >= put_in else day)
            watched.read(reading(total=total, supplies=[toner(100 - used)]), hours=24)
        refresh_forecasts(watched.now)
        assert watched.machine.pages == anew + 100 * (15 - days)
        assert Supply.objects.get().days_left == pytest.approx(left, abs=1)

    def test_days_pass(self, watched: Watching) -> None:
        """While nobody prints and nothing is read, the days that are left still become fewer."""
        self.used(watched, days=30)
        refresh_forecasts(watched.now)
        before = Supply.objects.get().days_left
        assert pass_day(watched.now + timedelta(days=3)) == 1
        after = Supply.objects.get().days_left
        assert after is not None
        assert before is not None
        assert after == before - 3
        assert watched.machine.supply_days == after

    def test_what_is_out_soon_is_listed(self, watched: Watching) -> None:
        """Supplies that will be out within a time, and those to order by a day."""
        self.used(watched, days=30)
        refresh_forecasts(watched.now)
        assert [supply.color for supply in supplies_due(14)] == ["black"]
        assert supplies_due(3) == []
        day = watched.now.date()
        assert len(orders_due(day + timedelta(days=5))) == 1
        assert orders_due(day - timedelta(days=5)) == []

    def test_a_new_cartridge_has_no_past(self, watched: Watching) -> None:
        """What the old cartridge used says nothing yet of the new one's level."""
        self.used(watched, days=38)
        watched.read(reading(total=4_800, supplies=[toner(100)]), hours=1)
        refresh_forecasts(watched.now)
        assert Supply.objects.get().days_left is None
