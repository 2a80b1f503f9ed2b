"""What can go wrong with an IPP message.

IppError                   carries the status to answer
├── DecodeError            the octets are not an IPP message; carries what was read of version and request-id
│   ├── LimitExceeded      larger than we accept from anybody
│   └── TruncatedMessage   the stream ended before the end-of-attributes-tag
└── RequestRefused         a well-formed request that the Printer does not carry out
EncodeError                a value of ours that has no encoding: a mistake in this program, not of the peer
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from platen.protocols.ipp.status import Status

if TYPE_CHECKING:
    from platen.protocols.ipp.values import Attribute

Version = tuple[int, int]


class IppError(Exception):
    """A request or response that cannot be used. `status` is what a Printer answers."""

    def __init__(self, message: str, *, status: Status) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class DecodeError(IppError):
    """The octets break RFC 8010.

    Attributes: version and request_id as far as they were read, else None; offset, octets from the message's start
    to the field that is wrong.
    """

    def __init__(
        self,
        message: str,
        *,
        status: Status = Status.CLIENT_ERROR_BAD_REQUEST,
        version: Version | None = None,
        request_id: int | None = None,
        offset: int = 0,
    ) -> None:
        super().__init__(message, status=status)
        self.version = version
        self.request_id = request_id
        self.offset = offset


class LimitExceeded(DecodeError):
    """The message is larger, longer or deeper than the limits allow."""


class TruncatedMessage(DecodeError):
    """The stream ended inside the message."""


class RequestRefused(IppError):
    """A request is understood and not carried out.

    `unsupported` goes into the unsupported-attributes group of the response (RFC 8011 section 4.1.7).
    """

    def __init__(self, status: Status, message: str, unsupported: tuple[Attribute, ...] = ()) -> None:
        super().__init__(message, status=status)
        self.unsupported = unsupported


class EncodeError(ValueError):
    """A value that we built does not fit its syntax."""
