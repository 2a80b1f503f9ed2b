"""Queues, which clients print to: /queues."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.lookup import device_of, queue_of
from platen.api.values import Change, Page, Paging
from platen.devices.device_lists import queues_page
from platen.devices.models import Queue, QueueKind
from platen.devices.services import add_queue, change_queue, remove_queue

router = Router()


class QueueShown(Schema):
    """A queue; a pull queue holds jobs, a push queue sends them on to its device."""

    uuid: UUID
    name: str
    kind: QueueKind
    device: UUID | None
    is_default: bool
    accepting: bool
    location: str
    lpd_port: int | None
    raw_port: int | None
    unknown_owner: str
    specified_logon: str
    default_domain: str
    job_data_logon: dict[str, Any] | None
    driver_name: str
    cost_code: str
    hide_document_names: bool
    sign_in_required: bool

    @staticmethod
    def resolve_device(queue: Queue) -> UUID | None:
        """The device's uuid."""
        return queue.device.uuid if queue.device else None


class QueueChange(Change):
    """What is to change."""

    name: str | None = None
    device: UUID | None = None
    is_default: bool | None = None
    accepting: bool | None = None
    location: str | None = None
    lpd_port: int | None = None
    raw_port: int | None = None
    unknown_owner: str | None = Field(None, description="create, hold, refuse, or nothing: as the organisation has it.")
    specified_logon: str | None = None
    default_domain: str | None = None
    job_data_logon: dict[str, Any] | None = None
    driver_name: str | None = None
    cost_code: str | None = None
    hide_document_names: bool | None = None
    sign_in_required: bool | None = Field(None, description="Jobs only by IPPS, from people who give their password.")


class NewQueue(QueueChange):
    """A new queue; a push queue needs a device."""

    name: str
    kind: QueueKind = QueueKind.PULL


class QueuesWanted(Paging):
    """Which queues."""

    q: str = Field("", description="Part of name or location.")


_NULLABLE = {"lpd_port", "raw_port", "job_data_logon"}  # null: none


@router.get("", response=Page[QueueShown], auth=needs(Right.SEE_DEVICES))
def list_queues(request: HttpRequest, wanted: Query[QueuesWanted]) -> Page[QueueShown]:
    """Queues in the order of their names."""
    queues, following = queues_page(wanted.q, wanted.after or "", size=wanted.limit)
    return Page(items=queues, next=following)  # type: ignore[arg-type]  # rows become schemas in the answer


@router.post("", response={201: QueueShown}, auth=needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET))
def add(request: HttpRequest, new: NewQueue) -> Status[Queue]:
    """Add a queue."""
    return Status(201, add_queue(by=actor(request), **_values(new)))


@router.get("/{uuid:key}", response=QueueShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> Queue:
    """One queue."""
    return queue_of(key)


@router.patch("/{uuid:key}", response=QueueShown, auth=needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET))
def change(request: HttpRequest, key: UUID, change: QueueChange) -> Queue:
    """Change what is sent."""
    return change_queue(queue_of(key), by=actor(request), **_values(change))


@router.delete("/{uuid:key}", response={204: None}, auth=needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET))
def remove(request: HttpRequest, key: UUID) -> Status[None]:
    """Remove a queue that no job belongs to."""
    remove_queue(queue_of(key), by=actor(request))
    return Status(204, None)


def _values(sent: QueueChange) -> dict[str, Any]:
    values = {name: value for name, value in sent.given().items() if value is not None or name in _NULLABLE}
    if sent.device is not None:
        values["device"] = device_of(sent.device)
    return values
