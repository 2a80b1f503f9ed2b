"""LpdError
├── LpdProtocolError      the other side broke RFC 1179 or one of our limits
│   └── ControlFileError  its control file cannot be read
└── LpdUsageError         the driver called something that the state does not allow
"""

from __future__ import annotations


class LpdError(Exception):
    """Base of everything this package raises."""


class LpdProtocolError(LpdError):
    """The peer sent something that RFC 1179 or a limit does not allow."""


class ControlFileError(LpdProtocolError):
    """A control file that cannot be read (RFC 1179 section 7)."""


class LpdUsageError(LpdError):
    """A call out of turn by our own driver."""
