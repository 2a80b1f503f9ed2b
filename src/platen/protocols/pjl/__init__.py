"""Printer Job Language: what a stream's header says, and the status channel of a raw (port 9100) connection.

The language is described in the PCL/PJL reference "Printer Job Language Technical Reference Manual" (PJL TRM below).
"""

from platen.protocols.pjl.envelope import PjlEnvelope, PjlStatusRequest, echo_request, envelope, status_off
from platen.protocols.pjl.errors import PjlError
from platen.protocols.pjl.header import PjlHeader, PjlHeaderReader, PjlSetting, read_pjl_header
from platen.protocols.pjl.status import (
    DeviceStatus,
    Echoed,
    Info,
    JobCancelled,
    JobEnded,
    JobStarted,
    PagePrinted,
    PjlEvent,
    PjlStatusParser,
    Unrecognized,
)
from platen.protocols.pjl.status_codes import StatusClass, StatusMeaning, meaning_of

__all__ = [
    "DeviceStatus",
    "Echoed",
    "Info",
    "JobCancelled",
    "JobEnded",
    "JobStarted",
    "PagePrinted",
    "PjlEnvelope",
    "PjlError",
    "PjlEvent",
    "PjlHeader",
    "PjlHeaderReader",
    "PjlSetting",
    "PjlStatusParser",
    "PjlStatusRequest",
    "StatusClass",
    "StatusMeaning",
    "Unrecognized",
    "echo_request",
    "envelope",
    "meaning_of",
    "read_pjl_header",
    "status_off",
]
