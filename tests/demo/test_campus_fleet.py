"""What the demonstration has its node do with the campus."""

from __future__ import annotations

import pytest
from django.utils import timezone

from platen.demo.campus_fleet import READ_EVERY_S, found, look_for_it
from platen.demo.fleet.campus import BUILDINGS, machines
from platen.fleet.discovering import end_run, scope_of
from platen.fleet.models import DiscoveryRun, Region
from platen.fleet.settings import fleet_settings
from platen.tenants.models import Tenant


@pytest.mark.usefixtures("tenant")
def test_all_machines_are_searched_and_read_every_minute() -> None:
    """The search has every machine's address and the port of the simulated fleet; buildings are regions."""
    run = DiscoveryRun.objects.get(pk=look_for_it(8161))
    addresses = set(scope_of(run.request).addresses())
    assert {address for address, _ in machines()} <= addresses
    assert run.request["port"] == 8161
    assert fleet_settings().status_every_s == fleet_settings().counters_every_s == READ_EVERY_S
    assert {region.name for region in Region.objects.all()} == {building.name for building in BUILDINGS}


def test_it_can_be_done_again(tenant: Tenant) -> None:
    """A second start over the same data searches again, and has the same regions."""
    assert look_for_it(8161) != look_for_it(9161)
    assert Region.objects.filter(tenant=tenant).count() == len(BUILDINGS)


@pytest.mark.usefixtures("tenant")
def test_it_is_found_when_the_search_is_over() -> None:
    """Not before it ended."""
    run_id = look_for_it(8161)
    assert found(run_id) is None
    end_run(run_id, "done", "", timezone.now())
    assert found(run_id) is not None
