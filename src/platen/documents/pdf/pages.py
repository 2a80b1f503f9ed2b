"""The pages of a PDF file, found once by whichever reader of its objects could do it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from platen.documents.pdf.fonts import FontReader
from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.scan import ObjectsFound
from platen.documents.pdf.syntax import Irregular, Ref
from platen.documents.pdf.tree import Page, PageSizes, PageTree, SizeMm
from platen.documents.source import Data

_LINEARIZED = re.compile(rb"/Linearized\b[^>]*>>")
_LINEARIZED_PAGES = re.compile(rb"/N[\s\0]+(\d{1,9})\b")
_LINEARIZED_BYTES = re.compile(rb"/L[\s\0]+(\d{1,12})\b")
_LINEARIZED_WITHIN = 1024  # octets from the header (ISO 32000-1 annex F.3.3)


@dataclass(slots=True)
class Pages:
    """Pages in their order. `refs`: None for a page that is written into the tree itself."""

    refs: list[Ref | None] = field(default_factory=list)
    sizes_mm: list[SizeMm] = field(default_factory=list)
    tree_has_damage: bool = False
    fonts_not_embedded: set[str] = field(default_factory=set)
    fonts_exhausted: bool = False

    def __len__(self) -> int:
        return len(self.refs)


def pages_of(objects: Objects, pages_max: int) -> Pages:
    """Walk the page tree; one page more than `pages_max` is taken at most. Raises: Irregular."""
    found = Pages()
    sizes = PageSizes(objects)
    catalog = dictionary(objects, objects.trailer.get("/Root"))
    tree = PageTree(objects, catalog.get("/Pages"))
    has_form = bool(array(objects, dictionary(objects, catalog.get("/AcroForm")).get("/Fields")))
    fonts = _Fonts(objects, found, looks_at_notes=has_form)
    for page in tree:
        found.refs.append(page.ref)
        found.sizes_mm.append(sizes.of(page))
        fonts.look_at(page)
        if len(found.refs) > pages_max:
            break
    found.tree_has_damage = tree.has_damage
    return found


class _Fonts:
    """The search for fonts beside the count of pages, which it must not disturb."""

    def __init__(self, objects: Objects, found: Pages, *, looks_at_notes: bool) -> None:
        self._reader = FontReader(objects)
        self._found = found
        self._looks_at_notes = looks_at_notes
        found.fonts_not_embedded = self._reader.not_embedded

    def look_at(self, page: Page) -> None:
        try:
            self._reader.look_at(page.get("/Resources"))
            if self._looks_at_notes and "/Annots" in page.attributes:
                self._reader.look_at_notes(page.attributes["/Annots"])
        except Irregular:
            pass  # a damaged font harms no page
        self._found.fonts_exhausted = self._reader.exhausted


def stray_pages(objects: ObjectsFound, pages_max: int) -> Pages:
    """Page objects that no tree leads to, in the order in which they stand in the file."""
    found = Pages()
    sizes = PageSizes(objects)
    for ref in objects.refs():
        node = objects.resolve(ref)
        if isinstance(node, dict) and node.get("/Type") == "/Page":
            found.refs.append(ref)
            found.sizes_mm.append(sizes.of(Page(ref, node, {})))
            if len(found.refs) > pages_max:
                break
    return found


def declared_pages(data: Data, start: int, stop: int) -> int | None:
    """What a linearized file says of its pages in plain, even if all else is encrypted (ISO 32000-1 annex F.3.3)."""
    parameters = _LINEARIZED.search(data, start, min(start + _LINEARIZED_WITHIN, stop))
    if parameters is None:
        return None
    pages, length = _LINEARIZED_PAGES.search(parameters[0]), _LINEARIZED_BYTES.search(parameters[0])
    is_as_written = length is not None and int(length[1]) == stop - start  # else it was updated since
    return int(pages[1]) if pages and is_as_written else None
