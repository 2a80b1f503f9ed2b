"""Label languages of one command a line, with pictures in between whose octets are skipped by their stated size."""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents.source import Data

_LINE = re.compile(rb"[\r\n\0]*([^\r\n]{0,1024})")

# Gives the number of octets that follow the given head of a line as a picture, and where in it they begin.
Payload = Callable[[bytes], tuple[int, int] | None]


def walk(data: Data, start: int, payload: Payload, take: Callable[[bytes], bool]) -> None:
    """Give each line to `take` until it returns False, and pass over what `payload` says is none."""
    position = start
    while position < len(data):
        match = _LINE.match(data, position)
        if match is None:
            return
        line = match[1]
        position = match.end()
        if found := payload(line):
            size_bytes, begin = found
            line = line[:begin]
            position = match.start(1) + begin + size_bytes
        elif len(line) == 1024:  # the rest of a line too long for a command
            ends = re.compile(rb"[\r\n]").search(data, position)
            position = ends.start() if ends else len(data)
        if not take(line):
            return


def numbers(text: bytes, count: int) -> list[float]:
    """The first `count` numbers of a line."""
    return [float(number) for number in re.findall(rb"-?\d{1,9}(?:\.\d{0,6})?", text)[:count]]
