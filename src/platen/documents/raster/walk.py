"""Finding the end of a compressed page by walking its runs, and looking at its pixels on the way.

A run is two octets or a few, and a page of office text is almost nothing but runs. Where many runs of one pixel follow
each other they are taken together: a strided slice gives their codes, `accumulate` where each of them ends, a binary
search the one that fills the line. That walks five times as fast as going from run to run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from platen.documents.pictures.seen import WHITE
from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.pixels import Pixels
from platen.documents.raster.release import Releaser
from platen.documents.source import Data

_WINDOW_BYTES = 1 << 20  # of the document held at a time; more where a single line is longer
_STRETCH_AFTER = 6  # runs of one pixel in a row before the next are taken together
_STRETCH_RUNS = 256
_NOT_REPEATED = re.compile(rb"[\x80-\xff]")
_PLUS_ONE = bytes(min(octet + 1, 255) for octet in range(256))


@dataclass(slots=True)
class StepBudget:
    """Lines that may still be walked; shared by all pages of a document."""

    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What walking one page found."""

    stop: int  # offset behind the page's last octet
    whole: bool  # False: the data or the budget ended first
    overflow: bool  # a line was longer than the header says: the data are damaged


class LineWalk:
    """Walks lines of one layout."""

    def __init__(self, layout: RasterLayout, pixels: Pixels | None = None) -> None:
        self._layout = layout
        self._pixels = pixels
        self.seen = WHITE

    @property
    def settled(self) -> bool:
        """Whether looking at more pixels can change nothing."""
        return self._pixels is None or self.seen >= self._pixels.most

    def line_stop(self, octets: bytes, position: int) -> tuple[int, int]:
        """Walk the runs from `position`, behind the repeat octet. Raises: IndexError where the octets end first.

        Returns: the offset behind the line, and the pixels that it lacks (negative: that it has too many).
        """
        pixel_bytes = self._layout.pixel_bytes
        unit, left, repeated = pixel_bytes + 1, self._layout.line_pixels, 0
        looking = not self.settled
        while left > 0:
            code = octets[position]
            if code < 128:
                repeated += 1
                if repeated > _STRETCH_AFTER and left > 128:
                    start = position
                    position, left = _stretch(octets, position, unit, left)
                    repeated = 0
                    if looking:
                        looking = self._look(octets[start + 1 : position], unit)
                    continue
                left -= code + 1
                if looking:
                    looking = self._look(octets[position + 1 : position + unit], unit)
                position += unit
            elif code > 128:
                repeated = 0
                count = min(257 - code, left)
                left -= count
                start, position = position + 1, position + 1 + count * pixel_bytes
                if looking:
                    looking = self._look(octets[start:position], pixel_bytes)
            else:
                return position + 1, 0
        if position > len(octets):
            raise IndexError("the octets end within a pixel")
        return position, left

    def _look(self, octets: bytes, step: int) -> bool:
        """Look at pixels that lie `step` octets apart. Returns: whether there is more to learn."""
        pixels = self._pixels
        assert pixels is not None  # noqa: S101  # only called while looking
        self.seen = max(self.seen, pixels.seen_in(octets, step))
        return self.seen < pixels.most


def _stretch(octets: bytes, position: int, unit: int, left: int) -> tuple[int, int]:
    """Take runs of one pixel together, at least the one at `position`. Returns: where they end, and pixels left."""
    codes = octets[position : position + _STRETCH_RUNS * unit : unit]
    other = _NOT_REPEATED.search(codes)
    ends = list(accumulate((codes[: other.start()] if other else codes).translate(_PLUS_ONE)))
    last = min(bisect_left(ends, left), len(ends) - 1)
    return position + (last + 1) * unit, left - ends[last]


def walk_page(data: Data, position: int, layout: RasterLayout, budget: StepBudget) -> Walked:
    """Walk the compressed lines of one page from `position`, without looking at pixels. Never raises for bad data."""
    walk = LineWalk(layout)
    overflow, stop, lines = False, position, layout.stored_lines
    for repeat, stop, missing in walked_lines(data, position, walk, budget):  # the last one
        overflow = overflow or missing < 0
        lines -= repeat
        if lines <= 0:
            return Walked(stop=stop, whole=True, overflow=overflow)
    return Walked(stop=stop if budget.left <= 0 else len(data), whole=False, overflow=overflow)


def look_at_page(data: Data, position: int, layout: RasterLayout, pixels: Pixels, budget: StepBudget) -> int:
    """The most that is seen on the page at `position`: WHITE, GRAY or COLOR. Stops where nothing more can be seen."""
    walk = LineWalk(layout, pixels)
    lines = layout.stored_lines
    for repeat, _, _ in walked_lines(data, position, walk, budget):
        lines -= repeat
        if lines <= 0 or walk.settled:
            break
    return walk.seen


def walked_lines(data: Data, position: int, walk: LineWalk, budget: StepBudget) -> Iterator[tuple[int, int, int]]:
    """Each line's repeat, the offset behind it, and the pixels that it lacks, until the data or the budget end."""
    size = _WINDOW_BYTES
    start, octets, at = position, data[position : position + size], 0
    releaser = Releaser(data, position)
    while budget.left > 0:
        try:
            repeat = octets[at] + 1
            stop, missing = walk.line_stop(octets, at + 1)
        except IndexError:
            if start + len(octets) >= len(data):
                return
            # The line goes on behind the window: begin a new one with it, a larger one where that was all it held.
            size = _WINDOW_BYTES if at else size * 2
            start, at = start + at, 0
            releaser.passed(start)
            octets = data[start : start + size]
            continue
        budget.left -= 1
        yield repeat, start + stop, missing
        at = stop
