"""Apple raster (URF), the raster format of AirPrint.

"UNIRAST" 0, pages (4 octets, 0 or all ones: not stated)  { page header, 32 octets, big-endian   compressed lines }*
"""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.raster.document import read_document
from platen.documents.raster.header import RasterFormat
from platen.documents.raster.urf_header import HEADER_BYTES, MARK, MARK_AT, decode, likeness
from platen.documents.source import Data

MAGIC = b"UNIRAST\0"
_NOT_STATED = 0xFFFFFFFF


def _stated_total(data: Data, header: int) -> int:
    total = int.from_bytes(data[header - 4 : header], "big")
    return 0 if total == _NOT_STATED else total


URF = RasterFormat(
    sync=MAGIC,
    preamble_bytes=12,
    header_bytes=HEADER_BYTES,
    compressed=True,
    stated_total=_stated_total,
    decode=decode,
    mark=MARK,
    mark_at=MARK_AT,
    likeness=likeness,
)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read an Apple raster document at `start`. Returns: the offset behind its last page."""
    return read_document(data, start, draft, options, URF)
