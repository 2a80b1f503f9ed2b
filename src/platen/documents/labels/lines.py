"""Label languages of one command a line, with pictures in between whose octets are skipped by their stated size."""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.source import Data

_LINE_END_BYTES = 2
_LINE = re.compile(rb"[\r\n\0]*([^\r\n]{0,1024})")

# Gives the number of octets that follow the given head of a line as a picture, and where in it they begin.
Payload = Callable[[bytes], tuple[int, int] | None]


def finish(data: Data, stop: int, draft: Draft, *, unprinted: bool) -> int:
    """Say what is missing at the end of a job. Args: stop: as `walk` returns it. Returns: it, within the data."""
    if stop > len(data) + _LINE_END_BYTES:
        draft.problem("The label file is cut off within a picture.")
    elif unprinted:
        draft.problem("What is drawn on the last label is not printed: the command for it is missing.")
    return min(stop, len(data))


def walk(data: Data, start: int, payload: Payload, take: Callable[[bytes], bool]) -> int:
    """Give each line to `take` until it returns False, and pass over what `payload` says is none.

    Returns: the offset of the universal exit where there is one, else the end; behind it where a picture is cut off.
    """
    position = start
    while position < len(data):
        match = _LINE.match(data, position)
        if match is None:
            break
        line = match[1]
        position = match.end()
        if found := payload(line):
            size_bytes, begin = found
            line = line[:begin]
            position = match.start(1) + begin + size_bytes
        elif (exit_at := line.find(UEL)) >= 0:
            take(line[:exit_at])
            return match.start(1) + exit_at
        elif len(line) == 1024:  # the rest of a line too long for a command
            ends = re.compile(rb"[\r\n]").search(data, position)
            position = ends.start() if ends else len(data)
        if not take(line):
            return len(data)
    return max(position, len(data))


def numbers(text: bytes, count: int) -> list[float]:
    """The first `count` numbers of a line."""
    return [float(number) for number in re.findall(rb"-?\d{1,9}(?:\.\d{0,6})?", text)[:count]]
