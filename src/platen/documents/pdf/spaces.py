"""PDF colour spaces, as far as it matters whether a value in them may be coloured (ISO 32000-1 section 8.6)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.syntax import Dictionary, Stream, Value

# Of 1, between the components of a colour. Smaller than what is seen as colour on the finished page, since blending
# may widen a difference.
_TOLERANCE = 8 / 255
_PALETTE_BYTES_MAX = 256 * 32
_PALETTE_TOLERANCE = 8
_NEUTRAL_INKS = frozenset({"/Black", "/None", "/All"})


class SpaceKind(enum.Enum):
    """How the operands of a colour are to be read."""

    NEUTRAL = enum.auto()  # whatever the operands, the colour is a grey
    RGB = enum.auto()
    CMYK = enum.auto()
    PATTERN = enum.auto()
    OTHER = enum.auto()  # may be coloured; only rendering tells


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space; `base` is what an uncoloured pattern takes its colour from."""

    kind: SpaceKind
    base: SpaceKind | None = None


NEUTRAL = Space(SpaceKind.NEUTRAL)
OTHER = Space(SpaceKind.OTHER)
_RGB, _CMYK, _PATTERN = Space(SpaceKind.RGB), Space(SpaceKind.CMYK), Space(SpaceKind.PATTERN)
_BY_NAME: dict[str, Space] = {
    **dict.fromkeys(("/DeviceGray", "/CalGray", "/G"), NEUTRAL),
    **dict.fromkeys(("/DeviceRGB", "/CalRGB", "/RGB"), _RGB),
    **dict.fromkeys(("/DeviceCMYK", "/CMYK"), _CMYK),
    "/Pattern": _PATTERN,
}
_BY_COMPONENTS = {1: NEUTRAL, 3: _RGB, 4: _CMYK}


def may_be_colored(kind: SpaceKind, operands: Sequence[float]) -> bool:
    """Whether a colour with these operands may be one that a person calls coloured."""
    match kind:
        case SpaceKind.NEUTRAL:
            return False
        case SpaceKind.RGB:
            return len(operands) < 3 or max(operands[-3:]) - min(operands[-3:]) > _TOLERANCE
        case SpaceKind.CMYK:
            # Equal amounts of three inks are grey by definition, but not in every conversion.
            return len(operands) < 4 or max(operands[-4:-1]) > _TOLERANCE
    return True


def space_of(objects: Objects, value: Value, named: Dictionary, depth: int) -> Space:
    """Read a colour space; `named` is the /ColorSpace of the resources. Raises: Irregular."""
    value = objects.resolve(value)
    if value is None or depth <= 0:
        return OTHER
    if isinstance(value, str):
        found = objects.resolve(named.get(value))
        return _BY_NAME.get(value, OTHER) if found in (None, value) else space_of(objects, found, named, depth - 1)
    if not isinstance(value, list) or not value:
        return OTHER
    family = objects.resolve(value[0])
    return _of_family(objects, family, value, named, depth) if isinstance(family, str) else OTHER


def _of_family(objects: Objects, family: str, value: list[Value], named: Dictionary, depth: int) -> Space:
    if family == "/Pattern" and len(value) > 1:
        return Space(SpaceKind.PATTERN, space_of(objects, value[1], named, depth - 1).kind)
    if family in _BY_NAME or len(value) < 2:
        return _BY_NAME.get(family, OTHER)
    if family == "/ICCBased":
        components = objects.resolve(dictionary(objects, value[1]).get("/N"))
        return _BY_COMPONENTS.get(components, OTHER) if isinstance(components, int) else OTHER
    if family in ("/Indexed", "/I") and len(value) > 3:
        return NEUTRAL if _palette_is_neutral(objects, value, named, depth) else OTHER
    if family in ("/Separation", "/DeviceN"):
        inks = array(objects, value[1]) or [value[1]]
        return NEUTRAL if all(objects.resolve(ink) in _NEUTRAL_INKS for ink in inks) else OTHER
    return OTHER


def _palette_is_neutral(objects: Objects, value: list[Value], named: Dictionary, depth: int) -> bool:
    base = space_of(objects, value[1], named, depth - 1).kind
    if base is SpaceKind.NEUTRAL:
        return True
    table = objects.resolve(value[3])
    octets = objects.octets(table, _PALETTE_BYTES_MAX) if isinstance(table, Stream) else table
    if base is not SpaceKind.RGB or not isinstance(octets, bytes):
        return False
    return all(
        max(entry) - min(entry) <= _PALETTE_TOLERANCE
        for entry in zip(octets[0::3], octets[1::3], octets[2::3], strict=False)
    )
