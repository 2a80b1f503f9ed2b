"""Queues: the list, one queue, adding and changing."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.devices import QueueForm
from platen.console.guard import actor, needs
from platen.console.lookup import found, uuid_in
from platen.devices.device_lists import devices_to_pick, queues_page
from platen.devices.errors import DeviceError
from platen.devices.models import Device, Queue, QueueKind
from platen.devices.queries import device_by_uuid, queue_by_uuid
from platen.devices.services import add_queue, change_queue, remove_queue


@needs(Right.SEE_DEVICES)
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """The list."""
    text, after = request.GET.get("f", "")[:200], request.GET.get("after", "")[:80]
    rows, next_name = queues_page(text, after)
    context = {"rows": rows, "next_name": next_name, "text": text, "after": after}
    return render(request, "console/queues/list.html", context)


@needs(Right.SEE_DEVICES)
@require_safe
def queue(request: HttpRequest, uuid: str) -> HttpResponse:
    """One queue, and how computers reach it."""
    the_queue = found(queue_by_uuid(uuid))
    host, _colon, _port = request.get_host().partition(":")
    context = {
        "queue": the_queue,
        "host": host,
        "port": settings.PLATEN.port,
        "tls_port": settings.PLATEN.tls_port,
        "lpd_port": the_queue.lpd_port or settings.PLATEN.lpd_port,
        "raw_port": the_queue.raw_port or (settings.PLATEN.raw_port if the_queue.is_default else None),
    }
    return render(request, "console/queues/queue.html", context)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new queue."""
    form = QueueForm(request.POST or None, devices=_devices(), is_new=True, initial={"accepting": True})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_queue(
                given["name"],
                QueueKind(given["kind"]),
                by=actor(request),
                device=_device(given["device"]),
                is_default=given["is_default"],
                job_data_logon=_job_data_logon(None, given["job_data_string"]),
                **form.values(),
            )
        except DeviceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(queue)s was added and takes jobs.") % {"queue": made.name})
            return _to(made)
    return render(request, "console/queues/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a queue."""
    the_queue = found(queue_by_uuid(uuid))
    form = QueueForm(request.POST or None, devices=_devices(), is_new=False, initial=_initial(the_queue))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_queue(
                the_queue,
                by=actor(request),
                name=given["name"],
                device=_device(given["device"]),
                is_default=True if given["is_default"] else (False if the_queue.is_default else None),
                job_data_logon=_job_data_logon(the_queue.job_data_logon, given["job_data_string"]),
                **form.values(),
            )
        except DeviceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to(the_queue)
    context = {"form": form, "queue": found(queue_by_uuid(uuid))}
    return render(request, "console/queues/edit.html", context, status=422 if form.errors else 200)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a queue that no job needs."""
    the_queue = found(queue_by_uuid(uuid))
    name = the_queue.name
    try:
        remove_queue(the_queue, by=actor(request))
    except DeviceError as error:
        messages.error(request, str(error))
        return _to(the_queue)
    messages.success(request, _("%(queue)s was removed.") % {"queue": name})
    return HttpResponseRedirect(reverse("console:queues"))


def _devices() -> list[tuple[str, str]]:
    return [(str(device.uuid), device.name) for device in devices_to_pick()]


def _device(text: str) -> Device | None:
    uuid = uuid_in(text)
    return device_by_uuid(uuid) if uuid else None


def _job_data_logon(before: Mapping[str, object] | None, text: str) -> dict[str, object] | None:
    """The rule with another text; what else it says (skip, start, stop, fallback) stays."""
    return {**(before or {}), "job_data_string": text} if text else None


def _initial(the_queue: Queue) -> dict[str, object]:
    names = [name for name in QueueForm.base_fields if name not in ("kind", "device", "job_data_string")]
    initial: dict[str, object] = {name: getattr(the_queue, name) for name in names}
    initial["device"] = str(the_queue.device.uuid) if the_queue.device else ""
    initial["job_data_string"] = (the_queue.job_data_logon or {}).get("job_data_string", "")
    return initial


def _to(the_queue: Queue) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:queue", args=[the_queue.uuid]))
