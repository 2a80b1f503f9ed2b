"""Reads on people and what identifies them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from platen.directory.cards import PURPOSE, card_key
from platen.directory.models import Alias, Card, CardKind, CardSource, Role, User
from platen.directory.names import find_by_names
from platen.directory.seals import unseal
from platen.policy.owner import normalised, parse_name
from platen.policy.validity import Validity
from platen.rows import RowsOf, one_row
from platen.tenants.context import current_tenant_id

__all__ = [
    "CardView",
    "UserPage",
    "aliases_of",
    "card_by_number",
    "card_view",
    "cards_of",
    "find_by_card",
    "find_by_logon",
    "find_by_names",
    "has_administrator",
    "is_valid",
    "page_of_users",
    "search",
    "user_by_id",
    "user_by_uuid",
]

MASK = "****"
PAGE_SIZE = 50
SEARCH_MAX = 50
_CARDS, _USERS = RowsOf(Card), RowsOf(User)
_CARD_AND_PERSON = (
    f"SELECT {_CARDS.columns('card')}, {_USERS.columns('person')} FROM directory_card card "  # noqa: S608  # our own names
    "JOIN directory_user person ON person.id = card.user_id WHERE card.tenant_id = %s AND card.key = %s"
)


@dataclass(frozen=True, slots=True)
class CardView:
    """One ID as it may be shown; the number is masked for those without the right to see it."""

    id: int
    number: str
    kind: CardKind
    source: CardSource
    valid_from: datetime | None
    valid_until: datetime | None
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class UserPage:
    """Some people in the order of their logons; `next_key` continues after them, None at the end."""

    users: list[User]
    next_key: str | None


def card_by_number(number: str) -> Card | None:
    """The card or ID code with this number, valid or not, its person loaded: one query by the keyed hash."""
    row = one_row(_CARD_AND_PERSON, current_tenant_id(), card_key(number))
    if row is None:
        return None
    card = _CARDS.object(row)
    card.user = _USERS.object(row, _CARDS.end())
    return card


def is_valid(card: Card, now: datetime) -> bool:
    """Whether an ID may be used at this time."""
    return Validity(card.valid_from, card.valid_until).is_valid(now)


def find_by_card(number: str, now: datetime) -> User | None:
    """Whose card or ID code this is, while it is valid."""
    card = card_by_number(number)
    return card.user if card is not None and is_valid(card, now) else None


def find_by_logon(text: str, *, default_domain: str = "") -> User | None:
    r"""The person of a logon as people write it: `js`, `ACME\\js`, `js@acme.example.org`, an alias."""
    name = parse_name(text)
    return None if name is None else find_by_names([name], default_domain=default_domain).get(name)


def user_by_id(user_id: int) -> User | None:
    """A person of this tenant by key."""
    found: User | None = User.objects.filter(id=user_id).first()
    return found


def user_by_uuid(uuid: str) -> User | None:
    """A person of this tenant by public identifier."""
    found: User | None = User.objects.filter(uuid=uuid).first()
    return found


def search(text: str, limit: int = SEARCH_MAX) -> list[User]:
    """People whose logon, name, e-mail address, alias or cost code holds the text, or whose complete ID it is.

    Case does not matter, except in an ID.
    An empty text finds nobody; that is what `page_of_users` is for.
    """
    text = text.strip()
    if not text:
        return []
    key = normalised(text)
    by_card = Card.objects.filter(key=card_key(text)).values("user_id")
    by_alias = Alias.objects.filter(name_key__contains=key).values("user_id")
    fits = (
        Q(logon_key__contains=key)
        | Q(full_name__icontains=text)
        | Q(email_key__contains=key)
        | Q(cost_code__iexact=text)
        | Q(id__in=by_card)
        | Q(id__in=by_alias)
    )
    return list(User.objects.filter(fits).order_by("logon_key", "domain_key")[:limit])


def page_of_users(after: str | None = None, *, size: int = PAGE_SIZE, role: Role | None = None) -> UserPage:
    """People in the order of their logons, paged by key: the last page costs what the first one does.

    `after`: the `next_key` of the page before; one that was tampered with begins anew.
    """
    users: QuerySet[User] = User.objects.order_by("logon_key", "domain_key")
    if role is not None:
        users = users.filter(role=role)
    place = _place(after)
    if place is not None:
        logon_key, domain_key = place
        users = users.filter(logon_key__gte=logon_key).exclude(logon_key=logon_key, domain_key__lte=domain_key)
    found = list(users[: size + 1])
    if len(found) <= size:
        return UserPage(found, None)
    last = found[size - 1]
    return UserPage(found[:size], _key(last.logon_key, last.domain_key))


def cards_of(user: User, *, reveal: bool) -> list[CardView]:
    """A person's cards and ID codes, oldest first. `reveal`: the reader may see numbers (platen.access.rights)."""
    return [card_view(card, reveal=reveal) for card in Card.objects.filter(user=user).order_by("id")]


def aliases_of(user: User) -> list[Alias]:
    """A person's other logons."""
    return list(Alias.objects.filter(user=user).order_by("name_key"))


def has_administrator() -> bool:
    """Whether anybody can administer this tenant."""
    return bool(User.objects.filter(role=Role.ADMINISTRATOR).exists())


def card_view(card: Card, *, reveal: bool) -> CardView:
    """One ID as it may be shown."""
    return CardView(
        id=card.id,
        number=unseal(PURPOSE, card.sealed) if reveal else MASK,
        kind=CardKind(card.kind),
        source=CardSource(card.source),
        valid_from=card.valid_from,
        valid_until=card.valid_until,
        created_at=card.created_at,
        last_used_at=card.last_used_at,
    )


def _key(logon_key: str, domain_key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([logon_key, domain_key]).encode()).decode()


def _place(after: str | None) -> tuple[str, str] | None:
    if not after:
        return None
    try:
        logon_key, domain_key = json.loads(base64.urlsafe_b64decode(after.encode()))
    except ValueError:  # base64's and JSON's own errors are ValueErrors
        return None
    return str(logon_key), str(domain_key)
