"""Raster data of ink-jet devices: Configure Raster Data (ESC *g#W) says what the parts of a row are.

format 2   2, number of inks, then for each of them the resolutions across and along (16 bits) and the number of levels
           (16 bits). A row is sent as planes: of each ink its bits, lowest first.
format 6   6, ..., number of parts (16 bits), then for each of them the resolutions across and along (16 bits), the
           compression method, ..., bits of a pixel, ...: black in one bit, and red, green and blue in one part.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.documents.pcl.mode10 import PIXELS_MAX, WHITE, unpack_row
from platen.documents.pcl.palette import Look, Palette, look_of
from platen.documents.pcl.rows import RasterRows

_PLANES_MAX = 8
_INK_BYTES, _PART_BYTES, _PARTS_MAX = 6, 8, 8
_INKS, _PARTS = 2, 6  # formats
_PARTS_AT = 4
_PIXELS_METHOD, _ONE_BIT = 10, 1
# What an octet of pixels takes beside one of an unpacked row, and pixels that stay as above.
_PIXEL_WEIGHT, _COPIED_AT_ONCE = 16, 8


def resolution_of(payload: bytes) -> tuple[int, int] | None:
    """Of the first ink."""
    at = {_INKS: 2, _PARTS: _PARTS_AT}.get(payload[0]) if payload else None
    if at is None or len(payload) < at + _INK_BYTES:
        return None
    across, along = int.from_bytes(payload[at : at + 2], "big"), int.from_bytes(payload[at + 2 : at + 4], "big")
    return (across, along) if across and along else None


def palette_of(payload: bytes) -> Palette:
    """What the planes of a row stand for. A coding that is not read here can hold colour, and nobody can tell."""
    levels = [
        int.from_bytes(payload[at + 4 : at + 6], "big") for at in range(2, len(payload) - _INK_BYTES + 1, _INK_BYTES)
    ]
    inks = payload[1] if len(payload) > 1 else 0
    planes = [max(1, (level - 1).bit_length()) for level in levels[:inks]]
    is_known = payload[:1] == bytes([_INKS]) and len(planes) == inks and inks in (1, 3, 4)
    if not is_known or sum(planes) > _PLANES_MAX:
        return Palette([Look.WHITE, Look.COLOR], bits=_PLANES_MAX + 1)
    looks = [_look(index, planes) for index in range(1 << sum(planes))]
    return Palette(looks, space=1, bits=sum(planes), is_fixed=True)


def _look(index: int, planes: list[int]) -> Look:
    """Of the amounts of black (where there is any), cyan, magenta and yellow that an index stands for."""
    amounts = []
    for bits in planes:
        amounts.append(index & (1 << bits) - 1)
        index >>= bits
    inks = amounts[-3:] if len(amounts) >= 3 else []
    if inks and not inks[0] == inks[1] == inks[2]:
        return Look.COLOR
    return Look.GRAY if any(amounts) else Look.WHITE


@dataclass(slots=True)
class InkRows(RasterRows):
    """Rows whose parts may be inks or pixels."""

    parts: list[tuple[int, int]] = field(default_factory=list)  # compression method, bits of a pixel; none: format 2
    is_known: bool = True  # what the planes are
    _part: int = 0
    _above: list[int] = field(default_factory=list)

    def configure(self, payload: bytes) -> None:
        """ESC *g#W."""
        self.is_known = palette_of(payload).bits <= _PLANES_MAX
        self.parts = []
        if payload[:1] == bytes([_PARTS]):
            count = min(int.from_bytes(payload[2:_PARTS_AT], "big"), _PARTS_MAX)
            starts = range(_PARTS_AT, len(payload) - _PART_BYTES + 1, _PART_BYTES)
            self.parts = [(payload[at + 4], payload[at + 6]) for at in starts][:count]
        self.start()

    def reset(self) -> None:
        """As before any configuration."""
        self.method, self.width, self.parts, self.is_known = 0, None, [], True
        self.start()

    def start(self) -> None:
        RasterRows.start(self)
        self._part = 0
        self._above = []

    def look(self, payload: bytes, palette: Palette, *, is_last_plane: bool) -> Look | None:
        if not self.parts:
            if not self.is_known:
                return None if payload else Look.WHITE
            return RasterRows.look(self, payload, palette, is_last_plane=is_last_plane)
        method, bits = self.parts[min(self._part, len(self.parts) - 1)]
        self._part = 0 if is_last_plane else self._part + 1
        if not payload:
            return Look.WHITE
        if bits == _ONE_BIT:
            return Look.GRAY
        return self._look_of_pixels(payload) if method == _PIXELS_METHOD else None

    def _look_of_pixels(self, payload: bytes) -> Look | None:
        if self.width is None or self.width > PIXELS_MAX:
            return None
        self.bytes_left -= _PIXEL_WEIGHT * len(payload) + self.width // _COPIED_AT_ONCE
        if self.bytes_left < 0:
            return None
        self._above, new = unpack_row(payload, self._above or [WHITE] * self.width)
        looks = (
            look_of((pixel >> 16) / 255, (pixel >> 8 & 255) / 255, (pixel & 255) / 255, white=1.0) for pixel in new
        )
        return max(looks, default=Look.WHITE)
