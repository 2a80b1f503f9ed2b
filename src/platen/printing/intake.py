"""Taking jobs in: arrivals of the same moment share one sync of the spool and one commit of the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from platen.devices.models import QueueKind
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, Refused
from platen.printing.models import OPEN_STATES, Delivery, Job
from platen.printing.owners import Owners, resolve_owners
from platen.printing.release import tell_output
from platen.printing.spool import Spool, Stored
from platen.tenants.context import acting_for

NAME_LENGTH_MAX = 255
HELD = "job-hold-until-specified"
INCOMING = "job-incoming"
NO_OWNER = "job-hold-until-specified account-authorization-failed"


def accept_batch(spool: Spool, arrivals: Sequence[Arrival]) -> list[Accepted | Refused]:
    """Store the documents and rows of many jobs, durably, and say what became of each, in order.

    Raises: SpoolFull, OSError, django.db.DatabaseError: nothing of the batch was kept.
    """
    results: dict[uuid.UUID, Accepted | Refused] = {}
    for tenant_id, of_tenant in groupby(sorted(arrivals, key=_tenant), key=_tenant):
        with acting_for(tenant_id):
            results |= _accept_of_tenant(spool, list(of_tenant))
    return [results[arrival.uuid] for arrival in arrivals]


def _tenant(arrival: Arrival) -> int:
    return arrival.queue.tenant_id


def _accept_of_tenant(spool: Spool, arrivals: list[Arrival]) -> dict[uuid.UUID, Accepted | Refused]:
    owners = resolve_owners(arrivals)
    results: dict[uuid.UUID, Accepted | Refused] = dict(owners.refused)
    for arrival in arrivals:
        if arrival.uuid in owners.refused and isinstance(arrival.document, Stored):
            spool.destroy(arrival.document)
    taken = [arrival for arrival in arrivals if arrival.uuid not in owners.refused]
    stored = _store_small(spool, taken)
    try:
        jobs = _insert(taken, stored, owners)
    except BaseException:
        for document in stored.values():
            spool.destroy(document)
        raise
    for arrival, job in zip(taken, jobs, strict=True):
        results[arrival.uuid] = _accepted(job)
    return results


def _store_small(spool: Spool, arrivals: Iterable[Arrival | DocumentArrival]) -> dict[uuid.UUID, Stored]:
    small: list[tuple[uuid.UUID, bytes]] = []
    stored: dict[uuid.UUID, Stored] = {}
    for arrival in arrivals:
        name = arrival.uuid if isinstance(arrival, Arrival) else arrival.job_uuid
        if isinstance(arrival.document, bytes):
            small.append((name, arrival.document))
        elif arrival.document is not None:
            stored[name] = arrival.document
    if small:
        stored |= {document.document: document for document in spool.store_batch(small)}
    return stored


def _insert(arrivals: list[Arrival], stored: dict[uuid.UUID, Stored], owners: Owners) -> list[Job]:
    now = timezone.now()
    jobs = [_job(arrival, stored.get(arrival.uuid), owners.of.get(arrival.uuid), now) for arrival in arrivals]
    with transaction.atomic():
        Job.objects.bulk_create(jobs)
        deliveries = [_forwarding(job, job.device_id) for job in jobs if job.device_id is not None]
        Delivery.objects.bulk_create(deliveries)
        for delivery in {(each.tenant_id, each.device_id) for each in deliveries}:
            tell_output(*delivery)
        for job in jobs:
            if job.owner_id is None:
                record_event(
                    "job_without_owner",
                    f"“{job.name}” came in as “{job.submitted_as}”, whom nobody knows here. It waits to be assigned.",
                    severity=Severity.WARNING,
                    job_id=job.id,
                )
    return jobs


def _job(arrival: Arrival, stored: Stored | None, owner_id: int | None, now: datetime) -> Job:
    queue = arrival.queue
    job = Job(
        tenant_id=queue.tenant_id,
        uuid=arrival.uuid,
        queue_id=queue.id,
        owner_id=owner_id,
        name=arrival.name[:NAME_LENGTH_MAX],
        submitted_as=arrival.submitted_as[:NAME_LENGTH_MAX],
        submitted_from=arrival.submitted_from[:NAME_LENGTH_MAX],
        received_via=arrival.received_via,
        ticket=dict(arrival.ticket),
        document_format=arrival.document_format,
        copies=arrival.copies,
        created_at=now,
        expires_at=now + timedelta(hours=queue.retention_hours),
        state=JobState.PENDING_HELD,
    )
    if stored is not None:
        _place(job, stored)
    _settle(job, None if queue.is_pull else queue.device_id)
    return job


def _settle(job: Job, forward_to: int | None) -> None:
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


def _forwarding(job: Job, device_id: int) -> Delivery:
    return Delivery(
        tenant_id=job.tenant_id, job=job, device_id=device_id, user_id=job.owner_id, pull=False, copies=job.copies
    )


def _place(job: Job, stored: Stored) -> None:
    job.spool_pack, job.spool_offset, job.spool_length = stored.pack, stored.offset, stored.length
    job.spool_key, job.size_bytes = stored.wrapped_key, stored.size_bytes


def _accepted(job: Job) -> Accepted:
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
    """Give jobs that were created empty their documents, durably; in order.

    Raises: as accept_batch.
    """
    stored = _store_small(spool, arrivals)
    results: list[Accepted | Refused] = []
    try:
        with transaction.atomic():
            for arrival in arrivals:
                with acting_for(arrival.tenant_id):
                    results.append(_attach(arrival, stored[arrival.job_uuid]))
    except BaseException:
        for document in stored.values():
            spool.destroy(document)
        raise
    for arrival, result in zip(arrivals, results, strict=True):
        if isinstance(result, Refused):
            spool.destroy(stored[arrival.job_uuid])
    return results


def _attach(arrival: DocumentArrival, stored: Stored) -> Accepted | Refused:
    job = Job.objects.select_for_update(of=("self",)).select_related("queue").filter(id=arrival.job_id).first()
    if job is None or job.state not in OPEN_STATES or job.has_document:
        return Refused(reason="This job takes no document any more.", status="client-error-not-possible")
    _place(job, stored)
    job.document_format = arrival.document_format or job.document_format
    job.ticket = {**job.ticket, **arrival.ticket}
    _settle(job, job.queue.device_id if job.queue.kind == QueueKind.PUSH else None)
    if job.device_id is not None:
        delivery = _forwarding(job, job.device_id)
        delivery.save()
        tell_output(delivery.tenant_id, delivery.device_id)
    job.save()
    return _accepted(job)
