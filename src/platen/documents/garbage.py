"""Octets behind a job that are no document. A device may print them as signs; nobody wrote them to be charged for."""

from __future__ import annotations

from platen.documents.detect import UEL
from platen.documents.source import Data

_LOOKED_AT_BYTES = 4096

SENTENCE = "Something that is no document follows the job; it was not counted."


def next_exit(data: Data, position: int) -> int:
    """Where the next universal exit stands, or the end of the data."""
    exit_at = data.find(UEL, position)
    return exit_at if exit_at >= 0 else len(data)


def is_garbage(data: Data, position: int, stop: int) -> bool:
    """Neither UTF-8 nor mostly letters of ASCII: nothing that somebody wrote."""
    octets = bytes(data[position : min(stop, position + _LOOKED_AT_BYTES)])
    written = sum(0x20 <= octet < 0x7F or octet in b"\t\r\n\f" for octet in octets)
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        return written * 2 < len(octets) and error.start < len(octets) - 3  # a character may be cut off at the end
    return False


def next_escape(data: Data, position: int) -> int:
    """Where text ends: at the next escape, or the end of the data."""
    escape = data.find(b"\x1b", position)
    return escape if escape >= 0 else len(data)
