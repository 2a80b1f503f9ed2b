"""The planes of QPDL bands as pixels, by their kinds of compression.

0x0D  packets of an offset from where the last run began, and a run of marked pixels, over lines of a fixed width:
      0vrrrrrr o   10oooooo o 10vvrrrr r   11000000 o o o 11rrrrrr r        v: lines further, o: signed but in the last
0x0E  lines of a fixed length, in runs and literals: 01nnnnnn v (129 - n times)   11nnnnnn n v   10nnnnnn n, literals
0x11  signature:32, octets:32 of a beginning that is not compressed, 64 distances:16, that beginning, then 0nnnnnnn and
      n + 1 literals, or 1nnnnnnn nndddddd, a copy of n + 3 octets from so far back; column of octets by column
0x13  signature:32, octets:32, 24 octets, then a piece of one JBIG picture for each colour of the page; header first
0x15  signature:32, JBIG without header: a picture for each band; their header stands in front of the page

Octets of 0x0E and 0x11 are inverted: 0xFF is white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platen.documents.hostbased.jbig import EDGE, Picture, Undecodable
from platen.documents.hostbased.qm_coder import Steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]  # lines x columns, 1 where marked

PACKETS, RUNS, COPIES, JBIG_OF_PAGE, JBIG_OF_BAND = 0x0D, 0x0E, 0x11, 0x13, 0x15
COMPRESSIONS = frozenset({PACKETS, RUNS, COPIES, JBIG_OF_PAGE, JBIG_OF_BAND})
_LITTLE_ENDIAN, _BIG_ENDIAN = b"\xef\xcd\xab", b"\xab\xcd\xef"  # beside the signature's high octet, 0x09 or 0x39
_SUB_HEADER_BYTES = 32
_LINE_PIXELS = {64: 0x9A0, 128: 0x1360}  # of 0x0D and 0x0E by the lines of a band, at 300 and 600 dpi
_DISTANCES_AT, _BEGINNING_AT = 8, 8 + 64 * 2
_PIXELS_MAX = 1 << 25  # of a band
_PIXELS_PER_STEP = 256


@dataclass(frozen=True, slots=True)
class Plane:
    """One colour of one band as it stands in the stream, without its checksum."""

    band: int
    color: int
    compression: int
    width: int  # as the band states it
    height: int
    content: bytes


def pixels_of(plane: Plane, header: bytes, steps: Steps) -> Pixels:
    """The pixels of a band's plane; `header` is that of JBIG. Raises: Undecodable, TooLaborious."""
    import numpy as np

    if plane.compression == JBIG_OF_BAND:
        picture = Picture(header, piece_of_picture(plane.content), steps)
        return pixels_of_lines(list(picture.lines()), picture.white)
    width = _LINE_PIXELS.get(plane.height, plane.width) if plane.compression != COPIES else plane.width
    if not 0 < width * plane.height <= _PIXELS_MAX:
        raise Undecodable
    steps.take(width * plane.height // _PIXELS_PER_STEP)
    if plane.compression == PACKETS:
        return np.frombuffer(_packets(plane.content, width, plane.height, steps), np.uint8).reshape(-1, width)
    size = width // 8 * plane.height
    octets = (_runs if plane.compression == RUNS else _copies)(plane.content, size, steps)
    inverted = np.frombuffer(bytes(octets[:size]).ljust(size, b"\xff"), np.uint8)
    lines = inverted.reshape(-1, width // 8) if plane.compression == RUNS else inverted.reshape(width // 8, -1).T
    return np.unpackbits(~lines, axis=1)


def pixels_of_lines(lines: list[bytearray], white: bytearray) -> Pixels:
    """Lines of a JBIG picture without their edges; nothing at all where they are white."""
    import numpy as np

    if all(line is white for line in lines):
        return np.zeros((0, 0), np.uint8)
    return np.frombuffer(b"".join(lines), np.uint8).reshape(len(lines), -1)[:, EDGE:-EDGE]


def _order_of(content: bytes) -> str | None:
    """How numbers stand in a plane, by its signature; None where it has none."""
    if content[1:4] == _BIG_ENDIAN and content[0] & 0x0F == 0x09:
        return "big"
    if content[:3] == _LITTLE_ENDIAN and len(content) > 3 and content[3] & 0x0F == 0x09:
        return "little"
    return None


def _number(content: bytes, at: int, size: int) -> int:
    octets = content[at : at + size]
    return int.from_bytes(octets, "big") if _order_of(content) == "big" else int.from_bytes(octets, "little")


def piece_of_picture(content: bytes) -> bytes:
    """A JBIG picture, or a piece of one, without what stands before it."""
    order = _order_of(content)
    if order is None:
        return content
    size = _number(content, 4, 4)
    if content[0 if order == "big" else 3] >> 4 and _SUB_HEADER_BYTES + size <= len(content):
        return content[_SUB_HEADER_BYTES : _SUB_HEADER_BYTES + size]
    return content[4:]


def _packets(content: bytes, width: int, height: int, steps: Steps) -> bytearray:
    """0x0D: an octet of 0 or 1 for each pixel."""
    pixels, ones = bytearray(width * height), b"\1" * 0x4000
    at, position, length = 0, 0, len(content)
    while position < length:
        steps.take()
        first = content[position]
        if first < 0x80:
            lines, run, size = first >> 6, first & 0x3F, 2
            offset = int.from_bytes(content[position + 1 : position + 2], "big", signed=True)
        elif first < 0xC0:
            third, size = int.from_bytes(content[position + 2 : position + 4], "big"), 4
            lines, run = third >> 12 & 3, third & 0xFFF
            offset = (int.from_bytes(content[position : position + 2], "big") + 0x2000 & 0x3FFF) - 0x2000
        else:
            lines, run, size = 0, int.from_bytes(content[position + 4 : position + 6], "big") & 0x3FFF, 6
            offset = int.from_bytes(content[position + 1 : position + 4], "big")
        at += lines * width + offset
        position += size
        if position > length or at < 0 or at + run > len(pixels):
            raise Undecodable
        pixels[at : at + run] = ones[:run]
    return pixels


def _runs(content: bytes, size: int, steps: Steps) -> bytearray:
    """0x0E: up to `size` octets, still inverted."""
    octets, position, length = bytearray(), 0, len(content)
    while position < length and len(octets) < size:
        steps.take()
        first, second = content[position], content[position + 1 : position + 2]
        if first < 0x40:  # fills up the last word
            break
        if first < 0x80:
            octets += second * (129 - first)
            position += 2
        elif first >= 0xC0:
            count = min(size, 0x10001 - (first << 8 | int.from_bytes(second, "big")))
            octets += content[position + 2 : position + 3] * count
            position += 3
        else:
            count = ((first & 0x3F) << 8 | int.from_bytes(second, "big")) + 1
            octets += content[position + 2 : position + 2 + count]
            position += 2 + count
    if position > length or (len(octets) < size and any(content[position:])):
        raise Undecodable
    return octets


def _copies(content: bytes, size: int, steps: Steps) -> bytearray:
    """0x11: up to `size` octets, still inverted."""
    if _order_of(content) is None:
        raise Undecodable
    distances = [_number(content, at, 2) for at in range(_DISTANCES_AT, _BEGINNING_AT, 2)]
    position, length = _BEGINNING_AT + _number(content, 4, 4), len(content)
    octets = bytearray(content[_BEGINNING_AT:position])
    while position < length and len(octets) < size:
        steps.take()
        first = content[position]
        if first < 0x80:
            octets += content[position + 1 : position + 2 + first]
            position += 2 + first
            continue
        second = int.from_bytes(content[position + 1 : position + 2], "big")
        count, distance = (first & 0x7F | (second & 0xC0) << 1) + 3, distances[second & 0x3F]
        if not 0 < distance <= len(octets):
            raise Undecodable
        begin = len(octets) - distance
        pattern = octets[begin : begin + count]
        octets += (pattern * (count // len(pattern) + 1))[:count]
        position += 2
    if position > length or len(octets) < size:
        raise Undecodable
    return octets
