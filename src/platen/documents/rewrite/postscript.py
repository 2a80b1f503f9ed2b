"""PostScript: a few lines in front of each job that take the place of setpagedevice's own choices.

What the program, or the driver's feature code in it, asks of the device later is overridden key by key, so that the
last word is ours: `setpagedevice` is defined anew in userdict, which every program looks into before systemdict.
"""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.facts import Sides
from platen.documents.media import MM_PER_POINT, size_of_media
from platen.documents.postscript.run import jobs_between
from platen.documents.rewrite import gray_postscript
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Edit, Edits
from platen.documents.source import Data

_DOS_EPS = b"\xc5\xd0\xd3\xc6"
_FIRST_LINES = re.compile(rb"[\x04\s]*%![^\r\n]*(?:\r\n|\r|\n)(?:%%(?!EndComments|Begin|Page:)[^\r\n]*(?:\r\n|\r|\n))*")
_END_COMMENTS = re.compile(rb"%%EndComments[^\r\n]*(?:\r\n|\r|\n)")

_BLANKS = b"\0\4\t\r\n "
_BLANK_BYTES = 4096

_OVERRIDE = """\
%%BeginProlog
systemdict /setpagedevice known {{
  userdict begin
  /platenwish << {wish} >> def
  /platensetpagedevice /setpagedevice load def
  /setpagedevice {{
    dup length platenwish length add dict exch
    {{ 2 index 3 1 roll put }} forall
    platenwish {{ 2 index 3 1 roll put }} forall
    platensetpagedevice
  }} bind def
  end
  {{ << >> setpagedevice }} stopped pop
}} if
{more}%%EndProlog
"""
# What programs of Level 1 ask for sides with.
_NO_DUPLEX_OPERATORS = "{ statusdict begin /setduplexmode { pop } def /settumble { pop } def end } stopped pop\n"


def edits(data: Data, start: int, changes: Changes) -> Edits:
    """Changes to a PostScript program from `start` to the universal exit or the end. Raises: CannotRewrite."""
    if data[start : start + 4] == _DOS_EPS:
        raise CannotRewrite("A picture in PostScript with a preview (EPS) cannot be changed.")
    exit_at = data.find(UEL, start)
    end = exit_at if exit_at >= 0 else len(data)
    prologue = override(changes)
    for begin, behind in jobs_between(data, start, end):
        if prologue and (begin == start or bytes(data[begin : min(behind, begin + _BLANK_BYTES)]).strip(_BLANKS)):
            at = _behind_header(data, begin)
            yield Edit(at, at, prologue)
    return end


def _behind_header(data: Data, begin: int) -> int:
    """Where lines of ours may stand in a program. Raises: CannotRewrite."""
    match = _FIRST_LINES.match(data, begin)
    if match is None:
        raise CannotRewrite("The PostScript program does not begin with %!, so it was not changed.")
    header_end = _END_COMMENTS.match(data, match.end())
    return header_end.end() if header_end else match.end()


def override(changes: Changes) -> bytes:
    """The lines in front. Raises: CannotRewrite for a paper without a size."""
    wish, more = [], ""
    if changes.sides is not None:
        wish.append(f"/Duplex {_flag(changes.sides.is_two_sided)}")
        wish.append(f"/Tumble {_flag(changes.sides is Sides.TWO_SIDED_SHORT_EDGE)}")
        more += _NO_DUPLEX_OPERATORS
    if changes.copies is not None:
        wish.append(f"/NumCopies {changes.copies}")
    if changes.media is not None:
        wish.append(f"/PageSize [{_size_pt(changes.media)}]")
    if changes.monochrome is False:
        wish.append("/ProcessColorModel /DeviceCMYK")
    elif changes.monochrome:  # not by that key: many a device does not look at it
        more += gray_postscript.PROLOGUE
    return _OVERRIDE.format(wish=" ".join(wish), more=more).encode("ascii") if wish or more else b""


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _size_pt(media: str) -> str:
    size_mm = size_of_media(media)
    if size_mm is None:
        raise CannotRewrite(f"{media} is no name of a paper size.")
    return " ".join(f"{mm / MM_PER_POINT:.0f}" for mm in size_mm)
