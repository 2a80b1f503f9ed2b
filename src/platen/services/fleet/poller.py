"""Reading the fleet: who is due is visited, many at once, and what comes is stored in batches.

    due in the database ──▶ in hand (bounded) ──▶ visited by workers ──▶ to be stored ──▶ one transaction for many

A machine is in hand from when it was taken until its visit is stored, so it is never visited twice at once. When its
next visit is due is worked out as it comes home and stored with it; a node that dies loses nothing but the visits that
were in hand. The fleet is read by one node: several would visit the same machines.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import structlog
from django.db import DatabaseError
from prometheus_client import Counter as Metric

from platen.fleet.due import DueMachine, next_due_at
from platen.fleet.visits import Failure, Visit
from platen.policy.fleet.jitter import Answered, next_due
from platen.policy.fleet.power import Evidence, State
from platen.readings.plan import Plan
from platen.services.database import Database
from platen.services.fleet.plans import Plans
from platen.services.fleet.reading import Brought
from platen.services.fleet.snmp_credentials import KnownCredentials
from platen.services.fleet.taking import Taken, adopt_all, store_for_tenants, take_due, take_these

log = structlog.get_logger("platen.poller")

IN_HAND_MAX = 1_500
"""Machines in hand: those that do not answer keep a place each until their time is over."""
TAKE_MAX = 500
STORE_MAX = 400
STORE_AFTER_S = 1.0
IDLE_S = 5.0
ADOPT_S = 30.0
AFTER_FAULT_S = 5.0

VISITS = Metric("platen_fleet_visits", "Machines visited, by what came of it.", ["outcome"])
OCTETS = Metric("platen_fleet_octets", "Octets to and from machines, with headers of IP and UDP.")


class Reader(Protocol):
    """Who visits one machine."""

    async def read(
        self,
        due: DueMachine,
        plan: Plan | None,
        known: KnownCredentials,
        now: datetime,
    ) -> Brought:
        """What the visit brought; never raises for what a machine does."""


class Poller:
    """Visits machines as they become due."""

    def __init__(self, database: Database, reader: Reader, *, in_hand_max: int = IN_HAND_MAX) -> None:
        self._database = database
        self._reader = reader
        self._in_hand_max = in_hand_max
        self._plans = Plans()
        self._in_hand: set[int] = set()
        self._home: list[tuple[DueMachine, Brought]] = []
        self._waiting: dict[int, list[asyncio.Future[Visit | Failure]]] = {}
        self._visits: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        self._came_home = asyncio.Event()
        self._room = asyncio.Event()
        self._adopted_at = float("-inf")
        self._faults: set[type[Exception]] = set()
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._tasks = [
            asyncio.create_task(self._forever(self._take), name="poller"),
            asyncio.create_task(self._forever(self._store), name="poller-storing"),
        ]

    async def stop(self) -> None:
        """Take nothing more; what is home already is stored, visits under way are given up."""
        for task in (*self._tasks, *self._visits):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._visits, return_exceptions=True)
        with suppress(DatabaseError):
            await self._store_home()
        for futures in self._waiting.values():
            for future in futures:
                future.cancel()

    def wake(self) -> None:
        """Something is due that was not: look at once. In the event loop's thread."""
        self._wake.set()

    async def read_now(self, tenant_id: int, ids: Sequence[int]) -> dict[int, Visit | Failure]:
        """Visit these machines now, whatever is due, and return when it is stored. What is not there is left out."""
        loop = asyncio.get_running_loop()
        futures: dict[int, asyncio.Future[Visit | Failure]] = {}
        for machine_id in dict.fromkeys(ids):
            futures[machine_id] = loop.create_future()
            self._waiting.setdefault(machine_id, []).append(futures[machine_id])
        try:
            await self._take_by_hand(tenant_id, list(futures))
            return {machine_id: await future for machine_id, future in futures.items() if not future.cancelled()}
        finally:
            for machine_id, future in futures.items():
                self._forget(machine_id, future)

    async def _take_by_hand(self, tenant_id: int, ids: list[int]) -> None:
        for start in range(0, len(ids), TAKE_MAX):
            free = [machine_id for machine_id in ids[start : start + TAKE_MAX] if machine_id not in self._in_hand]
            taken = await self._database.run(tenant_id, take_these, free, datetime.now(UTC))
            for machine_id in set(free) - {due.id for due in taken.machines} - self._in_hand:
                for future in self._waiting.get(machine_id, ()):
                    future.cancel()
            self._visit([due for due in taken.machines if due.id not in self._in_hand], taken)

    async def _take(self) -> None:
        """One round: take what is due as far as there is room; then wait for more, or to be woken."""
        room = self._in_hand_max - len(self._in_hand)
        if room <= 0:
            self._room.clear()
            await self._room.wait()
            return
        self._wake.clear()
        await self._adopt()
        taken = await self._database.run_for_node(
            take_due, datetime.now(UTC), min(room, TAKE_MAX), frozenset(self._in_hand)
        )
        self._visit([due for due in taken.machines if due.id not in self._in_hand], taken)
        if not taken.more:
            pause = await self._pause()
            # Not wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _adopt(self) -> None:
        if time.monotonic() - self._adopted_at >= ADOPT_S:
            self._adopted_at = time.monotonic()
            await self._database.run_for_node(adopt_all, datetime.now(UTC))

    async def _pause(self) -> float:
        """Until the next machine is due; while some are in hand, their places stand first in the order."""
        if self._in_hand:
            return 1.0
        due_at = await self._database.run_for_node(next_due_at)
        if due_at is None:
            return IDLE_S
        return min(IDLE_S, max(0.05, (due_at - datetime.now(UTC)).total_seconds()))

    def _visit(self, machines: Iterable[DueMachine], taken: Taken) -> None:
        for due in machines:
            self._in_hand.add(due.id)
            visit = asyncio.create_task(self._one(due, taken.credentials[due.tenant_id], taken))
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)

    async def _one(self, due: DueMachine, known: KnownCredentials, taken: Taken) -> None:
        try:
            plan = self._plans.of(due.plan_id, taken.plans) if due.last is not None else None
            brought = await self._reader.read(due, plan, known, datetime.now(UTC))
        except asyncio.CancelledError:
            self._in_hand.discard(due.id)
            raise
        except Exception as error:  # noqa: BLE001  # one machine must not end the sweep; it is logged
            self._log_fault(due, error)
            brought = Brought(_fault(due, error))
        self._home.append((due, self._dated(due, brought)))
        OCTETS.inc(brought.octets)
        VISITS.labels("read" if isinstance(brought.visit, Visit) else "failed").inc()
        self._came_home.set()

    def _log_fault(self, due: DueMachine, error: Exception) -> None:
        """The same mistake at thousands of machines is shown whole once: that costs more than reading them."""
        new = type(error) not in self._faults
        self._faults.add(type(error))
        log.error("visit_fault", machine_id=due.id, address=due.address, error=repr(error), exc_info=new)

    def _dated(self, due: DueMachine, brought: Brought) -> Brought:
        """With the moment of the next visit, and the plan for it."""
        visit = brought.visit
        at = visit.at.timestamp()
        if isinstance(visit, Visit):
            due_at = datetime.fromtimestamp(next_due(at, due.id, due.every_s), UTC)
            content = self._plans.content(brought.plan) if brought.plan is not None else None
            return replace(brought, visit=replace(visit, due_at=due_at, by_hand=due.by_hand, plan=content))
        answered = Answered.ASLEEP if due.power is State.ASLEEP else Answered.NO
        due_at = datetime.fromtimestamp(next_due(at, due.id, due.every_s, answered, due.failures + 1), UTC)
        return replace(brought, visit=replace(visit, due_at=due_at, by_hand=due.by_hand))

    async def _store(self) -> None:
        """One round: wait for something to be home, then a moment for more."""
        await self._came_home.wait()
        if len(self._home) < STORE_MAX:
            await asyncio.sleep(STORE_AFTER_S if self._visits else 0)
        await self._store_home()

    async def _store_home(self) -> None:
        while self._home:
            some = self._home[:STORE_MAX]
            by_tenant: dict[int, list[Visit | Failure]] = {}
            for due, brought in some:
                by_tenant.setdefault(due.tenant_id, []).append(brought.visit)
            await self._database.run_for_node(store_for_tenants, by_tenant)
            del self._home[: len(some)]
            for due, brought in some:
                self._is_stored(due, brought.visit)
            self._room.set()
        self._came_home.clear()

    def _is_stored(self, due: DueMachine, visit: Visit | Failure) -> None:
        self._in_hand.discard(due.id)
        self.counts["read" if isinstance(visit, Visit) else "failed"] += 1
        for future in self._waiting.get(due.id, ()):
            if not future.done():
                future.set_result(visit)

    def _forget(self, machine_id: int, future: asyncio.Future[Visit | Failure]) -> None:
        futures = self._waiting.get(machine_id, [])
        if future in futures:
            futures.remove(future)
        if not futures:
            self._waiting.pop(machine_id, None)

    async def _forever(self, one_round: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await one_round()
            except DatabaseError as error:  # what is home stays home until it can be stored
                log.warning("poller_waits", error=str(error))
                await asyncio.sleep(AFTER_FAULT_S)
            except Exception:  # one bad round must not be the last one
                log.exception("poller_fault")
                await asyncio.sleep(AFTER_FAULT_S)


def _fault(due: DueMachine, error: Exception) -> Failure:
    reason = f"Reading it failed here: {type(error).__name__}. The log says more."
    return Failure(machine_id=due.id, at=datetime.now(UTC), evidence=Evidence.REFUSED, reason=reason)
