"""Objects that differ in nothing but the numbers they refer to, parsed once: what the pages of most files are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from platen.documents.pdf.syntax import Dictionary, Ref, Value, parse
from platen.documents.source import Data

_REFERENCE_TEXT = rb"([0-9]{1,10}) 0 R"
_REFERENCE = re.compile(_REFERENCE_TEXT)
_HEADER_TEXT = rb"([0-9]{1,10}) 0 obj"
_DIGITS = b"0123456789"
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
    last_numbers: Sequence[bytes] = field(default_factory=list)
    last: list[Value] | Dictionary | None = None  # the value that was made with these

    def filled(self, numbers: Sequence[bytes]) -> list[Value] | Dictionary:
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
        self._patterns: dict[tuple[bytes, ...], re.Pattern[bytes] | None] = {}
        self._again: tuple[re.Pattern[bytes], _Shape] | None = (
            None  # the shape that came up last, as it stands in a file
        )

    def at(self, data: Data, position: int, stop: int, number: int) -> Value:
        """The object with this number, of generation 0, if it is of the shape that came up last; None otherwise.

        Args: position, stop: where its header is, and the end of the data that may be looked at.
        """
        if self._again is None:
            return None
        pattern, shape = self._again
        found = pattern.match(data, position, stop)
        if found is None:
            return None
        own, *numbers = found.groups()
        return shape.filled(numbers) if int(own) == number else None

    def parse(self, octets: bytes) -> Value:
        """The first object in `octets`. Raises: Irregular."""
        if len(octets) > _OCTETS_MAX:
            return parse(octets)
        parts = _REFERENCE.split(octets)
        texts = tuple(parts[::2])
        shape = self._shapes.get(texts)
        if shape is not None:
            self._expect(texts, shape)
            return shape.filled(parts[1::2])
        value = parse(octets)
        if len(self._shapes) < _SHAPES_MAX and texts not in self._shapes:
            self._shapes[texts] = _shape_of(value, parts[1::2])
        return value

    def _expect(self, texts: tuple[bytes, ...], shape: _Shape) -> None:
        if texts not in self._patterns:
            self._patterns[texts] = _pattern(texts)
        pattern = self._patterns[texts]
        self._again = (pattern, shape) if pattern is not None else None


def _pattern(texts: tuple[bytes, ...]) -> re.Pattern[bytes] | None:
    """What finds these texts with references between them in a file; None: they can be read in two ways."""
    if any(text[-1:] in _DIGITS for text in texts[:-1]):
        return None
    return re.compile(_HEADER_TEXT + _REFERENCE_TEXT.join(map(re.escape, texts)) + b"endobj")


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
