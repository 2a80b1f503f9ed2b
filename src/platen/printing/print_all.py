"""What a person is offered at a device, and releasing all of it at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from platen.devices.models import Device
from platen.directory.models import User
from platen.documents.detect import PCL5, PCL_XL, POSTSCRIPT
from platen.policy.fidelity import DeviceOffers, DocumentNeeds, FidelityPolicy, FidelityResult, fidelity_of
from platen.policy.job_states import JobState
from platen.printing.job_passwords import note_left_out
from platen.printing.leaving import leaving
from platen.printing.models import Job
from platen.printing.release import Released, Wish, release_locked
from platen.rows import RowsOf, all_rows
from platen.tenants.context import current_tenant_id
from platen.tenants.queries import current_policy

OFFERS_MAX = 200
# In these a printer's driver wrote the document; in a PDF the same field names the program that made it.
_OF_A_DRIVER = frozenset({PCL5, PCL_XL, POSTSCRIPT})
_JOBS = RowsOf(Job, without=("facts", "created_at", "processing_at", "completed_at", "expires_at"))
_HELD_BY = (
    f"SELECT {_JOBS.columns('job')} FROM printing_job job WHERE job.tenant_id = %s AND job.owner_id = %s "  # noqa: S608  # our own names
    "AND job.state = %s AND job.spool_key IS NOT NULL ORDER BY job.id LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A held document that can be collected at a device, and how well it fits there."""

    job: Job
    fit: FidelityResult


def offers_at(user: User, device: Device, *, limit: int = OFFERS_MAX) -> list[Offer]:
    """The person's held documents that are offered at the device, oldest first, their queues loaded."""
    return _fitting(list(_held_by(user).select_related("queue")[:limit]), device)


def _held_by(user: User) -> QuerySet[Job]:
    held: QuerySet[Job] = Job.objects.filter(owner=user, state=JobState.PENDING_HELD, spool_key__isnull=False)
    return held.order_by("id")


def _fitting(held: list[Job], device: Device) -> list[Offer]:
    if not held:
        return []
    policy = FidelityPolicy(current_policy().fidelity)
    offers = DeviceOffers(
        name=device.name,
        document_format_supported=tuple(device.document_formats),
        driver_names=tuple(device.driver_names),
    )
    fits = ((job, fidelity_of(_needs(job, device), offers, policy)) for job in held)
    return [Offer(job, fit) for job, fit in fits if fit.is_offered]


def left_out_at(user: User, offered: int) -> int:
    """How many held documents a device does not offer, for saying so; counted up to OFFERS_MAX."""
    return max(0, _held_by(user)[:OFFERS_MAX].count() - offered)


def prints_all_at_login(user: User, device: Device) -> bool:
    """Whether a login of this person at this device releases everything at once; the device's setting rules."""
    wanted = user.print_all_at_login if device.print_all_at_login is None else device.print_all_at_login
    return wanted and user.print_all_allowed


def release_all(user: User, device: Device) -> Released:
    """Release everything that the person is offered at the device, oldest first; not what needs a code."""
    with leaving() as first:
        offered = [offer.job for offer in _fitting(_locked(user, device), device)]
        jobs = [job for job in offered if not job.needs_code]
        if len(jobs) < len(offered):
            note_left_out([job for job in offered if job.needs_code], user=user, device=device)
        wishes = [Wish(job_id=job.id) for job in jobs]
        return release_locked({job.id: job for job in jobs}, wishes, first, device=device, user=user)


def _locked(user: User, device: Device) -> list[Job]:
    """What the person has held, nobody else changing it."""
    # The person waits: what tells of drivers is read only where the device is particular about them.
    if device.driver_names:
        return list(_held_by(user).select_for_update(of=("self",)).select_related("queue")[:OFFERS_MAX])
    statement = f"{_HELD_BY} FOR UPDATE" if connection.features.has_select_for_update else _HELD_BY
    rows = all_rows(statement, current_tenant_id(), user.id, JobState.PENDING_HELD.value, OFFERS_MAX)
    return [_JOBS.object(row) for row in rows]


def _needs(job: Job, device: Device) -> DocumentNeeds:
    if not device.driver_names:
        return DocumentNeeds(document_format=job.document_format)
    facts = job.facts or {}
    driver = job.queue.driver_name or (facts.get("driver") if facts.get("format") in _OF_A_DRIVER else None)
    return DocumentNeeds(document_format=job.document_format, driver_name=driver or None)
