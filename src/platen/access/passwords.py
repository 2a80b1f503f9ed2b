"""Passwords for the console, and the first administrator."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from platen.access.identify import PASSWORD_LENGTH_MAX
from platen.directory.attempts import attempt_failed, attempt_succeeded, take_attempt
from platen.directory.errors import AccountLocked, InvalidValue, NotAllowed
from platen.directory.models import Role, User
from platen.directory.people import keep_an_administrator
from platen.directory.queries import find_by_logon, has_administrator
from platen.directory.services import create_user
from platen.eventlog.actor import SYSTEM, Actor
from platen.eventlog.changes import record_change
from platen.tenants.queries import current_policy

ADMINISTRATOR_LOGON = "admin"
# Five groups of four characters without those that are mistaken for each other: over 90 bits, and can be typed.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 5, 4


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor, must_change: bool = False) -> None:
    """Give a person a password; sessions under the old one end. `must_change`: the person chooses another at sign-in.

    Raises: InvalidValue with what is wrong with it.
    """
    if len(password) > PASSWORD_LENGTH_MAX:
        raise InvalidValue(_("A password has at most %(count)d characters.") % {"count": PASSWORD_LENGTH_MAX})
    least = current_policy().password_length_min
    if len(password) < least:  # those that there are stay (EMC-PREF-05)
        raise InvalidValue(_("A password has at least %(count)d characters here.") % {"count": least})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidValue(" ".join(error.messages)) from error
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    record_change(by, "password_changed", user.logon, f"Password of {user.logon} changed", user_id=user.id)


def change_own_password(user: User, old: str, new: str, *, by: Actor) -> None:
    """A person changes their password. A wrong old one counts like a wrong sign-in.

    Raises: NotAllowed where the old one is wrong, AccountLocked, InvalidValue.
    """
    attempts_max = current_policy().login_attempts_max
    if not take_attempt(user, attempts_max):
        raise AccountLocked(_("Your login is locked. Ask the help desk to let you in again."))
    if not user.check_password(old):
        attempt_failed(user, attempts_max, source=by.source)
        raise NotAllowed(_("The present password is not right. Try again."))
    attempt_succeeded(user)
    if old == new:
        raise InvalidValue(_("This is the present password. Choose another one."))
    set_password(user, new, by=by)


@transaction.atomic
def remove_password(user: User, *, by: Actor) -> None:
    """The person can no longer sign in with a password. Raises: LastAdministrator."""
    keep_an_administrator(user)
    user.set_unusable_password()
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_change(by, "password_removed", user.logon, f"Password of {user.logon} removed", user_id=user.id)


@transaction.atomic
def ensure_administrator() -> str | None:
    """See to it that somebody can administer the current tenant.

    Returns: a one-time password for the new `admin`, to be shown once and changed at the first sign-in; None where
    there is an administrator already.
    """
    if has_administrator():
        return None
    user = find_by_logon(ADMINISTRATOR_LOGON)
    if user is None:
        user = create_user(ADMINISTRATOR_LOGON, by=SYSTEM, full_name="Administrator", role=Role.ADMINISTRATOR)
    else:
        # A person of that name exists with fewer rights and is not to be made more by a start of the server.
        user = create_user(
            f"{ADMINISTRATOR_LOGON}-{secrets.token_hex(3)}",
            by=SYSTEM,
            full_name="Administrator",
            role=Role.ADMINISTRATOR,
        )
    password = one_time_password()
    set_password(user, password, by=SYSTEM, must_change=True)
    return password


def one_time_password() -> str:
    """A random password that can be read out and typed."""
    groups = ("".join(secrets.choice(_ALPHABET) for _place in range(_GROUP_LENGTH)) for _group in range(_GROUPS))
    return "-".join(groups)
