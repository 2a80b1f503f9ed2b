"""TSPL and TSPL2 (TSC): one command a line.

SIZE 100 mm,50 mm   the label, also in inches or dots      CLS            the picture is empty
BITMAP x,y,w,h,m,<w x h octets>                            PRINT m[,n]    m labels, n of each
DOWNLOAD "name",size,<octets>
"""

from __future__ import annotations

import re

from platen.documents.draft import Draft
from platen.documents.labels.lines import finish, numbers, walk
from platen.documents.labels.size import DOTS_PER_MM, size_of_dots
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH
from platen.documents.source import Data

_BITMAP = re.compile(rb"BITMAP\s*\d{1,5},\s*\d{1,5},\s*(\d{1,4}),\s*(\d{1,5}),\s*[012],", re.IGNORECASE)
_DOWNLOAD = re.compile(rb'DOWNLOAD\s+(?:[FE]\s*,\s*)?"[^"]{1,64}"\s*,\s*(\d{1,8})\s*,', re.IGNORECASE)
_SIZE = re.compile(rb"SIZE\s+([\d.]{1,9})\s*(mm|dot)?\s*,\s*([\d.]{1,9})\s*(mm|dot)?", re.IGNORECASE)
_DRAWS = re.compile(
    rb"(?:BITMAP|TEXT|BLOCK|BAR|BARCODE|BOX|CIRCLE|ELLIPSE|QRCODE|DMATRIX|PDF417|AZTEC|MAXICODE|PUTBMP|PUTPCX|TLC39"
    rb"|REVERSE|DIAGONAL|CODABLOCK|RSS|MPDF417)\b",
    re.IGNORECASE,
)
_LABELS_MAX = 999_999_999


class _Printer:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._size_mm: tuple[float, float] | None = None
        self._drawn = False
        self.unprinted = False  # something was drawn since the last label

    def take(self, line: bytes) -> bool:
        line = line.lstrip()
        word = line[:8].upper()
        if word.startswith(b"CLS"):
            self._drawn = self.unprinted = False
        elif size := _SIZE.match(line):
            self._size_mm = self._millimetres(size)
        elif re.match(rb"PRINT\b", word):
            counts = [min(_LABELS_MAX, max(1, int(value))) for value in numbers(line, 2)] or [1]
            self.unprinted = False
            copies = counts[0] * (counts[1] if len(counts) > 1 else 1)
            return self._draft.add_page(size_mm=self._size_mm, color=False, blank=not self._drawn, copies=copies)
        elif _DRAWS.match(line):
            self._drawn = self.unprinted = True
        return True

    def _millimetres(self, size: re.Match[bytes]) -> tuple[float, float] | None:
        try:
            width, length = float(size[1]), float(size[3])
        except ValueError:
            return None
        unit = (size[4] or size[2] or b"").lower()
        if unit == b"dot":
            return size_of_dots(self._draft, width, length, DOTS_PER_MM)
        factor = 1.0 if unit == b"mm" else MM_PER_INCH
        in_mm = width * factor, length * factor
        return in_mm if min(in_mm) > 0 and max(in_mm) < 20_000 else None


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read labels from `start` to the universal exit or the end. Returns: where it stopped."""
    draft.pages_known = True
    printer = _Printer(draft)
    stop = walk(data, start, _payload, printer.take)
    return finish(data, stop, draft, unprinted=printer.unprinted)


def _payload(line: bytes) -> tuple[int, int] | None:
    if bitmap := _BITMAP.match(line):
        return int(bitmap[1]) * int(bitmap[2]), bitmap.end()
    if download := _DOWNLOAD.match(line):
        return int(download[1]), download.end()
    return None
