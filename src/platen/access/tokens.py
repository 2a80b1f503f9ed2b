"""Bearer tokens for the REST API: shown once, kept as keyed hashes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from platen.access.models import ApiToken
from platen.directory.errors import InvalidValue
from platen.directory.models import User
from platen.directory.seals import keyed_hash
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.tenants.field_check import misfit

PREFIX = "plt_"
TOKEN_BYTES = 32
SHOWN_LENGTH = 12
USED_REFRESH = timedelta(minutes=1)


@transaction.atomic
def create_token(
    user: User, name: str, *, by: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token that acts with its person's rights. Returns: its row, and the token itself, to be shown once.

    Raises: InvalidValue.
    """
    secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken(
        user=user,
        name=name.strip(),
        prefix=secret[:SHOWN_LENGTH],
        key=keyed_hash("api-token", secret),
        created_at=now,
        expires_at=expires_at,
    )
    problem = misfit(token, {"name"})
    if problem is not None:
        raise InvalidValue(problem)
    if expires_at is not None and expires_at <= now:
        raise InvalidValue("The token would have expired already. Choose a later end.")
    token.save()
    record_change(by, "token_created", user.logon, f"API token “{token.name}” of {user.logon} made", user_id=user.id)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """The token stops working."""
    user = token.user
    message = f"API token “{token.name}” of {user.logon} revoked"
    record_change(by, "token_revoked", user.logon, message, user_id=user.id, prefix=token.prefix)
    token.delete()


def find_token(secret: str, now: datetime) -> ApiToken | None:
    """The token, its person loaded, if it is good now: one query by the keyed hash, a write at most once a minute."""
    if not secret.startswith(PREFIX):
        return None
    found: ApiToken | None = ApiToken.objects.select_related("user").filter(key=keyed_hash("api-token", secret)).first()
    if found is None or not found.user.is_active or (found.expires_at is not None and now >= found.expires_at):
        return None
    if found.last_used_at is None or not timedelta(0) <= now - found.last_used_at < USED_REFRESH:
        ApiToken.objects.filter(id=found.id).update(last_used_at=now)
    return found


def tokens_of(user: User) -> list[ApiToken]:
    """A person's tokens, newest first; none of them can be read back."""
    return list(ApiToken.objects.filter(user=user).order_by("-id"))


def token_by_id(user: User, token_id: int) -> ApiToken | None:
    """One of a person's tokens."""
    found: ApiToken | None = ApiToken.objects.select_related("user").filter(user=user, id=token_id).first()
    return found
