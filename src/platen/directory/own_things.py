"""One of a person's cards or aliases by key: another person's is not found."""

from __future__ import annotations

from platen.directory.models import Alias, Card, User


def card_of(user: User, card_id: int) -> Card | None:
    """A card or ID code of this person."""
    found: Card | None = Card.objects.select_related("user").filter(user=user, id=card_id).first()
    return found


def alias_of(user: User, alias_id: int) -> Alias | None:
    """An alias of this person."""
    found: Alias | None = Alias.objects.select_related("user").filter(user=user, id=alias_id).first()
    return found
