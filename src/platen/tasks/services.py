"""Verbs on tasks: adding, changing, duplicating, removing, starting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.eventlog.actor import SYSTEM, Actor
from platen.eventlog.changes import record_change
from platen.policy.recurrence import TARGETS, RecurrenceError, next_time, parse_schedule
from platen.tasks.errors import NameTaken, TaskError
from platen.tasks.kinds import kind_named
from platen.tasks.models import Result, Run, RunState, Task
from platen.tenants.context import acting_within, current_regions

OPEN = (RunState.WAITING, RunState.RUNNING)
FAILED = (RunState.ERROR, RunState.TIMEOUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskValues:
    """A task as a person asks for it.

    schedule: policy.recurrence; None: only when started by hand. target: {"groups": [...], "devices": [...],
    "conditions": [...]}; empty: all. report_to: {"mail": [...], "on": [states]}. regions: its targets are of these only
    (EMC-REGN-04); none: of all, or where the rights of who asks end.
    """

    kind: str
    schedule: Mapping[str, Any] | None = None
    target: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    report_to: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True
    regions: Collection[int] = ()


@transaction.atomic
def add_task(name: str, values: TaskValues, *, by: Actor, now: datetime | None = None, built_in: bool = False) -> Task:
    """A new task. Raises: TaskError, NameTaken."""
    task = Task(name=_name(name), kind=values.kind, built_in=built_in, created_by=by.name[:255])
    _apply(task, values, now or timezone.now())
    _save(task, _regions(values))
    record_change(by, "task_added", task.name, f"The task {task.name} was added", of=task.kind)
    return task


@transaction.atomic
def change_task(task: Task, values: TaskValues, *, by: Actor, name: str = "", now: datetime | None = None) -> None:
    """Change it; what it does stays what it was. Raises: TaskError, NameTaken."""
    if values.kind != task.kind:
        raise TaskError(_("What a task does cannot be changed. Make another one."))
    task.name = _name(name or task.name)
    _apply(task, values, now or timezone.now())
    _save(task, _regions(values))
    record_change(by, "task_changed", task.name, f"The task {task.name} was changed")


@transaction.atomic
def duplicate_task(task: Task, *, by: Actor) -> Task:
    """The same under another name, not active, to be changed first."""
    name = f"{task.name} - Copy"
    with acting_within(None):  # a name is taken by whomever
        taken = set(Task.objects.filter(name__startswith=name).values_list("name", flat=True))
    free = next(each for each in (name, *(f"{name} {number}" for number in range(2, 10_000))) if each not in taken)
    values = TaskValues(
        kind=task.kind,
        schedule=task.schedule,
        target=task.target,
        settings=task.settings,
        report_to=task.report_to,
        active=False,
        regions=list(task.regions.values_list("pk", flat=True)),
    )
    return add_task(free, values, by=by)


@transaction.atomic
def remove_task(task: Task, *, by: Actor) -> None:
    """Remove it; its runs stay. Raises: TaskError for one that was always there."""
    if task.built_in:
        raise TaskError(_("%(task)s was always there. Set it inactive instead.") % {"task": task.name})
    record_change(by, "task_removed", task.name, f"The task {task.name} was removed")
    task.delete()


@transaction.atomic
def start_now(task: Task, *, by: Actor, now: datetime | None = None) -> Run:
    """Let it run once, now, whatever its schedule."""
    run = _run_of(task, now or timezone.now(), "")
    run.by = by.name[:255]
    run.save()
    run.regions.set(task.regions.all())
    record_change(by, "task_started", task.name, f"The task {task.name} was started")
    return run


@transaction.atomic
def cancel_run(run: Run, *, by: Actor) -> None:
    """Call a run off: what waits is left out, what is being done is finished. Raises: TaskError."""
    changed = Run.objects.filter(pk=run.pk, state__in=OPEN).update(cancel_asked=True)
    if not changed:
        raise TaskError(_("It has ended already."))
    record_change(by, "run_canceled", run.name, f"The run of {run.name} was called off")


@transaction.atomic
def recover(run: Run, *, by: Actor, only: Iterable[int] | None = None, now: datetime | None = None) -> Run:
    """A run that is aimed at the targets that failed; `only`: some of these results.

    Raises: TaskError where nothing failed, or it still goes on.
    """
    if run.state in OPEN:
        raise TaskError(_("It still goes on. Wait for its end, or cancel it."))
    failed = Result.objects.filter(run=run, state__in=FAILED)
    if only is not None:
        failed = failed.filter(pk__in=list(only))
    again = list(failed.order_by("id"))
    if not again and run.state not in FAILED:
        raise TaskError(_("Nothing failed that could be done again."))
    name = run.name if run.name.endswith(_(" (again)")) else run.name + _(" (again)")
    recovery = Run(
        task=run.task,
        name=name[:160],
        kind=run.kind,
        settings=run.settings,
        recovers=run,
        due_at=now or timezone.now(),
        targets=len(again),
        by=by.name[:255],
    )
    recovery.save()
    recovery.regions.set(run.regions.all())
    rows = [
        Result(tenant_id=run.tenant_id, run=recovery, device_id=each.device_id, target=each.target) for each in again
    ]
    Result.objects.bulk_create(rows, batch_size=500)
    record_change(by, "run_recovered", run.name, f"What failed of {run.name} is done again", targets=len(again))
    return recovery


def ensure_built_in(name: str, values: TaskValues) -> Task:
    """A task that is always there; once there, it is as people changed it."""
    found: Task | None = Task.objects.filter(name=name, built_in=True).first()
    return found or add_task(name, values, by=SYSTEM, built_in=True)


def next_of(task: Task, after: datetime, zones: Iterable[str]) -> datetime | None:
    """When it is due next in any of its targets' time zones."""
    if not task.active or task.schedule is None:
        return None
    schedule = parse_schedule(task.schedule)
    names = set(zones) or {"UTC"} if schedule.zone == TARGETS else {schedule.zone}
    times = [moment for name in names if (moment := next_time(schedule, after, ZoneInfo(name))) is not None]
    return min(times, default=None)


