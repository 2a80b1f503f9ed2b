"""Who is signed in at which device. One person a device; an untouched session ends by itself."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from platen.access.events import session_closed, session_opened
from platen.access.identify import Place
from platen.access.models import PanelSession
from platen.access.outcomes import Identified
from platen.directory.models import Card, User
from platen.directory.seals import keyed_hash
from platen.eventlog.services import record_event

TOKEN_BYTES = 32
# A touch is written once in so long: a person who taps ten times a second costs no more than one who reads.
TOUCH_REFRESH = timedelta(seconds=5)
EXPIRED_BATCH_MAX = 500


@transaction.atomic
def open_session(device: Place, who: Identified, *, now: datetime) -> str:
    """Sign a person in at a device; somebody still signed in there is signed out. Returns: the session's token.

    Also notes the login in the event log and the card's use, in the same transaction.
    """
    for earlier in PanelSession.objects.filter(device_id=device.id):
        _end(earlier)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    # Not a plain insert: of two people who log in at the same moment, the later one has the device.
    PanelSession.objects.update_or_create(
        device_id=device.id,
        defaults={
            "user": who.user,
            "key": keyed_hash("panel-session", token),
            "started_at": now,
            "touched_at": now,
            "expires_at": now + _timeout(),
        },
    )
    if who.card is not None:
        Card.objects.filter(id=who.card.id).update(last_used_at=now)
    session_opened.send(PanelSession, device_id=device.id, user=who.user)
    record_event(
        "panel_login",
        f"{who.user.logon} logged in at {device.name}",
        device_id=device.id,
        user_id=who.user.id,
        method=who.method.value,
    )
    return token


def session_of(device: Place, token: str, now: datetime) -> User | None:
    """Who is signed in at a device with this token; being asked keeps the session open. One query, seldom a write."""
    session: PanelSession | None = (
        PanelSession.objects.select_related("user")
        .filter(key=keyed_hash("panel-session", token), device_id=device.id)
        .first()
    )
    if session is None or now >= session.expires_at or session.user.prevent_login:
        return None
    if not timedelta(0) <= now - session.touched_at < TOUCH_REFRESH:
        session.touched_at, session.expires_at = now, now + _timeout()
        session.save(update_fields=["touched_at", "expires_at"])
    return session.user


@transaction.atomic
def close_session(device: Place, token: str | None = None) -> bool:
    """Sign out who is signed in at a device; with a token, only that session. Returns: whether somebody was."""
    sessions = PanelSession.objects.filter(device_id=device.id)
    if token is not None:
        sessions = sessions.filter(key=keyed_hash("panel-session", token))
    session = sessions.first()
    if session is None:
        return False
    _end(session)
    return True


def who_is_at(device: Place, now: datetime) -> User | None:
    """The person who is signed in at a device."""
    return user_at(device.id, now)


def user_at(device_id: int, now: datetime) -> User | None:
    """The person who is signed in at the device with this key."""
    session = PanelSession.objects.select_related("user").filter(device_id=device_id, expires_at__gt=now).first()
    return None if session is None else session.user


@transaction.atomic
def end_expired_sessions(now: datetime) -> int:
    """End sessions that nobody touched, so that jobs waiting for the device go on. Returns: how many."""
    expired = list(PanelSession.objects.filter(expires_at__lte=now).order_by("expires_at")[:EXPIRED_BATCH_MAX])
    for session in expired:
        _end(session)
    return len(expired)


def _end(session: PanelSession) -> None:
    device_id, user_id = session.device_id, session.user_id
    session.delete()
    session_closed.send(PanelSession, device_id=device_id, user_id=user_id)


def _timeout() -> timedelta:
    return timedelta(seconds=settings.PLATEN.panel_timeout_s)
