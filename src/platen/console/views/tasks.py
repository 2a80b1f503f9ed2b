"""Tasks: what is done on a schedule or by hand, to which devices, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right, allowed, require
from platen.console.forms.tasks import TaskForm
from platen.console.guard import actor, needs, person
from platen.console.lookup import found, number_in, uuid_in
from platen.console.run_words import OUTCOME_WORDS, run_heads
from platen.console.schedule_words import schedule_text
from platen.fleet.task_kinds import check_audit, mails_audit
from platen.tasks.errors import TaskError
from platen.tasks.kinds import TaskKind, all_kinds, kind_named
from platen.tasks.models import Run, RunState, Task
from platen.tasks.queries_results import (
    PAGE_SIZE,
    all_tasks,
    page_of_results,
    run_by_uuid,
    runs_to_open,
    task_by_uuid,
)
from platen.tasks.run_lists import OUTCOMES, RunListing, known_order, page_of_runs
from platen.tasks.services import (
    OPEN,
    add_task,
    cancel_run,
    change_task,
    duplicate_task,
    recover,
    remove_task,
    start_now,
)

AFTER_MAX = 800


@needs(Right.SEE_DEVICES)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """All tasks, and their runs: the latest, or in any column's order, of one task or with one outcome."""
    kinds = {kind.name: kind.label for kind in all_kinds()}
    wanted, outcome = uuid_in(request.GET.get("task", "")), request.GET.get("outcome", "")
    of = found(task_by_uuid(wanted)) if wanted else None
    order = known_order(request.GET.get("order", ""))
    listing = RunListing(task=of, outcome=outcome if outcome in OUTCOMES else "", order=order)
    page = page_of_runs(listing, request.GET.get("after", "")[:AFTER_MAX])
    context = {
        "rows": [(task, kinds.get(task.kind, task.kind), schedule_text(task.schedule)) for task in all_tasks()],
        "listing": listing,
        "heads": run_heads(order),
        "outcomes": [(name, _(words)) for name, words in OUTCOME_WORDS.items()],
        "runs": page.runs,
        "to_open": runs_to_open(page.runs),
        "goes_on": any(each.state in OPEN for each in page.runs),
        "after": page.after,
    }
    return render(request, "console/tasks/list.html", context)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Choose what is done, then the rest."""
    name = request.GET.get("kind", "")
    if name not in {kind.name for kind in all_kinds()}:
        return render(request, "console/tasks/kinds.html", {"kinds": all_kinds()})
    return _edit(request, kind_named(name), None)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a task."""
    task = found(task_by_uuid(uuid))
    try:
        kind = kind_named(task.kind)
    except TaskError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:tasks"))
    return _edit(request, kind, task)


@needs(Right.CHANGE_DEVICES)
@require_POST
def start(request: HttpRequest, uuid: str) -> HttpResponse:
    """Let it run now."""
    task = found(task_by_uuid(uuid))
    _require_audit(request, task.kind, task.settings)
    return _to(start_now(task, by=actor(request)))


@needs(Right.CHANGE_DEVICES)
@require_POST
def duplicate(request: HttpRequest, uuid: str) -> HttpResponse:
    """The same under another name, to be changed."""
    task = found(task_by_uuid(uuid))
    _require_audit(request, task.kind, task.settings)
    copy = duplicate_task(task, by=actor(request))
    messages.success(request, _("This is the copy. It is not active until you say so."))
    return HttpResponseRedirect(reverse("console:task-edit", args=[copy.uuid]))


@needs(Right.CHANGE_DEVICES)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a task."""
    try:
        remove_task(found(task_by_uuid(uuid)), by=actor(request))
    except TaskError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The task was removed. Its runs stay."))
    return HttpResponseRedirect(reverse("console:tasks"))


@needs(Right.SEE_DEVICES)
@require_safe
def run(request: HttpRequest, uuid: str) -> HttpResponse:
    """A run: how far it is, and what came of each device."""
    the_run = found(run_by_uuid(uuid))
    failed_only = request.GET.get("view") == "failed"
    results = page_of_results(the_run, number_in(request, "after") or 0, failed_only=failed_only)
    context = {
        "run": the_run,
        "is_open": the_run.state in OPEN,
        "can_recover": the_run.state in {RunState.ERROR, RunState.TIMEOUT},
        "results": results,
        "failed_only": failed_only,
        "after": results[-1].pk if len(results) == PAGE_SIZE else None,
    }
    fragment = request.headers.get("HX-Target") == "progress"
    return render(request, "console/tasks/progress.html" if fragment else "console/tasks/run.html", context)


@needs(Right.CHANGE_DEVICES)
@require_POST
def cancel(request: HttpRequest, uuid: str) -> HttpResponse:
    """Call a run off."""
    the_run = found(run_by_uuid(uuid))
    try:
        cancel_run(the_run, by=actor(request))
    except TaskError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("What waits is left out; what is being done is finished."))
    return _to(the_run)


@needs(Right.CHANGE_DEVICES)
@require_POST
def again(request: HttpRequest, uuid: str) -> HttpResponse:
    """Try what failed again."""
    the_run = found(run_by_uuid(uuid))
    _require_audit(request, the_run.kind, the_run.settings)
    try:
        recovery = recover(the_run, by=actor(request))
    except TaskError as error:
        messages.error(request, str(error))
        return _to(the_run)
    return _to(recovery)


def _edit(request: HttpRequest, kind: TaskKind, task: Task | None) -> HttpResponse:
    sees_audit = allowed(person(request), Right.SEE_AUDIT)
    if task is not None:
        _require_audit(request, task.kind, task.settings)
    form = TaskForm(request.POST or None, kind=kind, task=task, sees_audit=sees_audit)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        values = form.values()
        try:
            check_audit(values.kind, values.settings, values.regions)
            if task is None:
                add_task(name, values, by=actor(request))
            else:
                change_task(task, values, by=actor(request), name=name)
        except TaskError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console:tasks"))
    context = {"form": form, "task": task, "kind": kind}
    return render(request, "console/tasks/edit.html", context, status=422 if form.errors else 200)


def _require_audit(request: HttpRequest, kind: str, settings: Mapping[str, Any]) -> None:
    """What mails the audit trail is changed, copied and started by those who may see that (EMC-RMAI-09). Raises:
    Denied."""
    if mails_audit(kind, settings):
        require(person(request), Right.SEE_AUDIT)


def _to(the_run: Run) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:run", args=[the_run.uuid]))
