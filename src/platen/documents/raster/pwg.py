"""PWG raster (PWG 5102.4), the raster format of IPP Everywhere.

"RaS2"  { page header, 1796 octets, big-endian   compressed lines }*
"""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.raster.cups_header import HEADER_BYTES, MARK, MARK_AT, decode, likeness, stated_total
from platen.documents.raster.document import read_document
from platen.documents.raster.header import PageHeader, RasterFormat
from platen.documents.raster.layout import Order
from platen.documents.source import Data


def _decode(octets: bytes) -> PageHeader | None:
    """PWG raster knows pixels in one piece only (PWG 5102.4 section 4.3.3.2)."""
    header = decode(octets, ">")
    return header if header is not None and header.layout.order is Order.CHUNKY else None


PWG = RasterFormat(
    sync=b"RaS2",
    preamble_bytes=4,
    header_bytes=HEADER_BYTES,
    compressed=True,
    stated_total=stated_total,
    decode=_decode,
    mark=MARK[">"],
    mark_at=MARK_AT,
    rare=b"\0" * 7,  # ColorOrder, and ColorSpace but for its last octet
    rare_at=396 - MARK_AT,
    likeness=likeness,
)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PWG raster document at `start`. Returns: the offset behind its last page."""
    return read_document(data, start, draft, options, PWG)
