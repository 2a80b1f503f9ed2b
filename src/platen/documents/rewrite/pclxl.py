"""PCL XL (HP PCL XL Feature Reference): the attributes of BeginPage and EndPage replaced.

Sides are DuplexPageMode or SimplexPageMode, paper is MediaSize, both at BeginPage; copies are PageCopies at EndPage.
PCL XL has no word for black only or for toner saving: those are asked for in PJL.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from platen.documents.detect import UEL
from platen.documents.facts import Sides
from platen.documents.media import everyday_name
from platen.documents.pcl.paper import XL_MEDIA
from platen.documents.pcl.xl_passing import passing
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Edit, Edits
from platen.documents.source import Data

_HEADER = re.compile(rb"([()]) HP-PCL XL;[^\n]{0,300}\n")
_BEGIN_PAGE, _END_PAGE = 0x43, 0x44
_MEDIA_SIZE, _ORIENTATION, _CUSTOM_SIZE, _CUSTOM_UNITS, _PAGE_COPIES = 37, 40, 47, 48, 49
_SIMPLEX_MODE, _DUPLEX_MODE, _DUPLEX_SIDE = 52, 53, 54
_LANDSCAPES = frozenset({1, 3})
_SIZES = {0: 1, 1: 2, 2: 4, 3: 2, 4: 4, 5: 4}  # octets of a ubyte, uint16, uint32, sint16, sint32, real32
_ELEMENTS = {0x00: 1, 0x10: 2, 0x20: 4}  # of a scalar, a pair and a box
_OTHER_OPERATORS = bytes(tag for tag in range(0x41, 0xC0) if tag not in (_BEGIN_PAGE, _END_PAGE))
_BLANKS = frozenset(b"\0\t\n\v\f\r ")
_BROKEN = "The PCL XL stream is damaged, so it was not changed."


class _Attribute(NamedTuple):
    number: int
    start: int  # of its value
    stop: int  # behind its number
    first: int  # the value itself where it is one octet


def edits(data: Data, start: int, changes: Changes) -> Edits:
    """Changes to PCL XL from `start` to the universal exit or the end. Raises: CannotRewrite."""
    header = _HEADER.search(data, start, start + 4096)
    if header is None:
        raise CannotRewrite("The PCL XL header is damaged, or the stream is in its text form; it was not changed.")
    order = "<" if header[1] == b")" else ">"
    try:
        return (yield from _walk(data, header.end(), order, changes))
    except (struct.error, IndexError) as error:
        raise CannotRewrite(_BROKEN) from error


def _walk(data: Data, position: int, order: str, changes: Changes) -> Edits:
    attributes: list[_Attribute] = []
    value_at, length, landscape = position, len(data), False
    passes, is_between = passing(order, _OTHER_OPERATORS), True  # two operators, with their data
    while position < length:
        if is_between and (passed := passes.end(data, position, length)) > position:
            position = passed
            continue
        tag, at = data[position], position
        position += 1
        is_between = not 0xC0 <= tag <= 0xF9
        if 0xC0 <= tag <= 0xEF:
            value_at, position = at, _behind_value(data, position, tag, order)
        elif tag == 0xF8:
            attributes.append(_Attribute(data[position], value_at, position + 1, data[value_at + 1]))
            position += 1
        elif tag == 0xF9:
            position += 2
        elif 0x41 <= tag <= 0xBF:
            landscape = _is_landscape(attributes, landscape) if tag == _BEGIN_PAGE else landscape
            left_out = _is_left_out(data, attributes)
            gone, octets = _operator_changes(tag, order, changes, landscape=landscape, is_left_out=left_out)
            yield from _replaced(at, attributes, gone, octets)
            attributes.clear()
        elif tag == 0xFA:
            position += 4 + int(struct.unpack_from(order + "I", data, position)[0])
        elif tag == 0xFB:
            position += 1 + data[position]
        elif tag == 0x1B and data[at : at + len(UEL)] == UEL:
            return at
        elif tag not in _BLANKS:
            raise CannotRewrite(_BROKEN)
    if position > length:
        raise CannotRewrite(_BROKEN)
    return length


def _operator_changes(
    tag: int, order: str, changes: Changes, *, landscape: bool, is_left_out: bool
) -> tuple[set[int], bytes]:
    """What goes from an operator, and what comes."""
    if tag == _BEGIN_PAGE:
        return _page_changes(changes, landscape=landscape)
    if tag == _END_PAGE and changes.copies is not None and not is_left_out:
        return {_PAGE_COPIES}, b"\xc1" + struct.pack(order + "H", changes.copies) + bytes([0xF8, _PAGE_COPIES])
    return set(), b""


def _behind_value(data: Data, position: int, tag: int, order: str) -> int:
    size = _SIZES.get(tag & 0x07, 1)
    if tag & 0x38 != 0x08:
        return position + size * _ELEMENTS.get(tag & 0x38, 1)
    if data[position] == 0xC0:
        return position + 2 + size * data[position + 1]
    (count,) = struct.unpack_from(order + "H", data, position + 1)
    return position + 3 + size * int(count)


def _replaced(operator_at: int, attributes: list[_Attribute], numbers: set[int], octets: bytes) -> Edits:
    """Leave out these attributes of an operator, and put others in front of it."""
    for attribute in attributes:
        if attribute.number in numbers:
            yield Edit(attribute.start, attribute.stop, b"")
    if octets:
        yield Edit(operator_at, operator_at, octets)
    return operator_at


def _is_landscape(attributes: list[_Attribute], before: bool) -> bool:
    """Of a page; one that says nothing lies as the one before it."""
    said = [one.first in _LANDSCAPES for one in attributes if one.number == _ORIENTATION]
    return said[-1] if said else before


def _is_left_out(data: Data, attributes: list[_Attribute]) -> bool:
    """Whether no copy of the page is asked for: it is not printed."""
    return any(one.number == _PAGE_COPIES and not any(data[one.start + 1 : one.stop - 2]) for one in attributes)


def _page_changes(changes: Changes, *, landscape: bool) -> tuple[set[int], bytes]:
    """What goes from BeginPage, and what comes."""
    numbers: set[int] = set()
    octets = b""
    if changes.sides is not None:
        numbers |= {_SIMPLEX_MODE, _DUPLEX_MODE}
        if changes.sides is Sides.ONE_SIDED:
            numbers.add(_DUPLEX_SIDE)
            octets += bytes([0xC0, 0, 0xF8, _SIMPLEX_MODE])
        else:
            # The edge is named for the page as it is read: a landscape page bound at its left is short edge.
            vertical = (changes.sides is Sides.TWO_SIDED_LONG_EDGE) != landscape
            octets += bytes([0xC0, int(vertical), 0xF8, _DUPLEX_MODE])
    if changes.media is not None:
        numbers |= {_MEDIA_SIZE, _CUSTOM_SIZE, _CUSTOM_UNITS}
        octets += bytes([0xC0, _paper(changes.media), 0xF8, _MEDIA_SIZE])
    return numbers, octets


def _paper(media: str) -> int:
    for number, name in XL_MEDIA.items():
        if name == media:
            return number
    raise CannotRewrite(f"PCL XL has no number for the paper {everyday_name(media)}.")
