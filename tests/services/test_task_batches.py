"""Batches of what is done for each device and of what is done once, by the real runner and database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from platen.services.database import Database
from platen.services.task_orders import Executor, Order, Outcome
from platen.services.tasks import TaskRunner
from platen.tasks.kinds import all_kinds
from platen.tasks.models import Result, Run
from platen.tasks.services import TaskValues, add_task, recover, start_now
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant
from tests.fixtures_tenant import ADMIN

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = {"to": "desk@example.org", "report": "counters", "format": "csv"}


class Devices:
    """Who is there, and who was told of an end."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def targets(self, target: Mapping[str, Any]) -> Sequence[tuple[int, str, str]]:
        return [(number, name, "UTC") for number, name in enumerate(self.names, 1)]

    def ended(self, run: Run) -> None:
        """Nobody wants to know."""


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    """An organisation whose rows other threads see."""
    return create_tenant("Acme", "acme", is_default=True)


class Bench:
    """A runner whose executors note what they are asked to do."""

    def __init__(self, tenant: Tenant, devices: Devices) -> None:
        self.tenant, self.devices = tenant, devices
        self.done: list[tuple[str, int | None]] = []
        self.orders: list[Order] = []
        self.failing: set[tuple[str, int | None]] = set()
        self.also: dict[str, Callable[[], None]] = {}

    def executors(self) -> dict[str, Executor]:
        return {kind.name: self._executor(kind.name) for kind in all_kinds()}

    def _executor(self, kind: str) -> Executor:
        async def execute(order: Order) -> Outcome:
            self.done.append((kind, order.device_id))
            self.orders.append(order)
            self.also.get(kind, lambda: None)()
            good = (kind, order.device_id) not in self.failing
            return Outcome(good, f"{kind} {'done' if good else 'failed'}.")

        return execute

    async def call(self, function: Any, *args: Any, **values: Any) -> Any:
        def inside() -> Any:
            with acting_for(self.tenant.pk):
                return function(*args, **values)

        return await sync_to_async(inside)()

    async def batch(self, *steps: dict[str, Any]) -> Run:
        """A batch, started by hand, to its end."""
        task = await self.call(add_task, "Batch", TaskValues(kind="batch", settings={"steps": list(steps)}), by=ADMIN)
        return await self.ended(await self.call(start_now, task, by=ADMIN))

    async def ended(self, run: Run) -> Run:
        database = Database(threads=2)
        runner = TaskRunner(database, self.devices, self.executors())
        try:
            await runner.look()
            await asyncio.gather(*runner._running.values())
        finally:
            await runner.stop()
            database.close()
        found: Run = await self.call(Run.objects.get, pk=run.pk)
        assert found.ended_at is not None
        return found

    async def results(self, run: Run) -> list[Result]:
        found: list[Result] = await self.call(lambda: list(Result.objects.filter(run=run).order_by("id")))
        return found


async def test_what_is_done_once_waits_for_all(tenant: Tenant) -> None:
    """A report within a batch is sent once, after all devices came to it, of these devices; then they go on.

    EMC-BTCH-02 EMC-BTCH-03
    """
    bench = Bench(tenant, Devices("a", "b", "c"))
    bench.failing = {("read", 2)}
    run = await bench.batch(
        {"kind": "read"},
        {"kind": "report", "when": "success", "settings": MAIL},
        {"kind": "restart", "when": "success"},
    )
    assert sorted(bench.done[:3], key=str) == [("read", 1), ("read", 2), ("read", 3)]
    assert bench.done[3] == ("report", None)
    assert sorted(bench.done[4:], key=str) == [("restart", 1), ("restart", 3)]
    assert bench.orders[3].settings["target"] == {"devices": [1, 3]}
    first, second, _third = await bench.results(run)
    assert [step["name"] for step in first.detail["steps"]] == ["Read", "Send a report", "Restart"]
    assert (second.state, second.message, run.state) == ("error", "read failed.", "error")


async def test_a_search_before_it_is_looked_up_who_is_meant(tenant: Tenant) -> None:
    """A batch that begins with a search goes on with what the search found, even where there was nothing before."""
    devices = Devices()
    bench = Bench(tenant, devices)
    bench.also = {"discover": lambda: devices.names.append("new")}
    run = await bench.batch({"kind": "discover", "settings": {"discovery": 1}}, {"kind": "read", "when": "success"})
    assert bench.done == [("discover", None), ("read", 1)]
    (result,) = await bench.results(run)
    assert (run.state, run.targets, result.target) == ("success", 1, "new")
    assert [step["step"] for step in result.detail["steps"]] == [1, 2]


async def test_what_leads_and_fails(tenant: Tenant) -> None:
    """Where the first step fails, those that ask for success are left out; with no device the run says it itself."""
    bench = Bench(tenant, Devices())
    bench.failing = {("discover", None)}
    run = await bench.batch({"kind": "discover", "settings": {"discovery": 1}}, {"kind": "read", "when": "success"})
    assert (run.state, run.message, run.targets) == ("error", "discover failed.", 0)


async def test_the_same_twice_in_one_batch(tenant: Tenant) -> None:
    """Two steps that queue something know themselves apart; the same step asked again does not."""
    bench = Bench(tenant, Devices("a"))
    hook = {"kind": "webhook", "settings": {"webhook": 1}}
    await bench.batch(hook, {"kind": "read"}, hook)
    keys = [order.key for order in bench.orders]
    assert len(set(keys)) == 3


async def test_done_again(tenant: Tenant) -> None:
    """What failed of a batch is done again from its first step, once for all that failed."""
    bench = Bench(tenant, Devices("a", "b"))
    bench.failing = {("read", 2)}
    run = await bench.batch({"kind": "discover", "settings": {"discovery": 1}}, {"kind": "read"})
    bench.failing, bench.done = set(), []
    again = await bench.ended(await bench.call(recover, run, by=ADMIN))
    assert bench.done == [("discover", None), ("read", 2)]
    assert again.state == "success"


async def test_a_server_that_stopped_in_between(tenant: Tenant) -> None:
    """Devices that wait for the others go on from there; what was done is not done again."""
    bench = Bench(tenant, Devices("a", "b"))
    task = await bench.call(
        add_task,
        "Batch",
        TaskValues(kind="batch", settings={"steps": [{"kind": "read"}, {"kind": "report", "settings": MAIL}]}),
        by=ADMIN,
    )
    run = await bench.call(start_now, task, by=ADMIN)

    def was_begun() -> None:
        Run.objects.filter(pk=run.pk).update(state="running", targets=2)
        for key, step in ((1, 1), (2, 0)):
            Result.objects.create(run=run, device_id=key, target=str(key), step=step)

    await bench.call(was_begun)
    assert (await bench.ended(run)).state == "success"
    assert bench.done == [("read", 2), ("report", None)]
