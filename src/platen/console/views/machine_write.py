"""Names, places, contacts and asset numbers written to picked devices, or tried first."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from platen.access.rights import Right
from platen.console.forms.base import ConsoleForm
from platen.console.guard import actor, needs
from platen.console.selection import selection_in
from platen.fleet.errors import FleetError
from platen.fleet.queries_rows import machines_by_id
from platen.fleet.writing import FIELDS, start_writing, texts_of

SHOWN = 20


class WriteForm(ConsoleForm):
    """What is written."""

    written = forms.MultipleChoiceField(
        label=gettext_lazy("What is written"), widget=forms.CheckboxSelectMultiple, initial=["location"]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["written"].choices = [(name, _(label)) for name, label in FIELDS.items()]  # type: ignore[attr-defined]  # a ChoiceField


@needs(Right.CHANGE_DEVICES)
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Ask what to write, then let it be done, or tried; each device has a result (EMC-DINF-02, -05)."""
    picked = selection_in(request)
    if not picked.ids:
        messages.error(request, _("No device was picked. Tick the boxes before the names first."))
        return HttpResponseRedirect(f"{reverse('console:devices')}?{picked.address.query()}")
    step = request.POST.get("step", "")
    form = WriteForm(request.POST if step in {"try", "write"} else None)
    if form.is_bound and form.is_valid():
        try:
            run = start_writing(picked.ids, form.cleaned_data["written"], by=actor(request), dry=step == "try")
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(reverse("console:run", args=[run.uuid]))
    shown = machines_by_id(picked.ids, SHOWN)
    context = {
        "form": form,
        "picked": picked,
        "rows": [(each.device, texts_of(each, list(FIELDS))) for each in shown],
        "more": max(0, len(picked.ids) - SHOWN),
    }
    return render(request, "console/devices/write.html", context, status=422 if form.errors else 200)
