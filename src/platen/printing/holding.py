"""Holding jobs of a push queue back, and letting them go to the queue's device again."""

from __future__ import annotations

from django.db import transaction

from platen.devices.models import QueueKind
from platen.eventlog.actor import Actor
from platen.eventlog.services import record_event
from platen.policy.job_states import JobState
from platen.printing.errors import NotChangeable, NotReleasable
from platen.printing.leaving import tell_output
from platen.printing.models import OPEN_DELIVERIES, Delivery, DeliveryState, Job

HELD = "job-hold-until-specified"


def hold_job(job: Job, *, by: Actor) -> Job:
    """Keep a job until it is released; one that waits for its device is taken out of its line.

    Raises: NotChangeable, when a device is working on it or it has ended.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("queue").get(id=job.id)
        working = Delivery.objects.filter(job=job, state__in=OPEN_DELIVERIES).exclude(state=DeliveryState.WAITING)
        if job.state not in {JobState.PENDING, JobState.PENDING_HELD} or working.exists():
            raise NotChangeable(f"“{job.name}” is being printed or has ended, so it cannot be held.")
        if not job.has_document or job.owner_id is None:
            return job  # held as it is, for a reason that holding must not hide
        if job.state == JobState.PENDING:
            Delivery.objects.filter(job=job, state=DeliveryState.WAITING).delete()  # nothing of it has happened
            if job.queue.kind == QueueKind.PULL:
                job.device = None
            record_event("job_held", f"“{job.name}” was held by {by.name}.", job_id=job.id, user_id=by.user_id)
        job.state, job.state_reasons, job.state_message = JobState.PENDING_HELD, HELD, ""
        job.save(update_fields=["state", "state_reasons", "state_message", "device"])
        return job


def release_to_device(job: Job, *, by: Actor) -> Job:
    """Let a held job of a push queue go to the queue's device.

    Raises: NotReleasable: a pull queue's jobs are released where their owner stands; it is not held; nobody owns it.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("queue").get(id=job.id)
        if job.queue.kind != QueueKind.PUSH or job.queue.device_id is None:
            raise NotReleasable(f"“{job.name}” waits for you. Release it at the printer where you want it.")
        if job.state != JobState.PENDING_HELD or not job.has_document:
            raise NotReleasable(f"“{job.name}” is not held.")
        if job.owner_id is None:
            raise NotReleasable(f"“{job.name}” belongs to nobody yet. Ask an administrator to assign it.")
        delivery = Delivery(
            tenant_id=job.tenant_id,
            job=job,
            device_id=job.queue.device_id,
            user_id=job.owner_id,
            pull=False,
            copies=job.copies,
        )
        delivery.save()
        job.state, job.state_reasons, job.state_message = JobState.PENDING, "none", ""
        job.device_id = job.queue.device_id
        job.save(update_fields=["state", "state_reasons", "state_message", "device"])
        record_event("job_released", f"“{job.name}” was released by {by.name}.", job_id=job.id, user_id=by.user_id)
        tell_output(job.tenant_id, job.queue.device_id)
        return job
