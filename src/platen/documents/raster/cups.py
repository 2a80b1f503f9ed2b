"""CUPS raster, the format between CUPS filters and drivers: versions 1 and 3 plain, 2 compressed, in either byte order.

sync word  { page header   lines }*
"""

from __future__ import annotations

import functools

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.raster.cups_header import (
    HEADER_BYTES,
    HEADER_BYTES_V1,
    MARK,
    MARK_AT,
    decode,
    likeness,
    stated_total,
)
from platen.documents.raster.document import read_document
from platen.documents.raster.header import RasterFormat
from platen.documents.source import Data

_SYNCS = {  # version and byte order
    b"RaSt": (1, ">"),
    b"tSaR": (1, "<"),
    b"RaS2": (2, ">"),
    b"2SaR": (2, "<"),
    b"RaS3": (3, ">"),
    b"3SaR": (3, "<"),
}


def _format(sync: bytes, version: int, order: str) -> RasterFormat:
    return RasterFormat(
        sync=sync,
        preamble_bytes=len(sync),
        header_bytes=HEADER_BYTES_V1 if version == 1 else HEADER_BYTES,
        compressed=version == 2,
        stated_total=stated_total,
        decode=functools.partial(decode, order=order),
        mark=MARK[order],
        mark_at=MARK_AT,
        likeness=likeness,
    )


FORMATS = {sync: _format(sync, version, order) for sync, (version, order) in _SYNCS.items()}


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a CUPS raster document at `start`. Returns: the offset behind its last page."""
    head = bytes(data[start : start + 4096])
    sync = min((sync for sync in _SYNCS if sync in head), key=head.find, default=b"RaS3")
    draft.format_version = str(_SYNCS[sync][0])
    return read_document(data, start, draft, options, FORMATS[sync])
