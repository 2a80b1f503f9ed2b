"""ESC/Page and ESC/Page-Color, the page languages of Epson's laser printers, and EJL, the job language around them.

    ESC SOH @EJL [command] LF          a packet of job commands, up to the one that enters a language
    GS n;n;... letters Capital         a command; a brace in front of the capital says that n octets of data follow
    FF                                 the page comes out

What is on the page also comes out at a reset (GS rhE) and where a side of a sheet begins (GS n dpsE).
"""

from __future__ import annotations

import re

from platen.documents import garbage
from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.escp.ejl import EJL_PACKET, EjlJob
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_POINT, size_of_media
from platen.documents.source import Data

_NEXT = re.compile(rb"[\x0c\x1b\x1d]")
_COMMAND = re.compile(rb"\x1d([-+\d.;]{0,400})([A-Za-z]{0,8}?)(\{?)([A-Z])")
_ESCAPE = re.compile(rb"\x1b")
_VISIBLE = re.compile(rb"[^\x00-\x20\x7f]")
# Pictures that hold nothing: plain, and as run lengths (two like octets, then how many more).
_NOTHING = re.compile(rb"(?:\0\0.)*\0*", re.DOTALL)
_LOOKED_AT_BYTES_MAX = 1 << 20
_FILLS_OR_DRAWS = frozenset({b"drpG", b"rrG", b"cirG", b"elG", b"lnG", b"plG", b"rG", b"cG"})
_OBEYED = (b"rhE", b"dpsE", b"coO", b"poE", b"psE", b"muE", b"drE")


def _passing(*but: bytes) -> re.Pattern[bytes]:
    """Commands that change nothing here, many at a time. Args: but: the names of the others."""
    return re.compile(rb"(?:\x1d[-+\d.;]{0,400}+(?!(?:%b))[a-z]{0,8}+[A-Z]){1,4000}" % b"|".join(but))


_PASSING = _passing(*_OBEYED, *sorted(_FILLS_OR_DRAWS))
_PASSING_ON_MARKED = _passing(*_OBEYED)
_PICTURE = re.compile(rb"\x1d(\d{1,9})[;\d]{0,100}+bi\{I")
_PAPERS = {
    **{13: "iso_a3_297x420mm", 14: "iso_a4_210x297mm", 15: "iso_a5_148x210mm", 30: "na_letter_8.5x11in"},
    **{32: "na_legal_8.5x14in", 33: "na_executive_7.25x10.5in", 24: "jis_b4_257x364mm", 25: "jis_b5_182x257mm"},
    **{36: "na_ledger_11x17in", 31: "na_invoice_5.5x8.5in", 99: "iso_b5_176x250mm", 91: "iso_c5_162x229mm"},
    **{90: "iso_dl_110x220mm", 81: "na_number-10_4.125x9.5in", 80: "na_monarch_3.875x7.5in"},
}
_COLOR = "Whether the pages of an ESC/Page-Color job hold colour is not looked at."
_SIDES = (
    "Pages of the ESC/Page job end where the next side begins; whether a blank one stands at its end cannot be told."
)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a job from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    return _Reader(data, draft, options).read(start)


