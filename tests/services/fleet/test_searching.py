"""Searches, from asking for one to machines with a first reading: over real sockets, with a simulated fleet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.fleet.discovering import SearchValues, cancel_run, start_run
from platen.fleet.models import DiscoveryRun, Found, Machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.database import Database
from platen.services.fleet.searching import Searches
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN
from tests.peers.snmp_fleet_manners import garbage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def connections_end() -> AsyncIterator[None]:
    """The thread that `sync_to_async` keeps lets go of the test's database, which is dropped in the end."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def network() -> Iterator[tuple[Fleet, int]]:
    """Three machines in a network, and the port at which they answer."""
    fleet = Fleet()
    for number, address in enumerate(("127.31.1.7", "127.31.1.8", "127.31.1.9")):
        fleet.put(address, machine(number, model_of(CATALOGUE[number])))
    with FleetSocket(fleet) as served:
        yield fleet, served.port


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    """An organisation whose rows other threads see."""
    return create_tenant("Acme", "acme", is_default=True)


async def searched(tenant: Tenant, values: SearchValues, *, dry: bool = False, cancel: bool = False) -> DiscoveryRun:
    """A run of a search, from its beginning to its end."""

    def ask() -> DiscoveryRun:
        with acting_for(tenant.pk):
            run = start_run(values, by=ADMIN, dry=dry)
            if cancel:
                cancel_run(run, by=ADMIN)
            return run

    def again(key: int) -> DiscoveryRun:
        with acting_for(tenant.pk):
            found: DiscoveryRun = DiscoveryRun.objects.get(pk=key)
            return found

    run = await sync_to_async(ask)()
    database = Database(threads=2)
    try:
        async with SnmpClient() as client:
            await Searches(database, client).run_waiting()
    finally:
        database.close()
    return await sync_to_async(again)(run.pk)


def rows(tenant: Tenant) -> list[tuple[str, str, bool]]:
    """Address, serial number and whether there are pages, of every machine."""
    with acting_for(tenant.pk):
        return [(each.address, each.serial, bool(each.pages)) for each in Machine.objects.order_by("address")]


def values(port: int, **more: object) -> SearchValues:
    return SearchValues(targets="127.31.1.0/28", port=port, packets_per_s=5000, **more)  # type: ignore[arg-type]  # of a dict


async def test_machines_are_found_read_and_stored(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Each is registered with its first reading; running it again finds them known. EMC-DISC-01 EMC-DISC-03"""
    _fleet, port = network
    run = await searched(tenant, values(port))
    assert (run.state, run.addresses, run.asked, run.answered) == ("done", 14, 14, 3)
    assert 0 < run.octets < 60_000
    found = await sync_to_async(rows)(tenant)
    assert [each[0] for each in found] == ["127.31.1.7", "127.31.1.8", "127.31.1.9"]
    assert all(serial and pages for _, serial, pages in found)
    again = await searched(tenant, values(port))
    assert again.state == "done"

    def outcomes() -> list[str]:
        with acting_for(tenant.pk):
            return list(Found.objects.filter(run=again).values_list("outcome", flat=True))

    assert await sync_to_async(outcomes)() == ["known"] * 3


async def test_a_machine_that_moved(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """At another address of the network it is the same machine."""
    fleet, port = network
    await searched(tenant, values(port))
    before = await sync_to_async(rows)(tenant)
    fleet.move("127.31.1.7", "127.31.1.12")
    await searched(tenant, values(port))
    after = await sync_to_async(rows)(tenant)
    assert {serial for _, serial, _ in after} == {serial for _, serial, _ in before}
    assert "127.31.1.12" in {address for address, _, _ in after}


async def test_machines_that_changed_places(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Three in a ring, found by one search: each is where it is now, and none without an address. EMC-DLST-11"""
    fleet, port = network
    await searched(tenant, values(port))
    before = [serial for _, serial, _ in await sync_to_async(rows)(tenant)]
    for first, second in (("127.31.1.7", "127.31.1.8"), ("127.31.1.8", "127.31.1.9")):
        one, other = fleet.machine(first), fleet.machine(second)
        fleet.put(first, other)
        fleet.put(second, one)
    await searched(tenant, values(port))
    after = await sync_to_async(rows)(tenant)
    assert [address for address, _, _ in after] == ["127.31.1.7", "127.31.1.8", "127.31.1.9"]
    assert [serial for _, serial, _ in after] == [*before[1:], before[0]]


async def test_a_dry_run_and_one_called_off(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """A dry run lists and registers nothing; a run that was called off asks nobody."""
    _fleet, port = network
    run = await searched(tenant, values(port), dry=True)
    assert (run.state, run.answered) == ("done", 3)
    assert await sync_to_async(rows)(tenant) == []
    stopped = await searched(tenant, values(port), cancel=True)
    assert (stopped.state, stopped.asked) == ("canceled", 0)
    assert await sync_to_async(rows)(tenant) == []


async def test_one_that_answers_garbage(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """It is listed as failed, and the others are found."""
    fleet, port = network
    fleet.behave("127.31.1.8", garbage)
    run = await searched(tenant, values(port))
    assert run.state == "done"
    assert len(await sync_to_async(rows)(tenant)) == 2
