"""Verbs on devices, queues, readers and panels."""

from __future__ import annotations

from platen.devices.machines import (
    DeviceCapabilities,
    NewDevice,
    add_device,
    add_devices,
    change_device,
    record_state,
    remove_device,
    remove_devices,
    set_out_of_service,
)
from platen.devices.pairing import is_panel_of, new_pairing_code, pair, panel_seen, unpair
from platen.devices.queues import add_queue, change_queue, ensure_default_queue, remove_queue
from platen.devices.readers import add_reader, change_reader, reader_seen, remove_reader

__all__ = [
    "DeviceCapabilities",
    "NewDevice",
    "add_device",
    "add_devices",
    "add_queue",
    "add_reader",
    "change_device",
    "change_queue",
    "change_reader",
    "ensure_default_queue",
    "is_panel_of",
    "new_pairing_code",
    "pair",
    "panel_seen",
    "reader_seen",
    "record_state",
    "remove_device",
    "remove_devices",
    "remove_queue",
    "remove_reader",
    "set_out_of_service",
    "unpair",
]
