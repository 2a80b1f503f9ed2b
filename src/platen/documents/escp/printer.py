"""The commands of ESC/P and ESC/P2 (Epson ESC/P Reference Manual), as far as they move paper and mark it.

ESC letter parameters [data]           ESC ( letter nL nH parameters        text, CR, LF, FF between them
ESC | B rows nL nH data                ESC | J nH nL                        of inkjets: columns of dots, n/360 inch down
"""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents.draft import Draft
from platen.documents.escp.escpr import ENTER, EscprReader
from platen.documents.escp.page import Sheet
from platen.documents.escp.raster import Budget, is_marked, little_endian, walk_runs, walk_tiff
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

_INVISIBLE = bytes(range(0x21)) + b"\x7f\x80"
_VISIBLE = re.compile(rb"[^\x00-\x20\x7f\x80]")
_PARAMETERS: dict[int, int] = {
    **dict.fromkeys(b"$\\?cef", 2),
    **dict.fromkeys(b":X", 3),
    **dict.fromkeys(b" !%+-/3AIJNQRSUWahjklmpqrstwx{\x19", 1),
}
_TO_NUL = frozenset(b"BDb")  # lists of tab stops
_FINE_FEED = re.compile(rb"\x1c3(.)", re.DOTALL)  # FS 3 n: lines of n/360 inch, of NEC and others that follow ESC/P
_ABOVE_MAX_IN = 2.0
_REMOTE_END = b"\x1b\0\0\0"
_PCL_SETUP = re.compile(rb"rbC|t\d{1,5}R")  # behind ESC *, of drivers that drive PCL as well; no mode of a picture
_PACKET_MODE = re.compile(rb"\x1b\x01@EJL[^\n]*\n(?:@EJL[^\n]*\n)?")


