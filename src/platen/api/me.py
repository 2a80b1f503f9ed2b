"""What is a person's own: /me. Needs a token, and no right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from platen.access.rights import rights_of
from platen.api.bearer import OWN, actor, person
from platen.api.errors import Missing
from platen.api.job_values import JobShown, job_shown, jobs_shown
from platen.api.lookup import job_of, number_after
from platen.api.people import Person
from platen.api.usage_values import UsageShown, records_shown
from platen.api.values import Page, Paging
from platen.directory.models import User
from platen.printing.job_lists import JobFilter, JobView, page_of_jobs
from platen.printing.node_spool import node_spool
from platen.printing.services import cancel_job
from platen.tracking.usage_lists import UsageFilter, page_of_usage

router = Router()


class Myself(Schema):
    """The person of the token, and what they may do."""

    person: Person
    rights: list[str]


class OwnJobsWanted(Paging):
    """Which of one's jobs."""

    view: JobView = JobView.OPEN


@router.get("", response=Myself, auth=OWN)
def show(request: HttpRequest) -> dict[str, User | list[str]]:
    """Whose token this is."""
    user = person(request)
    return {"person": user, "rights": sorted(rights_of(user))}


@router.get("/jobs", response=Page[JobShown], auth=OWN)
def own_jobs(request: HttpRequest, wanted: Query[OwnJobsWanted]) -> Page[JobShown]:
    """One's own jobs, newest first."""
    chosen = JobFilter(view=wanted.view, owner=person(request))
    page = page_of_jobs(chosen, number_after(wanted.after), size=wanted.limit)
    return jobs_shown(page, sees_names=False, own=person(request).id)


@router.delete("/jobs/{int:job_id}", response=JobShown, auth=OWN)
def cancel_own(request: HttpRequest, job_id: int) -> dict[str, Any]:
    """Cancel one of one's own jobs."""
    job = job_of(job_id)
    if job.owner_id != person(request).id:
        raise Missing(f"There is no job {job_id} here.")  # and not a word about whose it is
    cancel_job(node_spool(), job, by=actor(request))
    return job_shown(job_of(job_id), sees_names=False, own=person(request).id)


@router.get("/usage", response=Page[UsageShown], auth=OWN)
def own_usage(request: HttpRequest, wanted: Query[Paging]) -> Page[UsageShown]:
    """What one printed and what it cost, newest first."""
    page = page_of_usage(UsageFilter(user_id=person(request).id), wanted.after, size=wanted.limit)
    return records_shown(page, sees_names=True)
