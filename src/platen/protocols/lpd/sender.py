"""Client side of one LPD connection: hands one job to lpd://HOST/QUEUE (RFC 1179 sections 5.2 and 6).

The machine walks through a list of steps made at the start: some send octets, some wait for the daemon's octet, one for
each document asks the driver for its octets. Daemons answer early, late or twice; an octet that comes before its
step is kept for it, a refusal counts whenever it comes, and octets after the last step are ignored.
"""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass

from platen.protocols.lpd.control_file import DataFileFormat
from platen.protocols.lpd.errors import LpdUsageError
from platen.protocols.lpd.text import encode_operand

HOST_BYTES_MAX = 31  # RFC 1179 section 7.2
USER_BYTES_MAX = 31  # section 7.10
NAME_BYTES_MAX = 99  # section 7.4, for the job; N has 131 (section 7.8), but daemons copy one into the other


@dataclass(frozen=True, slots=True, kw_only=True)
class LpdDocument:
    """One data file to send; `size_bytes` None where only the end of the input will tell."""

    size_bytes: int | None
    name: str
    format: DataFileFormat = DataFileFormat.LITERAL
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LpdJob:
    """What the daemon is told. `number` (0 to 999) tells apart the jobs this host has under way at one daemon."""

    queue: str
    host: str
    user: str
    job_name: str
    number: int
    documents: tuple[LpdDocument, ...]
    banner: bool = False
    data_first: bool = False
    """Some print servers begin to print at the data file and want the control file after it."""


class SendStage(enum.Enum):
    """How far a delivery had come; the value completes the sentence "the printer refused ..."."""

    QUEUE = "the queue"
    CONTROL_FILE_ANNOUNCED = "to take a control file"
    CONTROL_FILE = "the control file"
    DATA_FILE_ANNOUNCED = "to take the document"
    DATA_FILE = "the document after it was sent"
    COMPLETED = "nothing"


@dataclass(frozen=True, slots=True)
class SendDocument:
    """Send document `index` now: send_data() for its octets, end_document() after the last one."""

    index: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """The daemon has taken the whole job."""

    acknowledged_early: bool
    """The last octet came before the last document had been sent whole, so it proves less."""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """The job was not taken; `message` says what happened and what to do next."""

    stage: SendStage
    octet: int | None
    """The daemon's refusal, or None where the connection ended."""
    message: str
    may_have_printed: bool
    """A document had been sent whole, so a daemon that prints as it receives may have printed it."""


LpdSenderEvent = SendDocument | Delivered | DeliveryFailed

_REFUSALS = {
    1: "RFC 1179 daemons mean by it that the queue does not exist or does not take jobs",
    2: "many print servers mean by it that their memory or disk is full, or the printer is busy; a retry may work",
    3: "some print servers mean by it that the job is malformed for them",
}


@dataclass(frozen=True, slots=True)
class _Send:
    octets: bytes


@dataclass(frozen=True, slots=True)
class _Await:
    stage: SendStage


@dataclass(frozen=True, slots=True)
class _Transfer:
    index: int


class LpdSender:
    """One delivery. data_to_send() has the opening at once; feed what the daemon answers to receive_data().

    A document of unknown size (`size_bytes` None) must be the only and last thing sent: after end_document() the driver
    closes its writing side (`close_after_send`), which is how the daemon learns the end.
    Raises: LpdUsageError for a job that cannot be said in LPD and for calls out of turn.
    """

    def __init__(self, job: LpdJob) -> None:
        _check(job)
        self._job = job
        self._steps: deque[_Send | _Await | _Transfer] = deque(_plan(job))
        self._output = bytearray()
        self._early_octets = 0
        self._stage = SendStage.QUEUE
        self._sent_bytes = 0
        self._document_sent = False
        self._last_was_early = False
        self._done = False
        self._transfer: int | None = None
        self._advance()

    @property
    def is_done(self) -> bool:
        """Delivered or DeliveryFailed has been told."""
        return self._done

    @property
    def close_after_send(self) -> bool:
        """Close the writing side once data_to_send() is through: the document's size was not announced."""
        return self._document_sent and any(document.size_bytes is None for document in self._job.documents)

    def data_to_send(self) -> bytes:
        """Octets for the daemon since the last call."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def receive_data(self, data: bytes) -> list[LpdSenderEvent]:
        """Take the daemon's octets; returns what follows from them."""
        if self._done:
            return []
        for octet in data:
            if octet:
                return [self._fail(octet)]
            self._early_octets += 1
        return self._advance()

    def receive_eof(self) -> list[LpdSenderEvent]:
        """Take the end of the connection; before the last answer it is a failure."""
        return [] if self._done else [self._fail(None)]

    def send_data(self, data: bytes) -> None:
        """Queue octets of the document that SendDocument asked for; after a failure they are dropped.

        Raises: LpdUsageError beyond the announced size.
        """
        if self._done:
            return
        document = self._transferring("send_data()")
        self._sent_bytes += len(data)
        if document.size_bytes is not None and self._sent_bytes > document.size_bytes:
            raise LpdUsageError(f"{document.name!r} is longer than the {document.size_bytes} octets announced.")
        self._output += data

    def end_document(self) -> list[LpdSenderEvent]:
        """The document is whole. Returns what follows. Raises: LpdUsageError where it is shorter than announced."""
        if self._done:
            return []
        document = self._transferring("end_document()")
        if document.size_bytes is not None:
            if self._sent_bytes != document.size_bytes:
                raise LpdUsageError(
                    f"{document.name!r} ended at {self._sent_bytes} of {document.size_bytes} octets announced. "
                    "Close the connection, so that the daemon drops the job."
                )
            self._output += b"\0"
        self._document_sent, self._transfer = True, None
        self._last_was_early = self._early_octets > 0
        return self._advance()

    def _advance(self) -> list[LpdSenderEvent]:
        while self._steps and self._transfer is None:
            step = self._steps[0]
            if isinstance(step, _Await):
                self._stage = step.stage
                if not self._early_octets:
                    return []
                self._early_octets -= 1
            self._steps.popleft()
            if isinstance(step, _Send):
                self._output += step.octets
            elif isinstance(step, _Transfer):
                self._transfer, self._sent_bytes, self._stage = step.index, 0, SendStage.DATA_FILE
                return [SendDocument(step.index)]
        if self._steps or self._transfer is not None:
            return []
        self._done, self._stage = True, SendStage.COMPLETED
        return [Delivered(acknowledged_early=self._last_was_early)]

    def _transferring(self, call: str) -> LpdDocument:
        if self._transfer is None:
            raise LpdUsageError(f"{call} was called while no document is being sent.")
        return self._job.documents[self._transfer]

    def _fail(self, octet: int | None) -> DeliveryFailed:
        self._done = True
        queue = self._job.queue
        if octet is None:
            message = (
                f"The printer closed the LPD connection for queue {queue!r} before it confirmed the job. "
                "Check the printer's display and whether it printed, then release the job again."
            )
        else:
            meaning = _REFUSALS.get(octet, "RFC 1179 gives it no further meaning")
            message = (
                f"The printer refused {self._stage.value} (octet {octet}, LPD queue {queue!r}): {meaning}. "
                "Check the queue name in the device's address and the printer's LPD settings. The job is kept."
            )
        return DeliveryFailed(self._stage, octet, message, self._document_sent)


