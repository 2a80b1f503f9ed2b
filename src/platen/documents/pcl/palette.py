"""What colours a palette holds, as far as it matters here: white, grey or something that a person sees as colour.

PCL 5 Color Technical Reference Manual: simple colour (ESC *r#U), Configure Image Data (ESC *v#W), entries
(ESC *v#A #B #C #I); HP-GL/2 pens (NP, PC) are the same palette.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass, field

from platen.documents.near_gray import NEAR_GRAY_SHARE

_ENTRIES_MAX = 256


class Look(enum.IntEnum):
    """What a person sees of a colour on white paper; the higher one decides on a page."""

    WHITE = 0
    GRAY = 1
    COLOR = 2


def most_striking(first: Look | None, second: Look | None) -> Look | None:
    """Of two marks on one page. None: a mark that could not be told; only colour outdoes it."""
    if first is Look.COLOR or second is Look.COLOR:
        return Look.COLOR
    return None if first is None or second is None else max(first, second)


class Coding(enum.IntEnum):
    """How the pixels of raster data are coded (Configure Image Data, octet 1)."""

    INDEX_BY_PLANE = 0
    INDEX_BY_PIXEL = 1
    DIRECT_BY_PLANE = 2
    DIRECT_BY_PIXEL = 3


_RGB, _CMY, _LAB = 0, 1, 3
_LUMINANCE_CHROMINANCE = 4


def look_of(first: float, second: float, third: float, *, white: float) -> Look:
    """Of three channels that are alike in a grey; `white`: their value on bare paper, of 0 to 1."""
    low, high = min(first, second, third), max(first, second, third)
    if high - low > NEAR_GRAY_SHARE:
        return Look.COLOR
    return Look.WHITE if abs(high - white) <= 0.004 and high - low <= 0.004 else Look.GRAY


@dataclass(slots=True)
class Palette:
    """A palette and the way in which raster data refer to it."""

    looks: list[Look] = field(default_factory=lambda: [Look.WHITE, Look.GRAY])
    coding: Coding = Coding.INDEX_BY_PLANE
    space: int = _RGB
    bits: int = 1  # of an index
    maxima: tuple[float, float, float] = (255.0, 255.0, 255.0)  # what stands for a full primary
    is_fixed: bool = False  # simple colour: the entries cannot be set

    def copy(self) -> Palette:
        """One of its own, for the palette stack."""
        return Palette(list(self.looks), self.coding, self.space, self.bits, self.maxima, self.is_fixed)

    @property
    def planes(self) -> int:
        """How many planes make a row of raster data."""
        if self.coding is Coding.INDEX_BY_PLANE:
            return self.bits
        return 3 if self.coding is Coding.DIRECT_BY_PLANE else 1

    @property
    def is_direct(self) -> bool:
        return self.coding in (Coding.DIRECT_BY_PLANE, Coding.DIRECT_BY_PIXEL)

    @property
    def white(self) -> float:
        """Of a channel, where paper stays bare."""
        return 0.0 if self.space == _CMY else 1.0

    @property
    def can_color(self) -> bool:
        """Whether raster data in this coding can hold colour at all."""
        return self.is_direct or Look.COLOR in self.looks

    def look(self, index: int) -> Look:
        """Of an index; larger ones begin again, as pens do."""
        return self.looks[index % len(self.looks)] if self.looks else Look.GRAY

    def assign(self, index: int, first: float, second: float, third: float) -> None:
        """Set an entry to three components as they stand in the command."""
        if self.is_fixed or not 0 <= index < len(self.looks):
            return
        if self.space in (_LAB, _LUMINANCE_CHROMINANCE):  # the second and third say how far from grey
            chroma = max(abs(second), abs(third))
            self.looks[index] = Look.COLOR if chroma > 8 else Look.GRAY
            return
        red, green, blue = (value / most for value, most in zip((first, second, third), self.maxima, strict=True))
        self.looks[index] = look_of(red, green, blue, white=self.white)

    def set_length(self, entries: int) -> None:
        """The number of pens (HP-GL/2 NP); new ones have the colours that they have by default."""
        entries = min(max(2, entries), _ENTRIES_MAX)
        default = _default_looks(self.space, max(1, (entries - 1).bit_length()))
        self.looks = (self.looks + default[len(self.looks) :])[:entries]


@functools.cache
def _eight(is_cmy: bool) -> tuple[Look, ...]:
    ends = (Look.WHITE, Look.GRAY) if is_cmy else (Look.GRAY, Look.WHITE)
    return (ends[0], *[Look.COLOR] * 6, ends[1])


def _default_looks(space: int, bits: int) -> list[Look]:
    """The palette that comes with a number of bits (PCL 5 Color TRM, "Default Palettes")."""
    if bits == 1:
        return [Look.WHITE, Look.GRAY]
    if bits == 2:
        ends = (Look.WHITE, Look.GRAY) if space == _CMY else (Look.GRAY, Look.WHITE)
        return [ends[0], Look.COLOR, Look.COLOR, ends[1]]
    looks = list(_eight(space == _CMY))
    return looks + [Look.GRAY] * ((1 << min(bits, 8)) - len(looks))


def simple_palette(planes: int) -> Palette:
    """ESC *r#U: 1 one plane of black, 3 RGB, -3 CMY, -4 KCMY."""
    if abs(planes) == 3:
        space = _RGB if planes > 0 else _CMY
        return Palette(list(_eight(space == _CMY)), space=space, bits=3, is_fixed=True)
    if planes == -4:
        looks = [_kcmy(index) for index in range(16)]
        return Palette(looks, space=_CMY, bits=4, is_fixed=True)
    return Palette(is_fixed=True)


def _kcmy(index: int) -> Look:
    """Of an index whose lowest bit is black."""
    if index & 1:
        return Look.GRAY
    return {0: Look.WHITE, 7: Look.GRAY}.get(index >> 1, Look.COLOR)


def configured_palette(payload: bytes) -> Palette | None:
    """ESC *v#W: colour space, coding, bits of an index, bits of each primary. None: it makes no sense."""
    if len(payload) < 3 or payload[1] > 3:
        return None
    coding, bits = Coding(payload[1]), min(max(1, payload[2]), 8)
    primaries = payload[3:6] if len(payload) >= 6 else b"\x08\x08\x08"
    # The long form of device colours goes on with white and black references; equal primaries scale equally.
    maxima = tuple(float((1 << min(max(1, each), 16)) - 1) for each in primaries)
    return Palette(_default_looks(payload[0], bits), coding, payload[0], bits, (maxima[0], maxima[1], maxima[2]))
