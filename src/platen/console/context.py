"""What every console page knows: its places, its tenant, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from platen.access.rights import Right, rights_of
from platen.console.fleet_signs import Signs, fleet_signs
from platen.console.guard import policy_of, regions_for
from platen.console.kept_list import devices_address, kept_filter
from platen.console.list_address import from_view
from platen.directory.models import User
from platen.fleet.queries_rows import saved_views
from platen.tenants.context import acting_within


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    title: str
    address: str
    is_current: bool
    note: str = ""


def console(request: HttpRequest) -> dict[str, object]:
    """Context of every page; the queries behind it run only where a template asks."""
    user = getattr(request, "user", None)
    rights = rights_of(cast(User, user) if getattr(user, "is_authenticated", False) else None)
    return {
        "rights": {right.name.lower() for right in rights},
        "places": lambda: _places(request, rights),
        "own_places": lambda: _own_places(request),
        "policy": lambda: policy_of(request),
        "devices_address": lambda: devices_address(request),
        # Templates call what they name each time that they name it; these look into the database.
        "fleet_signs": cache(lambda: _signs(request) if Right.SEE_DEVICES in rights else None),
        "pinned_views": cache(lambda: _pinned(request) if Right.SEE_DEVICES in rights else []),
    }


def _signs(request: HttpRequest) -> Signs:
    with acting_within(regions_for(request)):  # also on pages that are not about devices, or say that one is missing
        return fleet_signs()


def _places(request: HttpRequest, rights: frozenset[Right]) -> list[Place]:
    known = (
        (_("Overview"), "overview", Right.SEE_JOBS),
        (_("Jobs"), "jobs", Right.SEE_JOBS),
        (_("Fleet"), "fleet", Right.SEE_DEVICES),
        (_("Devices"), "devices", Right.SEE_DEVICES),
        (_("Collectors"), "collectors", Right.WHOLE_FLEET),
        (_("Queues"), "queues", Right.SEE_DEVICES),
        (_("People"), "people", Right.SEE_PEOPLE),
        (_("Usage"), "usage", Right.SEE_USAGE),
        (_("Prices"), "schemes", Right.SEE_PRICES),
        (_("Reports"), "reports", Right.SEE_DEVICES),
        (_("Tasks"), "tasks", Right.SEE_DEVICES),
        (_("Notices"), "notices", Right.SEE_SETTINGS),
        (_("Event log"), "events", Right.SEE_EVENTS),
        (_("Audit trail"), "audit", Right.SEE_AUDIT),
        (_("Settings"), "settings", Right.SEE_SETTINGS),
    )
    return [_place(request, title, name) for title, name, right in known if right in rights]


def _devices(request: HttpRequest, place: Place) -> Place:
    """The list as it was left, and whether it is narrowed (EMC-DLST-06)."""
    note = _("filtered") if kept_filter(request) else ""
    return replace(place, address=devices_address(request), note=note)


def _pinned(request: HttpRequest) -> list[Place]:
    user = cast(User, request.user)
    devices = reverse("console:devices")
    at = request.get_full_path()
    pinned = []
    for view in saved_views(user.id):
        if view.pinned:
            address = f"{devices}?{from_view(view.query).query()}"
            pinned.append(Place(view.name, address, address == at))
    return pinned


def _own_places(request: HttpRequest) -> list[Place]:
    known = (
        (_("My documents"), "my-documents"),
        (_("My usage"), "my-usage"),
        (_("My cards and PIN"), "my-cards"),
        (_("My account"), "my-account"),
    )
    return [_place(request, title, name) for title, name in known]


def _place(request: HttpRequest, title: str, name: str) -> Place:
    address = reverse(f"console:{name}")
    current = request.path == address or (name != "overview" and request.path.startswith(address))
    place = Place(title, address, current)
    return _devices(request, place) if name == "devices" else place
