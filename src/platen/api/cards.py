"""Cards and ID codes: /users/UUID/cards, and whose a card is: /cards/find."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from platen.access.rights import Right, may_see_ids, require_ids_of
from platen.api.bearer import actor, needs, person
from platen.api.errors import Missing
from platen.api.lookup import user_of
from platen.api.people import Person
from platen.api.values import Input
from platen.directory.models import CardKind, CardSource, User
from platen.directory.own_things import card_of
from platen.directory.queries import CardView, cards_of, find_by_card
from platen.directory.services import add_card, generate_id_code, remove_card
from platen.tenants.queries import current_policy

router = Router()


class CardShown(Schema):
    """A card or ID code; the number is **** for those who may not see it."""

    id: int
    number: str
    kind: CardKind
    source: CardSource
    valid_from: datetime | None
    valid_until: datetime | None
    created_at: datetime
    last_used_at: datetime | None


class NewCard(Input):
    """A card number or ID code, case counts, at most 39 characters. With an end it is temporary."""

    number: str
    kind: CardKind = CardKind.CARD
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class CardNumber(Input):
    """A number as the reader gives it."""

    number: str


class IdCode(Schema):
    """A new ID code, told this once."""

    code: str


@router.get("/users/{uuid:key}/cards", response=list[CardShown], auth=needs(Right.SEE_PEOPLE))
def list_cards(request: HttpRequest, key: UUID) -> list[CardView]:
    """A person's cards and ID codes, oldest first."""
    return cards_of(user_of(key), reveal=may_see_ids(person(request), current_policy()))


@router.post("/users/{uuid:key}/cards", response={201: CardShown}, auth=needs(Right.CHANGE_IDS))
def register_card(request: HttpRequest, key: UUID, new: NewCard) -> Status[CardView]:
    """Register a card or ID code for a person."""
    user = _person(request, key)
    card = add_card(user, by=actor(request), **new.model_dump())
    reveal = may_see_ids(person(request), current_policy())
    return Status(201, next(view for view in cards_of(user, reveal=reveal) if view.id == card.id))


@router.post("/users/{uuid:key}/id-codes", response={201: IdCode}, auth=needs(Right.CHANGE_IDS))
def make_id_code(request: HttpRequest, key: UUID) -> Status[IdCode]:
    """Give a person a new random ID code."""
    return Status(201, IdCode(code=generate_id_code(_person(request, key), by=actor(request))))


@router.delete("/users/{uuid:key}/cards/{int:card_id}", response={204: None}, auth=needs(Right.CHANGE_IDS))
def take_card(request: HttpRequest, key: UUID, card_id: int) -> Status[None]:
    """Take a card or ID code away."""
    card = card_of(_person(request, key), card_id)
    if card is None:
        raise Missing("This person has no such card. The list of their cards has every id.")
    remove_card(card, by=actor(request))
    return Status(204, None)


# A number belongs in the body: addresses are logged on the way.
@router.post("/cards/find", response=Person, auth=needs(Right.SEE_PEOPLE, Right.CHANGE_IDS))
def find_card(request: HttpRequest, card: CardNumber) -> User:
    """Whose card or ID code this is, while it is valid."""
    user = find_by_card(card.number, timezone.now())
    if user is None:
        raise Missing("Nobody has this card or ID code, or it is not valid now.")
    return user


def _person(request: HttpRequest, key: UUID) -> User:
    """Whose IDs are to change. Raises: Missing, Denied."""
    user = user_of(key)
    require_ids_of(person(request), user)
    return user
