"""Colours as XPS writes them (ECMA-388 section 15).

#RRGGBB   #AARRGGBB   sc#[a,]r,g,b   ContextColor /profile.icc a,channel,...
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"#(?:([0-9A-Fa-f]{2}))?([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_NUMBERS = re.compile(r"[-+]?(?:\d{1,12}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?")
_NEUTRAL = 2 / 255  # between channels, what rounding leaves
_NOTHING = 1 / 255
_TEXT_MAX = 512


@dataclass(frozen=True, slots=True)
class Marking:
    """What a colour does to white paper."""

    visible: bool
    colored: bool | None


_INVISIBLE = Marking(visible=False, colored=False)
_UNKNOWN = Marking(visible=True, colored=None)


def marking_of(color: str) -> Marking | None:
    """What painting in the colour does; None where the text is no colour."""
    color = color[:_TEXT_MAX].strip()
    if match := _HEX.fullmatch(color):
        alpha = int(match[1], 16) / 255 if match[1] else 1.0
        return _of_rgb(alpha, [int(match[index], 16) / 255 for index in (2, 3, 4)])
    if color.startswith("sc#"):
        values = [float(number) for number in _NUMBERS.findall(color[3:])]
        if len(values) == 3:
            return _of_rgb(1.0, values)
        return _of_rgb(values[0], values[1:]) if len(values) == 4 else None
    if color.startswith("ContextColor"):
        parts = color.split(None, 2)
        values = [float(number) for number in _NUMBERS.findall(parts[2])] if len(parts) == 3 else []
        return _of_profile(values)
    return None


def _of_rgb(alpha: float, channels: list[float]) -> Marking:
    if alpha < _NOTHING or min(channels) > 1 - _NOTHING:
        return _INVISIBLE
    return Marking(visible=True, colored=max(channels) - min(channels) > _NEUTRAL)


def _of_profile(values: list[float]) -> Marking:
    """An alpha, then one channel of grey, three of RGB, four of CMYK; the profile itself is not looked at."""
    if len(values) < 2 or values[0] < _NOTHING:
        return _INVISIBLE if values else _UNKNOWN
    channels = values[1:]
    if len(channels) == 1:
        return Marking(visible=channels[0] < 1 - _NOTHING, colored=False)
    if len(channels) == 3:
        return _of_rgb(values[0], channels)
    if len(channels) == 4:
        cyan, magenta, yellow, _ = channels
        colored = max(cyan, magenta, yellow) - min(cyan, magenta, yellow) > _NEUTRAL
        return Marking(visible=max(channels) > _NOTHING, colored=colored)
    return _UNKNOWN
