"""A device that prints PCL 5: the page that it works on, and what it paints on it."""

from __future__ import annotations

from collections.abc import Callable

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.hpgl2 import Plotter
from platen.documents.pcl.ink_raster import InkRows, palette_of, resolution_of
from platen.documents.pcl.inks import Inks
from platen.documents.pcl.layout import INCH
from platen.documents.pcl.macros import Macros
from platen.documents.pcl.page import PageUnderWay
from platen.documents.pcl.palette import Look
from platen.documents.pcl.text_lines import print_lines
from platen.documents.source import Data

_RESET_STEPS = 10
_CONFIGURATION_BYTES_MAX = 256

Replay = Callable[["PclDevice", int, int], None]


class PclDevice:
    """Takes text, raster rows, plots and payloads; what commands change stands in its parts (see `commands`)."""

    is_gui = False  # PCL3GUI: text does not print

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self.draft = draft
        self.page = PageUnderWay(draft, options)
        self.macros = Macros()
        self.macro_data: Data = b""
        self.is_exhausted = False  # the bound on commands was reached
        self.has_text_behind = False  # the reset that ended the job
        self.rows = InkRows(bytes_left=options.limits.raster_color_bytes_max)
        self._asks_color = options.color
        self._commands_left = options.limits.pcl_commands_max
        self._takes_resolution = draft.resolution_dpi is None
        self._set_defaults()

    def _set_defaults(self) -> None:
        self.in_hpgl = False
        self.plotter = Plotter()
        self.inks = Inks()
        self.rule = [0.0, 0.0]  # width and height of the next area to fill
        self.dot = INCH // 300  # ESC &u#D: the unit of cursor moves
        self.rows.reset()

    def reset(self) -> None:
        """ESC E: brings out a page with something on it, and returns to the defaults."""
        self.count_command(_RESET_STEPS)
        self.macros.abandon()
        self.page.force_out()
        self.page.begin_sheet()
        self.page.reset()
        self.macros.overlay = None
        self._set_defaults()

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
        return self.page.wants_color if self.inks.can_color else self.page.wants_rows

    @property
    def minds_methods(self) -> bool:
        """Whether rows may be unpacked later on, by the method that rows passed over leave in force."""
        return self._asks_color

    # ---- text

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
                print_lines(self, part, replay)
            if self.page.is_over:
                return

    def feed(self, lines: float) -> None:
        """Half a line feed, or rows down."""
        if self.page.layout.feed(lines):
            self.page.flow_over()

    def feed_line(self, replay: Replay) -> None:
        if self.page.layout.feed(1):
            self._overlay(replay)
            self.page.flow_over()

    def eject(self, replay: Replay) -> None:
        """A form feed."""
        self._overlay(replay)
        self.page.eject()

    # ---- raster, plots, payloads

    def pass_rows(self, *, has_data: bool, method: int | None) -> None:
        """Rows that nobody looks at."""
        if method is not None:
            self.rows.method = method
        if has_data:
            self.page.mark(self._look_unseen())

    def _look_unseen(self) -> Look | None:
        """Of raster data that are not looked at."""
        page = self.page
        if not self.inks.can_color or self.draft.monochrome or page.is_mono:
            return Look.GRAY
        return Look.COLOR if page.look is Look.COLOR else None

    def plot(self, data: Data, start: int, stop: int) -> None:
        """HP-GL/2."""
        page = self.page
        if self.macros.is_recording or (not self._asks_color and page.is_marked and page.look is not Look.WHITE):
            return
        look, steps = self.plotter.look(bytes(data[start:stop]), self.inks.palette)
        self.count_command(steps)
        self.inks.update()
        if look is not None:
            page.mark(look)

    def take_payload(self, name: str, data: Data, start: int, stop: int, payload_bytes: int) -> None:
        """Binary data behind a command; `start` to `stop` is as much of them as is looked at."""
        if name in ("*bW", "*bV"):
            self._take_row(bytes(data[start:stop]) if self.looks_at_rows else b"", payload_bytes, name == "*bW")
        elif name == "&pX":
            if payload_bytes and not self.is_gui:
                visible = bytes(data[start:stop]).translate(None, b" ")
                self.page.mark(self.inks.ink if visible else Look.WHITE)
        elif name == "*gW":
            self._configure_raster(bytes(data[start : min(stop, start + _CONFIGURATION_BYTES_MAX)]))
        elif name == "*vW":
            self.inks.configure(bytes(data[start:stop]))
        elif name == "*cW":
            self.inks.define_pattern(bytes(data[start:stop]))

    def _configure_raster(self, payload: bytes) -> None:
        """ESC *g#W, of ink-jet devices."""
        self.inks.set_palette(palette_of(payload))
        self.rows.configure(payload)
        if self.draft.resolution_dpi is None:
            self.draft.resolution_dpi = resolution_of(payload)

    def _take_row(self, payload: bytes, payload_bytes: int, is_last_plane: bool) -> None:
        if not self.looks_at_rows:
            if payload_bytes:
                self.page.mark(self._look_unseen())
            return
        look = self.rows.look(payload, self.inks.palette, is_last_plane=is_last_plane)
        if look is None and not self.inks.can_color:
            look = Look.GRAY
        if payload_bytes or look is not Look.WHITE:
            self.page.mark(look)

    def note_resolution(self, dpi: int) -> None:
        """ESC *t#R: the finest one, where nothing around the job says it."""
        if self._takes_resolution and 0 < dpi <= 9600:
            known = self.draft.resolution_dpi
            self.draft.resolution_dpi = max(known or (0, 0), (dpi, dpi))

    # ---- macros

    def run_macro(self, macro: int, replay: Replay) -> None:
        span = self.macros.enter(macro)
        if span is None:
            return
        painting = self.inks.painting
        replay(self, *span)
        self.inks.painting = painting
        self.macros.leave()
        if self.macros.is_spent:
            self.draft.problem("The macros of the PCL file are called too often; what they print was not all counted.")

    def _overlay(self, replay: Replay) -> None:
        if self.macros.overlay is not None:
            self.run_macro(self.macros.overlay, replay)
