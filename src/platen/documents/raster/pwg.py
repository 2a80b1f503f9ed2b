"""PWG raster (PWG 5102.4), the raster format of IPP Everywhere.

"RaS2"  { page header, 1796 octets, big-endian   compressed lines }*
"""

from __future__ import annotations

import functools

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.raster.cups_header import HEADER_BYTES, MARK, MARK_AT, decode, likeness, stated_total
from platen.documents.raster.document import read_document
from platen.documents.raster.header import RasterFormat
from platen.documents.source import Data

PWG = RasterFormat(
    sync=b"RaS2",
    preamble_bytes=4,
    header_bytes=HEADER_BYTES,
    compressed=True,
    stated_total=stated_total,
    decode=functools.partial(decode, order=">"),
    mark=MARK[">"],
    mark_at=MARK_AT,
    likeness=likeness,
)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PWG raster document at `start`. Returns: the offset behind its last page."""
    return read_document(data, start, draft, options, PWG)
