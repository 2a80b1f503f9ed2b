"""EJL, the job language of Epson's laser printers: what it says of paper, sides, copies and of whose job it is.

ESC SOH @EJL LF   @EJL JI USER="anna" DOCUMENT="report"   @EJL SET PS=A4 DX=ON BD=LE QT=2   @EJL EN LA=ESC/PAGE
"""

from __future__ import annotations

import re

from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.media import media_for_word, size_of_media

EJL_PACKET = re.compile(rb"\x1b\x01@EJL[^\n\x1b]{0,4096}\n?(?:@EJL[^\n\x1b]{0,4096}\n?){0,200}")
ENTERS_PAGE_LANGUAGE = re.compile(
    rb"@EJL\s+EN(?:TER)?\s+LA(?:NGUAGE)?\s*=\s*ESC/PAGE(-COLOR)?[ \t]*\r?\n", re.IGNORECASE
)
_LINE = re.compile(rb"@EJL\s+([A-Z]{1,16})\s+([^\n]{0,4096})", re.IGNORECASE)
_PAIR = re.compile(r'([A-Z]{1,16})\s*=\s*(?:"([^"]*)"|([^\s"]+))', re.IGNORECASE)
_PAPERS = {
    **{"LT": "Letter", "LGL": "Legal", "EXE": "Executive", "B": "Ledger", "HLT": "Statement", "F4": "jis_exec"},
    **{"B4": "JIS B4", "B5": "JIS B5", "IB5": "ISO B5", "C10": "COM10", "MON": "Monarch"},
}
_ON = frozenset({"ON", "1", "YES"})


class EjlJob:
    """Settings in force; names go to the draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._is_short_edge = False
        self.is_landscape = False
        self.in_color = False
        self.size_mm: tuple[float, float] | None = None

    def take(self, packet: bytes) -> bool:
        """Obey the commands of a packet. Returns: whether it enters a language anew."""
        entered = ENTERS_PAGE_LANGUAGE.search(packet)
        if entered:
            self.in_color = entered[1] is not None
        for line in _LINE.finditer(packet):
            pairs = [
                (pair[1].upper(), pair[2] if pair[2] is not None else pair[3])
                for pair in _PAIR.finditer(line[2].decode("utf-8", "replace"))
            ]
            if line[1].upper() in (b"JI", b"SJ", b"JOBINFO"):
                self._name(pairs)
            elif line[1].upper() == b"SET":
                for name, value in pairs:
                    self._set(name, value.upper())
        return entered is not None

    def _name(self, pairs: list[tuple[str, str]]) -> None:
        draft = self._draft
        for name, value in pairs:
            text = "".join(part for part in value if part.isprintable())[:1024].strip()
            if not text:
                continue
            if name == "USER":
                draft.user = draft.user or text
            elif name == "MACHINE":
                draft.host = draft.host or text
            elif name == "DOCUMENT":
                draft.title = draft.title or text
            elif name == "DRIVER":
                draft.driver = draft.driver or text

    def _set(self, name: str, value: str) -> None:
        draft = self._draft
        if name == "DX":
            is_duplex = value in _ON
            draft.sides = self._two_sided() if is_duplex else Sides.ONE_SIDED
        elif name == "BD":
            self._is_short_edge = value == "SE"
            draft.sides = self._two_sided() if draft.sides and draft.sides.is_two_sided else draft.sides
        elif name in ("QT", "CO") and value.isascii() and value.isdecimal():
            copies = draft.copies_within(max(1, int(value[:6])))
            if name == "QT":
                draft.job_copies = copies
            else:
                draft.page_copies = copies
        elif name == "PS":
            self._paper(value)
        elif name == "OR":
            self.is_landscape = value == "LA"

    def _two_sided(self) -> Sides:
        return Sides.TWO_SIDED_SHORT_EDGE if self._is_short_edge else Sides.TWO_SIDED_LONG_EDGE

    def _paper(self, value: str) -> None:
        media = media_for_word(_PAPERS.get(value, value))
        self.size_mm = size_of_media(media) if media else self.size_mm
