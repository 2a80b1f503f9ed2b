"""PE, polyline encoded (HP-GL/2): coordinates as numbers to the base 64 or 32, least significant digit first.

PE [7] { flag | x y } ;     < pen up for the next pair   = the next pair is absolute
                            : number of a pen follows    > number of fraction bits follows
                            7 base 32 from here on, so that no octet has its high bit set
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from platen.documents.source import Data

# Ends of numbers are 191..254 to the base 64 and 95..126 to the base 32; digits before them 63..126 and 63..94.
_BASE_64 = re.compile(rb"([<=>:7])|([\x3f-\x7e]{0,12})([\xbf-\xfe])")
_BASE_32 = re.compile(rb"([<=>:7])|([\x3f-\x5e]{0,12})([\x5f-\x7e])")


def _number(low: bytes, last: int, base: int) -> int:
    value = last - (191 if base == 64 else 95)
    for digit in reversed(low):
        value = value * base + digit - 63
    return -(value >> 1) if value & 1 else value >> 1


def items(data: Data, start: int, stop: int, only_pens: Callable[[], bool]) -> Iterator[tuple[str, float, float]]:
    """What the encoded octets say: ("pen", number, 0), ("draw", dx, dy), ("move", dx, dy), ("draw=", x, y), ...

    Args: only_pens: asked after each of them; while it says so, everything up to the next pen is passed over.
    """
    pattern, base, position, fraction = _BASE_64, 64, start, 1.0
    up = absolute = False
    takes = ""  # the flag whose number comes next
    first: float | None = None
    while match := pattern.search(data, position, stop):
        position = match.end()
        flag = match[1]
        if not takes and flag != b":" and only_pens():
            position = data.find(b":", position - 1, stop)
            if position < 0:
                return
            first, up, absolute = None, False, False
        elif flag == b"7":
            pattern, base = _BASE_32, 32
        elif flag in (b":", b">"):
            takes = flag.decode("ascii")
        elif flag is not None:
            up, absolute = up or flag == b"<", absolute or flag == b"="
        else:
            number = _number(match[2], match[3][0], base)
            if takes == ":":
                yield "pen", number, 0.0
            elif takes == ">":
                fraction = 2.0 ** min(30, max(-30, number))
            elif first is None:
                first = number / fraction
            else:
                yield ("move" if up else "draw") + ("=" if absolute else ""), first, number / fraction
                first, up, absolute = None, False, False
            takes = ""
