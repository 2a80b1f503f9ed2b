"""Who asks: the person of a bearer token, and whether they have the rights that a route needs."""

from __future__ import annotations

import time
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from platen.access.models import ApiToken
from platen.access.regions import regions_of
from platen.access.rights import Denied, Right, may_see_document_names, require
from platen.access.tokens import find_token
from platen.api.errors import TooFast
from platen.api.rates import Rates
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.tenants.context import limit_to
from platen.tenants.queries import current_policy

SOURCE = "api"
_rates = Rates()


class BearerToken(HttpBearer):
    """Lets a token's person pass who has all of the rights. A session's cookie counts for nothing here."""

    def __init__(self, *rights: Right, own: bool = False) -> None:
        super().__init__()
        self.rights = frozenset(rights)
        self.own = own  # the route shows a person what is theirs, which needs no right

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, if it is good for this tenant. Raises: Denied, TooFast."""
        found = find_token(token, timezone.now())
        if found is None:
            return None
        wait_s = _rates.take(found.id, time.monotonic())
        if wait_s:
            raise TooFast(wait_s)
        if not self.rights and not self.own:
            raise Denied("Nobody may do this.")
        for right in self.rights:
            require(found.user, right)
        limit_to(regions_of(found.user))  # until the request ends (routes.dispatch)
        return found


NOBODY = BearerToken()
OWN = BearerToken(own=True)


def needs(*rights: Right) -> BearerToken:
    """For a route's `auth`: only people with all of these rights."""
    if not rights:
        raise ValueError("A route names the rights it needs, or is OWN.")
    return BearerToken(*rights)


def person(request: HttpRequest) -> User:
    """Whose token it is; for routes only."""
    return cast(ApiToken, cast(Any, request).auth).user


def actor(request: HttpRequest) -> Actor:
    """The person as the audit trail names them."""
    user = person(request)
    return Actor(user.logon, user.id, SOURCE)


def sees_names(request: HttpRequest) -> bool:
    """Whether the person sees the names of other people's documents."""
    return may_see_document_names(person(request), current_policy())
