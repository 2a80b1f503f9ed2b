"""What many devices said of themselves, written with few statements: for whoever reads a whole fleet.

`machines.record_state` is for one device; the meaning is the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from platen.devices.models import Device, DeviceState
from platen.devices.trouble import needs_attention, trouble_event
from platen.eventlog.models import Event

_STATEMENT = (
    "UPDATE devices_device SET state = %s, state_reasons = %s, state_message = %s, state_at = %s, "
    "needs_attention = %s, location = %s, make_and_model = %s, mac = %s, color_supported = %s, "
    "duplex_supported = %s WHERE id = %s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDevice:
    """A device as it is to be stored. needed_attention: as it was before. is_troubled: whether more than what it says
    of itself asks for somebody; trouble: what, in words.
    """

    id: int
    name: str
    state: int
    reasons: list[str]
    message: str
    at: datetime
    location: str
    make_and_model: str
    mac: str
    color_supported: bool | None
    duplex_supported: bool | None
    out_of_service: bool
    needed_attention: bool
    is_troubled: bool = False
    trouble: str = ""

    @property
    def needs_attention(self) -> bool:
        """As `Device.needs_attention`."""
        return self.is_troubled or needs_attention(self.state, self.reasons, out_of_service=self.out_of_service)


def record_read_devices(devices: Sequence[ReadDevice]) -> None:
    """Write them, in the caller's transaction; a change into or out of trouble is a line in the event log."""
    if not devices:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_STATEMENT, [_row(device) for device in devices])
    told = [
        trouble_event(
            Device(id=device.id, name=device.name), device.reasons, device.trouble or device.message, troubled=now
        )
        for device in devices
        if (now := device.needs_attention) != device.needed_attention and not device.out_of_service
    ]
    Event.objects.bulk_create(told, batch_size=500)


def record_attention(devices: Sequence[tuple[bool, int]]) -> None:
    """Whether devices, by their keys, need somebody, where nothing that they said changed: they do not answer."""
    if devices:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE devices_device SET needs_attention = %s WHERE id = %s", devices)


def _row(device: ReadDevice) -> tuple[Any, ...]:
    return (
        int(DeviceState(device.state)),
        json.dumps(device.reasons),
        device.message,
        device.at.astimezone(UTC).replace(tzinfo=None).isoformat(" "),
        device.needs_attention,
        device.location,
        device.make_and_model,
        device.mac,
        device.color_supported,
        device.duplex_supported,
        device.id,
    )
