"""The raster language of Canon's ink-jet devices (BJ), in commands that say how long they are.

ESC [ letter size:16 data, ESC ( letter size:16 data, size low octet first; ESC 5, J: one octet, d: two, C: one or 0 and
one; text between BJLSTART and BJLEND, or in XML, steers the device; FF brings out the page

ESC ( d   resolution down the page, and across        ESC ( p   paper: [10] units an inch:32, [38] width:32, length:32
ESC ( b   1: rows are compressed                      ESC ( A   a row: the letter of its ink, its dots
ESC ( L   letters of the inks, in the order in which  ESC ( F   rows of one ink follow: runs, each row ended by 128
"""

from __future__ import annotations

import re

from platen.documents import garbage
from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.pcl.compression import packbits
from platen.documents.source import Data

_NEXT = re.compile(rb"[\x0c\x1b]")
_FIXED = {**dict.fromkeys(b"5JAB23", 1), **dict.fromkeys(b"d\\e", 2)}
_HEADER_BYTES = 5
_BLACKS = frozenset(b"Kk")
_ROW_BYTES_MAX = 1 << 16
_UNITS_AT, _WIDTH_AT, _PAPER_BYTES = 10, 38, 46
_ROW_END = b"\x80"
_CUT = "The job is cut off within the data of a command."


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a job from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    draft.pages_known = True
    return _Reader(data, draft, options).read(start)


class _Reader:
    """Follows one job."""

    def __init__(self, data: Data, draft: Draft, options: AnalysisOptions) -> None:
        self._data = data
        self._draft = draft
        self._tells_color = options.color
        self._size_mm: tuple[float, float] | None = None
        self._is_compressed = False
        self._inks, self._ink = b"", 0
        self._is_marked = self._is_colored = self._is_doubtful = False
        self._is_over = False
        self._steps_left = draft.limits.device_steps_max

    def read(self, position: int) -> int:
        data = self._data
        while not self._is_over and (found := _NEXT.search(data, position)):
            position = found.start()
            self._steps_left -= 1
            if self._steps_left < 0:
                self._draft.weaken(PagesBasis.ESTIMATED)
                self._draft.problem("The job holds too many commands; only its beginning was counted.")
                return len(data)
            if data[position] == 0x0C:
                self._end_page()
                position += 1
            elif data[position : position + len(UEL)] == UEL:
                return position
            else:
                position = self._command(position)
        if position > len(data):
            self._draft.problem(_CUT)
        if self._is_marked:
            self._draft.problem("The job ends within a page, without a form feed: it was cut off.")
            self._end_page()
        return garbage.next_exit(data, min(position, len(data)))

    def _command(self, position: int) -> int:
        """The command whose ESC is at `position`. Returns: the offset behind it and its data."""
        data = self._data
        header = bytes(data[position : position + _HEADER_BYTES])
        if header[1:2] in (b"(", b"["):
            stop = position + _HEADER_BYTES + int.from_bytes(header[3:5], "little")
            if header[1:2] == b"(":
                self._obey(header[2:3], bytes(data[position + _HEADER_BYTES : stop]))
            elif header[2:3] == b"g":  # dots of devices that follow IBM's
                self._mark(b"K", bytes(data[position + _HEADER_BYTES + 1 : stop]))
            return stop
        if header[1:2] == b"C":
            return position + (4 if header[2:3] == b"\0" else 3)
        return position + 2 + (_FIXED.get(header[1], 0) if len(header) > 1 else 0)

    def _obey(self, letter: bytes, values: bytes) -> None:
        if letter == b"A" and values:
            dots = values[1:]
            self._mark(values[:1], packbits(dots, _ROW_BYTES_MAX) if self._is_compressed else dots)
        elif letter == b"F" and self._inks:
            self._mark(self._inks[self._ink : self._ink + 1], values.strip(_ROW_END))
            self._ink = (self._ink + 1) % len(self._inks)
        elif letter == b"F":
            self._is_marked = self._is_doubtful = True
        elif letter == b"L":
            self._inks, self._ink = values, 0
        elif letter == b"b" and values:
            self._is_compressed = values[0] == 1
        elif letter == b"d" and len(values) >= 2 and self._draft.resolution_dpi is None:
            along = int.from_bytes(values[:2], "big")
            across = int.from_bytes(values[2:4], "big") if len(values) >= 4 else along
            self._draft.resolution_dpi = (across, along) if across and along else None
        elif letter == b"p" and len(values) >= _PAPER_BYTES:
            self._set_paper(values)

    def _mark(self, ink: bytes, dots: bytes) -> None:
        if dots.strip(b"\0"):
            self._is_marked = True
            self._is_colored = self._is_colored or ink[0] not in _BLACKS

    def _set_paper(self, values: bytes) -> None:
        units, width, length = (
            int.from_bytes(values[at : at + 4], "big") for at in (_UNITS_AT, _WIDTH_AT, _WIDTH_AT + 4)
        )
        if units and units <= min(width, length) and max(width, length) <= 200 * units:
            self._size_mm = width / units * MM_PER_INCH, length / units * MM_PER_INCH

    def _end_page(self) -> None:
        color = None if self._is_doubtful or not self._tells_color else self._is_colored
        blank = None if self._is_doubtful else not self._is_marked
        self._is_over = not self._draft.add_page(size_mm=self._size_mm, color=color, blank=blank)
        self._is_marked = self._is_colored = self._is_doubtful = False
        self._ink = 0
