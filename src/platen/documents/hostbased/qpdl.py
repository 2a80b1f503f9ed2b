"""QPDL, also called SPL2 and SPLc: Samsung's host-based language, in records.

0x00 page      resolution along / 100, copies:16, paper, width:16, height:16, source, ..., [14] version, [16] across
0x0C band      number, width:16, height:16, [colour 1..4 on colour devices], compression, size:32, data
               (cyan, magenta, yellow, black; what data hold stands in qpdl_planes.py)
               version 0 does not count the checksum of 4 octets behind the data in their size;
               versions 1 and 5 go on with further colours of the same band, ended by 0, unless JBIG codes band by band
0x01 page end  copies:16            0x09 document end
0x13, 0x14     JBIG parameters: 15 octets, 0x14, the header of the pictures of all bands: 20 octets, 4 octets
0x14           by itself, behind the last band of a page: 7 octets of version 5
"""

from __future__ import annotations

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.hostbased.jbig import HEADER_BYTES
from platen.documents.hostbased.qm_coder import Steps
from platen.documents.hostbased.qpdl_page import BLACK, Effort, PageMarks
from platen.documents.hostbased.qpdl_planes import COMPRESSIONS, JBIG_OF_BAND, Plane
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.copies import PageCopies
from platen.documents.source import Data

_PAGE, _PAGE_END, _DOCUMENT_END, _BAND, _PARAMETERS = 0x00, 0x01, 0x09, 0x0C, 0x13
_PAGE_BYTES, _PARAMETERS_BYTES, _HEADER_AT = 17, 40, 16
_STATISTICS, _STATISTICS_BYTES = 0x14, 8
_CHECKSUM_BYTES = 4
_SEVERAL_COLORS_IN_A_BAND = (1, 5)
_MEDIA = {
    0: "na_letter_8.5x11in",
    1: "na_legal_8.5x14in",
    2: "iso_a4_210x297mm",
    3: "na_executive_7.25x10.5in",
    4: "na_ledger_11x17in",
    5: "iso_a3_297x420mm",
    6: "na_number-10_4.125x9.5in",
    7: "na_monarch_3.875x7.5in",
    8: "iso_c5_162x229mm",
    9: "iso_dl_110x220mm",
    10: "jis_b4_257x364mm",
    11: "jis_b5_182x257mm",
    12: "iso_b5_176x250mm",
    14: "jpn_hagaki_100x148mm",
    16: "iso_a5_148x210mm",
    17: "iso_a6_105x148mm",
    18: "jis_b6_128x182mm",
    23: "iso_c6_114x162mm",
    24: "na_foolscap_8.5x13in",
}


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read the records at `start`. Returns: the offset behind them."""
    stop = _Reader(data, draft, options).read(start)
    if not draft.pages_known:
        draft.problem("The QPDL stream holds no page that could be read.")
    return stop


class _Reader:
    def __init__(self, data: Data, draft: Draft, options: AnalysisOptions) -> None:
        self._data = data
        self._draft = draft
        self._looks = options.color
        self._effort = Effort(*(Steps(options.limits.qpdl_steps_max) for _ in range(2)))
        self._copies = PageCopies(draft)
        self._header: bytes | None = None  # of the page under way
        self._marks = PageMarks((0, 0), self._effort, looks=self._looks)
        self._is_over = False
        self._is_cut = False  # what is missing may have marked the page

    def read(self, position: int) -> int:
        data, length = self._data, len(self._data)
        while position < length and not self._is_over:
            kind = data[position]
            if kind == _PAGE:
                position = self._begin_page(position)
            elif kind == _BAND:
                position = self._band(position)
            elif kind == _PAGE_END:
                self._end_page(int.from_bytes(data[position + 1 : position + 3], "big"))
                position += 3
            elif kind == _PARAMETERS:
                at = position + _HEADER_AT
                self._marks.header = bytes(data[at : at + HEADER_BYTES])
                position += _PARAMETERS_BYTES
            elif kind == _STATISTICS:
                position += _STATISTICS_BYTES
            elif kind == _DOCUMENT_END or data[position : position + len(UEL)] == UEL:
                position += kind == _DOCUMENT_END
                break
            else:
                self._draft.problem("The QPDL stream holds an octet that begins no record; the pages before it count.")
                exit_at = data.find(UEL, position)
                position = exit_at if exit_at >= 0 else length
                break
        if self._header is not None:  # a stream that was cut off
            self._end_page(None)
        return min(position, length)

    def _begin_page(self, position: int) -> int:
        if self._header is not None:
            self._end_page(None)
        header = bytes(self._data[position : position + _PAGE_BYTES])
        if len(header) == _PAGE_BYTES:
            self._header, self._is_cut = header, False
            dpi = (header[16] or header[1]) * 100, header[1] * 100
            self._marks = PageMarks(dpi, self._effort, looks=self._looks)
        return position + _PAGE_BYTES

    def _band(self, position: int) -> int:
        """A band with the planes that follow its header."""
        data, length = self._data, len(self._data)
        version = self._header[14] if self._header else 0
        at = position + 6
        while at + 5 <= length:
            is_colored = 1 <= data[at] <= BLACK and at + 6 <= length and data[at + 1] in COMPRESSIONS
            color = data[at] if is_colored else BLACK
            at += is_colored
            compression, size = data[at], int.from_bytes(data[at + 1 : at + 5], "big")
            if compression not in COMPRESSIONS or size > length - at - 5:
                self._draft.problem("The QPDL stream ends in the middle of a band, or a band is damaged.")
                self._is_cut = True
                return length
            end = at + 5 + size - (_CHECKSUM_BYTES if version else 0)
            width, height = (int.from_bytes(data[place : place + 2], "big") for place in (position + 2, position + 4))
            if self._marks.is_open_to(color):
                content = bytes(data[at + 5 : max(at + 5, end)])
                self._marks.add(Plane(data[position + 1], color, compression, width, height, content))
            at += 5 + size + (_CHECKSUM_BYTES if version == 0 else 0)
            if not (is_colored and version in _SEVERAL_COLORS_IN_A_BAND) or compression == JBIG_OF_BAND:
                break
            if at < length and data[at] == 0:
                return at + 1
        return at

    def _end_page(self, copies: int | None) -> None:
        header, draft, marks = self._header, self._draft, self._marks
        self._header = None
        if header is None:
            return
        if copies is None:
            copies, self._is_cut = int.from_bytes(header[2:4], "big"), True
        marks.end()
        if draft.resolution_dpi is None and header[1] and header[16]:
            draft.resolution_dpi = (header[16] * 100, header[1] * 100)
        draft.format_version = str(header[14])
        added = draft.add_page(
            media=_MEDIA.get(header[4]),
            color=marks.is_colored or (marks.is_colored if marks.colors <= {BLACK} or not self._is_cut else None),
            blank=None if self._is_cut and marks.is_blank else marks.is_blank,
            copies=self._copies.of_next_page(max(1, copies)),
        )
        self._is_over = not added
