"""`platen devices …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.listing import Column, show, show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant, actor

if TYPE_CHECKING:
    from platen.devices.models import Device

devices = typer.Typer(help="Devices: the machines that print.", no_args_is_help=True)
app.add_typer(devices, name="devices")


@devices.command("add")
def add(
    name: str,
    uri: str = typer.Option(
        ..., help="ipp://…, ipps://…, socket://HOST:9100 or lpd://HOST/QUEUE; HOST alone is asked how it prints."
    ),
    scheme: str = typer.Option("", help="Charging scheme that prices its work."),
    secondary_scheme: str = typer.Option("", help="Charging scheme of true cost."),
    location: str = typer.Option("", help="Where it stands."),
    print_all_at_login: bool | None = typer.Option(
        None,
        "--print-all-at-login/--no-print-all-at-login",
        help="A card prints everything at once; default: as the person has it.",
    ),
    pjl_status: bool = typer.Option(False, help="A socket device that answers PJL job status."),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add a device."""
    with tenant(tenant_slug):
        from django.db import transaction

        from platen.devices.machines import add_device
        from platen.services.output.settling import settled_uri

        found = settled_uri(uri)
        with transaction.atomic():
            device = add_device(
                name, found, by=actor(), location=location, print_all_at_login=print_all_at_login, pjl_status=pjl_status
            )
            if scheme or secondary_scheme:
                _assign(device, scheme, secondary_scheme)
        row = {"id": device.id, "uuid": device.uuid, "name": device.name, "uri": device.uri}
        show_one(
            row, f"{device.name} is added. Pair its panel with `platen devices pair {device.name}`.", as_json=as_json
        )


def _assign(device: Device, scheme: str, secondary: str) -> None:
    from platen.tracking.schemes import assign, scheme_by_name

    chosen = []
    for name in (scheme, secondary):
        found = scheme_by_name(name) if name else None
        if name and found is None:
            raise Refusal(f"There is no charging scheme {name!r}. Make it with `platen schemes set`.")
        chosen.append(found)
    assign(device, primary=chosen[0], secondary=chosen[1], by=actor())


@devices.command("list")
def list_devices(limit: Limit = 1000, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List devices and their state."""
    with tenant(tenant_slug):
        from platen.devices.queries import page_of_devices

        rows = [
            {
                "id": device.id,
                "name": device.name,
                "uri": device.uri,
                "location": device.location,
                "state": device.get_state_display(),
                "state_message": device.state_message,
                "out_of_service": device.out_of_service,
            }
            for device in page_of_devices(size=limit).rows
        ]
        columns = [Column("name"), Column("uri"), Column("location"), Column("state"), Column("state_message", "why")]
        show(rows, columns, as_json=as_json, empty="No device yet. Add one with `platen devices add`.")


@devices.command("remove")
def remove(name: str, tenant_slug: Tenant = None) -> None:
    """Remove a device that no queue needs."""
    with tenant(tenant_slug):
        from platen.devices.machines import remove_device

        remove_device(device_named(name), by=actor())
        typer.echo(f"{name} is removed.")


@devices.command("pair")
def pair(name: str, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """Make a code that pairs a browser at the device with it: open /panel/ there and type the code."""
    with tenant(tenant_slug):
        from django.utils import timezone

        from platen.devices.services import new_pairing_code

        code = new_pairing_code(device_named(name), by=actor(), now=timezone.now())
        show_one(
            {"device": name, "code": code},
            f"Open /panel/ at {name} and type {code} within 15 minutes.",
            as_json=as_json,
        )


def device_named(name: str) -> Device:
    """A device by its name. Raises: Refusal."""
    from platen.devices.queries import device_by_name

    device = device_by_name(name)
    if device is None:
        raise Refusal(f"There is no device {name!r}. `platen devices list` shows those there are.")
    return device
