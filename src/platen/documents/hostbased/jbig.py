"""Bi-level pictures coded by JBIG (ITU-T T.82) in one layer, line by line.

header  layers:8 from, layers:8 to, planes:8, -, width:32, height:32, lines of a stripe:32, mx:8, my:8, order:8, then
        options:8
stripe  coded octets in which 0xFF is followed by 0, then ESC SDNORM (0x02) or ESC SDRST (0x03)
between stripes: ESC NEWLEN (0x05) height:32, ESC ATMOVE (0x06) line:32 x:8 y:8, ESC COMMENT (0x07) size:32

Where all around a pixel is white, only one context occurs, and decisions are taken many at once: white costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from platen.documents.hostbased.qm_coder import HALF, SIZES, Decoder, Steps, TooLaborious

HEADER_BYTES = 20
_VARIABLE_LENGTH, _TYPICAL_PREDICTION, _TWO_LINES = 0x20, 0x08, 0x40
_RESET = 0x03
_ENDS = (0x02, 0x03)
_NEW_LENGTH, _MOVE, _COMMENT = 0x05, 0x06, 0x07
_MARKER = re.compile(rb"\xff[^\0]", re.DOTALL)
_CONTEXTS = 1024
_WIDTH_MAX = 1 << 17
EDGE = 4  # white pixels on each side of a line, which contexts reach for


class Undecodable(Exception):
    """The picture is of another kind than is read here, or cut off."""


@dataclass(frozen=True, slots=True)
class _Template:
    """Which pixels around one are its context (figures 4 and 5), as bits from the line two above to its own line."""

    predicting: int  # the context of the decision on a line as a whole
    second_mask: int  # of the line two above: three pixels around, or none
    first_shift: int
    first_mask: int  # of the line above, up to two pixels on
    own_mask: int


_TWO = _Template(predicting=0x195, second_mask=0, first_shift=4, first_mask=0x3F, own_mask=0xF)
_THREE = _Template(predicting=0x0E5, second_mask=7, first_shift=2, first_mask=0x1F, own_mask=0x3)
_SECOND_SHIFT = 7


@dataclass(frozen=True, slots=True)
class _Stripe:
    octets: bytes
    resets: bool  # what was learnt is forgotten behind it
    whole: bool  # its end was found
    moves: bool  # the template is changed on the way


class Picture:
    """One picture. Raises, when made: Undecodable."""

    def __init__(self, header: bytes, octets: bytes, steps: Steps) -> None:
        if len(header) < HEADER_BYTES or header[0] != 0 or header[1] != 0 or header[2] != 1:
            raise Undecodable
        self.width, self.height, self._stripe_lines = (int.from_bytes(header[at : at + 4], "big") for at in (4, 8, 12))
        self._options = header[19]
        self._template = _TWO if self._options & _TWO_LINES else _THREE
        if not 0 < self.width <= _WIDTH_MAX or not self.height or not self._stripe_lines:
            raise Undecodable
        self._steps = steps
        self._stripes = list(self._stripes_in(octets))
        self.white = bytearray(self.width + 2 * EDGE)

    def is_marked(self) -> bool | None:
        """Whether any pixel is set; decoded no further than to the first. None: it cannot be told."""
        try:
            return any(line is not self.white for line in self.lines())
        except (Undecodable, TooLaborious):
            return None

    def lines(self) -> Iterator[bytearray]:
        """Each line as an octet of 0 or 1 for each pixel, with white edges; `white` itself for one without a mark.

        Raises: Undecodable, TooLaborious.
        """
        above, second = self.white, self.white
        estimates, was_unlike, lines_left = [0] * _CONTEXTS, True, self.height
        for stripe in self._stripes:
            decoder = _PixelDecoder(stripe.octets, estimates, self._steps, self._template)
            count = min(lines_left, self._stripe_lines)
            lines_left -= count
            for _ in range(count):
                if self._options & _TYPICAL_PREDICTION:
                    was_unlike = decoder.decision(self._template.predicting) == was_unlike
                line = self._line(decoder, above, second, moves=stripe.moves) if was_unlike else above
                if not stripe.whole and decoder.is_past_end:
                    raise Undecodable
                yield line
                above, second = line, above
            if stripe.resets:
                above, second, was_unlike = self.white, self.white, True
                estimates[:] = [0] * _CONTEXTS
        if lines_left:
            raise Undecodable

    def _line(self, decoder: _PixelDecoder, above: bytearray, second: bytearray, *, moves: bool) -> bytearray:
        """The next line: like decisions at once where all around is white, else pixel by pixel."""
        if not self._template.second_mask:
            second = self.white
        line, x, stop = bytearray(self.width + 2 * EDGE), EDGE, self.width + EDGE
        self._steps.take()
        while x < stop:
            nearest = above.find(1, x - 3) - 2, second.find(1, x - 1) - 1
            free = min([stop, *(at for at in nearest if at >= 0)]) - x
            if free > 0 and 1 not in line[x - EDGE : x]:
                taken = decoder.run(0, 0, free)
                x += taken
                if taken == free:
                    continue
                line[x] = 1
                x += 1
            if moves:
                raise Undecodable
            x = decoder.pixels(line, above, second, x, stop)
        return line if 1 in line else self.white

    def _stripes_in(self, octets: bytes) -> Iterator[_Stripe]:
        """The stripes of a picture; where its height comes between them it is taken."""
        position, length, moves = 0, len(octets), False
        while position < length:
            kind = octets[position + 1] if octets[position] == 0xFF and position + 1 < length else 0
            if kind in (_NEW_LENGTH, _MOVE, _COMMENT):
                value = int.from_bytes(octets[position + 2 : position + 6], "big")
                if kind == _NEW_LENGTH and self._options & _VARIABLE_LENGTH:
                    self.height = min(self.height, value)
                moves = moves or kind == _MOVE
                position += 6 + {_MOVE: 2, _COMMENT: value}.get(kind, 0)
                continue
            marker = _MARKER.search(octets, position)
            stop = marker.start() if marker else length
            kind = octets[stop + 1] if marker else 0
            coded = octets[position:stop].replace(b"\xff\0", b"\xff")
            yield _Stripe(coded, resets=kind == _RESET, whole=kind in _ENDS, moves=moves)
            if kind not in _ENDS:
                return
            position = stop + 2


class _PixelDecoder(Decoder):
    """Decodes pixels in the contexts of a template."""

    def __init__(self, octets: bytes, estimates: list[int], steps: Steps, template: _Template) -> None:
        super().__init__(octets, estimates, steps)
        self._template = template

    def pixels(self, line: bytearray, above: bytearray, second: bytearray, x: int, stop: int) -> int:
        """Decode pixels from x on until all around is white again. Returns: the x reached."""
        template, estimates, begin = self._template, self._estimates, x
        first_mask, second_mask, own_mask = template.first_mask, template.second_mask, template.own_mask
        first_shift, is_three = template.first_shift, bool(second_mask)
        first, around, own = _window(above, x - 3, x + 2), _window(second, x - 1, x + 1), _window(line, x - 4, x - 1)
        first, around, own = first & first_mask, around & second_mask, own & own_mask
        while x < stop:
            context = around << _SECOND_SHIFT | first << first_shift | own
            if not context and x > begin:
                break
            estimate = estimates[context]
            size = SIZES[estimate]
            left = self._interval - size
            if left >= HALF and self._code >> 8 < left:  # the most frequent way of `decision`
                self._interval = left
                pixel = estimate & 1
            else:
                pixel = self.decision(context)
            line[x] = pixel
            x += 1
            own = (own << 1 | pixel) & own_mask
            first = (first << 1 | above[x + 2]) & first_mask
            if is_three:
                around = (around << 1 | second[x + 1]) & second_mask
        self._steps.take(x - begin)
        return x


def _window(line: bytearray, begin: int, end: int) -> int:
    """Pixels as bits, `end` the lowest."""
    bits = 0
    for pixel in line[begin : end + 1]:
        bits = bits << 1 | pixel
    return bits
