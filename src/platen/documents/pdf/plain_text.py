"""Whether a content stream certainly leaves visible text, without rendering it."""

from __future__ import annotations

import re
from itertools import islice

from platen.documents.pdf.operands import before, numbers, operands_before, places
from platen.documents.pdf.reading import Objects, dictionary
from platen.documents.pdf.syntax import Dictionary

_TEXT_OPERATORS_MIN = 3
_LETTERS_MIN = 12
_OPERATORS_MAX = 400
_ALMOST = 0.99
_STRING = re.compile(rb"[(<]([^()<>]*)[)>]")
_SEARCHED_BYTES = 4096
_STATES_MAX = 50
_INKS = 4
_FILLING_MODES = ([0.0], [1.0], [2.0])  # and stroking
# Operators that set the colour of fills and text, how many operands they have, and whether these are inks.
_FILLS = ((b"g ", 1, False), (b"rg ", 3, False), (b"k ", 4, True), (b"sc", 4, False))


def shows_plain_text(objects: Objects, content: bytes, resources: Dictionary) -> bool:
    """Whether the content (spaced) shows several words in a colour that is not white, by the way of ordinary pages.

    Text in modes that leave nothing, in optional content, under anything white or transparent is left to a renderer,
    as are a few letters alone.
    """
    if content.count(b"TJ") + content.count(b"Tj") < _TEXT_OPERATORS_MIN or b"/OC " in content:
        return False
    if any(numbers(operands, 1) not in _FILLING_MODES for operands in before(content, b"Tr ")):
        return False
    start = _behind_white(content)
    if start is None or content.count(b"TJ", start) + content.count(b"Tj", start) < _TEXT_OPERATORS_MIN:
        return False
    return _shows_letters(content, content.find(b"T", start)) and not _is_transparent(objects, resources)


def _shows_letters(content: bytes, start: int) -> bool:
    letters = 0
    for string in _STRING.finditer(content, start, start + _SEARCHED_BYTES):
        letters += len(string[1].replace(b" ", b""))
        if letters >= _LETTERS_MIN:
            return True
    return False


def _behind_white(content: bytes) -> int | None:
    """Where the last fill that may be white has been replaced by another; None: there is no such place."""
    fills = []
    for operator, count, is_ink in _FILLS:
        found = list(islice(places(content, operator), _OPERATORS_MAX + 1))
        if len(found) > _OPERATORS_MAX:
            return None
        fills += [(at, _may_be_white(numbers(operands_before(content, at), count), is_ink)) for at in found]
    fills.sort()
    last = max((rank for rank, (_, is_white) in enumerate(fills) if is_white), default=None)
    if last is None:
        return 0
    return fills[last + 1][0] if last + 1 < len(fills) else None


def _may_be_white(values: list[float] | None, is_ink: bool) -> bool:
    if not values:
        return True
    no_ink = max(values) <= 1 - _ALMOST
    return no_ink if is_ink else min(values) >= _ALMOST or (len(values) == _INKS and no_ink)


def _is_transparent(objects: Objects, resources: Dictionary) -> bool:
    states = dictionary(objects, resources.get("/ExtGState")).values()
    return len(states) > _STATES_MAX or any(_hides(objects, dictionary(objects, state)) for state in states)


def _hides(objects: Objects, state: Dictionary) -> bool:
    if isinstance(objects.resolve(state.get("/SMask")), dict):
        return True
    alphas = (objects.resolve(state.get(key)) for key in ("/ca", "/CA"))
    return any(isinstance(alpha, int | float) and alpha < 1 for alpha in alphas)
