"""The line compression that PWG raster (PWG 5102.4 section 4.4) and Apple raster share.

    line   = repeat octet (the line occurs repeat + 1 times), then runs until the line is full
    run    = 0..127   next pixel occurs n + 1 times
             129..255 257 - n pixels follow as they are
             128      Apple raster: the rest of the line is white

A pixel is one octet where it has fewer than eight bits. There is no length anywhere: to find the end of a page, every
run of it must be walked.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platen.documents.source import Data


class Ink(enum.Enum):
    """How colour is told from the octets of a pixel."""

    GRAY = enum.auto()  # one channel, never colour
    RGB = enum.auto()  # colour where the three channels differ
    CMYK = enum.auto()  # colour where cyan, magenta and yellow differ
    OTHER = enum.auto()  # not told


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterLayout:
    """What the page header says about the lines that follow."""

    lines: int
    line_bytes: int
    pixel_bytes: int  # at least 1
    channel_bytes: int  # 1, or 2 for 16 bits a channel
    ink: Ink
    white: bytes  # one pixel


@dataclass(slots=True)
class StepBudget:
    """Runs that may still be walked; shared by all pages of a document."""

    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterPage:
    """What walking one page found."""

    stop: int  # offset behind the page's last octet
    whole: bool  # False: the data or the budget ended first
    overflow: bool  # a line was longer than the header says: the data are damaged
    color: bool | None
    blank: bool


def _differs(pixels: bytes, layout: RasterLayout) -> bool:
    step, channel = layout.pixel_bytes, layout.channel_bytes
    first = pixels[0::step]
    return first != pixels[channel::step] or first != pixels[2 * channel :: step]


def walk_page(data: Data, position: int, layout: RasterLayout, budget: StepBudget) -> RasterPage:
    """Walk the compressed lines of one page from `position`. Never raises for bad data."""
    line_bytes, pixel_bytes, white = layout.line_bytes, layout.pixel_bytes, layout.white
    tells_color = layout.ink in (Ink.RGB, Ink.CMYK)
    color, blank, overflow, whole = False, True, False, True
    looking = True
    lines_left, steps_left = layout.lines, budget.left
    try:
        while lines_left > 0:
            lines_left -= data[position] + 1
            position += 1
            filled = 0
            while filled < line_bytes:
                code = data[position]
                position += 1
                steps_left -= 1
                if code < 128:
                    filled += (code + 1) * pixel_bytes
                    stop = position + pixel_bytes
                elif code == 128:
                    break
                else:
                    filled += (257 - code) * pixel_bytes
                    stop = position + (257 - code) * pixel_bytes
                if looking:
                    pixels = data[position:stop]
                    if pixels != white and pixels.replace(white, b""):
                        blank = False
                        color = color or (tells_color and _differs(pixels, layout))
                        looking = tells_color and not color
                position = stop
            overflow = overflow or filled > line_bytes
            if steps_left < 0:
                whole = False
                break
    except IndexError:
        whole = False
    if position > len(data):
        position, whole = len(data), False
    budget.left = steps_left
    known = layout.ink is not Ink.OTHER or blank
    return RasterPage(stop=position, whole=whole, overflow=overflow, color=color if known else None, blank=blank)
