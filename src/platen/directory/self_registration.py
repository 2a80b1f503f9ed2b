"""A person at a device makes the card or ID code that they just used their own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from platen.directory.cards import add_card, card_key
from platen.directory.errors import AccountLocked, CardTaken
from platen.directory.models import Card, CardKind, CardSource, User
from platen.eventlog.actor import Actor
from platen.policy.validity import PERMANENT, Period, SelfRegistrationRule, Validity
from platen.tenants.queries import current_policy


@transaction.atomic
def register_own_card(user: User, number: str, *, by: Actor, now: datetime, kind: CardKind = CardKind.CARD) -> Card:
    """Register a card or ID code for whoever proved to be this person; one that is theirs already stays as it is.

    How long it is valid is for the policy to say.
    Raises: AccountLocked where somebody prevented login, CardTaken, TooManyCards, InvalidValue.
    """
    # What wrong tries did is forgiven to who proves another way who they are; what somebody decided is not.
    if user.prevent_login and user.failed_logins < current_policy().login_attempts_max:
        raise AccountLocked(_("Your login is prevented. Ask the help desk to allow it again."))
    present = Card.objects.filter(key=card_key(number)).first()
    if present is None:
        validity = _self_registered(user, now)
        present = add_card(
            user,
            number,
            by=by,
            kind=kind,
            source=CardSource.SELF,
            valid_from=validity.starts_at,
            valid_until=validity.ends_at,
        )
    elif present.user_id != user.id:
        raise CardTaken(_("This card belongs to somebody else. Ask the help desk if it was given to you."))
    present.user = user
    return present


def _self_registered(user: User, now: datetime) -> Validity:
    """How long an ID that the person registers now is valid, by the policy."""
    policy = current_policy()
    if policy.self_registered_expires_from == 0:
        return PERMANENT
    rule = SelfRegistrationRule(policy.self_registered_expires_from, Period(policy.self_registered_period))
    ids_before = Card.objects.filter(user=user, source=CardSource.SELF).exclude(valid_until__lte=now).count()
    return rule.validity(ids_before, now, ZoneInfo(policy.time_zone))
