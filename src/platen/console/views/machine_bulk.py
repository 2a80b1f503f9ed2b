"""Many devices at once: changed after a preview, read now, restarted, taken out of management and back, deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from platen.access.rights import Right
from platen.console.forms.machines import ChangeForm
from platen.console.guard import actor, needs
from platen.console.machine_columns import COLUMNS
from platen.console.selection import Selection, selection_in
from platen.console.views.machine_list import machine_rows
from platen.fleet.changing import Changes, change_machines
from platen.fleet.deleting import delete_devices
from platen.fleet.errors import FleetError
from platen.fleet.queries_picked import common_values
from platen.fleet.queries_rows import machines_by_id
from platen.fleet.running import start_run_for
from platen.fleet.task_kinds import RESTART
from platen.fleet.wanting import want_readings

SHOWN = 20
PickedView = Callable[[HttpRequest, Selection], HttpResponse]


def _of_picked(view: PickedView) -> Callable[[HttpRequest], HttpResponse]:
    """A view of the devices that were picked; where none was, that is said instead."""

    @wraps(view)
    def picking(request: HttpRequest) -> HttpResponse:
        picked = selection_in(request)
        if picked.ids:
            return view(request, picked)
        messages.error(request, _("No device was picked. Tick the boxes before the names first."))
        return _back(picked)

    return picking


def _once_confirmed(what: str) -> Callable[[PickedView], PickedView]:
    """What cannot be taken back names the devices first, and is done when it is asked for again."""

    def decorate(view: PickedView) -> PickedView:
        @wraps(view)
        def confirming(request: HttpRequest, picked: Selection) -> HttpResponse:
            if request.POST.get("step") == "do":
                return view(request, picked)
            rows = machine_rows(machines_by_id(picked.ids, SHOWN))
            context = {"picked": picked, "what": what, "rows": rows, "more": max(0, len(picked.ids) - SHOWN)}
            return render(request, "console/devices/confirm.html", context)

        return confirming

    return decorate


@needs(Right.CHANGE_DEVICES)
@require_POST
@_of_picked
def change(request: HttpRequest, picked: Selection) -> HttpResponse:
    """Ask what to change, show what will change, change it (SC-DEVBULK-01, EMC-DINF-05)."""
    step = request.POST.get("step", "")
    form = ChangeForm(request.POST if step in {"preview", "apply"} else None, now=common_values(picked.ids))
    problem = ""
    if form.is_bound and form.is_valid():
        if form.changes().is_empty:
            problem = _("Nothing was chosen to change.")
        elif step == "preview":
            return _page(request, picked, form, previews=True)
        else:
            try:
                count = change_machines(picked.ids, form.changes(), by=actor(request))
            except FleetError as error:
                problem = str(error)
            else:
                text = ngettext("%(n)s device was changed.", "%(n)s devices were changed.", count)
                messages.success(request, text % {"n": f"{count:,}"})
                return _back(picked)
    if problem:
        form.add_error(None, problem)
    return _page(request, picked, form, status=422 if form.errors else 200)


@needs(Right.SERVE_DEVICES)
@require_POST
@_of_picked
def read(request: HttpRequest, picked: Selection) -> HttpResponse:
    """Read the picked devices now."""
    count = want_readings(picked.ids, by=actor(request))
    text = ngettext("%(n)s device is read now.", "%(n)s devices are read now.", count) % {"n": f"{count:,}"}
    left = len(picked.ids) - count
    if left:
        text += " " + ngettext(
            "%(n)s has no address, or is not managed.", "%(n)s have no address, or are not managed.", left
        ) % {"n": f"{left:,}"}
    messages.success(request, text)
    return _back(picked)


@needs(Right.CHANGE_DEVICES)
@require_POST
@_of_picked
def manage(request: HttpRequest, picked: Selection) -> HttpResponse:
    """Take devices out of management, or back into it (EMC-DREM-02, -03)."""
    managed = request.POST.get("managed") == "yes"
    count = change_machines(picked.ids, Changes(managed=managed), by=actor(request))
    if managed:
        text = ngettext("%(n)s device is managed again.", "%(n)s devices are managed again.", count)
    else:
        text = ngettext(
            "%(n)s device was removed from management. It is kept under “Removed”.",
            "%(n)s devices were removed from management. They are kept under “Removed”.",
            count,
        )
    messages.success(request, text % {"n": f"{count:,}"})
    return _back(picked)


@needs(Right.CHANGE_DEVICES)
@require_POST
@_of_picked
@_once_confirmed("restart")
def restart(request: HttpRequest, picked: Selection) -> HttpResponse:
    """Restart the picked devices, once that is confirmed; each has a result (SC-DEVADM-01)."""
    try:
        run = start_run_for(picked.ids, RESTART, _("Restart devices"), {}, by=actor(request))
    except FleetError as error:
        messages.error(request, str(error))
        return _back(picked)
    return HttpResponseRedirect(reverse("console:run", args=[run.uuid]))


@needs(Right.CHANGE_DEVICES)
@require_POST
@_of_picked
@_once_confirmed("delete")
def delete(request: HttpRequest, picked: Selection) -> HttpResponse:
    """Delete the picked devices for good, once that is confirmed (EMC-DREM-04, SC-DEVBULK-03)."""
    try:
        count = delete_devices(picked.ids, by=actor(request))
    except FleetError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(n)s device was deleted.", "%(n)s devices were deleted.", count)
        messages.success(request, text % {"n": f"{count:,}"})
    return _back(picked)


def _page(
    request: HttpRequest, picked: Selection, form: ChangeForm, *, previews: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "picked": picked,
        "form": form,
        "previews": previews,
        "words": form.in_words() if previews else [],
        "rows": machine_rows(machines_by_id(picked.ids, SHOWN)),
        "more": max(0, len(picked.ids) - SHOWN),
        "address": COLUMNS["address"].title,
    }
    return render(request, "console/devices/change.html", context, status=status)


def _back(picked: Selection) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:devices')}?{picked.address.query()}")
