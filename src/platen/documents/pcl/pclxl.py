"""PCL XL, also called PCL 6 (HP PCL XL Feature Reference): a stream of tagged values and operators.

header    ") HP-PCL XL;2;0;comment" LF       ")" little-endian, "(" big-endian
value     0xC0..0xE5, then data              attribute name   0xF8 id     operator   0x41..0xBF
data      0xFA length (4 octets) or 0xFB length (1 octet), then as many octets
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from platen.documents.media import MM_PER_INCH, media_for_word, size_of_media
from platen.documents.source import Data

_BEGIN_PAGE, _END_PAGE = 0x43, 0x44
_SET_BRUSH_SOURCE, _SET_PEN_SOURCE, _SET_COLOR_SPACE, _BEGIN_IMAGE = 0x63, 0x79, 0x6A, 0xB0
# PaintPath, Chord, Ellipse, Pie, Rectangle, RoundRectangle, Text, BeginImage, BeginScan, ScanLineRel, ExecStream
_PAINTING = frozenset({0x86, 0x96, 0x98, 0x9E, 0xA0, 0xA2, 0xA8, 0xB0, 0xB6, 0xB9, 0x5D})

_COLOR_SPACE, _PALETTE_DATA, _RGB_COLOR = 3, 6, 11
_MEDIA_SIZE, _ORIENTATION, _CUSTOM_SIZE, _CUSTOM_UNITS, _PAGE_COPIES = 37, 40, 47, 48, 49
_SIMPLEX_MODE, _DUPLEX_MODE = 52, 53

# Scalar types: tag -> struct code. 0x08 more is an array, 0x10 a pair, 0x20 a box of four.
_CODES = {0xC0: "B", 0xC1: "H", 0xC2: "I", 0xC3: "h", 0xC4: "i", 0xC5: "f"}
_GRAY_SPACE = 1
_MEDIA = {
    0: "na_letter_8.5x11in",
    1: "na_legal_8.5x14in",
    2: "iso_a4_210x297mm",
    3: "na_executive_7.25x10.5in",
    4: "na_ledger_11x17in",
    5: "iso_a3_297x420mm",
    6: "na_number-10_4.125x9.5in",
    7: "na_monarch_3.875x7.5in",
    8: "iso_c5_162x229mm",
    9: "iso_dl_110x220mm",
    10: "jis_b4_257x364mm",
    11: "jis_b5_182x257mm",
    12: "iso_b5_176x250mm",
    14: "jpn_hagaki_100x148mm",
    15: "jpn_oufuku_148x200mm",
    16: "iso_a5_148x210mm",
    17: "iso_a6_105x148mm",
    18: "jis_b6_128x182mm",
    19: "om_8k_270x390mm",
    20: "om_16k_195x270mm",
    21: "jis_exec_216x330mm",
}
_UNITS_MM = {0: MM_PER_INCH, 1: 1.0, 2: 0.1}
_HEADER = re.compile(rb"([()']) HP-PCL XL;([^\n]{0,300})\n")

Value = int | float | bytes | tuple[float, ...]


@dataclass(slots=True)
class _State:
    draft: Draft
    order: str
    attributes: dict[int, Value] = field(default_factory=dict)
    media: str | None = None  # both stay in force for pages that do not name one
    size_mm: tuple[float, float] | None = None
    landscape: bool = False
    sides: Sides | None = None
    color_space: int = _GRAY_SPACE
    in_page: bool = False
    color: bool | None = False
    painted: bool = False
    stopped: bool = False


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PCL XL stream at `start` up to the universal exit or the end. Returns: where it stopped."""
    header = _HEADER.search(data, start, start + 4096)
    draft.pages_known = True
    if header is None:
        draft.problem("The PCL XL header is damaged.")
        return len(data)
    if header[1] == b"'":
        draft.problem("The file is PCL XL in its text form, which printers do not take; its pages were not counted.")
        return len(data)
    state = _State(draft, "<" if header[1] == b")" else ">")
    try:
        position = _walk(state, data, header.end(), options.limits)
    except (struct.error, IndexError):
        draft.problem("The PCL XL stream ends in the middle of a value.")
        position = len(data)
    if state.in_page:  # a job that was cut off
        _end_page(state)
    return position


