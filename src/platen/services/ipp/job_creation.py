"""Print-Job, Validate-Job, Create-Job, Send-Document and Close-Job (RFC 8011 sections 4.2 and 4.3.1, PWG 5100.7)."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from platen.identifiers import uuid7
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, Refused
from platen.printing.job_passwords import password_key
from platen.printing.models import OPEN_STATES
from platen.printing.queue_jobs import SeenJob
from platen.printing.services import cancel_job
from platen.printing.spool import Stored
from platen.protocols.ipp import (
    DocumentRequest,
    JobRequest,
    RequestRefused,
    Status,
    read_document_request,
    read_job_request,
    response,
)
from platen.protocols.ipp.description import OCTET_STREAM
from platen.protocols.ipp.tickets import to_json
from platen.services.head import StreamHead, read_head
from platen.services.intake import IntakeUnavailable
from platen.services.ipp import metrics
from platen.services.ipp.call import Call
from platen.services.ipp.document import Document, receive_document
from platen.services.ipp.errors import ClientGone
from platen.services.ipp.job_operations import own_job
from platen.services.ipp.job_views import created_group, created_group_of

UNTITLED = "Untitled"
_STATUSES = {status.keyword: status for status in Status}
_NO_HEAD = StreamHead()


async def print_job(call: Call) -> bytes:
    """Print-Job: the job is durable when this returns."""
    wanted = _job_request(call)
    document = await _document(call, wanted.document)
    if document.size_bytes == 0:
        raise _empty_document()
    arrival = await _protected(call, wanted, _arrival(call, wanted, document))
    accepted = await _submit(call, arrival, document.size_bytes)
    return _created(call, accepted, wanted)


async def create_job(call: Call) -> bytes:
    """Create-Job: the document follows with Send-Document."""
    wanted = _job_request(call)
    accepted = await _submit(call, await _protected(call, wanted, _arrival(call, wanted, None)), 0)
    return _created(call, accepted, wanted)


async def validate_job(call: Call) -> bytes:
    """Validate-Job: would Print-Job be accepted? Nothing is made."""
    wanted = _job_request(call)
    return response(call.request, wanted.status, unsupported=wanted.unsupported)


async def send_document(call: Call) -> bytes:
    """Send-Document: a job has one document; an empty last one after it only says that there is no second."""
    wanted = read_document_request(call.request, call.printer.description)
    job = (await own_job(call)).job
    if job.has_document or job.state not in OPEN_STATES:
        return await _follow_up(call, job.has_document or bool(job.size_bytes), wanted)
    document = await _document(call, wanted, job.uuid)
    if document.size_bytes == 0:
        if wanted.last_document:
            return await close_job(call)
        raise _empty_document()
    arrival = DocumentArrival(
        tenant_id=call.queue.tenant_id,
        job_id=job.id,
        job_uuid=job.uuid,
        document=document.content,
        document_format=_format(wanted, document.head),
    )
    accepted = await _submit(call, arrival, document.size_bytes)
    return response(call.request, groups=[created_group(call.printer, accepted)])


async def _follow_up(call: Call, has_document: bool, wanted: DocumentRequest) -> bytes:
    """Send-Document to a job that takes none any more."""
    is_empty = not call.first and not await call.body.read()
    seen = await own_job(call)
    if is_empty and wanted.last_document and has_document:
        return _as_it_is(call, seen)
    if has_document:
        raise RequestRefused(
            Status.SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED,
            "a job has one document here; make a job of its own for each",
        )
    raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, "this job has ended and takes no document any more")


def _empty_document() -> RequestRefused:
    return RequestRefused(Status.CLIENT_ERROR_BAD_REQUEST, "the document is empty; send its data with the request")


async def close_job(call: Call) -> bytes:
    """Close-Job: no document follows. A job that has none by now is nothing, so it is canceled."""
    seen = await own_job(call)
    if not seen.job.has_document and seen.job.state in OPEN_STATES:
        await call.run(
            cancel_job,
            call.services.spool,
            seen.job,
            by=call.actor,
            reason="submission-interrupted job-canceled-by-user",
        )
        seen = await own_job(call)
    return _as_it_is(call, seen)


def _as_it_is(call: Call, seen: SeenJob) -> bytes:
    return response(call.request, groups=[created_group_of(call.printer, seen.job, datetime.now(UTC))])


def _job_request(call: Call) -> JobRequest:
    if not call.queue.accepting:
        raise RequestRefused(
            Status.SERVER_ERROR_NOT_ACCEPTING_JOBS, f"the queue {call.queue.name} takes no jobs at the moment"
        )
    return read_job_request(call.request, call.printer.description)


async def _document(call: Call, wanted: DocumentRequest, name: uuid.UUID | None = None) -> Document:
    try:
        return await receive_document(call, wanted.compression, name)
    except ClientGone:
        metrics.JOBS_ABANDONED.inc()
        raise


async def _submit(call: Call, arrival: Arrival | DocumentArrival, size_bytes: int) -> Accepted:
    began = time.perf_counter()
    try:
        outcome = await call.services.intake.submit(arrival)
    except IntakeUnavailable as error:
        metrics.JOBS_UNAVAILABLE.inc()
        raise RequestRefused(Status.SERVER_ERROR_TEMPORARY_ERROR, str(error)) from error
    if isinstance(outcome, Refused):
        metrics.JOBS_REFUSED.inc()
        raise RequestRefused(_STATUSES.get(outcome.status, Status.CLIENT_ERROR_NOT_POSSIBLE), outcome.reason)
    if outcome.has_document:  # a job that was created empty counts when its document is here
        metrics.ACKNOWLEDGED_S.observe(time.perf_counter() - began)
        metrics.JOBS_ACCEPTED.inc()
        metrics.OCTETS.inc(size_bytes)
    return outcome


def _arrival(call: Call, wanted: JobRequest, document: Document | None) -> Arrival:
    request, queue = call.request, call.queue
    said = request.requesting_user_name
    head = _NO_HEAD
    if document is not None and (said is None or queue.job_data_logon is not None):
        head = read_head(document.head, queue.job_data_logon)
    ticket = to_json(wanted.template)
    copies = ticket.get("copies", 1)
    content: bytes | Stored | None = None if document is None else document.content
    return Arrival(
        queue=queue,
        name=wanted.job_name or wanted.document.document_name or head.job_name or UNTITLED,
        names=NamesOfJob(
            authenticated=None if call.signed_in is None else call.signed_in.logon,
            requesting_user_name=said,
            pjl=head.pjl,
            job_data=head.job_data,
        ),
        authenticated_user_id=None if call.signed_in is None else call.signed_in.user_id,
        submitted_from=call.address,
        received_via=call.via,
        document_format=wanted.document.document_format
        if document is None
        else _format(wanted.document, document.head),
        ticket=ticket,
        copies=copies if isinstance(copies, int) else 1,
        document=content,
        uuid=uuid7() if document is None else document.uuid,
    )


async def _protected(call: Call, wanted: JobRequest, arrival: Arrival) -> Arrival:
    """The same with the code that printing is to need, where the client sent one."""
    digest = wanted.password_digest
    if digest is None:
        return arrival
    return replace(arrival, password_key=await call.run(password_key, arrival.uuid, digest))


def _format(wanted: DocumentRequest, head: bytes) -> str:
    """The format that the client declares; where it leaves that to us, what the octets look like."""
    if wanted.document_format != OCTET_STREAM:
        return wanted.document_format
    return read_head(head).document_format


def _created(call: Call, accepted: Accepted, wanted: JobRequest) -> bytes:
    return response(
        call.request,
        wanted.status,
        [created_group(call.printer, accepted)],
        unsupported=wanted.unsupported,
    )
