"""What is seen in stored pixels, whatever their colour space and depth."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

from platen.documents.pictures.seen import COLOR, GRAY, WHITE, has_color, seen
from platen.documents.raster.layout import Order, RasterLayout
from platen.documents.raster.spaces import can_be_colored, rgb_of, white_of

_WORD = 4
_KEPT_MAX = 1 << 16  # pixels whose look is remembered


@functools.lru_cache(maxsize=64)
def pixels_of(layout: RasterLayout) -> Pixels | None:
    """How to look at the pixels of a page. None: its colour space or depth is none that the standards define."""
    bits, space = layout.bits_per_color, layout.space
    if space is None or bits not in (1, 2, 4, 8, 16):
        return None
    if layout.order is not Order.CHUNKY:
        return _Separate(layout, space)
    if len(space) * bits > layout.bits_per_pixel:
        return None
    if layout.bits_per_pixel in (1, 2, 4, 8):
        return _Packed(layout, space)
    return _Whole(layout, space) if bits >= 8 and len(space) * bits == layout.bits_per_pixel else _wide(layout, space)


class Pixels:
    """Looks at octets of a page. `most` is the most that can be seen in such pixels: GRAY where nothing is coloured."""

    def __init__(self, layout: RasterLayout, space: str) -> None:
        self.layout = layout
        self.space = space
        self.most = COLOR if can_be_colored(space) else GRAY
        self._kept: dict[tuple[int, ...], int] = {}

    def seen_in(self, octets: bytes, step: int, *, first: int = 0) -> int:
        """WHITE, GRAY or COLOR of the pixels that begin at every `step` octets, from the `first`."""
        raise NotImplementedError

    def channels(self, octets: bytes) -> list[bytes]:
        """The pixels' channels, an octet (0..255) for each pixel."""
        raise NotImplementedError

    def _seen_in_channels(self, channels: list[bytes]) -> int:
        if self.space in ("RGB", "CMY", "YMC"):
            if has_color(channels[0], channels[1], channels[2]):
                return COLOR
            return GRAY
        return max(map(self._seen_in_pixel, set(zip(*channels, strict=False))), default=WHITE)

    def _seen_in_pixel(self, values: tuple[int, ...]) -> int:
        found = self._kept.get(values)
        if found is None:
            if len(self._kept) >= _KEPT_MAX:
                self._kept.clear()
            found = self._kept[values] = seen(*rgb_of(self.space, values))
        return found


class _Whole(Pixels):
    """Channels of 8 or 16 bits, together; of 16 the higher octet tells."""

    def __init__(self, layout: RasterLayout, space: str) -> None:
        super().__init__(layout, space)
        size = layout.bits_per_color // 8
        first = size - 1 if layout.little_endian else 0
        self._offsets = range(first, size * len(space), size)
        self._white = [bytes((octet,)) for octet in white_of(space)]

    def seen_in(self, octets: bytes, step: int, *, first: int = 0) -> int:
        channels = [octets[first + offset :: step] for offset in self._offsets]
        if not any(channel.translate(None, white) for channel, white in zip(channels, self._white, strict=True)):
            return WHITE
        if self.most == GRAY or (self.space == "RGB" and channels[0] == channels[1] == channels[2]):
            return GRAY
        if step == _WORD and self.layout.pixel_bytes == len(self.space) == _WORD - first:
            return self._seen_in_words(octets, first)
        return self._seen_in_channels(channels)

    def _seen_in_words(self, octets: bytes, first: int) -> int:
        """Pixels that, with the code in front of them, have four octets: there are few unlike ones among them."""
        words = set(memoryview(octets[: len(octets) - len(octets) % _WORD]).cast("I"))
        mask = int.from_bytes(bytes(first) + b"\xff" * (_WORD - first), sys.byteorder)
        pixels = (word.to_bytes(_WORD, sys.byteorder)[first:] for word in {word & mask for word in words})
        return max(map(self._seen_in_pixel, map(tuple, pixels)), default=WHITE)

    def channels(self, octets: bytes) -> list[bytes]:
        step = self.layout.pixel_bytes
        return [octets[offset::step] for offset in self._offsets]


