"""Objects that differ in nothing but the numbers they refer to, parsed once: what the pages of most files are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from platen.documents.pdf.syntax import Dictionary, Ref, Value, parse

_REFERENCE = re.compile(rb"([0-9]{1,10}) 0 R")
_SHAPES_MAX = 256
_OCTETS_MAX = 2048

_new = tuple.__new__  # makes a NamedTuple without the detour over its own constructor

_Key: TypeAlias = "int | str"


@dataclass(slots=True)
class _Shape:
    """An array or dictionary, and where in it references stand or further shapes."""

    like: list[Value] | Dictionary
    slots: list[tuple[_Key, _Shape | None]]  # in the order in which they are written; None: a reference
    references: int  # that stand in it, at any depth
    last_numbers: list[bytes] = field(default_factory=list)
    last: list[Value] | Dictionary | None = None  # the value that was made with these

    def filled(self, numbers: list[bytes]) -> list[Value] | Dictionary:
        """A value of this shape; the same object as before where the same is referred to again."""
        if numbers == self.last_numbers and self.last is not None:
            return self.last
        value = self.like.copy()
        at = 0
        for key, inner in self.slots:
            if inner is None:
                value[key] = _new(Ref, (int(numbers[at]), 0))  # type: ignore[index]
                at += 1
            else:
                behind = at + inner.references
                value[key] = inner.filled(numbers[at:behind])  # type: ignore[index]
                at = behind
        self.last_numbers, self.last = numbers, value
        return value


class ShapeParser:
    """Parses objects as `parse` does, those of a shape seen before several times faster."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[bytes, ...], _Shape | None] = {}

    def parse(self, octets: bytes) -> Value:
        """The first object in `octets`. Raises: Irregular."""
        if len(octets) > _OCTETS_MAX:
            return parse(octets)
        parts = _REFERENCE.split(octets)
        texts = tuple(parts[::2])
        shape = self._shapes.get(texts)
        if shape is not None:
            return shape.filled(parts[1::2])
        value = parse(octets)
        if len(self._shapes) < _SHAPES_MAX and texts not in self._shapes:
            self._shapes[texts] = _shape_of(value, parts[1::2])
        return value


def _shape_of(value: Value, numbers: list[bytes]) -> _Shape | None:
    """The shape of a value in which exactly these references stand, in this order; None: they do not."""
    found: list[int] = []
    shape = _slots(value, found)
    # A string or a comment may hold the text of a reference, and a dictionary a key twice.
    return shape if found == [int(number) for number in numbers] else None


def _slots(value: Value, found: list[int]) -> _Shape | None:
    if not isinstance(value, list | dict):
        return None
    slots: list[tuple[_Key, _Shape | None]] = []
    before = len(found)
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, Ref):
            found.append(inner.number)
            slots.append((key, None))
        elif (shape := _slots(inner, found)) is not None:
            slots.append((key, shape))
    return _Shape(value, slots, len(found) - before) if slots else None
