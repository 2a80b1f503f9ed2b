"""Jobs: /jobs. Documents come in by IPP, not here: that is what stores them durably and by the stream."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs, person, sees_names
from platen.api.job_values import JobShown, job_shown, jobs_shown
from platen.api.lookup import device_of, job_of, number_after, user_of
from platen.api.values import Input, Page, Paging
from platen.printing.job_lists import JobFilter, JobView, page_of_jobs
from platen.printing.node_spool import node_spool
from platen.printing.release import release_unattended
from platen.printing.services import assign_owner, cancel_job

router = Router()


class JobsWanted(Paging):
    """Which jobs."""

    view: JobView = JobView.OPEN
    q: str = Field("", description="Part of the document's name or its owner's, or a job's number; of the newest jobs.")
    owner: UUID | None = None
    device: UUID | None = None


class ReleaseWanted(Input):
    """Where to print: a device's uuid."""

    device: UUID


class OwnerWanted(Input):
    """Whose the job shall be: a person's uuid."""

    owner: UUID


class Released(Schema):
    """The delivery that began; a usage record tells of it when it is over."""

    delivery: int


@router.get("", response=Page[JobShown], auth=needs(Right.SEE_JOBS))
def list_jobs(request: HttpRequest, wanted: Query[JobsWanted]) -> Page[JobShown]:
    """Jobs, newest first."""
    chosen = JobFilter(
        view=wanted.view,
        text=wanted.q,
        by_name=sees_names(request),
        owner=user_of(wanted.owner) if wanted.owner else None,
        device=device_of(wanted.device) if wanted.device else None,
    )
    page = page_of_jobs(chosen, number_after(wanted.after), size=wanted.limit)
    return jobs_shown(page, sees_names=sees_names(request), own=person(request).id)


@router.get("/{int:job_id}", response=JobShown, auth=needs(Right.SEE_JOBS))
def show(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """One job."""
    return job_shown(job_of(job_id), sees_names=sees_names(request), own=person(request).id)


@router.delete("/{int:job_id}", response=JobShown, auth=needs(Right.CHANGE_JOBS))
def cancel(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """Cancel a job: at once while it waits, at the next safe point while a device prints it."""
    cancel_job(node_spool(), job_of(job_id), by=actor(request))
    return job_shown(job_of(job_id), sees_names=sees_names(request), own=person(request).id)


@router.post("/{int:job_id}/release", response={202: Released}, auth=needs(Right.CHANGE_JOBS))
def release(request: HttpRequest, job_id: int, wanted: ReleaseWanted) -> Status[Released]:
    """Let a held job print at a device for its owner."""
    delivery = release_unattended(job_of(job_id), device_of(wanted.device), by=actor(request))
    return Status(202, Released(delivery=delivery))


@router.put("/{int:job_id}/owner", response=JobShown, auth=needs(Right.CHANGE_JOBS))
def assign(request: HttpRequest, job_id: int, wanted: OwnerWanted) -> dict[str, Any]:
    """Give a held job to a person."""
    assign_owner(job_of(job_id), user_of(wanted.owner), by=actor(request))
    return job_shown(job_of(job_id), sees_names=sees_names(request), own=person(request).id)