class Printer:
    """Follows one job."""

    def __init__(self, data: Data, draft: Draft, options: AnalysisOptions) -> None:
        self._data = data
        self._draft = draft
        self._options = options
        self._budget = Budget(options.limits.escp_runs_max)
        self.sheet = Sheet(draft, tells_color=options.color)
        self._unit_in = 1 / 360
        self._vertical_unit_in: float | None = None
        self._page_unit_in: float | None = None
        self._fine_lines = 180  # what ESC 3 and ESC J count in; 9-pin printers: 216
        self._spacing_in: float | None = 1 / 6  # None: `_spacing` parts of `_fine_lines`
        self._spacing = 0
        self._color = 0
        self.draws = False  # dots, which a driver sends, and not only characters
        self._with_data: dict[int, Callable[[int], int]] = {
            **dict.fromkeys(b"KLYZ", self._strip),
            ord("*"): self._bit_image,
            ord("^"): self._nine_pins,
            ord("."): self._raster,
            ord("i"): self._transfer,
            ord("&"): self._characters,
            ord("("): self._extended,
            ord("|"): self._serial,
        }

    def text(self, start: int, stop: int) -> None:
        """Characters and the controls between them."""
        position = start
        while position < stop and not self.sheet.stopped:
            end = min(stop, position + (1 << 20))
            chunk = bytes(self._data[position:end])
            position = end
            *pages, rest = chunk.split(b"\f")
            for page in pages:
                self._lines(page)
                self.sheet.form_feed()
                if self.sheet.stopped:
                    return
            self._lines(rest)

    def _lines(self, text: bytes) -> None:
        for index, part in enumerate(_FINE_FEED.split(text)):
            if index % 2:
                self._spacing_in = part[0] / 360
            elif part:
                self._feed(part)

    def _feed(self, text: bytes) -> None:
        """Characters and line feeds of one height."""
        spacing = self._line_in
        visible = len(text.rstrip(_INVISIBLE))
        before = text.count(b"\n", 0, visible) + text.count(b"\v", 0, visible)
        if visible and _VISIBLE.search(text):
            self.sheet.move(before * spacing)
            self.sheet.mark(colored=self._color not in (0, 7))
        else:
            before = 0
        self.sheet.move((text.count(b"\n") + text.count(b"\v") - before) * spacing)

    @property
    def _line_in(self) -> float:
        return self._spacing / self._fine_lines if self._spacing_in is None else self._spacing_in

    def command(self, position: int) -> int:
        """The sequence whose ESC is at `position`. Returns: the offset behind it and its data."""
        data = self._data
        if position + 1 >= len(data):
            return len(data)
        code, begin = data[position + 1], position + 2
        if take := self._with_data.get(code):
            return take(begin)
        if code in _TO_NUL:
            end = data.find(b"\0", begin, begin + 300)
            return end + 1 if end >= 0 else begin
        return self._simple(code, begin)

    def _strip(self, begin: int) -> int:
        """ESC K, L, Y, Z: one octet a column."""
        return self._columns(begin + 2, little_endian(self._data, begin), 1)

    def _bit_image(self, begin: int) -> int:
        """ESC * m nL nH: one, three or six octets a column."""
        if setup := _PCL_SETUP.match(self._data, begin):
            return setup.end()
        mode = self._data[begin] if begin < len(self._data) else 0
        octets = 1 if mode < 32 else 3 if mode < 64 else 6
        return self._columns(begin + 3, little_endian(self._data, begin + 1), octets)

    def _serial(self, begin: int) -> int:
        """ESC | B: octets of columns as high as the nozzles. ESC | J: a feed, with its high octet first."""
        data = self._data
        letter, values = bytes(data[begin : begin + 1]), bytes(data[begin + 1 : begin + 4])
        if letter == b"J":
            self.sheet.move(int.from_bytes(values[:2], "big") / 360)
            return begin + 3
        if letter != b"B":
            return begin + 1
        stop = begin + 4 + little_endian(values, 1)
        self.draws, self._fine_lines = True, 180
        if is_marked(data, begin + 4, stop):
            self.sheet.mark(colored=self._color not in (0, 7))
        return stop

    def _nine_pins(self, begin: int) -> int:
        """ESC ^ m nL nH: two octets a column."""
        return self._columns(begin + 3, little_endian(self._data, begin + 1), 2)

    def _simple(self, code: int, begin: int) -> int:
        data = self._data
        value = data[begin] if begin < len(data) else 0
        if code == ord("C"):
            return self._page_length(value, begin)
        if code == 0x01 and (packet := _PACKET_MODE.match(data, begin - 2)):
            return packet.end()
        if code == ord("J"):
            self.sheet.move(value / self._fine_lines)
        elif code == ord("3"):
            self._spacing_in, self._spacing = None, value
        elif code == ord("+"):
            self._spacing_in = value / 360
        elif code == ord("A"):
            self._spacing_in, self._spacing = None, value * 3  # n/60 of 24 pins, n/72 of 9
        elif code in b"012":
            self._spacing_in = {0x30: 1 / 8, 0x31: 7 / 72, 0x32: 1 / 6}[code]
        elif code == ord("r"):
            self._color = value & 7
        elif code == 0x19 and value == ord("R"):
            self.sheet.finish()
        elif code == ord("@"):
            self._reset()
        return begin + _PARAMETERS.get(code, 0)

    def _reset(self) -> None:
        self._spacing_in, self._color = 1 / 6, 0
        self._unit_in, self._vertical_unit_in, self._page_unit_in = 1 / 360, None, None
        self.sheet.monochrome = False
        self.sheet.was_reset = True

    def _page_length(self, value: int, begin: int) -> int:
        """ESC C n lines; ESC C NUL n inches."""
        if value:
            self._set_length(value * self._line_in)
            return begin + 1
        inches = self._data[begin + 1] if begin + 1 < len(self._data) else 0
        self._set_length(float(inches))
        return begin + 2

    def _set_length(self, inches: float) -> None:
        if 0.5 <= inches <= 800:
            self.sheet.length_in = inches

    def _columns(self, begin: int, columns: int, octets: int) -> int:
        """A strip of pins: `columns` times `octets`."""
        self._fine_lines = 216 if octets <= 2 else 180
        stop = begin + columns * octets
        self.draws = True
        if is_marked(self._data, begin, stop):
            self.sheet.mark(colored=self._color not in (0, 7))
        return stop

    def _raster(self, begin: int) -> int:
        """ESC . c v h m nL nH: rows of dots."""
        data = self._data
        self.draws = True
        mode = data[begin] if begin < len(data) else 0
        rows, dots = (data[begin + 3] if begin + 3 < len(data) else 0), little_endian(data, begin + 4)
        start = begin + 6
        if mode == 2:
            walk = walk_tiff(data, start, self._budget, self._color)
            if walk.marked:
                self.sheet.mark(colored=walk.colored)
            self.sheet.move(walk.down * self._unit_in)
            return walk.stop
        return self._rows(start, rows * ((dots + 7) // 8), compressed=mode == 1, color=self._color)

    def _transfer(self, begin: int) -> int:
        """ESC i r c b nL nH mL mH: rows in one ink."""
        data = self._data
        self.draws = True
        header = bytes(data[begin : begin + 7])
        if len(header) < 7:
            return len(data)
        size_bytes = little_endian(header, 3) * little_endian(header, 5)
        return self._rows(begin + 7, size_bytes, compressed=header[1] == 1, color=header[0])

    def _rows(self, start: int, size_bytes: int, *, compressed: bool, color: int) -> int:
        if compressed:
            stop, marked = walk_runs(self._data, start, size_bytes, self._budget, looks=True)
        else:
            stop = start + size_bytes
            marked = is_marked(self._data, start, stop)
        if marked:
            self.sheet.mark(colored=color & 0x0F != 0 and color != 7)
        return stop

    def _characters(self, begin: int) -> int:
        """ESC & NUL n m: characters of the user, each with three octets that state its width, and its columns."""
        data = self._data
        first, last = (int(octet) for octet in (bytes(data[begin + 1 : begin + 3]) + b"\0\0")[:2])
        position = begin + 3
        for _ in range(max(0, last - first + 1)):
            if position + 3 > len(data):
                return len(data)
            width = data[position + 1]
            position += 3 + 3 * width
        return position

    def _extended(self, begin: int) -> int:
        """ESC ( letter nL nH parameters."""
        data = self._data
        if begin + 3 > len(data):
            return len(data)
        code, size_bytes = data[begin], little_endian(data, begin + 1)
        start = begin + 3
        stop = start + size_bytes
        values = bytes(data[start : min(stop, start + 16)])
        if code == ord("R"):
            return self._remote(start, stop)
        if code == ord("^"):
            self.sheet.mark(colored=self._color not in (0, 7))
        elif values:
            self._obey(code, values)
        return stop

    def _obey(self, code: int, values: bytes) -> None:
        number = int.from_bytes(values[:4], "little") if len(values) != 2 else little_endian(values, 0)
        if code == ord("C"):
            self._set_length(number * (self._page_unit_in or self._unit_in))
        elif code == ord("S") and len(values) >= 8:
            unit = self._page_unit_in or self._unit_in
            width, length = (little_endian(values, at, 4) * unit * MM_PER_INCH for at in (0, 4))
            if 10 < width < 20_000 and 10 < length < 200_000:
                self.sheet.size_mm = width, length
        elif code == ord("c") and len(values) >= 8:
            top = int.from_bytes(values[:4], "little", signed=True) * (self._page_unit_in or self._unit_in)
            self.sheet.above_in = min(max(0.0, -top), _ABOVE_MAX_IN)
        elif code == ord("U"):
            self._units(values)
        elif code == ord("V"):
            self.sheet.move_to(number * (self._vertical_unit_in or self._unit_in))
        elif code == ord("v"):
            signed = int.from_bytes(values[:4], "little", signed=True)
            self.sheet.move(signed * (self._vertical_unit_in or self._unit_in))
        elif code == ord("K") and len(values) >= 2:
            self.sheet.monochrome = values[1] == 1
        elif code == ord("r") and len(values) >= 2:
            self._color = values[1]

    def _units(self, values: bytes) -> None:
        """ESC ( U: one unit in 1/3600 inch; or units of pages, down and across as parts of a base."""
        if len(values) >= 5:
            base = little_endian(values, 3) or 1440
            self._page_unit_in, self._vertical_unit_in = values[0] / base, values[1] / base
            self._unit_in = values[1] / base or self._unit_in
        elif values[0]:
            self._unit_in = values[0] / 3600
            self._page_unit_in = self._vertical_unit_in = None

    def _remote(self, start: int, stop: int) -> int:
        """ESC ( R: settings up to ESC NUL NUL NUL, or the switch to ESC/P-R."""
        data = self._data
        if bytes(data[start:stop]).endswith(ENTER):
            return EscprReader(self._draft, looks_for_color=self._options.color).read(data, stop)
        position = stop
        while position + 4 <= len(data) and data[position] != 0x1B:  # two letters, a length, parameters
            position += 4 + little_endian(data, position + 2)
        if data[position : position + 4] == _REMOTE_END:
            return position + 4
        return min(position, len(data))

    @property
    def is_exhausted(self) -> bool:
        return self._budget.steps_left <= 0
