"""What can go wrong between us and a device.

DeviceError
├── DeviceUnreachable   no connection, or none in time: nothing of the document left
├── ConnectionLost      the connection ended, or fell silent, in the middle
├── DeviceRefused       the device answered, and said no; the text says why
└── BadAnswer           what came back is not the protocol
"""

from __future__ import annotations

from platen.protocols.ipp import Status


class DeviceError(Exception):
    """A device could not be talked to; the text is a sentence for a person."""


class DeviceUnreachable(DeviceError):
    """No connection came about."""


class ConnectionLost(DeviceError):
    """A connection broke off before the answer."""


class BadAnswer(DeviceError):
    """The other side does not speak the protocol that its address promises."""


class DeviceRefused(DeviceError):
    """The device answered and refused. `status` is its IPP status, None where HTTP itself refused."""

    def __init__(self, message: str, status: Status | int | None = None) -> None:
        super().__init__(message)
        self.status = status
