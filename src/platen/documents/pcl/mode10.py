"""Compression method 10 of HP's ink-jet devices: rows of pixels of 24 bits, told by what changed in the row above.

command   literal 0 or run 1, where its first pixel comes from:2, pixels that stay as above:2, further pixels:3
pixel     0 and red, green and blue without the last bit of blue; or 1 and how far each is from the pixel above, in
          five bits, of blue without the last one

A number that is full goes on in further octets; of a literal's pixels these stand between what they count.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PIXELS_MAX = 1 << 16  # of a row; the widest device in its finest resolution has fewer
WHITE = 0xFFFFFE
_RUN, _PIXEL_BYTES = 0x80, 3
_NEW, _LEFT, _ABOVE_RIGHT = 0, 1, 2  # and the pixel that was new last


def unpack_row(payload: bytes, seed: list[int]) -> tuple[list[int], set[int]]:
    """The row below `seed`, which is as wide, and the pixels that are new in it. Damaged data end the row early."""
    row = _Row(payload, seed)
    try:
        while row.at < len(payload) and len(row.pixels) < len(seed):
            row.take_command()
    except IndexError:
        pass
    pixels = row.pixels[: len(seed)]
    return pixels + seed[len(pixels) :], row.new


@dataclass(slots=True)
class _Row:
    """A row in the making."""

    payload: bytes
    seed: list[int]
    at: int = 0
    pixels: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    last_new: int = WHITE

    def take_command(self) -> None:
        """Raises: IndexError where the payload ends within it."""
        command = self._octet()
        same, more = command >> 3 & 3, command & 7
        same += self._rest() if same == 3 else 0
        done = len(self.pixels)
        self.pixels += self.seed[done : done + same]
        pixel = self._first(command >> 5 & 3)
        if command & _RUN:
            count = more + 2 + (self._rest() if more == 7 else 0)
            self.pixels += [pixel] * min(count, len(self.seed) - len(self.pixels))
            return
        self.pixels.append(pixel)
        self._literal(more)
        goes_on = more == 7
        while goes_on and len(self.pixels) < len(self.seed):
            more = self._octet()
            self._literal(more)
            goes_on = more == 0xFF

    def _octet(self) -> int:
        self.at += 1
        return self.payload[self.at - 1]

    def _rest(self) -> int:
        """What a full number goes on with."""
        number = octet = self._octet()
        while octet == 0xFF and number < PIXELS_MAX:
            octet = self._octet()
            number += octet
        return number

    def _first(self, source: int) -> int:
        if source == _NEW:
            return self._new()
        done = len(self.pixels)
        if source == _LEFT:
            return self.pixels[-1] if done else WHITE
        if source == _ABOVE_RIGHT:
            return self.seed[done + 1] if done + 1 < len(self.seed) else WHITE
        return self.last_new

    def _literal(self, count: int) -> None:
        for _ in range(min(count, len(self.seed) - len(self.pixels))):
            self.pixels.append(self._new())

    def _new(self) -> int:
        payload, at = self.payload, self.at
        if payload[at] & 0x80:
            delta = payload[at] << 8 | payload[at + 1]
            above = self.seed[len(self.pixels)] if len(self.pixels) < len(self.seed) else WHITE
            red = (above >> 16) + _signed(delta >> 10)
            green = (above >> 8) + _signed(delta >> 5)
            blue = above + 2 * _signed(delta)
            pixel = (red & 0xFF) << 16 | (green & 0xFF) << 8 | blue & 0xFE
            self.at = at + 2
        else:
            pixel = (payload[at] << 16 | payload[at + 1] << 8 | payload[at + 2]) << 1 & WHITE
            self.at = at + _PIXEL_BYTES
        self.last_new = pixel
        self.new.add(pixel)
        return pixel


def _signed(bits: int) -> int:
    return (bits & 0x1F ^ 0x10) - 0x10