class _Packed(Pixels):
    """One pixel or several in an octet, the first highest. A pixel's channels fill its lower bits."""

    def __init__(self, layout: RasterLayout, space: str) -> None:
        super().__init__(layout, space)
        table = [list(self._pixels_in(octet)) for octet in range(256)]
        looks = [max(map(self._seen_in_pixel, pixels)) for pixels in table]
        self._white = bytes(octet for octet in range(256) if looks[octet] == WHITE)
        self._dull = bytes(octet for octet in range(256) if looks[octet] != COLOR)
        # Of each channel, what its pixels in an octet are.
        self._channels = [[bytes(pixel[place] for pixel in pixels) for pixels in table] for place in range(len(space))]

    def _pixels_in(self, octet: int) -> Iterator[tuple[int, ...]]:
        bits, depth = self.layout.bits_per_pixel, self.layout.bits_per_color
        full = (1 << depth) - 1
        for shift in range(8 - bits, -1, -bits):
            yield tuple(
                (octet >> shift + depth * index & full) * 255 // full for index in range(len(self.space) - 1, -1, -1)
            )

    def seen_in(self, octets: bytes, step: int, *, first: int = 0) -> int:
        octets = octets[first::step]
        if not octets.translate(None, self._white):
            return WHITE
        return GRAY if self.most == GRAY or not octets.translate(None, self._dull) else COLOR

    def channels(self, octets: bytes) -> list[bytes]:
        return [b"".join(map(channel.__getitem__, octets))[: self.layout.width] for channel in self._channels]


class _Wide(Pixels):
    """Small channels in pixels of 16 bits or more (four bits of red, green and blue in 16)."""

    def seen_in(self, octets: bytes, step: int, *, first: int = 0) -> int:
        found = WHITE
        size = self.layout.pixel_bytes
        for pixel in {octets[start : start + size] for start in range(first, len(octets), step)}:
            found = max(found, self._seen_in_pixel(self._split(pixel)))
        return found

    def _split(self, pixel: bytes) -> tuple[int, ...]:
        value = int.from_bytes(pixel, "little" if self.layout.little_endian else "big")
        depth = self.layout.bits_per_color
        full = (1 << depth) - 1
        return tuple((value >> depth * index & full) * 255 // full for index in range(len(self.space) - 1, -1, -1))

    def channels(self, octets: bytes) -> list[bytes]:
        size = self.layout.pixel_bytes
        pixels = [self._split(octets[start : start + size]) for start in range(0, len(octets), size)]
        return _transposed(pixels, len(self.space))


def _wide(layout: RasterLayout, space: str) -> Pixels | None:
    return _Wide(layout, space) if layout.bits_per_pixel % 8 == 0 else None


class _Separate(Pixels):
    """A line of each channel, one after the other (bands; planes are put together by the caller)."""

    def seen_in(self, octets: bytes, step: int, *, first: int = 0) -> int:
        channels = self.channels(octets[first:])
        if not any(
            channel.translate(None, bytes((white,)))
            for channel, white in zip(channels, white_of(self.space), strict=True)
        ):
            return WHITE
        return GRAY if self.most == GRAY else self._seen_in_channels(channels)

    def channels(self, octets: bytes) -> list[bytes]:
        size, width = len(octets) // len(self.space), self.layout.width
        starts = (size * index for index in range(len(self.space)))
        return [_samples(octets[start : start + size], self.layout)[:width] for start in starts]


def _transposed(pixels: list[tuple[int, ...]], channels: int) -> list[bytes]:
    return [bytes(channel) for channel in zip(*pixels, strict=True)] or [b""] * channels


def _samples(octets: bytes, layout: RasterLayout) -> bytes:
    """An octet (0..255) for each sample of one channel."""
    depth = layout.bits_per_color
    if depth == 8:
        return octets
    if depth == 16:
        return octets[1 if layout.little_endian else 0 :: 2]
    return b"".join(map(_expanded(depth).__getitem__, octets))


@functools.lru_cache(maxsize=3)
def _expanded(depth: int) -> list[bytes]:
    full = (1 << depth) - 1
    return [
        bytes((octet >> shift & full) * 255 // full for shift in range(8 - depth, -1, -depth)) for octet in range(256)
    ]
