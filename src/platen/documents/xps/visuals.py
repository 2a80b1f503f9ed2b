"""What drawings mark: paths, glyphs and canvases, under transformations, clips and opacities (ECMA-388 section 10)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from platen.documents.matrices import (
    EVERYWHERE,
    IDENTITY,
    Box,
    Matrix,
    area,
    box_of,
    concatenated,
    intersected,
    is_empty,
)
from platen.documents.xps.brushes import Brushes
from platen.documents.xps.colors import UNKNOWN, Marks
from platen.documents.xps.geometry import bounds_of, matrix_of, number, numbers
from platen.documents.xps.nodes import Node
from platen.documents.xps.package import Package
from platen.documents.xps.pictures import Pictures
from platen.documents.xps.resources import Dictionaries, Scope

_NOTHING = 1 / 255
_DEPTH_MAX = 48  # of drawings within brushes, and of canvases in these
_STEPS_MAX = 200_000  # drawings within brushes looked at, for one page, each time that they are
_CHARACTERS_PER_STEP = 256  # of a geometry
_PAINTS = {"Path": ("Fill", "Stroke"), "Glyphs": ("Fill",)}
_MITER_LIMIT = 10.0
_EM_REACH = 2.0  # that glyphs may reach beyond their origin and advance, in ems
_SAME_GLYPHS = re.compile(r"(\d*)[^;:]*(?:;\1(?:,[^;:]*)?)*;?")


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for everything inside an element."""

    matrix: Matrix  # from the element to the page
    area: Box  # of the page that no clip has taken away
    opacity: float
    scope: Scope

    @property
    def is_hidden(self) -> bool:
        return self.opacity < _NOTHING or is_empty(self.area)

    def shows(self, box: Box) -> bool:
        """Whether any of a box in the element's coordinates is on the page."""
        return not is_empty(box) and area(intersected(box_of(self.matrix, *box), self.area)) > 0


