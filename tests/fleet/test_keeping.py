"""What is kept for how long, what passes with the days, and what an organisation decides of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from platen.eventlog.models import AuditEntry
from platen.fleet.accepting import accept_identity
from platen.fleet.errors import FleetError, InvalidValue
from platen.fleet.history import page_of_days
from platen.fleet.meters_at import meters_at
from platen.fleet.models import Alert, Machine, MeterReading, MonthMeters, StateSpan, SupplyEvent
from platen.fleet.retention import begin_month, forget_old
from platen.fleet.settings import change_fleet_settings, fleet_settings
from platen.readings.facts import Identity
from platen.services.fleet.keeping import FleetKeeping
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, WHO, Watching, alert, machine, reading, toner


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    """A machine that is read."""
    return Watching(machine())


def lived(watched: Watching) -> None:
    """A machine with 90 days of history."""
    for day in range(90):
        alerts = [alert()] if day % 2 else []
        watched.read(reading(total=1_000 + day * 10, supplies=[toner(100 - day)], alerts=alerts), hours=24)


KEPT = (MeterReading, MonthMeters, StateSpan, SupplyEvent, Alert)


class TestRetention:
    def test_each_kind_has_its_age(self, watched: Watching) -> None:
        """Readings go after weeks, days after years; states, alerts and supplies at their age. EMC-COMM-20"""
        lived(watched)
        change_fleet_settings(by=ADMIN, keep_readings_days=30, keep_days_days=60, keep_status_days=10)
        assert forget_old(watched.now) is None
        assert MeterReading.objects.count() in {30, 31}
        days = page_of_days(watched.machine, size=100)
        assert 60 < len(days) < 90
        assert days[-1].day.day == 1  # months at a time
        assert MonthMeters.objects.count() >= 3
        assert 0 < Alert.objects.count() <= 6
        assert 0 < StateSpan.objects.count() <= 12
        assert 0 < SupplyEvent.objects.count() <= 11

    @pytest.mark.parametrize("place", ["UTC", "Pacific/Auckland", "America/Sao_Paulo"])
    def test_readings_go_by_whole_days_of_the_machine_s_place(self, tenant: Tenant, place: str) -> None:
        """At whatever hour readings are forgotten, those of a day stay or go together, so that meters within a day are
        what they were before."""
        watched = Watching(machine(time_zone=place))
        for number in range(80):
            watched.read(reading(total=1_000 + 10 * number))
        change_fleet_settings(by=ADMIN, keep_readings_days=1)
        moments = {watched.now - timedelta(hours=hours): 1_790 - 10 * hours for hours in range(1, 25)}
        forget_old(watched.now)
        for moment, total in moments.items():
            then = meters_at(watched.machine, moment)
            assert (then.values, then.exact) == ({"total": total}, True)
        assert MeterReading.objects.count() < 50

    @pytest.mark.parametrize(("days", "months"), [(800, 366), (366, 800), (800, 800)])
    def test_a_month_stays_as_long_as_its_days(self, watched: Watching, days: int, months: int) -> None:
        """Whichever of days and months is kept longer, neither goes before its age. EMC-COMM-20"""
        watched.read(reading(total=1_000))
        watched.read(reading(total=1_020))
        change_fleet_settings(by=ADMIN, keep_days_days=days, keep_months_days=months)
        for age, there in ((360, True), (799, True), (835, False)):
            forget_old(watched.now + timedelta(days=age))
            kept = list(MonthMeters.objects.values_list("pages", flat=True))
            assert kept == ([20] if there else [])
            assert [day.pages for day in page_of_days(watched.machine)] == ([20] if age < days else [])

    def test_what_only_days_say_goes_into_their_month(self, watched: Watching) -> None:
        """When days are forgotten, their copies and scans are kept with the month also where only they told of them."""
        watched.read(reading(total=1_000, copy=300))
        watched.read(reading(total=1_020, copy=305))
        MonthMeters.objects.update(moved={})
        forget_old(watched.now + timedelta(days=2_000))
        month = MonthMeters.objects.get()
        assert (month.days, month.pages, month.moved) == ("", 20, {"copy": 5})

    def test_what_is_open_stays(self, watched: Watching) -> None:
        """An alert or a state that lasts is not forgotten, however old."""
        watched.read(reading(total=1, alerts=[alert()]))
        forget_old(watched.now + timedelta(days=5_000))
        assert Alert.objects.count() == StateSpan.objects.count() == 1

    def test_it_goes_from_machine_to_machine(self, tenant: Tenant) -> None:
        """A large fleet is gone through in steps, each machine once."""
        keys = [machine(name, address=f"127.20.1.{place}").pk for place, name in enumerate("abc")]
        first = forget_old(START, limit=2)
        assert first == keys[1]
        assert forget_old(START, first, limit=2) is None

    def test_other_tenants_decide_for_themselves(self, watched: Watching, other_tenant: Tenant) -> None:
        """What one organisation keeps is not forgotten because another does."""
        lived(watched)
        counts = [model.objects.count() for model in KEPT]
        with acting_for(other_tenant.id):
            change_fleet_settings(by=ADMIN, keep_readings_days=1)
            forget_old(watched.now)
        assert [model.objects.count() for model in KEPT] == counts

    def test_the_round_of_a_day(self, watched: Watching) -> None:
        """Once a day everything is gone through, for every organisation."""
        lived(watched)
        change_fleet_settings(by=ADMIN, keep_readings_days=30)
        keeping = FleetKeeping()
        keeping.step(watched.now)
        after_first = MeterReading.objects.count()
        assert after_first < 40
        keeping.step(watched.now + timedelta(days=10))
        assert MeterReading.objects.count() == after_first - 10

    def test_a_month_begins(self, watched: Watching) -> None:
        """A machine that was not read since the month began has no pages in it."""
        watched.read(reading(total=100))
        watched.read(reading(total=150))
        assert begin_month(watched.now) == 0
        assert begin_month(watched.now + timedelta(days=40)) == 1
        assert watched.machine.pages_month == 0


class TestSettings:
    def test_defaults_hold_until_something_is_decided(self, tenant: Tenant) -> None:
        """Without any decision machines are looked at every five minutes and read every hour. SC-DEVMON-03"""
        assert (fleet_settings().status_every_s, fleet_settings().counters_every_s) == (300, 3_600)

    def test_a_change_is_in_the_audit_trail(self, tenant: Tenant) -> None:
        """Who changed how often machines are read, from what to what. EMC-BLTN-03, EMC-BLTN-05"""
        change_fleet_settings(by=ADMIN, status_every_s=120, windows={"standard": ["08:00-18:00"]})
        assert fleet_settings().status_every_s == 120
        assert AuditEntry.objects.get().detail["changed"]["status_every_s"] == [300, 120]

    @pytest.mark.parametrize(
        "values",
        [
            {"status_every_s": 1},
            {"status_every_s": True},
            {"retries": "many"},
            {"windows": ["8 to 5"]},
            {"keep_days_days": 0},
            {"no_such": 1},
        ],
        ids=str,
    )
    def test_what_makes_no_sense_is_refused(self, tenant: Tenant, values: dict[str, Any]) -> None:
        """A setting that would ask a fleet every second, or forget it, is refused with a sentence."""
        with pytest.raises(InvalidValue, match=r"\.$"):
            change_fleet_settings(by=ADMIN, **values)


class TestAccepting:
    OTHER = Identity(maker="Halden", model="C458", serial="HC458-0099", mac="00c076ff0099")

    def test_a_replaced_machine_is_accepted(self, watched: Watching) -> None:
        """The other machine is this one now: it counts anew, what was counted stays. EMC-DLST-11"""
        watched.read(reading(total=50_000))
        watched.read(reading(total=50_100))
        watched.read(reading(total=12, identity=self.OTHER))
        accept_identity(watched.machine, by=ADMIN)
        watched.read(reading(total=15, identity=self.OTHER))
        watched.read(reading(total=25, identity=self.OTHER))
        found = watched.machine
        assert (found.serial, found.power, found.pages, found.pages_month) == ("HC458-0099", "on", 25, 110)
        (day,) = page_of_days(found)
        assert "replaced" in day.gap

    def test_without_a_conflict_there_is_nothing_to_accept(self, watched: Watching) -> None:
        """A machine that answers as itself cannot be replaced by accident."""
        watched.read(reading(total=1, identity=WHO))
        with pytest.raises(FleetError, match="nothing to accept"):
            accept_identity(watched.machine, by=ADMIN)
        assert Machine.objects.get().serial == WHO.serial
