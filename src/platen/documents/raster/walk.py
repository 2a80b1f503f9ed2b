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

_FIRST_WINDOW_BYTES = 1 << 13  # of the document held at a time: a blank page has no more
_WINDOW_BYTES = 1 << 20  # more only where a single line is longer
_STRETCH_AFTER = 6  # runs of one pixel in a row before the next are taken together
_STRETCH_RUNS = 256
_MET_OCTETS = 1 << 14  # looked at together
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
    """Walks lines of one layout, and looks at their pixels where it is given a way to."""

    def __init__(self, layout: RasterLayout, pixels: Pixels | None = None) -> None:
        self._pixel_bytes = layout.pixel_bytes
        self._line_pixels = layout.line_pixels
        self._pixels = pixels
        self._met: tuple[list[bytes], list[bytes]] = ([], [])  # stretches of repeated pixels with codes, literal pixels
        self._met_octets = 0
        self.seen = WHITE

    @property
    def settled(self) -> bool:
        """Whether looking at more pixels can change nothing."""
        return self._pixels is None or self.seen >= self._pixels.most

    def line_stop(self, octets: bytes, position: int) -> tuple[int, int]:
        """Walk the runs from `position`, behind the repeat octet. Raises: IndexError where the octets end first.

        Returns: the offset behind the line, and the pixels that it lacks (negative: that it has too many).
        """
        pixel_bytes = self._pixel_bytes
        unit, left = pixel_bytes + 1, self._line_pixels
        literals: list[tuple[int, int]] = []
        begin = position
        taken = 0  # runs of one pixel since the last literal
        while left > 0:
            code = octets[position]
            if code < 128:
                taken += 1
                if taken > _STRETCH_AFTER and left > 128:
                    position, left = _stretch(octets, position, unit, left)
                    taken = 0
                else:
                    left -= code + 1
                    position += unit
            elif code > 128:
                taken = 0
                count = min(257 - code, left)
                left -= count
                stop = position + 1 + count * pixel_bytes
                literals.append((position, stop))
                position = stop
            else:
                literals.append((position, position + 1))
                position, left = position + 1, 0
        if position > len(octets):
            raise IndexError("the octets end within a pixel")
        if self._pixels is not None:
            self._meet(octets, begin, position, literals)
        return position, left

    def _meet(self, octets: bytes, begin: int, stop: int, literals: list[tuple[int, int]]) -> None:
        """Keep the pixels of a line, and look once there are enough: looking at many costs little more than at one."""
        repeated, literal = self._met
        self._met_octets += stop - begin
        for first, last in literals:
            repeated.append(octets[begin:first])
            literal.append(octets[first + 1 : last])
            begin = last
        repeated.append(octets[begin:stop])
        if self._met_octets > _MET_OCTETS:
            self.look()

    def look(self) -> None:
        """Look at what was met."""
        pixels, (repeated, literal) = self._pixels, self._met
        if pixels is None:
            return
        size = self._pixel_bytes
        self.seen = max(
            self.seen,
            pixels.seen_in(b"".join(repeated), size + 1, first=1),
            pixels.seen_in(b"".join(literal), size),
        )
        repeated.clear()
        literal.clear()
        self._met_octets = 0


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


def look_at_page(data: Data, position: int, layout: RasterLayout, pixels: Pixels) -> tuple[int, int]:
    """The most that is seen on the page at `position`: WHITE, GRAY or COLOR; and the octets walked for that.

    Stops where nothing more can be seen.
    """
    walk = LineWalk(layout, pixels)
    lines, stop = layout.stored_lines, position
    for repeat, stop, _ in walked_lines(data, position, walk, StepBudget(lines)):  # noqa: B007  # the last one
        lines -= repeat
        if lines <= 0 or walk.settled:
            break
    walk.look()
    return walk.seen, stop - position


def walked_lines(data: Data, position: int, walk: LineWalk, budget: StepBudget) -> Iterator[tuple[int, int, int]]:
    """Each line's repeat, the offset behind it, and the pixels that it lacks, until the data or the budget end."""
    size = _FIRST_WINDOW_BYTES
    start, octets, at = position, data[position : position + size], 0
    releaser = Releaser(data, position)
    while budget.left > 0:
        try:
            repeat = octets[at] + 1
            stop, missing = walk.line_stop(octets, at + 1)
        except IndexError:
            if start + len(octets) >= len(data):
                return
            # The line goes on behind the window: begin a new one with it, the largest only where a line needs it.
            size = min(size * 4, _WINDOW_BYTES) if at else size * 4
            start, at = start + at, 0
            releaser.passed(start)
            octets = data[start : start + size]
            continue
        budget.left -= 1
        yield repeat, start + stop, missing
        at = stop
