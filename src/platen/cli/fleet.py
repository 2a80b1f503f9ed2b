"""`platen fleet …`: the machines, what they say of themselves, and what asking them costs."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from platen.cli.database import Refusal
from platen.cli.main import app
from platen.cli.options import AsJson
from platen.cli.secrets_given import SecretsFile, secrets_in
from platen.cli.snmp_options import AUTH_HELP, PRIVACY_HELP, communities_of

fleet = typer.Typer(help="The fleet: find machines, read them, watch them.", no_args_is_help=True)
app.add_typer(fleet, name="fleet")


@fleet.command("read")
def read(
    address: Annotated[
        str,
        typer.Option(
            "--address",
            help="HOST or HOST:PORT of SNMP; [2001:db8::7]:161 for IPv6. ipp://HOST:PORT/path or ipps://… is read by "
            "IPP alone.",
        ),
    ],
    community: Annotated[
        list[str] | None,
        typer.Option("--community", help="Tried in order; - to type it unseen; public if left out. May be repeated."),
    ] = None,
    v3_user: Annotated[str, typer.Option("--v3", help="User of SNMPv3, tried first.")] = "",
    v3_auth: Annotated[str, typer.Option("--v3-auth", help=AUTH_HELP)] = "SHA-256",
    v3_auth_password: Annotated[
        str, typer.Option("--v3-auth-password", help="Signs; others may see it here, so rather use --secrets.")
    ] = "",
    v3_priv: Annotated[str, typer.Option("--v3-priv", help=PRIVACY_HELP)] = "AES-128",
    v3_priv_password: Annotated[
        str, typer.Option("--v3-priv-password", help="Encrypts; others may see it here, so rather use --secrets.")
    ] = "",
    secrets: SecretsFile = None,
    v1: Annotated[bool, typer.Option("--v1", help="SNMPv1 only.")] = False,
    ipp: Annotated[bool, typer.Option("--ipp", help="Ask by IPP as well, for what only that knows.")] = False,
    ipp_port: Annotated[
        int | None, typer.Option("--ipp-port", help="Ask by IPP as well, at this port.", min=1, max=65_535)
    ] = None,
    again: Annotated[
        int, typer.Option("--again", help="Read so many times more by the plan, as the node does.", min=0, max=1000)
    ] = 0,
    raw: Annotated[bool, typer.Option("--raw", help="Also every object as it was answered.")] = False,
    timeout_s: Annotated[float, typer.Option("--timeout", help="Seconds to wait for an answer.", min=0.05)] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Read one machine and show it; nothing is stored, and no database is needed."""
    from platen.cli.fleet_reading import asked_at, read_one, show_reading
    from platen.cli.fleet_targets import credentials_of
    from platen.protocols.snmp import SnmpError
    from platen.services.collect.snmp_errors import SnmpFailed
    from platen.services.output.errors import DeviceError

    kept = secrets_in(secrets)
    signs, encrypts = v3_auth_password or kept.get("auth_password"), v3_priv_password or kept.get("privacy_password")
    try:
        credentials = credentials_of(
            communities_of(community or [], kept) or ["public"],
            v3=(v3_user, v3_auth, signs, v3_priv, encrypts),
            v1=v1,
        )
        asked = asked_at(
            address, credentials, ipp=ipp or ipp_port is not None, ipp_port=ipp_port, again=again, timeout_s=timeout_s
        )
        found = asyncio.run(read_one(asked))
    except (SnmpError, SnmpFailed, DeviceError, ValueError) as error:
        raise Refusal(str(error)) from error
    show_reading(found, raw=raw, as_json=as_json)
