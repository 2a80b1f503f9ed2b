"""What a page header says, whichever raster format it is of, and how a format's headers are told from pixels."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from platen.documents.facts import Sides
from platen.documents.raster.layout import RasterLayout
from platen.documents.source import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHeader:
    """The statements of a page header that count."""

    layout: RasterLayout
    size_mm: tuple[float, float] | None  # as the page is seen
    sides: Sides | None
    copies: int  # 0: not stated
    collated: bool | None
    dpi: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterFormat:
    """The headers of one format."""

    sync: bytes  # what a document begins with
    preamble_bytes: int  # from there to the first page header
    header_bytes: int
    compressed: bool
    stated_total: Callable[[Data, int], int]  # by the offset of a document's first header; 0: not stated
    decode: Callable[[bytes], PageHeader | None]  # of `header_bytes`; None: no device would take this for a page header
    # Every header that `decode` takes matches this at `mark_at`.
    mark: re.Pattern[bytes]
    mark_at: int
    rare: bytes = b""  # part of every mark, found faster than a pattern; empty: there is none
    rare_at: int = 0  # from the mark's beginning
    likeness: Callable[[bytes], bytes]  # headers with the same one are beyond doubt headers; empty: in doubt

    def octets_at(self, data: Data, position: int) -> bytes:
        """The octets of the header at `position`, or none where the data end within it."""
        octets = bytes(data[position : position + self.header_bytes])
        return octets if len(octets) == self.header_bytes else b""

    def header_at(self, data: Data, position: int) -> PageHeader | None:
        """The header at `position`, or None where there is none that a device would take for one."""
        octets = self.octets_at(data, position)
        return self.decode(octets) if octets else None
