"""PWG and Apple raster: fields of the page headers replaced, and coloured pixels made grey.

Runs are runs of pixels, so a page becomes grey run by run and keeps its compression. A raster cannot be put on another
size of paper; toner is saved by asking for draft quality.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable
from dataclasses import dataclass

from platen.documents.detect import URF
from platen.documents.facts import Sides
from platen.documents.raster import cups_header, urf_header
from platen.documents.raster.header import PageHeader
from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.pwg import PWG as PWG_FORMAT
from platen.documents.raster.urf import URF as URF_FORMAT
from platen.documents.raster.walk import StepBudget, walk_page
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Rewriting, copied
from platen.documents.source import Data

_PWG_HEADER_BYTES, _URF_HEADER_BYTES = 1796, 32
_BROKEN = "The raster is damaged, so it was not changed."
_FLUSH_BYTES = 256 * 1024
_SHORT_RUN_BYTES, _KEPT_RUNS = 32, 16_384

# PWG 5102.4 table 2
_DUPLEX, _TUMBLE, _COPIES, _QUALITY = 272, 368, 340, 484
_BITS_PER_PIXEL, _LINE_BYTES, _COLOR_SPACE, _COLORS = 388, 392, 400, 420
_PWG_SGRAY, _URF_SGRAY = 18, 0
_DRAFT, _NORMAL = 3, 4  # as the values of IPP print-quality
_URF_DUPLEX = {Sides.ONE_SIDED: 1, Sides.TWO_SIDED_SHORT_EDGE: 2, Sides.TWO_SIDED_LONG_EDGE: 3}

# Rec. 709 luminance in 256ths, cut down so that the three never add up to more than an octet holds.
_RED, _GREEN, _BLUE = (bytes(value * weight // 256 for value in range(256)) for weight in (54, 183, 19))
# Cut down, white comes to a little less than 255.
_WHITEST = _RED[255] + _GREEN[255] + _BLUE[255]
_TO_WHITE = bytes(min(255, (value * 255 + _WHITEST // 2) // _WHITEST) for value in range(256))
_INVERTED = bytes(range(255, -1, -1))

_Convert = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Page:
    """One page: its new header, and how to get through its lines."""

    header: bytes
    layout: RasterLayout  # of the old lines
    convert: _Convert | None


def rewritten(data: Data, start: int, media_type: str, changes: Changes) -> Rewriting:
    """A raster document from `start` with the changes. Raises: CannotRewrite."""
    if changes.media is not None:
        raise CannotRewrite("Raster is made for one size of paper; print the document anew for another.")
    if changes.monochrome is False:
        raise CannotRewrite("Raster that was made grey has lost its colours.")
    form, next_page = (URF_FORMAT, _urf_page) if media_type == URF else (PWG_FORMAT, _pwg_page)
    position, pages = start, 0
    try:
        while True:
            if data[position : position + len(form.sync)] == form.sync:  # documents may follow each other at once
                yield bytes(data[position : position + form.preamble_bytes])
                position += form.preamble_bytes
            if form.header_at(data, position) is None:
                break
            page = next_page(data, position, changes)
            yield page.header
            position += len(page.header)
            position = (
                yield from _copied_lines(data, position, page)
                if page.convert is None
                else _page_lines(data, position, page.layout, page.convert)
            )
            pages += 1
    except (IndexError, struct.error) as error:
        raise CannotRewrite(_BROKEN) from error
    if not pages:
        raise CannotRewrite(_BROKEN)
    return min(position, len(data))


def _pwg_page(data: Data, position: int, changes: Changes) -> _Page:
    header = bytearray(data[position : position + _PWG_HEADER_BYTES])
    layout = _layout(cups_header.decode(bytes(header), order=">"))

    def put(offset: int, value: int) -> None:
        struct.pack_into(">I", header, offset, value)

    if changes.sides is not None:
        put(_DUPLEX, int(changes.sides.is_two_sided))
        put(_TUMBLE, int(changes.sides is Sides.TWO_SIDED_SHORT_EDGE))
    if changes.copies is not None:
        put(_COPIES, changes.copies)
    if changes.toner_save is not None:
        put(_QUALITY, _DRAFT if changes.toner_save else _NORMAL)
    convert = _conversion(layout, changes)
    if convert is not None:
        put(_BITS_PER_PIXEL, 8)
        put(_LINE_BYTES, layout.width)
        put(_COLOR_SPACE, _PWG_SGRAY)
        put(_COLORS, 1)
    return _Page(bytes(header), layout, convert)


def _urf_page(data: Data, position: int, changes: Changes) -> _Page:
    header = bytearray(data[position : position + _URF_HEADER_BYTES])
    layout = _layout(urf_header.decode(bytes(header)))
    if changes.copies is not None:
        raise CannotRewrite("Apple raster has no word for copies; ask for them in the job's attributes.")
    if changes.sides is not None:
        header[2] = _URF_DUPLEX[changes.sides]
    if changes.toner_save is not None:
        header[3] = _DRAFT if changes.toner_save else _NORMAL
    convert = _conversion(layout, changes)
    if convert is not None:
        header[0], header[1] = 8, _URF_SGRAY
    return _Page(bytes(header), layout, convert)


def _layout(header: PageHeader | None) -> RasterLayout:
    if header is None:
        raise CannotRewrite(_BROKEN)
    return header.layout


def _conversion(layout: RasterLayout, changes: Changes) -> _Convert | None:
    if not changes.monochrome or layout.space in ("W", "K"):
        return None
    if (layout.space, layout.bits_per_pixel) == ("RGB", 24):
        return gray
    if (layout.space, layout.bits_per_pixel) == ("CMYK", 32):
        return gray_of_inks
    raise CannotRewrite("Only raster in RGB or CMYK with eight bits a colour can be made grey.")


def gray(pixels: bytes) -> bytes:
    """RGB pixels of eight bits a colour as their luminance."""
    return _weighed(pixels[0::3], pixels[1::3], pixels[2::3]).translate(_TO_WHITE)


def gray_of_inks(pixels: bytes) -> bytes:
    """CMYK pixels of eight bits an ink as luminance: white less the darkness of the colours and the black."""
    colors = _weighed(pixels[0::4], pixels[1::4], pixels[2::4]).translate(_TO_WHITE)
    return _added(colors, pixels[3::4]).translate(_INVERTED)


@functools.lru_cache(maxsize=_KEPT_RUNS)
def _kept(convert: _Convert, run: bytes) -> bytes:
    """A short run made grey; text is the same few pixels over and over."""
    return convert(run)


def _weighed(red: bytes, green: bytes, blue: bytes) -> bytes:
    """Whole runs at once: each channel's share by a table, and the three added as large numbers; no octet overflows."""
    shares = (red.translate(_RED), green.translate(_GREEN), blue.translate(_BLUE))
    return sum(int.from_bytes(share, "big") for share in shares).to_bytes(len(red), "big")


