"""`platen queues …`."""

from __future__ import annotations

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.devices import device_named
from platen.cli.listing import Column, show, show_one
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant, actor

queues = typer.Typer(help="Queues: what computers print to.", no_args_is_help=True)
app.add_typer(queues, name="queues")


@queues.command("add")
def add(
    name: str,
    pull: bool = typer.Option(False, "--pull", help="Hold jobs until their owner stands at a device."),
    push: str = typer.Option("", help="Send jobs on to this device at once."),
    lpd_port: int | None = typer.Option(None, help="An LPD port of its own."),
    raw_port: int | None = typer.Option(None, help="A raw port of its own."),
    default: bool = typer.Option(False, "--default", help="Answer /ipp/print without a name."),
    sign_in_required: bool = typer.Option(
        False, "--sign-in-required", help="Take jobs only by IPPS, from people who give their password."
    ),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Add a queue: --pull, or --push DEVICE."""
    if pull == bool(push):
        raise Refusal("Say what the queue does with a job: --pull, or --push DEVICE.")
    with tenant(tenant_slug):
        from platen.devices.models import QueueKind
        from platen.devices.queues import add_queue

        queue = add_queue(
            name,
            QueueKind.PUSH if push else QueueKind.PULL,
            by=actor(),
            device=device_named(push) if push else None,
            is_default=default,
            lpd_port=lpd_port,
            raw_port=raw_port,
            sign_in_required=sign_in_required,
        )
        row = {"id": queue.id, "uuid": queue.uuid, "name": queue.name, "kind": queue.kind}
        scheme, port = ("ipps", "TLS-PORT") if sign_in_required else ("ipp", "PORT")
        show_one(row, f"Print to {scheme}://THIS-HOST:{port}/ipp/print/{queue.name}", as_json=as_json)


@queues.command("list")
def list_queues(limit: Limit = 1000, tenant_slug: Tenant = None, as_json: AsJson = False) -> None:
    """List queues."""
    with tenant(tenant_slug):
        from platen.devices.queries import page_of_queues

        rows = [
            {
                "id": queue.id,
                "name": queue.name,
                "kind": queue.kind,
                "device": queue.device.name if queue.device else None,
                "default": queue.is_default,
                "lpd_port": queue.lpd_port,
                "raw_port": queue.raw_port,
                "sign_in_required": queue.sign_in_required,
            }
            for queue in page_of_queues(size=limit).rows
        ]
        show(
            rows,
            [Column(key) for key in ("name", "kind", "device", "default", "lpd_port", "raw_port", "sign_in_required")],
            as_json=as_json,
        )


@queues.command("remove")
def remove(name: str, tenant_slug: Tenant = None) -> None:
    """Remove a queue that no job belongs to."""
    with tenant(tenant_slug):
        from platen.devices.queries import queue_by_name
        from platen.devices.queues import remove_queue

        queue = queue_by_name(name)
        if queue is None:
            raise Refusal(f"There is no queue {name!r}.")
        remove_queue(queue, by=actor())
        typer.echo(f"{name} is removed.")
