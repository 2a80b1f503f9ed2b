"""PCL XL in tokens (HP PCL XL Feature Reference, "Binary Stream"): values one by one.

value     0xC0..0xC5 scalar, 0xC8.. array with its length, 0xD0.. pair, 0xE0.. box; data follow in the stream's order
attribute 0xF8 id     operator 0x41..0xBF     data 0xFA length:32 or 0xFB length:8, then as many octets
"""

from __future__ import annotations

import struct

from platen.documents.source import Data

# Scalar types: tag -> struct code. 0x08 more is an array, 0x10 a pair, 0x20 a box of four.
_CODES = {0xC0: "B", 0xC1: "H", 0xC2: "I", 0xC3: "h", 0xC4: "i", 0xC5: "f"}
_SCALARS = {order: {tag: struct.Struct(order + code) for tag, code in _CODES.items()} for order in "<>"}
_ITEM_BYTES = {tag | 0x08: struct.calcsize(code) for tag, code in _CODES.items()}
_GROUPS = {
    order: {
        tag | shape: struct.Struct(f"{order}{count}{code}")
        for shape, count in ((0x10, 2), (0x20, 4))
        for tag, code in _CODES.items()
    }
    for order in "<>"
}
VALUE_BYTES = {tag: each.size for tag, each in (_SCALARS["<"] | _GROUPS["<"]).items()}
"""Octets behind the tag of a value that is no array."""
_UBYTE = 0xC0
_BLANKS = frozenset(b"\0\t\n\v\f\r ")
_ARRAY_BYTES_MAX = 4096  # of an array that is kept

Value = int | float | bytes | tuple[float, ...]


class OutOfData(Exception):
    """The stream ends within a value, or a value has no sense."""


def read_attributes(  # noqa: PLR0917  # where much of the time is spent: positions are the fastest
    data: Data, position: int, stop: int, order: str, attributes: dict[int, Value], tokens_max: int
) -> tuple[int, int]:
    """Put the values and blanks from `position` on into `attributes`.

    Returns: the offset of what is neither, and how many tokens were read, at most `tokens_max`.
    Raises: OutOfData, IndexError, struct.error where a value ends behind the data.
    """
    value: Value = 0
    tokens = 0
    scalars, groups = _SCALARS[order], _GROUPS[order]
    while position < stop and tokens < tokens_max:
        tag = data[position]
        if tag == _UBYTE:  # most are
            value = data[position + 1]
            position += 2
        elif (scalar := scalars.get(tag)) is not None:
            (value,) = scalar.unpack_from(data, position + 1)
            position += 1 + scalar.size
        elif tag == 0xF8:
            attributes[data[position + 1]] = value
            position += 2
        elif (group := groups.get(tag)) is not None:
            value = group.unpack_from(data, position + 1)
            position += 1 + group.size
        elif tag == 0xF9:
            position += 3
        elif 0xC0 <= tag <= 0xEF:
            value, position = _read_array(data, position, order)
        elif tag in _BLANKS:
            position += 1
        else:
            break
        tokens += 1
    return position, tokens


def _read_array(data: Data, position: int, order: str) -> tuple[Value, int]:
    """The array whose tag stands at `position`, and the offset behind it. Raises as above."""
    position, size_bytes = items_of_array(data, position, order)
    return bytes(data[position : position + min(size_bytes, _ARRAY_BYTES_MAX)]), position + size_bytes


def items_of_array(data: Data, position: int, order: str) -> tuple[int, int]:
    """Where the items of the array begin whose tag stands at `position`, and how many octets they are.

    Raises: OutOfData where the tag is not that of an array, or the count has no sense; IndexError, struct.error.
    """
    item_bytes = _ITEM_BYTES.get(data[position])
    if item_bytes is None:
        raise OutOfData
    scalars = _SCALARS[order]
    counting = scalars.get(data[position + 1]) or scalars[_UBYTE]
    (count,) = counting.unpack_from(data, position + 2)
    try:
        return position + 2 + counting.size, max(0, int(count)) * item_bytes
    except (OverflowError, ValueError):
        raise OutOfData from None  # of a count that is no number
