"""A plot that is a document by itself: HP-GL, HP-GL/2, and the raster (RTL) that large-format drivers mix in."""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.hpgl.plotter import Plot, Plotter
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data

_MODE = re.compile(rb"\x1b%(-?\d{0,3})([ABX])")
_RTL = re.compile(rb"\x1b([*&()])([a-z]?)")
_FIELD = re.compile(rb"([-+]?\d{0,9})(?:\.\d*)?([@-~])")


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read plots from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    draft.pages_known = True
    reader = _Reader(draft, options)
    stop = data.find(UEL, start)
    stop = stop if stop >= 0 else len(data)
    reader.read(data, start, stop)
    draft.title = draft.title or reader.plotter.title
    if draft.pages == 0:
        draft.problem("The plot draws nothing, so no page comes out.")
    if reader.plotter.points_left <= 0:
        draft.problem("The plot is too long to follow all its lines; its size is not known.")
    return stop


class _Reader:
    """Switches between HP-GL/2 and RTL."""

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self._draft = draft
        self._color = options.color
        self.plotter = Plotter(self._add, points_max=options.limits.hpgl_points_max)
        self._planes = 1
        self._configured = False

    def read(self, data: Data, position: int, stop: int) -> None:
        in_raster = False
        while position < stop:
            if in_raster:
                escape_at = data.find(b"\x1b", position, stop)
                escape_at = escape_at if escape_at >= 0 else stop
            else:
                escape_at = self.plotter.read(data, position, stop)
            mode = _MODE.match(data, escape_at, stop)
            if mode is not None:
                in_raster = mode[2] == b"A"
                position = mode.end()
            elif data[escape_at : escape_at + 2] == b"\x1bE":
                self.plotter.end_plot()
                position, in_raster = escape_at + 2, False
            else:
                position = self._raster_command(data, escape_at, stop)
        self.plotter.end_plot()
        self.plotter.finish()

    def _add(self, plot: Plot) -> None:
        if plot.size_mm is None:
            self._draft.problem("The plot does not say what size it is.")
        elif not plot.size_stated:
            self._draft.problem("The plot does not name its paper; its size is that of what is drawn.")
        color = plot.color if self._color else None
        self._draft.add_page(
            size_mm=plot.size_mm, color=color, blank=False, copies=self._draft.copies_within(plot.copies)
        )

    def _raster_command(self, data: Data, position: int, stop: int) -> int:
        """One escape sequence of RTL, with its payload. Returns: the offset behind it."""
        match = _RTL.match(data, position, stop)
        if match is None:
            return position + 1
        group = match[1] + match[2]
        position = match.end()
        while field := _FIELD.match(data, position, stop):
            position = field.end()
            letter = field[2].upper()
            value = int(field[1]) if field[1].strip(b"+-") else 0
            if letter == b"W" or (group == b"*b" and letter == b"V"):
                self._payload(group, data, position, value)
                position += max(0, value)
            elif group == b"*r" and letter == b"U":
                self._planes = value
            if field[2] == letter:
                break
        return position

    def _payload(self, group: bytes, data: Data, position: int, value: int) -> None:
        if group == b"*v" and value >= 3:
            self._configured = data[position + 2 : position + 3] > b"\x01"  # more than one bit for each pixel
        elif group == b"*b" and value > 0:
            self.plotter.mark(True if abs(self._planes) in (3, 4) else None if self._configured else False)
