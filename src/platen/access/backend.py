"""Sign-in to the console, for Django."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone

from platen.access.identify import sign_in
from platen.access.outcomes import Identified, Outcome
from platen.directory.models import User
from platen.directory.queries import user_by_id


class LogonBackend(BaseBackend):
    """Logon and password of a person of the tenant that the host name selected."""

    def authenticate(
        self, request: HttpRequest | None, logon: str | None = None, password: str | None = None, **_others: Any
    ) -> User | None:
        """The person, or None; the request's `sign_in_outcome` then says why, with a message to show."""
        if not logon or password is None:
            return None
        address = "" if request is None else request.META.get("REMOTE_ADDR", "")
        outcome: Outcome = sign_in(logon, password, source=address or "the node", now=timezone.now())
        if request is not None:
            request.sign_in_outcome = outcome  # type: ignore[attr-defined]  # left for the view that asked
        return outcome.user if isinstance(outcome, Identified) else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session: of this tenant, and still allowed to log in."""
        user = user_by_id(user_id)
        return user if user is not None and user.is_active else None
