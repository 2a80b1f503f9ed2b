"""PUKs: eight digits that tie a card or ID code, and a PIN, to their person."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platen.directory.cards import valid_ids_of
from platen.directory.errors import InvalidValue, PukUnknown, TooManyCards
from platen.directory.events import puk_generated
from platen.directory.models import Card, CardKind, User
from platen.directory.pins import set_pin
from platen.directory.seals import keyed_hash, seal, unseal
from platen.directory.self_registration import register_own_card
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.policy import credentials
from platen.tenants.queries import current_policy

PURPOSE = "puks"


@transaction.atomic
def generate_puk(user: User, *, by: Actor) -> str:
    """Open a PUK for a person; an earlier one stops working. Returns: the PUK. `puk_generated` lets it be sent.

    Where the policy allows one ID a person, their ID and PIN go, as the PUK is there to bring new ones; where it allows
    several, there must be room for one more.
    Raises: TooManyCards.
    """
    ids_max = current_policy().ids_per_person_max
    cards = Card.objects.filter(user=user)
    if ids_max == 1:
        cards.delete()
        user.pin_hash = ""
    elif valid_ids_of(user) >= ids_max:
        raise TooManyCards(
            _("%(logon)s already has %(count)d cards and ID codes, the most allowed. Remove one first.")
            % {"logon": user.logon, "count": ids_max}
        )
    puk = _fresh()
    user.puk_key, user.puk_sealed = keyed_hash(PURPOSE, puk), seal(PURPOSE, puk)
    user.save(update_fields=["pin_hash", "puk_key", "puk_sealed"])
    puk_generated.send(User, user=user, puk=puk, by=by)
    record_change(by, "puk_generated", user.logon, f"PUK generated for {user.logon}", user_id=user.id)
    return puk


@transaction.atomic
def clear_puk(user: User, *, by: Actor) -> None:
    """The open PUK stops working."""
    _close(user)
    record_change(by, "puk_cleared", user.logon, f"PUK of {user.logon} cleared", user_id=user.id)


def open_puk(user: User) -> str | None:
    """The person's open PUK in clear, for those who may see it; None where there is none."""
    return unseal(PURPOSE, user.puk_sealed) if user.puk_key else None


@transaction.atomic
def register_card_with_puk(
    puk: str, number: str, *, pin: str, now: datetime, kind: CardKind = CardKind.CARD, source: str = "panel"
) -> Card:
    """A person at a device registers a card or ID code with their PUK, and chooses a PIN (or gives the present one).

    A card that is already theirs stays, and the PIN is changed. The PUK is used up. Guessing PUKs is for the caller to
    slow down (platen.access.identify does).
    Raises: PukUnknown, AccountLocked where login was prevented by somebody, CardTaken, TooManyCards, InvalidValue.
    """
    user = _person_of(puk)
    by = Actor(user.logon, user.id, source)
    card = register_own_card(user, number, by=by, now=now, kind=kind)
    set_pin(user, pin, by=by)
    _close(user)
    return card


def _person_of(puk: str) -> User:
    unknown = PukUnknown(_("This PUK is not known. Check the eight digits and enter them again."))
    try:
        credentials.check_puk(puk)
    except credentials.CredentialError as error:
        raise unknown from error
    user: User | None = User.objects.select_for_update().filter(puk_key=keyed_hash(PURPOSE, puk)).first()
    if user is None:
        raise unknown
    return user


def _fresh() -> str:
    """A PUK that nobody has open."""
    for _attempt in range(100):
        puk = credentials.random_puk(secrets.SystemRandom())
        if not User.objects.filter(puk_key=keyed_hash(PURPOSE, puk)).exists():
            return puk
    raise InvalidValue(_("No free PUK was found. Clear PUKs that are no longer needed."))


def _close(user: User) -> None:
    user.puk_key, user.puk_sealed = "", b""
    user.save(update_fields=["puk_key", "puk_sealed"])
