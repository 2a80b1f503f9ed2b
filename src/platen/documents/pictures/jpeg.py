"""JPEG (ITU-T T.81): one page, on whatever media the job names."""

from __future__ import annotations

import struct

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pictures.color import jpeg_has_color
from platen.documents.source import Data

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a JPEG picture at `start`. Returns: the end of the data."""
    components = _components(data, data.find(b"\xff\xd8", start) + 2)
    if components is None:
        draft.problem("The JPEG file is damaged: it describes no picture.")
    color: bool | None = False if components == 1 else None
    if color is None and components and len(data) - start <= options.limits.picture_bytes_max:
        color = jpeg_has_color(bytes(data[start:]))  # three components may still hold a grey picture
    draft.add_page(color=color, blank=False if components else None)
    return len(data)


def _components(data: Data, position: int) -> int | None:
    """How many colour components the frame header states; None where there is no frame header."""
    while 0 <= (position := data.find(b"\xff", position)) < len(data) - 8:
        marker = data[position + 1]
        if marker in _START_OF_FRAME:
            return int(data[position + 9]) if position + 9 < len(data) else None
        if marker == _START_OF_SCAN:
            return None
        if marker in _ALONE or marker in (0x00, 0xFF):  # filler and junk
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + length
    return None
