"""HP-GL and HP-GL/2 commands, followed as far as pages, pens and sizes go.

    command = letter letter [parameter {separator parameter}] [;]

The next command's letters end a command as `;` does. Labels (LB), comments (CO) and encoded lines (PE) have ends of
their own. The plotter knows no PCL: it stops at an escape sequence that is none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from platen.documents.hpgl import encoded
from platen.documents.hpgl.geometry import UNITS_PER_MM, Geometry
from platen.documents.hpgl.pens import Pens
from platen.documents.source import Data

_ANY = rb"[^A-Za-z\x1b]*+(?:(?P<escape>\x1b)|(?P<name>[A-Za-z]{2})(?P<rest>[^A-Za-z;\x1b]*+);?|[A-Za-z])"
_COMMAND = re.compile(_ANY)
# The same behind any number of pen movements: they change nothing once the pen has marked the page, but how the last
# of them leaves the pen (up or down, absolute or relative).
_MOVES = rb"(?:[^A-Za-z\x1b]*+[Pp](?:(?P<down>[UDud])|(?P<relative>[ARar]))){0,500}"
_NEXT_OTHER = re.compile(_MOVES + _ANY)
_NUMBER = re.compile(rb"[-+]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})")
_QUOTED = re.compile(rb'"([^"]*)"')
_DEVICE_CONTROL = re.compile(rb"\x1b\.(?:[@HIMNPQST](?:[\d;,]*:)?|.)", re.DOTALL)
_BEGIN_PLOT = re.compile(rb'(?:"[^"]*"|[^A-Za-z;\x1b"])*;?')
_ETX = b"\x03"
_LABEL_BLANK = bytes(range(33))
_COPIES_MAX = 999_999  # far more than are counted
_NUMBERS_MAX = 64  # of a command that is not a movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One finished page."""

    size_mm: tuple[float, float] | None
    size_stated: bool  # False: the size is that of what is drawn
    color: bool | None
    copies: int


