"""The runner of tasks: makes runs when their time has come, and does them, target by target.

What a task does is an executor, by its kind; who its targets are, and in which time zones, is asked of whoever knows
the fleet. A run that a stopped server left open goes on with the targets that are still waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.policy.batch import Ended, Reached, Step, done, go_on, parse_steps
from platen.services.database import Database
from platen.tasks.kinds import BATCH, all_kinds
from platen.tasks.models import Result, Run, RunState, Task
from platen.tasks.running import (
    begin_run,
    due_tasks,
    end_run,
    is_called_off,
    plan_runs,
    record_result,
    record_step,
    waiting_results,
    waiting_runs,
)

log = structlog.get_logger("platen.tasks")

INTERVAL_S = 5.0
RUNS_AT_ONCE = 4
TARGETS_AT_ONCE = 16
TARGET_TIMEOUT_S = 300.0
ONCE_TIMEOUT_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one thing. message: a sentence; detail: JSON values."""

    succeeded: bool
    message: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    skipped: bool = False  # it cannot do this, and was left out


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. device_id: None for what is done once. run_id: whose progress it is."""

    tenant_id: int
    settings: Mapping[str, Any]
    run_id: int
    device_id: int | None = None
    by: str = ""


Executor = Callable[[Order], Any]
"""Does one thing: an async function from an Order to an Outcome."""


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
            message = f"It was stopped by a fault: {type(error).__name__}. The log of the server says more."
            await self._database.run(tenant_id, lambda: self._end(run_id, message, failed=True))
        finally:
            self._running.pop(run_id, None)
            self.wake()

    async def _do(self, tenant_id: int, run_id: int) -> None:
        now = timezone.now()
        targets = await self._database.run(tenant_id, self._targets, run_id)
        run = await self._database.run(tenant_id, begin_run, run_id, targets or (), now)
        if run is None:
            return
        if targets is None:
            await self._do_once(tenant_id, run)
            return
        after = 0
        while results := await self._database.run(tenant_id, waiting_results, run, after, TARGETS_AT_ONCE):
            if await self._database.run(tenant_id, is_called_off, run_id):
                break
            await asyncio.gather(*(self._do_target(tenant_id, run, result) for result in results))
            after = results[-1].pk
        await self._database.run(tenant_id, self._end, run_id, "")

    async def _do_once(self, tenant_id: int, run: Run) -> None:
        order = Order(tenant_id, run.settings, run.pk, by=run.by)
        outcome = await self._outcome(run.kind, order, ONCE_TIMEOUT_S)
        await self._database.run(tenant_id, lambda: self._end(run.pk, outcome.message, failed=not outcome.succeeded))

    async def _do_target(self, tenant_id: int, run: Run, result: Result) -> None:
        order = Order(tenant_id, run.settings, run.pk, result.device_id, run.by)
        if run.kind == BATCH:
            outcome, step = await self._batch(tenant_id, run, result)
        else:
            outcome, step = await self._outcome(run.kind, order, TARGET_TIMEOUT_S), 0
        state = RunState.SKIPPED if outcome.skipped else RunState.SUCCESS if outcome.succeeded else RunState.ERROR
        if outcome.detail.get("timeout"):
            state = RunState.TIMEOUT
        now = timezone.now()
        await self._database.run(
            tenant_id,
            lambda: record_result(result, state, outcome.message, now, detail=outcome.detail, step=step),
        )

    async def _batch(self, tenant_id: int, run: Run, result: Result) -> tuple[Outcome, int]:
        """All steps for one device, from where it is."""
        steps = parse_steps(run.settings.get("steps"), [kind.name for kind in all_kinds()])
        done_before = dict(result.detail)
        reached = go_on(steps, Reached(result.step, done_before.get("succeeded")))
        last = Outcome(done_before.get("succeeded") is not False, str(done_before.get("message", "")))
        number = result.step
        said: list[dict[str, Any]] = list(done_before.get("steps", []))
        while isinstance(reached, Reached):
            step = steps[reached.next_step]
            number = reached.next_step + 1
            last = await self._step(tenant_id, run, result, step)
            said.append({"step": number, "name": step.name or step.kind, "ok": last.succeeded, "message": last.message})
            after = done(reached, last.succeeded)
            detail = {"succeeded": last.succeeded, "message": last.message, "steps": said}
            await self._database.run(tenant_id, record_step, result, after.next_step, timezone.now(), detail)
            reached = go_on(steps, after)
        return _ended(reached, last, said), number

    async def _step(self, tenant_id: int, run: Run, result: Result, step: Step) -> Outcome:
        order = Order(tenant_id, step.settings or {}, run.pk, result.device_id, run.by)
        return await self._outcome(step.kind, order, TARGET_TIMEOUT_S)

    async def _outcome(self, kind: str, order: Order, timeout_s: float) -> Outcome:
        executor = self._executors.get(kind)
        if executor is None:
            return Outcome(False, f"This server does not do “{kind}”.")
        try:
            async with asyncio.timeout(timeout_s):
                outcome: Outcome = await executor(order)
        except TimeoutError:
            return Outcome(False, f"It took longer than {timeout_s:.0f} s.", {"timeout": True})
        except Exception as error:  # one target's trouble is its own
            log.exception("task_target_fault", kind=kind, device_id=order.device_id)
            return Outcome(False, f"It failed: {error}")
        return outcome

    def _targets(self, run_id: int) -> list[tuple[int, str]] | None:
        """Those of a run that begins; None for what is done once."""
        run: Run | None = Run.objects.select_related("task").filter(pk=run_id).first()
        if run is None:
            return None
        kind = next((each for each in all_kinds() if each.name == run.kind), None)
        if kind is None or not kind.for_devices:
            return None
        if run.state != RunState.WAITING or run.recovers_id is not None:
            return []  # it has them already
        target = run.task.target if run.task is not None else run.settings.get("target")
        if target is None:
            return []  # its task was removed before it began: nobody says any more whom it meant
        found = self._fleet.targets(target)
        return [(key, name) for key, name, zone in found if run.time_zone in {"", zone}]

    def _zones(self, task_id: int) -> set[str]:
        task: Task | None = Task.objects.filter(pk=task_id).first()
        return set() if task is None else {zone for _, _, zone in self._fleet.targets(task.target)}

    def _end(self, run_id: int, message: str = "", *, failed: bool = False) -> None:
        run = end_run(run_id, timezone.now(), message=message, failed=failed)
        if run is not None:
            self._fleet.ended(run)


def _ended(end: Ended, last: Outcome, said: list[dict[str, Any]]) -> Outcome:
    succeeded = end.succeeded is not False
    return Outcome(succeeded, last.message, {"steps": said, "succeeded": succeeded})
