"""What an address names, or Missing. Everything is looked up within the tenant, so another's is not there."""

from __future__ import annotations

import uuid

from platen.api.errors import BadRequest, Missing
from platen.devices.models import Device, Queue
from platen.devices.queries import device_by_uuid, queue_by_uuid
from platen.directory.models import User
from platen.directory.queries import user_by_uuid
from platen.printing.job_lists import job_in_detail
from platen.printing.models import Job

_ID_MAX = 2**63
_ID_DIGITS_MAX = 19


def user_of(key: uuid.UUID) -> User:
    """A person. Raises: Missing."""
    found = user_by_uuid(str(key))
    if found is None:
        raise Missing("There is no such person here. The list of people has everybody's uuid.")
    return found


def device_of(key: uuid.UUID) -> Device:
    """A device. Raises: Missing."""
    found = device_by_uuid(str(key))
    if found is None:
        raise Missing("There is no such device here. The list of devices has every uuid.")
    return found


def queue_of(key: uuid.UUID) -> Queue:
    """A queue. Raises: Missing."""
    found = queue_by_uuid(str(key))
    if found is None:
        raise Missing("There is no such queue here. The list of queues has every uuid.")
    return found


def job_of(job_id: int) -> Job:
    """A job by its number. Raises: Missing."""
    found = job_in_detail(job_id) if 0 < job_id < _ID_MAX else None
    if found is None:
        raise Missing(f"There is no job {job_id} here.")
    return found


def number_after(after: str | None) -> int | None:
    """The place in a list that is paged by number. Raises: BadRequest."""
    if after is None:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= _ID_DIGITS_MAX and int(after) < _ID_MAX):
        raise BadRequest("This page does not exist. Begin again with the first page.")
    return int(after)
