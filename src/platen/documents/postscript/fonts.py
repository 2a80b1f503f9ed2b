"""What a font tells of its glyphs: how wide they are and whether they mark anything. Outlines are not looked at."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from platen.documents.postscript.files import decrypted
from platen.documents.postscript.glyphs import GLYPHS, NOTDEF, STANDARD_ENCODING, Widths
from platen.documents.postscript.machine import PYTHON_ERRORS, Machine
from platen.documents.postscript.marking import looked_at
from platen.documents.postscript.objects import (
    Array,
    Dictionary,
    PostScriptError,
    String,
    Value,
    integer,
    number,
    numbers,
    text_of,
)
from platen.documents.postscript.page import GREY

PAINTED = -1  # with the current colour
_EMPTY = frozenset({NOTDEF, "space", "nbspace", "nonbreakingspace", "uni00A0", "uni0020", "visiblespace", "nul", "CR"})
_GLYPHS_MAX = 70_000
_CHARSTRING_KEY = 4330
_CHARSTRING_BYTES = 64  # of which the width stands in the first few

_FAILURES: tuple[type[Exception], ...] = (PostScriptError, struct.error, *PYTHON_ERRORS)


@dataclass(frozen=True, slots=True)
class Glyph:
    """Its advance in the font's own units, and how it looks: nothing (0), PAINTED, or inks of its own."""

    width: tuple[float, float]
    ink: int


class FontId:
    """The FID of a font, and what has been found out of its glyphs; fonts made by scaling share it."""

    __slots__ = ("glyphs", "true_type", "widths")

    def __init__(self, name: str = "") -> None:
        self.glyphs: dict[Value, Glyph] = {}
        self.widths = Widths(name)
        self.true_type: _TrueTypeWidths | None = None


def standard_font(machine: Machine, name: str) -> Dictionary:
    """A font as a device has it, or puts in place of one that it has not."""
    machine.take_memory(20_000)
    font = Dictionary(20)
    outlines = Dictionary(len(GLYPHS))
    outlines.update(dict.fromkeys(GLYPHS, 0))
    information = Dictionary(10)
    information.update(
        FullName=String(bytearray(name.encode("latin-1"))),
        FamilyName=String(bytearray(name.split("-", 1)[0].encode("latin-1"))),
        ItalicAngle=0,
        isFixedPitch="Courier" in name,
        UnderlinePosition=-100,
        UnderlineThickness=50,
    )
    font.update(
        FontName=name,
        FontType=1,
        PaintType=0,
        FontMatrix=Array([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]),
        FontBBox=Array([-168, -281, 1000, 924]),
        Encoding=Array(list(STANDARD_ENCODING)),
        CharStrings=outlines,
        FontInfo=information,
        Private=Dictionary(),
        UniqueID=0,
        FID=FontId(name),
    )
    return font


def font_id(font: Dictionary) -> FontId:
    """The FID; a font without one is none. Raises: PostScriptError."""
    found = font.get("FID")
    if not isinstance(found, FontId):
        raise PostScriptError("invalidfont")
    return found


def glyph_of(machine: Machine, font: Dictionary, code: int) -> Glyph:
    """What a character code stands for."""
    known = font_id(font).glyphs
    found = known.get(code)
    if found is None:
        found = _glyph(machine, font, code, _name(font, code))
        if len(known) < _GLYPHS_MAX:
            known[code] = found
    return found


def glyph_named(machine: Machine, font: Dictionary, name: Value) -> Glyph:
    """A glyph by its name, or by its CID."""
    known = font_id(font).glyphs
    found = known.get(("name", name))
    if found is None:
        found = known[("name", name)] = _glyph(machine, font, None, name)
    return found


def _name(font: Dictionary, code: int) -> Value:
    encoding = font.get("Encoding")
    if type(encoding) is Array and code < encoding.count:
        return encoding.values()[code]
    return NOTDEF


def _glyph(machine: Machine, font: Dictionary, code: int | None, name: Value) -> Glyph:
    kind = font.get("FontType")
    if kind == 3:
        return _built(machine, font, code, name)
    text = text_of(name) if type(name) in (str, String) else ""
    ink = 0 if text in _EMPTY else PAINTED
    metrics = font.get("Metrics")
    told = metrics.get(text) if type(metrics) is Dictionary else None
    if told is not None:
        values = numbers(told) if type(told) is Array else [number(told)]
        return Glyph((values[0] if len(values) in (1, 4) else values[1], 0.0), ink)
    try:
        return Glyph((_width(font, text), 0.0), ink)
    except _FAILURES:
        return Glyph((font_id(font).widths.of(text) * (0.001 if kind == 42 else 1.0), 0.0), ink)


