"""Where a PDF document begins and ends that stands inside something else."""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.exits import exit_behind
from platen.documents.source import Data

_HEADER_BYTES = 1024  # ISO 32000-1 annex H: where readers look for the header
_END = re.compile(rb"%%EOF")
_BEFORE_EXIT_BYTES = 1024  # readers accept so much behind %%EOF


def end_of(data: Data, start: int) -> int:
    """The end of the PDF document at `start`: the first PJL exit behind an end-of-file mark, else the first exit.

    A document at the very beginning is not inside PJL: it goes to the end, or to an exit right behind its end mark.
    """
    if start == 0:
        return exit_behind(data, start, rb"%%EOF")
    first = at = data.find(UEL, start)
    while at >= 0:
        if _END.search(data, max(start, at - _BEFORE_EXIT_BYTES), at):
            return at
        at = data.find(UEL, at + len(UEL))
    return first if first >= 0 else len(data)


def start_of(data: Data, start: int, stop: int) -> int:
    """The offset of the header, from which all offsets of the document count; junk may stand in front of it."""
    header = data.find(b"%PDF-", start, min(start + _HEADER_BYTES, stop))
    return header if header >= 0 else start
