"""The page tree (ISO 32000-1 section 7.7.3): pages in their order, with what they inherit, and how large they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from platen.documents.media import MM_PER_POINT
from platen.documents.pdf.reading import Objects, array
from platen.documents.pdf.syntax import Dictionary, Ref, Stream, Value

_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_LETTER_PT = (0.0, 0.0, 612.0, 792.0)
_USER_UNIT_MAX = 75_000  # Acrobat's; larger ones are damage
_SIZES_KEPT = 4096
_REPEATED_MAX = 1000
_KIDS_AGAIN_MAX = 100_000  # of branches that the tree enters once more, so that no tree of branches grows without end

SizeMm = tuple[float, float]
Box = tuple[float, float, float, float]


class Page(NamedTuple):
    """A page object."""

    ref: Ref | None  # None: written into the tree itself
    attributes: Dictionary
    inherited: Dictionary

    def get(self, key: str) -> Value:
        """An attribute of the page or of its ancestors."""
        value = self.attributes.get(key)
        return self.inherited.get(key) if value is None else value


class PageTree:
    """The pages below a root, as far as they are there; nothing is taken from /Count.

    A branch that is named more than once has its pages in each of these places, as readers and printers have it; one
    within itself is left out.
    """

    def __init__(self, objects: Objects, root: Value) -> None:
        self._objects = objects
        self._root = root
        self._seen: set[Ref] = set()
        self._kids_again_left = _KIDS_AGAIN_MAX
        self._repeated: frozenset[Ref] = frozenset()
        self.has_damage = False  # a part of the tree was passed over: it turns in circles or is no page

    def __iter__(self) -> Iterator[Page]:
        """Raises: Irregular, as the objects do."""
        levels: list[tuple[Iterator[Value], Dictionary, Ref | None]] = [(iter([self._root]), {}, None)]
        above: set[Ref | None] = set()  # the branches of these levels
        known: dict[Ref, Page] = {}  # of the last node with pages that it names more than once
        while levels:
            kids, inherited, branch = levels[-1]
            for kid in kids:
                ref = kid if isinstance(kid, Ref) else None
                if ref is not None and ref in known:
                    yield known[ref]
                    continue
                node = self._node(kid)
                if node is None:
                    continue
                if _is_page(node):
                    page = Page(ref, node, inherited)
                    if ref is not None and ref in self._repeated:
                        known[ref] = page
                    yield page
                    continue
                known = {}
                below = self._below(ref, node, above)
                passed_on = {key: node[key] for key in _INHERITED if key in node}
                levels.append((iter(below), {**inherited, **passed_on}, None if ref in above else ref))
                above.add(ref)
                break
            else:
                levels.pop()
                above.discard(branch)
                known = {}

    def _node(self, kid: Value) -> Dictionary | None:
        node = self._objects.resolve(kid)
        if isinstance(node, dict):
            return node
        if isinstance(node, Stream) and node.attributes.get("/Type") == "/Page":  # damage, and yet most readers show it
            return node.attributes
        self.has_damage = self.has_damage or kid is not None
        return None

    def _below(self, ref: Ref | None, node: Dictionary, above: set[Ref | None]) -> list[Value]:
        """The nodes below a branch; none where it is within itself, or branches were entered again too often."""
        kids = array(self._objects, node.get("/Kids"))
        if ref is not None and ref in self._seen:
            self._kids_again_left -= 1 + len(kids)
            if ref in above or self._kids_again_left < 0:
                self.has_damage = True
                kids = []
        elif ref is not None:
            self._seen.add(ref)
        self._repeated = _repeated(kids)
        return kids


def _is_page(node: Dictionary) -> bool:
    return node.get("/Type") == "/Page" or ("/Kids" not in node and node.get("/Type") != "/Pages")


def _repeated(kids: list[Value]) -> frozenset[Ref]:
    """References that stand in a node more than once; a few, of which more is kept than of others."""
    refs = [kid for kid in kids if isinstance(kid, Ref)]
    if len(set(refs)) == len(refs):
        return frozenset()
    return frozenset(ref for ref, count in Counter(refs).most_common(_REPEATED_MAX) if count > 1)


class PageSizes:
    """Sizes of pages in mm, as a person sees them; like pages share one value."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._known: dict[object, SizeMm] = {}
        self._last: tuple[Value, Value, Value, Value, SizeMm] | None = None
        self.some_are_guessed = False  # a page has no media box, or none that makes sense

    def of(self, page: Page) -> SizeMm:
        """The crop box within the media box, turned by /Rotate and scaled by /UserUnit (section 14.11.2).

        Raises: Irregular.
        """
        attributes, inherited, unit = page.attributes, page.inherited, page.attributes.get("/UserUnit")
        media = attributes.get("/MediaBox") or inherited.get("/MediaBox")
        crop = attributes.get("/CropBox") or inherited.get("/CropBox")
        rotate = attributes["/Rotate"] if "/Rotate" in attributes else inherited.get("/Rotate")
        last = self._last  # mostly the very same arrays, as readers share what they parsed
        if last and media is last[0] and crop is last[1] and rotate == last[2] and unit == last[3]:
            return last[4]
        size_mm = self._known_or_calculated(media, crop, rotate, unit)
        self._last = (media, crop, rotate, unit, size_mm)
        return size_mm

    def _known_or_calculated(self, media: Value, crop: Value, rotate: Value, unit: Value) -> SizeMm:
        key = (
            tuple(media) if isinstance(media, list) else media,
            tuple(crop) if isinstance(crop, list) else crop,
            rotate,
            unit,
        )
        try:
            known = self._known.get(key)
        except TypeError:  # holds what cannot be a key, so it is no box
            return self._calculated(media, crop, rotate, unit)
        if known is None:
            known = self._calculated(media, crop, rotate, unit)
            if len(self._known) < _SIZES_KEPT:
                self._known[key] = known
        return known

    def seen_pt(self, page: Page) -> Box:
        """What of the page is seen, in its own coordinates. Raises: Irregular."""
        return self._seen(page.get("/MediaBox"), page.get("/CropBox"))

    def _seen(self, media: Value, crop: Value) -> Box:
        sheet = self._box(media)
        if sheet is None:
            sheet, self.some_are_guessed = _LETTER_PT, True  # as most readers do
        seen = self._box(crop)
        return _common(sheet, seen) if seen else sheet

    def _calculated(self, media: Value, crop: Value, rotate: Value, unit: Value) -> SizeMm:
        box = self._seen(media, crop)
        number = self._objects.resolve(unit)
        is_scaled = isinstance(number, int | float) and 0 < number < _USER_UNIT_MAX
        scale = MM_PER_POINT * (number if is_scaled else 1)  # type: ignore[operator]  # a number where it is scaled
        width, height = (box[2] - box[0]) * scale, (box[3] - box[1]) * scale
        turns = self._objects.resolve(rotate)
        is_turned = isinstance(turns, int | float) and turns % 180 == 90
        return (height, width) if is_turned else (width, height)

    def _box(self, value: Value) -> Box | None:
        numbers = [self._objects.resolve(number) for number in array(self._objects, value)[:4]]
        if len(numbers) < 4:
            return None
        x1, y1, x2, y2 = (float(number) if isinstance(number, int | float) else math.nan for number in numbers)
        box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        return box if box[0] < box[2] and box[1] < box[3] and all(map(math.isfinite, box)) else None


def _common(sheet: Box, seen: Box) -> Box:
    """What of a page is seen; a crop box beside the sheet is not obeyed."""
    box = (max(sheet[0], seen[0]), max(sheet[1], seen[1]), min(sheet[2], seen[2]), min(sheet[3], seen[3]))
    return box if box[0] < box[2] and box[1] < box[3] else sheet
