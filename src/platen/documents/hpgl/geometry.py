"""Where a plot draws: positions in plotter units (1/40 mm), and the box around what is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

UNITS_PER_MM = 40
_FARTHEST = 10_000_000.0  # plotter units, 250 m: beyond it a number is damage


def _within(value: float) -> float:
    return min(_FARTHEST, max(-_FARTHEST, value))


class Geometry:
    """Follows the pen. What is scaled (SC) without input points (IP) has a size that only the device knows."""

    def __init__(self) -> None:
        self.x = self.y = 0.0
        self.known = True
        self._corners: tuple[float, ...] | None = None  # P1 and P2
        self._scale: tuple[float, ...] | None = None  # of user units at P1 and P2
        self._box: tuple[float, float, float, float] | None = None

    def start_page(self) -> None:
        self._box = None
        self.known = True

    def reset(self) -> None:
        """IN: no scaling, and the pen in the corner."""
        self.x = self.y = 0.0
        self._corners = self._scale = None

    def set_corners(self, numbers: Sequence[float]) -> None:
        """IP: P1 and P2; two numbers move P1 and take P2 along, none give the device's own."""
        if len(numbers) >= 4:
            self._corners = tuple(_within(number) for number in numbers[:4])
        elif len(numbers) >= 2 and self._corners is not None:
            left, bottom, right, top = self._corners
            dx, dy = numbers[0] - left, numbers[1] - bottom
            self._corners = tuple(map(_within, (left + dx, bottom + dy, right + dx, top + dy)))
        else:
            self._corners = None

    def set_scale(self, numbers: Sequence[float]) -> None:
        """SC: user units; type 2 gives units of the plotter for each instead of the upper bounds."""
        self._scale = None
        if len(numbers) >= 5 and int(numbers[4]) == 2:
            corners = self._corners or (0.0, 0.0, 0.0, 0.0)
            if numbers[1] and numbers[3] and self._corners is not None:
                right = numbers[0] + (corners[2] - corners[0]) / numbers[1]
                top = numbers[2] + (corners[3] - corners[1]) / numbers[3]
                self._scale = (numbers[0], right, numbers[2], top)
            else:
                self._scale = (0.0, 0.0, 0.0, 0.0)
        elif len(numbers) >= 4:
            self._scale = tuple(numbers[:4])

    def move(self, x: float, y: float, *, relative: bool, draws: bool) -> None:
        """To a point in user units, drawing or not."""
        if draws:
            self._include(self.x, self.y)
        x, y = self._in_plotter_units(x, y, relative)
        self.x, self.y = _within(x), _within(y)
        if draws:
            self._include(self.x, self.y)

    def turn(self, center: Sequence[float], degrees: float, *, relative: bool, draws: bool) -> None:
        """An arc (AA, AR) around `center` in user units; its end is where the pen stays."""
        x, y = self._in_plotter_units(center[0], center[1], relative)
        radius = math.hypot(self.x - x, self.y - y)
        angle = math.atan2(self.y - y, self.x - x) + math.radians(degrees % 360)
        if draws and abs(degrees) >= 360:
            self.around(radius)
        if draws:
            self._include(self.x, self.y)
        self.x, self.y = _within(x + radius * math.cos(angle)), _within(y + radius * math.sin(angle))
        if draws:
            self._include(self.x, self.y)

    def around(self, radius: float, *, user_units: bool = False) -> None:
        """Something drawn around the pen: a circle, a wedge, a label (radius 0)."""
        across = radius * abs(self._factors()[0]) if user_units else radius
        self._include(self.x - abs(across), self.y - abs(across))
        self._include(self.x + abs(across), self.y + abs(across))

    def corner(self, x: float, y: float, *, relative: bool) -> None:
        """The other corner of a rectangle drawn from the pen, which stays."""
        self._include(self.x, self.y)
        self._include(*self._in_plotter_units(x, y, relative))

    @property
    def size_mm(self) -> tuple[float, float] | None:
        """Width and height of what is drawn; None where nothing is, or its scale is the device's."""
        if self._box is None or not self.known:
            return None
        left, bottom, right, top = self._box
        width, height = (right - left) / UNITS_PER_MM, (top - bottom) / UNITS_PER_MM
        return (width, height) if width > 0 and height > 0 else None

    def _include(self, x: float, y: float) -> None:
        x, y = _within(x), _within(y)
        if self._box is None:
            self._box = (x, y, x, y)
        else:
            left, bottom, right, top = self._box
            if not (left <= x <= right and bottom <= y <= top):
                self._box = (min(left, x), min(bottom, y), max(right, x), max(top, y))

    def _factors(self) -> tuple[float, float]:
        """Plotter units of one user unit."""
        if self._scale is None:
            return 1.0, 1.0
        left, right, bottom, top = self._scale
        if self._corners is None or right == left or top == bottom:
            self.known = False
            return 0.0, 0.0
        x1, y1, x2, y2 = self._corners
        return (x2 - x1) / (right - left), (y2 - y1) / (top - bottom)

    def _in_plotter_units(self, x: float, y: float, relative: bool) -> tuple[float, float]:
        across, along = self._factors()
        if relative:
            return self.x + x * across, self.y + y * along
        if self._scale is None or self._corners is None:
            return x * across, y * along
        return self._corners[0] + (x - self._scale[0]) * across, self._corners[1] + (y - self._scale[2]) * along
