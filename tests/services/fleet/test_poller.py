"""The poller: who is due is visited, what comes is stored, who does not answer waits longer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet, silent
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machines as simulated
from platen.demo.fleet.printer_mib import model_of
from platen.demo.printers import PrintEngine, VirtualIppPrinter
from platen.devices.services import add_device
from platen.fleet.due import BY_HAND, Depth, DueMachine, due_ids, load_due
from platen.fleet.models import FleetSettings, Group, Machine, Membership
from platen.fleet.visits import Failure, Visit
from platen.fleet.wanting import want_readings
from platen.policy.fleet.power import Evidence
from platen.protocols.snmp import Oid
from platen.readings import objects as o
from platen.readings.plan import Plan
from platen.services.collect.snmp_client import SnmpClient
from platen.services.database import Database
from platen.services.fleet.poller import Poller
from platen.services.fleet.reading import Brought, MachineReader
from platen.services.fleet.snmp_credentials import KnownCredentials
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import WHO, machine, reading
from tests.peers.snmpd import free_udp_port
from tests.readings.replay import printer
from tests.services.collect.agents import agent
from tests.services.collect.test_reader import Machine as Agent
from tests.walks import Held

PATIENCE_S = 30.0


@dataclass
class FakeReader:
    """Machines that answer as they are told: by address, how much they have counted; None: nothing."""

    totals: dict[str, int | None] = field(default_factory=dict)
    visits: list[DueMachine] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    hold: asyncio.Event | None = None
    fault: bool = False

    async def read(self, due: DueMachine, plan: Plan | None, known: KnownCredentials, now: datetime) -> Brought:
        self.visits.append(due)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await (self.hold.wait() if self.hold is not None else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        if self.fault:
            raise RuntimeError("a fault of ours")
        total = self.totals.get(due.address, 100)
        if total is None:
            return Brought(Failure(machine_id=due.id, at=now, evidence=Evidence.TIMEOUT, reason="No answer."))
        who = replace(WHO, serial=due.address, mac="")
        return Brought(Visit(machine_id=due.id, at=now, reading=reading(total=total, identity=who), survey=True))


@pytest.fixture
async def database(transactional_db: None) -> AsyncIterator[Database]:
    """Database threads of their own."""
    made = Database(threads=2)
    yield made
    await asyncio.to_thread(made.close)


@pytest.fixture
def fleet(transactional_db: None, tenant: Tenant) -> list[int]:
    """Twelve machines that are due."""
    return [machine(f"M{number}", address=f"127.20.1.{number}", due_at=timezone.now()).pk for number in range(1, 13)]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that will be so."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


async def stored(database: Database, tenant: Tenant, **wanted: Any) -> list[Machine]:
    return await database.run(tenant.id, lambda: list(Machine.objects.filter(**wanted).order_by("pk")))


class TestRounds:
    async def test_all_that_are_due_are_read_and_stored(
        self, database: Database, tenant: Tenant, fleet: list[int]
    ) -> None:
        """Who is due is visited once; the next visit is about an interval away. EMC-MONI-01, SC-DEVMON-03"""
        reader = FakeReader()
        poller = Poller(database, reader)
        began = timezone.now()
        poller.start()
        await until(lambda: poller.counts["read"] == len(fleet))
        await poller.stop()
        assert Counter(due.id for due in reader.visits) == Counter(fleet)
        for found in await stored(database, tenant):
            assert found.pages == 100
            assert found.due_at is not None
            assert timedelta(seconds=140) < found.due_at - began < timedelta(seconds=500)

    async def test_no_more_than_so_many_at_once(self, database: Database, fleet: list[int]) -> None:
        """However many are due, only a bounded number is in hand."""
        reader = FakeReader(hold=asyncio.Event())
        poller = Poller(database, reader, in_hand_max=4)
        poller.start()
        await until(lambda: reader.at_once == 4)
        assert reader.hold is not None
        reader.hold.set()
        await until(lambda: poller.counts["read"] == len(fleet))
        await poller.stop()
        assert reader.most_at_once == 4

    async def test_who_does_not_answer_is_tried_later_and_later(
        self, database: Database, tenant: Tenant, fleet: list[int]
    ) -> None:
        """Failures in a row make the pause longer; the others are read meanwhile. DCA-RUN-02"""
        reader = FakeReader(totals={"127.20.1.3": None})
        poller = Poller(database, reader)
        poller.start()
        pauses = []
        for failures in range(1, 6):
            await until(lambda failures=failures: poller.counts["failed"] == failures)  # type: ignore[misc]  # bound now
            (silent_one,) = await stored(database, tenant, address="127.20.1.3")
            pauses.append((silent_one.due_at - timezone.now()).total_seconds())
            await database.run(tenant.id, lambda: Machine.objects.filter(failures__gt=0).update(due_at=BY_HAND))
            poller.wake()
        await poller.stop()
        assert silent_one.power == "no-response"
        assert pauses[0] < 500 < pauses[-1] < 4.1 * 3600
        assert poller.counts["read"] == len(fleet) - 1

    async def test_a_fault_of_ours_costs_one_visit(self, database: Database, tenant: Tenant, fleet: list[int]) -> None:
        """An error in reading one machine is its failure, not the end of the sweep."""
        poller = Poller(database, FakeReader(fault=True))
        poller.start()
        await until(lambda: poller.counts["failed"] == len(fleet))
        await poller.stop()
        assert all("RuntimeError" in found.failure for found in await stored(database, tenant))

    async def test_what_is_home_is_stored_when_the_node_stops(
        self, database: Database, tenant: Tenant, fleet: list[int]
    ) -> None:
        """A reading that came just before the end is not lost, and one that had not come is asked again."""
        reader = FakeReader(hold=asyncio.Event())
        poller = Poller(database, reader)
        poller.start()
        await until(lambda: len(reader.visits) == len(fleet))
        await poller.stop()
        assert all(found.read_at is None and found.failures == 0 for found in await stored(database, tenant))

    async def test_reading_now(self, database: Database, tenant: Tenant, fleet: list[int]) -> None:
        """A person who asks for readings has them stored when the call returns; what is not there is left out."""
        await database.run(tenant.id, lambda: Machine.objects.update(due_at=timezone.now() + timedelta(days=1)))
        poller = Poller(database, FakeReader(totals={"127.20.1.2": None}))
        poller.start()
        found = await asyncio.wait_for(poller.read_now(tenant.id, [*fleet[:2], 10**9]), PATIENCE_S)
        await poller.stop()
        assert [type(found[each]) for each in fleet[:2]] == [Visit, Failure]
        assert len(found) == 2
        assert [each.pages for each in await stored(database, tenant, pk__in=fleet[:3])] == [100, None, None]

    async def test_a_button_wakes_the_poller(self, database: Database, tenant: Tenant, fleet: list[int]) -> None:
        """Readings that are wanted now come first, though nothing is due. EMC-COMM-17"""
        later = timezone.now() + timedelta(days=1)
        await database.run(tenant.id, lambda: Machine.objects.update(due_at=later))
        reader = FakeReader()
        poller = Poller(database, reader)
        poller.start()
        assert await database.run(tenant.id, lambda: want_readings(fleet[4:6], by=ADMIN)) == 2
        poller.wake()
        await until(lambda: poller.counts["read"] == 2)
        await poller.stop()
        assert {due.id for due in reader.visits} == set(fleet[4:6])

    async def test_devices_added_by_hand_are_read(self, database: Database, tenant: Tenant) -> None:
        """A device that somebody added for printing is looked after as well; one without an address is not asked."""
        await database.run(tenant.id, lambda: add_device("Added", "ipp://127.20.9.9/ipp/print", by=ADMIN))
        await database.run(tenant.id, lambda: add_device("Nowhere", "", by=ADMIN))
        poller = Poller(database, FakeReader())
        poller.start()
        await until(lambda: poller.counts["read"] == 1)
        await poller.stop()
        found = await stored(database, tenant)
        assert [(each.address, each.pages) for each in found] == [("127.20.9.9", 100), ("", None)]


class TestWhoIsDue:
    def test_each_tenant_has_its_own(self, tenant: Tenant, other_tenant: Tenant) -> None:
        """Machines of all organisations are due, each for its own."""
        mine = machine("Mine")
        with acting_for(other_tenant.id):
            theirs = machine("Theirs")
        assert set(due_ids(timezone.now(), 10)) == {(mine.pk, tenant.id), (theirs.pk, other_tenant.id)}
        assert [each.id for each in load_due([mine.pk, theirs.pk], timezone.now())] == [mine.pk]

    def test_what_is_not_managed_or_read_elsewhere_is_left_alone(self, tenant: Tenant) -> None:
        """Machines that were removed from management, and those of a collector elsewhere, are not due. EMC-DREM-01"""
        machine("A", managed=False)
        machine("B", collector="branch")
        assert due_ids(timezone.now(), 10) == []

    def test_outside_the_times_nothing_is_read(self, policy: Policy) -> None:
        """Outside the times machines wait for the next opening, but not by hand. EMC-COMM-15, EMC-COMM-17"""
        policy.time_zone = "Europe/Berlin"
        policy.save()
        FleetSettings.objects.create(windows={"standard": ["08:00-18:00"], "sunday": []})
        waiting, wanted = machine("Waiting"), machine("Wanted", due_at=BY_HAND)
        saturday_night = datetime.fromisoformat("2026-06-06T22:00:00+02:00")
        assert [each.id for each in load_due([waiting.pk, wanted.pk], saturday_night)] == [wanted.pk]
        waiting.refresh_from_db()
        assert waiting.due_at is not None
        opening = datetime.fromisoformat("2026-06-08T08:00:00+02:00")
        assert timedelta(0) <= waiting.due_at - opening < timedelta(minutes=10)

    def test_collecting_can_be_switched_off(self, tenant: Tenant) -> None:
        """An organisation that does not collect is left alone."""
        FleetSettings.objects.create(collecting=False)
        assert load_due([machine("A").pk], timezone.now()) == []

    def test_groups_have_intervals_of_their_own(self, tenant: Tenant) -> None:
        """A machine is read as often as the busiest of its groups says, by hand or by condition."""
        quiet, busy, other = (machine(name, address=f"127.20.1.{place}") for place, name in enumerate("abc"))
        by_hand = Group.objects.create(name="By hand", read_every_s=3_600)
        for each in (quiet, busy):
            Membership.objects.create(group=by_hand, machine=each)
        stored_condition = [{"item": "name", "op": "equals", "values": ["b"]}]
        Group.objects.create(name="By condition", conditions=stored_condition, read_every_s=60)
        every = {each.id: each.every_s for each in load_due([quiet.pk, busy.pk, other.pk], timezone.now())}
        assert every == {quiet.pk: 3_600, busy.pk: 60, other.pk: 300}


class TestOverSnmp:
    async def test_a_simulated_fleet_is_read_at_first_whole_and_then_by_plans(
        self, database: Database, tenant: Tenant
    ) -> None:
        """Machines that answer SNMP are surveyed, then asked only what changes; meters that moved are usage.

        EMC-AGNT-03 EMC-ARCH-07
        """
        fleet, addresses, ids = Fleet(), [], []
        for number, (address, made) in enumerate(simulated(20, [model_of(each) for each in CATALOGUE])):
            fleet.put(address, made, silent if number in {3, 7} else None)
            addresses.append(address)
        with FleetSocket(fleet) as served:
            for number, address in enumerate(addresses):
                known = await database.run(tenant.id, machine, f"S{number}", address=address, port=served.port)
                ids.append(known.pk)
            await database.run(tenant.id, lambda: FleetSettings.objects.create(timeout_s=1.0, retries=3))
            async with SnmpClient() as client:
                poller = Poller(database, MachineReader(client))
                poller.start()
                await until(lambda: sum(poller.counts.values()) == len(ids))
                first = client.counts.traffic.octets
                again = await asyncio.wait_for(poller.read_now(tenant.id, ids), PATIENCE_S)
                await poller.stop()
                second = client.counts.traffic.octets - first
        read = await stored(database, tenant, read_at__isnull=False)
        assert len(read) == 18
        assert all(found.serial and found.pages and found.plan_id for found in read)
        assert sum(isinstance(visit, Visit) and not visit.survey for visit in again.values()) == 18
        assert second < 20 * 1_500
        # They are due again soon: nothing but their state is asked, as long as it is as it was.
        for due in await database.run(tenant.id, lambda: load_due([each.pk for each in read], timezone.now())):
            assert due.depth is Depth.STATUS
        assert {found.power for found in read} <= {"on", "asleep"}


class TestWhoAnswers:
    async def test_machines_that_change_places_count_nothing(self, database: Database, tenant: Tenant) -> None:
        """Two of one model that were not switched off: who answers is read at every visit, and a meter of another
        machine is no usage; a search sees where they are. EMC-DLST-11"""
        first, second = Agent(copier(b"SWAP-1", 1_000)), Agent(copier(b"SWAP-2", 1_100))
        async with agent(first) as one, agent(second) as other, SnmpClient() as client:

            def added() -> list[int]:
                places = [("One", one.target), ("Other", other.target)]
                return [machine(name, address=at.host, port=at.port).pk for name, at in places]

            ids = await database.run(tenant.id, added)
            poller = Poller(database, MachineReader(client))
            await asyncio.wait_for(self._read(poller, tenant, ids), PATIENCE_S)
            first.objects, second.objects = copier(b"SWAP-2", 1_101), copier(b"SWAP-1", 1_000)
            await asyncio.wait_for(self._read(poller, tenant, ids), PATIENCE_S)
        for found, serial in zip(await stored(database, tenant, pk__in=ids), ("SWAP-1", "SWAP-2"), strict=True):
            assert (found.serial, found.power, found.pages_month) == (serial, "conflict", 0)
            assert "Another machine answers at its address" in found.failure

    async def _read(self, poller: Poller, tenant: Tenant, ids: list[int]) -> None:
        poller.start()
        try:
            await poller.read_now(tenant.id, ids)
        finally:
            await poller.stop()


def copier(serial: bytes, pages: int) -> dict[Oid, Held]:
    """One of a model, on for an hour."""
    return printer(total=pages) | {
        (*o.PRT_GENERAL_SERIAL_NUMBER, 1): Held(0x04, serial),
        (*o.IF_PHYS_ADDRESS, 1): Held(0x04, b"\x00\x17\xc8\x65\xe2" + serial[-1:]),
    }


class TestOverIpp:
    async def test_a_device_without_snmp_is_read_where_it_takes_documents(
        self, database: Database, tenant: Tenant, tmp_path: Path
    ) -> None:
        """Its address for documents is an IPP one at a port of its own: that is what it is asked by. DCA-DATA-01"""
        async with VirtualIppPrinter("Copy room", PrintEngine(page_s=0, keep_in=tmp_path)) as printer:

            def added() -> int:
                device = add_device("Copy room", printer.uri, by=ADMIN)
                FleetSettings.objects.create(timeout_s=0.1, retries=0)
                return Machine.objects.create(device=device, address="127.0.0.1", port=free_udp_port()).pk

            machine_id = await database.run(tenant.id, added)
            async with SnmpClient() as client:
                poller = Poller(database, MachineReader(client))
                poller.start()
                came = await asyncio.wait_for(poller.read_now(tenant.id, [machine_id]), PATIENCE_S)
                await poller.stop()
        assert isinstance(came[machine_id], Visit), came
        (read,) = await stored(database, tenant, pk=machine_id)
        assert (read.power, read.protocol, read.failure) == ("on", "ipp", "")
