"""What PCL 5 commands do, as far as pages, paper and colour depend on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.hpgl2 import Plotter
from platen.documents.pcl.layout import INCH
from platen.documents.pcl.macros import Macros
from platen.documents.pcl.page import PageUnderWay
from platen.documents.pcl.palette import Look, Palette, configured_palette, simple_palette
from platen.documents.pcl.paper import CUSTOM_SIZE, PCL5_SIZES
from platen.documents.pcl.rows import RasterRows, indexes_look
from platen.documents.source import Data

_INVISIBLE = bytes(range(33)) + b"\x7f"
_DECIPOINT = INCH // 720
_LENGTHS = {
    INCH * 21 // 2: "na_executive_7.25x10.5in",
    INCH * 11: "na_letter_8.5x11in",
    INCH * 70 // 6: "iso_a4_210x297mm",
    INCH * 14: "na_legal_8.5x14in",
    INCH * 17: "na_ledger_11x17in",
}
_PALETTES_MAX = 256
_RESET_STEPS = 10
_LINES_AT_ONCE_MAX = 1000
_USER_PATTERN = 4

Replay = Callable[["PclDevice", int, int], None]


@functools.lru_cache(maxsize=256)
def _lines(room: int) -> re.Pattern[bytes]:
    """As many lines as there is room for, and the one whose feed leads to the next page."""
    return re.compile(rb"(?:[^\n]*\n){%d}" % (min(max(room, 0), _LINES_AT_ONCE_MAX) + 1))


class PclDevice:
    """A device that prints PCL 5, with `page` as the page that it works on."""

    is_gui = False  # PCL3GUI: text does not print

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self.draft = draft
        self.page = PageUnderWay(draft, options)
        self.macros = Macros()
        self.macro_data: Data = b""
        self.is_exhausted = False  # the bound on commands was reached
        self._asks_color = options.color
        self._limits = options.limits
        self._commands_left = options.limits.pcl_commands_max
        self._takes_resolution = draft.resolution_dpi is None
        self.rows = RasterRows(bytes_left=options.limits.raster_color_bytes_max)
        self._set_defaults()

    def _set_defaults(self) -> None:
        self.in_hpgl = False
        self.plotter = Plotter()
        self.palette = Palette()
        self._palettes: dict[int, Palette] = {}
        self._palette_stack: list[Palette] = []
        self._palette_id = self._selected_palette = 0
        self._components = [0.0, 0.0, 0.0]
        self._foreground = Look.GRAY
        self._pattern_type = 0
        self._pattern_id = 0
        self._color_patterns: set[int] = set()
        self._rule = [0.0, 0.0]
        self.dot = INCH // 300  # ESC &u#D: the unit of cursor moves
        self.rows.method, self.rows.width = 0, None
        self.rows.start()
        self._update()

    # ---- what is asked of the walk

    @property
    def is_recording(self) -> bool:
        return self.macros.is_recording

    def count_command(self, steps: int = 1) -> bool:
        """Steps of work. False: there were too many."""
        self._commands_left -= steps
        if self._commands_left >= 0:
            return True
        if not self.is_exhausted:
            self.is_exhausted = True
            self.draft.problem("The PCL file holds too many commands; only its beginning was counted.")
        return False

    @property
    def looks_at_rows(self) -> bool:
        """Whether raster rows have to be unpacked, or taken one by one."""
        if self.macros.is_recording:
            return True
        return self.page.wants_color if self._can_color else self.page.wants_rows

    def _update(self) -> None:
        """Keep what is asked often."""
        self._can_color = self.palette.can_color
        self.ink = self._foreground
        if self._pattern_type == 1:
            self.ink = Look.WHITE
        elif self._pattern_type == _USER_PATTERN and self._pattern_id in self._color_patterns:
            self.ink = Look.COLOR

    # ---- text, raster, plots

    def print(self, text: bytes, replay: Replay) -> None:
        """Text with its control codes, but no escapes."""
        if self.macros.is_recording:
            return
        if self.is_gui:
            for _ in range(text.count(b"\f")):
                self.eject(replay)
            return
        for index, part in enumerate(text.split(b"\f")):
            if index:
                self.eject(replay)
            if part:
                self._print_lines(part, replay)
            if self.page.is_over:
                return

    def _print_lines(self, text: bytes, replay: Replay) -> None:
        layout = self.page.layout
        if layout.line_termination & 1:
            text = text.replace(b"\r", b"\n")  # a carriage return feeds a line as well
        feeds = text.count(b"\n")
        if not layout.wraps and layout.fits(feeds):
            if text.translate(None, _INVISIBLE):
                self.page.mark(self.ink)
            if feeds:
                layout.feed(feeds)
            return
        if layout.wraps:
            for index, line in enumerate(text.split(b"\n")):
                if index:
                    self._feed_line(replay)
                    layout.column = 0
                self._wrap(line, replay)
        else:
            self._fill_pages(text, replay)

    def _fill_pages(self, text: bytes, replay: Replay) -> None:
        """Lines that do not all fit on the page, as many at a time as do."""
        layout, at = self.page.layout, 0
        while not self.page.is_over:
            fitting = _lines(layout.room).match(text, at)
            end = fitting.end() if fitting else len(text)
            is_last = fitting is None or end == len(text)
            part = text[at:] if is_last else text[at:end]
            if part.translate(None, _INVISIBLE):
                self.page.mark(self.ink)
            if is_last and (fitting is None or not part.endswith(b"\n")):
                layout.feed(part.count(b"\n"))
                return
            layout.feed(part.count(b"\n") - 1)
            self._feed_line(replay)
            at = end

    def _wrap(self, line: bytes, replay: Replay) -> None:
        """A line that may be longer than the page is wide; of what a carriage return overprints the last is placed."""
        layout = self.page.layout
        for index, part in enumerate(line.split(b"\r")):
            layout.column = 0 if index else layout.column
            length = len(part.translate(None, bytes(range(32))))
            if part.translate(None, _INVISIBLE):
                self.page.mark(self.ink)
            filled = layout.column + length
            while filled > layout.columns:
                filled -= layout.columns
                self._feed_line(replay)
                self.page.mark(self.ink)
                if not self.count_command():
                    return
            layout.column = filled

    def feed(self, lines: float) -> None:
        """Half a line feed, or rows down."""
        if self.page.layout.feed(lines):
            self.page.flow_over()

    def _feed_line(self, replay: Replay) -> None:
        if self.page.layout.feed(1):
            self._overlay(replay)
            self.page.flow_over()

    def eject(self, replay: Replay) -> None:
        """A form feed."""
        self._overlay(replay)
        self.page.eject()

    def _overlay(self, replay: Replay) -> None:
        if self.macros.overlay is not None:
            self._run_macro(self.macros.overlay, replay)

    def pass_rows(self, *, has_data: bool, method: int | None) -> None:
        """Rows that nobody looks at."""
        if method is not None:
            self.rows.method = method
        if has_data:
            self.page.mark(self._look_unseen())

    def _look_unseen(self) -> Look | None:
        """Of raster data that are not looked at."""
        page = self.page
        if not self._can_color or self.draft.monochrome or page.is_mono:
            return Look.GRAY
        return Look.COLOR if page.look is Look.COLOR else None

    def plot(self, data: Data, start: int, stop: int) -> None:
        """HP-GL/2."""
        page = self.page
        if self.macros.is_recording or (not self._asks_color and page.is_marked and page.look is not Look.WHITE):
            return
        look, steps = self.plotter.look(bytes(data[start:stop]), self.palette)
        self.count_command(steps)
        self._update()
        if look is not None:
            page.mark(look)

    def take_payload(self, name: str, data: Data, start: int, stop: int, payload_bytes: int) -> None:
        """Binary data behind a command; `start` to `stop` is as much of them as is looked at."""
        if name in ("*bW", "*bV"):
            self._take_row(bytes(data[start:stop]) if self.looks_at_rows else b"", payload_bytes, name == "*bW")
        elif name == "&pX":
            if payload_bytes and not self.is_gui:
                visible = bytes(data[start:stop]).translate(None, b" ")
                self.page.mark(self.ink if visible else Look.WHITE)
        elif name == "*vW":
            if palette := configured_palette(bytes(data[start : min(stop, start + 128)])):
                self._set_palette(palette)
        elif name == "*cW":
            self._define_pattern(bytes(data[start:stop]))

    def _take_row(self, payload: bytes, payload_bytes: int, is_last_plane: bool) -> None:
        if not self.looks_at_rows:
            if payload_bytes:
                self.page.mark(self._look_unseen())
            return
        look = self.rows.look(payload, self.palette, is_last_plane=is_last_plane)
        if look is None and not self._can_color:
            look = Look.GRAY
        if payload_bytes or look is not Look.WHITE:
            self.page.mark(look)

    def _define_pattern(self, payload: bytes) -> None:
        """A pattern of the user (ESC *c#W): format 1 has an index of the palette for each pixel."""
        self._color_patterns.discard(self._pattern_id)
        if payload[:1] == b"\x01" and indexes_look(payload[8:], self.palette.looks, 8) is Look.COLOR:
            self._color_patterns.add(self._pattern_id)
        self._update()

    # ---- commands

    def reset(self) -> None:
        """ESC E: brings out a page with something on it, and returns to the defaults."""
        self.count_command(_RESET_STEPS)
        self.macros.abandon()
        self.page.force_out()
        self.page.begin_sheet()
        self.page.reset()
        self.macros.overlay = None
        self._set_defaults()

    def obey(self, name: str, value: float, data: Data, span: tuple[int, int], replay: Replay) -> None:
        """A command without payload that stands in a sequence at `span` of the data."""
        number = int(value)
        if self.macros.is_recording:
            if name == "&fX" and number == 1:
                self.macros.end(span[0])
            return
        if handler := _HANDLERS.get(name):
            handler(self, value)
        elif name == "&fX":
            self.macro_data = data
            self._macro(number, span[1], replay)
        elif name in ("&lH", "&lT"):  # another source of paper, another stack of output
            self.page.force_out()

    def _macro(self, number: int, at: int, replay: Replay) -> None:
        macros = self.macros
        if number == 0:
            macros.begin(at)
        elif number in (2, 3):
            self._run_macro(macros.current, replay)
        elif number == 4:
            macros.overlay = macros.current
        elif number == 5:
            macros.overlay = None
        elif number in (6, 7, 8):
            macros.forget(all_of_them=number != 8)

    def _run_macro(self, macro: int, replay: Replay) -> None:
        span = self.macros.enter(macro)
        if span is None:
            return
        foreground, palette, pattern = self._foreground, self.palette, self._pattern_type
        replay(self, *span)
        self._foreground, self.palette, self._pattern_type = foreground, palette, pattern
        self._update()
        self.macros.leave()
        if self.macros.is_spent:
            self.draft.problem("The macros of the PCL file are called too often; what they print was not all counted.")

    def _set_palette(self, palette: Palette) -> None:
        self.palette = palette
        self._palettes[self._selected_palette] = palette
        self._update()

    def _simple_color(self, value: float) -> None:
        self._set_palette(simple_palette(int(value)))

    def _assign_color(self, value: float) -> None:
        self.palette.assign(int(value), *self._components)
        self._components = [0.0, 0.0, 0.0]
        self._update()

    def _set_foreground(self, value: float) -> None:
        self._foreground = self.palette.look(max(0, int(value)))
        self._update()

    def _set_pattern(self, value: float) -> None:
        self._pattern_type = int(value)
        self._update()

    def _set_pattern_id(self, value: float) -> None:
        self._pattern_id = int(value)
        self._update()

    def _select_palette(self, value: float) -> None:
        number = int(value)
        if number == self._selected_palette or number not in self._palettes:
            return
        self._selected_palette, self.palette = number, self._palettes[number]
        self._update()

    def _control_palette(self, value: float) -> None:
        """ESC &p#C: 0 and 1 delete palettes, 6 copies the active one to the palette of the control ID."""
        number = int(value)
        if number in (0, 1):
            self._palettes = {self._selected_palette: self.palette}
        elif number == 2:
            self._palettes.pop(self._palette_id, None)
        elif number == 6 and len(self._palettes) < _PALETTES_MAX:
            self._palettes[self._palette_id] = self.palette.copy()

    def _push_palette(self, value: float) -> None:
        if int(value) == 0 and len(self._palette_stack) < _PALETTES_MAX:
            self._palette_stack.append(self.palette.copy())
        elif int(value) == 1 and self._palette_stack:
            self._set_palette(self._palette_stack.pop())

    def _fill_rule(self, value: float) -> None:
        if min(self._rule) <= 0:
            return
        kind = int(value)
        look = self.ink if kind == 5 else self._foreground
        if kind == 1 or (kind == 2 and self._pattern_id <= 0):
            look = Look.WHITE
        elif kind == _USER_PATTERN and self._pattern_id in self._color_patterns:
            look = Look.COLOR
        self.page.mark(look)

    def _page_size(self, value: float) -> None:
        number = int(value)
        if number == CUSTOM_SIZE:
            self.page.set_custom()
        elif media := PCL5_SIZES.get(number):
            self.page.set_media(media)

    def _custom_measure(self, index: int, value: float) -> None:
        self.page.custom_decipoints[index] = value
        if self.page.is_custom:
            self.page.set_custom()

    def _page_length(self, value: float) -> None:
        """ESC &l#P: the length in lines also chooses the paper that is so long."""
        page = self.page
        page.force_out()
        length = int(value * page.layout.vmi)
        if length <= 0 or length > 100 * INCH:
            return
        if not page.is_landscape and (media := _LENGTHS.get(length)):
            page.set_media(media)
        page.layout.set_length(length)

    def _resolution(self, value: float) -> None:
        number = int(value)
        if self._takes_resolution and 0 < number <= 9600:
            known = self.draft.resolution_dpi
            self.draft.resolution_dpi = max(known or (0, 0), (number, number))

    def _unit(self, value: float) -> None:
        if 1 <= value <= INCH:
            self.dot = INCH // int(value)

    def _row_method(self, value: float) -> None:
        self.rows.method = int(value)

    def _end_raster(self, value: float) -> None:
        self.rows.start()
        self.rows.method = 0

    def _row_width(self, value: float) -> None:
        self.rows.width = int(value) if 0 < value < 1 << 20 else None

    def _orient(self, value: float) -> None:
        self.page.turn(int(value))

    def _flush_pages(self, value: float) -> None:
        if int(value) == 1:
            self.page.force_out()

    def _set_hmi(self, value: float) -> None:
        if 0 < value <= 1260:
            self.page.layout.hmi = int(value * INCH / 120)

    def _component(self, index: int, value: float) -> None:
        self._components[index] = value

    def _measure_rule(self, index: int, value: float) -> None:
        self._rule[index] = value

    def _plot_on(self, value: float) -> None:
        self.in_hpgl = True

    def _lift(self, value: float) -> None:
        self.in_hpgl = False

    def _mono(self, value: float) -> None:
        self.page.is_mono = int(value) == 1

    def _restart_rows(self, value: float) -> None:
        self.rows.start()

    def _choose_macro(self, value: float) -> None:
        self.macros.current = int(value)

    def _palette_id_is(self, value: float) -> None:
        self._palette_id = int(value)

    def _down_rows(self, value: float) -> None:
        self.page.layout.place((value + 0.75) * self.page.layout.vmi, is_relative=False)

    def _ink_jet_command(self, value: float) -> None:
        """ESC %P: commands in words, of devices on which text does not print."""
        self.is_gui = True

    def _down_dots(self, value: float) -> None:
        self.page.layout.place(value * self.dot, is_relative=False)

    def _down_decipoints(self, value: float) -> None:
        self.page.layout.place(value * _DECIPOINT, is_relative=False)


Handler = Callable[[PclDevice, float], None]

_HANDLERS: dict[str, Handler] = {
    "&lA": PclDevice._page_size,
    "&lO": PclDevice._orient,
    "&lP": PclDevice._page_length,
    "&lX": lambda device, value: device.page.set_copies(int(value)),
    "&lS": lambda device, value: device.page.set_sides(int(value)),
    "&aG": lambda device, value: device.page.choose_side(int(value)),
    "&lC": lambda device, value: device.page.layout.set_vmi(value / 48),
    "&lD": lambda device, value: device.page.layout.set_vmi(1 / value) if value > 0 else None,
    "&lE": lambda device, value: device.page.layout.set_top_margin(value),
    "&lF": lambda device, value: device.page.layout.set_text_length(value),
    "&lL": lambda device, value: setattr(device.page.layout, "skips_perforation", int(value) == 1),
    "&kG": lambda device, value: setattr(device.page.layout, "line_termination", int(value) & 3),
    "&sC": lambda device, value: setattr(device.page.layout, "wraps", int(value) == 0),
    "&kH": PclDevice._set_hmi,
    "&fY": PclDevice._choose_macro,
    "&fI": lambda device, value: device._custom_measure(0, value),
    "&fJ": lambda device, value: device._custom_measure(1, value),
    "&bM": PclDevice._mono,
    "&rF": PclDevice._flush_pages,
    "&uD": PclDevice._unit,
    "&aR": PclDevice._down_rows,
    "&aV": PclDevice._down_decipoints,
    "*pY": PclDevice._down_dots,
    "*tR": PclDevice._resolution,
    "*rU": PclDevice._simple_color,
    "*rS": PclDevice._row_width,
    "*rA": PclDevice._restart_rows,
    "*rB": PclDevice._restart_rows,
    "*rC": PclDevice._end_raster,
    "*bM": PclDevice._row_method,
    "*bY": PclDevice._restart_rows,
    "*vA": lambda device, value: device._component(0, value),
    "*vB": lambda device, value: device._component(1, value),
    "*vC": lambda device, value: device._component(2, value),
    "*vI": PclDevice._assign_color,
    "*vS": PclDevice._set_foreground,
    "*vT": PclDevice._set_pattern,
    "*cG": PclDevice._set_pattern_id,
    "*cA": lambda device, value: device._measure_rule(0, value),
    "*cH": lambda device, value: device._measure_rule(0, value),
    "*cB": lambda device, value: device._measure_rule(1, value),
    "*cV": lambda device, value: device._measure_rule(1, value),
    "*cP": PclDevice._fill_rule,
    "&pS": PclDevice._select_palette,
    "&pI": PclDevice._palette_id_is,
    "&pC": PclDevice._control_palette,
    "*pP": PclDevice._push_palette,
    "%A": PclDevice._lift,
    "%B": PclDevice._plot_on,
    "%P": PclDevice._ink_jet_command,
}
