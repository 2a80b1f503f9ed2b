"""Lists of jobs for people: by state, newest first, paged by key, at the same cost for ten jobs and a million."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.db.models import Q, QuerySet

from platen.devices.models import Device, Queue
from platen.directory.models import User
from platen.directory.queries import search as search_people
from platen.policy.job_states import JobState
from platen.printing.models import OPEN_STATES, Delivery, Job
from platen.printing.queries import COUNT_MAX, count_up_to

PAGE_SIZE = 50
# No index finds a part of a document's name. So a text is looked for among the newest jobs, as many as can be read
# while a person waits.
SEARCHED_MAX = 20_000
EXPORT_BATCH = 500
PEOPLE_MAX = 200


class JobView(StrEnum):
    """Which jobs a list shows."""

    OPEN = "open"
    HELD = "held"
    PRINTING = "printing"
    STOPPED = "stopped"
    FAILED = "failed"
    PRINTED = "printed"
    CANCELED = "canceled"
    UNOWNED = "unowned"

    @property
    def states(self) -> tuple[JobState, ...]:
        """The states of the jobs in it."""
        return _STATES[self]


_STATES: dict[JobView, tuple[JobState, ...]] = {
    JobView.OPEN: tuple(JobState(state) for state in OPEN_STATES),
    JobView.HELD: (JobState.PENDING_HELD,),
    JobView.PRINTING: (JobState.PENDING, JobState.PROCESSING),
    JobView.STOPPED: (JobState.PROCESSING_STOPPED,),
    JobView.FAILED: (JobState.ABORTED,),
    JobView.PRINTED: (JobState.COMPLETED,),
    JobView.CANCELED: (JobState.CANCELED,),
    JobView.UNOWNED: (JobState.PENDING_HELD,),
}


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What narrows a list. `text` is part of a document's name, its number, its owner, or the name it came under.

    by_name: whether documents' names are looked through: who may not see them could guess them otherwise.
    """

    view: JobView = JobView.OPEN
    text: str = ""
    by_name: bool = True
    owner: User | None = None
    device: Device | None = None
    queue: Queue | None = None


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, newest first; `next_before` continues after them, None at the end."""

    jobs: list[Job]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many, counted no further than `COUNT_MAX`."""

    number: int

    @property
    def is_more(self) -> bool:
        """There are more than were counted."""
        return self.number > COUNT_MAX

    @property
    def shown(self) -> int:
        """The number to show; where `is_more`, there are more than this."""
        return min(self.number, COUNT_MAX)


def page_of_jobs(wanted: JobFilter, before: int | None = None, *, size: int = PAGE_SIZE) -> JobPage:
    """One page of a list: jobs with owner, queue and device loaded, in as many queries however many there are."""
    ids = _newest_ids(wanted, before, size + 1)
    shown = ids[:size]
    found = Job.objects.filter(id__in=shown).select_related("owner", "queue", "device")
    jobs: list[Job] = list(found.defer("facts").order_by("-id"))
    return JobPage(jobs, shown[-1] if len(ids) > size else None)


def each_job(wanted: JobFilter, limit: int) -> Iterator[Job]:
    """Every job of a list, newest first, for an export; page by page, at most `limit`."""

    def pages() -> Iterator[Job]:
        before: int | None = None
        while True:
            page = page_of_jobs(wanted, before, size=EXPORT_BATCH)
            yield from page.jobs
            if page.next_before is None:
                return
            before = page.next_before

    return islice(pages(), limit)


def count_of_view(view: JobView) -> Count:
    """How many jobs a view holds."""
    total = sum(count_up_to(_of_state(view, state), COUNT_MAX + 1) for state in view.states)
    return Count(total)


