"""Reads on tasks, their runs and results."""

from __future__ import annotations

from collections.abc import Iterable

from platen.tasks.models import Result, Run, Task

PAGE_SIZE = 50


def all_tasks(limit: int = 500) -> list[Task]:
    """Every task in the order of its name."""
    return list(Task.objects.order_by("name")[:limit])


def task_by_uuid(uuid: str) -> Task | None:
    """The task with this public identifier."""
    found: Task | None = Task.objects.filter(uuid=uuid).first()
    return found


def runs_to_open(runs: Iterable[Run]) -> set[int]:
    """The keys of those that may be opened."""
    return set(Run.objects.filter(pk__in=[run.pk for run in runs]).values_list("pk", flat=True))


def run_by_uuid(uuid: str) -> Run | None:
    """The run with this public identifier, with its task and the run it makes good."""
    found: Run | None = Run.objects.select_related("task", "recovers").filter(uuid=uuid).first()
    return found


def page_of_results(run: Run, after: int = 0, *, failed_only: bool = False, size: int = PAGE_SIZE) -> list[Result]:
    """What a run did to its targets, in order; the next page begins after the last of them."""
    results = Result.objects.filter(run=run, id__gt=after)
    if failed_only:
        results = results.filter(state__in=["error", "timeout"])
    return list(results.order_by("id")[:size])


def results_of_device(device_id: int, limit: int = 10) -> list[Result]:
    """The latest that tasks did to a device, with their runs."""
    results = Result.objects.filter(device_id=device_id).select_related("run")
    return list(results.order_by("-id")[:limit])
