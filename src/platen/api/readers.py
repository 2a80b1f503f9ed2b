"""Card readers: /readers shows all, /devices/UUID/readers has those at a device."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.errors import Missing
from platen.api.lookup import device_of
from platen.api.values import Change, Input
from platen.devices.device_lists import reader_in_device
from platen.devices.models import Reader
from platen.devices.queries import all_readers, readers_of
from platen.devices.services import add_reader, change_reader, remove_reader

router = Router()
everywhere = Router()


class ReaderShown(Schema):
    """An Ethernet card reader, known by the address it connects from."""

    id: int
    name: str
    address: str
    device: UUID
    card_format: dict[str, Any]
    feedback: str
    last_seen_at: datetime | None

    @staticmethod
    def resolve_device(reader: Reader) -> UUID:
        """The device's uuid."""
        return reader.device.uuid


class NewReader(Input):
    """A reader. technology: what kind of cards it reads; card_format: how its lines differ from the usual ones."""

    name: str
    address: str
    technology: str = ""
    card_format: dict[str, Any] = {}
    feedback: str = ""


class ReaderChange(Change):
    """What is to change; `device` moves the reader to another one."""

    name: str | None = None
    address: str | None = None
    card_format: dict[str, Any] | None = None
    feedback: str | None = None
    device: UUID | None = None


@everywhere.get("", response=list[ReaderShown], auth=needs(Right.SEE_DEVICES))
def list_all(request: HttpRequest) -> list[Reader]:
    """Every reader, the first 1000, in the order of their names."""
    return all_readers()


@router.get("/{uuid:key}/readers", response=list[ReaderShown], auth=needs(Right.SEE_DEVICES))
def list_of_device(request: HttpRequest, key: UUID) -> list[Reader]:
    """The readers at a device."""
    return readers_of(device_of(key))


@router.post("/{uuid:key}/readers", response={201: ReaderShown}, auth=needs(Right.CHANGE_DEVICES))
def add(request: HttpRequest, key: UUID, new: NewReader) -> Status[Reader]:
    """Add a reader at a device."""
    return Status(201, add_reader(device=device_of(key), by=actor(request), **new.model_dump()))


@router.patch("/{uuid:key}/readers/{int:reader_id}", response=ReaderShown, auth=needs(Right.CHANGE_DEVICES))
def change(request: HttpRequest, key: UUID, reader_id: int, change: ReaderChange) -> Reader:
    """Change what is sent."""
    values: dict[str, Any] = {name: value for name, value in change.given().items() if value is not None}
    if change.device is not None:
        values["device"] = device_of(change.device)
    return change_reader(_reader(key, reader_id), by=actor(request), **values)


@router.delete("/{uuid:key}/readers/{int:reader_id}", response={204: None}, auth=needs(Right.CHANGE_DEVICES))
def remove(request: HttpRequest, key: UUID, reader_id: int) -> Status[None]:
    """Remove a reader; cards shown to it mean nothing from then on."""
    remove_reader(_reader(key, reader_id), by=actor(request))
    return Status(204, None)


def _reader(key: UUID, reader_id: int) -> Reader:
    found = reader_in_device(device_of(key), reader_id)
    if found is None:
        raise Missing("There is no such reader at this device. The device's list of readers has every id.")
    return found
