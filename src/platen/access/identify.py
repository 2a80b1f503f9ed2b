"""Who is this? A card, an ID code or a logon goes in, a typed outcome (platen.access.outcomes) comes out.

A card costs two small queries and no password hash. What was typed is throttled by the device it was typed at, and ID
codes by a budget that all devices of the organisation share; a wrong PIN or password counts against its person and
locks the account at the policy's limit, except that administrators are not locked out at devices (there each of their
PINs is throttled instead). Refusals are written to the event log here; that somebody came in is written where the
session opens.

None of these may run inside a transaction that could be rolled back: the count of wrong tries has to stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from platen.access.methods import LoginMethod
from platen.access.outcomes import (
    Expired,
    Identified,
    Locked,
    NoPin,
    NotAllowedHere,
    NotRegistered,
    Outcome,
    PinNeeded,
    Throttled,
    UnknownCard,
    WrongPassword,
    WrongPin,
)
from platen.access.throttle import Busy, attempt_from, shared_attempt_from
from platen.directory.attempts import attempt_failed, attempt_succeeded, take_attempt
from platen.directory.errors import DirectoryError, PukUnknown
from platen.directory.models import Card, CardKind, Role, User
from platen.directory.pin_hash import pin_matches
from platen.directory.queries import card_by_number, find_by_logon, is_valid
from platen.directory.services import register_card_with_puk, register_own_card
from platen.eventlog.actor import Actor
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.tenants.context import current_tenant_id
from platen.tenants.queries import current_policy

PASSWORD_LENGTH_MAX = 1024  # a longer one would only cost time to hash


class Place(Protocol):
    """A device, as far as identification needs to know it."""

    id: int
    name: str
    login_methods: list[str]
    out_of_service: bool


def identify_by_card(number: str, device: Place, source: str, now: datetime) -> Outcome:
    """Somebody held a card to a reader. `source` names the reader or panel for the event log."""
    refusal = _not_here(device, LoginMethod.CARD)
    if refusal is not None:
        return refusal
    card = card_by_number(number)
    policy = current_policy()
    if card is None:
        _refused("card_unknown", f"Unknown card at {device.name}", device, source)
        return UnknownCard(policy.card_registration_allowed)
    return _known(card, LoginMethod.CARD, pin_required=policy.pin_required, device=device, source=source, now=now)


def identify_by_id_code(code: str, device: Place, source: str, now: datetime, *, pin: str | None = None) -> Outcome:
    """Somebody typed an ID code. A PIN typed with it is checked at once where one is asked for."""
    refusal = _not_here(device, LoginMethod.ID_CODE)
    if refusal is not None:
        return refusal
    together = shared_attempt_from(f"id-code tenant {current_tenant_id()}", now)
    if isinstance(together, Busy):
        return Throttled(together.wait_s)
    attempt = attempt_from(f"id-code device {device.id}", now)
    if isinstance(attempt, Busy):
        together.give_back()
        return Throttled(attempt.wait_s)
    card = card_by_number(code)
    policy = current_policy()
    # A card's number typed in is no card: whoever read it off the plastic does not have it.
    if card is None or card.kind != CardKind.ID_CODE:
        _refused("id_code_unknown", f"Unknown ID code at {device.name}", device, source)
        return UnknownCard(policy.card_registration_allowed)
    attempt.hit()
    together.give_back()
    outcome = _known(card, LoginMethod.ID_CODE, pin_required=policy.pin_required, device=device, source=source, now=now)
    if isinstance(outcome, PinNeeded) and pin is not None:
        return check_pin(outcome, pin, device, source, now)
    return outcome


def check_pin(needed: PinNeeded, pin: str, device: Place, source: str, now: datetime) -> Outcome:
    """The PIN that was asked for: Identified, WrongPin, Locked or Throttled."""
    user = needed.user
    if user.role == Role.ADMINISTRATOR:
        return _check_administrators_pin(needed, pin, device, source, now)
    attempts_max = current_policy().login_attempts_max
    if not take_attempt(user, attempts_max):
        _refused("login_prevented", f"{user.logon} is locked", device, source, user)
        return Locked()
    if pin_matches(user, pin):
        attempt_succeeded(user)
        return Identified(user, needed.method, needed.card)
    left = attempt_failed(user, attempts_max, source=device.name)
    _refused("pin_wrong", f"Wrong PIN of {user.logon} at {device.name}", device, source, user)
    return WrongPin(left) if left else Locked()


def identify_by_password(logon: str, password: str, device: Place, source: str, now: datetime) -> Outcome:
    """Somebody typed logon and password at a device."""
    refusal = _not_here(device, LoginMethod.PASSWORD)
    if refusal is not None:
        return refusal
    return sign_in(logon, password, source=f"device {device.id} {source}", now=now, at_device=True)


def sign_in(logon: str, password: str, *, source: str, now: datetime, at_device: bool = False) -> Outcome:
    """Logon and password, at the console or a device: Identified, WrongPassword or Throttled.

    Takes as long for a person who does not exist as for one who does. At the console administrators are locked like
    everybody else, which is why there should be several.
    """
    attempt = attempt_from(f"password {source}", now)
    if isinstance(attempt, Busy):
        return Throttled(attempt.wait_s)
    policy = current_policy()
    user = find_by_logon(logon, default_domain=policy.default_domain)
    if user is None or len(password) > PASSWORD_LENGTH_MAX:
        make_password(password[:PASSWORD_LENGTH_MAX])  # spends the time that a person's hash would
        record_event("sign_in_refused", f"Sign-in refused from {source}: no such person", severity=Severity.WARNING)
        return WrongPassword()
    counted = not (at_device and user.role == Role.ADMINISTRATOR)
    may_try = not user.prevent_login and (not counted or take_attempt(user, policy.login_attempts_max))
    right = _password_matches(user, password)
    if may_try and right:
        attempt_succeeded(user)
        attempt.hit()
        return Identified(user, LoginMethod.PASSWORD)
    if may_try and counted:
        attempt_failed(user, policy.login_attempts_max, source=source)
    why = "wrong password" if may_try else "locked"
    record_event(
        "sign_in_refused",
        f"Sign-in of {user.logon} refused from {source}: {why}",
        severity=Severity.WARNING,
        user_id=user.id,
    )
    return WrongPassword()


def register_at_device(
    puk: str,
    number: str,
    pin: str,
    *,
    device: Place,
    source: str,
    now: datetime,
    kind: CardKind = CardKind.CARD,
) -> Outcome:
    """Somebody registers the unknown card or code they just used, with their PUK and a PIN of their choice."""
    method = LoginMethod.CARD if kind == CardKind.CARD else LoginMethod.ID_CODE
    refusal = _not_here(device, method)
    if refusal is not None:
        return refusal
    if not current_policy().card_registration_allowed:
        return NotAllowedHere()
    attempt = attempt_from(f"puk device {device.id}", now)
    if isinstance(attempt, Busy):
        return Throttled(attempt.wait_s)
    try:
        card = register_card_with_puk(puk, number, pin=pin, now=now, kind=kind, source=f"panel {device.name}"[:64])
    except PukUnknown as error:
        _refused("puk_wrong", f"Wrong PUK at {device.name}", device, source)
        return NotRegistered(str(error))
    except DirectoryError as error:
        attempt.hit()
        return NotRegistered(str(error))
    attempt.hit()
    return Identified(card.user, method, card)


def register_by_password(
    logon: str,
    password: str,
    number: str,
    *,
    device: Place,
    source: str,
    now: datetime,
    kind: CardKind = CardKind.CARD,
) -> Outcome:
    """Somebody registers the unknown card or code they just used with their password, where the policy allows that."""
    method = LoginMethod.CARD if kind == CardKind.CARD else LoginMethod.ID_CODE
    refusal = _not_here(device, method)
    if refusal is not None:
        return refusal
    if not registers_by_password(device):
        return NotAllowedHere()
    who = sign_in(logon, password, source=f"device {device.id} {source}", now=now, at_device=True)
    if not isinstance(who, Identified):
        return who
    if who.user.must_change_password:  # whoever gave it knows it as well, and would have a card for good
        return NotRegistered(_("This password was given to you. Sign in at the console and choose your own first."))
    by = Actor(who.user.logon, who.user.id, f"panel {device.name}"[:64])
    try:
        card = register_own_card(who.user, number, by=by, now=now, kind=kind)
    except DirectoryError as error:
        return NotRegistered(str(error))
    return Identified(who.user, method, card)


def registers_by_password(device: Place) -> bool:
    """Whether a new card can be registered with a password here: by the policy, and as people log in at the device."""
    policy = current_policy()
    allowed = policy.card_registration_allowed and policy.card_registration_by_password
    return allowed and _not_here(device, LoginMethod.PASSWORD) is None


def registered_message() -> str:
    """What a panel says after a registration."""
    return _("Operation succeeded. Please log in again.")


def _known(
    card: Card, method: LoginMethod, *, pin_required: bool, device: Place, source: str, now: datetime
) -> Outcome:
    user = card.user
    if not is_valid(card, now):
        _refused("card_not_valid", f"An ID of {user.logon} is not valid now", device, source, user)
        return Expired()
    # Administrators are not kept out of devices by wrong attempts, but by what another administrator decided they are.
    if user.prevent_login:
        _refused("login_prevented", f"{user.logon} is locked", device, source, user)
        return Locked()
    if not pin_required or user.login_without_pin:
        return Identified(user, method, card)
    if not user.pin_hash:
        _refused("pin_missing", f"{user.logon} has no PIN, and one is required", device, source, user)
        return NoPin()
    return PinNeeded(user, method, card)


def _check_administrators_pin(needed: PinNeeded, pin: str, device: Place, source: str, now: datetime) -> Outcome:
    user = needed.user
    attempt = attempt_from(f"pin user {user.id}", now)
    if isinstance(attempt, Busy):
        return Throttled(attempt.wait_s)
    if pin_matches(user, pin):
        attempt.hit()
        return Identified(user, needed.method, needed.card)
    _refused("pin_wrong", f"Wrong PIN of {user.logon} at {device.name}", device, source, user)
    return WrongPin(None)


def _password_matches(user: User, password: str) -> bool:
    def renew(raw: str) -> None:
        """The stored hash has another cost than new ones."""
        user.set_password(raw)
        user.save(update_fields=["password"])

    return check_password(password, user.password, renew)


def _not_here(device: Place, method: LoginMethod) -> NotAllowedHere | None:
    if device.out_of_service:
        return NotAllowedHere(out_of_service=True)
    if device.login_methods and method.value not in device.login_methods:
        return NotAllowedHere()
    return None


def _refused(kind: str, message: str, device: Place, source: str, user: User | None = None) -> None:
    record_event(
        kind,
        message,
        severity=Severity.WARNING,
        device_id=device.id,
        user_id=None if user is None else user.id,
        source=source,
    )
