"""One fixed page: its size, and what is marked on it in which colours."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.matrices import EVERYWHERE, IDENTITY, Box
from platen.documents.media import MM_PER_INCH
from platen.documents.xps.colors import UNKNOWN, Marks
from platen.documents.xps.markup import walk
from platen.documents.xps.nodes import Grower, Node
from platen.documents.xps.package import Package
from platen.documents.xps.pictures import Pictures
from platen.documents.xps.resources import Scope
from platen.documents.xps.visuals import Context, Visuals

UNITS_PER_INCH = 96
_SIZE_MAX = 20_000.0  # mm
_NODES_MAX = 200_000  # of one drawing with its brushes, and of the resources of a page


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

    def __init__(self, package: Package, pictures: Pictures) -> None:
        self._package = package
        self._visuals = Visuals(package, pictures)

    def read(self, part: str, *, looks_for_color: bool) -> FixedPage:
        """What is on the page in `part`."""
        self._visuals.begin_page()
        walking = _Walking(self._visuals, part, looks_for_color=looks_for_color)
        whole = walk(self._package.chunks(part), walking.begin, walking.end)
        return FixedPage(walking.size_mm, walking.marks.marked, walking.marks.colored, whole)


@dataclass(slots=True)
class _Frame:
    """An open page or canvas: its properties come before what is drawn in it."""

    node: Node
    outer: Context
    context: Context | None = None  # once something is drawn


class _Walking:
    """Follows the elements of a page; what is drawn is looked at as soon as it has ended."""

    def __init__(self, visuals: Visuals, part: str, *, looks_for_color: bool) -> None:
        self.size_mm: tuple[float, float] | None = None
        self.marks = Marks()
        self._visuals, self._part = visuals, part
        self._looks_for_color = looks_for_color
        self._grower = Grower(_NODES_MAX)
        self._frames: list[_Frame] = []
        self._skipped = 0  # depth inside an element that is passed over

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._grower.is_growing:
            self._grower.begin(name, attributes, self._part)
        elif self._skipped or not self._frames:
            self._begin_page(name, attributes)
        elif self._is_settled:
            self._skipped = 1
        else:
            self._begin_inside(self._context_for(name), name, attributes)

    def _begin_inside(self, context: Context | None, name: str, attributes: dict[str, str]) -> None:
        if context is not None and context.is_hidden:
            self._skipped = 1
        elif context is not None and name == "Canvas":
            self._frames.append(_Frame(Node(name, attributes, self._part), context))
        else:
            self._grower.begin(name, attributes, self._part)

    def _begin_page(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name != "FixedPage":
            self._skipped += 1
            return
        self.size_mm = size_mm_of(attributes)
        outer = Context(IDENTITY, _box_of_page(self.size_mm), 1.0, Scope())
        self._frames.append(_Frame(Node(name, attributes, self._part), outer))

    @property
    def _is_settled(self) -> bool:
        """Whether nothing more can be learnt of the page."""
        return self.marks.marked and (self.marks.colored is True or not self._looks_for_color)

    def _context_for(self, name: str) -> Context | None:
        """What holds for a drawing that begins; None for a property of the page or canvas that is open."""
        frame = self._frames[-1]
        if name.startswith(f"{frame.node.name}."):
            return None
        if frame.context is None:
            frame.context = self._visuals.context_in(frame.node, frame.outer)
        return frame.context

    def end(self, name: str, text: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif self._grower.is_growing:
            if (node := self._grower.end()) is not None:
                self._take(node)
        elif self._frames:
            self._frames.pop()

    def _take(self, node: Node) -> None:
        context = self._context_for(node.name)
        if self._grower.has_lost:
            self.marks.add(UNKNOWN)
        if context is None:
            self._frames[-1].node.children.append(node)
        else:
            self._visuals.draw(node, context, self.marks)


def _box_of_page(size_mm: tuple[float, float] | None) -> Box:
    if size_mm is None:
        return EVERYWHERE
    return 0.0, 0.0, size_mm[0] / MM_PER_INCH * UNITS_PER_INCH, size_mm[1] / MM_PER_INCH * UNITS_PER_INCH
