"""Makes what JBIG pictures hold (ITU-T T.82), by the plain rules and without any haste."""

from __future__ import annotations

import struct

from platen.documents.hostbased.qm_coder import HALF, LESS, MORE, SIZES

Rows = list[list[int]]


class Coder:
    """The arithmetic coder (section 6.7); a carry runs through the whole number."""

    def __init__(self) -> None:
        self.estimates = [0] * 1024
        self.begin()

    def begin(self) -> None:
        self._code, self._interval, self._bits = 0, 0x10000, 16

    def put(self, context: int, symbol: int) -> None:
        estimate = self.estimates[context]
        size, self._interval = SIZES[estimate], self._interval - SIZES[estimate]
        is_likely = symbol == estimate & 1
        if is_likely and self._interval >= HALF:
            return
        if is_likely == (self._interval < size):
            self._code += self._interval
            self._interval = size
        self.estimates[context] = MORE[estimate] if is_likely else LESS[estimate]
        while self._interval < HALF:
            self._interval, self._code, self._bits = self._interval << 1, self._code << 1, self._bits + 1

    def octets(self) -> bytes:
        """What was put since `begin`, with stuffing and without zeros at the end."""
        fill = -self._bits % 8
        octets = (self._code << fill).to_bytes((self._bits + fill) // 8, "big")
        return octets.rstrip(b"\0").replace(b"\xff", b"\xff\0")


def context_of(rows: Rows, y: int, x: int, *, two_lines: bool) -> int:
    """The pixels around one, as figures 4 and 5 name them."""

    def at(line: int, column: int) -> int:
        return rows[line][column] if line >= 0 and 0 <= column < len(rows[line]) else 0

    if two_lines:
        places = [(y - 1, x + d) for d in range(-3, 3)] + [(y, x + d) for d in range(-4, 0)]
    else:
        places = [(y - 2, x + d) for d in (-1, 0, 1)] + [(y - 1, x + d) for d in range(-2, 3)]
        places += [(y, x + d) for d in (-2, -1)]
    bits = 0
    for place in places:
        bits = bits << 1 | at(*place)
    return bits


def jbig(
    rows: Rows, *, two_lines: bool = True, predicts: bool = True, stripe: int = 1 << 20, resets: bool = False
) -> bytes:
    """A picture of one layer: its header of 20 octets, and its stripes."""
    width, height = len(rows[0]), len(rows)
    options = 0x40 * two_lines | 0x08 * predicts
    out = struct.pack(">BBBBIIIBBBB", 0, 0, 1, 0, width, height, min(stripe, height), 0, 0, 0, options)
    coder, was_unlike, begin = Coder(), 1, 0
    for y, row in enumerate(rows):
        seen = rows[begin:]
        if predicts:
            above = rows[y - 1] if y > begin else [0] * width
            is_unlike = int(row != above)
            coder.put(0x195 if two_lines else 0x0E5, int(is_unlike == was_unlike))
            was_unlike = is_unlike
        if not predicts or was_unlike:
            for x, pixel in enumerate(row):
                coder.put(context_of(seen, y - begin, x, two_lines=two_lines), pixel)
        if (y + 1) % stripe == 0 or y + 1 == height:
            out += coder.octets() + (b"\xff\x03" if resets else b"\xff\x02")
            coder.begin()
            if resets:
                coder.estimates, was_unlike, begin = [0] * 1024, 1, y + 1
    return out
