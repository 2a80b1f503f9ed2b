"""Tasks done to a simulated fleet: schedules to results, over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet, silent
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.devices.services import add_device
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.discovering import SearchValues, keep_discovery
from platen.fleet.models import Discovery, Machine, Notice
from platen.fleet.webhooks import set_webhook
from platen.protocols.snmp import PduKind, Version
from platen.protocols.snmp.messages import Message, Pdu, encode_message
from platen.protocols.snmp.values import Tag, VarBind
from platen.services.database import Database
from platen.services.fleet.service import FleetService
from platen.settings import Settings
from platen.tasks.models import Result, Run
from platen.tasks.services import TaskValues, add_task, recover, start_now
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db(transaction=True)
HERE = ("127.32.1.7", "127.32.1.8")


@pytest.fixture
def network() -> Iterator[tuple[Fleet, int]]:
    """Two machines in a network, and the port at which they answer."""
    fleet = Fleet()
    for number, address in enumerate(HERE):
        fleet.put(address, machine(number, model_of(CATALOGUE[number])))
    with FleetSocket(fleet) as served:
        yield fleet, served.port


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    """An organisation whose rows other threads see."""
    return create_tenant("Acme", "acme", is_default=True)


class Organisation:
    """What a test does for one, from its event loop."""

    def __init__(self, tenant: Tenant, service: FleetService) -> None:
        self.tenant, self.service = tenant, service

    async def call(self, function: Any, *args: Any, **values: Any) -> Any:
        def inside() -> Any:
            with acting_for(self.tenant.pk):
                return function(*args, **values)

        return await sync_to_async(inside)()

    async def done(self, name: str, values: TaskValues) -> Run:
        """A task, started by hand, when its run has ended."""
        task = await self.call(add_task, name, values, by=ADMIN)
        return await self.ended(await self.call(start_now, task, by=ADMIN))

    async def ended(self, run: Run) -> Run:
        self.service.tasks.wake()
        async with asyncio.timeout(60):
            while True:
                found: Run = await self.call(lambda: Run.objects.select_related("task").get(pk=run.pk))
                if found.ended_at is not None:
                    return found
                await asyncio.sleep(0.05)

    async def results(self, run: Run) -> list[tuple[str, str]]:
        def rows() -> list[tuple[str, str]]:
            return list(Result.objects.filter(run=run).order_by("id").values_list("state", "message"))

        found: list[tuple[str, str]] = await self.call(rows)
        return found


@asynccontextmanager
async def organisation(tenant: Tenant, port: int) -> AsyncIterator[Organisation]:
    """A node's fleet service, with the two machines found."""
    database = Database(threads=2)
    service = FleetService(Settings(bind="127.0.0.1", trap_port=0), database)
    await service.start()
    try:
        made = Organisation(tenant, service)
        values = SearchValues(targets="127.32.1.7-8", port=port, packets_per_s=5000)
        await made.call(keep_discovery, "Campus", values, by=ADMIN)
        yield made
    finally:
        await service.stop()
        database.close()


async def found(made: Organisation, port: int) -> None:
    """The two machines are registered."""

    def put() -> None:
        for number, address in enumerate(HERE):
            device = add_device(f"prn-{number}", "", by=ADMIN)
            Machine(device=device, address=address, port=port, due_at=timezone.now()).save()

    await made.call(put)


