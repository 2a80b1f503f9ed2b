"""Tasks and what they did: /tasks, /runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right, require
from platen.api.bearer import actor, needs, person
from platen.api.errors import BadRequest
from platen.api.fleet_lookup import run_of, task_of
from platen.api.lookup import number_after
from platen.api.values import Page, Paging
from platen.devices.queries import uuids_of_devices
from platen.fleet.task_kinds import mails_audit
from platen.tasks.models import Result, Run, Task
from platen.tasks.queries_results import all_tasks, page_of_results, runs_to_open
from platen.tasks.run_lists import NEWEST, ORDERS, RunListing, page_of_runs
from platen.tasks.services import cancel_run, recover, start_now

router = Router()
runs = Router()


class TaskShown(Schema):
    """Something that is done on a schedule, or when it is asked for."""

    uuid: UUID
    name: str
    kind: str
    built_in: bool
    active: bool
    schedule: dict[str, Any] | None
    next_at: datetime | None
    regions: list[int] = Field(description="Its devices are of these only; none: of all.")


class RunShown(Schema):
    """One time that something was done. uuid, task and message: null where whoever asks may not open it."""

    uuid: UUID | None
    task: UUID | None
    name: str
    kind: str
    state: str = Field(description="waiting, running, success, error, timeout, canceled or skipped")
    planned: bool
    due_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    targets: int
    done: int
    failed: int
    by: str
    message: str | None


class ResultShown(Schema):
    """What a run did to one device."""

    target: str
    device: UUID | None
    state: str
    message: str
    began_at: datetime | None
    ended_at: datetime | None


class RunsWanted(Paging):
    """Which runs."""

    task: UUID | None = None
    outcome: Literal["", "open", "done", "failed", "canceled"] = ""
    order: str = Field(NEWEST, description=f"With a minus before it downwards: {', '.join(ORDERS)}.")

    def listing(self) -> RunListing:
        """As tasks are asked for it. Raises: BadRequest, Missing."""
        if self.order.removeprefix("-") not in ORDERS:
            raise BadRequest(f"There is no order “{self.order[:40]}”. Choose of {', '.join(ORDERS)}.")
        return RunListing(task=task_of(self.task) if self.task else None, outcome=self.outcome, order=self.order)


class ResultsWanted(Paging):
    """Which results."""

    failed: bool = Field(False, description="Only what failed.")


@router.get("", response=list[TaskShown], auth=needs(Right.SEE_DEVICES))
def list_tasks(request: HttpRequest) -> list[dict[str, Any]]:
    """Tasks by name."""
    found = all_tasks()
    prefetch_related_objects(found, "regions")
    return [_task_shown(each) for each in found]


@router.get("/{uuid:key}", response=TaskShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """One task."""
    return _task_shown(task_of(key))


@router.post("/{uuid:key}/runs", response={202: RunShown}, auth=needs(Right.CHANGE_DEVICES))
def start(request: HttpRequest, key: UUID) -> Status[dict[str, Any]]:
    """Let it run now, whatever its schedule."""
    task = task_of(key)
    _require_audit(request, task.kind, task.settings)
    return Status(202, _run_shown(start_now(task, by=actor(request)), opens=True))


@runs.get("", response=Page[RunShown], auth=needs(Right.SEE_DEVICES))
def list_runs(request: HttpRequest, wanted: Query[RunsWanted]) -> dict[str, Any]:
    """Runs, newest first or in another order: one's own, and those that did something to one's own devices."""
    page = page_of_runs(wanted.listing(), wanted.after or "", size=wanted.limit)
    to_open = runs_to_open(page.runs)
    return {"items": [_run_shown(each, opens=each.pk in to_open) for each in page.runs], "next": page.after}


@runs.get("/{uuid:key}", response=RunShown, auth=needs(Right.SEE_DEVICES))
def show_run(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """How far a run is."""
    return _run_shown(run_of(key), opens=True)


@runs.get("/{uuid:key}/results", response=Page[ResultShown], auth=needs(Right.SEE_DEVICES))
def results(request: HttpRequest, key: UUID, wanted: Query[ResultsWanted]) -> dict[str, Any]:
    """What it did to each device, in its order."""
    after, size = number_after(wanted.after) or 0, wanted.limit
    found = page_of_results(run_of(key), after, failed_only=wanted.failed, size=size + 1)
    more = str(found[size - 1].pk) if len(found) > size else None
    return {"items": _results_shown(found[:size]), "next": more}


@runs.post("/{uuid:key}/cancel", response={202: RunShown}, auth=needs(Right.CHANGE_DEVICES))
def cancel(request: HttpRequest, key: UUID) -> Status[dict[str, Any]]:
    """Call it off: what waits is left out, what is being done is finished."""
    run = run_of(key)
    cancel_run(run, by=actor(request))
    return Status(202, _run_shown(run, opens=True))


@runs.post("/{uuid:key}/recovery", response={202: RunShown}, auth=needs(Right.CHANGE_DEVICES))
def again(request: HttpRequest, key: UUID) -> Status[dict[str, Any]]:
    """Try what failed again, by a run of its own."""
    run = run_of(key)
    _require_audit(request, run.kind, run.settings)
    return Status(202, _run_shown(recover(run, by=actor(request)), opens=True))


def _require_audit(request: HttpRequest, kind: str, settings: Mapping[str, Any]) -> None:
    """What mails the audit trail is started by those who may see that (EMC-RMAI-09). Raises: Denied."""
    if mails_audit(kind, settings):
        require(person(request), Right.SEE_AUDIT)


def _task_shown(task: Task) -> dict[str, Any]:
    same = ("uuid", "name", "kind", "built_in", "active", "schedule", "next_at")
    return {**{name: getattr(task, name) for name in same}, "regions": [each.pk for each in task.regions.all()]}


def _run_shown(run: Run, *, opens: bool) -> dict[str, Any]:
    same = ("name", "kind", "state", "planned", "due_at", "began_at", "ended_at", "targets", "done", "failed", "by")
    return {
        **{name: getattr(run, name) for name in same},
        "uuid": run.uuid if opens else None,
        "task": run.task.uuid if opens and run.task else None,
        "message": run.words if opens else None,
    }


def _results_shown(results: Iterable[Result]) -> list[dict[str, Any]]:
    results = list(results)
    uuids = uuids_of_devices(each.device_id for each in results if each.device_id is not None)
    same = ("target", "state", "began_at", "ended_at")
    return [
        {
            **{name: getattr(each, name) for name in same},
            "device": uuids.get(each.device_id or 0),
            "message": each.words,
        }
        for each in results
    ]
