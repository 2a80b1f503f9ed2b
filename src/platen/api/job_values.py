"""Jobs as answers show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from platen.api.values import Page
from platen.policy.job_states import JobState
from platen.printing.job_lists import JobPage
from platen.printing.models import Job


class Owner(Schema):
    """Whose job it is."""

    uuid: UUID
    logon: str
    full_name: str


class JobShown(Schema):
    """A job by IPP's words. name: null where the asker may not see it; one's own is always there."""

    id: int
    uuid: UUID
    name: str | None
    state: str
    state_reasons: list[str]
    state_message: str
    owner: Owner | None
    submitted_as: str
    submitted_from: str
    received_via: str
    queue: str
    device: str | None
    document_format: str
    size_bytes: int
    pages: int | None
    color_pages: int | None
    sheets: int | None
    copies: int
    retained: bool
    created_at: datetime
    completed_at: datetime | None
    expires_at: datetime | None


def job_shown(job: Job, *, sees_names: bool, own: int | None = None) -> dict[str, Any]:
    """A job whose owner, queue and device are loaded. own: whose own documents have their names in any case."""
    is_own = own is not None and job.owner_id == own
    plain = {name: getattr(job, name) for name in JobShown.model_fields if name not in _WORKED_OUT}
    return plain | {
        "name": job.name if is_own or (sees_names and not job.queue.hide_document_names) else None,
        "state": JobState(job.state).keyword,
        "state_reasons": job.state_reasons.split(),
        "owner": job.owner,
        "queue": job.queue.name,
        "device": job.device.name if job.device else None,
    }


_WORKED_OUT = {"name", "state", "state_reasons", "owner", "queue", "device"}


def jobs_shown(page: JobPage, *, sees_names: bool, own: int | None = None) -> Page[Any]:
    """A page of jobs, each as job_shown has it."""
    items = [job_shown(job, sees_names=sees_names, own=own) for job in page.jobs]
    following = None if page.next_before is None else str(page.next_before)
    return Page(items=items, next=following)
