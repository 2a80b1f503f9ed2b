"""`platen events list`."""

from __future__ import annotations

import typer

from platen.cli.database import tenant
from platen.cli.listing import Column, show
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant

events = typer.Typer(help="The event log.", no_args_is_help=True)
app.add_typer(events, name="events")


@events.command("list")
def list_events(
    limit: Limit = 100,
    severity: int = typer.Option(5, min=1, max=5, help="Up to this severity: 1 critical … 5 information."),
    job: int | None = typer.Option(None, help="Of this job only."),
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List what happened, newest first."""
    with tenant(tenant_slug):
        from platen.eventlog.models import Event

        found = Event.objects.filter(severity__lte=severity).order_by("-id")
        if job is not None:
            found = found.filter(job_id=job)
        rows = [
            {
                "id": event.id,
                "at": event.at,
                "severity": event.get_severity_display(),
                "kind": event.kind,
                "message": event.message,
                "job_id": event.job_id,
            }
            for event in found[:limit]
        ]
        show(
            rows, [Column("at"), Column("severity"), Column("message")], as_json=as_json, empty="Nothing happened yet."
        )
