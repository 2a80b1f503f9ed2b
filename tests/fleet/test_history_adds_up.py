"""Whatever machines count: readings, days, months and the fleet's days say the same, and nobody else is told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from platen.fleet.accepting import accept_identity
from platen.fleet.forecasts import orders_due, supplies_due
from platen.fleet.history import (
    alerts_of,
    days_of,
    fleet_days,
    fleet_months,
    months_of,
    open_alerts,
    page_of_days,
    page_of_readings,
    seconds_in_states,
    supply_history,
    top_machines,
)
from platen.fleet.meters_at import meters_at, moves_of
from platen.fleet.models import Machine, MeterReading, MonthMeters, Supply
from platen.fleet.queries_machine import changes_of_supplies, doubtful_readings, gaps_of, past_alerts, supplies_in
from platen.fleet.queries_rows import first_to_end, supplies_of_machines
from platen.fleet.state_shares import longest_in, shares_by_key
from platen.policy.fleet.rollups import first_moment, month_of, total_of, zone
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import WHO, Watching, alert, machine, reading, toner

ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Sao_Paulo", "UTC")
HOURS = (1, 2, 9, 24, 26, 70, 24 * 20)
SEEDS = range(3)


class Lived:
    """A machine that is read for months, and is reset, doubted and replaced on the way."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.watching = Watching(machine(time_zone=ZONES[seed % len(ZONES)]))
        self._who, self._numbers = replace(WHO, serial=f"S{seed}", mac=""), 0
        self.believed: list[tuple[datetime, dict[str, int]]] = []  # after each reading that was believed
        self._meters = {"total": 40_000, "total.color": 9_000, "copy": 700, "scan": 50}
        for _ in range(50):
            self._read(self._chance.choice(HOURS))

    @property
    def machine(self) -> Machine:
        """As it is stored."""
        return self.watching.machine

    def _read(self, hours: int) -> None:
        what = self._chance.random()
        said = self._meters
        if what < 0.05:  # a moment's nonsense
            said = dict.fromkeys(said, 10**12)
        elif what < 0.1:  # the board lost its memory
            self._meters = said = {name: self._chance.randrange(20) for name in said}
        elif what < 0.13:
            self._replace()
            said = self._meters
        else:
            pages = self._chance.choice([0, 0, 3, 90])
            moved = {"total": pages, "total.color": pages // 3, "copy": pages // 5, "scan": pages % 7}
            self._meters = said = {name: value + moved[name] for name, value in self._meters.items()}
        named = {name.replace(".", "__"): value for name, value in said.items()}
        self.watching.read(reading(identity=self._who, **named), hours=hours)
        if not self.machine.suspicion:
            self.believed.append((self.watching.now, dict(self.machine.meters)))

    def _replace(self) -> None:
        """Another machine stands there, and somebody says that it is this one now."""
        self._numbers += 1
        self._who = replace(self._who, serial=f"{self._who.serial[:2]}-{self._numbers}")
        self._meters = {name: self._chance.randrange(900) for name in self._meters}
        named = {name.replace(".", "__"): value for name, value in self._meters.items()}
        self.watching.read(reading(identity=self._who, **named))
        accept_identity(self.machine, by=ADMIN)


@pytest.fixture(params=SEEDS)
def lived(tenant: Tenant, request: pytest.FixtureRequest) -> Lived:
    """A machine with a past."""
    return Lived(request.param)


def test_days_months_and_readings_add_up(lived: Lived) -> None:
    """Moves of readings, of days, of months and of the fleet's days are the same, in the machine's own time zone.
    EMC-REPT-08 EMC-ARCH-10"""
    found, last = lived.machine, lived.watching.now
    first = last - timedelta(days=3_000)
    days = page_of_days(found, size=400)
    assert days == list(reversed(days_of(found, first.date(), last.date() + timedelta(days=1))))
    by_month: dict[object, Counter[str]] = {}
    for day in days:
        by_month.setdefault(month_of(day.day), Counter()).update(day.moved)
    for month in months_of(found, 400):
        assert moves_of(month) == by_month[month.day]
    place = zone(found.time_zone)
    read: dict[object, Counter[str]] = {}
    for each in MeterReading.objects.all():
        read.setdefault(each.at.astimezone(place).date(), Counter()).update(each.moved)
    assert {day.day: day.moved for day in days if day.moved} == {day: moved for day, moved in read.items() if moved}
    fleet = fleet_days(first.date(), last.date() + timedelta(days=1))
    assert {day.day: (day.pages, day.color) for day in days if day.pages} == {
        day: sums for day, sums in fleet.items() if sums != (0, 0)
    }


def test_nothing_is_ever_counted_backwards_or_beyond_what_was_said(lived: Lived) -> None:
    """No move is below one or more than a machine can print, whatever it said: neither a reset, nor nonsense, nor
    another machine is usage."""
    for day in page_of_days(lived.machine, size=400):
        assert all(0 < move <= 90 * 30 for move in day.moved.values())


def test_meters_at_every_moment_are_those_that_were_believed(lived: Lived) -> None:
    """With readings at hand, at every reading and between them; without, at the end of every day."""
    found, place = lived.machine, zone(lived.machine.time_zone)
    for at, meters in lived.believed:
        assert meters_at(found, at).values == meters
        assert meters_at(found, at + timedelta(seconds=1)).values == meters
    MeterReading.objects.all().delete()
    ends: dict[datetime, dict[str, int]] = {}
    for at, meters in lived.believed:
        day = at.astimezone(place).date()
        ends[first_moment(day + timedelta(days=1), place)] = meters
    for end, meters in ends.items():
        if end < (found.counted_at or end):
            assert meters_at(found, end + timedelta(minutes=5)).values == meters


def test_resets_and_gaps_are_explained(lived: Lived) -> None:
    """Days on which counting began anew, and those that end a time without readings, say so, and no others do."""
    days = page_of_days(lived.machine, size=400)
    begun = {
        each.at.astimezone(zone(lived.machine.time_zone)).date() for each in MeterReading.objects.exclude(raw=None)
    }
    for day in days:
        if day.at_end:
            assert day.day in begun
        if "reset" in day.gap or "replaced" in day.gap:
            assert day.at_end
    said = gaps_of(lived.machine, days[-1].day, limit=400)
    assert said == [day for day in days if day.gap]
    total = total_of(moves_of(month) for month in MonthMeters.objects.all())
    assert total.get("total", 0) == sum(day.pages for day in days)


MOMENT = datetime(2026, 3, 3, 12, tzinfo=UTC)
LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
OF_A_MACHINE: dict[str, Callable[[Machine], object]] = {
    "days": lambda found: days_of(found, LONG_AGO.date(), LATER.date()),
    "page of days": page_of_days,
    "months": months_of,
    "readings": page_of_readings,
    "doubtful readings": doubtful_readings,
    "gaps": lambda found: gaps_of(found, LONG_AGO.date()),
    "meters at a moment": lambda found: meters_at(found, MOMENT).values,
    "alerts": alerts_of,
    "open alerts": open_alerts,
    "past alerts": past_alerts,
    "supplies": supplies_in,
    "supplies of a list": lambda found: supplies_of_machines([found.pk])[found.pk],
    "levels": lambda found: supply_history(found, "1.black"),
    "changes of supplies": changes_of_supplies,
    "states": lambda found: {s for s in seconds_in_states(found, LONG_AGO, LATER) if s != "unknown"},
    "shares of time": lambda found: shares_by_key(LONG_AGO, LATER, [found.pk]),
    "most pages": lambda _: top_machines(MOMENT.date()),
    "the fleet's days": lambda _: fleet_days(LONG_AGO.date(), LATER.date()),
    "the fleet's months": lambda _: fleet_months(LONG_AGO.date(), LATER.date()),
    "supplies that are due": lambda _: supplies_due(5_000),
    "the first to end": lambda _: first_to_end(5_000, 10),
    "orders that are due": lambda _: orders_due(LATER.date()),
    "longest in trouble": lambda _: longest_in("error", LONG_AGO, LATER, 10),
}


@pytest.fixture
def theirs(tenant: Tenant) -> Machine:
    """A machine of the tenant with something of everything."""
    watching = Watching(machine())
    for number in range(30):
        said = 10**12 if number == 9 else 1_000 + 10 * number
        level = 90 - 7 * number if number < 10 else 99 - number
        alerts = [alert()] if number % 4 == 0 else [alert("cover")]
        watching.read(reading(total=said, total__color=said // 3, supplies=[toner(level)], alerts=alerts), hours=5)
    watching.read(reading(total=1_400, supplies=[toner(60)], alerts=[alert()]), hours=24 * 5)
    Supply.objects.update(days_left=3, order_by=MOMENT.date())
    return watching.machine


def test_history_of_another_organisation_is_not_there(theirs: Machine, other_tenant: Tenant) -> None:
    """Nothing that is kept of a machine is found from another organisation, not even by its key; here all of it is."""
    assert {name for name, ask in OF_A_MACHINE.items() if not ask(theirs)} == set()
    with acting_for(other_tenant.id):
        assert {name for name, ask in OF_A_MACHINE.items() if ask(theirs)} == set()
