"""Colour spaces (PostScript Language Reference, section 4.8), as far as it takes to tell colour from grey and white."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from platen.documents.postscript.objects import (
    Array,
    Dictionary,
    PostScriptError,
    String,
    Value,
    Word,
    integer,
    number,
    numbers,
    text_of,
)
from platen.documents.postscript.page import UNCLEAR, ink_of

if TYPE_CHECKING:
    from platen.documents.postscript.machine import Machine

Rgb = tuple[float, float, float]

_DEPTH_MAX = 8  # spaces within spaces
_COMPONENTS_MAX = 64


class Space:
    """A colour space with `count` components."""

    def __init__(self, value: Value, count: int, *, initial: float = 0.0) -> None:
        self.value = value  # as the program gave it
        self.count = count
        self.initial: tuple[Value, ...] = (initial,) * count

    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        """Red, green and blue, 0.0 to 1.0. Raises: PostScriptError."""
        raise NotImplementedError

    def ink(self, machine: Machine, components: Sequence[float]) -> int:
        return ink_of(*self.rgb(machine, components))

    def decode(self, bits: int) -> list[float]:
        """The usual Decode array of an image in this space."""
        return [0.0, 1.0] * self.count


def _unit(value: float) -> float:
    return 0.0 if value < 0 else 1.0 if value > 1 else float(value)


class GraySpace(Space):
    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        gray = _unit(components[0])
        return gray, gray, gray


class RgbSpace(Space):
    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        return _unit(components[0]), _unit(components[1]), _unit(components[2])


class CmykSpace(Space):
    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        cyan, magenta, yellow, black = components[:4]
        return _unit(1 - cyan - black), _unit(1 - magenta - black), _unit(1 - yellow - black)


class CieSpace(Space):
    """CIEBasedA, ABC, DEF or DEFG, by their ranges: a range below zero is that of an opponent colour, as in Lab."""

    def __init__(self, value: Value, ranges: list[float]) -> None:
        super().__init__(value, len(ranges) // 2)
        self._ranges = ranges

    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        ranges = self._ranges
        scaled = []
        for index in range(self.count):
            low, high = ranges[2 * index], ranges[2 * index + 1]
            scaled.append((components[index] - low) / ((high - low) or 1.0))
        if self.count == 1:
            return _unit(scaled[0]), _unit(scaled[0]), _unit(scaled[0])
        if self.count == 4:
            return CMYK.rgb(machine, scaled)
        if ranges[2] < 0 and ranges[4] < 0:
            light, green_red, blue_yellow = scaled[0], components[1] / 128, components[2] / 128
            return _unit(light + green_red), _unit(light - green_red / 2), _unit(light - blue_yellow)
        return _unit(scaled[0]), _unit(scaled[1]), _unit(scaled[2])

    def decode(self, bits: int) -> list[float]:
        return list(self._ranges)


class IndexedSpace(Space):
    """A table of colours of another space: a string, or a procedure that gives them."""

    def __init__(self, value: Value, base: Space, high: int, table: Value) -> None:
        super().__init__(value, 1)
        self._base, self._high, self._table = base, high, table

    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        index = max(0, min(self._high, int(components[0])))
        count = self._base.count
        if type(self._table) is String:
            entry = self._table.value()[index * count : (index + 1) * count]
            if len(entry) < count:
                raise PostScriptError("rangecheck")
            ranges = self._base.decode(8)
            spread = [
                low + octet / 255 * (high - low)
                for octet, low, high in zip(entry, ranges[::2], ranges[1::2], strict=True)
            ]
            return self._base.rgb(machine, spread)
        return self._base.rgb(machine, called(machine, self._table, [index], count))

    def decode(self, bits: int) -> list[float]:
        return [0.0, float((1 << bits) - 1)]


class TintSpace(Space):
    """Separation or DeviceN: inks of their own, shown in an alternative space that a procedure leads to."""

    def __init__(self, value: Value, inks: list[str], alternative: Space, transform: Value) -> None:
        super().__init__(value, len(inks), initial=1.0)
        self._inks, self._alternative, self._transform = inks, alternative, transform
        self._known: dict[tuple[float, ...], Rgb] = {}

    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        if all(name in ("All", "Black", "None") for name in self._inks):
            gray = 1 - max(
                (_unit(tint) for tint, name in zip(components, self._inks, strict=False) if name != "None"), default=0.0
            )
            return gray, gray, gray
        key = tuple(components)
        found = self._known.get(key)
        if found is None:
            made = called(machine, self._transform, list(components), self._alternative.count)
            found = self._alternative.rgb(machine, made)
            if len(self._known) < 4096:
                self._known[key] = found
        return found


class PatternSpace(Space):
    """Patterns; those without colour of their own take one of the underlying space."""

    def __init__(self, value: Value, underlying: Space | None) -> None:
        super().__init__(value, underlying.count if underlying else 0)
        self.underlying = underlying
        self.initial = ()

    def rgb(self, machine: Machine, components: Sequence[float]) -> Rgb:
        raise PostScriptError("rangecheck")


GRAY = GraySpace("DeviceGray", 1)
RGB = RgbSpace("DeviceRGB", 3)
CMYK = CmykSpace("DeviceCMYK", 4)
CMYK.initial = (0.0, 0.0, 0.0, 1.0)
_DEVICE: dict[str, Space] = {"DeviceGray": GRAY, "DeviceRGB": RGB, "DeviceCMYK": CMYK}


def called(machine: Machine, transform: Value, operands: Sequence[float], results: int) -> list[float]:
    """Call a procedure with numbers for numbers. Raises: PostScriptError."""
    stack = machine.stack
    depth = len(stack)
    stack.extend(operands)
    machine.call(transform)
    if len(stack) < depth + results:
        raise PostScriptError("stackunderflow")
    made = [number(value) for value in stack[-results:]] if results else []
    del stack[depth:]
    return made


def ink_in(machine: Machine, space: Space, components: Sequence[float]) -> int:
    """How a colour looks; UNCLEAR where that cannot be told."""
    try:
        return space.ink(machine, components)
    except (PostScriptError, IndexError, TypeError, ValueError):
        return UNCLEAR


def space_of(machine: Machine, value: Value, depth: int = 0) -> Space:
    """The colour space that a name or array stands for. Raises: PostScriptError."""
    if depth > _DEPTH_MAX:
        raise PostScriptError("limitcheck")
    if type(value) in (str, Word):
        return _named(machine, text_of(value), depth)
    if type(value) is not Array or value.count == 0:
        raise PostScriptError("typecheck")
    items = value.values()
    family = text_of(items[0])
    if family in _DEVICE and len(items) == 1:
        return _DEVICE[family]
    if family == "Pattern":
        return PatternSpace(value, space_of(machine, items[1], depth + 1) if len(items) > 1 else None)
    if family == "Indexed":
        return IndexedSpace(value, space_of(machine, items[1], depth + 1), integer(items[2]), items[3])
    if family in ("Separation", "DeviceN"):
        return _tint(machine, value, items, depth)
    return _cie(machine, value, family, items, depth)


def _named(machine: Machine, name: str, depth: int) -> Space:
    if name in _DEVICE:
        return _DEVICE[name]
    if name == "Pattern":
        return PatternSpace(name, None)
    resource = machine.resources("ColorSpace").get(name)
    if resource is None:
        raise PostScriptError("undefined")
    return space_of(machine, resource, depth + 1)


def _tint(machine: Machine, value: Value, items: list[Value], depth: int) -> Space:
    named = items[1]
    inks = [text_of(name) for name in named.values()] if type(named) is Array else [text_of(named)]
    if len(inks) > _COMPONENTS_MAX:
        raise PostScriptError("limitcheck")
    return TintSpace(value, inks, space_of(machine, items[2], depth + 1), items[3])


_CIE_RANGES = {"CIEBasedA": ("RangeA", 1), "CIEBasedABC": ("RangeABC", 3), "CIEBasedDEF": ("RangeDEF", 3)}


def _cie(machine: Machine, value: Value, family: str, items: list[Value], depth: int) -> Space:
    told = items[1] if len(items) > 1 else None
    if type(told) is not Dictionary:
        raise PostScriptError("typecheck")
    if family == "ICCBased":  # not in the standard, but what converters write
        count = integer(told.get("N"))
        by_count: dict[int, Space] = {1: GRAY, 3: RGB, 4: CMYK}
        if count not in by_count:
            raise PostScriptError("rangecheck")
        kind = type(by_count[count])
        return kind(value, count)
    if family == "CIEBasedDEFG":
        return CieSpace(value, _ranges(told, "RangeDEFG", 4))
    if family not in _CIE_RANGES:
        raise PostScriptError("undefined")
    return CieSpace(value, _ranges(told, *_CIE_RANGES[family]))


def _ranges(told: Dictionary, name: str, count: int) -> list[float]:
    return numbers(told[name], 2 * count) if name in told else [0.0, 1.0] * count
