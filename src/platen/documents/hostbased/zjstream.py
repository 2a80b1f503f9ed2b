"""ZjStream (Zenographics), which a range of host-based laser devices takes.

"JZJZ"   chunks, big-endian (or "ZJZJ", little-endian):
size:32  type:32  items:32  reserved:16  "ZZ"     size counts the header of 16 octets
item     size:32  id:16  type:8  param:8  value:32 (type 1)     then image data, to the size of the chunk
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.pcl.copies import PageCopies
from platen.documents.source import Data

_HEADER_BYTES, _ITEM_BYTES = 16, 12
_ITEMS_MAX = 200
_START_DOCUMENT, _END_DOCUMENT, _START_PAGE, _END_PAGE = 0, 1, 2, 3
_COLLATE, _DUPLEX, _PAPER, _COPIES, _PLANES, _ACROSS_DPI, _ALONG_DPI = 1, 2, 3, 4, 7, 8, 9
_RASTER_X, _RASTER_Y, _BITS = 12, 13, 16
# The numbers of DEVMODE.dmPaperSize.
MEDIA = {
    1: "na_letter_8.5x11in",
    3: "na_ledger_11x17in",
    4: "na_ledger_11x17in",
    5: "na_legal_8.5x14in",
    6: "na_invoice_5.5x8.5in",
    7: "na_executive_7.25x10.5in",
    8: "iso_a3_297x420mm",
    9: "iso_a4_210x297mm",
    11: "iso_a5_148x210mm",
    12: "jis_b4_257x364mm",
    13: "jis_b5_182x257mm",
    14: "na_foolscap_8.5x13in",
    20: "na_number-10_4.125x9.5in",
    27: "iso_dl_110x220mm",
    28: "iso_c5_162x229mm",
    34: "iso_b5_176x250mm",
    37: "na_monarch_3.875x7.5in",
    43: "jpn_hagaki_100x148mm",
    70: "iso_a6_105x148mm",
}
SIDES = {1: Sides.ONE_SIDED, 2: Sides.TWO_SIDED_LONG_EDGE, 3: Sides.TWO_SIDED_SHORT_EDGE}


@dataclass(slots=True)
class _Page:
    items: dict[int, int] = field(default_factory=dict)
    has_data: bool = False


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a stream at `start`. Returns: the offset behind its last chunk."""
    magic_at = min(
        (at for at in (data.find(m, start, start + 4096) for m in (b"JZJZ", b"ZJZJ")) if at >= 0), default=-1
    )
    if magic_at < 0:
        draft.problem("The ZjStream header is missing; its pages were not counted.")
        return len(data)
    draft.pages_known = True
    order = ">" if data[magic_at : magic_at + 4] == b"JZJZ" else "<"
    return _Reader(draft, order).read(data, magic_at + 4)


class _Reader:
    def __init__(self, draft: Draft, order: str) -> None:
        self._draft = draft
        self._header = struct.Struct(f"{order}IIIHH")
        self._item = struct.Struct(f"{order}IHBBI")
        self._copies = PageCopies(draft)
        self._document: dict[int, int] = {}
        self._page: _Page | None = None
        self._is_over = False

    def read(self, data: Data, position: int) -> int:
        length = len(data)
        while position + _HEADER_BYTES <= length and not self._is_over:
            if data[position : position + len(UEL)] == UEL:
                break
            size, kind, items, _, signature = self._header.unpack_from(data, position)
            if signature != 0x5A5A or size < _HEADER_BYTES:
                self._draft.problem("The ZjStream holds something that is no chunk; the pages before it were counted.")
                break
            if size > length - position:
                self._draft.problem("The ZjStream ends in the middle of a chunk.")
            self._take(kind, self._items(data, position, min(position + size, length), items))
            position += size
            if kind == _END_DOCUMENT:
                break
        if self._page is not None:  # a stream that was cut off; what it lacks may have marked the page
            self._page.has_data = True
            self._end_page()
        return min(position, length)

    def _items(self, data: Data, position: int, stop: int, count: int) -> dict[int, int]:
        found: dict[int, int] = {}
        position += _HEADER_BYTES
        for _ in range(min(count, _ITEMS_MAX)):
            if position + _ITEM_BYTES > stop:
                break
            size, number, _, _, value = self._item.unpack_from(data, position)
            found.setdefault(number, value)
            position += max(size, _ITEM_BYTES)
        return found

    def _take(self, kind: int, items: dict[int, int]) -> None:
        if kind == _START_DOCUMENT:
            self._document = items
        elif kind == _START_PAGE:
            if self._page is not None:
                self._end_page()
            self._page = _Page(self._document | items)
        elif kind == _END_PAGE and self._page is not None:
            self._end_page()
        elif self._page is not None:
            self._page.has_data = True

    def _end_page(self) -> None:
        page, draft = self._page, self._draft
        self._page = None
        if page is None:
            return
        items = page.items
        sides = SIDES.get(items.get(_DUPLEX, 0))
        across, along = items.get(_ACROSS_DPI, 0), items.get(_ALONG_DPI, 0)
        if 0 < across <= 9600 and 0 < along <= 9600 and draft.resolution_dpi is None:
            draft.resolution_dpi = (across, along)
        if self._copies.is_first:
            draft.sides = sides or draft.sides
        media = MEDIA.get(items.get(_PAPER, 0))
        added = draft.add_page(
            media=media,
            size_mm=None if media or draft.media else _raster_mm(items),
            color=False if items.get(_PLANES, 1) <= 1 else None,
            blank=None if page.has_data else True,
            copies=self._copies.of_next_page(max(1, items.get(_COPIES, 1))),
            sides=None if sides is draft.sides else sides,
        )
        self._is_over = not added


def _raster_mm(items: dict[int, int]) -> tuple[float, float] | None:
    """The size of the raster, which leaves the margins out: the nearest that can be said without a paper number."""
    bits = max(1, items.get(_BITS, 1))
    across, along = items.get(_ACROSS_DPI, 0), items.get(_ALONG_DPI, 0)
    width, height = items.get(_RASTER_X, 0) // bits, items.get(_RASTER_Y, 0)
    if not (across and along and width and height) or max(width / across, height / along) > 200:
        return None
    return width / across * MM_PER_INCH, height / along * MM_PER_INCH
