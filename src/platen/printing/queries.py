"""Reads on jobs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet

from platen.devices.models import Device
from platen.directory.models import User
from platen.policy.job_states import JobState
from platen.printing.errors import JobNotFound
from platen.printing.models import OPEN_STATES, Delivery, Job
from platen.printing.spool import Stored

COUNT_MAX = 10_000


def job_by_id(job_id: int) -> Job:
    """A job with queue, owner and device. Raises: JobNotFound."""
    job: Job | None = Job.objects.select_related("queue", "owner", "device").filter(id=job_id).first()
    if job is None:
        raise JobNotFound(f"There is no job {job_id} here.")
    return job


def waiting_jobs_of(user: User, *, limit: int = 200) -> list[Job]:
    """What a person can release now, oldest first."""
    held = Job.objects.filter(owner=user, state=JobState.PENDING_HELD, spool_key__isnull=False)
    return list(held.order_by("id")[:limit])


def jobs_in_progress_of(user: User, device: Device) -> list[Delivery]:
    """What a person released at a device and is not out yet, in printing order."""
    open_ones = Delivery.objects.filter(user=user, device=device, ended_at__isnull=True)
    return list(open_ones.select_related("job").order_by("id"))


def recent_deliveries(delivery_ids: Sequence[int]) -> list[Delivery]:
    """Deliveries by id, with their jobs, in printing order: for following a release to its end."""
    return list(Delivery.objects.filter(id__in=delivery_ids).select_related("job").order_by("id"))


def devices_with_open_deliveries() -> list[tuple[int, int]]:
    """(tenant id, device id) of every device with something to deliver, on the whole node."""
    rows = Delivery.everywhere.filter(ended_at__isnull=True)
    return list(rows.values_list("tenant_id", "device_id").distinct())


def jobs_of_queue(queue_id: int, *, states: Sequence[JobState] | None = None) -> QuerySet[Job]:
    """Jobs of a queue, newest first; open ones unless states are named."""
    jobs: QuerySet[Job] = Job.objects.filter(queue_id=queue_id, state__in=list(states or OPEN_STATES))
    return jobs.select_related("owner").order_by("-id")


def count_up_to(jobs: QuerySet[Job], limit: int = COUNT_MAX) -> int:
    """How many, counting no further than limit: a number that costs the same however many there are."""
    return jobs.order_by()[:limit].count()


def end_of_pack(pack: int) -> int | None:
    """Where the last live document of a pack ends, on the whole node; None when it holds none."""
    last = (
        Job.everywhere.filter(spool_pack=pack)
        .order_by("-spool_offset")
        .values_list("spool_offset", "spool_length")
        .first()
    )
    return None if last is None else (last[0] or 0) + (last[1] or 0)


def pack_is_live(pack: int) -> bool:
    """Whether a document of a job of the node lies in the pack."""
    return bool(Job.everywhere.filter(spool_pack=pack).exists())


def without_row(documents: Sequence[Stored]) -> list[Stored]:
    """Which of these stored documents no job holds: as accept_stored left them when the database went away."""
    if not documents:
        return []
    names = [stored.document for stored in documents]
    rows = Job.everywhere.filter(uuid__in=names, spool_key__isnull=False).values_list("spool_key", flat=True)
    held = {bytes(key) for key in rows if key is not None}
    return [stored for stored in documents if stored.wrapped_key not in held]


def without_document(documents: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these documents no job of the node holds any more."""
    live = Job.everywhere.filter(uuid__in=documents, spool_key__isnull=False, spool_pack__isnull=True)
    return set(documents) - set(live.values_list("uuid", flat=True))


def jobs_to_analyse(after: int, limit: int) -> list[tuple[int, int]]:
    """(id, tenant id) of the node's jobs that have a document whose facts are not known yet, by id."""
    rows = Job.everywhere.filter(id__gt=after, facts__isnull=True, spool_key__isnull=False).order_by("id")
    return list(rows.values_list("id", "tenant_id")[:limit])
