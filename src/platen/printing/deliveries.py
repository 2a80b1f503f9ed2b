"""The life of one delivery, from a device's turn to its end. Each step is durable before the next begins.

waiting -> sending -> following -> completed
   ^          |           |-----> interrupted   the device cut it short: what came out is counted
   '- retry --'           '-----> failed        nothing came out; the job is held again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.delivery_rows import open_delivery_locked
from platen.printing.events import delivery_ended
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.spool import Spool, Stored

STOPPING = "processing-to-stop-point"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the output service needs to carry out one delivery."""

    delivery_id: int
    tenant_id: int
    job_id: int
    job_name: str
    user_name: str
    document_format: str
    document: Stored
    ticket: dict[str, object]
    copies: int
    pages: int | None
    device_id: int
    device_name: str
    device_uri: str
    pjl_status: bool
    tls_verify: bool
    printer_job_id: int | None
    attempts: int


def plan_of(delivery: Delivery) -> Plan:
    """The plan of a delivery whose job, device and user are loaded."""
    job = delivery.job
    return Plan(
        delivery_id=delivery.id,
        tenant_id=delivery.tenant_id,
        job_id=job.id,
        job_name=job.name,
        user_name=delivery.user.logon if delivery.user else job.submitted_as,
        document_format=job.document_format,
        document=stored_document(job),
        ticket=job.ticket,
        copies=delivery.copies,
        pages=job.pages,
        device_id=delivery.device_id,
        device_name=delivery.device.name,
        device_uri=delivery.device.uri,
        pjl_status=delivery.device.pjl_status,
        tls_verify=delivery.device.tls_verify,
        printer_job_id=delivery.printer_job_id,
        attempts=delivery.attempts,
    )


def stored_document(job: Job) -> Stored:
    """Where a job's document lies. The job must have one."""
    return Stored(
        document=job.uuid,
        pack=job.spool_pack,
        offset=job.spool_offset,
        length=job.spool_length or 0,
        size_bytes=job.size_bytes,
        wrapped_key=bytes(job.spool_key or b""),
    )


def begin(delivery_id: int) -> Plan | None:
    """Octets are about to leave. Returns: None when the delivery has ended meanwhile (canceled)."""
    with transaction.atomic():
        delivery = _locked(delivery_id)
        if delivery is None or delivery.state != DeliveryState.WAITING or STOPPING in delivery.job.state_reasons:
            return None
        now = timezone.now()
        delivery.state, delivery.attempts, delivery.message = DeliveryState.SENDING, delivery.attempts + 1, ""
        delivery.started_at = delivery.started_at or now
        delivery.retry_at = None
        delivery.save(update_fields=["state", "attempts", "message", "started_at", "retry_at"])
        Job.objects.filter(id=delivery.job_id).update(
            state=JobState.PROCESSING, state_reasons="job-printing", state_message="", processing_at=now
        )
        return plan_of(delivery)


def begin_planned(plan: Plan) -> bool:
    """As `begin`, for who has the plan already: nothing is read, because a person waits for the first octet.

    Returns: False when the delivery has ended or shall stop meanwhile; then nothing changes.
    """
    with transaction.atomic():
        begun = start(plan)
        if not begun:
            transaction.set_rollback(True)
    return begun