class Visuals:
    """Looks at the drawings of one package; `begin_page` comes before each page."""

    def __init__(self, package: Package, pictures: Pictures) -> None:
        self._dictionaries = Dictionaries(package)
        self._brushes = Brushes(pictures, self._through_window)
        self._depth = 0
        self._steps_left = _STEPS_MAX

    def begin_page(self) -> None:
        self._steps_left = _STEPS_MAX

    def context_in(self, node: Node, outer: Context) -> Context:
        """What holds inside an element that stands in `outer`."""
        scope = self._dictionaries.scope_of(node, outer.scope)
        matrix = outer.matrix
        if (transform := scope.value(node, "RenderTransform")) is not None:
            matrix = concatenated(matrix_of(transform), matrix)
        opacity = outer.opacity * min(1.0, max(0.0, number(node.attributes.get("Opacity"), 1.0)))
        if (mask := scope.value(node, "OpacityMask")) is not None:
            opacity *= self._brushes.paint(mask, scope).alpha
        context = Context(matrix, outer.area, opacity, scope)
        if (clip := scope.value(node, "Clip")) is not None:
            box = bounds_of(clip)
            seen = box_of(matrix, *box) if area(box) > 0 else box
            context = replace(context, area=intersected(context.area, seen))
        return context

    def draw(self, node: Node, outer: Context, marks: Marks) -> None:
        """Add what a drawing marks."""
        if node.name == "Canvas":
            self._canvas(node, outer, marks)
        elif self._may_change(marks, node, outer.scope):
            context = self.context_in(node, outer)
            if not context.is_hidden:
                (self._path if node.name == "Path" else self._glyphs)(node, context, marks)

    def _may_change(self, marks: Marks, node: Node, scope: Scope) -> bool:
        """Whether a drawing can change what is known of the page: most cannot, as text follows text."""
        paints = (self._brushes.paint(scope.value(node, name), scope) for name in _PAINTS.get(node.name, ()))
        return any(marks.may_learn_from(color) for paint in paints for color in paint.colors)

    def _canvas(self, node: Node, outer: Context, marks: Marks) -> None:
        """A canvas within a brush. Those of the page itself are followed as they come."""
        if self._depth >= _DEPTH_MAX:
            marks.add(UNKNOWN)
            return
        context = self.context_in(node, outer)
        self._depth += 1
        for child in node.children:
            self._steps_left -= 1 + len(child.attributes.get("Data", "")) // _CHARACTERS_PER_STEP
            if self._steps_left < 0:
                marks.add(UNKNOWN)
            if context.is_hidden or self._steps_left < 0:
                break
            self.draw(child, context, marks)
        self._depth -= 1

    def _path(self, node: Node, context: Context, marks: Marks) -> None:
        box = bounds_of(context.scope.value(node, "Data"))
        if is_empty(box):
            return
        if area(box) > 0 and context.shows(box):
            self._fill(node, "Fill", box, context, marks)
        half = number(node.attributes.get("StrokeThickness"), 1.0) / 2
        if node.attributes.get("StrokeLineJoin", "Miter") == "Miter":
            half *= max(1.0, number(node.attributes.get("StrokeMiterLimit"), _MITER_LIMIT))
        stroked = box[0] - half, box[1] - half, box[2] + half, box[3] + half
        if half > 0 and context.shows(stroked):
            self._fill(node, "Stroke", stroked, context, marks)

    def _glyphs(self, node: Node, context: Context, marks: Marks) -> None:
        if _has_glyphs(node) and context.shows(box := _box_of_glyphs(node)):
            self._fill(node, "Fill", box, context, marks)

    def _fill(self, node: Node, name: str, box: Box, context: Context, marks: Marks) -> None:
        paint = self._brushes.paint(context.scope.value(node, name), context.scope)
        if paint.extent is not None and not context.shows(intersected(paint.extent, box)):
            return
        for color in paint.colors:
            marks.add(color, context.opacity)

    def _through_window(self, visual: Node, scope: Scope, window: Box) -> Marks:
        """What is seen of the drawing of a visual brush, whose Viewbox is the window."""
        marks = Marks()
        self._steps_left -= 1
        if self._depth >= _DEPTH_MAX or self._steps_left < 0:
            marks.add(UNKNOWN)
            return marks
        self._depth += 1
        self.draw(visual, Context(IDENTITY, window, 1.0, scope), marks)
        self._depth -= 1
        return marks


def _has_glyphs(node: Node) -> bool:
    """Spaces are nothing, where they are not shown as several unlike glyphs."""
    text, indices = node.attributes.get("UnicodeString", ""), node.attributes.get("Indices", "")
    text = text.removeprefix("{}")
    if text.strip() or not text:
        return bool(text or indices)
    return _SAME_GLYPHS.fullmatch(indices) is None


def _box_of_glyphs(node: Node) -> Box:
    """A box that surely holds the glyphs; the font is not looked at."""
    if "FontRenderingEmSize" not in node.attributes:  # it has to be there; without it they may be anywhere
        return EVERYWHERE
    size, x, y = (number(node.attributes.get(name), 0.0) for name in ("FontRenderingEmSize", "OriginX", "OriginY"))
    text, indices = node.attributes.get("UnicodeString", ""), node.attributes.get("Indices", "")
    # Advances and offsets in hundredths of an em; numbers of glyphs in between only make it longer.
    stated = sum(abs(value) for value in numbers(indices)) / 100 if "," in indices else 0.0
    length = size * (len(text) + indices.count(";") + stated + _EM_REACH)
    reach = size * _EM_REACH
    if node.attributes.get("IsSideways", "false") != "false" or "," in indices:
        reach += length
    leftwards = length if int(number(node.attributes.get("BidiLevel"), 0.0)) % 2 else reach
    return x - leftwards, y - reach, x + length, y + reach
