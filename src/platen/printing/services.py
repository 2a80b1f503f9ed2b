"""Verbs on jobs, apart from taking them in (intake), releasing them (release) and delivering them (deliveries)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from platen.directory.models import User
from platen.documents.facts import DocumentFacts
from platen.eventlog.actor import SYSTEM, Actor
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.deliveries import STOPPING, finish_job, take_key
from platen.printing.errors import NotChangeable
from platen.printing.events import facts_known, job_deleted
from platen.printing.facts import on_paper
from platen.printing.models import OPEN_STATES, Delivery, DeliveryState, Job
from platen.printing.spool import Spool, Stored

UNFILLED_S = 3600
"""A job that was made without a document gets so long to receive it (multiple-operation-time-out of IPP)."""

UNREAD_KEPT = timedelta(days=1)


def cancel_job(spool: Spool, job: Job, *, by: Actor, reason: str = "job-canceled-by-user") -> Job:
    """Delete a job: at once when it waits, at the next safe point when a device is working on it.

    Raises: NotChangeable, when it has ended.
    """
    with transaction.atomic():
        job = _open(job)
        working = Delivery.objects.filter(job=job, ended_at__isnull=True).exclude(state=DeliveryState.WAITING)
        if working.exists():
            job.state_reasons = STOPPING
            job.save(update_fields=["state_reasons"])
            return job
        _end_waiting(spool, job, by, reason)
    return job


def _open(job: Job) -> Job:
    """The job as it is now, nobody else changing it. Raises: NotChangeable, when it has ended."""
    found: Job = Job.objects.select_for_update().get(id=job.id)
    if found.state not in OPEN_STATES:
        raise NotChangeable(f"“{job.name}” has ended already.")
    return found


def _end_waiting(spool: Spool, job: Job, by: Actor, reason: str) -> None:
    waiting = Delivery.objects.filter(job=job, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.CANCELED, ended_at=timezone.now())
    stored = finish_job(job, JobState.CANCELED, reason)
    record_event("job_deleted", f"“{job.name}” was deleted by {by.name}.", job_id=job.id, user_id=by.user_id)
    job_deleted.send(sender=Job, job=job, by=by)
    if stored is not None:
        # With the key gone nobody can read it: a file that cannot be removed now is, at the next start.
        transaction.on_commit(lambda: spool.destroy(stored), robust=True)


def set_retained(job: Job, retained: bool) -> Job:
    """Keep a job after it was printed, or no longer. Raises: NotChangeable."""
    with transaction.atomic():
        _open(job)
        job.retained = retained
        job.save(update_fields=["retained"])
    return job


def assign_owner(job: Job, owner: User, *, by: Actor) -> Job:
    """Give a job that nobody owns, or another's, to a person. Raises: NotChangeable."""
    with transaction.atomic():
        now = _open(job)
        if now.state != JobState.PENDING_HELD:
            raise NotChangeable(f"“{job.name}” is not held any more.")
        job.owner = owner
        job.state_reasons = "job-hold-until-specified" if now.has_document else now.state_reasons
        job.save(update_fields=["owner", "state_reasons"])
        message = f"“{job.name}” was given to {owner} by {by.name}."
        record_event("job_assigned", message, job_id=job.id, user_id=owner.id)
    return job


@transaction.atomic
def record_facts(job_id: int, facts: DocumentFacts) -> Stored | None:
    """Note what a document holds, and say so in the event log when it could not be found out.

    Returns: the document to destroy, where it was kept for this after it was printed.
    """
    job = Job.objects.select_for_update().filter(id=job_id).first()
    if job is None:
        return None
    paper = on_paper(facts, job.ticket, job.copies)
    known = paper.pages is not None
    Job.objects.filter(id=job_id).update(
        facts=facts.to_dict(),
        pages=paper.impressions // paper.copies if known else None,
        color_pages=paper.color_impressions // paper.copies if known else None,
        sheets=paper.sheets if known else None,
    )
    facts_known.send(sender=Job, job=job, facts=facts)
    if facts.problems and facts.pages is None:
        record_event(
            "document_not_understood",
            f"The pages of “{job.name}” could not be counted: {facts.problems[0]} It can be printed all the same.",
            severity=Severity.WARNING,
            job_id=job_id,
        )
    return take_key(job) if job.completed_at is not None and job.has_document else None


def note_printed(job: Job, *, impressions: int, color_impressions: int, sheets: int, copies: int) -> None:
    """Show in lists what came out of a job that is printed and done with, rather than what its ticket asked for.

    impressions, color_impressions, sheets: over all `copies` (1 or more), which the device made.
    """
    shown = {
        "pages": impressions // copies,
        "color_pages": color_impressions // copies,
        "sheets": sheets,
        "copies": copies,
    }
    changed = {name: value for name, value in shown.items() if getattr(job, name) != value}
    if changed and job.state == JobState.COMPLETED:
        Job.objects.filter(id=job.id).update(**changed)


@transaction.atomic
def give_up_reading(job_id: int) -> Stored | None:
    """The document of a job that was printed cannot be looked into any more. Returns: what is to be destroyed of it."""
    ended = Job.objects.select_for_update().filter(id=job_id, completed_at__isnull=False, spool_key__isnull=False)
    job = ended.first()
    if job is None:
        return None
    record_event(
        "document_not_read",
        f"“{job.name}” was printed, and its document could not be read afterwards: what it held is not known. Its "
        "usage record has what the device told.",
        severity=Severity.WARNING,
        job_id=job_id,
    )
    return take_key(job)


def drop_printed_unread(spool: Spool, now: datetime, *, limit: int = 500) -> int:
    """Give up the current tenant's documents that were printed UNREAD_KEPT ago and that nobody looked into since: the
    analysis is switched off, or does not come to them. Returns: how many; call again while it equals limit."""
    due = Job.objects.filter(facts__isnull=True, spool_key__isnull=False, completed_at__lte=now - UNREAD_KEPT)
    ids = list(due.order_by("id").values_list("id", flat=True)[:limit])
    for job_id in ids:
        gone = give_up_reading(job_id)
        if gone is not None:
            spool.destroy(gone)
    return len(ids)


def expire_jobs(spool: Spool, now: datetime, *, limit: int = 500) -> int:
    """Delete jobs of the current tenant whose time is over. Returns: how many; call again while it equals limit."""
    due = Job.objects.filter(completed_at__isnull=True, state=JobState.PENDING_HELD, expires_at__lte=now)
    ids = list(due.order_by("expires_at").values_list("id", flat=True)[:limit])
    for job_id in ids:
        _expire(spool, job_id)
    return len(ids)


def _expire(spool: Spool, job_id: int) -> None:
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(id=job_id, state=JobState.PENDING_HELD).first()
        if job is not None:  # else somebody released or deleted it this very moment
            _end_waiting(spool, job, SYSTEM, "job-canceled-at-retention-end")


def drop_unfilled_jobs(spool: Spool, now: datetime, *, limit: int = 500) -> int:
    """Cancel jobs of the current tenant that were created long ago and whose document never came.

    Returns: how many; call again while it equals limit.
    """
    due = list(
        Job.objects.filter(
            completed_at__isnull=True,
            facts__isnull=True,  # so are all without a document; the database has a list of these
            spool_key__isnull=True,
            created_at__lt=now - timedelta(seconds=UNFILLED_S),
        ).order_by("id")[:limit]
    )
    for job in due:
        cancel_job(spool, job, by=SYSTEM, reason="submission-interrupted aborted-by-system")
    return len(due)
