"""The pens of a plot and their colours (HP-GL/2: NP, PC, CR, SP).

The palette after IN is white, black, red, green, yellow, blue, magenta, cyan. Every device that draws HP-GL today
takes it for the carousel of a pen plotter as well, so pens 2 to 7 are coloured until PC says otherwise. Pens beyond
the palette have no colour that can be known.
"""

from __future__ import annotations

from collections.abc import Sequence

Rgb = tuple[float, float, float]  # 0 is none of it, 1 all

_DEFAULT: dict[int, Rgb] = {
    0: (1, 1, 1),
    1: (0, 0, 0),
    2: (1, 0, 0),
    3: (0, 1, 0),
    4: (1, 1, 0),
    5: (0, 0, 1),
    6: (1, 0, 1),
    7: (0, 1, 1),
}
_RANGE = (0.0, 255.0, 0.0, 255.0, 0.0, 255.0)  # black and white reference of red, green and blue (CR)
_NEUTRAL = 0.02  # a difference between the primaries that nobody sees
_PENS_MAX = 4096


class Pens:
    """What each pen draws with."""

    def __init__(self) -> None:
        self._colors = dict(_DEFAULT)
        self._range: Sequence[float] = _RANGE

    def reset(self) -> None:
        """IN, and NP: the palette of the beginning."""
        self._colors = dict(_DEFAULT)
        self._range = _RANGE

    def set_range(self, references: Sequence[float]) -> None:
        """CR: six numbers, or none for the default."""
        self._range = references[:6] if len(references) >= 6 else _RANGE

    def set_color(self, numbers: Sequence[float]) -> None:
        """PC pen, red, green, blue; PC pen; PC."""
        if not numbers:
            self._colors = dict(_DEFAULT)
            return
        pen = int(numbers[0])
        if len(numbers) >= 4 and len(self._colors) < _PENS_MAX:
            red, green, blue = (self._share(index, numbers[1 + index]) for index in range(3))
            self._colors[pen] = red, green, blue
        elif pen in _DEFAULT:
            self._colors[pen] = _DEFAULT[pen]

    def _share(self, index: int, value: float) -> float:
        black, white = self._range[2 * index], self._range[2 * index + 1]
        return min(1.0, max(0.0, (value - black) / (white - black))) if white != black else value

    def is_visible(self, pen: int) -> bool:
        """Whether the pen leaves something on white paper."""
        color = self._colors.get(pen)
        return color is None or min(color) < 1 - _NEUTRAL

    def has_color(self, pen: int) -> bool | None:
        color = self._colors.get(pen)
        return None if color is None else max(color) - min(color) > _NEUTRAL