class _Reader:
    """Follows one job."""

    def __init__(self, data: Data, draft: Draft, options: AnalysisOptions) -> None:
        self._data = data
        self._draft = draft
        self._job = EjlJob(draft)
        self._tells_color = options.color
        self._size_mm: tuple[float, float] | None = None
        self._unit_pt = 0.24
        self._marked = False
        self._is_over = False  # the job was left, and its pages have come out
        self._began = False  # in front of the first command stand sequences of the printer's other languages
        self._announced = False  # copies of the page were asked for, so one comes out at a reset
        self._blank_sides = 0  # begun one behind the other; pages only where something follows
        self._steps_left = draft.limits.escpage_commands_max
        self._stopped = False

    def read(self, start: int) -> int:
        data, position = self._data, start
        self._draft.pages_known = True
        while not self._stopped and self._steps_left > 0:
            position = self._pass(position)
            if position > len(data):
                break
            self._steps_left -= 1
            found = _NEXT.search(data, position)
            end = found.start() if found else len(data)
            if self._is_over and position < end and _is_no_text(data, position):
                self._draft.problem(garbage.SENTENCE)
                position = garbage.next_exit(data, position)
                break
            if not self._marked and _VISIBLE.search(data, position, end):
                self._mark()
            position = end
            if found is None or data[position : position + len(UEL)] == UEL:
                break
            position = self._take(position)
        self._finish(cut=position > len(data))
        return min(position, len(data))

    def _pass(self, position: int) -> int:
        """Pass over what changes nothing. Returns: the offset of what may change something."""
        data = self._data
        if not self._began:
            return position
        while True:
            if self._marked and (picture := _PICTURE.match(data, position)):
                position = picture.end() + int(picture[1])
            elif passed := (_PASSING_ON_MARKED if self._marked else _PASSING).match(data, position):
                position = passed.end()
            else:
                return position

    def _take(self, position: int) -> int:
        """A control, a packet or a command. Returns: the offset behind it and its data."""
        data = self._data
        lead = data[position]
        if lead == 0x0C:
            self._end_page()
        elif lead == 0x1D and (command := _COMMAND.match(data, position)):
            return self._obey(command)
        elif packet := EJL_PACKET.match(data, position):
            self._is_over = not self._job.take(packet[0]) and not self._marked and self._draft.pages > 0
            if self._is_over:
                self._blank_sides, self._began = 0, False
            else:
                self._reset()
            return packet.end()
        elif lead == 0x1B:
            return position + 2
        return position + 1

    def _obey(self, command: re.Match[bytes]) -> int:
        if not self._began:
            self._began, self._marked = True, False
        numbers = [_number(text) for text in command[1].split(b";")]
        name = command[2] + command[4]
        end = command.end()
        if command[3]:
            end += max(0, int(numbers[0]))
            if command[4] == b"I" and not self._marked and self._shows(command.end(), end):
                self._mark()
        elif name == b"rhE":
            self._reset()
        elif name == b"dpsE":
            self._begin_side()
        elif name == b"coO":
            self._announced = True
            self._draft.page_copies = self._draft.copies_within(max(1, int(numbers[0])))
        elif name == b"poE":
            self._job.is_landscape = numbers[0] == 1
        elif name == b"psE":
            self._set_paper(numbers)
        elif name == b"muE" and len(numbers) == 2 and 0 < numbers[1] < 10:
            self._unit_pt = numbers[1]
        elif name == b"drE" and len(numbers) == 3 and all(0 < dpi <= 9600 for dpi in numbers[1:]):
            self._draft.resolution_dpi = int(numbers[1]), int(numbers[2])
        elif name in _FILLS_OR_DRAWS:
            self._mark()
        return end

    def _shows(self, start: int, end: int) -> bool:
        octets = bytes(self._data[start : min(end, start + _LOOKED_AT_BYTES_MAX)])
        return bool(octets.strip(b"\0")) and not _NOTHING.fullmatch(octets)

    def _set_paper(self, numbers: list[float]) -> None:
        if numbers[0] == -1 and len(numbers) == 3:
            width_mm, height_mm = (number * self._unit_pt * MM_PER_POINT for number in numbers[1:])
            if min(width_mm, height_mm) > 10 and max(width_mm, height_mm) < 20_000:
                self._size_mm = width_mm, height_mm
        elif paper := _PAPERS.get(int(numbers[0])):
            self._size_mm = size_of_media(paper)

    def _mark(self) -> None:
        for _ in range(self._blank_sides):
            self._add(blank=True)
        self._blank_sides, self._marked = 0, True

    def _reset(self) -> None:
        if self._marked or self._announced:
            self._end_page()

    def _begin_side(self) -> None:
        if self._marked:
            self._add(blank=False)
        else:
            self._blank_sides += 1
        self._draft.weaken(PagesBasis.ESTIMATED)
        self._draft.problem(_SIDES)
        self._marked = self._announced = False

    def _end_page(self) -> None:
        marked = self._marked
        self._mark()
        self._add(blank=not marked)
        self._marked = self._announced = False

    def _add(self, *, blank: bool) -> None:
        color = False if blank or not self._job.in_color else None
        if color is None and self._tells_color:
            self._draft.problem(_COLOR)
        size_mm = self._size_mm or self._job.size_mm
        if size_mm and self._job.is_landscape:
            size_mm = max(size_mm), min(size_mm)
        added = self._draft.add_page(size_mm=size_mm, color=color if self._tells_color else None, blank=blank)
        self._stopped = self._stopped or not added

    def _finish(self, *, cut: bool) -> None:
        if cut:
            self._draft.problem("The ESC/Page job is cut off within the data of a command.")
        if self._steps_left <= 0:
            self._draft.problem("The ESC/Page job is too long to be followed to its end; it may hold more pages.")
        if self._marked:
            if not cut:
                self._draft.problem("The ESC/Page job ends within a page: it was cut off, or its end is missing.")
            self._add(blank=False)


def _is_no_text(data: Data, position: int) -> bool:
    """Whether what stands up to the next escape is nothing that somebody wrote."""
    end = garbage.next_match(_ESCAPE, data, position)
    return garbage.is_garbage(data, position, end) or garbage.is_binary(data, position, end)


def _number(text: bytes) -> float:
    try:
        return max(-1e9, min(1e9, float(text[:20] or b"0")))
    except ValueError:
        return 0.0
