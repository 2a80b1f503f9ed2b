"""`platen readers …`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.devices import device_named
from platen.cli.listing import Column, show, show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Tenant, actor

readers = typer.Typer(help="Ethernet card readers.", no_args_is_help=True)
app.add_typer(readers, name="readers")


@readers.command("add")
def add(
    name: str,
    device: str = typer.Option(..., help="The device it stands at."),
    address: str = typer.Option(..., help="The address it connects from."),
    technology: str = typer.Option("", help="What kind of cards it reads: mifare, hid-prox, em, magnetic-2, …"),
    card_format: str = typer.Option("{}", "--format", help="How a line becomes a card number, as JSON."),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add a reader; it connects to PLATEN_READER_PORT and sends a line a card."""
    try:
        given = json.loads(card_format)
    except json.JSONDecodeError as error:
        raise Refusal(f'--format is not JSON: {error}. For example: \'{{"strip_prefix": "ID:"}}\'') from error
    with tenant(tenant_slug):
        from platen.devices.readers import add_reader

        reader = add_reader(name, device_named(device), address, by=actor(), technology=technology, card_format=given)
        row = {"id": reader.id, "name": reader.name, "device": device, "address": reader.address}
        show_one(row, f"{name} releases at {device} now.", as_json=as_json)


@readers.command("list")
def list_readers(tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List readers."""
    with tenant(tenant_slug):
        from platen.devices.queries import all_readers

        rows = [
            {
                "name": reader.name,
                "device": reader.device.name,
                "address": reader.address,
                "last_seen": reader.last_seen_at,
            }
            for reader in all_readers()
        ]
        show(
            rows,
            [Column(key) for key in ("name", "device", "address", "last_seen")],
            as_json=as_json,
            empty="No card reader yet. Add one with `platen readers add`.",
        )


@readers.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV: the reader's address first, its device's in the fourth column.")],
    technology: str = typer.Option("", help="What kind of cards they read: mifare, hid-prox, em, magnetic-2, …"),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add the readers that a file names; each row says what became of it. Exit status: 1 where one was not added."""
    with tenant(tenant_slug):
        from platen.devices.reader_files import import_readers

        try:
            octets = file.read_bytes()
        except OSError as error:
            raise Refusal(f"{file} cannot be read: {error.strerror}.") from error
        done = [asdict(each) for each in import_readers(octets, by=actor(), technology=technology)]
        show(done, [Column(key) for key in ("line", "address", "device", "added", "message")], as_json=as_json)
    if not all(row["added"] for row in done):
        raise typer.Exit(1)


@readers.command("remove")
def remove(name: str, tenant_slug: Tenant = None) -> None:
    """Remove a reader."""
    with tenant(tenant_slug):
        from platen.devices.queries import reader_by_name
        from platen.devices.readers import remove_reader

        reader = reader_by_name(name)
        if reader is None:
            raise Refusal(f"There is no reader {name!r}.")
        remove_reader(reader, by=actor())
        typer.echo(f"{name} is removed.")
