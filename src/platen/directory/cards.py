"""Cards and ID codes: registering them, their validity, taking them away."""

from __future__ import annotations

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.directory.errors import CardTaken, InvalidValue, NotAllowed, TooManyCards
from platen.directory.models import Card, CardKind, CardSource, User
from platen.directory.seals import keyed_hash, seal
from platen.eventlog.actor import SYSTEM, Actor
from platen.eventlog.changes import record_change
from platen.eventlog.services import record_event
from platen.policy.code_pattern import CodePattern
from platen.policy.credentials import CredentialError, check_code
from platen.policy.validity import validity_of_generated_code
from platen.tenants.queries import current_policy

PURPOSE = "cards"
EXPIRED_BATCH_MAX = 500
GENERATE_ATTEMPTS_MAX = 20


def card_key(number: str) -> str:
    """What a card's row is found by."""
    return keyed_hash(PURPOSE, number)


@transaction.atomic
def add_card(
    user: User,
    number: str,
    *,
    by: Actor,
    kind: CardKind = CardKind.CARD,
    source: CardSource = CardSource.ADMINISTRATOR,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Card:
    """Register a card number or ID code (case counts, at most 39 characters) for a person; with an end it is temporary.

    Raises: CardTaken, TooManyCards, InvalidValue.
    """
    try:
        check_code(number)
    except CredentialError as error:
        raise InvalidValue(str(error)) from error
    _check_period(valid_from, valid_until)
    User.objects.select_for_update().filter(id=user.id).first()  # two registrations at once may not exceed the limit
    key = card_key(number)
    if Card.objects.filter(key=key).exists():
        raise _taken()
    _check_room(user)
    try:
        with transaction.atomic():
            card: Card = Card.objects.create(
                user=user,
                key=key,
                sealed=seal(PURPOSE, number),
                kind=kind,
                source=source,
                valid_from=valid_from,
                valid_until=valid_until,
            )
    except IntegrityError as error:
        raise _taken() from error
    _record(by, "card_added", card, f"{card.get_kind_display()} registered for {user.logon}")
    return card


@transaction.atomic
def remove_card(card: Card, *, by: Actor) -> None:
    """Take a card or ID code away from its person."""
    _record(by, "card_removed", card, f"{card.get_kind_display()} of {card.user.logon} removed")
    card.delete()


@transaction.atomic
def change_card_validity(card: Card, *, by: Actor, valid_from: datetime | None, valid_until: datetime | None) -> Card:
    """Make an ID temporary, or valid at another time. Raises: InvalidValue."""
    _check_period(valid_from, valid_until)
    card.valid_from, card.valid_until = valid_from, valid_until
    card.save(update_fields=["valid_from", "valid_until"])
    _record(by, "card_validity_changed", card, f"Validity of an ID of {card.user.logon} changed")
    return card


def make_permanent(card: Card, *, by: Actor) -> Card:
    """A temporary ID stays for good."""
    return change_card_validity(card, by=by, valid_from=None, valid_until=None)


@transaction.atomic
def remove_expired_cards(now: datetime) -> int:
    """Remove IDs whose time is over, some hundred at a time; to be called every few minutes.

    Returns: how many went; call again while that is EXPIRED_BATCH_MAX.
    """
    expired = list(
        Card.objects.filter(valid_until__lte=now).select_related("user").order_by("valid_until")[:EXPIRED_BATCH_MAX]
    )
    for card in expired:
        _record(SYSTEM, "card_expired", card, f"Expired {card.get_kind_display()} of {card.user.logon} removed")
    Card.objects.filter(id__in=[card.id for card in expired]).delete()
    return len(expired)


def generate_id_code(
    user: User, *, by: Actor, valid_from: datetime | None = None, valid_until: datetime | None = None
) -> str:
    """Register a new random ID code of the policy's pattern. Returns: the code, to be shown once.

    Raises: TooManyCards, InvalidValue where the pattern is exhausted.
    """
    pattern = CodePattern(current_policy().id_code_pattern)
    for _attempt in range(GENERATE_ATTEMPTS_MAX):
        code = pattern.generate(secrets.SystemRandom())
        try:
            add_card(
                user,
                code,
                by=by,
                kind=CardKind.ID_CODE,
                source=CardSource.GENERATED,
                valid_from=valid_from,
                valid_until=valid_until,
            )
        except CardTaken:
            continue
        return code
    raise InvalidValue(
        _("Nearly all ID codes of the pattern %(pattern)s are taken. Make the pattern longer in the settings.")
        % {"pattern": pattern.text}
    )


def generate_own_code(user: User, *, by: Actor, now: datetime) -> str:
    """An ID code that a person makes for themselves: as above, and it ends by itself after half a year.

    Raises: NotAllowed where IDs are registered by administrators alone, TooManyCards, InvalidValue.
    """
    policy = current_policy()
    if not policy.card_registration_allowed:
        raise NotAllowed(_("Cards and codes are given by the administration here. Ask the help desk for one."))
    validity = validity_of_generated_code(now, ZoneInfo(policy.time_zone))
    return generate_id_code(user, by=by, valid_from=validity.starts_at, valid_until=validity.ends_at)


def valid_ids_of(user: User) -> int:
    """How many IDs the person has that are not over."""
    return int(Card.objects.filter(user=user).exclude(valid_until__lte=timezone.now()).count())


def _check_room(user: User) -> None:
    ids_max = current_policy().ids_per_person_max
    if valid_ids_of(user) >= ids_max:
        raise TooManyCards(
            _("%(logon)s already has %(count)d cards and ID codes, the most allowed. Remove one first.")
            % {"logon": user.logon, "count": ids_max}
        )


def _check_period(valid_from: datetime | None, valid_until: datetime | None) -> None:
    if valid_until is not None and valid_from is not None and valid_until <= valid_from:
        raise InvalidValue(_("This ID would end before it begins. Choose an end after the start."))


def _taken() -> CardTaken:
    # It does not say whose: that would tell who carries which card.
    return CardTaken(_("This card or ID code is registered already. Remove it from its person first, or use another."))


def _record(by: Actor, verb: str, card: Card, message: str) -> None:
    user = card.user
    if by is SYSTEM:
        record_event(verb, message, user_id=user.id, card_id=card.id)
        return
    record_change(
        by, verb, user.logon, message, user_id=user.id, card_id=card.id, id_kind=card.kind, id_source=card.source
    )
