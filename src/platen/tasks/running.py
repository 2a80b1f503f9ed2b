"""A run from its beginning to its end. Every step is durable before the next: a run that a stopped server left open
goes on with the targets that are still waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Min, Q

from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.recurrence import TARGETS, next_time, parse_schedule
from platen.tasks.models import Result, Run, RunState, Task
from platen.tasks.services import OPEN, next_of

LATE_MAX = timedelta(hours=1)
"""A time that passed while the server was off is made up for this long; then it waits for the next."""


def due_tasks(now: datetime, limit: int = 100) -> list[tuple[int, int]]:
    """Tenant and key of tasks whose time has come, over all tenants: for the node's runner."""
    rows = Task.everywhere.filter(active=True, next_at__lte=now).order_by("next_at").values_list("tenant_id", "id")
    return list(rows[:limit])


@transaction.atomic
def plan_runs(task_id: int, now: datetime, zones: Iterable[str]) -> list[Run]:
    """Make the runs that are due, one for each time zone in which it is time, and note when the next is.

    zones: of the task's targets.
    """
    task: Task | None = Task.objects.select_for_update().filter(pk=task_id, active=True).first()
    if task is None or task.schedule is None or task.next_at is None or task.next_at > now:
        return []
    schedule = parse_schedule(task.schedule)
    names = sorted(set(zones) or {"UTC"}) if schedule.zone == TARGETS else [schedule.zone]
    planned = []
    for name in names:
        due = next_time(schedule, max(task.next_at, now - LATE_MAX) - timedelta(microseconds=1), ZoneInfo(name))
        if due is not None and due <= now:
            zone = name if schedule.zone == TARGETS else ""
            run, made = Run.objects.get_or_create(
                task=task, due_at=due, time_zone=zone, planned=True, defaults=_as_it_is(task)
            )
            if made:
                run.regions.set(task.regions.all())
                planned.append(run)
    task.next_at = next_of(task, now, names)
    task.save(update_fields=["next_at"])
    return planned


def waiting_runs(now: datetime, limit: int = 50) -> list[tuple[int, int]]:
    """Tenant and key of runs that wait, or that a stopped server left open, in their order; over all tenants."""
    rows = (
        Run.everywhere.filter(state__in=OPEN, due_at__lte=now).order_by("due_at", "id").values_list("tenant_id", "id")
    )
    return list(rows[:limit])


@transaction.atomic
def begin_run(run_id: int, now: datetime) -> Run | None:
    """Take a run; None: it was called off or has ended."""
    run: Run | None = Run.objects.select_for_update().filter(pk=run_id, state__in=OPEN).first()
    if run is None:
        return None
    run.state, run.began_at = RunState.RUNNING, run.began_at or now
    run.save(update_fields=["state", "began_at"])
    _ = run.limit  # looked up here, where the database may be asked
    return run


def has_targets(run: Run) -> bool:
    """Whether it has result rows already."""
    return Result.objects.filter(run=run).exists()


@transaction.atomic
def add_targets(
    run: Run, targets: Sequence[tuple[int, str]], *, step: int = 0, detail: Mapping[str, Any] | None = None
) -> None:
    """A result row for each target; one that was begun before goes on with what it has.

    targets: device keys and names. step, detail: of a batch, what was done for all of them before.
    """
    if run.recovers_id is not None or has_targets(run):
        return
    common = {"tenant_id": run.tenant_id, "run": run, "step": step}
    rows = [Result(**common, detail=dict(detail or {}), device_id=key, target=name[:200]) for key, name in targets]
    Result.objects.bulk_create(rows, batch_size=500)
    run.targets = len(rows)
    run.save(update_fields=["targets"])


def waiting_results(run: Run, after: int = 0, limit: int = 500) -> list[Result]:
    """Targets that are still to be done, in order, from a result on."""
    return list(Result.objects.filter(run=run, state__in=OPEN, id__gt=after).order_by("id")[:limit])


