"""New jobs and new deliveries, written with one statement for many."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from platen.insertion import InsertionInto
from platen.printing.models import Delivery, Job


@dataclass(slots=True, kw_only=True)
class NewJob:
    """What is known of a job when it comes in; each field is the column of the same name. Everything else is the
    model's default. `id` is known once the row is written."""

    tenant_id: int
    uuid: uuid.UUID
    queue_id: int
    owner_id: int | None
    name: str
    submitted_as: str
    submitted_from: str
    received_via: str
    ticket: dict[str, object]
    document_format: str
    copies: int
    created_at: datetime
    expires_at: datetime
    state: int
    state_reasons: str = ""
    device_id: int | None = None
    size_bytes: int = 0
    spool_pack: int | None = None
    spool_offset: int | None = None
    spool_length: int | None = None
    spool_key: bytes | None = None
    password_key: str = ""
    id: int = 0

    @property
    def has_document(self) -> bool:
        """Whether the document came with it."""
        return self.spool_key is not None


_JOBS = InsertionInto(Job, [each.name for each in fields(NewJob) if each.name != "id"])
_KNOWN_OF_DELIVERY = "tenant_id uuid job_id device_id user_id pull copies keep state attempts created_at"
_DELIVERIES = InsertionInto(Delivery, _KNOWN_OF_DELIVERY.split())


def insert_jobs(jobs: Sequence[NewJob]) -> None:
    """Write the rows, in the caller's transaction, and note their ids.

    Raises: django.db.IntegrityError, where one of them is there already.
    """
    _JOBS.insert(jobs)


def insert_deliveries(deliveries: Sequence[Delivery]) -> None:
    """Write deliveries that nobody has begun, in the caller's transaction, and note their ids.

    Raises: django.db.IntegrityError, where one of their jobs has an open delivery already.
    """
    _DELIVERIES.insert(deliveries)
