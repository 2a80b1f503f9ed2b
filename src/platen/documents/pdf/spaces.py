"""PDF colour spaces, as far as it matters whether a value in them is coloured (ISO 32000-1 section 8.6)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import pikepdf

from platen.documents.pdf.objects import decoded

_PALETTE_BYTES_MAX = 256 * 32
_NEUTRAL_INKS = frozenset({"/Black", "/None", "/All", "/Gray", "/Grey"})


class SpaceKind(enum.Enum):
    """How the operands of a colour are to be read."""

    GRAY = enum.auto()
    RGB = enum.auto()
    CMYK = enum.auto()
    LAB = enum.auto()
    INDEXED = enum.auto()
    INKS = enum.auto()  # Separation and DeviceN
    PATTERN = enum.auto()
    UNKNOWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space. For INDEXED `colored` says whether the palette holds colour; for INKS each ink is listed."""

    kind: SpaceKind
    colored: bool | None = None
    ink_is_colored: tuple[bool, ...] = ()

    @property
    def is_neutral(self) -> bool:
        """No value in this space is coloured."""
        return self.kind is SpaceKind.GRAY or (self.kind is SpaceKind.INKS and not any(self.ink_is_colored))

    def has_color(self, operands: list[float]) -> bool | None:
        """Whether a colour with these operands is one a person calls coloured; None: not known."""
        match self.kind:
            case SpaceKind.GRAY:
                return False
            case SpaceKind.RGB | SpaceKind.CMYK:
                return len(set(operands[:3])) > 1
            case SpaceKind.LAB:
                return any(operands[1:3])
            case SpaceKind.INDEXED:
                return self.colored
            case SpaceKind.INKS:
                return any(colored and tint for colored, tint in zip(self.ink_is_colored, operands, strict=False))
        return None


UNKNOWN = Space(SpaceKind.UNKNOWN)
_BY_NAME: dict[str, Space] = {
    **dict.fromkeys(("/DeviceGray", "/CalGray", "/G"), Space(SpaceKind.GRAY)),
    **dict.fromkeys(("/DeviceRGB", "/CalRGB", "/RGB"), Space(SpaceKind.RGB)),
    **dict.fromkeys(("/DeviceCMYK", "/CMYK"), Space(SpaceKind.CMYK)),
    "/Lab": Space(SpaceKind.LAB),
    "/Pattern": Space(SpaceKind.PATTERN),
}
_BY_COMPONENTS = {1: _BY_NAME["/G"], 3: _BY_NAME["/RGB"], 4: _BY_NAME["/CMYK"]}


def space_of(value: pikepdf.Object | None, resources: pikepdf.Object | None, depth: int) -> Space:
    """Read a colour space. Raises: what pikepdf raises for damaged objects."""
    if value is None or depth <= 0:
        return UNKNOWN
    if isinstance(value, pikepdf.Name):
        return _named(str(value), resources, depth)
    if isinstance(value, pikepdf.Array) and len(value) > 0:
        return _of_family(str(value[0]), value, resources, depth)
    return UNKNOWN


def _of_family(family: str, value: pikepdf.Array, resources: pikepdf.Object | None, depth: int) -> Space:
    if family in _BY_NAME or len(value) < 2:
        return _BY_NAME.get(family, UNKNOWN)
    if family == "/ICCBased":
        components = value[1].get("/N")
        return _BY_COMPONENTS.get(int(components), UNKNOWN) if components is not None else UNKNOWN
    if family in ("/Indexed", "/I") and len(value) > 3:
        return Space(SpaceKind.INDEXED, _palette_has_color(value, resources, depth))
    if family in ("/Separation", "/DeviceN"):
        inks = value[1].as_list() if isinstance(value[1], pikepdf.Array) else [value[1]]
        return Space(SpaceKind.INKS, ink_is_colored=tuple(str(ink) not in _NEUTRAL_INKS for ink in inks))
    return UNKNOWN


def _named(name: str, resources: pikepdf.Object | None, depth: int) -> Space:
    if isinstance(resources, pikepdf.Dictionary):
        spaces = resources.get("/ColorSpace")
        found = spaces.get(name) if isinstance(spaces, pikepdf.Dictionary) else None
        if found is not None and not (isinstance(found, pikepdf.Name) and str(found) == name):
            return space_of(found, resources, depth - 1)
    return _BY_NAME.get(name, UNKNOWN)


def _palette_has_color(value: pikepdf.Array, resources: pikepdf.Object | None, depth: int) -> bool | None:
    base = space_of(value[1], resources, depth - 1)
    channels = {SpaceKind.GRAY: 1, SpaceKind.RGB: 3, SpaceKind.CMYK: 4}.get(base.kind)
    if channels is None:
        return None
    if channels == 1:
        return False
    table = value[3]
    octets = decoded(table, _PALETTE_BYTES_MAX) if isinstance(table, pikepdf.Stream) else bytes(table)
    if octets is None:
        return None
    first = octets[0::channels]
    length = len(octets) // channels
    return any(octets[offset::channels][:length] != first[:length] for offset in (1, 2))
