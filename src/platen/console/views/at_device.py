"""A person's documents at a device whose label they scanned: collected there with a telephone (SC-QR-01)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from platen.console.guard import needs, person
from platen.console.job_rows import job_rows
from platen.console.lookup import found
from platen.devices.models import Device
from platen.devices.queries import device_by_uuid
from platen.printing.print_all import left_out_at, offers_at
from platen.printing.release import Wish, release_jobs


@needs(at_any_device=True)
@require_safe
def at_device(request: HttpRequest, uuid: str) -> HttpResponse:
    """What waits for me and prints here."""
    device, me = found(device_by_uuid(uuid)), person(request)
    offers = offers_at(me, device)
    context = {
        "device": device,
        "rows": list(zip(job_rows([each.job for each in offers], sees_names=True), offers, strict=True)),
        "left_out": left_out_at(me, len(offers)),
        "takes_documents": bool(device.uri) and not device.out_of_service,
    }
    return render(request, "console/mine/at_device.html", context)


@needs(at_any_device=True)
@require_POST
def at_device_print(request: HttpRequest, uuid: str) -> HttpResponse:
    """Print what I ticked of my documents here."""
    device, me = found(device_by_uuid(uuid)), person(request)
    wanted = set(request.POST.getlist("job"))
    wishes = [
        Wish(job_id=each.job.id, keep=each.job.retained) for each in offers_at(me, device) if str(each.job.id) in wanted
    ]
    if not wishes:
        messages.error(request, _("Nothing was printed. Tick what is to be printed first."))
        return _to(device)
    released = release_jobs(wishes, device=device, user=me)
    count = len(released.delivery_ids)
    if count:
        words = ngettext("%(n)d document comes out here.", "%(n)d documents come out here.", count)
        messages.success(request, words % {"n": count})
    for why in dict.fromkeys(released.refused.values()):
        messages.error(request, why)
    return _to(device)


def _to(device: Device) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:at-device", args=[device.uuid]))
