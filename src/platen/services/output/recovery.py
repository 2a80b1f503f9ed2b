"""What becomes of a delivery that a dead process left between its first octet and its end.

state       channel        what is known                         so
sending     ipp, no id     the device can create jobs            no octet of the document left: again
                           it cannot; it has one such job        followed to its end
                           it cannot, and has none               cut short, nothing known of it: held again
sending     ipp, job-id    the job there has the document        followed to its end
                           it lacks it, or gave up               canceled there; nothing came out: again
following   ipp, job-id                                          followed to its end
sending     socket, lpd                                          cut short, nothing known of it: held again
following   socket, lpd    the device took everything            completed

`deliveries.end` ends a delivery once, so whatever happens here and is cut off again gives one usage record.
"""

from __future__ import annotations

from platen.policy.job_states import JobState
from platen.printing.models import DeliveryState
from platen.protocols.ipp import Operation
from platen.protocols.ipp import attributes as a
from platen.services.output.attempt import Attempt
from platen.services.output.capabilities import Capabilities
from platen.services.output.errors import DeviceRefused
from platen.services.output.ipp_client import IppClient
from platen.services.output.ipp_follow import FORGOTTEN, JobFollower, JobOnDevice
from platen.services.output.results import Ended, PutBack, Result

NOBODY_KNOWS = (
    "The print server stopped while this document was sent. Part of it may have come out; look at the device, "
    "then print it again or delete it."
)
_WITHOUT_DOCUMENT = frozenset({"job-incoming", "job-data-insufficient"})


def decide_unfollowed(state: DeliveryState) -> Ended:
    """For channels that tell nothing of a job afterwards."""
    if state == DeliveryState.FOLLOWING:
        return Ended(state=DeliveryState.COMPLETED)
    return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=NOBODY_KNOWS)


async def recover_ipp(
    attempt: Attempt, state: DeliveryState, client: IppClient, known: Capabilities, follower: JobFollower
) -> Result:
    """Find out what became of an IPP delivery, and bring it to its end. Raises: DeviceError, to be tried again."""
    job_id = attempt.plan.printer_job_id
    if state == DeliveryState.FOLLOWING and job_id is not None:
        attempt.handed_over = True
        return await follower.follow(attempt, job_id)
    if job_id is not None:
        return await _half_sent(attempt, follower, job_id)
    if known.creates_jobs:
        return PutBack(message="", retry_s=0)
    found = await _find(attempt, client)
    if found is None:
        return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=NOBODY_KNOWS)
    await attempt.note_printer_job(found)
    return await follower.follow(attempt, found)


async def _half_sent(attempt: Attempt, follower: JobFollower, job_id: int) -> Result:
    """The job is there; whether the document arrived, the device knows."""
    try:
        job = await follower.ask(job_id, attempt.plan.user_name)
    except DeviceRefused as error:
        if error.status not in FORGOTTEN:
            raise
        return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=NOBODY_KNOWS)
    if job.state == JobState.COMPLETED or (not job.has_ended and _has_document(job)):
        return await follower.follow(attempt, job_id)
    result = await follower.take_back(attempt, job_id, "")
    return PutBack(message="", retry_s=0) if isinstance(result, PutBack) else result


def _has_document(job: JobOnDevice) -> bool:
    return job.state != JobState.PENDING_HELD and _WITHOUT_DOCUMENT.isdisjoint(job.reasons)


async def _find(attempt: Attempt, client: IppClient) -> int | None:
    """Our job on the device by name and user, if exactly one that has not ended fits (RFC 8011 section 4.2.6).

    Ended ones do not count: one of them may be the same document, printed an hour ago.
    """
    plan = attempt.plan
    wanted = a.keyword("requested-attributes", "job-id", "job-name", "job-originating-user-name")
    answer = await client.ask(
        Operation.GET_JOBS,
        [a.keyword("which-jobs", "not-completed"), a.boolean("my-jobs", True), a.integer("limit", 100), wanted],
        plan.user_name,
    )
    fitting = [
        job.integer("job-id")
        for job in answer.jobs
        if job.text("job-name") == a.clip(plan.job_name or "Document", 255)
        and job.text("job-originating-user-name", plan.user_name) == plan.user_name
    ]
    return fitting[0] if len(fitting) == 1 else None
