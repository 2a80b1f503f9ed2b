"""One page of a raster document: its lines as they are stored, and what is seen on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from platen.documents.pictures.seen import WHITE
from platen.documents.raster.layout import Order, RasterLayout
from platen.documents.raster.lines import decode_lines
from platen.documents.raster.pixels import Pixels
from platen.documents.raster.walk import StepBudget, look_at_page, walk_page
from platen.documents.source import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """Where the lines of a page are."""

    data: Data
    begin: int
    layout: RasterLayout
    compressed: bool

    def lines(self) -> Iterator[tuple[bytes, int]]:
        """The page's lines from above, each with the number of times that it occurs, until the data end.

        With planes, a line of every channel one after the other, as in bands.
        """
        if self.layout.order is Order.PLANAR:
            return self._lines_of_planes()
        return self._stored(self.begin)

    def _stored(self, begin: int) -> Iterator[tuple[bytes, int]]:
        layout = self.layout
        if self.compressed:
            try:
                for line in decode_lines(self.data, begin, layout):
                    yield line.octets, line.repeat
            except IndexError:
                return
        else:
            stop = min(len(self.data), begin + layout.lines * layout.line_bytes)
            for start in range(begin, stop - layout.line_bytes + 1, layout.line_bytes):
                yield bytes(self.data[start : start + layout.line_bytes]), 1

    def _lines_of_planes(self) -> Iterator[tuple[bytes, int]]:
        planes = [self._each(begin) for begin in self._planes()]
        for lines in zip(*planes, strict=False):
            yield b"".join(lines), 1

    def _each(self, begin: int) -> Iterator[bytes]:
        for octets, repeat in self._stored(begin):
            for _ in range(repeat):
                yield octets

    def _planes(self) -> Iterator[int]:
        """Where each plane begins."""
        layout, begin = self.layout, self.begin
        one_plane = replace(layout, order=Order.BANDED)
        for plane in range(layout.planes):
            if not self.compressed:
                yield begin + plane * layout.lines * layout.line_bytes
                continue
            yield begin
            begin = walk_page(self.data, begin, one_plane, StepBudget(layout.lines)).stop

    def seen(self, pixels: Pixels) -> tuple[int, int]:
        """The most that is seen on the page: WHITE, GRAY or COLOR; and the octets read for that.

        Stops where nothing more can be seen.
        """
        if self.compressed and self.layout.order is Order.CHUNKY:
            return look_at_page(self.data, self.begin, self.layout, pixels)
        step = self.layout.pixel_bytes
        most, before, read = WHITE, b"", 0
        for octets, _ in self.lines():
            read += len(octets)
            if octets == before:
                continue
            before = octets
            most = max(most, pixels.seen_in(octets, step))
            if most == pixels.most:
                break
        return most, read
