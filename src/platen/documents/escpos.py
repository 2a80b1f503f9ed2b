"""ESC/POS (Epson's command reference for receipt printers): a receipt is a page, and ends where the paper is cut.

    ESC, GS, FS or DLE, a letter, parameters [data]         GS V: cut         text and LF between them

What is printed behind the last cut is one more receipt. A form feed prints the buffer of page mode and cuts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents import garbage
from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.soundness import Soundness
from platen.documents.source import Data

_NEXT = re.compile(rb"[\x10\x1b\x1c\x1d]")
_INVISIBLE = bytes(range(0x21)) + b"\x7f"
_CHUNK_BYTES = 1 << 16
_ESC_PARAMETERS = {
    **dict.fromkeys(b" !%-3=?AEGJKMRTUVadefrtu{", 1),
    **dict.fromkeys(b"$\\c", 2),
    ord("p"): 3,
    ord("W"): 8,
}
_GS_PARAMETERS = {
    **dict.fromkeys(b"!#/BHITabefhjrwx", 1),
    **dict.fromkeys(b"$LPW\\z", 2),
    **dict.fromkeys(b"^", 3),
    **dict.fromkeys(b"Cg", 3),
}
_FS_PARAMETERS = {**dict.fromkeys(b"!-CW", 1), **dict.fromkeys(b"S?p", 2)}
_CUT_AFTER_FEED = frozenset({65, 66, 97, 98, 103, 104})
_SECOND_COLOR = frozenset(b"234")


class _Receipts:
    """Follows one job."""

    def __init__(self, data: Data, draft: Draft, *, tells_color: bool) -> None:
        self._data = data
        self._draft = draft
        self._tells_color = tells_color
        self._red = False
        self._marked = self._fed = self._colored = False
        self._cuts = False  # the job cuts the paper by a command
        self.stopped = False
        self._leads: dict[int, Callable[[int, int], int]] = {
            0x10: self._real_time,
            0x1B: self._escape,
            0x1C: self._kanji,
            0x1D: self._group,
        }

    @property
    def is_between(self) -> bool:
        """A receipt was cut from the paper, and nothing stands on the next."""
        return self._cuts and not self._marked

    def command(self, position: int) -> int:
        """The command whose first octet is at `position`. Returns: the offset behind it and its data."""
        if position + 1 >= len(self._data):
            return len(self._data)
        return self._leads[self._data[position]](self._data[position + 1], position + 2)

    def text(self, start: int, stop: int) -> None:
        for position in range(start, stop, _CHUNK_BYTES):
            text = bytes(self._data[position : min(position + _CHUNK_BYTES, stop)])
            self._fed = self._fed or b"\n" in text
            if not self._marked or (self._red and not self._colored):
                self._mark(bool(text.translate(None, _INVISIBLE)), colored=self._red)

    def finish(self) -> None:
        if self._marked:
            if self._cuts:
                self._draft.problem("The last receipt is not cut from the paper: the job was cut short, or goes on.")
            self._cut()

    def _mark(self, marked: bool, *, colored: bool = False) -> None:
        if marked:
            self._marked = True
            self._colored = self._colored or colored

    def _cut(self) -> None:
        if self._marked or self._fed:
            color = self._colored if self._tells_color else None
            self.stopped = not self._draft.add_page(color=color, blank=not self._marked)
        self._marked = self._fed = self._colored = False

    def _octet(self, position: int) -> int:
        return self._data[position] if position < len(self._data) else 0

    def _number(self, position: int, size_bytes: int = 2) -> int:
        return int.from_bytes(self._data[position : position + size_bytes], "little")

    def _dots(self, start: int, size_bytes: int, *, colored: bool | None = None) -> int:
        """A picture. Returns: the offset behind it."""
        stop = start + size_bytes
        for position in range(start, min(stop, len(self._data)), _CHUNK_BYTES):
            if self._data[position : min(position + _CHUNK_BYTES, stop)].strip(b"\0"):
                self._mark(True, colored=self._red if colored is None else colored)
                break
        return stop

    def _real_time(self, second: int, begin: int) -> int:
        """DLE EOT n, DLE ENQ n, DLE DC4 and its parameters."""
        return begin + {0x04: 1, 0x05: 1, 0x14: 3}.get(second, 0)

    def _escape(self, second: int, begin: int) -> int:
        if second == ord("@"):
            self._red = False
        elif second in b"im":
            self._cut()
        elif second == ord("r"):
            self._red = self._octet(begin) in b"\x011"
        elif second in b"deJK":
            self._fed = True
        elif second == ord("*"):
            octets = 3 if self._octet(begin) >= 32 else 1
            return self._dots(begin + 3, self._number(begin + 1) * octets)
        elif second == ord("("):
            return begin + 3 + self._number(begin + 1)
        elif second == ord("D"):
            end = self._data.find(b"\0", begin, begin + 40)
            return end + 1 if end >= 0 else begin
        elif second == ord("&"):
            return self._characters(begin)
        return begin + _ESC_PARAMETERS.get(second, 0)

    def _characters(self, begin: int) -> int:
        """ESC & y c1 c2: characters of the user, each as wide as its first octet says, y octets high."""
        height, first, last = (self._octet(begin + offset) for offset in range(3))
        position = begin + 3
        for _ in range(max(0, last - first + 1)):
            position += 1 + height * self._octet(position)
        return position

    def _kanji(self, second: int, begin: int) -> int:
        if second == ord("p"):  # a picture stored in the printer
            self._mark(True)
        elif second == ord("q"):
            return self._stored_pictures(begin)
        elif second == ord("("):
            return begin + 3 + self._number(begin + 1)
        elif second == ord("2"):
            return begin + 2 + 72
        return begin + _FS_PARAMETERS.get(second, 0)

    def _stored_pictures(self, begin: int) -> int:
        """FS q n: pictures to be kept, each of x times y times 8 octets."""
        position = begin + 1
        for _ in range(self._octet(begin)):
            position += 4 + self._number(position) * self._number(position + 2) * 8
        return position

    def _group(self, second: int, begin: int) -> int:
        if second == ord("V"):
            self._cuts = True
            self._cut()
            return begin + (2 if self._octet(begin) in _CUT_AFTER_FEED else 1)
        if second in b"vQ":  # 0 m xL xH yL yH: rows of x octets, or columns of y
            return self._dots(begin + 6, self._number(begin + 2) * self._number(begin + 4))
        if second == ord("k"):
            return self._bar_code(begin)
        if second in b"(8":
            return self._functions(second, begin)
        if second == ord("*"):  # a picture to be kept, x times y times 8 octets
            return begin + 2 + self._octet(begin) * self._octet(begin + 1) * 8
        if second == ord("/"):  # the kept picture is printed
            self._mark(True)
        return begin + _GS_PARAMETERS.get(second, 0)

    def _bar_code(self, begin: int) -> int:
        """GS k m: up to NUL for the older kinds, else with a length."""
        self._mark(True, colored=self._red)
        if self._octet(begin) >= 65:
            return begin + 2 + self._octet(begin + 1)
        end = self._data.find(b"\0", begin + 1, begin + 1 + 256)
        return end + 1 if end >= 0 else begin + 1

    def _functions(self, second: int, begin: int) -> int:
        """GS ( letter pL pH, and GS 8 L with four octets of length: pictures and two-dimensional codes."""
        letter = self._octet(begin)
        start = begin + (5 if second == ord("8") else 3)
        size_bytes = self._number(begin + 1, start - begin - 1)
        function = self._octet(start + 1)
        if letter == ord("L"):
            if function in (2, 50, 69):  # print what lies in the buffer, or in the printer
                self._mark(True)
            elif function in (112, 113):  # into the buffer; with the number of its colour
                self._colored = self._colored or (self._octet(start + 5) in _SECOND_COLOR)
        elif letter == ord("k") and function == 81:
            self._mark(True, colored=self._red)
        return start + size_bytes


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read receipts from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    soundness = Soundness(draft, start)
    draft.pages_known = True
    receipts = _Receipts(data, draft, tells_color=options.color)
    position = start
    while position < len(data) and not receipts.stopped:
        found = _NEXT.search(data, position)
        end = found.start() if found else len(data)
        if receipts.is_between and garbage.is_binary(data, position, end):
            draft.problem(garbage.SENTENCE)
            position = garbage.next_exit(data, position)
            break
        if not soundness.take(data, position, end):
            soundness.give_up()
            return garbage.next_exit(data, position)
        receipts.text(position, end)
        position = end
        if found is None or data[end : end + len(UEL)] == UEL:
            break
        position = receipts.command(end)
    receipts.finish()
    return min(position, len(data))
