"""Batches: the steps of a run, device by device, and what is done once for all of them.

Most kinds are done for each device, and each device goes through its steps by itself. What is done once, such as a
search or a report, waits until every device has come to it or has ended before; then it is done, for those that came,
and they go on by what came of it. Where a batch begins with such steps, they are done before it is looked up which
devices are meant: what a search finds is among them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from platen.policy.batch import Ended, Reached, Step, done, go_on, parse_steps
from platen.services.database import Database
from platen.services.task_orders import Order, Outcome
from platen.tasks.kinds import all_kinds
from platen.tasks.models import Result, Run, RunState
from platen.tasks.result_words import SAID
from platen.tasks.running import (
    is_called_off,
    pass_together,
    record_result,
    record_step,
    waiting_at_least,
    waiting_results,
)

Doing = Callable[[str, Order, bool], Awaitable[Outcome]]
"""Does a step of a kind; the last argument says whether it is done once for all."""


@dataclass(frozen=True, slots=True)
class Together:
    """Where all devices of a run are after the steps that were done before it was looked up who they are."""

    step: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether the last of these steps failed."""
        return self.detail.get("succeeded") is False


class Batch:
    """One run of a batch."""

    def __init__(self, database: Database, tenant_id: int, run: Run, doing: Doing) -> None:
        self._database, self._tenant_id, self._run, self._doing = database, tenant_id, run, doing
        self._steps: Sequence[Step] = parse_steps(run.settings.get("steps"), [kind.name for kind in all_kinds()])
        once = {kind.name for kind in all_kinds() if not kind.for_devices}
        self._once = {number for number, step in enumerate(self._steps) if step.kind in once}

    async def lead(self) -> Together:
        """Do what is done once before anything is done for devices."""
        reached, detail = Reached(), dict[str, Any]()
        while isinstance(following := go_on(self._steps, reached), Reached) and following.next_step in self._once:
            outcome = await self._step(following.next_step, None)
            detail = _said(detail, following.next_step, self._steps[following.next_step], outcome)
            reached = done(following, outcome.succeeded)
        return Together(reached.next_step, detail)

    async def run(self, at_once: int) -> None:
        """All devices to their ends."""
        while True:
            after = 0
            while results := await self._call(waiting_results, self._run, after, at_once):
                if await self._call(is_called_off, self._run.pk):
                    return
                await asyncio.gather(*(self._device(result) for result in results))
                after = results[-1].pk
            number, devices = await self._call(waiting_at_least, self._run)
            if number not in self._once or await self._call(is_called_off, self._run.pk):
                return
            await self._for_all(number, devices)

    async def _device(self, result: Result) -> None:
        """To its end, or to a step that waits for all."""
        detail = dict(result.detail)
        reached = go_on(self._steps, Reached(result.step, detail.get("succeeded")))
        while isinstance(reached, Reached) and reached.next_step not in self._once:
            number = reached.next_step
            outcome = await self._step(number, result.device_id)
            detail = _said(detail, number, self._steps[number], outcome)
            after = done(reached, outcome.succeeded)
            await self._call(record_step, result, after.next_step, timezone.now(), detail)
            reached = go_on(self._steps, after)
        if isinstance(reached, Reached):
            await self._call(record_step, result, reached.next_step, timezone.now(), detail)
            return
        await self._ended(result, reached, detail)

    async def _ended(self, result: Result, end: Ended, detail: dict[str, Any]) -> None:
        succeeded = end.succeeded is not False
        state = RunState.SUCCESS if succeeded else RunState.ERROR
        steps = detail.get("steps", ())
        step = int(steps[-1]["step"]) if steps else 0
        said = {"steps": list(steps), "succeeded": succeeded, SAID: detail.get(SAID)}
        message = str(detail.get("message", ""))
        now = timezone.now()
        await self._database.run(
            self._tenant_id, lambda: record_result(result, state, message, now, detail=said, step=step)
        )

    async def _for_all(self, number: int, devices: Sequence[int]) -> None:
        """A step for all that came to it; they go on together."""
        outcome = await self._step(number, None, devices)
        step = self._steps[number]
        await self._database.run(
            self._tenant_id, lambda: pass_together(self._run, number, lambda said: _said(said, number, step, outcome))
        )

    async def _step(self, number: int, device_id: int | None, devices: Sequence[int] = ()) -> Outcome:
        step = self._steps[number]
        settings = dict(step.settings or {})
        if devices and not settings.get("target"):
            settings["target"] = {"devices": list(devices)}
        order = Order(self._tenant_id, settings, self._run.pk, device_id, self._run.by, number + 1, self._run.limit)
        return await self._doing(step.kind, order, number in self._once)

    async def _call(self, function: Callable[..., Any], *args: Any) -> Any:
        return await self._database.run(self._tenant_id, function, *args)


def _said(detail: Mapping[str, Any], number: int, step: Step, outcome: Outcome) -> dict[str, Any]:
    """What is known of a device's way, with one more step."""
    label = next((kind.label for kind in all_kinds() if kind.name == step.kind), step.kind)
    words = {"message": outcome.message, SAID: outcome.said}
    told = {"step": number + 1, "name": step.name or label, "ok": outcome.succeeded, **words}
    return {"succeeded": outcome.succeeded, **words, "steps": [*detail.get("steps", ()), told]}
