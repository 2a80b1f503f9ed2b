"""Places: the map of sites, a floor with its plan, where devices stand on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.places import PlaceForm, PlanForm
from platen.console.guard import actor, needs
from platen.console.lookup import found
from platen.console.machine_words import machine_shown
from platen.console.site_map import site_maps
from platen.fleet.errors import FleetError
from platen.fleet.models import Place
from platen.fleet.places import PICTURE_OCTETS_MAX, remove_place, remove_plan, set_place, set_plan, stand_at
from platen.fleet.queries_places import condition_of_places, machine_at, machines_at, parts_of, place_by_uuid, plan_of


@needs(Right.SEE_DEVICES)
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Sites, as a map and as a list."""
    sites = parts_of(None)
    conditions = condition_of_places(sites)
    context = {
        "rows": [(each, conditions[each.pk]) for each in sites],
        "maps": site_maps(sites, conditions),
        "placed": any(each.total for each in conditions.values()),
    }
    return render(request, "console/places/list.html", context)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new place."""
    return _edit(request, None)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Another name, or another place in the tree."""
    return _edit(request, found(place_by_uuid(uuid)))


@needs(Right.SEE_DEVICES)
@require_safe
def place(request: HttpRequest, uuid: str) -> HttpResponse:
    """A place: what is in it, and its plan."""
    return _page(request, found(place_by_uuid(uuid)))


@needs(Right.SEE_DEVICES)
@require_safe
def picture(request: HttpRequest, uuid: str) -> HttpResponse:
    """The plan."""
    return HttpResponse(found(plan_of(uuid)), content_type="image/png")


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a place."""
    remove_place(found(place_by_uuid(uuid)), by=actor(request))
    messages.success(request, _("The place was removed. Its devices stay."))
    return HttpResponseRedirect(reverse("console:places"))


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def plan(request: HttpRequest, uuid: str) -> HttpResponse:
    """Use a picture as the plan, or take the plan away."""
    the_place = found(place_by_uuid(uuid))
    if request.POST.get("remove") == "yes":
        remove_plan(the_place, by=actor(request))
        return _to(the_place)
    form = PlanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            set_plan(the_place, form.cleaned_data["picture"].read(PICTURE_OCTETS_MAX + 1), by=actor(request))
        except FleetError as error:
            form.add_error("picture", str(error))
        else:
            messages.success(request, _("The plan is here. Put the devices onto it by dragging, or by numbers below."))
            return _to(the_place)
    return _page(request, the_place, form, status=422)


@needs(Right.CHANGE_DEVICES)
@require_POST
def put(request: HttpRequest, uuid: str, machine_id: int) -> HttpResponse:
    """Where a device stands on the plan, in percent from the left and from the top; empty: off the plan."""
    the_place = found(place_by_uuid(uuid))
    machine = found(machine_at(the_place, machine_id))
    try:
        x, y = (_share(request.POST.get(name, "")) for name in ("x", "y"))
        stand_at(machine, the_place, x, y, by=actor(request))
    except FleetError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, _("Write both places as percent from 0 to 100, or leave both empty."))
    else:
        if request.headers.get("X-Requested-With") == "platen":  # dragged: the page shows it already
            return HttpResponse(status=204)
        messages.success(request, _("%(device)s was put onto the plan.") % {"device": machine.device.name})
    return _to(the_place)


def _edit(request: HttpRequest, the_place: Place | None) -> HttpResponse:
    names = ("name", "latitude", "longitude")
    initial: dict[str, Any] = {name: getattr(the_place, name) for name in names} if the_place else {}
    if the_place:
        initial["parent"] = str(the_place.parent_id or "")
    else:
        initial["parent"] = request.GET.get("in", "")
    form = PlaceForm(request.POST or None, initial=initial, place=the_place)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parent = Place.objects.filter(pk=int(given["parent"])).first() if given["parent"] else None
        where = {"latitude": given["latitude"], "longitude": given["longitude"]}
        try:
            made = set_place(given["name"], by=actor(request), place=the_place, parent=parent, **where)
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to(made)
    context = {"form": form, "place": the_place}
    return render(request, "console/places/edit.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, the_place: Place, form: PlanForm | None = None, *, status: int = 200) -> HttpResponse:
    parts = parts_of(the_place)
    conditions = condition_of_places(parts)
    rows = [
        (machine, machine_shown(machine), _percent(machine.place_x), _percent(machine.place_y))
        for machine in machines_at(the_place)
    ]
    context = {
        "place": the_place,
        "parts": [(each, conditions[each.pk]) for each in parts],
        "rows": rows,
        "standing": [row for row in rows if row[2] is not None],
        "form": form or PlanForm(),
    }
    return render(request, "console/places/place.html", context, status=status)


def _share(text: str) -> float | None:
    """Percent as a share. Raises: ValueError."""
    return float(text.replace(",", ".")) / 100 if text.strip() else None


def _percent(share: float | None) -> str | None:
    # Written here: in a drawing's attribute a locale's comma would be no number.
    return None if share is None else f"{share * 100:.1f}"


def _to(the_place: Place) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:place", args=[the_place.uuid]))
