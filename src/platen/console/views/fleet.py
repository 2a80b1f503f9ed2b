"""The fleet at a glance, as each person arranges it: how it is, what runs out, who prints most, who is silent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Right, require
from platen.console.fleet_tiles import TILES, USUAL, Seen, context_of, shown_tiles
from platen.console.guard import actor, needs, person
from platen.fleet.adopting import adopt_newest
from platen.fleet.dashboards import Panel, forget_panels, keep_for_everybody, keep_panels, moved, panels_of


@needs(Right.SEE_DEVICES)
@require_safe
def fleet(request: HttpRequest) -> HttpResponse:
    """The dashboard, with the panels that the person chose (EMC-DASH-01)."""
    now = timezone.now()
    adopt_newest(now)
    shown = shown_tiles(_panels(request))
    return render(request, "console/fleet/fleet.html", context_of(shown, Seen(person(request), now)))


@needs(Right.SEE_DEVICES)
@require_safe
def tiles(request: HttpRequest) -> HttpResponse:
    """Which panels, in which order, how wide (EMC-DASH-03)."""
    shown = shown_tiles(_panels(request))
    names = {tile.name for tile in shown}
    others = [(name, _(tile.title)) for name, tile in TILES.items() if name not in names]
    return render(request, "console/fleet/arrange.html", {"shown": shown, "others": others})


@needs(Right.SEE_DEVICES)
@require_POST
def tiles_change(request: HttpRequest) -> HttpResponse:
    """One step of arranging: a panel up or down, wide or not, away or there; or all as it was."""
    what, name = request.POST.get("what", ""), request.POST.get("name", "")
    panels, me = _panels(request), person(request)
    if what == "reset":
        forget_panels(me.id)
    elif what == "everybody":
        require(me, Right.CHANGE_SETTINGS)
        keep_for_everybody(panels, by=actor(request))
    elif name in TILES:
        keep_panels(me.id, _changed(panels, what, name))
    return HttpResponseRedirect(reverse("console:fleet-tiles"))


def _changed(panels: list[Panel], what: str, name: str) -> list[Panel]:
    match what:
        case "up" | "down":
            return moved(panels, name, -1 if what == "up" else 1)
        case "remove":
            return [panel for panel in panels if panel.name != name]
        case "add":
            return panels if any(panel.name == name for panel in panels) else [*panels, Panel(name)]
        case "wide" | "usual":
            return [Panel(name, wide=what == "wide") if panel.name == name else panel for panel in panels]
    return panels


def _panels(request: HttpRequest) -> list[Panel]:
    """What there is now; panels of which there are none any more are left out."""
    kept = panels_of(person(request).id)
    return [panel for panel in (USUAL if kept is None else kept) if panel.name in TILES]
