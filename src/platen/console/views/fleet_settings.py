"""How devices are read and for how long what was read is kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from platen.access.rights import Right, require
from platen.console.forms.fleet_settings import FleetSettingsForm
from platen.console.guard import actor, needs, person
from platen.fleet.errors import FleetError
from platen.fleet.settings import change_fleet_settings
from platen.fleet.settings import fleet_settings as decided


@needs(Right.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def fleet_settings(request: HttpRequest) -> HttpResponse:
    """What the organisation decided, to look at or to change (EMC-PREF-10)."""
    before = decided()
    form = FleetSettingsForm(request.POST or None, initial=FleetSettingsForm.initial_of(before))
    if request.method == "POST":
        require(person(request), Right.CHANGE_SETTINGS)
        if form.is_valid():
            try:
                change_fleet_settings(by=actor(request), **form.values(before))
            except FleetError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("console:fleet-settings"))
    return render(request, "console/settings/fleet.html", {"form": form}, status=422 if form.errors else 200)
