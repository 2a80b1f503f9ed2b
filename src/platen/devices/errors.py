"""What can be wrong when devices, queues and readers are changed.

DeviceError
├── InvalidValue        an address, name or setting of the wrong shape
├── NameTaken           70
├── PortTaken           70
├── InUse               83
├── NotFound            81
└── PairingRefused      46   the code is wrong or too old

Each text is a sentence for the person who reads it. The numbers are those of the field's error codes.
"""

from __future__ import annotations

from typing import ClassVar


class DeviceError(Exception):
    """A verb on devices refused; nothing was changed."""

    code: ClassVar[int] = 1


class InvalidValue(DeviceError):
    """A value has the wrong shape."""

    code = 14


class NameTaken(DeviceError):
    """The name or address belongs to another one."""

    code = 70


class PortTaken(DeviceError):
    """Another queue listens on this port."""

    code = 70


class InUse(DeviceError):
    """Something still depends on it."""

    code = 83


class NotFound(DeviceError):
    """What was named does not exist."""

    code = 81


class PairingRefused(DeviceError):
    """A panel showed a code that no device waits for."""

    code = 46
