"""What a device consists of, as it was read: /devices/{uuid}/equipment."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from platen.access.rights import Right
from platen.api.bearer import needs
from platen.api.lookup import device_of
from platen.fleet.equipment import Equipment, equipment_of
from platen.fleet.queries_rows import machine_of

router = Router()


class TrayShown(Schema):
    """Where media comes from, or goes to. level and percent: media left; of an output the room that is left."""

    key: str
    name: str
    media: str
    output: bool
    level: int | None
    capacity: int | None
    state: str = Field(description="level, some, unknown, unlimited, low or empty")
    percent: int | None
    status: list[str]
    stacking: list[str]


class FinisherShown(Schema):
    """A part that finishes sheets (RFC 3806). outputs and supplies: keys of trays and of supplies."""

    key: str
    kind: str = Field(description="stitcher, folder, puncher, stacker … (FinDeviceTypeTC)")
    name: str
    presence: str = Field(description="on, off, not-present, or empty where it is not said")
    status: list[str]
    level: int | None
    capacity: int | None
    unit: str
    maker: str
    model: str
    version: str
    serial: str
    outputs: list[str]
    supplies: list[str]
    abilities: list[str]


class PortShown(Schema):
    """A way by which documents reach it."""

    key: str
    protocol: str = Field(description="lpd, raw, ipp, ftp, usb …")
    number: int | None
    name: str
    resource: str = Field(description="The queue of LPD, or the path of a URI.")
    takes_documents: bool | None


class EquipmentShown(Schema):
    """Nothing of a device that was never read whole."""

    trays: list[TrayShown]
    finishers: list[FinisherShown]
    ports: list[PortShown]


@router.get("/{uuid:key}/equipment", response=EquipmentShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> Equipment:
    """Trays, finishers and ports, as the device told them last."""
    machine = machine_of(device_of(key).id)
    return Equipment() if machine is None else equipment_of(machine)
