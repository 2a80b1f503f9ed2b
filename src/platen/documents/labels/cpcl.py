"""CPCL (Zebra mobile printers): sessions from `!` to PRINT.

! offset dpi dpi height quantity      then lines of commands      PRINT
CG width height x y <width x height octets>
"""

from __future__ import annotations

import re

from platen.documents.draft import Draft
from platen.documents.labels.lines import finish, numbers, walk
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

_SESSION = re.compile(rb"!\s+-?\d{1,5}\s+(\d{1,4})\s+(\d{1,4})\s+(\d{1,6})\s+(\d{1,5})")
_COMPRESSED_GRAPHIC = re.compile(rb"V?CG\s+(\d{1,4})\s+(\d{1,5})\s+\d{1,5}\s+\d{1,5}[ ]", re.IGNORECASE)
_SETTINGS = (b"PAGE-WIDTH", b"PW", b"CONTRAST", b"TONE", b"SPEED", b"FORM", b"JOURNAL", b"COUNTRY", b"UTILITIES")


class _Printer:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._session: re.Match[bytes] | None = None
        self._drawn = False
        self._width = 0.0

    @property
    def unprinted(self) -> bool:
        """A session was begun and not printed."""
        return self._session is not None

    def take(self, line: bytes) -> bool:
        word = line.strip().upper()
        if session := _SESSION.match(line):
            self._session, self._drawn = session, False
        elif self._session is None:
            return True
        elif re.match(rb"(?:PAGE-WIDTH|PW)\b", word):
            self._width = next(iter(numbers(word, 1)), 0.0)
        elif word == b"PRINT":
            return self._print(self._session)
        elif word and not word.startswith((*_SETTINGS, b";")):
            self._drawn = True
        return True

    def _print(self, session: re.Match[bytes]) -> bool:
        self._session = None
        across, along, height = int(session[1]), int(session[2]), int(session[3])
        size_mm = None
        if across and along and height and self._width:
            size_mm = self._width / across * MM_PER_INCH, height / along * MM_PER_INCH
        copies = max(1, int(session[4]))
        return self._draft.add_page(size_mm=size_mm, color=False, blank=not self._drawn, copies=copies)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read sessions from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    printer = _Printer(draft)
    stop = walk(data, start, _payload, printer.take)
    return finish(data, stop, draft, unprinted=printer.unprinted)


def _payload(line: bytes) -> tuple[int, int] | None:
    if graphic := _COMPRESSED_GRAPHIC.match(line):
        return int(graphic[1]) * int(graphic[2]), graphic.end()
    return None