def latest_jobs(limit: int) -> list[Job]:
    """The newest jobs whatever their state, with owner, queue and device."""
    ids: list[int] = []
    # State by state, as in a list: over all states a database may choose to sort everything that the tenant has.
    for state in JobState:
        ids += Job.objects.filter(state=state).order_by("-id").values_list("id", flat=True)[:limit]
    jobs = Job.objects.filter(id__in=sorted(ids, reverse=True)[:limit])
    return list(jobs.select_related("owner", "queue", "device").defer("facts").order_by("-id"))


def job_in_detail(job_id: int) -> Job | None:
    """One job with everything about it loaded."""
    found: Job | None = Job.objects.select_related("owner", "queue", "device").filter(id=job_id).first()
    return found


def deliveries_of(job: Job, limit: int = 50) -> list[Delivery]:
    """The attempts to bring a job to a device, newest first."""
    return list(Delivery.objects.filter(job=job).select_related("device", "user").order_by("-id")[:limit])


def jobs_at(device: Device, limit: int) -> list[Job]:
    """The newest jobs that were sent to a device."""
    jobs = Job.objects.filter(device=device).select_related("owner", "queue").defer("facts")
    return list(jobs.order_by("-id")[:limit])


def jobs_of(user: User, limit: int) -> list[Job]:
    """A person's newest jobs, waiting and past."""
    ids: list[int] = []
    for state in JobState:
        ids += Job.objects.filter(owner=user, state=state).order_by("-id").values_list("id", flat=True)[:limit]
    newest = sorted(ids, reverse=True)[:limit]
    jobs = Job.objects.filter(id__in=newest).select_related("queue", "device").defer("facts")
    return list(jobs.order_by("-id"))


def find_jobs(text: str, limit: int = 20, *, by_name: bool = True) -> list[Job]:
    """Jobs with this number, or among the newest ones with this in their document's name (`JobFilter.by_name`)."""
    jobs = Job.objects.select_related("owner", "queue", "device").defer("facts")
    by_number = list(jobs.filter(id=int(text))) if _is_number(text) else []
    if not by_name:
        return by_number
    named = jobs.filter(_name_holds(text), id__gt=_searched_from()).order_by("-id")
    return (by_number + [job for job in named[:limit] if job not in by_number])[:limit]


def _newest_ids(wanted: JobFilter, before: int | None, limit: int) -> list[int]:
    """Each state is an index of its own that is read from its newest end; the newest of all states are merged."""
    narrow = _narrowing(wanted)
    ids: list[int] = []
    for state in wanted.view.states:
        jobs = _of_state(wanted.view, state).filter(narrow)
        if before is not None:
            jobs = jobs.filter(id__lt=before)
        ids += jobs.order_by("-id").values_list("id", flat=True)[:limit]
    return sorted(ids, reverse=True)[:limit]


def _of_state(view: JobView, state: JobState) -> QuerySet[Job]:
    jobs: QuerySet[Job] = Job.objects.filter(state=state)
    return jobs.filter(owner__isnull=True) if view is JobView.UNOWNED else jobs


def _narrowing(wanted: JobFilter) -> Q:
    narrow = Q()
    for field, value in (("owner", wanted.owner), ("device", wanted.device), ("queue", wanted.queue)):
        if value is not None:
            narrow &= Q(**{field: value})
    text = wanted.text.strip()
    if not text:
        return narrow
    people = [user.id for user in search_people(text, limit=PEOPLE_MAX)]
    named = Q(submitted_as__icontains=text) | Q(submitted_from__icontains=text)
    if wanted.by_name:
        named |= _name_holds(text)
    if _is_number(text):
        named |= Q(id=int(text))
    named |= Q(device__name__icontains=text)
    return narrow & (Q(owner_id__in=people) | named) & Q(id__gt=_searched_from())


def _name_holds(text: str) -> Q:
    # What a queue hides could otherwise be guessed at, word by word.
    return Q(name__icontains=text, queue__hide_document_names=False)


def _searched_from() -> int:
    # The newest number on the node, whoever's job it is: read from the end of the table.
    newest = Job.everywhere.order_by("-id").values_list("id", flat=True).first()
    return (newest or 0) - SEARCHED_MAX


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
