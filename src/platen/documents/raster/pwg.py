"""PWG raster (PWG 5102.4) and CUPS raster version 2, which has the same layout.

"RaS2"  { page header, 1796 octets, big-endian   compressed lines }*
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH, MM_PER_POINT, size_of_media
from platen.documents.raster.lines import Ink, RasterLayout, StepBudget, walk_page
from platen.documents.source import Data

HEADER_BYTES = 1796
SYNC = b"RaS2"

# ColorSpace (PWG 5102.4 section 4.3.3.2); a value that is not here (device 1..15 colours) is Ink.OTHER.
_BLACK, _CMYK = 3, 6
_INKS = {0: Ink.GRAY, _BLACK: Ink.GRAY, 18: Ink.GRAY, 1: Ink.RGB, 19: Ink.RGB, 20: Ink.RGB, _CMYK: Ink.CMYK}
_INK_IS_ADDED = {_BLACK, _CMYK, *range(48, 63)}  # zero is white


@dataclass(frozen=True, slots=True, kw_only=True)
class PwgPageHeader:
    """The fields of a page header that count; offsets as in PWG 5102.4 table 2."""

    duplex: bool
    tumble: bool
    copies: int  # 0: the device's default
    dpi: tuple[int, int]
    page_size_pt: tuple[int, int]
    width: int
    height: int
    bits_per_color: int
    bits_per_pixel: int
    bytes_per_line: int
    color_space: int
    total_page_count: int  # 0: not stated
    size_name: str

    @classmethod
    def decode(cls, octets: bytes) -> PwgPageHeader:
        """Raises: struct.error when there are fewer than 1796 octets."""

        def number(offset: int) -> int:
            value: int = struct.unpack_from(">I", octets, offset)[0]
            return value

        if len(octets) < HEADER_BYTES:
            raise struct.error("a PWG raster page header has 1796 octets")
        name = octets[1732:1796].split(b"\0", 1)[0].decode("ascii", "replace")
        return cls(
            duplex=bool(number(272)),
            tumble=bool(number(368)),
            copies=number(340),
            dpi=(number(276), number(280)),
            page_size_pt=(number(352), number(356)),
            width=number(372),
            height=number(376),
            bits_per_color=number(384),
            bits_per_pixel=number(388),
            bytes_per_line=number(392),
            color_space=number(400),
            total_page_count=number(452),
            size_name=name,
        )

    @property
    def sides(self) -> Sides:
        if not self.duplex:
            return Sides.ONE_SIDED
        return Sides.TWO_SIDED_SHORT_EDGE if self.tumble else Sides.TWO_SIDED_LONG_EDGE

    @property
    def size_mm(self) -> tuple[float, float] | None:
        """The named size first: some writers round the size in points to nonsense."""
        if named := size_of_media(self.size_name):
            return named
        if min(self.page_size_pt) > 0:
            return self.page_size_pt[0] * MM_PER_POINT, self.page_size_pt[1] * MM_PER_POINT
        if min(self.dpi) > 0 and self.width and self.height:
            return self.width / self.dpi[0] * MM_PER_INCH, self.height / self.dpi[1] * MM_PER_INCH
        return None

    def layout(self) -> RasterLayout:
        pixel_bytes = max(1, (self.bits_per_pixel + 7) // 8)
        ink = _INKS.get(self.color_space, Ink.OTHER)
        if ink is not Ink.GRAY and self.bits_per_color < 8:
            ink = Ink.OTHER  # several pixels in an octet
        white = b"\0" if self.color_space in _INK_IS_ADDED else b"\xff"
        return RasterLayout(
            lines=self.height,
            line_bytes=self.bytes_per_line,
            pixel_bytes=pixel_bytes,
            channel_bytes=2 if self.bits_per_color == 16 else 1,
            ink=ink,
            white=white * pixel_bytes,
        )


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a raster document at `start`. Returns: the offset behind its last page."""
    position = data.find(SYNC, start) + len(SYNC)
    budget = StepBudget(options.limits.raster_steps_max)
    draft.pages_known = True
    declared, pages_before = 0, draft.pages
    while position + HEADER_BYTES <= len(data):
        header = PwgPageHeader.decode(bytes(data[position : position + HEADER_BYTES]))
        if not 0 < header.bytes_per_line <= 1 << 24 or not header.height:
            draft.problem("A page header of the raster file is damaged; the pages before it were counted.")
            break
        page = walk_page(data, position + HEADER_BYTES, header.layout(), budget)
        declared = declared or header.total_page_count
        if draft.sides is None:
            draft.sides, draft.page_copies = header.sides, max(1, header.copies)
        sides = None if header.sides is draft.sides else header.sides
        if not draft.add_page(size_mm=header.size_mm, color=page.color, blank=page.blank, sides=sides):
            break
        position = page.stop
        if page.overflow:
            draft.problem("A line of the raster file is longer than its header says; the file may be damaged.")
        if not page.whole:
            _explain_end(draft, budget, declared - (draft.pages - pages_before))
            break
    return position


def _explain_end(draft: Draft, budget: StepBudget, pages_missing: int) -> None:
    if budget.left >= 0:
        draft.problem("The raster file ends in the middle of a page.")
        return
    draft.problem("The raster file is too large to look at every page; the count is the one in its header.")
    draft.weaken(PagesBasis.DECLARED)
    draft.add_like_pages(pages_missing)