async def test_reading_on_demand(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Each target has a result in words; one that does not answer fails, and a recovery is aimed at it.

    EMC-HIST-03 EMC-HIST-05
    """
    fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        fleet.behave(HERE[1], silent)
        run = await made.done("Read", TaskValues(kind="read"))
        assert (run.state, run.targets, run.failed) == ("error", 2, 1)
        (first, second) = await made.results(run)
        assert first[0] == "success"
        assert "pages" in first[1]
        assert second[0] == "error"
        assert HERE[1] in second[1]
        fleet.behave(HERE[1], None)
        again = await made.ended(await made.call(recover, run, by=ADMIN))
        assert (again.state, again.targets) == ("success", 1)


async def test_reading_a_machine_that_says_nonsense(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """The result says that the meters are doubted, rather than how many pages the machine claims."""
    fleet, port = network
    fleet.machine(HERE[0]).claimed = 10**12
    async with organisation(tenant, port) as made:
        await found(made, port)
        first, second = await made.results(await made.done("Read", TaskValues(kind="read")))
        assert first[1].startswith("Read; its meters are doubted and not counted. ")
        assert "which no machine has counted" in first[1]
        assert "doubted" not in second[1]


async def test_a_batch_that_branches(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Where the reading fails the batch ends as an error, elsewhere the next step is done. EMC-BTCH-03"""
    fleet, port = network
    steps = [
        {"kind": "read", "name": "look"},
        {"kind": "end", "when": "error", "as_error": True},
        {"kind": "restart", "name": "restart"},
    ]
    async with organisation(tenant, port) as made:
        await found(made, port)
        fleet.behave(HERE[1], silent)
        run = await made.done("Look and restart", TaskValues(kind="batch", settings={"steps": steps}))
        (first, second) = await made.results(run)
        assert first == ("error", "No credential may change machines. Mark one of the SNMP credentials so.")
        assert second[0] == "error"
        assert HERE[1] in second[1]


class _Receiver(BaseHTTPRequestHandler):
    """Keeps what it is told and under which key, and answers as it is told."""

    status = 204
    told: list[tuple[str, str]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.told.append((body["name"], self.headers["Idempotency-Key"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def receiver() -> Iterator[tuple[type[_Receiver], str]]:
    """A receiver of webhooks, and its address."""
    handler = type("Receiver", (_Receiver,), {"told": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        serving = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield handler, f"http://127.0.0.1:{http.server_address[1]}/hook"
        http.shutdown()
        serving.join()


async def test_a_webhook_s_answer_is_the_result(
    network: tuple[Fleet, int], tenant: Tenant, receiver: tuple[type[_Receiver], str]
) -> None:
    """Done when the receiver accepted it, failed with its reason when it refused or is not there; a batch branches on
    that, and a recovery tells it anew, once. EMC-BTCH-03 EMC-HIST-05"""
    handler, url = receiver
    async with organisation(tenant, network[1]) as made:
        await found(made, network[1])
        hook = await made.call(set_webhook, "desk", url, by=ADMIN, secret="s" * 20)
        values = TaskValues(kind="webhook", settings={"webhook": hook.pk})
        run = await made.done("Tell", values)
        assert await made.results(run) == [("success", "desk is told; it answered 204.")] * 2
        assert sorted(name for name, _ in handler.told) == ["prn-0", "prn-1"]

        handler.status = 500
        refused = await made.done("Tell again", values)
        assert (refused.state, refused.failed) == ("error", 2)
        for state, message in await made.results(refused):
            assert state == "error"
            assert message.startswith("desk did not accept it: It answered 500 Internal Server Error.")
            assert "tried again later" in message
        assert len({key for _, key in handler.told}) == 4

        handler.status = 200
        steps = [
            {"kind": "webhook", "settings": {"webhook": hook.pk}},
            {"kind": "end", "when": "error", "as_error": True},
            {"kind": "read"},
        ]
        again = await made.ended(await made.call(recover, refused, by=ADMIN))
        assert (again.state, again.failed) == ("success", 0)
        # What the run before could not tell waits no longer: the recovery told it.
        assert not await made.call(lambda: Notice.objects.filter(sent_at__isnull=True).exists())

        await made.call(set_webhook, "desk", "http://127.0.0.1:1/", by=ADMIN, secret="s" * 20, webhook=hook)
        run = await made.done("Tell, then read", TaskValues(kind="batch", settings={"steps": steps}))
        results = await made.results(run)
        assert [state for state, _ in results] == ["error"] * 2
        assert all("could not be reached" in message for _, message in results)


async def test_restarting(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Machines that cannot be restarted over the network say so; each in words. EMC-RSTR-01 EMC-RSTR-02"""
    _fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        writer = CredentialValues(kind="snmpv2c", community="private", writes=True)
        await made.call(add_credential, "writer", writer, by=ADMIN)
        run = await made.done("Restart", TaskValues(kind="restart", target={"conditions": []}))
        assert run.targets == 2
        assert {state for state, _ in await made.results(run)} <= {"error", "success"}
        assert all(message for _, message in await made.results(run))


async def test_what_a_device_cannot_is_left_out(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """A device that this task cannot be done to is left out with the reason, and fails nothing. EMC-TASK-13"""
    _fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        await made.call(lambda: Machine.objects.filter(address=HERE[0]).update(collector="north"))
        await made.call(lambda: Machine.objects.filter(address=HERE[1]).update(address=""))
        run = await made.done("Restart", TaskValues(kind="restart"))
        assert (run.state, run.failed) == ("success", 0)
        assert [state for state, _ in await made.results(run)] == ["skipped", "skipped"]
        assert "collector at another site" in (await made.results(run))[0][1]


async def test_counters_by_mail(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """Read anew, attached as a table, on its way once. EMC-CMAI-01 EMC-CMAI-02 EMC-RMAI-01"""
    _fleet, port = network
    settings = {"report": "counters", "format": "csv", "to": "desk@example.org", "subject": "Counters"}
    async with organisation(tenant, port) as made:
        await found(made, port)
        run = await made.done("Counters", TaskValues(kind="counter-mail", settings=settings))
        assert run.state == "success"
        mail = (await made.call(Notice.objects.get)).payload["mail"]
        assert mail["to"] == ["desk@example.org"]
        assert mail["attachments"][0]["name"] == "counters.csv"


async def test_a_search_as_a_task(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """A kept search runs to its end at the port that it was kept with, and what it found is there.

    EMC-DISC-01 EMC-TASK-03
    """
    _fleet, port = network
    async with organisation(tenant, port) as made:
        kept = await made.call(Discovery.objects.get)
        run = await made.done("Search", TaskValues(kind="discover", settings={"discovery": kept.pk}))
        assert run.state == "success"
        asked_at = await made.call(lambda: list(Machine.objects.order_by("address").values_list("address", "port")))
        assert asked_at == [(address, port) for address in HERE]


async def test_whoever_sends_a_trap_is_read(network: tuple[Fleet, int], tenant: Tenant) -> None:
    """A trap is believed in nothing but that something happened: its sender is read at once."""
    _fleet, port = network
    async with organisation(tenant, port) as made:
        await found(made, port)
        async with asyncio.timeout(60):
            while await made.call(lambda: Machine.objects.filter(read_at__isnull=True).exists()):
                await asyncio.sleep(0.05)
        before = await made.call(lambda: Machine.objects.get(address=HERE[0]).read_at)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((HERE[0], 0))
            sender.sendto(_trap(), ("127.0.0.1", made.service.trap_port or 0))
        async with asyncio.timeout(60):
            while await made.call(lambda: Machine.objects.get(address=HERE[0]).read_at) == before:
                await asyncio.sleep(0.05)


def _trap() -> bytes:
    up_time = VarBind((1, 3, 6, 1, 2, 1, 1, 3, 0), Tag.TIME_TICKS, 100)
    name = VarBind((1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0), Tag.OBJECT_IDENTIFIER, (1, 3, 6, 1, 2, 1, 43, 18, 2, 0, 1))
    return encode_message(Message(Version.V2C, b"public", Pdu(PduKind.TRAP_V2, 1, [up_time, name])))
