"""What a device says back on a raw connection: blocks of lines, each ended by a form feed (PJL TRM chapter 7).

@PJL USTATUS JOB CR LF  END CR LF  NAME="platen-7" CR LF  PAGES=3 CR LF FF
"""

from __future__ import annotations

from dataclasses import dataclass

from platen.protocols.pjl.text import decode_pjl

BLOCK_BYTES_MAX = 64 * 1024
_NUMBER_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class JobStarted:
    """USTATUS JOB START."""

    name: str


@dataclass(frozen=True, slots=True)
class JobEnded:
    """USTATUS JOB END. `pages` is what the device counted for the job, None where it did not say."""

    name: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """USTATUS JOB CANCELED: somebody took the job away at the device. `pages` as in JobEnded, rarely given."""

    name: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class PagePrinted:
    """USTATUS PAGE: page `number` of the job has come out."""

    number: int


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A status code and what the display shows. `online` None where not said."""

    code: int
    display: str
    online: bool | None
    is_solicited: bool
    """The answer to INFO STATUS, else told by itself."""


@dataclass(frozen=True, slots=True)
class Info:
    """The answer to another INFO request, e.g. category "ID", as lines."""

    category: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Echoed:
    """The answer to ECHO."""

    text: str


@dataclass(frozen=True, slots=True)
class Unrecognized:
    """A block this parser has no word for, or one over the limit; its first line, for the log."""

    first_line: str


PjlEvent = JobStarted | JobEnded | JobCancelled | PagePrinted | DeviceStatus | Info | Echoed | Unrecognized


class PjlStatusParser:
    """Octets from the device in, events out, in pieces of any size. Nothing a device sends raises."""

    def __init__(self, block_bytes_max: int = BLOCK_BYTES_MAX) -> None:
        self._block_bytes_max = block_bytes_max
        self._buffer = bytearray()
        self._skipping = False

    def receive_data(self, data: bytes) -> list[PjlEvent]:
        """Take what the device sent; returns the events of the blocks that are whole."""
        events: list[PjlEvent] = []
        *ended, rest = data.split(b"\f")
        for piece in ended:
            self._take(piece, events)
            if not self._skipping:
                events.extend(_events_of(bytes(self._buffer)))
            self._buffer.clear()
            self._skipping = False
        self._take(rest, events)
        return events

    def _take(self, piece: bytes, events: list[PjlEvent]) -> None:
        if self._skipping:
            return
        self._buffer += piece
        if len(self._buffer) > self._block_bytes_max:
            # Resume at the next form feed: a device gone wild costs one log line.
            events.append(Unrecognized(decode_pjl(bytes(self._buffer[:80]).splitlines()[0])))
            self._buffer.clear()
            self._skipping = True


def _events_of(block: bytes) -> list[PjlEvent]:
    """Events of one block; a form feed that got lost leaves several in one, each begun by its own @PJL line."""
    events: list[PjlEvent] = []
    lines: list[bytes] = []
    for line in [*block.splitlines(), b"@PJL"]:
        if line[:4].upper() == b"@PJL":
            events.extend(_events_of_lines(lines))
            lines = []
        lines.append(line)
    return events


def _events_of_lines(octet_lines: list[bytes]) -> list[PjlEvent]:
    lines = [text for line in octet_lines if (text := decode_pjl(line))]
    if not lines:
        return []
    words = lines[0].upper().split()
    if words[:2] == ["@PJL", "USTATUS"]:
        return _unsolicited_events(words[2:], lines)
    if words[:2] == ["@PJL", "ECHO"]:
        return [Echoed(lines[0].split(maxsplit=1)[1][len("ECHO") :].strip())]
    if words[:2] == ["@PJL", "INFO"] and len(words) > 2:
        if words[2] == "STATUS":
            return _device_events(lines, is_solicited=True)
        return [Info(words[2], tuple(lines[1:]))]
    return [Unrecognized(lines[0])]


def _unsolicited_events(kind: list[str], lines: list[str]) -> list[PjlEvent]:
    match kind[:1]:
        case ["JOB"]:
            return [_job_event(lines)]
        case ["PAGE"]:
            pages = [number for line in lines[1:] if (number := _number(line)) is not None]
            return [PagePrinted(pages[0]) if pages else Unrecognized(lines[0])]
        case ["DEVICE" | "TIMED"]:
            return _device_events(lines, is_solicited=False)
        case _:
            return [Unrecognized(lines[0])]


def _job_event(lines: list[str]) -> PjlEvent:
    kind = lines[1].upper() if len(lines) > 1 else ""
    values = dict(_pairs(lines[2:]))
    name, pages = values.get("NAME", ""), _number(values.get("PAGES", ""))
    match kind:
        case "START":
            return JobStarted(name)
        case "END":
            return JobEnded(name, pages)
        case "CANCELED" | "CANCELLED":
            return JobCancelled(name, pages)
        case _:
            return Unrecognized(f"{lines[0]} {kind}".strip())


def _device_events(lines: list[str], *, is_solicited: bool) -> list[PjlEvent]:
    """One event for each code: some devices list two conditions, as CODE and CODE2, in one block."""
    pairs = list(_pairs(lines[1:]))
    online = next((value.upper() == "TRUE" for key, value in pairs if key == "ONLINE"), None)
    found: list[tuple[int, str]] = []
    for key, value in pairs:
        code = _number(value)
        if key.startswith("CODE") and code is not None:
            found.append((code, ""))
        elif key.startswith("DISPLAY") and found:
            found[-1] = (found[-1][0], value)
    if not found:
        return [Unrecognized(lines[0])]
    return [DeviceStatus(code, display, online, is_solicited) for code, display in found]


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    split = (line.partition("=") for line in lines)
    return [(key.strip().upper(), value.strip().strip("\"'").strip()) for key, mark, value in split if mark]


def _number(text: str) -> int | None:
    digits = text.strip()
    if digits.isascii() and digits.isdecimal() and len(digits) <= _NUMBER_DIGITS_MAX:
        return int(digits)
    return None
