"""Transformations as six numbers, `[a b c d tx ty]` (PostScript Language Reference 4.3.3; ISO 32000-1 8.3.3)."""

from __future__ import annotations

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
NOWHERE: Box = (1.0, 1.0, 0.0, 0.0)


def concatenated(first: Matrix, second: Matrix) -> Matrix:
    """The transformation that does `first` and then `second`."""
    a, b, c, d, x, y = first
    e, f, g, h, u, v = second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h, x * e + y * g + u, x * f + y * h + v)


def applied(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, u, v = matrix
    return a * x + c * y + u, b * x + d * y + v


def applied_to_distance(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, _, _ = matrix
    return a * x + c * y, b * x + d * y


def box_of(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Box:
    """The box around a transformed rectangle."""
    corners = [applied(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def intersected(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def is_empty(box: Box) -> bool:
    return box[0] > box[2] or box[1] > box[3]


def area(box: Box) -> float:
    """0 where it is empty."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
