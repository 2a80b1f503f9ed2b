"""`platen users …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.listing import Column, show, show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant, actor

if TYPE_CHECKING:
    from platen.directory.models import User

users = typer.Typer(help="People: add, list, change, remove.", no_args_is_help=True)
app.add_typer(users, name="users")


@users.command("add")
def add(
    logon: str,
    name: str = typer.Option("", help="Full name."),
    email: str = typer.Option("", help="E-mail address."),
    domain: str = typer.Option("", help="Domain of the logon."),
    card: list[str] = typer.Option([], help="Card number; may be given several times."),
    pin: str = typer.Option("", help="PIN of 4 or more digits."),
    role: str = typer.Option("user", help="user, auditor, help-desk, device-manager or administrator."),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add a person."""
    with tenant(tenant_slug):
        from django.db import transaction

        from platen.directory.cards import add_card
        from platen.directory.models import Role
        from platen.directory.people import create_user
        from platen.directory.pins import set_pin

        if role not in Role.values:
            raise Refusal(f"{role!r} is no role. Write one of: {', '.join(Role.values)}.")
        with transaction.atomic():
            user = create_user(logon, by=actor(), domain=domain, full_name=name, email=email, role=Role(role))
            for number in card:
                add_card(user, number, by=actor())
            if pin:
                set_pin(user, pin, by=actor())
        row = {"id": user.id, "uuid": user.uuid, "logon": user.logon, "name": user.full_name, "cards": len(card)}
        show_one(row, f"{user} can print now.", as_json=as_json)


@users.command("list")
def list_users(
    search: str = typer.Option("", help="Part of a name or logon, or a whole card number."),
    limit: Limit = 1000,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List people."""
    with tenant(tenant_slug):
        from platen.directory import queries

        found = queries.search(search, limit) if search else queries.page_of_users(size=limit).users
        rows = [
            {
                "id": user.id,
                "logon": user.logon,
                "domain": user.domain,
                "name": user.full_name,
                "email": user.email,
                "role": user.role,
                "prevent_login": user.prevent_login,
            }
            for user in found
        ]
        columns = [Column("logon"), Column("domain"), Column("name"), Column("email"), Column("role")]
        show(
            rows,
            [*columns, Column("prevent_login", "locked")],
            as_json=as_json,
            empty="Nobody yet. Add a person with `platen users add`.",
        )


@users.command("unlock")
def unlock(logon: str, tenant_slug: Tenant = None) -> None:
    """Let a person sign in again after too many wrong PINs or passwords."""
    with tenant(tenant_slug):
        from platen.directory.people import unlock_user

        unlock_user(person(logon), by=actor())
        typer.echo(f"{logon} can sign in again.")


@users.command("password")
def password(logon: str, tenant_slug: Tenant = None) -> None:
    """Set a person's password for the console; asks for it."""
    with tenant(tenant_slug):
        from platen.access.passwords import set_password

        user = person(logon)
        set_password(user, typer.prompt("New password", hide_input=True, confirmation_prompt=True), by=actor())
        typer.echo(f"{logon} has a new password.")


@users.command("limit")
def limit(
    logon: str,
    region: list[str] = typer.Option([], help="A region's name; may be given several times."),
    everywhere: bool = typer.Option(False, "--everywhere", help="The rights hold for every device again."),
    tenant_slug: Tenant = None,
) -> None:
    """Let a person's rights hold for devices of some regions only, or for all again."""
    if bool(region) is everywhere:
        raise Refusal("Say --region NAME, once or several times, or --everywhere.")
    with tenant(tenant_slug):
        from platen.access.regions import limit_to_regions
        from platen.fleet.queries_rows import regions_by_name

        known = {each.name: each.pk for each in regions_by_name()}
        unknown = [name for name in region if name not in known]
        if unknown:
            raise Refusal(f"There is no region {', '.join(unknown)}. There are {', '.join(known) or 'none'}.")
        limit_to_regions(person(logon), None if everywhere else [known[name] for name in region], by=actor())
        typer.echo(f"The rights of {logon} hold for {'every device' if everywhere else ', '.join(region)}.")


@users.command("remove")
def remove(
    logon: str, yes: bool = typer.Option(False, "--yes", help="Do not ask."), tenant_slug: Tenant = None
) -> None:
    """Remove a person and their waiting documents."""
    with tenant(tenant_slug):
        from platen.directory.people import delete_user

        user = person(logon)
        if not yes:
            typer.confirm(f"Remove {user} with all cards and waiting documents?", abort=True)
        delete_user(user, by=actor())
        typer.echo(f"{logon} is removed.")


def person(logon: str) -> User:
    """The person of a logon. Raises: Refusal."""
    from platen.directory.queries import find_by_logon

    user = find_by_logon(logon)
    if user is None:
        raise Refusal(f"Nobody has the logon {logon!r}. `platen users list` shows who is there.")
    return user
