"""Apple raster (URF), the raster format of AirPrint.

"UNIRAST" 0, pages (4 octets)  { page header, 32 octets, big-endian   compressed lines }*

page header: bits per pixel, colour space, duplex, quality, media type, input slot, output bin, copies (1 octet each),
finishings, width, height, resolution in dpi (4 octets each), 8 octets reserved
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.raster.lines import Ink, RasterLayout, StepBudget, walk_page
from platen.documents.source import Data

MAGIC = b"UNIRAST\0"
HEADER_BYTES = 32

_CMYK = 6
_INKS = {0: Ink.GRAY, 1: Ink.RGB, 3: Ink.RGB, 4: Ink.GRAY, 5: Ink.RGB, _CMYK: Ink.CMYK}
_SIDES = {1: Sides.ONE_SIDED, 2: Sides.TWO_SIDED_SHORT_EDGE, 3: Sides.TWO_SIDED_LONG_EDGE}


@dataclass(frozen=True, slots=True, kw_only=True)
class UrfPageHeader:
    """One page header."""

    bits_per_pixel: int
    color_space: int
    sides: Sides | None
    copies: int
    width: int
    height: int
    dpi: int

    @classmethod
    def decode(cls, octets: bytes) -> UrfPageHeader:
        """Raises: struct.error when there are fewer than 32 octets."""
        bits, color_space, duplex, copies, width, height, dpi = struct.unpack_from(">BBB4xB4xIII", octets)
        return cls(
            bits_per_pixel=bits,
            color_space=color_space,
            sides=_SIDES.get(duplex),
            copies=copies,
            width=width,
            height=height,
            dpi=dpi,
        )

    @property
    def size_mm(self) -> tuple[float, float] | None:
        if not self.dpi:
            return None
        return self.width / self.dpi * MM_PER_INCH, self.height / self.dpi * MM_PER_INCH

    def layout(self) -> RasterLayout:
        pixel_bytes = max(1, (self.bits_per_pixel + 7) // 8)
        ink = _INKS.get(self.color_space, Ink.OTHER)
        channels = {Ink.GRAY: 1, Ink.RGB: 3, Ink.CMYK: 4}.get(ink, pixel_bytes)
        channel_bytes = max(1, pixel_bytes // channels)
        if ink is not Ink.GRAY and pixel_bytes < channels:
            ink = Ink.OTHER
        return RasterLayout(
            lines=self.height,
            line_bytes=(self.width * self.bits_per_pixel + 7) // 8,
            pixel_bytes=pixel_bytes,
            channel_bytes=channel_bytes,
            ink=ink,
            white=(b"\0" if self.color_space == _CMYK else b"\xff") * pixel_bytes,
        )


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read an Apple raster document at `start`. Returns: the offset behind its last page."""
    position = data.find(MAGIC, start) + len(MAGIC) + 4
    declared = int.from_bytes(data[position - 4 : position], "big")  # 0: not stated, for a streaming writer
    budget = StepBudget(options.limits.raster_steps_max)
    draft.pages_known = True
    pages_before = draft.pages
    while position + HEADER_BYTES <= len(data):
        header = UrfPageHeader.decode(bytes(data[position : position + HEADER_BYTES]))
        if not header.width or not header.height or not header.bits_per_pixel:
            draft.problem("A page header of the raster file is damaged; the pages before it were counted.")
            break
        page = walk_page(data, position + HEADER_BYTES, header.layout(), budget)
        if draft.sides is None:
            draft.sides, draft.page_copies = header.sides, max(1, header.copies)
        sides = None if header.sides is draft.sides else header.sides
        if not draft.add_page(size_mm=header.size_mm, color=page.color, blank=page.blank, sides=sides):
            break
        position = page.stop
        if not page.whole:
            break
    _compare_with_declared(draft, declared, draft.pages - pages_before, budget)
    return position


def _compare_with_declared(draft: Draft, declared: int, found: int, budget: StepBudget) -> None:
    if budget.left < 0:
        draft.problem("The raster file is too large to look at every page; the count is the one in its header.")
        draft.weaken(PagesBasis.DECLARED)
        draft.add_like_pages(declared - found)
    elif declared and declared != found:
        draft.problem(f"The raster file says that it holds {declared} pages, but {found} are in it.")
