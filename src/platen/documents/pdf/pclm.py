"""PCLm: PDF written so that a printer needs no more than its strips of pixels, with a job ticket in its comments.

%PDF-1.7
%PCLm 1.0
%  PCLmS-Job-Ticket
%      sides: two-sided-long-edge
%      printer-resolution: 600
"""

from __future__ import annotations

import re

from platen.documents.detect import PCLM
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.source import Data

_HEADER_BYTES = 1024
_HEADER = re.compile(rb"%PCLm[ -](\d{1,2}\.\d{1,2})")
_TICKET_BYTES = 8192
_LINE = re.compile(rb"^%[ \t]*([a-z-]{1,40}):[ \t]*([^\r\n]{0,255})", re.MULTILINE)
_COPIES_MAX = 999_999  # far more than are counted
_DPI_MAX = 9999


def read_ticket(data: Data, start: int, stop: int, draft: Draft) -> None:
    """Take version and job ticket, where the document says that it is PCLm; PDF is left alone."""
    header = _HEADER.search(data, start, min(start + _HEADER_BYTES, stop))
    if header is None:
        return
    draft.format, draft.format_version = PCLM, header[1].decode()
    head = data[header.end() : min(header.end() + _TICKET_BYTES, stop)]
    ticket = {line[1].decode(): line[2].decode("utf-8", "replace").strip() for line in _LINE.finditer(head)}
    if ticket.get("sides") in set(Sides):
        draft.sides = Sides(ticket["sides"])
    copies, dpi = _number(ticket, "copies", _COPIES_MAX), _number(ticket, "printer-resolution", _DPI_MAX)
    draft.page_copies = draft.copies_within(copies) if copies else draft.page_copies
    draft.resolution_dpi = (dpi, dpi) if dpi else draft.resolution_dpi
    draft.title = draft.title or ticket.get("job-name") or None
    draft.user = draft.user or ticket.get("job-originating-user-name") or None


def _number(ticket: dict[str, str], key: str, number_max: int) -> int | None:
    text = ticket.get(key, "")
    return min(int(text), number_max) if text.isdecimal() and len(text) < 10 and int(text) else None
