"""Transformations undone, where they can be."""

from __future__ import annotations

from platen.documents.matrices import Matrix
from platen.documents.postscript.objects import PostScriptError


def inverted(matrix: Matrix) -> Matrix:
    """Raises: PostScriptError where the matrix has no inverse."""
    a, b, c, d, x, y = matrix
    determinant = a * d - b * c
    if determinant == 0:
        raise PostScriptError("undefinedresult")
    p, q, r, s = d / determinant, -b / determinant, -c / determinant, a / determinant
    return (p, q, r, s, -(x * p + y * r), -(x * q + y * s))
