"""Colours as XPS writes them (ECMA-388 section 15).

#RRGGBB   #AARRGGBB   sc#[a,]r,g,b   ContextColor /profile.icc a,channel,...
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from platen.documents.near_gray import NEAR_GRAY_SHARE
from platen.documents.xps.geometry import numbers

_HEX = re.compile(r"#(?:([0-9A-Fa-f]{2}))?([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_NOTHING = 1 / 255
_TEXT_MAX = 512
_LINEAR_MAX = 0.0031308  # IEC 61966-2-1: below, sRGB is a straight line

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Color:
    """A colour that something is painted with; each channel 0..1."""

    alpha: float
    rgb: Rgb | None  # None: it cannot be told


BLACK, WHITE, RED, UNKNOWN = (Color(1.0, rgb) for rgb in ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0), None))


@dataclass(slots=True)
class Marks:
    """What was painted on white paper so far."""

    painted: bool = False  # with whatever, white as well
    marked: bool = False
    colored: bool | None = False

    def add(self, color: Color, opacity: float = 1.0) -> None:
        alpha = color.alpha * opacity
        if alpha < _NOTHING:
            return
        self.painted = True
        if color.rgb is None:
            self.marked = True
            self.colored = self.colored or None
            return
        light = [1 - alpha * (1 - channel) for channel in color.rgb]
        self.marked = self.marked or min(light) < 1 - _NOTHING / 2
        if max(light) - min(light) > NEAR_GRAY_SHARE:
            self.colored = True

    def may_learn_from(self, color: Color) -> bool:
        """Whether painting with the colour, at whatever opacity, can change what is known."""
        if not (self.marked and self.painted):
            return color.alpha >= _NOTHING
        if self.colored is True:
            return False
        return self.colored is False if color.rgb is None else max(color.rgb) - min(color.rgb) > NEAR_GRAY_SHARE

    @property
    def color(self) -> Color | None:
        """One colour that stands for all; None where nothing was painted."""
        if not self.marked:
            return WHITE if self.painted else None
        return {True: RED, False: BLACK, None: UNKNOWN}[self.colored]


def color_of(text: str) -> Color | None:
    """The colour that the text names; None where it names none."""
    text = text[:_TEXT_MAX].strip()
    if match := _HEX.fullmatch(text):
        red, green, blue = (int(match[index], 16) / 255 for index in (2, 3, 4))
        return Color(int(match[1], 16) / 255 if match[1] else 1.0, (red, green, blue))
    if text.startswith("sc#"):
        values = numbers(text[3:])
        alpha = values.pop(0) if len(values) == 4 else 1.0
        return Color(_within(alpha), _rgb(*map(_companded, values))) if len(values) == 3 else None
    if text.startswith("ContextColor"):
        parts = text.split(None, 2)
        return _of_profile(numbers(parts[2])) if len(parts) == 3 else UNKNOWN
    return None


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))


def _rgb(red: float, green: float, blue: float) -> Rgb:
    return _within(red), _within(green), _within(blue)


def _companded(linear: float) -> float:
    """scRGB is linear light; what an eye takes for differences is sRGB."""
    return 12.92 * linear if linear <= _LINEAR_MAX else 1.055 * float(min(linear, 1.0) ** (1 / 2.4)) - 0.055


def _of_profile(values: list[float]) -> Color | None:
    """An alpha, then one channel of grey, three of RGB, four of CMYK; the profile itself is not looked at."""
    if not values:
        return UNKNOWN
    alpha, *channels = values
    match channels:
        case [gray]:
            return Color(_within(alpha), _rgb(gray, gray, gray))
        case [red, green, blue]:
            return Color(_within(alpha), _rgb(red, green, blue))
        case [cyan, magenta, yellow, black]:
            return Color(_within(alpha), _rgb(1 - cyan - black, 1 - magenta - black, 1 - yellow - black))
        case _:
            return Color(_within(alpha), None)
