"""Everybody's cards, ID codes and aliases: page by page for an overview, and whole for a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from platen.directory.models import Alias, Card, User
from platen.directory.queries import PAGE_SIZE, CardView, card_view
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change

ID_FIELDS = ("UserLogon", "FullName", "CardNo")
ALIAS_FIELDS = ("UserLogon", "FullName", "Alias")
EXPORT_MAX = 100_000

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ListedId:
    """One ID with its number in clear, and whose it is."""

    card: CardView
    user: User


@dataclass(frozen=True, slots=True)
class IdPage:
    """Some IDs as they were registered; `next_after` continues after them, None at the end."""

    ids: list[ListedId]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class AliasPage:
    """Some aliases as they were made, their people loaded; `next_after` as above."""

    aliases: list[Alias]
    next_after: int | None


def page_of_ids(*, temporary: bool, after: int = 0, size: int = PAGE_SIZE) -> IdPage:
    """IDs that end by themselves, or those that do not. For those alone who may list all (platen.access.rights)."""
    found = list(_ids(temporary, after)[: size + 1])
    shown = [ListedId(card_view(card, reveal=True), card.user) for card in found[:size]]
    return IdPage(shown, shown[-1].card.id if len(found) > size else None)


def page_of_aliases(*, after: int = 0, size: int = PAGE_SIZE) -> AliasPage:
    """Every alias with its person."""
    found = list(_aliases(after)[: size + 1])
    shown = found[:size]
    return AliasPage(shown, shown[-1].id if len(found) > size else None)


def ids_by_key(keys: Collection[int]) -> list[Card]:
    """The IDs of these rows that are still there, their people loaded."""
    return list(Card.objects.filter(id__in=keys).select_related("user").order_by("id"))


@transaction.atomic
def export_ids(*, temporary: bool, by: Actor) -> list[Line]:
    """Lines of ID_FIELDS, numbers in clear; who took them is on the audit trail."""
    kind = "temporary" if temporary else "permanent"
    record_change(by, "ids_exported", kind, f"All {kind} cards and ID codes were exported")
    cards = _ids(temporary)[:EXPORT_MAX].iterator(chunk_size=1000)
    return [(card.user.logon, card.user.full_name, card_view(card, reveal=True).number) for card in cards]


@transaction.atomic
def export_aliases(*, by: Actor) -> list[Line]:
    """Lines of ALIAS_FIELDS."""
    record_change(by, "aliases_exported", "aliases", "All aliases were exported")
    return [(alias.user.logon, alias.user.full_name, alias.name) for alias in _aliases()[:EXPORT_MAX]]


def _ids(temporary: bool, after: int = 0) -> QuerySet[Card]:
    found: QuerySet[Card] = Card.objects.filter(valid_until__isnull=not temporary, id__gt=after)
    return found.select_related("user").order_by("id")


def _aliases(after: int = 0) -> QuerySet[Alias]:
    found: QuerySet[Alias] = Alias.objects.filter(id__gt=after)
    return found.select_related("user").order_by("id")
