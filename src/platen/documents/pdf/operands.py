"""Finding operators and their operands in a content stream by searching, not interpreting (ISO 32000-1 section 7.8).

A search sees too much (comments, strings, inline pictures look like operators too), never too little: an operator
stands behind white space, as operands that touch it would be read as part of its word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANKS_TO_SPACE = bytes.maketrans(b"\0\t\n\f\r", b"     ")
_OPERAND_BYTES = 96  # four numbers of generous length
_HEX_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")


def spaced(content: bytes) -> bytes:
    """The content with every kind of white space as a space, for the functions below."""
    return b" " + content.translate(_BLANKS_TO_SPACE) + b" "


def places(content: bytes, operator: bytes) -> Iterator[int]:
    """Each place where `operator` may stand; `content` is spaced."""
    needle = b" " + operator
    find = content.find
    at = find(needle)
    while at >= 0:
        yield at
        at = find(needle, at + 1)


def operands_before(content: bytes, at: int) -> bytes:
    """The octets in front of a place, enough of them for any operands."""
    return content[max(0, at - _OPERAND_BYTES) : at]


def before(content: bytes, operator: bytes) -> Iterator[bytes]:
    """The octets in front of each place where `operator` may stand; `content` is spaced."""
    for at in places(content, operator):
        yield operands_before(content, at)


def numbers(operands: bytes, count: int) -> list[float] | None:
    """The last `count` operands, or fewer where a name or the beginning stands before; None: they are no numbers."""
    found: list[float] = []
    for word in reversed(operands.split()[-count:]):
        try:
            found.append(float(word))
        except ValueError:
            if not found:
                return None
            break
    return found[::-1]


def last_name(operands: bytes) -> str | None:
    """The name that ends the operands, with its slash."""
    _, slash, name = operands.rpartition(b"/")
    words = name.split()
    if not slash or len(words) != 1:
        return None
    octets = words[0]
    if b"#" in octets:
        octets = _HEX_CODE.sub(lambda code: bytes([int(code[1], 16)]), octets)
    return "/" + octets.decode("latin-1")
