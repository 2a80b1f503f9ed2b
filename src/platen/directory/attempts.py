"""Counting wrong PINs and passwords of one person, and preventing login after too many.

A try is counted before it is judged: however many arrive at once, no more than the limit are judged in a row.
Each function commits by itself; call none of them in a transaction that may be rolled back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from platen.directory.models import User
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event


def take_attempt(user: User, attempts_max: int) -> bool:
    """Count one try. False: login is prevented, or the tries are used up; do not judge it."""
    open_to_try = User.objects.filter(id=user.id, prevent_login=False, failed_logins__lt=attempts_max)
    return bool(open_to_try.update(failed_logins=F("failed_logins") + 1))


def attempt_failed(user: User, attempts_max: int, *, source: str) -> int:
    """The try was wrong; at the limit login is prevented. Returns: how many tries are left."""
    locked = User.objects.filter(id=user.id, prevent_login=False, failed_logins__gte=attempts_max)
    if locked.update(prevent_login=True, locked_at=timezone.now()):
        record_event(
            "user_locked",
            f"{user.logon} may not log in after {attempts_max} wrong attempts, the last from {source}",
            severity=Severity.WARNING,
            user_id=user.id,
            source=source,
        )
    user.refresh_from_db(fields=["failed_logins", "prevent_login"])
    return 0 if user.prevent_login else max(0, attempts_max - user.failed_logins)


def attempt_succeeded(user: User) -> None:
    """The try was right: earlier ones are forgotten."""
    User.objects.filter(id=user.id).update(failed_logins=0)
    user.failed_logins = 0


def end_locks(now: datetime, minutes: int) -> int:
    """Let those in again whom wrong attempts locked out so long ago; 0: nobody. Returns: how many.

    Whom a person locked out stays so.
    """
    if minutes <= 0:
        return 0
    over = list(User.objects.filter(prevent_login=True, locked_at__lte=now - timedelta(minutes=minutes))[:500])
    for user in over:
        fields = {"prevent_login": False, "failed_logins": 0, "locked_at": None}
        if User.objects.filter(pk=user.pk, prevent_login=True, locked_at=user.locked_at).update(**fields):
            message = f"{user.logon} may log in again: the lock was over after {minutes} minutes"
            record_event("user_lock_over", message, severity=Severity.NOTICE, user_id=user.id)
    return len(over)
