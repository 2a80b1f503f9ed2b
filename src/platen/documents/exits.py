"""Where a document ends that stands bare in front of a universal exit: octets of its own may look like one."""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.source import Data

_MARK_WITHIN_BYTES = 1024
_EXITS_MAX = 10_000  # of octets that look like one; no honest document has so many


def exit_behind(data: Data, start: int, mark: bytes) -> int:
    """The first universal exit from `start` on right behind a format's end mark; the end of the data without one.

    Args: mark: a pattern; only blanks, zeros and ^D may stand between it and the exit.
    """
    ends = re.compile(rb"(?:%b)[\s\0\x04]*+\Z" % mark, re.DOTALL)
    at = data.find(UEL, start)
    for _ in range(_EXITS_MAX):
        if at < 0:
            break
        if ends.search(bytes(data[max(start, at - _MARK_WITHIN_BYTES) : at])):
            return at
        at = data.find(UEL, at + len(UEL))
    return len(data)
