"""Which panel asks, and who stands there. Every view of a device's pages carries one of these decorators."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from platen.access.methods import LoginMethod
from platen.access.panel_sessions import close_session, session_of
from platen.devices.models import Device
from platen.devices.queries import device_by_name, device_by_uuid, readers_of
from platen.devices.services import is_panel_of, panel_seen
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.panel import cookies

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Panel:
    """A paired panel and the moment it asks."""

    device: Device
    now: datetime

    @property
    def source(self) -> str:
        """How the panel is named in the event log and for slowing down guesses."""
        return f"panel {self.device.name}"

    @property
    def has_reader(self) -> bool:
        """Whether an Ethernet reader stands beside it, so that asking for cards makes sense."""
        return bool(readers_of(self.device))

    @property
    def methods(self) -> set[str]:
        """The ways to identify oneself that the device offers (LoginMethod)."""
        return set(self.device.login_methods) or {method.value for method in LoginMethod}

    @property
    def takes_cards(self) -> bool:
        """Whether a card is one of them."""
        return LoginMethod.CARD.value in self.methods

    def address(self, page: str, *args: object) -> str:
        """Of one of its pages."""
        return reverse(f"panel:{page}", args=[self.device.uuid, *args])


@dataclass(frozen=True, slots=True)
class SignedIn(Panel):
    """The same with a person."""

    user: User
    token: str

    @property
    def timeout_s(self) -> int:
        """How long the session lasts without a touch."""
        return int(settings.PLATEN.panel_timeout_s)

    @property
    def actor(self) -> Actor:
        """The person as the audit trail names them."""
        return Actor(self.user.logon, self.user.id, "panel")


def at_panel(view: View) -> View:
    """Only for the browser that was paired with the device in the address; any other is asked to pair."""

    @wraps(view)
    def guarded(request: HttpRequest, device: str, **values: object) -> HttpResponse:
        panel = _panel(request, device)
        response = HttpResponseRedirect(reverse("panel:pair")) if panel is None else view(request, panel, **values)
        add_never_cache_headers(response)
        return response

    return guarded


def signed_in(view: View) -> View:
    """Only for the person who is signed in at this panel; anybody else comes to its start."""

    @at_panel
    @wraps(view)
    def guarded(request: HttpRequest, panel: Panel, **values: object) -> HttpResponse:
        found = person_at(request, panel)
        if found is None:
            # What the browser keeps of it opens nothing any more. It is left alone: the next person's card may have
            # replaced it while this request was on its way.
            return HttpResponseRedirect(panel.address("start"))
        return view(request, found, **values)

    return guarded


def person_at(request: HttpRequest, panel: Panel) -> SignedIn | None:
    """Who is signed in with this browser; being asked keeps the session open."""
    token = request.COOKIES.get(cookies.SESSION, "")
    user = session_of(panel.device, token, panel.now) if token else None
    return None if user is None else SignedIn(panel.device, panel.now, user, token)


def signed_out(request: HttpRequest, panel: Panel, response: HttpResponse) -> HttpResponse:
    """End this browser's session, and nobody else's."""
    cookies.forget(response, cookies.STEP)
    return before_the_next(request, panel, response)


def before_the_next(request: HttpRequest, panel: Panel, response: HttpResponse) -> HttpResponse:
    """Sign out whoever is signed in here because somebody else begins to sign in; the step of theirs stays."""
    token = request.COOKIES.get(cookies.SESSION, "")
    if token:
        close_session(panel.device, token)
        cookies.forget(response, cookies.SESSION, cookies.COPIES)
    return response


def paired_device(request: HttpRequest) -> Device | None:
    """The device that this browser is the panel of."""
    device_uuid, _, token = request.COOKIES.get(cookies.PANEL, "").partition(".")
    device = device_by_uuid(device_uuid) if token and _is_uuid(device_uuid) else None
    return device if device is not None and is_panel_of(device, token) else None


def _panel(request: HttpRequest, named: str) -> Panel | None:
    paired = paired_device(request)
    if paired is None:
        return None
    asked = paired if str(paired.uuid) == named else device_by_name(named)
    if asked is None or asked.id != paired.id:
        return None
    now = timezone.now()
    panel_seen(paired, now)
    return Panel(paired, now)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
