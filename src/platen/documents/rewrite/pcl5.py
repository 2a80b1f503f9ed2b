"""PCL 5 (HP PCL 5 Printer Language Technical Reference Manual): commands replaced, and said again after each reset.

Duplex is ESC &l#S, copies ESC &l#X, paper ESC &l#A, and black only the monochrome print mode ESC &b#M. PCL has no
command for toner saving: that is asked for in PJL.
"""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.facts import Sides
from platen.documents.media import everyday_name
from platen.documents.pcl.paper import PCL5_SIZES
from platen.documents.pcl.rows import passing_pattern, short_rows
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Edit, Edits
from platen.documents.source import Data

_SIDES = {Sides.ONE_SIDED: 0, Sides.TWO_SIDED_LONG_EDGE: 1, Sides.TWO_SIDED_SHORT_EDGE: 2}
_FIELD = re.compile(rb"([+-]?\d{0,9}(?:\.\d{0,6})?)([@-^`-~])")


def settings(changes: Changes) -> dict[bytes, int]:
    """The value that each command is to have, by its three characters. Raises: CannotRewrite."""
    values: dict[bytes, int] = {}
    if changes.sides is not None:
        values[b"&lS"] = _SIDES[changes.sides]
    if changes.copies is not None:
        values[b"&lX"] = changes.copies
    if changes.media is not None:
        values[b"&lA"] = _paper(changes.media)
    if changes.monochrome is not None:
        values[b"&bM"] = int(changes.monochrome)
    return values


def _paper(media: str) -> int:
    for number, name in PCL5_SIZES.items():
        if name == media:
            return number
    raise CannotRewrite(f"PCL has no number for the paper {everyday_name(media)}.")


def edits(data: Data, start: int, changes: Changes) -> Edits:
    """Changes to PCL from `start` to the universal exit or the end. Raises: CannotRewrite."""
    values = settings(changes)
    again = b"".join(b"\x1b%s%d%s" % (name[:2], value, name[2:]) for name, value in values.items())
    position, due = start, True  # our commands are to stand before the next thing that is no reset
    while True:
        escape = data.find(b"\x1b", position)
        stop = escape if escape >= 0 else len(data)
        if due and stop > position:
            yield Edit(position, position, again)
            due = False
        if escape < 0 or escape + 1 >= len(data) or data[escape : escape + len(UEL)] == UEL:
            return stop
        if data[escape + 1] == ord("E"):
            due, position = True, escape + 2
            continue
        if due:
            yield Edit(escape, escape, again)
            due = False
        position = _behind_rows(data, escape)
        if position == escape:
            position = yield from _command(data, escape + 1, values)


def _behind_rows(data: Data, position: int) -> int:
    """The end of raster rows at `position`, in which nothing is to change; `position` where there are none."""
    if data[position : position + 3] != b"\x1b*b":
        return position
    position = max(position, short_rows()(data, position, len(data)))
    rows = passing_pattern().match(data, position)
    return rows.end() if rows else position


def _command(data: Data, position: int, values: dict[bytes, int]) -> Edits:
    """One escape sequence whose second octet is at `position`. Returns: the offset behind it and its payload."""
    if not 0x21 <= data[position] <= 0x2F:
        return position + 1
    prefix = bytes(data[position : position + 1])
    position += 1
    if position < len(data) and 0x60 <= data[position] <= 0x7E:
        prefix += bytes(data[position : position + 1])
        position += 1
    while match := _FIELD.match(data, position):
        position = match.end()
        name = prefix + match[2].upper()
        if name in values:
            yield Edit(match.start(1), match.end(1), b"%d" % values[name])
        if (name[-1:] == b"W" and name != b"&kW") or name in (b"*bV", b"&pX"):
            position += _payload_bytes(match[1])
        if not 0x60 <= match[2][0] <= 0x7E:
            break
    return position


def _payload_bytes(digits: bytes) -> int:
    whole = digits.split(b".", 1)[0].lstrip(b"+")
    return int(whole) if whole.isdigit() else 0
