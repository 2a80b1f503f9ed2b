"""What a device lists as supported of what decides on paper, as it is kept with the device.

copies-supported 1-99            "copies": [[1, 99]]
number-up-supported 1,2,4        "number-up": [[1, 1], [2, 2], [4, 4]]
page-ranges-supported true       "page-ranges": [true]
sides-supported one-sided,…      "sides": ["one-sided", …]
"""

from __future__ import annotations

from typing import Any

from platen.devices.models import Device
from platen.policy.device_uri import Channel, DeviceUriError, parse_device_uri
from platen.printing.device_ticket import DECIDES_ON_PAPER, obeyed_ticket
from platen.protocols.ipp import Attribute, Attributes, IntRange, Value
from platen.protocols.ipp.tags import ValueTag

VALUES_MAX = 500  # kept of each attribute


def kept_support(printer: Attributes) -> dict[str, list[Any]]:
    """As JSON, from printer attributes. What a device does not list is not in it."""
    kept = {name: _kept(printer.get(f"{name}-supported")) for name in DECIDES_ON_PAPER}
    return {name: values for name, values in kept.items() if values}


def support_of(device: Device) -> Attributes | None:
    """As `…-supported` attributes again; None while nobody asked the device."""
    if device.ticket_supported is None:
        return None
    return Attributes(
        Attribute(f"{name}-supported", tuple(_tag(value) for value in values), tuple(map(_value, values)))
        for name, values in device.ticket_supported.items()
        if values
    )


class ObeyingDevice:
    """A device as it obeys tickets; its support is read once for many jobs."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._channel = _channel(device.uri)
        self._supported = support_of(device) if self._channel and self._channel.is_ipp else None

    def ticket(self, ticket: dict[str, Any], copies: int) -> dict[str, Any]:
        """As `obeyed_ticket`."""
        return obeyed_ticket(ticket, copies, self._channel, self._supported)


def _channel(uri: str) -> Channel | None:
    try:
        return parse_device_uri(uri).channel
    except DeviceUriError:
        return None


def _kept(attribute: Attribute | None) -> list[Any]:
    if attribute is None:
        return []
    values = (_json(value) for value in attribute.values[:VALUES_MAX])
    return [value for value in values if value is not None]


def _json(value: Value) -> Any:
    if isinstance(value, IntRange):
        return [value.lower, value.upper]
    if type(value) is int:
        return [value, value]
    return value if isinstance(value, bool | str) else None


def _value(value: Any) -> Value:
    return IntRange(*value) if isinstance(value, list) else value


def _tag(value: Any) -> int:
    if isinstance(value, list):
        return ValueTag.RANGE_OF_INTEGER
    return ValueTag.BOOLEAN if isinstance(value, bool) else ValueTag.KEYWORD
