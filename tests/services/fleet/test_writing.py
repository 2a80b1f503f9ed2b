"""Texts written to simulated machines and to net-snmp's agent, over real sockets."""

from __future__ import annotations

import pytest

from platen.demo.fleet.fleet import Fleet, silent
from platen.eventlog.models import AuditEntry
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.models import Machine
from platen.fleet.writing import start_writing
from platen.tasks.models import Run
from platen.tasks.services import TaskValues, add_task, remove_task, start_now
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.peers.snmpd import snmpd
from tests.services.fleet.test_doing import HERE, Organisation, found, network, organisation, tenant

__all__ = ["network", "tenant"]
pytestmark = pytest.mark.django_db(transaction=True)
WRITER = CredentialValues(kind="snmpv2c", community="private", writes=True)


async def written(made: Organisation, ids: list[int], *fields: str, dry: bool = False) -> list[tuple[str, str]]:
    """The results of writing, in the order of the machines."""
    run = await made.ended(await made.call(start_writing, ids, fields, by=ADMIN, dry=dry))
    return await made.results(run)


def arrange(*places: str) -> list[int]:
    """The machines' keys; they stand at these places."""
    machines = list(Machine.objects.select_related("device").order_by("address"))
    for machine, place in zip(machines, places, strict=True):
        machine.device.location, machine.asset_number = place, "A-1"
        machine.device.save()
        machine.save()
    return [machine.pk for machine in machines]


async def test_a_place_is_written_and_read_back(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Tried first, then done, then there already; each with a sentence, and what was done is in the audit trail.

    EMC-DINF-02 EMC-DINF-05
    """
    fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        ids = await made.call(arrange, "Library, 1st floor", "Küche")
        await made.call(add_credential, "writer", WRITER, by=ADMIN)
        tried = await written(made, ids, "location", dry=True)
        assert [state for state, _ in tried] == ["success", "success"]
        assert tried[1][1].startswith("Would be written: place “Küche”")
        assert all("sysLocation" not in fleet.machine(address).written for address in HERE)
        assert not await made.call(lambda: AuditEntry.objects.filter(verb="machine_written").exists())
        done = await written(made, ids, "location")
        assert done[0][1].startswith("Written: place “Library, 1st floor”")
        assert [fleet.machine(address).written["sysLocation"].decode() for address in HERE] == [
            "Library, 1st floor",
            "Küche",
        ]
        entries = await made.call(lambda: list(AuditEntry.objects.filter(verb="machine_written").order_by("id")))
        assert {entry.detail["changed"]["location"][1] for entry in entries} == {"Library, 1st floor", "Küche"}
        again = await written(made, ids, "location")
        assert again == [("success", "It says all of this already.")] * 2


async def test_what_a_machine_refuses_is_said(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """No right, no such object, no answer, no credential: a plain sentence each; the rest is written all the same."""
    fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        ids = await made.call(arrange, "Hall", "Hall")
        (first, _) = await written(made, ids, "location")
        assert first == ("error", "No credential may change machines. Mark one of the SNMP credentials so.")
        reader = CredentialValues(kind="snmpv2c", community="public", writes=True)
        await made.call(add_credential, "reader", reader, by=ADMIN)
        (first, _) = await written(made, ids, "location")
        assert first[0] == "error"
        assert "It refuses another place" in first[1]
        assert "“reader”" in first[1]
        await made.call(lambda: Machine.objects.update(asset_number=""))
        (first, _) = await written(made, ids, "asset_number")
        assert first == ("skipped", "Nothing of this is known here.")
        for address in HERE:
            fleet.behave(address, silent)
        (first, _) = await written(made, ids, "location")
        assert "does not answer to a credential that may change machines (reader)" in first[1]


async def test_another_agent(tenant: Tenant) -> None:
    """Net-SNMP's agent takes a contact, refuses a place that its own file sets, and has no asset number.

    EMC-DINF-02
    """
    with snmpd(extra="sysLocation Here\n") as agent:
        async with organisation(tenant, agent.port) as made:
            await found(made, agent.port)

            def arrange() -> list[int]:
                machine = Machine.objects.select_related("device").order_by("pk")[0]
                machine.address, machine.contact, machine.asset_number = "127.0.0.1", "desk@example.org", "A-2"
                machine.device.location = "There"
                machine.device.save()
                machine.save()
                return [machine.pk]

            ids = await made.call(arrange)
            await made.call(add_credential, "writer", WRITER, by=ADMIN)
            ((state, message),) = await written(made, ids, "contact", "location", "asset_number")
            assert state == "error"
            assert "Written: contact “desk@example.org”" in message
            assert "It refuses another place: this model does not have it written" in message
            assert "It has no object for its asset number." in message


async def test_a_run_whose_task_is_gone(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """A task that is removed between its start and its first step does nothing, to no machine at all."""
    _fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)

        def begin() -> Run:
            task = add_task("Read", TaskValues(kind="read"), by=ADMIN)
            run = start_now(task, by=ADMIN)
            remove_task(task, by=ADMIN)
            return Run.objects.get(pk=run.pk)

        run = await made.ended(await made.call(begin))
        assert run.targets == 0
