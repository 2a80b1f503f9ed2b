"""PINs: given by an administrator, chosen by their person."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from platen.directory.attempts import attempt_failed, attempt_succeeded, take_attempt
from platen.directory.errors import AccountLocked, InvalidValue, NotAllowed, WrongPin
from platen.directory.models import User
from platen.directory.pin_hash import pin_hash, pin_matches
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.policy import credentials
from platen.tenants.queries import current_policy


@transaction.atomic
def set_pin(user: User, pin: str, *, by: Actor) -> None:
    """Give a person a PIN. It also lets them log in again and forgets failed attempts. Raises: InvalidValue."""
    try:
        credentials.check_pin(pin)
    except credentials.CredentialError as error:
        raise InvalidValue(str(error)) from error
    user.pin_hash = pin_hash(user, pin)
    user.prevent_login, user.failed_logins = False, 0
    user.save(update_fields=["pin_hash", "prevent_login", "failed_logins"])
    record_change(by, "pin_changed", user.logon, f"PIN of {user.logon} changed", user_id=user.id)


def random_pin(user: User, *, by: Actor) -> str:
    """Give a person a random PIN. Returns: the PIN, to be told once; it cannot be shown again."""
    pin = credentials.random_pin(secrets.SystemRandom())
    set_pin(user, pin, by=by)
    return pin


def change_own_pin(user: User, old: str, new: str, *, by: Actor) -> None:
    """A person changes their PIN; the old one is asked for where there is one, and counted when wrong.

    Raises: NotAllowed by the policy, WrongPin, AccountLocked, InvalidValue.
    """
    policy = current_policy()
    if not policy.pin_change_allowed:
        raise NotAllowed(_("PINs are given by the administration here. Ask the help desk for a new one."))
    if user.pin_hash:
        if not take_attempt(user, policy.login_attempts_max):
            raise _locked()
        if not pin_matches(user, old):
            if attempt_failed(user, policy.login_attempts_max, source=by.source) == 0:
                raise _locked()
            raise WrongPin(_("The present PIN is not right. Try again."))
        attempt_succeeded(user)
    set_pin(user, new, by=by)


def _locked() -> AccountLocked:
    return AccountLocked(_("Too many wrong PINs: login is prevented. Ask the help desk to allow it again."))
