"""Small trees of elements: a path with its brushes, or the brushes of a dictionary. Pages are never held whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from platen.documents.matrices import Box

if TYPE_CHECKING:
    from platen.documents.xps.brushes import Paint
    from platen.documents.xps.resources import Scope


@dataclass(slots=True, eq=False)
class Node:
    """One element."""

    name: str
    attributes: dict[str, str]
    part: str  # that it stands in: what relative names in it start from
    children: list[Node] = field(default_factory=list)
    scope: Scope | None = None  # of a resource: the dictionaries that it was defined in
    paint: Paint | None = None  # of a brush, once it was looked at
    bounds: Box | None = None  # of a geometry, likewise

    def inner(self, property_name: str) -> list[Node]:
        """What a property holds that stands in an element of its own: <Path.Fill> in <Path>."""
        name = f"{self.name}.{property_name}"
        return next((child.children for child in self.children if child.name == name), [])

    def below(self, name: str) -> Iterator[Node]:
        """The elements of a name that stand in this one, or in a property of it."""
        for child in self.children:
            if child.name == name:
                yield child
            else:
                yield from (each for each in child.children if each.name == name)


class Grower:
    """Makes a tree of the elements between the begin and the end of one."""

    def __init__(self, nodes_max: int) -> None:
        self._open: list[Node] = []
        self._left = nodes_max
        self._size = 0
        self.has_lost = False  # elements were left out, as there were too many

    @property
    def is_growing(self) -> bool:
        return bool(self._open)

    def begin(self, name: str, attributes: dict[str, str], part: str) -> None:
        node = Node(name, attributes, part)
        if self._size >= self._left:
            self.has_lost = True
        elif self._open:
            self._open[-1].children.append(node)
        self._size += 1
        self._open.append(node)

    def end(self) -> Node | None:
        """Returns: the tree, where its first element ends."""
        node = self._open.pop()
        if self._open:
            return None
        self._size, size = 0, self._size
        if node.name.endswith(".Resources"):  # these stay
            self._left -= size
        return node
