"""Octets behind a job that are no document. A device may print them as signs; nobody wrote them to be charged for."""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.source import Data

_LOOKED_AT_BYTES = 4096
_WRITTEN = bytes((*range(0x20, 0x7F), *b"\t\r\n\f"))
# No character set has a sign here that a text would hold; random octets have one in twelve.
NEVER_WRITTEN_OCTETS = bytes((*range(0x01, 0x07), *range(0x10, 0x1A), *range(0x1C, 0x20), 0x7F))
NEVER_WRITTEN = re.compile(b"[%b]" % re.escape(NEVER_WRITTEN_OCTETS))
_SHARE_MIN = 40  # one in so many is too many
_FEW_BYTES = 16

SENTENCE = "Something that is no document follows the job; it was not counted."


def next_exit(data: Data, position: int) -> int:
    """Where the next universal exit stands, or the end of the data."""
    exit_at = data.find(UEL, position)
    return exit_at if exit_at >= 0 else len(data)


def is_garbage(data: Data, position: int, stop: int) -> bool:
    """Neither UTF-8 nor mostly letters of ASCII: nothing that somebody wrote."""
    octets = bytes(data[position : min(stop, position + _LOOKED_AT_BYTES)])
    written = len(octets) - len(octets.translate(None, _WRITTEN))
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        return written * 2 < len(octets) and error.start < len(octets) - 3  # a character may be cut off at the end
    return False


def is_binary(data: Data, position: int, stop: int) -> bool:
    """Full of octets that stand for no sign and no control of a text, in whatever character set it is."""
    octets = bytes(data[position : min(stop, position + _LOOKED_AT_BYTES)])
    never = len(octets) - len(octets.translate(None, NEVER_WRITTEN_OCTETS))
    return len(octets) >= _FEW_BYTES and never * _SHARE_MIN > len(octets)


def next_match(pattern: re.Pattern[bytes], data: Data, position: int) -> int:
    """Where the pattern is found next among what is looked at; the next universal exit or the end where it is not."""
    found = pattern.search(data, position, min(len(data), position + _LOOKED_AT_BYTES))
    return found.start() if found else next_exit(data, position)