def start(plan: Plan) -> bool:
    """Octets are about to leave, once the caller's transaction is durable.

    Returns: False when the delivery has ended or shall stop; then the job may look as if it had not.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_START_JOB, [JobState.PROCESSING.value, now, plan.job_id, plan.tenant_id, f"%{STOPPING}%"])
        if not cursor.rowcount:
            return False
        states = (DeliveryState.SENDING.value, now, plan.delivery_id, plan.tenant_id, DeliveryState.WAITING.value)
        cursor.execute(_START_DELIVERY, states)
        return bool(cursor.rowcount)


# Written out: they stand between a card and the first octet, and composing them anew takes longer than running them.
_START_JOB = (
    f"UPDATE {Job._meta.db_table} SET state = %s, state_reasons = 'job-printing', state_message = '', "  # noqa: S608  # our own name
    "processing_at = %s WHERE id = %s AND tenant_id = %s AND state_reasons NOT LIKE %s"
)
_START_DELIVERY = (
    f"UPDATE {Delivery._meta.db_table} SET state = %s, attempts = attempts + 1, message = '', retry_at = NULL, "  # noqa: S608  # our own name
    "started_at = COALESCE(started_at, %s) WHERE id = %s AND tenant_id = %s AND state = %s"
)


def _locked(delivery_id: int) -> Delivery | None:
    """An open delivery with its job, nobody else changing either. The job is locked first, as everywhere: whoever
    releases or deletes a job has its row before it looks at deliveries."""
    if connection.features.has_select_for_update:
        job_id = Delivery.objects.filter(id=delivery_id).values("job_id")[:1]
        list(Job.objects.select_for_update().filter(id=job_id).values_list("id"))
    return open_delivery_locked(delivery_id)


def note_printer_job(delivery_id: int, printer_job_id: int, asked: Mapping[str, object] | None = None) -> None:
    """The device gave the job a number; known before any octet of the document leaves, it can be asked for later.

    asked: what of the ticket was sent with it, `copies` in it; None: not known, and what is noted stays.
    """
    change: dict[str, object] = {"printer_job_id": printer_job_id}
    if asked is not None:
        change["asked_of_device"] = dict(asked)
    Delivery.objects.filter(id=delivery_id).update(**change)


def note_handed_over(delivery_id: int) -> None:
    """The device has the whole document."""
    Delivery.objects.filter(id=delivery_id, state=DeliveryState.SENDING).update(state=DeliveryState.FOLLOWING)


def note_progress(delivery_id: int, *, impressions_completed: int | None, message: str, stopped: bool) -> bool:
    """What the device says while it works. Returns: False once somebody asked to stop."""
    change: dict[str, object] = {"message": message[:255]}
    if impressions_completed is not None:
        change["impressions_completed"] = impressions_completed
    with transaction.atomic():
        delivery = _locked(delivery_id)
        if delivery is None:
            return False
        Delivery.objects.filter(id=delivery_id).update(**change)
        if STOPPING in delivery.job.state_reasons:
            return False
        state = JobState.PROCESSING_STOPPED if stopped else JobState.PROCESSING
        reasons = "printer-stopped" if stopped else "job-printing"
        Job.objects.filter(id=delivery.job_id).update(state=state, state_reasons=reasons, state_message=message[:255])
    return True


def put_back(delivery_id: int, *, message: str, retry_at: datetime | None) -> None:
    """Nothing left yet: wait for the device (or for the next start) and try again."""
    with transaction.atomic():
        delivery = _locked(delivery_id)
        if delivery is None:
            return
        delivery.state, delivery.message, delivery.retry_at = DeliveryState.WAITING, message[:255], retry_at
        delivery.asked_of_device = None  # the next try may go another way
        delivery.save(update_fields=["state", "message", "retry_at", "asked_of_device"])
        if STOPPING in delivery.job.state_reasons:
            return
        Job.objects.filter(id=delivery.job_id).update(
            state=JobState.PROCESSING_STOPPED if message else JobState.PENDING,
            state_reasons="printer-stopped" if message else "none",
            state_message=message[:255],
        )


def end(
    spool: Spool,
    delivery_id: int,
    outcome: DeliveryState,
    *,
    impressions_completed: int | None = None,
    message: str = "",
    unread_stays: bool = False,
) -> bool:
    """End a delivery, once: its state, its job's state and its usage record become true in one transaction.

    impressions_completed: what the device counted, None when it does not tell. unread_stays: a document that nobody has
    looked into yet is kept until somebody has (`services.record_facts`), for what it cost is in it.
    Returns: False when it had ended already; then nothing changes.
    """
    with transaction.atomic():
        delivery = _locked(delivery_id)
        if delivery is None:
            return False
        delivery.state, delivery.message = outcome, message[:255]
        # Where the clock was set back meanwhile, a delivery still does not end before it began.
        delivery.ended_at = max(timezone.now(), delivery.started_at or delivery.created_at)
        delivery.started_at = delivery.started_at or delivery.ended_at
        if impressions_completed is not None:
            delivery.impressions_completed = impressions_completed
        delivery.save(update_fields=["state", "message", "ended_at", "started_at", "impressions_completed"])
        gone = _settle_job(delivery, unread_stays=unread_stays)
        _log_end(delivery)
        delivery_ended.send(sender=Delivery, delivery=delivery)
        if gone is not None:
            # With the key gone nobody can read it: a file that cannot be removed now is, at the next start.
            transaction.on_commit(lambda: spool.destroy(gone), robust=True)
    return True


def _settle_job(delivery: Delivery, *, unread_stays: bool) -> Stored | None:
    """Bring the job to where the delivery leaves it. Returns: the document to destroy, if it is done with."""
    job = delivery.job
    if delivery.state == DeliveryState.COMPLETED and not (delivery.keep or job.retained):
        return finish_job(job, JobState.COMPLETED, "job-completed-successfully", unread_stays=unread_stays)
    if delivery.state == DeliveryState.CANCELED or STOPPING in job.state_reasons:
        return finish_job(job, JobState.CANCELED, "job-canceled-by-user", unread_stays=unread_stays)
    job.state, job.state_reasons = JobState.PENDING_HELD, "job-hold-until-specified"
    job.state_message = "" if delivery.state == DeliveryState.COMPLETED else delivery.message
    job.save(update_fields=["state", "state_reasons", "state_message"])
    return None


def finish_job(job: Job, state: JobState, reasons: str, *, unread_stays: bool = False) -> Stored | None:
    """Bring a job to its final state and take its document's key away, unless it stays to be read (see `end`).

    Returns: what lies in the spool still and is to be destroyed.
    """
    job.state, job.state_reasons, job.state_message = state, reasons, ""
    job.completed_at = timezone.now()
    job.save(update_fields=["state", "state_reasons", "state_message", "completed_at"])
    if unread_stays and job.has_document and not Job.objects.filter(id=job.id, facts__isnull=False).exists():
        return None
    return take_key(job)


def take_key(job: Job) -> Stored | None:
    """Without its key nobody can read a document any more. Returns: what lies in the spool still."""
    stored = stored_document(job) if job.has_document else None
    job.spool_pack = job.spool_offset = job.spool_length = job.spool_key = None
    job.save(update_fields=["spool_pack", "spool_offset", "spool_length", "spool_key"])
    return stored


_SENTENCES = {
    DeliveryState.COMPLETED: ("job_printed", Severity.INFO, "“{job}” was printed at {device}."),
    DeliveryState.INTERRUPTED: ("job_interrupted", Severity.WARNING, "“{job}” was cut short at {device}. {why}"),
    DeliveryState.FAILED: ("job_failed", Severity.ERROR, "“{job}” could not be printed at {device}. {why}"),
    DeliveryState.CANCELED: ("job_canceled", Severity.INFO, "“{job}” was stopped at {device}."),
}


def _log_end(delivery: Delivery) -> None:
    kind, severity, sentence = _SENTENCES[DeliveryState(delivery.state)]
    record_event(
        kind,
        sentence.format(job=delivery.job.name, device=delivery.device.name, why=delivery.message).strip(),
        severity=severity,
        job_id=delivery.job_id,
        device_id=delivery.device_id,
        user_id=delivery.user_id,
        impressions=delivery.impressions_completed,
    )
