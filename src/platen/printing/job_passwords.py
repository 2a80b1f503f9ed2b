"""Codes of single documents (job-password, PWG 5100.11): stored as keyed hashes, asked for at the panel.

The code is hashed with SHA-256, by the client where it can, and that digest again with a key of the node and the job's
UUID: the database alone tells nobody a code, however few digits it has, and two documents with one code look different.
A wrong code counts against its person's account as a wrong PIN does.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from hmac import compare_digest

from django.db.models import F

from platen.access.throttle import Busy, attempt_from
from platen.devices.models import Device
from platen.directory.attempts import attempt_failed, take_attempt
from platen.directory.models import Role, User
from platen.directory.seals import keyed_hash
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.printing.models import Job
from platen.tenants.queries import current_policy

PURPOSE = "job-password"


class Verdict(Enum):
    """What came of a code that was typed."""

    RIGHT = auto()
    WRONG = auto()
    LOCKED = auto()
    """The person's account is locked now."""
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """The verdict; attempts_left where it is WRONG and tries are counted, wait_s where it is WAIT."""

    verdict: Verdict
    attempts_left: int | None = None
    wait_s: int = 0


def password_key(job_uuid: uuid.UUID, digest: bytes) -> str:
    """What is stored of a code; digest: its SHA-256. For the current tenant."""
    return keyed_hash(PURPOSE, f"{job_uuid}:{digest.hex()}")


def try_code(job: Job, code: str, *, user: User, device: Device, now: datetime) -> CodeAnswer:
    """A person at a device types the code of one of their documents. Call it outside what may be rolled back."""
    if user.role == Role.ADMINISTRATOR:  # not locked out at devices, but slowed down
        return _try_administrators(job, code, user, device, now)
    attempts_max = current_policy().login_attempts_max
    if not take_attempt(user, attempts_max):
        return CodeAnswer(Verdict.LOCKED)
    if _matches(job, code):
        # Not forgotten as after a right PIN: with a document of their own making, somebody who holds another person's
        # card could otherwise begin to count anew whenever they like.
        User.objects.filter(id=user.id, failed_logins__gt=0).update(failed_logins=F("failed_logins") - 1)
        return CodeAnswer(Verdict.RIGHT)
    left = attempt_failed(user, attempts_max, source=device.name)
    _note_wrong(job, user, device)
    return CodeAnswer(Verdict.WRONG, left) if left else CodeAnswer(Verdict.LOCKED)


def _try_administrators(job: Job, code: str, user: User, device: Device, now: datetime) -> CodeAnswer:
    attempt = attempt_from(f"job-code user {user.id}", now)
    if isinstance(attempt, Busy):
        return CodeAnswer(Verdict.WAIT, wait_s=attempt.wait_s)
    if _matches(job, code):
        attempt.hit()
        return CodeAnswer(Verdict.RIGHT)
    _note_wrong(job, user, device)
    return CodeAnswer(Verdict.WRONG)


def _matches(job: Job, code: str) -> bool:
    typed = password_key(job.uuid, hashlib.sha256(code.encode()).digest())
    return bool(job.password_key) and compare_digest(typed, job.password_key)


def _note_wrong(job: Job, user: User, device: Device) -> None:
    record_event(
        "job_code_wrong",
        f"Wrong code for “{job.name}” of {user.logon} at {device.name}",
        severity=Severity.WARNING,
        job_id=job.id,
        device_id=device.id,
        user_id=user.id,
    )


def note_left_out(jobs: list[Job], *, user: User, device: Device) -> None:
    """Everything of a person was printed at once but documents that need a code: say so, a line each."""
    for job in jobs:
        record_event(
            "job_needs_code",
            f"“{job.name}” was not printed with {user.logon}'s other documents at {device.name}: "
            "it needs the code that it was sent with, which a panel asks for.",
            job_id=job.id,
            device_id=device.id,
            user_id=user.id,
        )