def _walk(state: _State, data: Data, position: int, limits: AnalysisLimits) -> int:
    value: Value = 0
    length, order, attributes = len(data), state.order, state.attributes
    for _ in range(limits.pcl_commands_max):
        if position >= length or state.stopped:
            return position
        tag = data[position]
        position += 1
        if 0xC0 <= tag <= 0xEF:
            value, position = _value(data, position, tag, order)
        elif tag == 0xF8:
            attributes[data[position]] = value
            position += 1
        elif tag == 0xF9:
            position += 2
        elif 0x41 <= tag <= 0xBF:
            _operate(state, tag)
            attributes.clear()
        elif tag == 0xFA:
            position += 4 + int(struct.unpack_from(order + "I", data, position)[0])
        elif tag == 0xFB:
            position += 1 + data[position]
        elif tag == 0x1B and data[position - 1 : position - 1 + len(UEL)] == UEL:
            return position - 1
        elif tag not in b"\0\t\n\v\f\r ":
            state.draft.problem("The PCL XL stream holds an octet that is no tag; the pages before it were counted.")
            return _skip_to_exit(data, position)
    state.draft.problem("The PCL XL stream is too long; only its beginning was counted.")
    return length


def _skip_to_exit(data: Data, position: int) -> int:
    exit_at = data.find(UEL, position)
    return exit_at if exit_at >= 0 else len(data)


def _value(data: Data, position: int, tag: int, order: str) -> tuple[Value, int]:
    """The value whose tag was just read, and the offset behind it. Long arrays are not kept."""
    code = _CODES[0xC0 | tag & 0x07] if tag & 0x07 <= 5 else "B"
    shape = tag & 0x38
    if shape == 0x08:
        count_tag = data[position]
        count_code = _CODES.get(count_tag, "B")
        (count,) = struct.unpack_from(order + count_code, data, position + 1)
        position += 1 + struct.calcsize(count_code)
        size_bytes = int(count) * struct.calcsize(code)
        return bytes(data[position : position + min(size_bytes, 4096)]), position + size_bytes
    count = {0x00: 1, 0x10: 2, 0x20: 4}.get(shape, 1)
    values = struct.unpack_from(f"{order}{count}{code}", data, position)
    position += struct.calcsize(code) * count
    return (values[0] if count == 1 else values), position


def _operate(state: _State, operator: int) -> None:
    if operator == _BEGIN_PAGE:
        if state.in_page:
            _end_page(state)
        _begin_page(state)
    elif operator == _END_PAGE:
        _end_page(state)
    elif operator == _SET_COLOR_SPACE:
        space = state.attributes.get(_COLOR_SPACE)
        state.color_space = space if isinstance(space, int) else state.color_space
    elif operator in (_SET_BRUSH_SOURCE, _SET_PEN_SOURCE):
        rgb = state.attributes.get(_RGB_COLOR)
        if isinstance(rgb, bytes | tuple) and len(rgb) >= 3 and len(set(rgb[:3])) > 1:
            state.color = True
    elif operator in _PAINTING:
        state.painted = True
        if operator == _BEGIN_IMAGE and state.color_space != _GRAY_SPACE and not state.color:
            state.color = None  # only its pixels could tell


def _begin_page(state: _State) -> None:
    attributes = state.attributes
    state.in_page, state.painted, state.color = True, False, False
    orientation = attributes.get(_ORIENTATION)
    if orientation is not None:
        state.landscape = orientation in (1, 3)
    _set_media(state, attributes.get(_MEDIA_SIZE), attributes.get(_CUSTOM_SIZE), attributes.get(_CUSTOM_UNITS, 0))
    if _DUPLEX_MODE in attributes:
        is_vertical = attributes[_DUPLEX_MODE] == 1
        # The binding edge is named for the page as it is read: a landscape page bound at its left is short edge.
        is_long_edge = is_vertical != state.landscape
        state.sides = Sides.TWO_SIDED_LONG_EDGE if is_long_edge else Sides.TWO_SIDED_SHORT_EDGE
    elif _SIMPLEX_MODE in attributes:
        state.sides = Sides.ONE_SIDED


def _set_media(state: _State, media: Value | None, custom: Value | None, units: Value) -> None:
    if isinstance(media, bytes):
        state.media = media_for_word(media.decode("ascii", "replace").strip("\0 "))
        state.size_mm = size_of_media(state.media) if state.media else None
    elif isinstance(media, int) and media in _MEDIA:
        state.media = _MEDIA[media]
        state.size_mm = size_of_media(state.media)
    elif isinstance(custom, tuple) and len(custom) == 2:
        scale = _UNITS_MM.get(units if isinstance(units, int) else 0, MM_PER_INCH)
        state.media, state.size_mm = None, (custom[0] * scale, custom[1] * scale)


def _end_page(state: _State) -> None:
    copies = state.attributes.get(_PAGE_COPIES, 1)
    draft = state.draft
    if draft.sides is None:
        draft.sides = state.sides
    size_mm = state.size_mm
    if size_mm and state.landscape:
        size_mm = size_mm[1], size_mm[0]
    added = draft.add_page(
        size_mm=size_mm,
        media=state.media,
        color=state.color,
        blank=not state.painted,
        copies=copies if isinstance(copies, int) else 1,
        sides=None if state.sides is draft.sides else state.sides,
    )
    state.in_page, state.stopped = False, not added
