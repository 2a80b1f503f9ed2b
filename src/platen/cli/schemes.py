"""`platen schemes …`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.listing import Column, show
from platen.cli.main import app
from platen.cli.options import AsJson, Tenant, actor

schemes = typer.Typer(help="Charging schemes: what printing costs.", no_args_is_help=True)
app.add_typer(schemes, name="schemes")


@schemes.command("set")
def set_scheme(
    name: str,
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, help="Prices, as TOML or JSON; README.md has an example."
    ),
    description: str = typer.Option("", help="What it is for."),
    tenant_slug: Tenant = None,
) -> None:
    """Make or replace a charging scheme from a file."""
    prices = _read(file)
    with tenant(tenant_slug):
        from platen.tracking import schemes as verbs

        verbs.set_scheme(name, prices, description=description, by=actor())
        typer.echo(f"{name} holds these prices now.")


def _read(file: Path) -> dict[str, object]:
    text = file.read_text("utf-8")
    try:
        read: dict[str, object] = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(f"{file} cannot be read: {error}") from error
    return read


@schemes.command("list")
def list_schemes(tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List charging schemes."""
    with tenant(tenant_slug):
        from platen.tracking import schemes as verbs

        rows = [
            {"name": scheme.name, "description": scheme.description, "prices": scheme.prices}
            for scheme in verbs.all_schemes()
        ]
        show(
            rows,
            [Column("name"), Column("description")],
            as_json=as_json,
            empty="No charging scheme: printing costs nothing.",
        )
