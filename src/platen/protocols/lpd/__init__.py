"""Line Printer Daemon protocol (RFC 1179), both sides, without I/O.

`LpdReceiver` is the daemon's end of one connection, `LpdSender` the client's. A driver moves the octets and decides;
the machines here know what may be said when.
"""

from platen.protocols.lpd.control_file import ControlFile, DataFileFormat, PrintedFile, parse_control_file
from platen.protocols.lpd.errors import ControlFileError, LpdError, LpdProtocolError, LpdUsageError
from platen.protocols.lpd.events import (
    AbortReason,
    ConnectionFailed,
    ControlFileReceived,
    DataChunk,
    DataFileEnd,
    DataFileOffered,
    JobAborted,
    JobRequested,
    LpdEvent,
    PrintWaiting,
    QueueStateRequested,
    RemoveJobs,
)
from platen.protocols.lpd.limits import LpdLimits
from platen.protocols.lpd.receiver import LpdReceiver
from platen.protocols.lpd.sender import (
    Delivered,
    DeliveryFailed,
    LpdDocument,
    LpdJob,
    LpdSender,
    LpdSenderEvent,
    SendDocument,
    SendStage,
)

__all__ = [
    "AbortReason",
    "ConnectionFailed",
    "ControlFile",
    "ControlFileError",
    "ControlFileReceived",
    "DataChunk",
    "DataFileEnd",
    "DataFileFormat",
    "DataFileOffered",
    "Delivered",
    "DeliveryFailed",
    "JobAborted",
    "JobRequested",
    "LpdDocument",
    "LpdError",
    "LpdEvent",
    "LpdJob",
    "LpdLimits",
    "LpdProtocolError",
    "LpdReceiver",
    "LpdSender",
    "LpdSenderEvent",
    "LpdUsageError",
    "PrintWaiting",
    "PrintedFile",
    "QueueStateRequested",
    "RemoveJobs",
    "SendDocument",
    "SendStage",
    "parse_control_file",
]
