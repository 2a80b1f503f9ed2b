"""Brushes: what they paint with, and where (ECMA-388 section 13).

<SolidColorBrush Color Opacity>   <LinearGradientBrush>, <RadialGradientBrush> with <GradientStop Color Offset>
<ImageBrush ImageSource Viewbox Viewport TileMode>   <VisualBrush Visual Viewbox Viewport TileMode>
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from platen.documents.matrices import Box, box_of
from platen.documents.xps.colors import Color, Marks, color_of
from platen.documents.xps.geometry import matrix_of, number, numbers
from platen.documents.xps.nodes import Node
from platen.documents.xps.package import resolved
from platen.documents.xps.pictures import Pictures
from platen.documents.xps.resources import Scope

_GRADIENTS = ("LinearGradientBrush", "RadialGradientBrush")
_STOPS_MAX = 4096
_BETWEEN_STOPS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Paint:
    """What a brush paints with."""

    colors: tuple[Color, ...] = ()
    extent: Box | None = None  # in the coordinates of what is painted; None: everywhere

    @property
    def alpha(self) -> float:
        return max((color.alpha for color in self.colors), default=0.0)


_NO_PAINT = Paint()
# What is seen of a drawing through a window: called with the drawing, where its resources are, and the window.
LookAtVisual = Callable[[Node, Scope, Box], Marks]


class Brushes:
    """Looks at the brushes of a package."""

    def __init__(self, pictures: Pictures, look_at_visual: LookAtVisual) -> None:
        self._pictures = pictures
        self._look_at_visual = look_at_visual

    def paint(self, value: str | Node | None, scope: Scope) -> Paint:
        """What a brush, or a colour as text, paints with."""
        if value is None:
            return _NO_PAINT
        if isinstance(value, str):
            return _paint_of_text(value)
        if value.paint is None:
            value.paint = _NO_PAINT  # a brush within itself paints nothing
            value.paint = self._look(value, value.scope or scope)
        return value.paint

    def _look(self, brush: Node, scope: Scope) -> Paint:
        opacity = min(1.0, max(0.0, number(brush.attributes.get("Opacity"), 1.0)))
        if brush.name == "SolidColorBrush":
            color = color_of(brush.attributes.get("Color", ""))
            return _NO_PAINT if color is None else Paint(_thinned((color,), opacity))
        if brush.name in _GRADIENTS:
            return Paint(_thinned(_of_stops(brush), opacity))
        if brush.name not in ("ImageBrush", "VisualBrush"):
            return _NO_PAINT
        extent = self._extent(brush, scope)
        window = _rectangle(brush, "Viewbox")
        if brush.name == "ImageBrush":
            color = self._of_picture(brush, window)
        else:
            visual = scope.value(brush, "Visual")
            seen = window and isinstance(visual, Node) and self._look_at_visual(visual, visual.scope or scope, window)
            color = seen.color if seen else None
        return Paint(_thinned((color,), opacity), extent) if color else _NO_PAINT

    def _extent(self, brush: Node, scope: Scope) -> Box | None:
        """Where a brush that is not repeated paints."""
        viewport = _rectangle(brush, "Viewport")
        if viewport is None or brush.attributes.get("TileMode", "None") != "None":
            return None
        return box_of(matrix_of(scope.value(brush, "Transform")), *viewport)

    def _of_picture(self, brush: Node, window: Box | None) -> Color | None:
        """An image, or `{ColorConvertedBitmap image profile}`."""
        words = brush.attributes.get("ImageSource", "").strip("{}").split()
        if words and words[0] == "ColorConvertedBitmap":
            words = words[1:]
        return self._pictures.color(resolved(brush.part, words[0]), window) if words else None


@lru_cache(maxsize=256)
def _paint_of_text(text: str) -> Paint:
    color = color_of(text)
    return _NO_PAINT if color is None else Paint((color,))


def _rectangle(brush: Node, name: str) -> Box | None:
    """A rectangle written as left, top, width, height."""
    found = numbers(brush.attributes.get(name, "")[:512])
    if len(found) != 4:
        return None
    return found[0], found[1], found[0] + max(0.0, found[2]), found[1] + max(0.0, found[3])


def _thinned(colors: tuple[Color, ...], opacity: float) -> tuple[Color, ...]:
    return tuple(Color(color.alpha * opacity, color.rgb) for color in colors)


def _of_stops(brush: Node) -> tuple[Color, ...]:
    """The colours of the stops, and some between each two."""
    stops: list[tuple[float, Color]] = []
    for stop in brush.below("GradientStop"):
        color = color_of(stop.attributes.get("Color", ""))
        if color is not None and len(stops) < _STOPS_MAX:
            stops.append((number(stop.attributes.get("Offset"), 0.0), color))
    colors = [color for _, color in sorted(stops, key=lambda stop: stop[0])]
    between = [_mixed(one, other, share) for one, other in pairwise(colors) for share in _BETWEEN_STOPS]
    return (*colors, *between)


def _mixed(one: Color, other: Color, share: float) -> Color:
    alpha = one.alpha + (other.alpha - one.alpha) * share
    if one.rgb is None or other.rgb is None:
        return Color(alpha, None)
    red, green, blue = (a + (b - a) * share for a, b in zip(one.rgb, other.rgb, strict=True))
    return Color(alpha, (red, green, blue))
