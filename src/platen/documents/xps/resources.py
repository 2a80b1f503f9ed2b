"""Resource dictionaries: brushes, geometries and drawings that a page names by their key (ECMA-388 section 14.2)."""

from __future__ import annotations

import re

from platen.documents.xps.markup import walk
from platen.documents.xps.nodes import Grower, Node
from platen.documents.xps.package import Package, resolved

_REFERENCE = re.compile(r"\{\s*StaticResource\s+(?:ResourceKey\s*=\s*)?([^\s{}]{1,256})\s*\}")
_NODES_MAX = 200_000  # of one dictionary that is a part
_DICTIONARIES_MAX = 64  # parts kept for further pages


class Scope:
    """The dictionary of an element, inside those of the elements around it."""

    def __init__(self, outer: Scope | None = None) -> None:
        self._outer = outer
        self._entries: dict[str, Node] = {}

    def define(self, entries: list[Node]) -> None:
        """Resources of this dictionary. One may use those around it."""
        for node in entries:
            if key := node.attributes.get("Key"):
                node.scope = self
                self._entries.setdefault(key, node)

    def adopt(self, other: Scope) -> None:
        """All resources of another dictionary, which stay at home there."""
        self._entries |= other._entries

    def find(self, key: str) -> Node | None:
        scope: Scope | None = self
        while scope is not None:
            if key in scope._entries:
                return scope._entries[key]
            scope = scope._outer
        return None

    def value(self, node: Node, name: str) -> str | Node | None:
        """What a property of an element is: text, or an element that stands in it or is named by a key."""
        text = node.attributes.get(name)
        if text is None:
            return next(iter(node.inner(name)), None)
        if text.lstrip().startswith("{") and (match := _REFERENCE.fullmatch(text.strip())):
            return self.find(match[1])
        return text


class Dictionaries:
    """Reads the dictionaries of a package; one part may serve every page."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[str, Scope] = {}

    def scope_of(self, node: Node, outer: Scope) -> Scope:
        """The scope inside an element, with the resources that stand in it."""
        dictionaries = [each for each in node.inner("Resources") if each.name == "ResourceDictionary"]
        if not dictionaries:
            return outer
        scope = Scope(outer)
        for dictionary in dictionaries:
            if source := dictionary.attributes.get("Source"):
                scope.adopt(self._in_part(resolved(dictionary.part, source)))
            scope.define(dictionary.children)
        return scope

    def _in_part(self, part: str) -> Scope:
        if part in self._known:
            return self._known[part]
        grower, roots = Grower(_NODES_MAX), list[Node]()

        def end(name: str, text: str) -> None:
            if (root := grower.end()) is not None:
                roots.append(root)

        walk(self._package.chunks(part), lambda name, attributes: grower.begin(name, attributes, part), end)
        scope = Scope()
        for root in roots:
            scope.define(root.children)
        if len(self._known) < _DICTIONARIES_MAX:
            self._known[part] = scope
        return scope
