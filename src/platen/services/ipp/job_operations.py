"""Operations on jobs: Get-Job-Attributes, Get-Jobs, Cancel-Job, Cancel-My-Jobs, Hold-Job, Release-Job."""

from __future__ import annotations

from datetime import UTC, datetime

from platen.printing.errors import NotChangeable, NotReleasable
from platen.printing.holding import hold_job, release_to_device
from platen.printing.models import OPEN_STATES
from platen.printing.queue_jobs import SeenJob, WhichJobs, job_of_queue, jobs_by_id, jobs_for_client
from platen.printing.services import cancel_job
from platen.protocols.ipp import (
    GET_JOBS_DEFAULT,
    RequestRefused,
    Status,
    read_job_ids,
    read_jobs_query,
    response,
    select,
)
from platen.services.ipp.call import Call
from platen.services.ipp.job_views import job_group

JOBS_MAX = 1_000
"""Jobs in one answer; clients that want more ask on with first-index."""
FIRST_INDEX_MAX = 100_000


async def get_job_attributes(call: Call) -> bytes:
    """Get-Job-Attributes (RFC 8011 section 4.3.4)."""
    seen = await _job(call)
    selection = select(call.request.requested_attributes)
    return response(call.request, groups=[job_group(call.printer, seen, selection, datetime.now(UTC))])


async def get_jobs(call: Call) -> bytes:
    """Get-Jobs (RFC 8011 section 4.2.6)."""
    query = read_jobs_query(call.request)
    limit = min(query.limit or JOBS_MAX, JOBS_MAX)
    if query.first_index > FIRST_INDEX_MAX:
        raise RequestRefused(
            Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
            f"first-index goes up to {FIRST_INDEX_MAX}; ask for my-jobs or job-ids instead",
        )
    if query.job_ids:
        jobs = await call.run(jobs_by_id, call.queue.id, call.asker, query.job_ids[:limit])
    else:
        jobs = await call.run(
            jobs_for_client,
            call.queue.id,
            call.asker,
            WhichJobs(query.which_jobs),
            mine=query.my_jobs,
            limit=limit,
            first_index=query.first_index,
        )
    selection = select(call.request.requested_attributes, GET_JOBS_DEFAULT)
    now = datetime.now(UTC)
    return response(call.request, groups=[job_group(call.printer, seen, selection, now) for seen in jobs])


async def cancel(call: Call) -> bytes:
    """Cancel-Job (RFC 8011 section 4.3.3)."""
    seen = await own_job(call)
    try:
        await call.run(cancel_job, call.services.spool, seen.job, by=call.actor)
    except NotChangeable as error:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, str(error)) from error
    return response(call.request)


async def cancel_my_jobs(call: Call) -> bytes:
    """Cancel-My-Jobs (PWG 5100.7 section 4.5): the named ones if all of them can be, else every open one."""
    job_ids = read_job_ids(call.request)
    if len(job_ids) > JOBS_MAX:
        raise RequestRefused(Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG, f"name at most {JOBS_MAX} jobs at a time")
    if job_ids:
        jobs = await call.run(jobs_by_id, call.queue.id, call.asker, job_ids)
        _check_cancelable(jobs, len(set(job_ids)))
    else:
        jobs = await call.run(
            jobs_for_client, call.queue.id, call.asker, WhichJobs.NOT_COMPLETED, mine=True, limit=JOBS_MAX
        )
    for seen in jobs:
        try:
            await call.run(cancel_job, call.services.spool, seen.job, by=call.actor)
        except NotChangeable:
            continue  # it came to its end meanwhile, which is what was wanted
    return response(call.request)


def _check_cancelable(jobs: list[SeenJob], wanted: int) -> None:
    if len(jobs) != wanted:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_FOUND, "not all of these jobs are here; nothing was canceled")
    if not all(seen.is_mine for seen in jobs):
        raise RequestRefused(
            Status.CLIENT_ERROR_NOT_AUTHORIZED, "not all of these jobs are yours; nothing was canceled"
        )
    if not all(seen.job.state in OPEN_STATES for seen in jobs):
        raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, "some of these jobs have ended; nothing was canceled")


async def hold(call: Call) -> bytes:
    """Hold-Job (RFC 8011 section 4.3.5)."""
    seen = await own_job(call)
    try:
        await call.run(hold_job, seen.job, by=call.actor)
    except NotChangeable as error:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, str(error)) from error
    return response(call.request)


async def release(call: Call) -> bytes:
    """Release-Job (RFC 8011 section 4.3.6). Who releases from a pull queue has to stand at a device."""
    seen = await own_job(call)
    try:
        await call.run(release_to_device, seen.job, by=call.actor)
    except NotReleasable as error:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, str(error)) from error
    return response(call.request)


async def own_job(call: Call) -> SeenJob:
    """The job that the request is about. Raises: RequestRefused, where it is not there or not the asker's."""
    seen = await _job(call)
    if not seen.is_mine:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_AUTHORIZED, "this job is somebody else's")
    return seen


async def _job(call: Call) -> SeenJob:
    job_id = call.request.target.job_id
    seen = None if job_id is None else await call.run(job_of_queue, call.queue.id, job_id, call.asker)
    if seen is None:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_FOUND, f"there is no job {job_id} in the queue {call.queue.name}")
    return seen
