"""Labels with a QR code for devices: who scans one with a telephone is at that device (SC-QR-01)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platen.access.rights import Right
from platen.console.forms.labels import LabelsForm
from platen.console.guard import needs
from platen.console.label_sheets import lines_of, on_sheets
from platen.console.qr import qr_code
from platen.console.selection import Selection, selection_in
from platen.fleet.models import Machine
from platen.fleet.queries_rows import machines_by_id

LABELS_MAX = 1_000


@needs(Right.SERVE_DEVICES)
@require_POST
def labels(request: HttpRequest) -> HttpResponse:
    """Ask for sheets and words, then show the sheets as they are printed."""
    picked = selection_in(request)
    if not picked.ids:
        messages.error(request, _("No device was picked. Tick the boxes before the names first."))
        return HttpResponseRedirect(f"{reverse('console:devices')}?{picked.address.query()}")
    form = LabelsForm(request.POST if request.POST.get("step") == "print" else None)
    machines = machines_by_id(picked.ids, LABELS_MAX)
    if form.is_bound and form.is_valid():
        return _sheets(request, form, machines)
    return _choose(request, form, picked, machines)


def _choose(request: HttpRequest, form: LabelsForm, picked: Selection, machines: list[Machine]) -> HttpResponse:
    context = {
        "form": form,
        "picked": picked,
        "machines": machines[:20],
        "more": max(0, len(machines) - 20),
        "left_out": len(picked.ids) - len(machines),
        "example": _address(request, machines[0]) if machines else "",
    }
    return render(request, "console/labels/choose.html", context, status=422 if form.errors else 200)


def _sheets(request: HttpRequest, form: LabelsForm, machines: list[Machine]) -> HttpResponse:
    sheet, given = form.chosen, form.cleaned_data
    made = [(qr_code(_address(request, each)), lines_of(given["text"], each)) for each in machines]
    context = {
        "sheet": sheet,
        "code_mm": given["code_mm"] or sheet.code_mm_max,
        "sheets": on_sheets(made, sheet, given["first"]),
        "count": len(made),
    }
    return render(request, "console/labels/sheets.html", context)


def _address(request: HttpRequest, machine: Machine) -> str:
    return request.build_absolute_uri(reverse("console:at-device", args=[machine.device.uuid]))