def _run_of(task: Task, due_at: datetime, zone: str) -> Run:
    return Run(
        tenant_id=task.tenant_id,
        task=task,
        name=task.name,
        kind=task.kind,
        settings=task.settings,
        due_at=due_at,
        time_zone=zone,
    )


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        raise TaskError(_("A task has a name of 1 to 120 characters."))
    return name


def _apply(task: Task, values: TaskValues, now: datetime) -> None:
    kind = kind_named(values.kind)
    try:
        schedule = None if values.schedule is None else parse_schedule(values.schedule)
    except RecurrenceError as error:
        raise TaskError(str(error)) from error
    task.schedule = None if schedule is None else schedule.as_json()
    task.settings = kind.check(values.settings)
    task.target = dict(values.target) if kind.for_devices else {}
    task.report_to = dict(values.report_to)
    task.active = values.active
    # The zones of its targets are not known here: the first look at any of them corrects this.
    task.next_at = now if task.active and schedule is not None else None


def _regions(values: TaskValues) -> set[int]:
    """Raises: TaskError for regions that are not those of who asks."""
    wanted, limit = set(values.regions), current_regions()
    if limit is not None and not limit:  # no region bound to it would be a task for every device
        raise TaskError(_("Your rights hold for no region, so there is nothing that a task of yours could be for."))
    if limit is not None and not wanted <= limit:
        raise TaskError(_("A task of yours is for devices of your regions only."))
    return wanted or set(Task.tops_of(limit or ()))


def _save(task: Task, regions: Collection[int]) -> None:
    try:
        with transaction.atomic():
            task.save()
            task.regions.set(regions)
    except IntegrityError as error:
        raise NameTaken(_("There is a task named %(name)s already.") % {"name": task.name}) from error
