"""TIFF 6.0 and BigTIFF: each image file directory is a page."""

from __future__ import annotations

import struct

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a TIFF file at `start`. Returns: the end of the data."""
    order = "<" if data[start : start + 2] == b"II" else ">"
    big = data[start + 2 : start + 4] in (b"+\0", b"\0+")
    count, pointer, entry_bytes = ("Q", "Q", 20) if big else ("H", "I", 12)
    draft.pages_known = True
    seen: set[int] = set()
    try:
        (offset,) = struct.unpack_from(order + pointer, data, start + (8 if big else 4))
        while offset and offset not in seen:
            seen.add(offset)
            (entries,) = struct.unpack_from(order + count, data, start + offset)
            if not draft.add_page():
                break
            next_at = start + offset + struct.calcsize(count) + entries * entry_bytes
            (offset,) = struct.unpack_from(order + pointer, data, next_at)
    except (struct.error, OverflowError):
        draft.problem("The TIFF file is damaged: its list of pages ends too early.")
    return len(data)
