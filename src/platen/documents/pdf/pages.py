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
    declared: int | None = None  # what the tree says of itself (/Count)
    sizes_guessed: bool = False  # of some pages
    fonts_not_embedded: set[str] = field(default_factory=set)
    fonts_exhausted: bool = False

    def __len__(self) -> int:
        return len(self.sizes_mm)


def walk(objects: Objects, found: Pages, pages_max: int) -> None:
    """Take the pages of the tree, at most one more than `pages_max`. Raises: Irregular."""
    sizes = PageSizes(objects)
    catalog = dictionary(objects, objects.trailer.get("/Root"))
    root = catalog.get("/Pages")
    tree = PageTree(objects, root)
    declared = objects.resolve(dictionary(objects, root).get("/Count"))
    found.declared = declared if isinstance(declared, int) else None
    fonts = FontReader(objects)
    found.fonts_not_embedded = fonts.not_embedded
    has_form = bool(array(objects, dictionary(objects, catalog.get("/AcroForm")).get("/Fields")))
    for page in tree:
        size_mm = sizes.of(page)
        found.refs.append(page.ref)
        found.sizes_mm.append(size_mm)
        try:
            fonts.look_at(page.attributes.get("/Resources") or page.inherited.get("/Resources"))
            if has_form and "/Annots" in page.attributes:
                fonts.look_at_notes(page.attributes["/Annots"])
        except Irregular:
            pass  # a damaged font harms no page
        if len(found.sizes_mm) > pages_max:
            break
    found.sizes_guessed = sizes.some_are_guessed
    found.tree_has_damage = tree.has_damage
    found.fonts_exhausted = fonts.exhausted


def stray_pages(objects: ObjectsFound, found: Pages, pages_max: int) -> None:
    """Take page objects that no tree leads to, in the order in which they stand in the file."""
    sizes = PageSizes(objects)
    for ref in filter(objects.may_be_page, objects.refs()):
        node = objects.resolve(ref)
        if isinstance(node, dict) and node.get("/Type") == "/Page":
            found.refs.append(ref)
            found.sizes_mm.append(sizes.of(Page(ref, node, {})))
            if len(found) > pages_max:
                break
    found.sizes_guessed = sizes.some_are_guessed


def declared_pages(data: Data, start: int, stop: int) -> int | None:
    """What a linearized file says of its pages in plain, even if all else is encrypted (ISO 32000-1 annex F.3.3)."""
    parameters = _LINEARIZED.search(data, start, min(start + _LINEARIZED_WITHIN, stop))
    if parameters is None:
        return None
    pages, length = _LINEARIZED_PAGES.search(parameters[0]), _LINEARIZED_BYTES.search(parameters[0])
    is_as_written = length is not None and int(length[1]) == stop - start  # else it was updated since
    return int(pages[1]) if pages and is_as_written else None
