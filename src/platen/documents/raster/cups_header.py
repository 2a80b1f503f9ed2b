"""The page header of PWG raster (PWG 5102.4 section 4.3) and CUPS raster (cups/raster.h), which have one layout.

Version 1 of CUPS raster has the first 420 octets, the others 1796. PWG raster is big-endian, CUPS raster as its writer.
"""

from __future__ import annotations

import functools
import re
import struct

from platen.documents.facts import Sides
from platen.documents.media import MM_PER_INCH, MM_PER_POINT, media_for_word, size_of_media
from platen.documents.raster.header import PageHeader
from platen.documents.raster.layout import LINE_BYTES_MAX, Order, RasterLayout
from platen.documents.raster.spaces import SPACES
from platen.documents.source import Data

HEADER_BYTES = 1796
HEADER_BYTES_V1 = 420

_TOTAL_AT, _SIZE_NAME_AT = 452, 1732
_PWG_CLASS = b"PwgRaster\0"

# BitsPerColor 1..16, BitsPerPixel 1..240, BytesPerLine below 2^24, ColorOrder 0..2 and ColorSpace below 256, from
# offset 384.
MARK_AT = 384
MARK = {
    ">": re.compile(rb"\0\0\0[\x01-\x10]\0\0\0[\x01-\xf0]\0...\0\0\0[\0-\2]\0\0\0", re.DOTALL),
    "<": re.compile(rb"[\x01-\x10]\0\0\0[\x01-\xf0]\0\0\0...\0[\0-\2]\0\0\0.\0\0\0", re.DOTALL),
}


@functools.lru_cache(maxsize=64)  # the headers of a document are mostly the same
def decode(octets: bytes, order: str) -> PageHeader | None:
    """Decode a header of 420 or 1796 octets in byte order `>` or `<`.

    Returns: None where it describes no page that a device would print.
    """
    numbers = struct.unpack_from(order + "41I", octets, 256)  # AdvanceDistance to cupsRowStep
    layout = _layout(octets, numbers, order)
    if layout is None:
        return None
    is_long = len(octets) >= HEADER_BYTES
    pwg = is_long and octets.startswith(_PWG_CLASS)
    dpi = (numbers[5], numbers[6])
    copies = numbers[21]
    return PageHeader(
        layout=layout,
        size_mm=_seen_size(octets, numbers, order),
        sides=_sides(bool(numbers[4]), bool(numbers[28])),
        copies=copies,
        collated=bool(numbers[2]) if copies > 1 and not pwg else None,  # reserved in PWG raster
        dpi=dpi if min(dpi) > 0 and max(dpi) <= 0xFFFF else None,
    )


def _layout(octets: bytes, numbers: tuple[int, ...], order: str) -> RasterLayout | None:
    """The tests are those of CUPS, whose reader is in many devices, with a bound on the line."""
    width, height, _, bits_per_color, bits_per_pixel, line_bytes, color_order, color_space = numbers[29:37]
    if not (0 < bits_per_color <= 16 and 0 < bits_per_pixel <= 240 and 0 < line_bytes < LINE_BYTES_MAX and height):
        return None
    if color_order > Order.PLANAR or color_space > 0xFF:
        return None
    colors = struct.unpack_from(order + "I", octets, 420)[0] if len(octets) >= HEADER_BYTES else 0
    layout = RasterLayout(
        width=width,
        lines=height,
        line_bytes=line_bytes,
        bits_per_color=bits_per_color,
        bits_per_pixel=bits_per_pixel,
        space=_space(color_space, colors, Order(color_order), bits_per_color, bits_per_pixel),
        order=Order(color_order),
        little_endian=order == "<",
    )
    return layout if line_bytes % layout.pixel_bytes == 0 else None


def _space(color_space: int, colors: int, order: Order, bits_per_color: int, bits_per_pixel: int) -> str | None:
    space = SPACES.get(color_space)
    if space == "KCMYcm" and (colors == 4 or (order is Order.CHUNKY and bits_per_pixel < 6 * bits_per_color)):
        return "KCMY"  # light inks exist in one bit only
    return space


def _sides(duplex: bool, tumble: bool) -> Sides:
    if not duplex:
        return Sides.ONE_SIDED
    return Sides.TWO_SIDED_SHORT_EDGE if tumble else Sides.TWO_SIDED_LONG_EDGE


def _seen_size(octets: bytes, numbers: tuple[int, ...], order: str) -> tuple[float, float] | None:
    """Turned as the pixels lie, and by the header's Orientation, which says how the page is to be read."""
    size = _size(octets, numbers, order)
    if size is None:
        return None
    across, along, (dpi_x, dpi_y) = numbers[29], numbers[30], (numbers[5] or 1, numbers[6] or 1)
    wide = across * dpi_y > along * dpi_x
    if across * dpi_y != along * dpi_x and wide != (size[0] > size[1]):
        size = size[1], size[0]
    return (size[1], size[0]) if numbers[22] in (1, 3) else size


def _size(octets: bytes, numbers: tuple[int, ...], order: str) -> tuple[float, float] | None:
    """The named size first: some writers round the size in points to nonsense."""
    if len(octets) >= HEADER_BYTES:
        name = octets[_SIZE_NAME_AT:HEADER_BYTES].split(b"\0", 1)[0].decode("ascii", "replace")
        if named := size_of_media(media_for_word(name) or ""):
            return named
    points = (numbers[24], numbers[25])
    if min(points) > 0 and max(points) < 1 << 20:
        return points[0] * MM_PER_POINT, points[1] * MM_PER_POINT
    dpi, pixels = (numbers[5], numbers[6]), (numbers[29], numbers[30])
    if min(dpi) > 0 and min(pixels) > 0:
        return pixels[0] / dpi[0] * MM_PER_INCH, pixels[1] / dpi[1] * MM_PER_INCH
    return None


def likeness(header: bytes) -> bytes:
    """The class of the page, where the header is mostly zero, as headers are.

    An encoder never writes a pixel twice where it could repeat it, so a thousand zeros are not in what it writes.
    """
    return header[:64] if header.count(0) >= 1024 else b""


def stated_total(data: Data, header: int) -> int:
    """TotalPageCount of a PWG raster document (PWG 5102.4 section 4.3.3.19), from its first header."""
    if data[header : header + len(_PWG_CLASS)] != _PWG_CLASS:
        return 0
    return int.from_bytes(data[header + _TOTAL_AT : header + _TOTAL_AT + 4], "big")
