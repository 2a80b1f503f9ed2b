"""Jobs of the database as their clients see them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from platen.policy.job_states import JobState
from platen.printing.arrivals import Accepted
from platen.printing.models import Job
from platen.printing.queue_jobs import SeenJob
from platen.protocols.ipp import (
    CREATED,
    Attributes,
    EncodedGroup,
    Group,
    GroupTag,
    JobSelection,
    JobView,
    encode_attribute,
    job_uri,
    select,
)
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.tickets import from_json
from platen.services.ipp.printers import Printer

_CREATED = select(CREATED)
_NOTHING = Attributes()
# What stands in an attribute's octets before its value; of the uris, before its length.
_JOB_URI, _JOB_UUID = (encode_attribute(a.uri(name, ""))[:-2] for name in ("job-uri", "job-uuid"))
_JOB_ID = encode_attribute(a.integer("job-id", 0))[:-4]
_OCTET_STREAM = "application/octet-stream"


def created_group(printer: Printer, accepted: Accepted) -> EncodedGroup:
    """What the answer to Print-Job, Create-Job and Send-Document tells of the job: CREATED, put together by hand, as
    this is answered more often than everything else."""
    job_id = accepted.job_id.to_bytes(4, "big", signed=True)
    own = (_uri(_JOB_URI, job_uri(printer.uri, accepted.job_id)), _JOB_ID, job_id, _uri(_JOB_UUID, accepted.uuid.urn))
    state = _state(accepted.state, accepted.state_reasons)
    return EncodedGroup(GroupTag.JOB_ATTRIBUTES, b"".join([*own, state]))


def _uri(before: bytes, uri: str) -> bytes:
    octets = uri.encode()
    return b"".join([before, len(octets).to_bytes(2, "big"), octets])


@lru_cache(maxsize=256)
def _state(state: int, reasons: str) -> bytes:
    """The attributes of a state, which many jobs share."""
    attributes = (
        a.enum("job-state", state),
        a.keyword("job-state-reasons", *(reasons.split() or ["none"])),
        a.text("job-state-message", ""),
    )
    return b"".join(map(encode_attribute, attributes))


def created_group_of(printer: Printer, job: Job, now: datetime) -> Group:
    """The same of a job that was there before."""
    return _CREATED.group(job_view(printer, SeenJob(job=job, is_mine=True), now, with_template=False))


def job_group(printer: Printer, seen: SeenJob, selection: JobSelection, now: datetime) -> Group:
    """What a client asked to be told of a job, as far as it may know."""
    with_template = selection.template_names is None or bool(selection.template_names)
    return selection.group(job_view(printer, seen, now, with_template=with_template), private=not seen.is_mine)


def job_view(printer: Printer, seen: SeenJob, now: datetime, *, with_template: bool) -> JobView:
    """A job, typed for the codec."""
    job = seen.job
    ended = job.state == JobState.COMPLETED
    return JobView(
        id=job.id,
        uuid=job.uuid,
        printer_uri=printer.uri,
        state=job.state,
        state_reasons=tuple(job.state_reasons.split()),
        state_message=job.state_message,
        name=job.name,
        originating_user_name=job.submitted_as or "anonymous",
        created_at=job.created_at,
        up_since=printer.profile.created_at,
        now=now,
        processing_at=job.processing_at,
        completed_at=job.completed_at,
        document_format=job.document_format or _OCTET_STREAM,
        number_of_documents=1 if job.size_bytes else 0,
        output_device_assigned=job.device.name if job.device is not None else "",
        size_bytes=job.size_bytes,
        processed_bytes=job.size_bytes if ended else 0,
        impressions=job.pages,
        impressions_completed=seen.impressions_completed,
        media_sheets=job.sheets,
        media_sheets_completed=(job.sheets or 0) if ended else 0,
        template=from_json(job.ticket) if with_template else _NOTHING,
    )
