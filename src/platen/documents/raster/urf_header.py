"""The page header of Apple raster (URF), the raster format of AirPrint: 32 octets, big-endian.

bits per pixel, colour space, duplex, quality, media type, input slot, output bin, copies (1 octet each),
finishings, width, height, resolution in dpi (4 octets each), 8 octets reserved
"""

from __future__ import annotations

import functools
import re
import struct

from platen.documents.facts import Sides
from platen.documents.media import MM_PER_INCH
from platen.documents.raster.header import PageHeader
from platen.documents.raster.layout import LINE_BYTES_MAX, RasterLayout

HEADER_BYTES = 32

_SPACES = {0: "W", 1: "RGB", 2: "Lab", 3: "RGB", 4: "W", 5: "RGB", 6: "CMYK"}
_SIDES = {1: Sides.ONE_SIDED, 2: Sides.TWO_SIDED_SHORT_EDGE, 3: Sides.TWO_SIDED_LONG_EDGE}
_DPI_MAX = 9600  # no machine prints finer; pixels that look like a header mostly claim more
_DUPLEX_MAX, _QUALITY_MAX = 3, 5
_WIDTH_INCHES_MAX = 80  # wider than any machine is
_BITS_PER_PIXEL = frozenset({1, 8, 16, 24, 32, 48, 64})  # none prints grey of two or four bits from this format

# Width and resolution below 2^16 and height below 2^24, from offset 12, behind a depth and a colour space that exist.
MARK_AT = 12
MARK = re.compile(rb"\0\0..\0...\0\0(?<=[\1\x08\x10\x18\x20\x30\x40][\0-\6].{20})", re.DOTALL)


@functools.lru_cache(maxsize=64)  # the headers of a document are mostly the same
def decode(octets: bytes) -> PageHeader | None:
    """Decode a header of 32 octets. Returns: None where it describes no page that a device would print."""
    bits, color_space, duplex, quality, copies, width, height, dpi = struct.unpack_from(">BBBB3xB4xIII", octets)
    if bits not in _BITS_PER_PIXEL or color_space not in _SPACES:
        return None
    if duplex > _DUPLEX_MAX and quality > _QUALITY_MAX:  # a machine may pass over one odd field; these are pixels
        return None
    line_bytes = (width * bits + 7) // 8
    if not (0 < width <= 0xFFFF and 0 < height < 1 << 24 and dpi <= _DPI_MAX and line_bytes < LINE_BYTES_MAX):
        return None
    if dpi and width > _WIDTH_INCHES_MAX * dpi:
        return None
    space = _SPACES[color_space]
    size_mm = (width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH) if dpi else None
    return PageHeader(
        layout=RasterLayout(
            width=width,
            lines=height,
            line_bytes=line_bytes,
            bits_per_color=bits // len(space),
            bits_per_pixel=bits,
            space=space,
        ),
        size_mm=size_mm,
        sides=_SIDES.get(duplex),
        copies=copies,
        collated=None,
        dpi=(dpi, dpi) if dpi else None,
    )


def likeness(header: bytes) -> bytes:
    """The kind of pixels, the size and the resolution of the page, where nothing reserved is used."""
    return b"" if header[24:].strip(b"\0") else header[:2] + header[8:24]
