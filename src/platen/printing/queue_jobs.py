"""The jobs of a queue as its print clients ask for them: whose they are, which of them, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet

from platen.directory.names import find_ids_by_names
from platen.policy.job_states import FINAL_STATES, JobState
from platen.policy.owner import normalised, parse_name
from platen.printing.models import OPEN_STATES, Delivery, Job

# Jobs that belong to nobody are looked for by name among the newest, as many as can be read while a client waits.
SEARCHED_MAX = 20_000


class WhichJobs(StrEnum):
    """which-jobs of Get-Jobs (RFC 8011 section 4.2.6.1, PWG 5100.7)."""

    NOT_COMPLETED = "not-completed"
    COMPLETED = "completed"
    ALL = "all"


_STATES: dict[WhichJobs, tuple[JobState, ...]] = {
    WhichJobs.NOT_COMPLETED: tuple(JobState(state) for state in OPEN_STATES),
    WhichJobs.COMPLETED: tuple(sorted(FINAL_STATES)),
    WhichJobs.ALL: tuple(JobState),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a person who signed in, or a name that a client merely says."""

    name: str
    user_id: int | None = None
    default_domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJob:
    """A job with device loaded, and what its last delivery brought."""

    job: Job
    is_mine: bool
    impressions_completed: int = 0


def owner_of(asker: Asker) -> int | None:
    """The person that an asker is; None where the name means nobody."""
    if asker.user_id is not None:
        return asker.user_id
    name = parse_name(asker.name)
    if name is None:
        return None
    return find_ids_by_names([name], default_domain=asker.default_domain).get(name)


def is_mine(job: Job, asker: Asker) -> bool:
    """Whether a job is the asker's: of the same person, or, where nobody signed in, come under the same name."""
    if asker.user_id is not None:
        return bool(job.owner_id == asker.user_id)
    if not asker.name:
        return False
    if normalised(job.submitted_as) == normalised(asker.name):
        return True
    return job.owner_id is not None and job.owner_id == owner_of(asker)


def job_of_queue(queue_id: int, job_id: int, asker: Asker) -> SeenJob | None:
    """One job of a queue; None: there is no such job there."""
    job = Job.objects.select_related("device").defer("facts").filter(id=job_id, queue_id=queue_id).first()
    if job is None:
        return None
    impressions = 0
    if job.processing_at is not None:
        last = Delivery.objects.filter(job=job).order_by("-id").values_list("impressions_completed", flat=True).first()
        impressions = last or 0
        if not impressions and job.state == JobState.COMPLETED:
            impressions = (job.pages or 0) * job.copies
    return SeenJob(job=job, is_mine=is_mine(job, asker), impressions_completed=impressions)


def jobs_for_client(
    queue_id: int, asker: Asker, which: WhichJobs, *, mine: bool, limit: int, first_index: int = 1
) -> list[SeenJob]:
    """Open jobs oldest first, ended ones newest first, all of them newest first (RFC 8011 section 4.2.6.2)."""
    owner_id = owner_of(asker)
    jobs: QuerySet[Job] = Job.objects.filter(queue_id=queue_id)
    if mine:
        jobs = jobs.filter(_of_asker(asker, owner_id))
    order = "id" if which is WhichJobs.NOT_COMPLETED else "-id"
    wanted = first_index - 1 + limit
    ids: list[int] = []
    for state in _STATES[which]:  # each is an index of its own
        ids += jobs.filter(state=state).order_by(order).values_list("id", flat=True)[:wanted]
    ids = sorted(ids, reverse=order == "-id")[first_index - 1 : wanted]
    return _seen(ids, asker, owner_id, order)


def jobs_by_id(queue_id: int, asker: Asker, job_ids: Sequence[int]) -> list[SeenJob]:
    """Those jobs of a queue that exist, in ascending order."""
    ids = Job.objects.filter(queue_id=queue_id, id__in=job_ids).values_list("id", flat=True)
    return _seen(list(ids), asker, owner_of(asker), "id")


def _seen(ids: Sequence[int], asker: Asker, owner_id: int | None, order: str) -> list[SeenJob]:
    jobs = Job.objects.select_related("device").defer("facts", "spool_key").filter(id__in=ids).order_by(order)
    name = normalised(asker.name) if asker.user_id is None and asker.name else None
    return [
        SeenJob(
            job=job,
            is_mine=(owner_id is not None and job.owner_id == owner_id)
            or (name is not None and normalised(job.submitted_as) == name),
            impressions_completed=(job.pages or 0) * job.copies if job.state == JobState.COMPLETED else 0,
        )
        for job in jobs
    ]


def _of_asker(asker: Asker, owner_id: int | None) -> Q:
    if owner_id is not None:
        return Q(owner_id=owner_id)
    if not asker.name:
        return Q(pk__in=[])
    newest = Job.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return Q(owner__isnull=True, submitted_as__iexact=asker.name, id__gt=newest - SEARCHED_MAX)
