"""The runner of tasks: makes runs when their time has come, and does them, target by target.

What a task does is an executor, by its kind; who its targets are, and in which time zones, is asked of whoever knows
the fleet. A run that a stopped server left open goes on with the targets that are still waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import structlog
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from platen.policy.said import said
from platen.services.database import Database
from platen.services.task_batches import Batch, Together
from platen.services.task_orders import Executor, Order, Outcome
from platen.tasks.kinds import BATCH, all_kinds
from platen.tasks.models import Result, Run, RunState, Task
from platen.tasks.result_words import SAID
from platen.tasks.running import (
    add_targets,
    begin_run,
    due_tasks,
    end_run,
    has_targets,
    is_called_off,
    plan_runs,
    record_result,
    waiting_results,
    waiting_runs,
)
from platen.tenants.context import acting_within

log = structlog.get_logger("platen.tasks")

INTERVAL_S = 5.0
RUNS_AT_ONCE = 4
TARGETS_AT_ONCE = 16
TARGET_TIMEOUT_S = 300.0
ONCE_TIMEOUT_S = 6 * 3600.0


class Fleet(Protocol):
    """Who knows the targets. Both are called in a database thread, acting for the tenant."""

    def targets(self, target: Mapping[str, Any]) -> Sequence[tuple[int, str, str]]:
        """Key, name and time zone of each machine that is meant."""

    def ended(self, run: Run) -> None:
        """A run is over: who wants to know is told."""


class TaskRunner:
    """Looks every few seconds for what is due; woken where somebody starts something by hand."""

    def __init__(self, database: Database, fleet: Fleet, executors: Mapping[str, Executor]) -> None:
        self._database = database
        self._fleet = fleet
        self._executors = executors
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._running: dict[int, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="tasks")

    async def stop(self) -> None:
        """What is being done stops; it goes on at the next start."""
        for task in filter(None, [self._task, *self._running.values()]):
            task.cancel()
        await asyncio.gather(*filter(None, [self._task, *self._running.values()]), return_exceptions=True)

    def wake(self) -> None:
        """Look now. From the event loop's thread."""
        self._wake.set()

    async def look(self) -> None:
        """Make the runs that are due and begin those that wait, as many as may go on at once."""
        now = timezone.now()
        for tenant_id, task_id in await self._database.run_for_node(due_tasks, now):
            zones = await self._database.run(tenant_id, self._zones, task_id)
            await self._database.run(tenant_id, plan_runs, task_id, now, zones)
        for tenant_id, run_id in await self._database.run_for_node(waiting_runs, now):
            if run_id not in self._running and len(self._running) < RUNS_AT_ONCE:
                self._running[run_id] = asyncio.create_task(self._safely(tenant_id, run_id), name=f"run-{run_id}")

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except DatabaseError as error:  # the next look tries again
                log.warning("tasks_look_failed", error=str(error))
            except Exception:  # one bad look must not be the last one
                log.exception("tasks_look_fault")
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):  # wait_for may lose a cancellation that comes with the wake
                    await self._wake.wait()

    async def _safely(self, tenant_id: int, run_id: int) -> None:
        try:
            await self._do(tenant_id, run_id)
        except Exception as error:  # a fault of ours ends the run, with a word, instead of repeating it for ever
            log.exception("task_run_fault", run_id=run_id)
            text = noop("It was stopped by a fault: %(fault)s. The log of the server says more.")
            message = said(text, fault=type(error).__name__)
            await self._database.run(
                tenant_id, lambda: self._end(run_id, str(message), [message.as_json()], failed=True)
            )
        finally:
            self._running.pop(run_id, None)
            self.wake()

    async def _do(self, tenant_id: int, run_id: int) -> None:
        run = await self._database.run(tenant_id, begin_run, run_id, timezone.now())
        if run is None:
            return
        if run.kind == BATCH:
            await self._do_batch(tenant_id, run)
            return
        targets = await self._database.run(tenant_id, self._targets, run_id)
        if targets is None:
            await self._do_once(tenant_id, run)
            return
        await self._database.run(tenant_id, add_targets, run, targets)
        after = 0
        while results := await self._database.run(tenant_id, waiting_results, run, after, TARGETS_AT_ONCE):
            if await self._database.run(tenant_id, is_called_off, run_id):
                break
            await asyncio.gather(*(self._do_target(tenant_id, run, result) for result in results))
            after = results[-1].pk
        await self._database.run(tenant_id, self._end, run_id, "")

    async def _do_batch(self, tenant_id: int, run: Run) -> None:
        batch = Batch(self._database, tenant_id, run, self._step)
        together = Together()
        if await self._database.run(tenant_id, _meant, run.pk) is not None:
            together = await batch.lead()
            targets = await self._database.run(tenant_id, self._targets, run.pk) or ()
            step, detail = together.step, together.detail
            await self._database.run(tenant_id, lambda: add_targets(run, targets, step=step, detail=detail))
        await batch.run(TARGETS_AT_ONCE)
        message, failed = str(together.detail.get("message", "")), together.failed
        alone = not await self._database.run(tenant_id, has_targets, run)
        made_of = together.detail.get(SAID)
        await self._database.run(tenant_id, lambda: self._end(run.pk, message, made_of, failed=failed and alone))

    async def _step(self, kind: str, order: Order, once: bool) -> Outcome:
        return await self._outcome(kind, order, ONCE_TIMEOUT_S if once else TARGET_TIMEOUT_S)

    async def _do_once(self, tenant_id: int, run: Run) -> None:
        order = Order(tenant_id, run.settings, run.pk, by=run.by, regions=run.limit)
        outcome = await self._outcome(run.kind, order, ONCE_TIMEOUT_S)
        failed = not outcome.succeeded
        await self._database.run(tenant_id, lambda: self._end(run.pk, outcome.message, outcome.said, failed=failed))

    async def _do_target(self, tenant_id: int, run: Run, result: Result) -> None:
        order = Order(tenant_id, run.settings, run.pk, result.device_id, run.by, regions=run.limit)
        outcome = await self._outcome(run.kind, order, TARGET_TIMEOUT_S)
        state = RunState.SKIPPED if outcome.skipped else RunState.SUCCESS if outcome.succeeded else RunState.ERROR
        if outcome.detail.get("timeout"):
            state = RunState.TIMEOUT
        now = timezone.now()
        await self._database.run(
            tenant_id,
            lambda: record_result(result, state, outcome.message, now, detail=outcome.detail),
        )

    async def _outcome(self, kind: str, order: Order, timeout_s: float) -> Outcome:
        executor = self._executors.get(kind)
        if executor is None:
            return Outcome.of(False, said(noop("This server does not do “%(kind)s”."), kind=kind))
        try:
            async with asyncio.timeout(timeout_s):
                outcome: Outcome = await executor(order)
        except TimeoutError:
            late = said(noop("It took longer than %(seconds)s s."), seconds=f"{timeout_s:.0f}")
            return Outcome.of(False, late, detail={"timeout": True})
        except Exception as error:  # one target's trouble is its own
            log.exception("task_target_fault", kind=kind, device_id=order.device_id)
            return Outcome.of(False, said(noop("It failed: %(why)s"), why=error))
        return outcome

    def _targets(self, run_id: int) -> list[tuple[int, str]] | None:
        """Those of a run that begins; none where it has them already; None for what is done once."""
        run: Run | None = Run.objects.select_related("task").filter(pk=run_id).first()
        if run is None:
            return None
        kind = next((each for each in all_kinds() if each.name == run.kind), None)
        if kind is None or not kind.for_devices:
            return None
        target = _meant(run_id)
        with acting_within(run.limit):
            found = [] if target is None else self._fleet.targets(target)
        return [(key, name) for key, name, zone in found if run.time_zone in {"", zone}]

    def _zones(self, task_id: int) -> set[str]:
        task: Task | None = Task.objects.filter(pk=task_id).first()
        if task is None:
            return set()
        with acting_within(task.limit):
            return {zone for _, _, zone in self._fleet.targets(task.target)}

    def _end(self, run_id: int, message: str = "", made_of: list[Any] | None = None, *, failed: bool = False) -> None:
        run = end_run(run_id, timezone.now(), message=message, said=made_of, failed=failed)
        if run is not None:
            self._fleet.ended(run)


def _meant(run_id: int) -> Mapping[str, Any] | None:
    """Which devices a run means that has none yet. None: it knows its devices, or nobody says any more whom it meant,
    since its task was removed before it began."""
    run: Run | None = Run.objects.select_related("task").filter(pk=run_id).first()
    if run is None or run.recovers_id is not None or has_targets(run):
        return None
    target: Mapping[str, Any] | None = run.task.target if run.task is not None else run.settings.get("target")
    return target
