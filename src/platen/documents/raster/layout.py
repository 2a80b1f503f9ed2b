"""How the pixels of one page lie in its lines."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Order(enum.IntEnum):
    """Where the channels of a pixel are (cupsColorOrder). PWG and Apple raster know only the first."""

    CHUNKY = 0  # together
    BANDED = 1  # a line holds the line of each channel, one after the other
    PLANAR = 2  # the page holds the page of each channel, one after the other


LINE_BYTES_MAX = 1 << 24  # more than any machine is wide; a header that says more is damaged


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterLayout:
    """What the page header says about the lines that follow."""

    width: int  # pixels
    lines: int  # of the page; with planes, of each plane
    line_bytes: int
    bits_per_color: int
    bits_per_pixel: int  # with bands or planes, of one of them
    space: str | None  # the channels of a pixel (`spaces`); None: a colour space that is not known
    order: Order = Order.CHUNKY
    little_endian: bool = False  # samples of 16 bits

    @property
    def pixel_bytes(self) -> int:
        """What the compression takes as one pixel: an octet where it has fewer than eight bits."""
        bits = self.bits_per_pixel if self.order is Order.CHUNKY else self.bits_per_color
        return max(1, (bits + 7) // 8)

    @property
    def line_pixels(self) -> int:
        """Pixels (of `pixel_bytes`) in a line, for the compression."""
        return -(-self.line_bytes // self.pixel_bytes)

    @property
    def planes(self) -> int:
        return len(self.space or "K") if self.order is Order.PLANAR else 1

    @property
    def stored_lines(self) -> int:
        """Lines in the file, those of all planes."""
        return self.lines * self.planes

    @property
    def white(self) -> bytes:
        """What a line is filled with by code 128: white where that is the same octet throughout."""
        return b"\xff" if self.space and self.space[0] in "WR" else b"\0"
