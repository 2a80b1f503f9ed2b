"""Machines of which there are two records: where they are, and making them one after a look at what that does."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_safe

from platen.access.rights import Right
from platen.console.guard import actor, needs
from platen.console.lookup import found
from platen.devices.errors import DeviceError
from platen.devices.queries import device_by_uuid
from platen.fleet.doubles import all_doubles
from platen.fleet.errors import FleetError
from platen.fleet.merging import merge, plan_merge
from platen.fleet.models import Machine
from platen.fleet.queries_rows import machine_of

MARK_WORDS = {
    "serial": noop("Serial number"),
    "mac": noop("Hardware address"),
    "printer_uuid": noop("UUID"),
}


@needs(Right.SEE_DEVICES)
@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Records that share what should be a machine's own."""
    rows = [(each, _(MARK_WORDS[each.mark])) for each in all_doubles()]
    return render(request, "console/devices/doubles.html", {"rows": rows})


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_devices(request: HttpRequest, uuid: str, other: str) -> HttpResponse:
    """What merging would do; then it is done. The first record stays."""
    kept, gone = _machine(uuid), _machine(other)
    try:
        if request.method == "POST":
            name = gone.device.name
            merge(kept, gone, by=actor(request))
            words = {"gone": name, "kept": kept.device.name}
            messages.success(request, _("%(gone)s and %(kept)s are one device now.") % words)
            return HttpResponseRedirect(reverse("console:device", args=[kept.device.uuid]))
        context = {"plan": plan_merge(kept, gone), "kept": kept, "gone": gone}
    except (FleetError, DeviceError) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:device", args=[kept.device.uuid]))
    return render(request, "console/devices/merge.html", context)


def _machine(uuid: str) -> Machine:
    return found(machine_of(found(device_by_uuid(uuid)).id))