def _added(one: bytes, other: bytes) -> bytes:
    """Octet by octet, no more than 255: seven bits of each as large numbers, then the eighth, and what overflows."""
    size = len(one)
    eighth = int.from_bytes(b"\x80" * size, "big")
    first, second = int.from_bytes(one, "big"), int.from_bytes(other, "big")
    seven = eighth - (eighth >> 7)
    total = ((first & seven) + (second & seven)) ^ ((first ^ second) & eighth)
    over = ((first & second) | ((first | second) & ~total)) & eighth
    return (total | (over >> 7) * 255).to_bytes(size, "big")


def _copied_lines(data: Data, position: int, page: _Page) -> Rewriting:
    """The compressed lines of one page as they are."""
    walked = walk_page(data, position, page.layout, StepBudget(page.layout.stored_lines))
    if not walked.whole or walked.overflow:
        raise CannotRewrite(_BROKEN)
    yield from copied(data, position, walked.stop)
    return walked.stop


def _page_lines(data: Data, position: int, layout: RasterLayout, convert: _Convert) -> Rewriting:
    """The compressed lines of one page (PWG 5102.4 section 4.4), converted pixel by pixel."""
    line_bytes, pixel_bytes = layout.line_bytes, layout.pixel_bytes
    lines_left, out = layout.stored_lines, bytearray()
    while lines_left > 0:
        lines_left -= data[position] + 1
        out += data[position : position + 1]
        position += 1
        filled = 0
        while filled < line_bytes:
            code = data[position]
            out.append(code)
            position += 1
            if code == 128:
                break
            pixels = 1 if code < 128 else 257 - code
            filled += (code + 1 if code < 128 else pixels) * pixel_bytes
            run = data[position : position + pixels * pixel_bytes]
            if len(run) != pixels * pixel_bytes:
                raise IndexError
            out += _kept(convert, run) if len(run) <= _SHORT_RUN_BYTES else convert(run)
            position += pixels * pixel_bytes
        if filled > line_bytes:
            raise CannotRewrite(_BROKEN)
        if len(out) > _FLUSH_BYTES:
            yield bytes(out)
            out.clear()
    yield bytes(out)
    return position
