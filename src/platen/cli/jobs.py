"""`platen jobs …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.devices import device_named
from platen.cli.listing import Column, show
from platen.cli.main import app
from platen.cli.options import AsJson, Limit, Tenant, actor
from platen.cli.people import person

if TYPE_CHECKING:
    from platen.printing.models import Job

NAME_SHOWN_MAX = 60

jobs = typer.Typer(help="Jobs: list, release, cancel.", no_args_is_help=True)
app.add_typer(jobs, name="jobs")


@jobs.command("list")
def list_jobs(
    owner: str = typer.Option("", help="Of this logon only."),
    every: bool = typer.Option(False, "--all", help="Ended jobs as well."),
    limit: Limit = 100,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List jobs, newest first."""
    with tenant(tenant_slug):
        from platen.printing.models import OPEN_STATES, Job

        found = Job.objects.select_related("queue", "owner", "device").order_by("-id")
        if not every:
            found = found.filter(state__in=OPEN_STATES)
        if owner:
            found = found.filter(owner=person(owner))
        columns = [
            Column("id"),
            Column("name", length_max=NAME_SHOWN_MAX),
            Column("owner"),
            Column("state"),
            Column("pages", right=True),
        ]
        columns += [Column("queue"), Column("device"), Column("created", "received"), Column("why")]
        show([_row(job) for job in found[:limit]], columns, as_json=as_json, empty="No jobs.")


def _row(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "uuid": job.uuid,
        "name": job.name,
        "owner": job.owner.logon if job.owner else None,
        "submitted_as": job.submitted_as,
        "state": job.job_state.keyword,
        "state_reasons": job.state_reasons.split(),
        "why": job.state_message or _waits_for_an_owner(job),
        "pages": job.pages,
        "color_pages": job.color_pages,
        "copies": job.copies,
        "size_bytes": job.size_bytes,
        "document_format": job.document_format,
        "queue": job.queue.name,
        "device": job.device.name if job.device else None,
        "created": job.created_at,
        "completed": job.completed_at,
    }


def _waits_for_an_owner(job: Job) -> str:
    if job.owner or job.job_state.is_final:
        return ""
    return f"Nobody is known as “{job.submitted_as}”." if job.submitted_as else "It does not say whose it is."


@jobs.command("release")
def release(
    job_id: int,
    device: str = typer.Option(..., help="The device to print at."),
    tenant_slug: Tenant = None,
) -> None:
    """Let a held job print at a device; the running server delivers it."""
    with tenant(tenant_slug):
        from platen.printing.queries import job_by_id
        from platen.printing.release import release_unattended

        job = job_by_id(job_id)
        release_unattended(job, device_named(device), by=actor())
        typer.echo(f"“{job.name}” goes to {device}.")


@jobs.command("cancel")
def cancel(job_ids: list[int], tenant_slug: Tenant = None) -> None:
    """Delete jobs."""
    with tenant(tenant_slug):
        from platen.printing.errors import PrintingError
        from platen.printing.node_spool import node_spool
        from platen.printing.queries import job_by_id
        from platen.printing.services import cancel_job

        refused = []
        for job_id in job_ids:
            try:
                cancel_job(node_spool(), job_by_id(job_id), by=actor())
            except PrintingError as error:
                refused.append(str(error))
        if refused:
            raise Refusal(" ".join(refused))
        typer.echo(f"{len(job_ids)} deleted.")
