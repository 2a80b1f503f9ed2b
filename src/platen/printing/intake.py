"""Taking jobs in: arrivals of the same moment share one sync of the spool and one commit of the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from platen.devices.models import QueueKind
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.job_names import without_controls
from platen.policy.job_states import JobState
from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, Refused
from platen.printing.insertion import NewJob, insert_jobs
from platen.printing.leaving import tell_output
from platen.printing.models import OPEN_STATES, Delivery, Job
from platen.printing.owners import Owners, resolve_owners
from platen.printing.spool import Spool, Stored
from platen.tenants.context import acting_for

log = structlog.get_logger("platen.printing")

NAME_LENGTH_MAX = 255
FORMAT_LENGTH_MAX = 80
HELD = "job-hold-until-specified"
INCOMING = "job-incoming"
NO_OWNER = "job-hold-until-specified account-authorization-failed"

AnyArrival = TypeVar("AnyArrival", Arrival, DocumentArrival)
AnyJob = Job | NewJob


def store_documents(spool: Spool, arrivals: Sequence[AnyArrival]) -> list[AnyArrival]:
    """Store the small documents of a batch; `accept_stored` and `attach_stored` have one sync make them durable.

    Returns: the arrivals, each with where its document lies. Raises: SpoolFull, OSError: none was stored.
    """
    small = [(_document_name(each), each.document) for each in arrivals if isinstance(each.document, bytes)]
    if not small:
        return list(arrivals)
    places = iter(spool.begin_batch(small))
    return [each.stored_at(next(places)) if isinstance(each.document, bytes) else each for each in arrivals]


def _document_name(arrival: Arrival | DocumentArrival) -> uuid.UUID:
    return arrival.uuid if isinstance(arrival, Arrival) else arrival.job_uuid


def forget_documents(spool: Spool, arrivals: Iterable[Arrival | DocumentArrival]) -> None:
    """Remove the stored documents of arrivals that became no jobs."""
    for arrival in arrivals:
        if isinstance(arrival.document, Stored):
            try:
                spool.destroy(arrival.document)
            except OSError as error:  # without a row it is nobody's; the next start removes it
                log.warning("document_not_removed", document=str(arrival.document.document), error=str(error))


def accept_batch(spool: Spool, arrivals: Sequence[Arrival]) -> list[Accepted | Refused]:
    """Store the documents and rows of many jobs, durably, and say what became of each, in order.

    Raises: SpoolFull, OSError: nothing of the batch was kept. django.db.DatabaseError: no row was kept; documents that
    were stored before the call are still there, so that it can be tried again.
    """
    stored = store_documents(spool, arrivals)
    try:
        return accept_stored(spool, stored)
    except BaseException:
        forget_documents(spool, [new for old, new in zip(arrivals, stored, strict=True) if old is not new])
        raise


def accept_stored(spool: Spool, arrivals: Sequence[Arrival]) -> list[Accepted | Refused]:
    """As accept_batch, for documents that lie in the spool already. A batch whose commit went through unheard, when the
    database's answer was lost, may be handed in again: its jobs are found and accepted.

    Raises: django.db.DatabaseError: no row was kept, every document still lies there.
    """
    owners = _owners(arrivals)
    taken = [arrival for arrival in arrivals if arrival.uuid not in owners.refused]
    jobs: Sequence[AnyJob]
    try:
        jobs = _insert(spool, taken, owners)
    except IntegrityError:
        jobs = _accepted_before(taken)
        if len(jobs) != len(taken):
            raise
    results: dict[uuid.UUID, Accepted | Refused] = {**owners.refused, **{job.uuid: _accepted(job) for job in jobs}}
    forget_documents(spool, [arrival for arrival in arrivals if arrival.uuid in owners.refused])
    return [results[arrival.uuid] for arrival in arrivals]


def _owners(arrivals: Sequence[Arrival]) -> Owners:
    owners = Owners()
    for tenant_id, of_tenant in groupby(sorted(arrivals, key=_tenant), key=_tenant):
        with acting_for(tenant_id):
            found = resolve_owners(list(of_tenant))
        owners.of |= found.of
        owners.refused |= found.refused
    return owners


def _tenant(arrival: Arrival) -> int:
    return arrival.queue.tenant_id


def _accepted_before(arrivals: Sequence[Arrival]) -> list[Job]:
    return list(Job.everywhere.filter(uuid__in=[arrival.uuid for arrival in arrivals]))


def _insert(spool: Spool, arrivals: list[Arrival], owners: Owners) -> list[NewJob]:
    now = timezone.now()
    jobs = [_job(arrival, owners.of.get(arrival.uuid), now) for arrival in arrivals]
    with transaction.atomic():
        # Not through the tenants' managers: one commit takes the jobs of all of them, each row naming its own.
        insert_jobs(jobs)
        deliveries = [_forwarding(job, job.device_id) for job in jobs if job.device_id is not None]
        if deliveries:
            Delivery.everywhere.bulk_create(deliveries)
        for tenant_id, device_id in {(each.tenant_id, each.device_id) for each in deliveries}:
            tell_output(tenant_id, device_id)
        for job in jobs:
            if job.owner_id is None:
                _note_orphan(job)
        spool.finish_batch()
    return jobs


def _note_orphan(job: NewJob) -> None:
    who = f"came in as “{job.submitted_as}”, whom nobody knows here" if job.submitted_as else "does not say whose it is"
    with acting_for(job.tenant_id):
        record_event(
            "job_without_owner",
            f"“{job.name}” {who}. It waits to be assigned.",
            severity=Severity.WARNING,
            job_id=job.id,
        )


def _job(arrival: Arrival, owner_id: int | None, now: datetime) -> NewJob:
    queue = arrival.queue
    job = NewJob(
        tenant_id=queue.tenant_id,
        uuid=arrival.uuid,
        queue_id=queue.id,
        owner_id=owner_id,
        name=_text(arrival.name),
        submitted_as=_text(arrival.submitted_as),
        submitted_from=_text(arrival.submitted_from),
        received_via=arrival.received_via,
        ticket=dict(arrival.ticket),
        document_format=_text(arrival.document_format, FORMAT_LENGTH_MAX),
        copies=arrival.copies,
        created_at=now,
        expires_at=now + timedelta(hours=queue.retention_hours),
        state=JobState.PENDING_HELD,
        password_key=arrival.password_key,
    )
    if isinstance(arrival.document, Stored):
        _place(job, arrival.document)
    _settle(job, None if queue.is_pull else queue.device_id)
    return job


def _text(text: str, length_max: int = NAME_LENGTH_MAX) -> str:
    """What a client sent, as it can be stored and shown: no NUL for PostgreSQL, no more than the column takes."""
    return without_controls(text.replace("\0", ""))[:length_max]


def _settle(job: AnyJob, forward_to: int | None) -> None:
    """Bring a job that came in to its first state; forward_to: the device of a push queue."""
    job.state = JobState.PENDING_HELD
    if not job.has_document:
        job.state_reasons = INCOMING
    elif job.owner_id is None:
        job.state_reasons = NO_OWNER
    elif forward_to is None or job.ticket.get("job-hold-until", "no-hold") != "no-hold":
        job.state_reasons = HELD
    else:
        job.state, job.state_reasons, job.device_id = JobState.PENDING, "none", forward_to


def _forwarding(job: AnyJob, device_id: int) -> Delivery:
    return Delivery(
        tenant_id=job.tenant_id, job_id=job.id, device_id=device_id, user_id=job.owner_id, pull=False, copies=job.copies
    )


def _place(job: AnyJob, stored: Stored) -> None:
    job.spool_pack, job.spool_offset, job.spool_length = stored.pack, stored.offset, stored.length
    job.spool_key, job.size_bytes = stored.wrapped_key, stored.size_bytes


def _accepted(job: AnyJob) -> Accepted:
    return Accepted(
        job_id=job.id,
        uuid=job.uuid,
        state=job.state,
        state_reasons=job.state_reasons,
        owner_id=job.owner_id,
        tenant_id=job.tenant_id,
        device_id=job.device_id if job.state == JobState.PENDING else None,
        has_document=job.has_document,
    )


def attach_documents(spool: Spool, arrivals: Sequence[DocumentArrival]) -> list[Accepted | Refused]:
    """Give jobs that were created empty their documents, durably; in order. Raises: as accept_batch."""
    stored = store_documents(spool, arrivals)
    try:
        return attach_stored(spool, stored)
    except BaseException:
        forget_documents(spool, [new for old, new in zip(arrivals, stored, strict=True) if old is not new])
        raise


def attach_stored(spool: Spool, arrivals: Sequence[DocumentArrival]) -> list[Accepted | Refused]:
    """As attach_documents, for documents that lie in the spool already; may be repeated as accept_stored.

    Raises: as accept_stored.
    """
    results: dict[int, Accepted | Refused] = {}
    with transaction.atomic():
        # Rows are locked in one order, so that two nodes with one database never wait for each other.
        for position in sorted(range(len(arrivals)), key=lambda each: arrivals[each].job_id):
            with acting_for(arrivals[position].tenant_id):
                results[position] = _attach(arrivals[position])
        spool.finish_batch()
    forget_documents(spool, [arrivals[each] for each, result in results.items() if isinstance(result, Refused)])
    return [results[position] for position in range(len(arrivals))]


def _attach(arrival: DocumentArrival) -> Accepted | Refused:
    job = Job.objects.select_for_update(of=("self",)).select_related("queue").filter(id=arrival.job_id).first()
    stored = arrival.document
    if job is not None and isinstance(stored, Stored) and bytes(job.spool_key or b"") == stored.wrapped_key:
        return _accepted(job)  # handed in again
    if job is None or job.state not in OPEN_STATES or job.has_document or not isinstance(stored, Stored):
        return Refused(reason="This job takes no document any more.", status="client-error-not-possible")
    _place(job, stored)
    job.document_format = _text(arrival.document_format or job.document_format, FORMAT_LENGTH_MAX)
    job.ticket = {**job.ticket, **arrival.ticket}
    _settle(job, job.queue.device_id if job.queue.kind == QueueKind.PUSH else None)
    if job.device_id is not None:
        delivery = _forwarding(job, job.device_id)
        delivery.save()
        tell_output(delivery.tenant_id, delivery.device_id)
    job.save()
    return _accepted(job)
