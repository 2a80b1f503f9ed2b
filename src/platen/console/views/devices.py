"""Devices: the list, one device, and what can be done to it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.panel_sessions import who_is_at
from platen.access.rights import Right, allowed, may_name_credentials, may_see_document_names
from platen.console.charts import ColumnChart, columns, pages_series
from platen.console.forms.devices import THREE_STATES, DeviceForm, ReaderForm
from platen.console.guard import actor, needs, person, policy_of
from platen.console.job_rows import job_rows
from platen.console.kept_list import devices_address
from platen.console.lookup import found
from platen.console.machine_view import machine_context
from platen.console.usage_chart import day_data
from platen.devices.device_lists import pull_queues, queues_of, reader_in_device
from platen.devices.errors import DeviceError
from platen.devices.models import Device
from platen.devices.queries import device_by_uuid, readers_of
from platen.devices.services import (
    add_reader,
    change_device,
    new_pairing_code,
    remove_device,
    remove_reader,
    set_out_of_service,
    unpair,
)
from platen.eventlog.event_lists import latest_events
from platen.fleet.adopting import add_by_hand, adopt_newest
from platen.fleet.errors import FleetError
from platen.fleet.queries_rows import machine_of
from platen.printing.errors import PrintingError
from platen.printing.job_lists import jobs_at
from platen.printing.node_spool import node_spool
from platen.printing.sample_page import print_test_page
from platen.services.output.settling import settled_uri
from platen.tracking.schemes import all_schemes, assign, tariff_of
from platen.tracking.usage_lists import by_day, today

RECENT = 10
DAYS = 30


@needs(Right.SEE_DEVICES)
@require_safe
def device(request: HttpRequest, uuid: str) -> HttpResponse:
    """One device: what it is now, and what happened."""
    return _page(request, found(device_by_uuid(uuid)))


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new device."""
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            uri = settled_uri(form.cleaned_data["uri"])
            made = add_by_hand(name, uri, by=actor(request), **form.values())
        except (DeviceError, FleetError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(device)s was added. Platen asks it for its state.") % {"device": made.name})
            return _to(made)
    return render(request, "console/devices/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a device."""
    the_device = found(device_by_uuid(uuid))
    form = DeviceForm(request.POST or None, initial=_initial(the_device))
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            uri = settled_uri(form.cleaned_data["uri"])
            change_device(the_device, by=actor(request), name=name, uri=uri, **form.values())
        except DeviceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to(the_device)
    context = {"form": form, "device": found(device_by_uuid(uuid))}
    return render(request, "console/devices/edit.html", context, status=422 if form.errors else 200)


@needs(Right.CHANGE_DEVICES)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a device."""
    the_device = found(device_by_uuid(uuid))
    try:
        remove_device(the_device, by=actor(request))
    except DeviceError as error:
        messages.error(request, str(error))
        return _to(the_device)
    messages.success(request, _("%(device)s was removed.") % {"device": the_device.name})
    return HttpResponseRedirect(devices_address(request))


@needs(Right.SERVE_DEVICES)
@require_POST
def service(request: HttpRequest, uuid: str) -> HttpResponse:
    """Put a device out of service, or back."""
    the_device = found(device_by_uuid(uuid))
    out = request.POST.get("out") == "yes"
    set_out_of_service(the_device, out, by=actor(request))
    text = _("Out of service. Documents stay held.") if out else _("Back in service.")
    messages.success(request, text)
    return _to(the_device)


@needs(Right.SERVE_DEVICES)
@require_POST
def test_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """Print a page that shows whether the device prints."""
    the_device = found(device_by_uuid(uuid))
    try:
        job = print_test_page(node_spool(), the_device, person(request), by=actor(request), now=timezone.now())
    except (PrintingError, OSError) as error:
        messages.error(request, str(error))
        return _to(the_device)
    messages.success(request, _("A test page is on its way; it is charged to you like any other."))
    target = "console:job" if allowed(person(request), Right.SEE_JOBS) else "console:my-documents"
    return HttpResponseRedirect(reverse(target, args=[job.id] if target == "console:job" else []))


@needs(Right.CHANGE_DEVICES)
@require_POST
def pairing(request: HttpRequest, uuid: str) -> HttpResponse:
    """A code to type at the panel, shown once."""
    the_device = found(device_by_uuid(uuid))
    code = new_pairing_code(the_device, by=actor(request), now=timezone.now())
    return _page(request, the_device, pairing_code=f"{code[:4]}-{code[4:]}")


@needs(Right.CHANGE_DEVICES)
@require_POST
def unpairing(request: HttpRequest, uuid: str) -> HttpResponse:
    """The panel stops working."""
    the_device = found(device_by_uuid(uuid))
    unpair(the_device, by=actor(request))
    messages.success(request, _("The panel was unpaired."))
    return _to(the_device)


@needs(Right.CHANGE_DEVICES)
@require_POST
def reader_add(request: HttpRequest, uuid: str) -> HttpResponse:
    """A card reader at this device."""
    the_device = found(device_by_uuid(uuid))
    form = ReaderForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_reader(
                given["name"],
                the_device,
                given["address"],
                by=actor(request),
                technology=given["technology"],
                card_format=given["card_format"],
            )
        except DeviceError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The reader was added."))
            return _to(the_device)
    return _page(request, the_device, reader_form=form, status=422)


@needs(Right.CHANGE_DEVICES)
@require_POST
def reader_remove(request: HttpRequest, uuid: str, reader_id: int) -> HttpResponse:
    """Take a reader away."""
    the_device = found(device_by_uuid(uuid))
    remove_reader(found(reader_in_device(the_device, reader_id)), by=actor(request))
    messages.success(request, _("The reader was removed."))
    return _to(the_device)


@needs(Right.CHANGE_PRICES)
@require_POST
def prices(request: HttpRequest, uuid: str) -> HttpResponse:
    """Which schemes price the work of this device."""
    the_device = found(device_by_uuid(uuid))
    schemes = {str(scheme.id): scheme for scheme in all_schemes()}
    primary, secondary = (schemes.get(request.POST.get(name, "")) for name in ("primary", "secondary"))
    assign(the_device, by=actor(request), primary=primary, secondary=secondary)
    messages.success(request, _("The prices count from the next document on."))
    return _to(the_device)


def _page(
    request: HttpRequest,
    the_device: Device,
    *,
    pairing_code: str = "",
    reader_form: ReaderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    adopt_newest(now)
    machine = machine_of(the_device.id)
    fleet = (
        {} if machine is None else machine_context(machine, request.GET.get("meters", ""), request.GET.get("at", ""))
    )
    if request.headers.get("HX-Target") == "now":
        context: dict[str, object] = {"device": the_device, "at": who_is_at(the_device, now), **fleet}
        return render(request, "console/devices/now.html", context)
    user = person(request)
    names = may_see_document_names(user, policy_of(request))
    context = {
        "device": the_device,
        "at": who_is_at(the_device, now),
        "queues": queues_of(the_device),
        "pull_queues": pull_queues(5),
        "readers": readers_of(the_device),
        "reader_form": reader_form or ReaderForm(),
        "reader_port": settings.PLATEN.reader_port,
        "pairing_code": pairing_code,
        "names_credentials": may_name_credentials(user),
        "panel_address": request.build_absolute_uri(f"/panel/{the_device.uuid}"),
        "rows": job_rows(jobs_at(the_device, RECENT), sees_names=names) if allowed(user, Right.SEE_JOBS) else [],
        "events": latest_events(RECENT, device_id=the_device.id) if allowed(user, Right.SEE_EVENTS) else [],
    }
    context |= fleet
    if allowed(user, Right.SEE_PRICES):
        context |= {"tariff": tariff_of(the_device.id), "schemes": all_schemes()}
    if allowed(user, Right.SEE_USAGE):
        last = today(now)
        context["chart"] = _chart(the_device, last - timedelta(days=DAYS - 1), last)
    return render(request, "console/devices/device.html", context, status=status)


def _chart(the_device: Device, first: date, last: date) -> ColumnChart:
    days = by_day(first, last, device_id=the_device.id)
    return columns(
        day_data(days),
        pages_series(),
        caption=_("Pages a day"),
        sentence=_("Pages a day at %(device)s") % {"device": the_device.name},
        caption_hidden=True,
        empty_text=_("No pages in the last 30 days."),
        with_values=True,
    )


def _initial(the_device: Device) -> dict[str, object]:
    names = ("name", "uri", "location", "make_and_model", "mac", "login_methods", "pjl_status", "tls_verify")
    initial: dict[str, object] = {name: getattr(the_device, name) for name in names}
    initial |= {name: {True: "yes", False: "no", None: ""}[getattr(the_device, name)] for name in THREE_STATES}
    return initial


def _to(the_device: Device) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:device", args=[the_device.uuid]))
