"""Releasing held jobs at a device. Of two panels that ask for the same job at once, one gets it, the other is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from platen.devices.models import Device
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.deliveries import plan_of
from platen.printing.errors import NotReleasable
from platen.printing.insertion import insert_deliveries
from platen.printing.leaving import Leaving, leaving
from platen.printing.models import Delivery, Job

COPIES_MAX = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One job that a person wants now. copies None: as submitted; keep: hold it again afterwards; opened: its code was
    entered, where it has one."""

    job_id: int
    copies: int | None = None
    keep: bool = False
    opened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a release brought: deliveries in the order they will print, and why others did not come along."""

    delivery_ids: tuple[int, ...]
    refused: dict[int, str]  # job id -> a sentence


def release_jobs(wishes: Sequence[Wish], *, device: Device, user: User | None, owned: bool = True) -> Released:
    """Release held jobs at a device, in the order wished.

    user: who stands there (None: an administrator released for the owner). owned: only the user's own jobs.
    Everything happens in one transaction; a job that somebody else took in between is refused, the rest go on.
    """
    if device.out_of_service:
        sentence = f"{device.name} is out of service. Your documents stay held."
        return Released(delivery_ids=(), refused={wish.job_id: sentence for wish in wishes})
    if not device.uri:
        sentence = f"{device.name} has no address for documents: it is only looked after. Ask an administrator."
        return Released(delivery_ids=(), refused={wish.job_id: sentence for wish in wishes})
    wishes = list({wish.job_id: wish for wish in reversed(wishes)}.values())[::-1]  # each job once
    with leaving() as first:
        # Rows are locked in one order, so that two panels never wait for each other.
        held = _visible(user, owned=owned).select_for_update().order_by("id")
        held = held.filter(id__in=[wish.job_id for wish in wishes])
        released = release_locked({job.id: job for job in held.defer("facts")}, wishes, first, device=device, user=user)
    seen = _visible(user, owned=owned)
    return Released(
        delivery_ids=released.delivery_ids, refused={job_id: _why_not(seen, job_id) for job_id in released.refused}
    )


def release_locked(
    jobs: dict[int, Job], wishes: Sequence[Wish], first: Leaving, *, device: Device, user: User | None
) -> Released:
    """Release what is still held of these jobs, whose rows the caller's transaction has locked: nobody else can."""
    opened = {wish.job_id for wish in wishes if wish.opened}
    taken = {job.id for job in jobs.values() if _may_go(job) and (job.id in opened or not job.needs_code)}
    deliveries = [
        Delivery(
            tenant_id=device.tenant_id,
            job=jobs[wish.job_id],
            device=device,
            user_id=user.id if user else jobs[wish.job_id].owner_id,
            copies=max(1, min(wish.copies or jobs[wish.job_id].copies, COPIES_MAX)),
            keep=wish.keep,
        )
        for wish in wishes
        if wish.job_id in taken
    ]
    if deliveries:
        insert_deliveries(deliveries)
        if user is not None:
            deliveries[0].user = user
        first.prepare(plan_of(deliveries[0]))
        _make_pending([delivery.job_id for delivery in deliveries], device)
    return Released(
        delivery_ids=tuple(delivery.id for delivery in deliveries),
        refused={wish.job_id: "" for wish in wishes if wish.job_id not in taken},
    )


def _visible(user: User | None, *, owned: bool) -> QuerySet[Job]:
    """The jobs that may be released, and named, here. Nobody owns no job: what waits for an owner is not released."""
    jobs: QuerySet[Job] = Job.objects.all()
    if not owned:
        return jobs
    return jobs.none() if user is None else jobs.filter(owner=user)


def _may_go(job: Job) -> bool:
    return job.state == JobState.PENDING_HELD and job.has_document


def _make_pending(job_ids: list[int], device: Device) -> None:
    """Move locked jobs of the tenant from held to pending."""
    # By key alone: given the tenant as well, SQLite may walk all of its jobs instead.
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Job._meta.db_table} SET state = %s, state_reasons = 'none', state_message = '', device_id = %s "  # noqa: S608  # our own name
            f"WHERE id IN ({', '.join(['%s'] * len(job_ids))})",
            [JobState.PENDING.value, device.id, *job_ids],
        )


def _why_not(seen: QuerySet[Job], job_id: int) -> str:
    job = seen.filter(id=job_id).select_related("device").first()
    if job is None:
        return "This document is no longer here, or it is not yours."
    where = f" at {job.device.name}" if job.device else ""
    if job.state in {JobState.PENDING, JobState.PROCESSING, JobState.PROCESSING_STOPPED}:
        return f"“{job.name}” is already being printed{where}."
    if job.state == JobState.COMPLETED:
        return f"“{job.name}” was printed{where} a moment ago."
    if not job.has_document and job.state == JobState.PENDING_HELD:
        return f"“{job.name}” is still coming in. Try again in a moment."
    if job.needs_code and job.state == JobState.PENDING_HELD:
        return f"“{job.name}” needs the code that it was sent with. Its owner enters it at a panel."
    return f"“{job.name}” was deleted."


def release_unattended(job: Job, device: Device, *, by: Actor) -> int:
    """An administrator lets a held job print at a device. Returns: the delivery's id.

    Raises: NotReleasable.
    """
    released = release_jobs([Wish(job_id=job.id)], device=device, user=None, owned=False)
    if released.refused:
        raise NotReleasable(released.refused[job.id])
    record_event(
        "job_released_unattended",
        f"“{job.name}” was released at {device.name} by {by.name}.",
        job_id=job.id,
        device_id=device.id,
    )
    return released.delivery_ids[0]
