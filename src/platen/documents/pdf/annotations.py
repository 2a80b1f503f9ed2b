"""Annotations of a PDF page that are printed (ISO 32000-1 section 12.5)."""

from __future__ import annotations

from collections.abc import Iterator

from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.syntax import Stream, Value
from platen.documents.pdf.tree import Page

_NOTES_MAX = 5000
_HIDDEN, _PRINT = 2, 4  # flags

# Kinds that a renderer draws although they bring no appearance.
MARKS_BY_ITSELF = frozenset(
    {"/Circle", "/Highlight", "/Ink", "/Line", "/Square", "/Squiggly", "/StrikeOut", "/Text", "/Underline", "/Widget"}
)


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
