"""What a client wants, as LpdReceiver tells it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platen.protocols.lpd.control_file import ControlFile
from platen.protocols.lpd.errors import LpdProtocolError


@dataclass(frozen=True, slots=True)
class PrintWaiting:
    """01: print what waits in `queue` (section 5.1). No answer is defined; the connection ends."""

    queue: str


@dataclass(frozen=True, slots=True)
class JobRequested:
    """02: the client wants to send jobs to `queue` (section 5.2). Decide with accept() or refuse()."""

    queue: str


@dataclass(frozen=True, slots=True)
class QueueStateRequested:
    """03 and 04: describe `queue` in text (sections 5.3 and 5.4). Answer with reply()."""

    queue: str
    is_long: bool
    selectors: tuple[str, ...]
    """User names and job numbers to list; empty means all."""


@dataclass(frozen=True, slots=True)
class RemoveJobs:
    """05: `agent` wants jobs removed (section 5.5). Answer with reply(); the agent is only claimed, never proven."""

    queue: str
    agent: str
    selectors: tuple[str, ...]
    """User names and job numbers; empty means the one that prints now."""


@dataclass(frozen=True, slots=True)
class DataFileOffered:
    """A data file is about to come (section 6.3). Decide with accept() or refuse()."""

    name: str
    size_bytes: int | None
    """None where the client does not know it and ends the file by closing its side."""


@dataclass(frozen=True, slots=True)
class DataChunk:
    """The next octets of the data file offered last."""

    data: bytes


@dataclass(frozen=True, slots=True)
class DataFileEnd:
    """The data file is whole. Decide with accept() once its octets are where they belong."""

    name: str
    size_bytes: int
    completes_job: bool
    """The job has all its parts: accept() only when it is durable, since the client then forgets it."""


@dataclass(frozen=True, slots=True)
class ControlFileReceived:
    """The control file is whole and readable. Decide with accept() or refuse()."""

    name: str
    control: ControlFile
    completes_job: bool
    """As in DataFileEnd: true where the data files came first."""


class AbortReason(enum.Enum):
    """Why a job that had begun will not be completed."""

    CLIENT = "the client took the job back"
    TRUNCATED = "the connection ended inside a file"
    INCOMPLETE = "the connection ended before all parts of the job had come"
    REFUSED = "this side refused a part of it"


@dataclass(frozen=True, slots=True)
class JobAborted:
    """Drop what was kept of the present job; nothing was promised for it."""

    reason: AbortReason


@dataclass(frozen=True, slots=True)
class ConnectionFailed:
    """The client broke the protocol or a limit. Send what data_to_send() has, then close; a job begun is dropped."""

    error: LpdProtocolError


LpdEvent = (
    PrintWaiting
    | JobRequested
    | QueueStateRequested
    | RemoveJobs
    | DataFileOffered
    | DataChunk
    | DataFileEnd
    | ControlFileReceived
    | JobAborted
    | ConnectionFailed
)
