"""Where the geometries of fixed pages lie: boxes around them, never too small (ECMA-388 section 11).

M x,y   L x,y ...   H x   V y   C x,y x,y x,y   Q x,y x,y   S x,y x,y   A rx,ry angle large sweep x,y   Z   F0   F1
Small letters are relative to where the figure has come to.
"""

from __future__ import annotations

import re

from platen.documents.matrices import EVERYWHERE, IDENTITY, NOWHERE, Box, Matrix, box_of, is_empty
from platen.documents.xps.nodes import Node

_NUMBER = re.compile(r"[-+]?(?:\d{1,12}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?")
_COMMAND = re.compile(r"([MmLlHhVvCcQqSsAaZz])([^A-DF-Za-df-z]*)")
# Most geometries: every number but that of the fill rule is of a point, and no figure is a point alone.
_ONLY_PLACES = re.compile(r"\s*(?:F\s*[01]\s*)?(?:M[-+\d.eE\s,]*[LCQS][-+\d.eE\s,LCQSZz]*)+")
_FILL_RULE = re.compile(r"F\s*[01]")
_TEXT_MAX = 4 * 1024 * 1024  # characters of one geometry; a longer one is anywhere
_OPERANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "S": 4, "A": 7}
_POINTS_OF_A_LINE = 2


def numbers(text: str, most: int = 1 << 30) -> list[float]:
    """The numbers in a text, `most` at most."""
    return [float(match) for match in _NUMBER.findall(text)][:most]


def number(text: str | None, default: float) -> float:
    """The number that an attribute holds."""
    match = _NUMBER.fullmatch(text.strip()) if text and len(text) < 64 else None
    return float(match[0]) if match else default


def matrix_of(value: str | Node | None) -> Matrix:
    """A transformation as text, or as a MatrixTransform; what is none transforms nothing."""
    text = value.attributes.get("Matrix", "") if isinstance(value, Node) else value
    found = numbers(text[:512]) if text else []
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else IDENTITY


def bounds_of(value: str | Node | None) -> Box:
    """The box around a geometry as text, or as a PathGeometry; NOWHERE where nothing is drawn."""
    if isinstance(value, Node):
        if value.bounds is None:
            value.bounds = _bounds_of_node(value)
        return value.bounds
    return _bounds_of_text(value) if value else NOWHERE


def _bounds_of_node(geometry: Node) -> Box:
    boxes = [_bounds_of_text(geometry.attributes.get("Figures", ""))]
    boxes += [_bounds_of_figure(child) for child in geometry.children if child.name == "PathFigure"]
    boxes = [box for box in boxes if not is_empty(box)]
    if not boxes:
        return NOWHERE
    transform: str | Node | None = geometry.attributes.get("Transform")
    transform = transform or next(iter(geometry.inner("Transform")), None)
    return box_of(matrix_of(transform), *_around(boxes))


def _around(boxes: list[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _bounds_of_figure(figure: Node) -> Box:
    points = numbers(figure.attributes.get("StartPoint", "")[:512], 2)
    reach = 0.0
    for segment in figure.children:
        text = segment.attributes.get("Points") or segment.attributes.get("Point", "")
        if len(text) > _TEXT_MAX:
            return EVERYWHERE
        points += numbers(text)
        reach = max([reach, *numbers(segment.attributes.get("Size", "")[:512], 2)])
    return _reached(points[0::2], points[1::2], reach) if len(points) > _POINTS_OF_A_LINE else NOWHERE


def _reached(xs: list[float], ys: list[float], reach: float) -> Box:
    """The box around points between which arcs of radii up to `reach` may bulge."""
    left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
    if reach:  # radii that are too short for their points grow until they fit
        reach = 2 * max(reach, right - left, top - bottom)
    return left - reach, bottom - reach, right + reach, top + reach


def _bounds_of_text(text: str) -> Box:
    if len(text) > _TEXT_MAX:
        return EVERYWHERE
    if _ONLY_PLACES.fullmatch(text):
        points = numbers(_FILL_RULE.sub("", text))
        return _reached(points[0::2], points[1::2], 0.0) if len(points) > _POINTS_OF_A_LINE else NOWHERE
    pen = _Pen()
    for command, operands in _COMMAND.findall(text):
        pen.go(command, numbers(operands))
    return _reached(pen.xs, pen.ys, pen.reach) if pen.has_drawn else NOWHERE


class _Pen:
    """Follows a geometry from command to command, and keeps every point and control point."""

    def __init__(self) -> None:
        self.xs: list[float] = []
        self.ys: list[float] = []
        self.reach = 0.0
        self.has_drawn = False
        self._x = self._y = 0.0
        self._start = 0.0, 0.0

    def go(self, command: str, operands: list[float]) -> None:
        kind = command.upper()
        if kind == "Z":
            self._x, self._y = self._start
            return
        count = _OPERANDS[kind]
        for at in range(0, len(operands) - count + 1, count):
            self._step(kind, operands[at : at + count], is_relative=command != kind, is_first=at == 0)

    def _step(self, kind: str, operands: list[float], *, is_relative: bool, is_first: bool) -> None:
        x, y = (self._x, self._y) if is_relative else (0.0, 0.0)
        if kind == "A":
            self.reach = max(self.reach, abs(operands[0]), abs(operands[1]))
            operands = operands[5:]
        elif kind == "H":
            operands = [operands[0], self._y - y]
        elif kind == "V":
            operands = [self._x - x, operands[0]]
        if kind == "M" and is_first:
            self._x, self._y = self._start = operands[0] + x, operands[1] + y
            return
        if not self.has_drawn or (self.xs[-1], self.ys[-1]) != (self._x, self._y):
            self.xs.append(self._x)
            self.ys.append(self._y)
        self.has_drawn = True
        self.xs += [x + value for value in operands[0::2]]
        self.ys += [y + value for value in operands[1::2]]
        self._x, self._y = self.xs[-1], self.ys[-1]
