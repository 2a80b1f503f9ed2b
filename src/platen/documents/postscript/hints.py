"""What the text of a program hints at without running it, for programs that cannot be run to their end."""

from __future__ import annotations

import re

from platen.documents.facts import Sides
from platen.documents.media import MM_PER_POINT
from platen.documents.source import Data

_LOOK_BYTES_MAX = 64 * 1024 * 1024
_PAGE_SIZE = re.compile(rb"/PageSize\s*\[\s*(\d{1,5}(?:\.\d*)?)\s+(\d{1,5}(?:\.\d*)?)\s*\]")
_SETTING = re.compile(rb"/(?:(Duplex|Tumble)\s+(true|false)\b|(?:NumCopies|#copies)\s+(\d{1,4})\b)")
_COLOR_WORD = re.compile(
    rb"setrgbcolor|sethsbcolor|setcmykcolor|colorimage|setcolorspace|setcolor\b|shfill|/Device(?:RGB|CMYK|N)"
    rb"|currentfile\s+eexec|<~"
)
_TOKEN = re.compile(rb"%[^\r\n]*|\((?:[^()\\]|\\.)*\)|[{}]|/\w+|\b(?:showpage|copypage)\b")


class Hints:
    """Each is looked for when it is asked for."""

    def __init__(self, data: Data, start: int, end: int) -> None:
        self._data = data
        self._start = start
        self._end = min(end, start + _LOOK_BYTES_MAX)

    def size_mm(self) -> tuple[float, float] | None:
        """The first page size that is asked for."""
        match = _PAGE_SIZE.search(self._data, self._start, self._end)
        if match is None or not float(match[1]) or not float(match[2]):
            return None
        return float(match[1]) * MM_PER_POINT, float(match[2]) * MM_PER_POINT

    def sides_and_copies(self) -> tuple[Sides | None, int | None]:
        """As they are set last; a branch in which they stand may not be taken."""
        duplex = tumble = copies = None
        for match in _SETTING.finditer(self._data, self._start, self._end):
            if match[1] == b"Duplex":
                duplex = match[2] == b"true"
            elif match[1] == b"Tumble":
                tumble = match[2] == b"true"
            elif int(match[3]):
                copies = int(match[3])
        if duplex is None:
            return None, copies
        two_sided = Sides.TWO_SIDED_SHORT_EDGE if tumble else Sides.TWO_SIDED_LONG_EDGE
        return two_sided if duplex else Sides.ONE_SIDED, copies

    def may_have_color(self) -> bool:
        """Whether anything is in it that can set a colour."""
        return bool(_COLOR_WORD.search(self._data, self._start, self._end))

    def pages(self, after: int) -> int:
        """How often showpage stands outside of procedures behind an offset; 1 where it only stands in them."""
        depth = outside = inside = 0
        for match in _TOKEN.finditer(self._data, max(self._start, after), self._end):
            token = match[0]
            if token == b"{":
                depth += 1
            elif token == b"}":
                depth = max(0, depth - 1)
            elif token in (b"showpage", b"copypage"):
                outside += not depth
                inside += bool(depth)
        return outside or min(inside, 1)
