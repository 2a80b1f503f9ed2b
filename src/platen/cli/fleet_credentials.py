"""`platen fleet credentials …`: what machines are asked with. Secrets go in, and never come out again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from platen.cli.database import tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show, show_one
from platen.cli.options import AsJson, Tenant, actor
from platen.cli.refusal import Refusal
from platen.cli.search_credentials import credentials_named
from platen.cli.secrets_given import Secrets, SecretsFile, secrets_in
from platen.cli.snmp_options import AUTH_HELP, LEVELS, PRIVACY_HELP, stored_protocol, user_values

if TYPE_CHECKING:
    from platen.fleet.credentials import CredentialValues
    from platen.fleet.models import Credential

credentials = typer.Typer(help="What machines are asked with.", no_args_is_help=True)
fleet.add_typer(credentials, name="credentials")
_WRITES = "May be used to change a machine."
_COMMENT = "A remark."
_RANK = "The lowest is tried first."


@credentials.command("list")
def list_credentials(tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List credentials in the order in which they are tried; without their secrets."""
    with tenant(tenant_slug):
        from platen.fleet.credentials import credentials_in_order

        columns = [Column("name"), Column("kind"), Column("user"), Column("auth"), Column("privacy")]
        columns += [Column("rank", right=True), Column("writes"), Column("comment")]
        rows = [_row(each) for each in credentials_in_order()]
        show(rows, columns, as_json=as_json, empty="None. Machines are asked with the community they have when new.")


@credentials.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    user: Annotated[str, typer.Option("--v3", help="It is this user of SNMPv3; without it a community.")] = "",
    level: Annotated[str, typer.Option("--v3-level", help=f"{', '.join(LEVELS)}.")] = LEVELS[2],
    auth: Annotated[str, typer.Option("--v3-auth", help=AUTH_HELP)] = "SHA-256",
    privacy: Annotated[str, typer.Option("--v3-priv", help=PRIVACY_HELP)] = "AES-128",
    context: Annotated[str, typer.Option("--v3-context", help="Its context.")] = "",
    v1: Annotated[bool, typer.Option("--v1", help="The community is for SNMPv1.")] = False,
    secrets: SecretsFile = None,
    rank: Annotated[int, typer.Option("--rank", help=_RANK)] = 100,
    writes: Annotated[bool, typer.Option("--writes", help=_WRITES)] = False,
    comment: Annotated[str, typer.Option("--comment", help=_COMMENT)] = "",
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add a credential. Its secrets are typed unseen, or come from --secrets or the environment.

    PLATEN_SNMP_COMMUNITY, PLATEN_SNMP_AUTH_PASSWORD and PLATEN_SNMP_PRIV_PASSWORD are looked at.
    """
    kept = secrets_in(secrets)
    with tenant(tenant_slug):
        from platen.fleet.credentials import add_credential

        values = user_values(user, level, auth, privacy, context, kept) if user else _community(kept, v1=v1)
        values = replace(values, rank=rank, writes=writes, comment=comment)
        made = add_credential(name, values, by=actor())
        show_one(_row(made), f"{made.name} is added.", as_json=as_json)


@credentials.command("change")
def change(
    name: str,
    new_name: Annotated[str, typer.Option("--name", help="What people call it from now on.")] = "",
    user: Annotated[str, typer.Option("--v3", help="Its user of SNMPv3.")] = "",
    auth: Annotated[str, typer.Option("--v3-auth", help=f"{AUTH_HELP} “none”: without.")] = "",
    privacy: Annotated[str, typer.Option("--v3-priv", help=f"{PRIVACY_HELP} “none”: without.")] = "",
    context: Annotated[str | None, typer.Option("--v3-context", help="Its context.")] = None,
    secrets: SecretsFile = None,
    ask: Annotated[bool, typer.Option("--ask", help="Type its secrets anew, unseen.")] = False,
    rank: Annotated[int | None, typer.Option("--rank", help=_RANK)] = None,
    writes: Annotated[bool | None, typer.Option("--writes/--no-writes", help=_WRITES)] = None,
    comment: Annotated[str | None, typer.Option("--comment", help=_COMMENT)] = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Change a credential; what is left out stays, its secrets as well."""
    kept = secrets_in(secrets)
    with tenant(tenant_slug):
        from platen.fleet.credentials import change_credential

        (found,) = credentials_named([name])
        wish = _with_protocols(_values_of(found), auth, privacy)
        given = {"user": user or None, "context": context, "rank": rank, "writes": writes, "comment": comment}
        wish = replace(wish, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # each of its field's type
        if ask or kept.found:
            wish = _with_secrets(wish, kept, ask=ask)
        change_credential(found, wish, by=actor(), name=new_name)
        show_one(_row(found), f"{found.name} is changed.", as_json=as_json)


@credentials.command("remove")
def remove(name: str, tenant_slug: Tenant = None) -> None:
    """Remove a credential. Machines that answered to it are asked with the others."""
    with tenant(tenant_slug):
        from platen.fleet.credentials import remove_credential

        (found,) = credentials_named([name])
        remove_credential(found, by=actor())
        typer.echo(f"{name} is removed.")


def _row(credential: Credential) -> dict[str, object]:
    shown = ("name", "kind", "user", "context", "auth", "privacy", "rank", "writes", "comment")
    return {each: getattr(credential, each) for each in shown}


def _community(secrets: Secrets, *, v1: bool) -> CredentialValues:
    from platen.fleet.credentials import CredentialValues

    return CredentialValues(kind="snmpv1" if v1 else "snmpv2c", community=secrets.needed("community"))


def _values_of(credential: Credential) -> CredentialValues:
    """As it is, without its secrets: those that are left empty stay."""
    from platen.fleet.credentials import CredentialValues

    same = ("kind", "user", "context", "auth", "privacy", "writes", "rank", "comment")
    return CredentialValues(**{each: getattr(credential, each) for each in same})


def _with_protocols(values: CredentialValues, auth: str, privacy: str) -> CredentialValues:
    """Raises: Refusal."""
    from platen.fleet.credentials import AUTH, PRIVACY

    if (auth or privacy) and values.kind != "snmpv3":
        raise Refusal("A community has no protocols. Add a user of SNMPv3 with --v3.")
    chosen = {}
    for field, typed, known in (("auth", auth, AUTH), ("privacy", privacy, PRIVACY)):
        if typed:
            chosen[field] = "" if typed.lower() == "none" else stored_protocol(typed, known)
    return replace(values, **chosen)  # type: ignore[arg-type]  # texts


def _with_secrets(values: CredentialValues, secrets: Secrets, *, ask: bool) -> CredentialValues:
    """Those that this kind has."""
    names = ["community"] if values.kind != "snmpv3" else []
    names += ["auth_password"] if values.auth else []
    names += ["privacy_password"] if values.privacy else []
    found = {each: secrets.needed(each) if ask else secrets.get(each) for each in names}
    return replace(values, **found)  # type: ignore[arg-type]  # texts
