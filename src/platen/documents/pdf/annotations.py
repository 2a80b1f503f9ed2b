"""Annotations of a PDF page that are printed (ISO 32000-1 section 12.5)."""

from __future__ import annotations

from collections.abc import Iterator

from platen.documents.near_gray import NEAR_GRAY_SHARE
from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.syntax import Dictionary, Stream, Value
from platen.documents.pdf.tree import Page

_NOTES_MAX = 5000
_HIDDEN, _PRINT = 2, 4  # flags

# Kinds that a renderer draws although they bring no appearance.
MARKS_BY_ITSELF = frozenset(
    {"/Circle", "/Highlight", "/Ink", "/Line", "/Square", "/Squiggly", "/StrikeOut", "/Text", "/Underline", "/Widget"}
)

# Of these, kinds that our own renderer leaves out where others do not.
_LINES = frozenset({"/Line", "/PolyLine", "/Polygon"})
_COLORED = 3 * NEAR_GRAY_SHARE  # a difference that stays one in every conversion


def is_colored_line(objects: Objects, note: Dictionary) -> bool:
    """Whether an annotation without an appearance is a line in a colour (section 12.5.6.7). Raises: Irregular."""
    if objects.resolve(note.get("/Subtype")) not in _LINES:
        return False
    found = [objects.resolve(part) for part in array(objects, note.get("/C"))]
    parts = [float(part) for part in found if isinstance(part, int | float)]
    if len(parts) not in (3, 4) or len(found) != len(parts):
        return False
    light = 1 - parts[3] if len(parts) == 4 else 1.0
    return (max(parts[:3]) - min(parts[:3])) * light > _COLORED


def printed_annotations(objects: Objects, page: Page) -> Iterator[Value]:
    """References to the appearance streams of the annotations that are printed, or those streams.

    An annotation without any appearance is given itself, as a dictionary. Raises: Irregular.
    """
    for note in array(objects, page.attributes.get("/Annots"))[:_NOTES_MAX]:
        attributes = dictionary(objects, note)
        flags = objects.resolve(attributes.get("/F"))
        if not isinstance(flags, int) or not flags & _PRINT or flags & _HIDDEN:
            continue
        appearance = dictionary(objects, attributes.get("/AP"))
        if "/N" not in appearance:
            yield attributes
            continue
        normal = objects.resolve(appearance["/N"])
        if isinstance(normal, Stream):
            yield appearance["/N"]
        elif isinstance(normal, dict):  # one for each state
            state = objects.resolve(attributes.get("/AS"))
            yield normal.get(state if isinstance(state, str) else "/Off")
