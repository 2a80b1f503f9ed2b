"""JPEG (ITU-T T.81, JFIF, Adobe and EXIF): one page, fitted to whatever media the job names."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.exits import exit_behind
from platen.documents.limits import AnalysisOptions
from platen.documents.pictures.page import PicturePages
from platen.documents.source import Data

_ANOTHER = b"\xff\xd9\xff\xd8\xff"  # an end, and at once the start of an image
_START_OF_IMAGE = b"\xff\xd8"
_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN, _JFIF = 0xDA, 0xE0
_ALONE = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})  # markers without a length, filler and junk
_PER_INCH, _PER_CM = 1, 2
_SEGMENTS_MAX = 10_000


@dataclass(slots=True)
class _Frame:
    components: int | None = None
    dpi: tuple[int, int] | None = None


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a JPEG picture at `start`. Returns: its end, where something else may follow."""
    begin = max(start, data.find(_START_OF_IMAGE, start))
    stop = exit_behind(data, begin, rb"\xff\xd9")
    frame = _frame(data, begin + 2)
    if draft.resolution_dpi is None:
        draft.resolution_dpi = frame.dpi
    if frame.components is None:
        draft.problem("The JPEG file is damaged: it describes no picture.")
        draft.add_page()
        return stop
    PicturePages(data, begin, "JPEG", draft, options).add(gray=frame.components == 1)
    if data.find(_ANOTHER, begin, stop) >= 0:  # also where a camera keeps a smaller picture behind the large one
        draft.problem(
            "Another picture follows the first in the JPEG file; devices print the first, and it was counted."
        )
    return stop


def _frame(data: Data, position: int) -> _Frame:
    """What the segments in front of the first scan say."""
    found = _Frame()
    for _ in range(_SEGMENTS_MAX):
        position = data.find(b"\xff", position)
        if not 0 <= position < len(data) - 9:
            break
        marker = data[position + 1]
        if marker == _START_OF_SCAN:
            break
        if marker in _ALONE:
            position += 1
            continue
        if marker in _START_OF_FRAME:
            found.components = data[position + 9]
            break
        if marker == _JFIF:
            found.dpi = _dpi(bytes(data[position + 4 : position + 16]))
        position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
    return found


def _dpi(segment: bytes) -> tuple[int, int] | None:
    """The density of a JFIF segment (ITU-T T.871 section 10.1)."""
    if len(segment) < 12 or not segment.startswith(b"JFIF\0"):
        return None
    unit, across, along = struct.unpack_from(">BHH", segment, 7)
    if unit not in (_PER_INCH, _PER_CM) or not across or not along:
        return None
    scale = 2.54 if unit == _PER_CM else 1
    return round(across * scale), round(along * scale)
