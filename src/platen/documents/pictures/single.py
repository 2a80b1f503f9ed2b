"""PNG and GIF: one page, also where the picture moves (APNG, animated GIF): printers print the first frame."""

from __future__ import annotations

import re

from platen.documents import detect as formats
from platen.documents.draft import Draft
from platen.documents.exits import exit_behind
from platen.documents.limits import AnalysisOptions
from platen.documents.pictures.page import PicturePages
from platen.documents.source import Data

_STARTS = {formats.PNG: (b"\x89PNG\r\n\x1a\n", "PNG"), formats.GIF: (b"GIF8", "GIF")}
_ENDS = {"PNG": rb"IEND.{4}", "GIF": rb";"}
# The end of one picture, and at once the beginning of another.
_ANOTHER = {
    "PNG": re.compile(rb"IEND\xaeB`\x82[\s\0]*\x89PNG\r\n\x1a\n"),
    "GIF": re.compile(rb"\0;[\s\0]*GIF8[79]a"),
}
_SOUGHT_BYTES = 4096
_CHUNKS_MAX = 100_000
_PNG_COLOR_TYPE_AT = 25
_PNG_GRAY = frozenset({0, 4})
_METRES_PER_INCH = 0.0254


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read the picture at `start`, of the draft's format. Returns: its end, where something else may follow."""
    magic, form = _STARTS.get(draft.format, _STARTS[formats.PNG])
    begin = max(start, data.find(magic, start, start + _SOUGHT_BYTES))
    stop = exit_behind(data, begin, _ENDS[form])
    gray = False
    if form == "PNG":
        gray = len(data) > begin + _PNG_COLOR_TYPE_AT and data[begin + _PNG_COLOR_TYPE_AT] in _PNG_GRAY
        if draft.resolution_dpi is None:
            draft.resolution_dpi = _png_dpi(bytes(data[begin : begin + _SOUGHT_BYTES]))
    if form == "PNG" and _has_many_chunks(data, begin + len(magic)):
        draft.problem("The PNG picture is in too many parts to be looked at.")
        draft.add_page(color=False if gray else None)
    else:
        PicturePages(data, begin, form, draft, options).add(gray=gray)
    if _ANOTHER[form].search(data, begin + len(magic), stop):
        draft.problem(
            f"Another picture follows the first in the {form} file; devices print the first, and it was counted."
        )
    return stop


def _has_many_chunks(data: Data, position: int) -> bool:
    """Whether there are more chunks than anybody writes, each of which the decoder would take one by one."""
    for _ in range(_CHUNKS_MAX):
        head = data[position : position + 8]
        if len(head) < 8 or head[4:] == b"IEND":
            return False
        position += 12 + int.from_bytes(head[:4], "big")
    return True


def _png_dpi(head: bytes) -> tuple[int, int] | None:
    """The chunk pHYs (PNG section 11.3.5.3), which stands in front of the pixels."""
    at = head.find(b"pHYs")
    if at < 0 or len(head) < at + 13 or head[at + 12] != 1:  # per metre
        return None
    across, along = (
        round(int.from_bytes(head[offset : offset + 4], "big") * _METRES_PER_INCH) for offset in (at + 4, at + 8)
    )
    return (across, along) if across and along else None
