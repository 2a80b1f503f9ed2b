"""`platen cards …`."""

from __future__ import annotations

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.listing import show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Tenant, actor
from platen.cli.people import person

cards = typer.Typer(help="Cards and ID codes.", no_args_is_help=True)
app.add_typer(cards, name="cards")


@cards.command("add")
def add(
    logon: str,
    number: str,
    code: bool = typer.Option(False, "--code", help="It is an ID code that is typed."),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Register a card for a person."""
    with tenant(tenant_slug):
        from platen.directory.cards import add_card
        from platen.directory.models import CardKind

        user = person(logon)
        card = add_card(user, number, by=actor(), kind=CardKind.ID_CODE if code else CardKind.CARD)
        row = {"id": card.id, "logon": user.logon, "kind": card.kind}
        show_one(row, f"The card belongs to {user} now.", as_json=as_json)


@cards.command("remove")
def remove(number: str, tenant_slug: Tenant = None) -> None:
    """Remove a card; its person stays."""
    with tenant(tenant_slug):
        from platen.directory.cards import remove_card
        from platen.directory.queries import card_by_number

        card = card_by_number(number)
        if card is None:
            raise Refusal("No card has this number. Case counts, and so do leading zeros.")
        remove_card(card, by=actor())
        typer.echo(f"The card of {card.user} is removed.")


@cards.command("find")
def find(number: str, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """Say whose card this is."""
    with tenant(tenant_slug):
        from platen.directory.queries import card_by_number

        card = card_by_number(number)
        if card is None:
            raise Refusal("No card has this number. Case counts, and so do leading zeros.")
        row = {
            "logon": card.user.logon,
            "name": card.user.full_name,
            "kind": card.kind,
            "valid_from": card.valid_from,
            "valid_until": card.valid_until,
        }
        until = f", until {card.valid_until:%Y-%m-%d %H:%M}" if card.valid_until else ""
        show_one(row, f"{card.user} ({card.user.logon}){until}", as_json=as_json)
