"""How a text of wide characters is written (Unicode Standard, section 3.10): with a mark of its order, or without."""

from __future__ import annotations

import codecs
import unicodedata

_HEAD_BYTES = 4096
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Without a mark: how many octets in a hundred are zero at least. Blanks and line ends have one or three of them.
_BARE: tuple[tuple[str, int], ...] = (("utf-32-le", 45), ("utf-32-be", 45), ("utf-16-le", 4), ("utf-16-be", 4))
_BARE_BYTES_MIN = 16
_OF_A_PAGE = frozenset("\a\b\t\n\v\f\r\x0e\x0f\x12\x14\x1a\x1b")
_PARTS_WORDS = frozenset(" \r\n\u3000\u3002")
_CATEGORIES_OF_NO_TEXT = frozenset({"Cn", "Co", "Cs"})


def wide_encoding(head: bytes) -> tuple[int, str] | None:
    """How a text that begins so is written in characters of two octets or four.

    Returns: the octets of the mark in front, and the name of the encoding; None where it is no such text.
    """
    head = head[:_HEAD_BYTES]
    for mark, encoding in _MARKS:
        if head.startswith(mark) and _holds_text(head[len(mark) :], encoding):
            return len(mark), encoding
    if len(head) < _BARE_BYTES_MIN or b"\0" not in head:
        return None
    zeros = 100 * head.rstrip(b"\0").count(0)  # those behind a text fill it up
    for encoding, share in _BARE:
        if zeros >= share * len(head) and _holds_text(head, encoding):
            return 0, encoding
    return None


def _holds_text(octets: bytes, encoding: str) -> bool:
    """Whether these are whole characters of writing, and no controls but those of a page."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(octets)
    except UnicodeDecodeError:
        return False
    return not _PARTS_WORDS.isdisjoint(text) and all(
        character in _OF_A_PAGE if character < " " else unicodedata.category(character) not in _CATEGORIES_OF_NO_TEXT
        for character in text.rstrip("\0")
    )