class Plotter:
    """Reads commands and gives each plot that comes out to `on_plot`.

    Args: pen: the one in use before the first SP; 0 where a page description language is around (nothing is drawn
    until a pen is chosen), 1 for a plotter, which draws with what it holds. points_max: positions followed for the
    size of a plot that does not state it.
    """

    def __init__(
        self, on_plot: Callable[[Plot], None] | None = None, *, pen: int = 1, points_max: int = 1_000_000
    ) -> None:
        self.pens = Pens()
        self.geometry = Geometry()
        self.marked = False  # something visible was drawn on the present page
        self.color: bool | None = False  # of what was drawn
        self.title: str | None = None
        self.points_left = points_max
        self._on_plot = on_plot
        self._first_pen = self._pen = pen
        self._down = self._relative = self._in_polygon = False
        self._polygon_filled = False
        self._symbol = False
        self._terminator = _ETX
        self._plot_size: tuple[float, float] | None = None  # mm
        self._turned = False
        self._copies = 1
        self._pending: Plot | None = None
        self._settled = False  # further movements of this pen change nothing
        self._obey: dict[bytes, Callable[[list[float]], None]] = {
            b"IN": self._initialize,
            b"PM": self._polygon,
            b"SP": self._select,
            b"PC": self._pen_color,
            b"CR": self.pens.set_range,
            b"NP": lambda numbers: self._palette(),
            b"IP": self.geometry.set_corners,
            b"SC": self.geometry.set_scale,
            b"PS": self._page_size,
            b"RO": self._rotate,
            b"RP": self._replot,
            b"AA": lambda numbers: self._arc(numbers, relative=False),
            b"AR": lambda numbers: self._arc(numbers, relative=True),
            b"RA": lambda numbers: self._rectangle(numbers, relative=False),
            b"EA": lambda numbers: self._rectangle(numbers, relative=False),
            b"RR": lambda numbers: self._rectangle(numbers, relative=True),
            b"ER": lambda numbers: self._rectangle(numbers, relative=True),
            b"CI": self._circle,
            b"WG": self._circle,
            b"EW": self._circle,
            b"FP": lambda numbers: self._draw_polygon(),
            b"EP": lambda numbers: self._draw_polygon(),
            b"XT": lambda numbers: self._draw_here(),
            b"YT": lambda numbers: self._draw_here(),
            b"PB": lambda numbers: self._draw_here(),
            **dict.fromkeys((b"AT", b"RT", b"BZ", b"BR"), self._curve),
            **dict.fromkeys((b"PG", b"AF", b"AH", b"FR", b"NR"), lambda numbers: self.end_plot()),
        }
        self._strings: dict[bytes, Callable[[Data, int, int], int]] = {
            b"LB": self._label,
            b"BL": self._skip_label,
            b"WD": self._skip_label,
            b"DT": self._set_terminator,
            b"SM": self._set_symbol,
            b"CO": self._comment,
            b"MG": self._comment,
            b"BP": self._begin_plot,
            b"PE": self._encoded,
        }

    def read(self, data: Data, position: int, stop: int) -> int:
        """Follow the commands from `position`. Returns: `stop`, or the offset of an ESC that is not HP-GL's."""
        while position < stop:
            match = self._next(data, position, stop)
            if match is None:
                return stop
            if match["escape"] is not None:
                escape_at = match.start("escape")
                control = _DEVICE_CONTROL.match(data, escape_at, stop)
                if control is None:
                    return escape_at
                position = control.end()
                continue
            position = match.end()
            if match["name"] is not None:
                name = match["name"].upper()
                if take := self._strings.get(name):
                    position = take(data, match.end("name"), stop)
                else:
                    self._command(name, data, *match.span("rest"))
        return stop

    def _next(self, data: Data, position: int, stop: int) -> re.Match[bytes] | None:
        if not self._settled:
            return _COMMAND.match(data, position, stop)
        match = _NEXT_OTHER.match(data, position, stop)
        if match is not None:
            if match["down"] is not None:
                self._down = match["down"] in b"Dd"
            if match["relative"] is not None:
                self._relative = match["relative"] in b"Rr"
        return match

    def end_plot(self) -> None:
        """PG: the page comes out if something is drawn on it."""
        self.finish()
        if self.marked and self._on_plot is not None:
            drawn = None if self.points_left <= 0 else self.geometry.size_mm
            size = self._plot_size or drawn
            if size is not None and self._turned:
                size = size[1], size[0]
            self._pending = Plot(
                size_mm=size, size_stated=self._plot_size is not None, color=self.color, copies=self._copies
            )
        self.start_page()
        self._copies = 1

    def start_page(self) -> None:
        """Forget what was drawn; the state of the pens stays."""
        self.marked, self.color, self._settled = False, False, False
        self.geometry.start_page()

    def finish(self) -> None:
        """Give out the last plot: it is held back because RP may still ask for more of it."""
        if self._pending is not None and self._on_plot is not None:
            plot, self._pending = self._pending, None
            self._on_plot(plot)

    def mark(self, color: bool | None) -> None:
        """Something visible comes on the page."""
        self.marked = True
        if color or self.color:
            self.color = True
        elif color is None:
            self.color = None

    def _draw(self) -> bool:
        """Draw with the present pen. Returns: whether it shows."""
        if self._in_polygon:
            self._polygon_filled = True
            return False
        if not self.pens.is_visible(self._pen):
            return False
        self.mark(self.pens.has_color(self._pen))
        self._settled = not self._follows
        return True

    @property
    def _follows(self) -> bool:
        """Whether the size of the page hangs on what is drawn."""
        return self._plot_size is None and self.points_left > 0 and self._on_plot is not None

    def _command(self, name: bytes, data: Data, start: int, stop: int) -> None:
        if name in (b"PA", b"PR", b"PU", b"PD"):
            self._move(name, data, start, stop)
        elif obey := self._obey.get(name):
            numbers: list[float] = []
            for match in _NUMBER.finditer(data, start, stop):
                numbers.append(float(match[0]))
                if len(numbers) >= _NUMBERS_MAX:
                    break
            obey(numbers)

    def _move(self, name: bytes, data: Data, start: int, stop: int) -> None:
        if name in (b"PA", b"PR"):
            self._relative = name == b"PR"
        else:
            self._down = name == b"PD"
        if _NUMBER.search(data, start, stop) is None:
            if name == b"PD" and self._draw():
                self.geometry.around(0)
            return
        draws = self._draw() if self._down or self._symbol else False
        if not self._follows:
            return
        move, relative = self.geometry.move, self._relative
        x: float | None = None
        for match in _NUMBER.finditer(data, start, stop):
            if x is None:
                x = float(match[0])
                continue
            move(x, float(match[0]), relative=relative, draws=draws)
            x = None
            self.points_left -= 1
            if self.points_left <= 0:
                break

    def _initialize(self, numbers: list[float]) -> None:
        self.pens.reset()
        self.geometry.reset()
        self._down = self._relative = self._in_polygon = self._symbol = self._turned = False
        self._terminator = _ETX
        self._pen, self._settled = self._first_pen, False

    def _palette(self) -> None:
        self.pens.reset()
        self._settled = False

    def _select(self, numbers: list[float]) -> None:
        self._pen = int(numbers[0]) if numbers else 0
        self._settled = False

    def _pen_color(self, numbers: list[float]) -> None:
        self.pens.set_color(numbers)
        self._settled = False

    def _page_size(self, numbers: list[float]) -> None:
        """PS length[, width] in plotter units; length is along x."""
        self._plot_size = None
        if len(numbers) >= 2 and numbers[0] > 0 and numbers[1] > 0:
            self._plot_size = numbers[0] / UNITS_PER_MM, numbers[1] / UNITS_PER_MM

    def _rotate(self, numbers: list[float]) -> None:
        self._turned = bool(numbers) and int(numbers[0]) % 180 == 90

    def _replot(self, numbers: list[float]) -> None:
        """RP: the plot that just came out, so many times more."""
        if self._pending is not None:
            more = min(_COPIES_MAX, max(1, int(numbers[0]))) if numbers else 1
            held = self._pending
            self._pending = Plot(
                size_mm=held.size_mm,
                size_stated=held.size_stated,
                color=held.color,
                copies=min(_COPIES_MAX, held.copies + more),
            )

    def _arc(self, numbers: list[float], *, relative: bool) -> None:
        if len(numbers) >= 3:
            draws = self._draw() if self._down else False
            self.geometry.turn(numbers, numbers[2], relative=relative, draws=draws)

    def _curve(self, numbers: list[float]) -> None:
        if self._down and numbers and self._draw():
            self.geometry.around(0)

    def _rectangle(self, numbers: list[float], *, relative: bool) -> None:
        if len(numbers) >= 2 and self._draw():
            self.geometry.corner(numbers[0], numbers[1], relative=relative)

    def _circle(self, numbers: list[float]) -> None:
        if numbers and self._draw():
            self.geometry.around(numbers[0], user_units=True)

    def _polygon(self, numbers: list[float]) -> None:
        kind = int(numbers[0]) if numbers else 0
        if kind == 0:
            self._in_polygon, self._polygon_filled, self._settled = True, False, False
        elif kind == 2:
            self._in_polygon = False

    def _draw_polygon(self) -> None:
        if self._polygon_filled and not self._in_polygon and self._draw():
            self.geometry.around(0)

    def _draw_here(self) -> None:
        if self._draw():
            self.geometry.around(0)

    def _label(self, data: Data, position: int, stop: int) -> int:
        end = data.find(self._terminator, position, stop)
        end = end if end >= 0 else stop
        if bytes(data[position : min(end, position + 4096)]).strip(_LABEL_BLANK) and self._draw():
            self.geometry.around(0)
        return end + 1

    def _skip_label(self, data: Data, position: int, stop: int) -> int:
        end = data.find(self._terminator, position, stop)
        return end + 1 if end >= 0 else stop

    def _set_terminator(self, data: Data, position: int, stop: int) -> int:
        """DT: the very next octet ends labels from here on; without one it is ETX again."""
        octet = bytes(data[position : position + 1])
        if octet in (b";", b""):
            self._terminator = _ETX
            return position + 1
        self._terminator = octet
        return position + 1

    def _set_symbol(self, data: Data, position: int, stop: int) -> int:
        """SM: the very next octet is drawn at every position."""
        octet = bytes(data[position : position + 1])
        self._symbol = octet not in (b";", b"", b" ")
        self._settled = False
        return position + 1

    def _comment(self, data: Data, position: int, stop: int) -> int:
        quoted = _QUOTED.match(data, position, stop)
        return quoted.end() if quoted else position

    def _begin_plot(self, data: Data, position: int, stop: int) -> int:
        """BP kind, value {, kind, value}: 1 is the plot's name, 2 the number of copies."""
        self.end_plot()
        match = _BEGIN_PLOT.match(data, position, min(stop, position + 4096))
        if match is None:
            return position
        if name := _QUOTED.search(match[0]):
            self.title = self.title or name[1].decode("latin-1").strip() or None
        pairs = _NUMBER.findall(_QUOTED.sub(b"0", match[0]))
        for kind, value in zip(pairs[0::2], pairs[1::2], strict=False):
            if float(kind) == 2:
                self._copies = min(_COPIES_MAX, max(1, int(float(value))))
        return match.end()

    def _encoded(self, data: Data, position: int, stop: int) -> int:
        end = data.find(b";", position, stop)
        end = end if end >= 0 else stop
        self._down = True
        for what, x, y in encoded.items(data, position, end, lambda: self._settled):
            if what == "pen":
                self._select([x])
                continue
            self._down = what.startswith("draw")
            draws = self._draw() if self._down or self._symbol else False
            if self._follows:
                self.geometry.move(x, y, relative=not what.endswith("="), draws=draws)
                self.points_left -= 1
        return end + 1
