"""What is done to one machine: read now, edited, taken out of management and back; where its values came from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.machines import MachineForm
from platen.console.guard import actor, needs
from platen.console.lookup import found
from platen.console.machine_view import meter_rows
from platen.devices.queries import device_by_uuid
from platen.fleet.adopting import adopt_newest
from platen.fleet.changing import Changes, change_machines, edit_machine
from platen.fleet.errors import FleetError
from platen.fleet.models import Machine
from platen.fleet.queries_machine import surveyed
from platen.fleet.queries_rows import machine_of
from platen.fleet.wanting import want_readings


@needs(Right.SERVE_DEVICES)
@require_POST
def read(request: HttpRequest, uuid: str) -> HttpResponse:
    """Read it now, whatever its interval."""
    machine = _machine(uuid)
    if want_readings([machine.pk], by=actor(request)):
        messages.success(request, _("It is read now. What it says appears here in a moment."))
    else:
        messages.error(request, _("It has no address, or is not managed, so it cannot be read."))
    return _to(machine)


@needs(Right.CHANGE_DEVICES)
@require_POST
def manage(request: HttpRequest, uuid: str) -> HttpResponse:
    """Take it out of management, or back (EMC-DREM-01, -03)."""
    machine = _machine(uuid)
    managed = request.POST.get("managed") == "yes"
    change_machines([machine.pk], Changes(managed=managed), by=actor(request))
    if managed:
        messages.success(request, _("It is managed again and read at once."))
    else:
        messages.success(request, _("It is kept, and left alone: not read, not counted."))
    return _to(machine)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """What a person knows of it, and how it is read."""
    machine = _machine(uuid)
    form = MachineForm(request.POST or None, initial=MachineForm.initial_of(machine))
    if request.method == "POST" and form.is_valid():
        try:
            edit_machine(machine, form.changes(), by=actor(request), **form.identity())
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to(machine)
    context = {"form": form, "device": machine.device}
    return render(request, "console/devices/machine_edit.html", context, status=422 if form.errors else 200)


@needs(Right.SEE_DEVICES)
@require_safe
def sources(request: HttpRequest, uuid: str) -> HttpResponse:
    """Where each value came from, and everything as it was answered."""
    machine = _machine(uuid)
    found_then = surveyed(machine)
    context = {
        "device": machine.device,
        "surveyed": found_then,
        "meters": meter_rows(machine.meters, dict(found_then.meter_sources)),
    }
    return render(request, "console/devices/sources.html", context)


def _machine(uuid: str) -> Machine:
    device = found(device_by_uuid(uuid))
    adopt_newest(timezone.now())
    return found(machine_of(device.id))


def _to(machine: Machine) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:device", args=[machine.device.uuid]))
