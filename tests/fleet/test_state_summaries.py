"""Shares of time of a large fleet, summed up in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from platen.fleet import state_summaries
from platen.fleet.models import Machine, StateSpan, StateSummary
from platen.fleet.state_shares import CHOICES, longest_in
from platen.fleet.state_summaries import DAYS, FRESH, LONGEST_MAX, FleetShares, Summing, shares_of_days
from platen.services.fleet.keeping import FleetKeeping
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fleet.machines import START, machine

NOW = START + timedelta(days=100)
STATES = ("ready", "warning", "error", "service", "off", "silent", "unknown")


def at(days: float) -> datetime:
    """So many days before NOW."""
    return NOW - timedelta(days=days)


@pytest.fixture
def fleet(tenant: Tenant) -> list[Machine]:
    """Seven machines of which each was longest in another state, one more that is not managed."""
    made = [machine(f"M{number}", found_at=at(60 - number)) for number in range(8)]
    for number, (each, state) in enumerate(zip(made, (*STATES, "error"), strict=True)):
        spans = (
            ("ready", 50.0, 20.0 + number),
            (state, 20.0 + number, 5.0),
            ("warning", 5.0, 4.5),
            ("ready", 4.5, None),
        )
        for name, began, ended in spans:
            ended_at = None if ended is None else at(ended)
            StateSpan.objects.create(machine=each, state=name, began_at=at(began), ended_at=ended_at)
    Machine.objects.filter(pk=made[-1].pk).update(managed=False)
    return made


def told(shares: FleetShares) -> object:
    """What a page shows of it."""
    of_each = [
        (found.device.name, {state: round(each.of(state), 6) for state in STATES}) for found, each in shares.longest
    ]
    return {state: round(shares.whole.of(state), 6) for state in STATES}, of_each


def summed(limit: int) -> None:
    """Everything is summed up, so many machines at a time."""
    summing = Summing(NOW)
    while not summing.step(limit):
        pass


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_what_was_summed_up_is_what_would_be_found(fleet: list[Machine], limit: int) -> None:
    """Shares, and who was longest in what, are the same whether they are summed up before or when somebody looks, for
    every number of days and every choice. EMC-REPT-09"""
    live = {(days, choice): told(shares_of_days(days, NOW, choice)) for days in DAYS for choice in CHOICES}
    summed(limit)
    StateSpan.objects.all().delete()
    for (days, choice), wanted in live.items():
        found = shares_of_days(days, NOW + timedelta(hours=1), choice)
        assert (found.at, told(found)) == (NOW, wanted)


def test_only_those_that_were_longest_are_kept(fleet: list[Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large fleet a page's length, in the order in which it shows them."""
    monkeypatch.setattr(state_summaries, "LONGEST_MAX", 2)
    wanted = [found.pk for found, _ in longest_in("warning", at(30), NOW, LONGEST_MAX)]
    summed(2)
    assert [found.pk for found, _ in shares_of_days(30, NOW, "warning").longest] == wanted[:2]


def test_what_is_old_is_not_shown(fleet: list[Machine]) -> None:
    """After the node was off, shares are those of now. EMC-REPT-09"""
    summed(100)
    later = NOW + FRESH + timedelta(minutes=1)
    assert shares_of_days(7, later).at == later


def test_another_organisation_s_are_not_shown(fleet: list[Machine], other_tenant: Tenant) -> None:
    """Neither what was summed up nor a machine in it is there for others."""
    summed(100)
    with acting_for(other_tenant.id):
        found = shares_of_days(30, NOW, "warning")
        assert (found.at, found.whole.all_s, found.longest) == (NOW, 0.0, [])
        summed(100)
        assert shares_of_days(30, NOW).whole.all_s == 0.0
    assert shares_of_days(30, NOW).whole.all_s > 0


def test_a_machine_that_went_is_left_out(fleet: list[Machine]) -> None:
    """Who was removed, or is managed no longer, since it was summed up is no row of the list."""
    summed(100)
    Machine.objects.filter(pk=fleet[1].pk).update(managed=False)
    fleet[2].delete()
    left = {found.pk for found, _ in shares_of_days(30, NOW, "warning").longest}
    assert left
    assert not left & {fleet[1].pk, fleet[2].pk}


def test_housekeeping_sums_up_large_fleets_only(fleet: list[Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    """A small fleet is summed up when somebody looks; a large one once an hour, a step each time."""
    keeping = FleetKeeping()
    keeping.step(NOW)
    assert not StateSummary.objects.exists()
    monkeypatch.setattr(state_summaries, "LARGE", 3)
    keeping.step(NOW + timedelta(minutes=30))
    assert not StateSummary.objects.exists()
    keeping.step(NOW + timedelta(minutes=61))
    keeping.step(NOW + timedelta(minutes=62))
    assert {each.at for each in StateSummary.objects.all()} == {NOW + timedelta(minutes=61)}
    keeping.step(NOW + timedelta(minutes=122))
    assert {each.at for each in StateSummary.objects.all()} == {NOW + timedelta(minutes=122)}
