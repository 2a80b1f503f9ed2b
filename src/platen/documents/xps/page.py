"""One fixed page: its size, and what is marked on it in which colours."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.media import MM_PER_INCH
from platen.documents.xps.colors import Marking, marking_of
from platen.documents.xps.markup import walk
from platen.documents.xps.package import Package, resolved
from platen.documents.xps.pictures import Pictures

UNITS_PER_INCH = 96
_DICTIONARIES_MAX = 50
_SIZE_MAX = 20_000.0  # mm
# Attributes that paint, by element; a brush that is not a colour stands in an element of its own.
_PAINTS = {
    "Path": ("Fill", "Stroke"),
    "Glyphs": ("Fill",),
    "SolidColorBrush": ("Color",),
    "GradientStop": ("Color",),
}


@dataclass(slots=True)
class FixedPage:
    """What was found on a page."""

    size_mm: tuple[float, float] | None = None
    marked: bool = False
    colored: bool | None = False
    whole: bool = True


def size_mm_of(attributes: dict[str, str]) -> tuple[float, float] | None:
    """Width and Height in 1/96 inch."""
    try:
        width, height = (float(attributes[name]) / UNITS_PER_INCH * MM_PER_INCH for name in ("Width", "Height"))
    except (KeyError, ValueError):
        return None
    return (width, height) if 0 < width < _SIZE_MAX and 0 < height < _SIZE_MAX else None


class PageReader:
    """Reads the pages of one package."""

    def __init__(self, package: Package, *, looks_for_color: bool, picture_bytes_max: int) -> None:
        self._package = package
        self._looks_for_color = looks_for_color
        self._pictures = Pictures(package, picture_bytes_max)
        self._page = FixedPage()
        self._part = ""
        self._dictionaries: list[str] = []

    def read(self, part: str) -> FixedPage:
        """What is on the page in `part`."""
        self._page, self._part, self._dictionaries = FixedPage(), part, []
        self._page.whole = walk(self._package.chunks(part), self._element)
        for dictionary in self._dictionaries:  # brushes and drawings that stand elsewhere
            self._part = dictionary
            walk(self._package.chunks(dictionary), self._element)
        return self._page

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        if name == "FixedPage":
            self._page.size_mm = size_mm_of(attributes)
        elif name == "ImageBrush":
            self._picture(attributes.get("ImageSource", ""))
        elif name == "ResourceDictionary" and (source := attributes.get("Source")):
            target = resolved(self._part, source)
            if len(self._dictionaries) < _DICTIONARIES_MAX and target not in self._dictionaries:
                self._dictionaries.append(target)
        elif paints := _PAINTS.get(name):
            if name == "Glyphs" and not (attributes.get("UnicodeString", "").strip() or attributes.get("Indices")):
                return
            for paint in paints:
                if (value := attributes.get(paint)) and (marking := marking_of(value)):
                    self._mark(marking)

    def _mark(self, marking: Marking) -> None:
        page = self._page
        if not marking.visible:
            return
        page.marked = True
        if marking.colored or page.colored:
            page.colored = True
        elif marking.colored is None:
            page.colored = None

    def _picture(self, source: str) -> None:
        """An image, or `{ColorConvertedBitmap image profile}`."""
        words = source.strip("{}").split()
        if words and words[0] == "ColorConvertedBitmap":
            words = words[1:]
        if not words:
            return
        if not self._looks_for_color or self._page.colored:
            self._page.marked = True
            return
        self._mark(Marking(visible=True, colored=self._pictures.has_color(resolved(self._part, words[0]))))