def _width(font: Dictionary, name: str) -> float:
    outlines = font.get("CharStrings")
    outline = outlines.get(name, outlines.get(NOTDEF)) if type(outlines) is Dictionary else None
    if type(outline) is String:
        private = font.get("Private")
        lead = integer(private.get("lenIV", 4)) if type(private) is Dictionary else 4
        return charstring_width(outline.value()[:_CHARSTRING_BYTES], lead)
    if font.get("FontType") == 42 and type(outline) is int:
        known = font_id(font)
        if known.true_type is None:
            known.true_type = _TrueTypeWidths(b"".join(part.value() for part in font["sfnts"].values()))
        return known.true_type.of(outline)
    return float(font_id(font).widths.of(name)) * (0.001 if font.get("FontType") == 42 else 1.0)


def charstring_width(octets: bytes, lead: int) -> float:
    """The width that hsbw or sbw sets at the beginning of a Type 1 charstring (Type 1 Font Format, section 6)."""
    if lead >= 0:
        octets = decrypted(octets, _CHARSTRING_KEY)[0][lead:]
    values: list[float] = []
    position = 0
    while position < len(octets):
        first = octets[position]
        position += 1
        if first >= 32:
            value, position = _charstring_number(octets, first, position)
            values.append(value)
        elif first == 13:  # hsbw
            return float(values[1])
        elif first == 12 and octets[position] == 12:  # div
            position += 1
            values[-2:] = [values[-2] / values[-1]]
        elif first == 12 and octets[position] == 7:  # sbw
            return values[2]
        else:
            break
    raise PostScriptError("invalidfont")


def _charstring_number(octets: bytes, first: int, position: int) -> tuple[int, int]:
    if first <= 246:
        return first - 139, position
    if first <= 250:
        return (first - 247) * 256 + octets[position] + 108, position + 1
    if first <= 254:
        return -(first - 251) * 256 - octets[position] - 108, position + 1
    return int.from_bytes(octets[position : position + 4], "big", signed=True), position + 4


class _TrueTypeWidths:
    """Advance widths from a TrueType font's tables `head`, `hhea` and `hmtx`, in parts of its size."""

    def __init__(self, octets: bytes) -> None:
        tables: dict[bytes, int] = {}
        (count,) = struct.unpack_from(">H", octets, 4)
        for index in range(min(count, 100)):
            tag, _, offset, _ = struct.unpack_from(">4sIII", octets, 12 + 16 * index)
            tables[tag] = offset
        self._units: int = struct.unpack_from(">H", octets, tables[b"head"] + 18)[0]
        self._count: int = struct.unpack_from(">H", octets, tables[b"hhea"] + 34)[0]
        start = tables[b"hmtx"]
        self._metrics = octets[start : start + 4 * self._count]

    def of(self, glyph: int) -> float:
        advance: int = struct.unpack_from(">H", self._metrics, 4 * min(glyph, self._count - 1))[0]
        return advance / self._units


def _built(machine: Machine, font: Dictionary, code: int | None, name: Value) -> Glyph:
    """Execute a Type 3 font's procedure for the glyph (section 5.7)."""
    outer, machine.glyph = machine.glyph, GlyphInTheMaking()
    try:
        if "BuildGlyph" in font:
            inks = looked_at(machine, font["BuildGlyph"], [font, name], ink=GREY)
        elif code is not None and "BuildChar" in font:
            inks = looked_at(machine, font["BuildChar"], [font, code], ink=GREY)
        else:
            raise PostScriptError("invalidfont")
        made = machine.glyph
    finally:
        machine.glyph = outer
    own = made.has_own_color and inks & ~GREY
    return Glyph(made.width, inks if own else PAINTED if inks else 0)


class GlyphInTheMaking:
    """What the procedure of a Type 3 glyph tells of it."""

    __slots__ = ("has_own_color", "width")

    def __init__(self) -> None:
        self.width = (0.0, 0.0)
        self.has_own_color = False