@transaction.atomic
def record_result(
    result: Result,
    state: RunState,
    message: str,
    now: datetime,
    *,
    detail: Mapping[str, Any] | None = None,
    step: int = 0,
) -> None:
    """What came of one target."""
    changed = Result.objects.filter(pk=result.pk, state__in=OPEN).update(
        state=state, message=message, ended_at=now, detail=dict(detail or {}), step=step
    )
    if changed:
        failed = int(state in {RunState.ERROR, RunState.TIMEOUT})
        Run.objects.filter(pk=result.run_id).update(done=F("done") + 1, failed=F("failed") + failed)


def record_step(result: Result, step: int, now: datetime, detail: Mapping[str, Any]) -> None:
    """How far a batch is for one target, so that it goes on there after a restart."""
    Result.objects.filter(pk=result.pk).update(step=step, detail=dict(detail), began_at=result.began_at or now)


def waiting_at_least(run: Run) -> tuple[int | None, list[int]]:
    """Of a batch: the first step that devices wait at, and which these are; None where none waits."""
    waiting = Result.objects.filter(run=run, state__in=OPEN)
    number: int | None = waiting.aggregate(first=Min("step"))["first"]
    keys = waiting.filter(step=number, device_id__isnull=False) if number is not None else waiting.none()
    return number, list(keys.order_by("id").values_list("device_id", flat=True))


@transaction.atomic
def pass_together(run: Run, step: int, said: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    """Of a batch: who waits at a step goes on after it. said: a device's detail, with what came of the step."""
    for result in list(Result.objects.filter(run=run, state__in=OPEN, step=step)):
        result.step, result.detail = step + 1, said(result.detail)
        result.save(update_fields=["step", "detail"])


def is_called_off(run_id: int) -> bool:
    """Whether somebody called a run off."""
    return Run.objects.filter(pk=run_id, cancel_asked=True).exists()


@transaction.atomic
def end_run(
    run_id: int, now: datetime, *, message: str = "", said: list[Any] | None = None, failed: bool = False
) -> Run | None:
    """A run is over: what is still waiting was called off, and the worst result is that of the run."""
    run: Run | None = Run.objects.select_for_update().filter(pk=run_id, state__in=OPEN).first()
    if run is None:
        return None
    left = Result.objects.filter(run=run, state__in=OPEN).update(state=RunState.CANCELED, ended_at=now)
    counts = Result.objects.filter(run=run).aggregate(
        errors=Count("id", filter=Q(state=RunState.ERROR)), late=Count("id", filter=Q(state=RunState.TIMEOUT))
    )
    run.state = _state(run, failed, left, counts)
    run.failed = counts["errors"] + counts["late"]
    run.message, run.said, run.ended_at = message, said, now
    run.save(update_fields=["state", "failed", "message", "said", "ended_at"])
    severity = Severity.WARNING if run.state in {RunState.ERROR, RunState.TIMEOUT} else Severity.INFO
    text = f"{run.name}: {run.get_state_display().lower()}, {run.done} of {run.targets} targets, {run.failed} failed."
    record_event("task_run_ended", f"{text} {message}".strip(), severity=severity, run=str(run.uuid))
    return run


def _state(run: Run, failed: bool, left: int, counts: Mapping[str, int]) -> RunState:
    if failed or counts["errors"]:
        return RunState.ERROR
    if counts["late"]:
        return RunState.TIMEOUT
    if left or (run.cancel_asked and not run.targets):
        return RunState.CANCELED
    return RunState.SUCCESS


def remove_old_runs(before: datetime, limit: int = 500) -> int:
    """Runs that ended before a moment go, with their results. Returns: how many."""
    keys = list(Run.objects.filter(ended_at__lt=before).order_by("id").values_list("id", flat=True)[:limit])
    Run.objects.filter(pk__in=keys).delete()
    return len(keys)


def _as_it_is(task: Task) -> dict[str, Any]:
    return {"name": task.name, "kind": task.kind, "settings": task.settings, "by": task.created_by}
