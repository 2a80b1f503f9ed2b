"""Daemon side of one LPD connection (RFC 1179 sections 5 and 6).

Theory of operation. The client speaks a line, or the octets of a file that a line announced, and then waits for one
octet: zero goes on, anything else refuses. Where that octet is a promise, or costs something, the machine stops and the
driver decides: `awaiting_decision` is true, the event that asks stands last in the list, and whatever the client
had sent ahead waits inside. So the octet that tells the client that its job is safe is sent only when it is.

    COMMAND --02--> DECIDE job --accept--> SUBCOMMAND <--------------------------------------------------+
                                             | 02 size name: acknowledged here --> CONTROL --> DECIDE ----+
                                             | 03 size name --> DECIDE offer --accept--> DATA --> DECIDE -+
                                             | 01: JobAborted ---------------------------------------------+
    COMMAND --03, 04, 05--> REPLY --reply()--> CLOSED           any breach, any end of input --> CLOSED

A refused file ends the connection: RFC 1179 does not say how a client goes on after that, and none does.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from platen.protocols.lpd.control_file import ControlFile, parse_control_file
from platen.protocols.lpd.errors import LpdProtocolError, LpdUsageError
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
from platen.protocols.lpd.text import decode_text

ACCEPTED = b"\0"
REFUSED = b"\1"

# Clients that do not know the size yet send 0 (RFC 1179 section 6.3) or a number no file has: the largest of a signed
# 32-bit count, or anything from the largest unsigned one up, such as 999999999999.
_UNKNOWN_SIZES = frozenset({0, 2**31 - 1})
_UNKNOWN_FROM = 2**32 - 1


class _State(enum.Enum):
    COMMAND = enum.auto()
    SUBCOMMAND = enum.auto()
    CONTROL = enum.auto()
    DATA = enum.auto()
    DECIDE = enum.auto()
    REPLY = enum.auto()
    CLOSED = enum.auto()


class LpdReceiver:
    """One client's connection as events in, octets out.

    receive_data() and accept() return events; receive_eof() tells the machine that the client closed its side.
    Nothing the client sends raises: a breach is a ConnectionFailed event. Calls out of turn raise LpdUsageError.
    """

    def __init__(self, limits: LpdLimits | None = None) -> None:
        self._limits = limits or LpdLimits()
        self._state = _State.COMMAND
        self._after_decision = _State.SUBCOMMAND
        self._input = bytearray()
        self._output = bytearray()
        self._eof = False
        self._jobs = 0
        self._file_name = ""
        self._file_size = 0
        self._file_received = 0
        self._ends_at_close = False
        self._job_begun = False
        self._control: ControlFile | None = None
        self._data_files: set[str] = set()

    @property
    def awaiting_decision(self) -> bool:
        """The last event asks for accept() or refuse(); until then, stop reading from the client."""
        return self._state is _State.DECIDE

    @property
    def is_closed(self) -> bool:
        """Nothing more will be said: send data_to_send() and close."""
        return self._state is _State.CLOSED

    def data_to_send(self) -> bytes:
        """Octets for the client since the last call."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def receive_data(self, data: bytes) -> list[LpdEvent]:
        """Take what the client sent. Returns the events that follow from it, in order."""
        if self._state is _State.CLOSED:
            return []
        self._input += data
        if len(self._input) > self._limits.pending_bytes_max and self._state in {_State.DECIDE, _State.REPLY}:
            return [
                self._fail(LpdProtocolError("The client sends on without waiting for answers. The connection ends."))
            ]
        return self._advance()

    def receive_eof(self) -> list[LpdEvent]:
        """Take the end of the client's input. Returns DataFileEnd where that ends a file, or why a job is dropped."""
        self._eof = True
        return self._advance()

    def accept(self) -> list[LpdEvent]:
        """Say yes to the last event. Returns the events of what the client had sent ahead.

        Raises: LpdUsageError where nothing waits for a decision.
        """
        self._expect(_State.DECIDE, "accept()")
        self._output += ACCEPTED
        if self._job_complete and self._after_decision is _State.SUBCOMMAND:
            self._forget_job()
        self._state = self._after_decision
        return self._advance()

    def refuse(self, octet: int = 1) -> list[LpdEvent]:
        """Say no to the last event with a non-zero octet; the connection ends.

        Returns: JobAborted where parts of a job had come. Raises: LpdUsageError where nothing waits, or for octet 0.
        """
        self._expect(_State.DECIDE, "refuse()")
        if not 1 <= octet <= 255:
            raise LpdUsageError("An LPD refusal is one octet from 1 to 255; 0 would accept.")
        self._output.append(octet)
        begun = self._job_begun
        self._state = _State.CLOSED
        return [JobAborted(AbortReason.REFUSED)] if begun else []

    def reply(self, text: str) -> None:
        """Answer a queue state or removal request, in lines; the connection ends (RFC 1179 sections 5.3 to 5.5).

        Raises: LpdUsageError where no such request waits.
        """
        self._expect(_State.REPLY, "reply()")
        self._output += text.encode("utf-8", "replace")
        self._state = _State.CLOSED

    # The steps. Each takes what it can from the input and says whether another may follow.

    def _advance(self) -> list[LpdEvent]:
        events: list[LpdEvent] = []
        steps: dict[_State, Callable[[list[LpdEvent]], bool]] = {
            _State.COMMAND: self._read_command,
            _State.SUBCOMMAND: self._read_subcommand,
            _State.CONTROL: self._read_control_file,
            _State.DATA: self._read_data_file,
        }
        try:
            while (step := steps.get(self._state)) is not None and step(events):
                pass
        except LpdProtocolError as error:
            events.append(self._fail(error))
        if self._eof and self._state in steps:
            events.extend(self._end_of_input())
        return events

    def _end_of_input(self) -> list[LpdEvent]:
        inside_file = self._state in {_State.CONTROL, _State.DATA} or bool(self._input)
        begun = self._job_begun
        self._state = _State.CLOSED
        if not begun:
            return []
        return [JobAborted(AbortReason.TRUNCATED if inside_file else AbortReason.INCOMPLETE)]

    def _read_command(self, events: list[LpdEvent]) -> bool:
        line = self._take_line()
        if line is None:
            return False
        code, words = line[0], decode_text(line[1:].replace(b"\t", b" ")).split()
        queue = words[0] if words else ""
        if code == 2:
            self._ask(events, JobRequested(queue))
        elif code == 1:
            self._state = _State.CLOSED
            events.append(PrintWaiting(queue))
        elif code in {3, 4}:
            self._state = _State.REPLY
            events.append(QueueStateRequested(queue, is_long=code == 4, selectors=tuple(words[1:])))
        elif code == 5 and len(words) >= 2:
            self._state = _State.REPLY
            events.append(RemoveJobs(queue, agent=words[1], selectors=tuple(words[2:])))
        else:
            raise LpdProtocolError(
                f"Octet {code} does not begin an LPD command (RFC 1179 section 5). The connection ends; "
                "check that the client prints by LPR and not raw to this port."
            )
        return False

    def _read_subcommand(self, events: list[LpdEvent]) -> bool:
        line = self._take_line()
        if line is None:
            return False
        code = line[0]
        if code == 1:
            begun = self._job_begun
            self._forget_job()
            self._output += ACCEPTED
            if begun:
                events.append(JobAborted(AbortReason.CLIENT))
            return True
        if code not in {2, 3}:
            raise LpdProtocolError(
                f"Octet {code} does not begin an LPD sub-command (RFC 1179 section 6). The job is dropped."
            )
        size, self._file_name = self._parse_operands(line[1:])
        if not self._job_begun:
            self._begin_job()
        self._file_size, self._file_received = size, 0
        if code == 2:
            self._begin_control_file()
        else:
            self._offer_data_file(events)
        return code == 2

    def _begin_control_file(self) -> None:
        if self._file_size > self._limits.control_file_bytes_max:
            raise LpdProtocolError(
                f"A control file of {self._file_size} octets is announced and "
                f"{self._limits.control_file_bytes_max} are allowed. The job is dropped."
            )
        if self._control is not None:
            raise LpdProtocolError("A second control file came before the job's data files. The job is dropped.")
        self._output += ACCEPTED
        self._state = _State.CONTROL

    def _offer_data_file(self, events: list[LpdEvent]) -> None:
        if len(self._data_files) >= self._limits.data_files_max:
            raise LpdProtocolError(
                f"The job has more than {self._limits.data_files_max} data files. It is dropped; print in smaller jobs."
            )
        self._ends_at_close = self._file_size in _UNKNOWN_SIZES or self._file_size >= _UNKNOWN_FROM
        known = None if self._ends_at_close else self._file_size
        self._check_data_size(known or 0)
        self._ask(events, DataFileOffered(self._file_name, known), then=_State.DATA)

    def _read_control_file(self, events: list[LpdEvent]) -> bool:
        if len(self._input) < self._file_size + 1:
            return False
        octets = bytes(self._input[: self._file_size])
        self._take_terminator(self._file_size)
        self._control = parse_control_file(octets, self._limits)
        self._ask(events, ControlFileReceived(self._file_name, self._control, self._job_complete))
        return False

    def _read_data_file(self, events: list[LpdEvent]) -> bool:
        known_end = self._file_size > 0
        left = self._file_size - self._file_received if known_end else len(self._input)
        chunk = bytes(self._input[:left])
        if chunk:
            del self._input[:left]
            self._file_received += len(chunk)
            self._check_data_size(self._file_received)
            events.append(DataChunk(chunk))
        if known_end and self._file_received == self._file_size:
            if not self._input:
                return False
            self._take_terminator(0)
        elif not (self._eof and self._ends_at_close):
            return False
        self._data_files.add(self._file_name)
        self._ask(events, DataFileEnd(self._file_name, self._file_received, self._job_complete))
        return False

    # Parts of the steps.

    def _take_line(self) -> bytes | None:
        end = self._input.find(b"\n", 0, self._limits.line_bytes_max + 1)
        if end < 0:
            if len(self._input) > self._limits.line_bytes_max:
                raise LpdProtocolError(
                    f"A line has more than {self._limits.line_bytes_max} octets. The connection ends; "
                    "check that the client prints by LPR and not raw to this port."
                )
            return None
        line = bytes(self._input[:end])
        del self._input[: end + 1]
        if not line:
            raise LpdProtocolError("An empty line is not an LPD command (RFC 1179 section 3). The connection ends.")
        return line

    def _parse_operands(self, operands: bytes) -> tuple[int, str]:
        count, _, name = decode_text(operands.replace(b"\t", b" ")).partition(" ")
        # isdecimal() alone would let other scripts' digits through; twenty digits hold every 64-bit count.
        if not (count.isascii() and count.isdecimal() and len(count) <= 20 and name.strip()):
            raise LpdProtocolError(
                "A sub-command needs a size and a file name (RFC 1179 section 6). The job is dropped."
            )
        return int(count), name.strip()

    def _take_terminator(self, at: int) -> None:
        if self._input[at] != 0:
            raise LpdProtocolError(
                "A file is not followed by a zero octet (RFC 1179 section 6), so its announced size is wrong. "
                "The job is dropped; print it again."
            )
        del self._input[: at + 1]

    def _check_data_size(self, size_bytes: int) -> None:
        bound = self._limits.data_file_bytes_max
        if bound is not None and size_bytes > bound:
            raise LpdProtocolError(f"A data file is larger than the {bound} octets allowed. The job is dropped.")

    @property
    def _job_complete(self) -> bool:
        """All parts have come. Some clients name a file differently in its sub-command: then the number decides."""
        if self._control is None or not self._data_files:
            return False
        named = {file.name for file in self._control.files}
        return named <= self._data_files or len(self._data_files) >= len(named)

    def _ask(self, events: list[LpdEvent], event: LpdEvent, then: _State = _State.SUBCOMMAND) -> None:
        events.append(event)
        self._state, self._after_decision = _State.DECIDE, then

    def _begin_job(self) -> None:
        self._job_begun = True
        self._jobs += 1
        if self._jobs > self._limits.jobs_max:
            raise LpdProtocolError(f"More than {self._limits.jobs_max} jobs came over one connection. It ends.")

    def _forget_job(self) -> None:
        self._job_begun = False
        self._control = None
        self._data_files = set()

    def _fail(self, error: LpdProtocolError) -> LpdEvent:
        self._output += REFUSED
        self._input.clear()
        self._state = _State.CLOSED
        return ConnectionFailed(error)

    def _expect(self, state: _State, call: str) -> None:
        if self._state is not state:
            raise LpdUsageError(f"{call} was called while the connection is in state {self._state.name}.")
