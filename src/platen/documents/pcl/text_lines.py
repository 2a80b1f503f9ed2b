"""Text of a PCL 5 job on its pages: lines that fill them, wrap, or all fit."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platen.documents.pcl.device import PclDevice, Replay

_INVISIBLE = bytes(range(33)) + b"\x7f"
_CONTROLS = bytes(range(32))
_LINES_AT_ONCE_MAX = 1000


@functools.lru_cache(maxsize=256)
def _lines(room: int) -> re.Pattern[bytes]:
    """As many lines as there is room for, and the one whose feed leads to the next page."""
    return re.compile(rb"(?:[^\n]*\n){%d}" % (min(max(room, 0), _LINES_AT_ONCE_MAX) + 1))


def print_lines(device: PclDevice, text: bytes, replay: Replay) -> None:
    """Text without form feeds."""
    layout = device.page.layout
    if layout.line_termination & 1:
        text = text.replace(b"\r", b"\n")  # a carriage return feeds a line as well
    feeds = text.count(b"\n")
    if layout.wraps:
        for index, line in enumerate(text.split(b"\n")):
            if index:
                device.feed_line(replay)
                layout.column = 0
            _wrap(device, line, replay)
    elif layout.fits(feeds):
        _mark(device, text)
        if feeds:
            layout.feed(feeds)
    else:
        _fill_pages(device, text, replay)


def _mark(device: PclDevice, text: bytes) -> None:
    if text.translate(None, _INVISIBLE):
        device.page.mark(device.inks.ink)


def _fill_pages(device: PclDevice, text: bytes, replay: Replay) -> None:
    """Lines that do not all fit on the page, as many at a time as do."""
    layout, at = device.page.layout, 0
    while not device.page.is_over:
        fitting = _lines(layout.room).match(text, at)
        end = fitting.end() if fitting else len(text)
        is_last = fitting is None or end == len(text)
        part = text[at:] if is_last else text[at:end]
        _mark(device, part)
        if is_last and (fitting is None or not part.endswith(b"\n")):
            layout.feed(part.count(b"\n"))
            return
        layout.feed(part.count(b"\n") - 1)
        device.feed_line(replay)
        at = end


def _wrap(device: PclDevice, line: bytes, replay: Replay) -> None:
    """A line that may be longer than the page is wide; of what a carriage return overprints the last is placed."""
    layout = device.page.layout
    for index, part in enumerate(line.split(b"\r")):
        layout.column = 0 if index else layout.column
        length = len(part.translate(None, _CONTROLS))
        _mark(device, part)
        filled = layout.column + length
        while filled > layout.columns:
            filled -= layout.columns
            device.feed_line(replay)
            device.page.mark(device.inks.ink)
            if not device.count_command():
                return
        layout.column = filled
