"""Whether a content stream sets a colour that may be coloured (ISO 32000-1 section 8.6.8)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from platen.documents.pdf.operands import before, last_name, numbers
from platen.documents.pdf.reading import Objects
from platen.documents.pdf.spaces import NEUTRAL, SpaceKind, may_be_colored, space_of
from platen.documents.pdf.syntax import Dictionary

_OPERATORS_MAX = 400  # of one kind in one stream; with more of them the page is rendered rather than searched
_SPACES_MAX = 20_000
_DEVICE_OPERATORS = (
    (b"rg", SpaceKind.RGB, 3),
    (b"RG", SpaceKind.RGB, 3),
    (b"k ", SpaceKind.CMYK, 4),
    (b"K ", SpaceKind.CMYK, 4),
)
_NUMBERS_MAX = 4
_WITHOUT_NUMBERS = frozenset({SpaceKind.NEUTRAL, SpaceKind.PATTERN})


def sets_color(objects: Objects, content: bytes, named: Dictionary, depth: int) -> bool:
    """Whether any operator in the content (spaced) may set a colour; `named` is the /ColorSpace of its resources.

    The current colour space is not followed: operands are read in each space that the content ever chooses.
    Raises: Irregular.
    """
    for operator, kind, count in _DEVICE_OPERATORS:
        if _any_is_colored(content, operator, (kind,), count):
            return True
    for operator, sets in ((b"cs", b"sc"), (b"CS", b"SC")):
        kinds = _kinds(objects, content, operator, named, depth)
        if SpaceKind.OTHER in kinds:
            return True
        # A form may go on in the space of whoever shows it, and then in any.
        inherits = not kinds and b" " + sets in content
        if inherits or _any_is_colored(content, sets, kinds - _WITHOUT_NUMBERS, _NUMBERS_MAX):
            return True
    return "/DefaultGray" in named and space_of(objects, named["/DefaultGray"], {}, depth) != NEUTRAL


def _kinds(objects: Objects, content: bytes, operator: bytes, named: Dictionary, depth: int) -> set[SpaceKind]:
    """Kinds of the spaces that are chosen; OTHER among them for one without a name, and where there are too many."""
    names = {last_name(operands) for operands in islice(before(content, operator + b" "), _SPACES_MAX)}
    if None in names or len(names) > _OPERATORS_MAX:
        return {SpaceKind.OTHER}
    spaces = [space_of(objects, name, named, depth) for name in names]
    return {kind for space in spaces for kind in (space.kind, space.base) if kind is not None}


def _any_is_colored(content: bytes, operator: bytes, kinds: Iterable[SpaceKind], count: int) -> bool:
    """Whether any colour set by the operator may be coloured in one of these spaces."""
    kinds = tuple(kinds)
    if not kinds:
        return False
    for seen, operands in enumerate(before(content, operator)):
        if seen > _OPERATORS_MAX:
            return True
        is_pattern = last_name(operands) is not None
        values = numbers(operands.rpartition(b"/")[0] if is_pattern else operands, count)
        if values is None and is_pattern:
            continue  # it brings its colours, and is looked at where it is shown
        if values is None or any(may_be_colored(kind, values) for kind in kinds):
            return True
    return False