def _check(job: LpdJob) -> None:
    if not job.queue or any(character.isspace() for character in job.queue):
        raise LpdUsageError(f"{job.queue!r} cannot be an LPD queue name; it needs at least one character and no space.")
    if not 0 <= job.number <= 999:
        raise LpdUsageError(f"Job number {job.number} does not fit into LPD's three digits.")
    if not 1 <= len(job.documents) <= 52:
        raise LpdUsageError(f"An LPD job carries 1 to 52 documents, not {len(job.documents)}.")
    if any(not 1 <= document.copies <= 999 for document in job.documents):
        raise LpdUsageError("Copies over LPD are 1 to 999; each is a line of the control file.")
    if any(document.size_bytes is None for document in job.documents) and (job.data_first or len(job.documents) > 1):
        raise LpdUsageError("A document of unknown size ends the connection, so it must be alone and come last.")
    # A count of 0 means "until I close" (RFC 1179 section 6.3), so an empty document cannot be announced.
    if any(document.size_bytes == 0 for document in job.documents):
        raise LpdUsageError("An empty document cannot be sent over LPD, where size 0 means unknown.")


def _file_name(kind: str, index: int, job: LpdJob) -> bytes:
    letter = chr(ord("A") + index) if index < 26 else chr(ord("a") + index - 26)
    host = encode_operand(job.host, HOST_BYTES_MAX).replace(b" ", b"_") or b"localhost"
    return f"{kind}{letter}{job.number:03d}".encode("ascii") + host


def control_file_octets(job: LpdJob) -> bytes:
    """The control file of `job`: H, P, J, C and L where wanted, then each document's lines (RFC 1179 section 7)."""
    name = encode_operand(job.job_name, NAME_BYTES_MAX)
    host, user = encode_operand(job.host, HOST_BYTES_MAX), encode_operand(job.user, USER_BYTES_MAX)
    lines = [b"H" + (host or b"localhost"), b"P" + (user or b"unknown"), b"J" + name]
    if job.banner:
        lines += [b"C" + host, b"L" + user]
    for index, document in enumerate(job.documents):
        file_name = _file_name("df", index, job)
        lines += [document.format.value.encode("ascii") + file_name] * document.copies
        lines += [b"U" + file_name, b"N" + (encode_operand(document.name, NAME_BYTES_MAX) or name)]
    return b"".join(line + b"\n" for line in lines)


def _plan(job: LpdJob) -> list[_Send | _Await | _Transfer]:
    control = control_file_octets(job)
    control_steps: list[_Send | _Await | _Transfer] = [
        _Send(b"\2%d %b\n" % (len(control), _file_name("cf", 0, job))),
        _Await(SendStage.CONTROL_FILE_ANNOUNCED),
        _Send(control + b"\0"),
        _Await(SendStage.CONTROL_FILE),
    ]
    data_steps: list[_Send | _Await | _Transfer] = []
    for index, document in enumerate(job.documents):
        data_steps += [
            _Send(b"\3%d %b\n" % (document.size_bytes or 0, _file_name("df", index, job))),
            _Await(SendStage.DATA_FILE_ANNOUNCED),
            _Transfer(index),
            _Await(SendStage.DATA_FILE),
        ]
    parts = data_steps + control_steps if job.data_first else control_steps + data_steps
    return [_Send(b"\2" + job.queue.encode("utf-8") + b"\n"), _Await(SendStage.QUEUE), *parts]
