"""XQX, which some of HP's host-based laser devices take (P1005, P1505, M1005 and others).

",XQX"   records, big-endian:
kind:32  count:32    then `count` items (key:32, size:32, value), or for image data (7) `count` octets
1 document begins   2 it ends   3 page begins   4 it ends   5 plane begins   6 it ends   7 image data
"""

from __future__ import annotations

import struct

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.hostbased.zjstream import MEDIA, SIDES
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.copies import PageCopies
from platen.documents.source import Data

MAGIC = b",XQX"
_RECORD = struct.Struct(">II")
_START_DOCUMENT, _END_DOCUMENT, _START_PAGE, _END_PAGE, _IMAGE_DATA = 1, 2, 3, 4, 7
_ITEMS_MAX = 200
_DUPLEX, _COPIES, _PAPER, _ACROSS_DPI, _ALONG_DPI = 0x10000002, 0x20000005, 0x20000001, 0x20000008, 0x20000009


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a stream at `start`. Returns: the offset behind its last record."""
    draft.pages_known = True
    return _Reader(data, draft).read(start + len(MAGIC))


class _Reader:
    def __init__(self, data: Data, draft: Draft) -> None:
        self._data = data
        self._draft = draft
        self._copies = PageCopies(draft)
        self._sides: Sides | None = None
        self._page: dict[int, int] | None = None
        self._has_data = False
        self._is_over = False

    def read(self, position: int) -> int:
        data, length, kind = self._data, len(self._data), 0
        steps_left = self._draft.limits.device_steps_max
        while position + _RECORD.size <= length and not self._is_over and kind != _END_DOCUMENT:
            steps_left -= 1
            if data[position : position + len(UEL)] == UEL or steps_left < 0:
                break
            kind, count = _RECORD.unpack_from(data, position)
            if not _START_DOCUMENT <= kind <= _IMAGE_DATA or (kind != _IMAGE_DATA and count > _ITEMS_MAX):
                self._draft.problem("The XQX stream holds something that is no record; the pages before it count.")
                break
            position = self._take(kind, count, position + _RECORD.size)
        if position > length:
            self._draft.problem("The XQX stream ends in the middle of a record.")
        if self._page is not None:  # a stream that was cut off; what it lacks may have marked the page
            self._draft.problem("The XQX stream ends within a page.")
            self._has_data = True
            self._end_page()
        elif kind != _END_DOCUMENT and not self._is_over:
            self._draft.problem("The XQX stream does not say that it ends: it was cut off, or its end is missing.")
        return min(position, length)

    def _take(self, kind: int, count: int, position: int) -> int:
        """A record whose items or data begin at `position`. Returns: the offset behind it."""
        if kind == _IMAGE_DATA:
            self._has_data = self._has_data or count > 0
            return position + count
        items: dict[int, int] = {}
        for _ in range(count):
            if position + _RECORD.size > len(self._data):
                return len(self._data) + 1
            key, size = _RECORD.unpack_from(self._data, position)
            position += _RECORD.size
            items[key] = int.from_bytes(self._data[position : position + min(size, 4)], "big")
            position += size
        if kind == _START_DOCUMENT:
            self._sides = SIDES.get(items.get(_DUPLEX, 0))
        elif kind == _START_PAGE:
            self._end_page()
            self._page, self._has_data = items, False
        elif kind == _END_PAGE:
            self._end_page()
        return position

    def _end_page(self) -> None:
        page, draft = self._page, self._draft
        self._page = None
        if page is None:
            return
        across, along = page.get(_ACROSS_DPI, 0), page.get(_ALONG_DPI, 0)
        if 0 < across <= 9600 and 0 < along <= 9600 and draft.resolution_dpi is None:
            draft.resolution_dpi = (across, along)
        if self._copies.is_first:
            draft.sides = self._sides or draft.sides
        self._is_over = not draft.add_page(
            media=MEDIA.get(page.get(_PAPER, 0)),
            color=False,  # none of these devices has another ink
            blank=None if self._has_data else True,
            copies=self._copies.of_next_page(max(1, page.get(_COPIES, 1))),
        )
