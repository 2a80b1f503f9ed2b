"""Plain text: pages as a text filter lays them out.

CUPS' texttopdf prints 10 characters and 6 lines an inch inside the margins: by default 80 columns and 60 lines on
Letter or A4, which `AnalysisOptions.text_columns` and `text_lines_per_page` state. The rules are its own and those of
line printers:

- LF, CR LF, CR and VT end a line; a line longer than the columns goes on in the next.
- A tab goes to the next multiple of 8 columns; a backspace goes back, so that overstriking takes no width.
- Wide East Asian characters (UAX 11) take two columns, combining and control characters none.
- A form feed ends the page. Two in a row leave a blank page; one at the very end begins none.
- Escape sequences of terminals (ECMA-48) take no width.

The text is UTF-8, or Latin-1 where it is not, or UTF-16 or UTF-32 with or without a mark of its order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data
from platen.documents.text_encoding import wide_encoding
from platen.documents.text_languages import without_ansi

_CHUNK_BYTES = 1024 * 1024
_HEAD_BYTES = 4096
_UTF_8_MARK = b"\xef\xbb\xbf"
_END_MARKS = b"\0\x04\x1a"  # filler, ^D and ^Z behind the text


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read text from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    draft.pages_known = True
    draft.weaken(PagesBasis.ESTIMATED)
    found = data.find(UEL, start)
    stop = found if found >= 0 else len(data)
    begin, encoding = _encoding(data, start)
    layout = _Layout(draft, options)
    if encoding != "utf-8":
        for piece in _wide_pieces(data, begin, stop, encoding):
            layout.take(piece.encode("utf-8"))
    else:
        end = stop
        while end > begin and data[end - 1] in _END_MARKS and stop - end < _CHUNK_BYTES:
            end -= 1
        for position in range(begin, end, _CHUNK_BYTES):
            if not layout.take(bytes(data[position : min(position + _CHUNK_BYTES, end)])):
                break
    layout.finish()
    return stop


def _encoding(data: Data, start: int) -> tuple[int, str]:
    """Where the text begins, and how it is written."""
    head = bytes(data[start : start + _HEAD_BYTES]).split(UEL)[0]
    if wide := wide_encoding(head):
        return start + wide[0], wide[1]
    return start + (len(_UTF_8_MARK) if head.startswith(_UTF_8_MARK) else 0), "utf-8"


def _wide_pieces(data: Data, start: int, stop: int, encoding: str) -> Iterator[str]:
    for position in range(start, stop, _CHUNK_BYTES):
        yield bytes(data[position : min(position + _CHUNK_BYTES, stop)]).decode(encoding, "replace")


class _Layout:
    """Counts pages while the text comes in pieces; holds one unfinished line at most."""

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self._draft = draft
        self._columns = max(1, options.text_columns)
        self._lines_per_page = max(1, options.text_lines_per_page)
        self._lines = 0  # finished on the present page or pages
        self._visible = False
        self._rest = b""

    def take(self, piece: bytes) -> bool:
        """The next piece of the text. Returns: False when no further page may be added."""
        *pages, last = (self._rest + piece).split(b"\f")
        for page in pages:
            self._take_lines(page)
            if not self._end_page():
                return False
        # A line is laid out once its end is known. One without an end is broken after a good many octets.
        cut = max(last.rfind(b"\n"), last.rfind(b"\r", 0, len(last) - 1), last.rfind(b"\v")) + 1
        if not cut and len(last) > _CHUNK_BYTES:
            cut = len(last)
        self._take_lines(last[:cut])
        self._rest = last[cut:]
        return True

    def finish(self) -> None:
        """The end of the text: what stands behind the last form feed is a page if there is something visible."""
        self._take_lines(self._rest)
        self._rest = b""
        if self._visible:
            self._end_page()

    def _end_page(self) -> bool:
        pages = max(1, -(-self._lines // self._lines_per_page))
        for _ in range(pages):
            if not self._draft.add_page(color=False, blank=not self._visible):
                return False
        self._lines, self._visible = 0, False
        return True

    def _take_lines(self, text: bytes) -> None:
        """Whole lines, or the last one."""
        if not text:
            return
        self._visible = self._visible or not text.isspace()
        lines = _lines_of(text)
        self._lines += len(lines)
        columns = self._columns
        # A line of as many octets as columns fits, unless it has tabs: no character is wider than its octets.
        if b"\t" in text:
            wide = [line for line in lines if len(line) > columns or b"\t" in line]
        elif lines and max(map(len, lines)) > columns:
            wide = [line for line in lines if len(line) > columns]
        else:
            return
        self._lines += sum(max(0, -(-_width(_decoded(line)) // columns) - 1) for line in wide)


def _lines_of(text: bytes) -> list[bytes]:
    """The lines of a text; behind its last line end there is none."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\v" in text:
        text = text.replace(b"\v", b"\n")
    lines = text.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _decoded(text: bytes) -> str:
    if b"\x1b" in text:
        text = without_ansi(text)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _width(line: str) -> int:
    """The columns that a line reaches: tabs and backspaces move, wide characters count two."""
    if line.isascii() and "\b" not in line:
        return len(line.expandtabs(8))
    column = widest = 0
    for character in line:
        if character == "\t":
            column += 8 - column % 8
        elif character == "\b":
            column = max(0, column - 1)
        elif character >= " ":
            column += _columns_of(character)
        widest = max(widest, column)
    return widest


def _columns_of(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
