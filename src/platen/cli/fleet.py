"""`platen fleet …`: the machines, what they say of themselves, and what asking them costs."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from platen.cli.database import Refusal
from platen.cli.main import app
from platen.cli.options import AsJson

fleet = typer.Typer(help="The fleet: find machines, read them, watch them.", no_args_is_help=True)
app.add_typer(fleet, name="fleet")

_AUTH = "MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512."
_PRIV = "DES, 3DES, AES-128, AES-192, AES-256, AES-192-CISCO or AES-256-CISCO."


@fleet.command("read")
def read(
    address: Annotated[str, typer.Option("--address", help="HOST or HOST:PORT; [2001:db8::7]:161 for IPv6.")],
    community: Annotated[
        list[str] | None, typer.Option("--community", help="Tried in order; public if left out. May be repeated.")
    ] = None,
    v3_user: Annotated[str, typer.Option("--v3", help="User of SNMPv3, tried first.")] = "",
    v3_auth: Annotated[str, typer.Option("--v3-auth", help=_AUTH)] = "SHA-256",
    v3_auth_password: Annotated[
        str, typer.Option("--v3-auth-password", envvar="PLATEN_SNMP_AUTH_PASSWORD", help="Signs.")
    ] = "",
    v3_priv: Annotated[str, typer.Option("--v3-priv", help=_PRIV)] = "AES-128",
    v3_priv_password: Annotated[
        str, typer.Option("--v3-priv-password", envvar="PLATEN_SNMP_PRIV_PASSWORD", help="Encrypts.")
    ] = "",
    v1: Annotated[bool, typer.Option("--v1", help="SNMPv1 only.")] = False,
    ipp: Annotated[bool, typer.Option("--ipp", help="Ask by IPP as well, for what only that knows.")] = False,
    again: Annotated[
        int, typer.Option("--again", help="Read so many times more by the plan, as the node does.", min=0, max=1000)
    ] = 0,
    raw: Annotated[bool, typer.Option("--raw", help="Also every object as it was answered.")] = False,
    timeout_s: Annotated[float, typer.Option("--timeout", help="Seconds to wait for an answer.", min=0.05)] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Read one machine and show it; nothing is stored, and no database is needed."""
    from platen.cli.fleet_reading import Asked, read_one, show_reading
    from platen.cli.fleet_targets import credentials_of, target_of
    from platen.protocols.snmp import SnmpError
    from platen.services.collect.snmp_errors import SnmpFailed
    from platen.services.output.errors import DeviceError

    try:
        credentials = credentials_of(
            community or ["public"],
            v3=(v3_user, v3_auth, v3_auth_password, v3_priv, v3_priv_password),
            v1=v1,
        )
        asked = Asked(target_of(address), credentials, ipp=ipp, again=again, timeout_s=timeout_s)
        found = asyncio.run(read_one(asked))
    except (SnmpError, SnmpFailed, DeviceError, ValueError) as error:
        raise Refusal(str(error)) from error
    show_reading(found, raw=raw, as_json=as_json)
