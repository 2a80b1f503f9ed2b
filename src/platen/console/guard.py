"""Who may open a page. Every view carries one of these decorators; a view without one is not routed (see urls)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from platen.access.regions import regions_of
from platen.access.rights import Denied, Right, require
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.tenants.context import acting_within
from platen.tenants.models import Policy
from platen.tenants.queries import current_policy

View = Callable[..., HttpResponseBase]
SOURCE = "console"
_SEEN = "seen"  # in the session: when its person last did something
_SEEN_REFRESH_S = 30  # and is written no more often


def public(view: View) -> View:
    """Anybody may open this page."""
    view.needs = None  # type: ignore[attr-defined]  # read by urls and by the tests of rights
    return view


def needs(*rights: Right, while_password_is_given: bool = False, at_any_device: bool = False) -> Callable[[View], View]:
    """Only a signed-in person with all of these rights; what is a person's own needs none.

    A person whose password was given to them chooses another one before they see anything else. One whose rights end
    at regions sees what is of these; at_any_device: but prints their own documents wherever they stand.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _elsewhere(request, _sign_in_address(request), 401)
            if _was_idle(request):
                logout(request)
                return _elsewhere(request, _sign_in_address(request), 401)
            if person(request).must_change_password and not while_password_is_given:
                return _elsewhere(request, reverse("console:password"), 403)
            response: HttpResponseBase
            try:
                for right in (Right.ENTER_CONSOLE, *rights):
                    require(person(request), right)
                regions = None if at_any_device else regions_for(request)
                with timezone.override(_zone(policy_of(request))), acting_within(regions):
                    response = view(request, *args, **kwargs)
            except Denied as error:  # the view may ask for more, once it knows whom it is about
                response = render(request, "console/denied.html", {"reason": str(error)}, status=403)
            add_never_cache_headers(response)
            return response

        guarded.needs = frozenset(rights)  # type: ignore[attr-defined]  # read by urls and by the tests of rights
        return guarded

    return decorate


def _was_idle(request: HttpRequest) -> bool:
    """Whether nobody did anything for as long as the organisation allows (EMC-PREF-08). What a page asks for by itself
    is not done by a person."""
    allowed_s = 60 * policy_of(request).idle_minutes
    if not allowed_s:
        return False
    now = time.time()
    seen = request.session.get(_SEEN, now)
    if now - seen > allowed_s:
        return True
    if not _is_fragment(request) and (_SEEN not in request.session or now - seen > _SEEN_REFRESH_S):
        request.session[_SEEN] = now
    return False


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views behind `needs`."""
    return cast(User, request.user)


def actor(request: HttpRequest) -> Actor:
    """The signed-in person as the audit trail names them."""
    user = person(request)
    return Actor(user.logon, user.id, SOURCE)


def regions_for(request: HttpRequest) -> frozenset[int] | None:
    """The regions that the signed-in person's rights end at, None without a limit; looked up once a request."""
    if not hasattr(request, "platen_regions"):
        request.platen_regions = regions_of(person(request))  # type: ignore[attr-defined]  # kept for whoever asks next
    found: frozenset[int] | None = request.platen_regions  # type: ignore[attr-defined]  # as above
    return found


def policy_of(request: HttpRequest) -> Policy:
    """What the tenant decided; read once a request."""
    found: Policy | None = getattr(request, "platen_policy", None)
    if found is None:
        found = current_policy()
        request.platen_policy = found  # type: ignore[attr-defined]  # kept for whoever asks next
    return found


def _zone(policy: Policy) -> ZoneInfo:
    try:
        return ZoneInfo(policy.time_zone)
    except (ZoneInfoNotFoundError, ValueError):  # a zone that this machine's data does not know any more
        return ZoneInfo("UTC")


def _sign_in_address(request: HttpRequest) -> str:
    # A fragment or a POST is nothing to come back to; the page it belongs to is.
    back = request.get_full_path() if request.method == "GET" and not _is_fragment(request) else ""
    address = reverse("console:sign-in")
    return f"{address}?{urlencode({'next': back})}" if back else address


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _elsewhere(request: HttpRequest, address: str, fragment_status: int) -> HttpResponse:
    """Go to another page; a fragment's request cannot be redirected, its page can."""
    if _is_fragment(request):
        return HttpResponse(status=fragment_status, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
