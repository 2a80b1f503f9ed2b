"""PCL XL in tokens (HP PCL XL Feature Reference, "Binary Stream"): values one by one, and patterns that pass over many.

value     0xC0..0xC5 scalar, 0xC8.. array with its length, 0xD0.. pair, 0xE0.. box; data follow in the stream's order
attribute 0xF8 id     operator 0x41..0xBF     data 0xFA length:32 or 0xFB length:8, then as many octets
"""

from __future__ import annotations

import functools
import re
import struct

from platen.documents.source import Data

# Scalar types: tag -> struct code. 0x08 more is an array, 0x10 a pair, 0x20 a box of four.
_CODES = {0xC0: "B", 0xC1: "H", 0xC2: "I", 0xC3: "h", 0xC4: "i", 0xC5: "f"}
_ARRAY_BYTES_MAX = 4096  # of an array that is kept

Value = int | float | bytes | tuple[float, ...]


class OutOfData(Exception):
    """The stream ends within a value, or a value has no sense."""


def read_value(data: Data, position: int, tag: int, order: str) -> tuple[Value, int]:
    """The value whose tag stands before `position`, and the offset behind it. Raises: OutOfData."""
    code = _CODES.get(0xC0 | tag & 0x07)
    shape = tag & 0x38
    if code is None or shape not in (0x00, 0x08, 0x10, 0x20):
        raise OutOfData
    try:
        if shape == 0x08:
            count_code = _CODES.get(data[position], "B")
            (count,) = struct.unpack_from(order + count_code, data, position + 1)
            position += 1 + struct.calcsize(count_code)
            size_bytes = max(0, int(count)) * struct.calcsize(code)
            return bytes(data[position : position + min(size_bytes, _ARRAY_BYTES_MAX)]), position + size_bytes
        count = {0x00: 1, 0x10: 2, 0x20: 4}[shape]
        values = struct.unpack_from(f"{order}{count}{code}", data, position)
    except (struct.error, IndexError, OverflowError, ValueError):
        raise OutOfData from None
    return (values[0] if count == 1 else values), position + struct.calcsize(code) * count


def _counted(unit: int, before: str = "", behind: str = "", most: int = 255) -> str:
    """A pattern for a count of one octet up to `most` and `unit` times as many octets.

    before, behind: the octets of a wider count. Sixteen branches of sixteen, so that few are tried.
    """

    def ways(counts: range) -> str:
        return "|".join(rf"\x{n:02x}{behind}" + (f".{{{n * unit}}}" if n else "") for n in counts)

    branches = [ways(range(min(most, 15) + 1))]
    for high in range(16, most + 1, 16):
        counts = range(high, min(high + 16, most + 1))
        branches.append(rf"(?=[\x{counts[0]:02x}-\x{counts[-1]:02x}])(?:{ways(counts)})")
    return f"{before}(?:{'|'.join(branches)})"


@functools.cache
def passing_pattern(order: str, quiet: bytes, painting: bytes) -> re.Pattern[bytes]:
    """Operators of `quiet` and `painting` with their attributes, and short data, as many as follow each other.

    A group is there where one of `painting` is among them.
    """
    before, behind = (r"\x00", "") if order == ">" else ("", r"\x00")
    arrays = "|".join(
        rf"{tags}(?:\xc0{_counted(unit, most=most)}|\xc1{_counted(unit, before, behind, most=most)})"
        for tags, unit, most in ((r"\xc8", 1, 255), (r"[\xc9\xcb]", 2, 127), (r"[\xca\xcc\xcd]", 4, 15))
    )
    plain = "|".join(
        f"{tags}.{{{size}}}"
        for tags, size in (
            (r"\xc0", 1),
            (r"[\xc1\xc3\xd0]", 2),
            (r"[\xd1\xd3\xc2\xc4\xc5\xe0]", 4),
            (r"[\xd2\xd4\xd5\xe1\xe3]", 8),
            (r"[\xe2\xe4\xe5]", 16),
        )
    )
    operator = f"(?:[{_charset(quiet)}]" + (f"|([{_charset(painting)}]))" if painting else ")")
    wide = (r"\x00\x00\x00", "") if order == ">" else ("", r"\x00\x00\x00")
    data = rf"\xfb{_counted(1)}|\xfa{_counted(1, *wide)}"
    # First what most text jobs are made of: a cursor, short text.
    frequent = rf"\xd3.{{4}}\xf8.{operator}|\xc8\xc0{_counted(1, most=31)}\xf8.{operator}"
    item = rf"{frequent}|(?:(?:{plain}|{arrays})\xf8.){{0,40}}{operator}|{data}"
    return re.compile(f"(?:{item}){{1,4000}}".encode("ascii"), re.DOTALL)


def _charset(octets: bytes) -> str:
    return "".join(rf"\x{octet:02x}" for octet in octets)
