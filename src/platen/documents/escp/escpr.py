"""ESC/P-R: the raster language of Epson's own driver for free systems and of its mobile ones.

ESC class length(4, little-endian) name(4) parameters

q setq   quality: paper, quality, monochrome, three corrections, palette or full colour
j setj   job: paper width, length, margins (2 each), printable width and length, resolution
p sttp   a page begins       d dsnd   rows: x (2), y (2), compressed (1), length (2), pixels
p endp   it ends             j endj   the job ends
"""

from __future__ import annotations

import re

from platen.documents.draft import Draft
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

ENTER = b"ESCPR"  # what ESC ( R names to switch to this language
_COMMAND = re.compile(rb"\x1b([a-z])(.{4})([a-z]{4})", re.DOTALL)
_DPI = {0: 360, 1: 720, 2: 300, 3: 600}
_BAND_BYTES = 3 << 18  # whole pixels
_WHITE = b"\xff\xff\xff"


class EscprReader:
    """Follows the commands of one job."""

    def __init__(self, draft: Draft, *, looks_for_color: bool) -> None:
        self._draft = draft
        self._looks_for_color = looks_for_color
        self._size_mm: tuple[float, float] | None = None
        self._monochrome = self._palette = False
        self._open = self._is_over = False
        self._blank, self._color = True, False
        self._steps_left = draft.limits.raster_steps_max

    def read(self, data: Data, position: int) -> int:
        """Read commands from `position`. Returns: the offset of the first octet that is none of them."""
        while match := _COMMAND.match(data, position):
            length = int.from_bytes(match[2], "little")
            begin = match.end()
            position = begin + length
            if position > len(data):
                self._draft.problem("The job is cut off within a page.")
                length = len(data) - begin
                position = len(data)
            if not self._obey(match[3], data, begin, length):
                break
        if self._open:
            self._draft.problem("The job is cut off within a page.")
            self._end_page()
        elif not self._is_over:
            self._draft.problem("The job does not say that it ends: it was cut off, or its end is missing.")
        return position

    def _obey(self, name: bytes, data: Data, begin: int, length: int) -> bool:
        if name == b"setq" and length >= 3:
            self._monochrome = data[begin + 2] == 1
            self._palette = length >= 7 and data[begin + 6] == 1
        elif name == b"setj" and length >= 21:
            self._set_job(bytes(data[begin : begin + length][:22]))
        elif name == b"sttp":
            self._open, self._blank, self._color = True, True, False
        elif name == b"dsnd" and length > 7:
            self._look(data, begin, length)
        elif name == b"endj":
            self._is_over = True
        elif name == b"endp" and self._open:
            return self._end_page()
        return True

    def _set_job(self, values: bytes) -> None:
        dpi = _DPI.get(values[20])
        if dpi is None:
            return
        self._draft.resolution_dpi = dpi, dpi
        width, length = int.from_bytes(values[0:4], "big"), int.from_bytes(values[4:8], "big")
        size_mm = width / dpi * MM_PER_INCH, length / dpi * MM_PER_INCH
        if min(size_mm) > 10 and max(size_mm) < 20_000:
            self._size_mm = size_mm

    def _end_page(self) -> bool:
        self._open = False
        color: bool | None = self._color
        if not self._blank and not self._monochrome and (self._palette or self._steps_left <= 0):
            color = self._color or None
        if not self._looks_for_color:
            color = None
        return self._draft.add_page(size_mm=self._size_mm, color=color, blank=self._blank)

    def _look(self, data: Data, begin: int, length: int) -> None:
        """Whether a band of rows holds anything, and anything coloured."""
        if not self._blank and (self._color or self._monochrome or not self._looks_for_color):
            return
        if self._palette:
            self._blank = False
            return
        position, stop = begin + 7, begin + length
        if not data[begin + 4]:
            for band in range(position, stop, _BAND_BYTES):
                self._pixels(bytes(data[band : min(band + _BAND_BYTES, stop)]))
            return
        while position < stop and self._steps_left > 0 and not self._color:
            self._steps_left -= 1
            code = data[position]
            end = position + (4 if code >= 128 else 1 + 3 * (code + 1))
            pixels = data[position + 1 : min(end, stop)]
            if pixels != _WHITE:
                self._pixels(pixels)
            position = end

    def _pixels(self, pixels: bytes) -> None:
        if pixels.strip(b"\xff"):
            self._blank = False
            whole = len(pixels) - len(pixels) % 3
            red = pixels[0:whole:3]
            colored = red != pixels[1:whole:3] or red != pixels[2:whole:3]
            self._color = self._color or (colored and not self._monochrome)
