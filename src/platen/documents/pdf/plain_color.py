"""Whether a content stream certainly leaves colour to be seen, without rendering it: a filled rectangle of some size.

Only what ordinary pages are made of is understood (ISO 32000-1 annex A); whatever else is met, nothing is certain.
Of the last such rectangle, later paint that is not surely coloured may hide half, by the most that it can cover:
fills and pictures their bounds, lines their length and width, text an em for each letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from platen.documents.matrices import IDENTITY, Box, Matrix, applied, area, box_of, concatenated, intersected
from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.spaces import SpaceKind, space_of
from platen.documents.pdf.syntax import Dictionary, Stream, Value

_CONTENT_BYTES_MAX = 64 * 1024  # a page of more is sooner rendered
_STATES_MAX = 100
_SPACE_DEPTH_MAX = 8
_LINE_PT_MIN = 1.0
_EDGE_PT_MIN = 8.0  # four pixels of the coarsest picture of a page
_SURELY = 0.25  # of 1, between the primaries of what is coloured in any conversion
_HIDDEN_MAX = 0.5

# An operator with the numbers in front of it is one token, as are lines of text shown one after the other. Single
# characters are taken for good, so that the search stays linear.
_TEXT = rb"\([^()\\]*+(?:\\.[^()\\]*+)*\)"
_TOKEN = re.compile(
    rb"(?P<operation>(?P<numbers>(?:[-+.\d]++ ++){0,6})(?P<operator>[A-Za-z'\"][A-Za-z0-9*]*+)(?=[ /\[(<]))"
    rb"|(?P<lines>(?:%b *+Tj ++(?:T\* ++)?)+)"
    rb"|(?P<number>[-+]?(?:\d++\.?+\d*+|\.\d++)(?=[ /\[\](<]))|(?P<text>%b|<[0-9A-Fa-f ]*+>)"
    rb"|(?P<name>/[^ ()<>\[\]{}/%%]*+)|(?P<mark>[\[\]]|<<|>>)|[^ ]" % (_TEXT, _TEXT),
    re.DOTALL,
)
_IGNORED = frozenset(b"Td TD T* Tc Tw TL Ts ET J j M d i ri BMC BDC EMC MP DP".split())

Operand = float | bytes


class _NotPlainError(Exception):
    """Something that only a renderer tells."""


@dataclass(slots=True)
class _State:
    """What q keeps. fill, stroke: whether the colour is surely one; clip: None where it is no rectangle."""

    clip: Box | None
    matrix: Matrix = IDENTITY
    fill: bool = False
    stroke: bool = False
    fill_space: SpaceKind = SpaceKind.NEUTRAL
    stroke_space: SpaceKind = SpaceKind.NEUTRAL
    line_width: float = 1.0
    font_size: float = 0.0
    text_stretch: float = 1.0


class _Path:
    """The current path, on the page."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.length_pt = 0.0  # at most
        self.rectangle: Box | None = None  # where it is one, and stands upright

    @property
    def box(self) -> Box:
        across, along = zip(*self.points, strict=True)
        return min(across), min(along), max(across), max(along)

    def move(self, point: tuple[float, float]) -> None:
        self.points.append(point)
        self.rectangle = None

    def line(self, point: tuple[float, float]) -> None:
        if self.points:
            before = self.points[-1]
            self.length_pt += abs(point[0] - before[0]) + abs(point[1] - before[1])
        self.move(point)

    def add_rectangle(self, corners: list[tuple[float, float]], *, is_upright: bool) -> None:
        """Args: corners: once around, from the one where the path goes on."""
        (x1, y1), (x2, y2), (x3, y3), _ = corners
        self.length_pt += 2 * (abs(x2 - x1) + abs(y2 - y1) + abs(x3 - x2) + abs(y3 - y2))
        is_alone = not self.points
        self.points += (*corners, corners[0])
        box = min(x1, x3), min(y1, y3), max(x1, x3), max(y1, y3)
        self.rectangle = box if is_alone and is_upright else None


class _Page:
    """Follows the operators of one content stream."""

    def __init__(self, objects: Objects, resources: Dictionary, visible: Box) -> None:
        self._objects, self._resources = objects, resources
        self._spaces = dictionary(objects, resources.get("/ColorSpace"))
        if "/DefaultRGB" in self._spaces or "/DefaultCMYK" in self._spaces:
            raise _NotPlainError
        self._state, self._kept = _State(visible), list[_State]()
        self._path, self._clips = _Path(), False
        self._text_scale = 1.0
        self._found: Box | None = None  # the coloured rectangle
        self._hidden_pt2 = 0.0

    @property
    def is_colored(self) -> bool:
        found = self._found
        return found is not None and self._hidden_pt2 <= _HIDDEN_MAX * area(found)

    def operate(self, operator: bytes, operands: list[Operand]) -> None:
        """Obey one operator. Raises: _NotPlainError; ValueError, TypeError where the operands do not fit."""
        if operator in _IGNORED:
            return
        if (obey := _OPERATORS.get(operator)) is None:
            raise _NotPlainError
        obey(self, operands)

    # ---- state

    def keep(self, operands: list[Operand]) -> None:
        if len(self._kept) >= _STATES_MAX:
            raise _NotPlainError
        self._kept.append(replace(self._state))

    def restore(self, operands: list[Operand]) -> None:
        if not self._kept:
            raise _NotPlainError
        self._state = self._kept.pop()

    def transform(self, operands: list[Operand]) -> None:
        self._state.matrix = concatenated(_matrix(operands), self._state.matrix)

    def set_line_width(self, operands: list[Operand]) -> None:
        (width,) = _numbers(operands, 1)
        self._state.line_width = abs(width)

    def set_parameters(self, operands: list[Operand]) -> None:
        """gs: what makes nothing transparent."""
        states = dictionary(self._objects, self._resources.get("/ExtGState"))
        state = {key: self._objects.resolve(value) for key, value in self._named(states, operands).items()}
        is_opaque = all(state.get(key, 1) == 1 for key in ("/ca", "/CA"))
        is_normal = (
            state.get("/BM", "/Normal") in ("/Normal", "/Compatible") and state.get("/SMask", "/None") == "/None"
        )
        if not (is_opaque and is_normal) or {"/TR", "/TR2", "/Font"} & state.keys():
            raise _NotPlainError
        if isinstance(width := state.get("/LW"), int | float):
            self._state.line_width = abs(width)

    def _named(self, group: Dictionary, operands: list[Operand]) -> Dictionary:
        return dictionary(self._objects, group.get(_name(operands)))

    # ---- colour

    def set_fill(self, operands: list[Operand], kind: SpaceKind | None = None) -> None:
        kind = kind or self._state.fill_space
        self._state.fill, self._state.fill_space = _is_surely_colored(kind, operands), kind

    def set_stroke(self, operands: list[Operand], kind: SpaceKind | None = None) -> None:
        kind = kind or self._state.stroke_space
        self._state.stroke, self._state.stroke_space = _is_surely_colored(kind, operands), kind

    def choose_fill_space(self, operands: list[Operand]) -> None:
        self._state.fill, self._state.fill_space = False, self._kind_of(operands)

    def choose_stroke_space(self, operands: list[Operand]) -> None:
        self._state.stroke, self._state.stroke_space = False, self._kind_of(operands)

    def _kind_of(self, operands: list[Operand]) -> SpaceKind:
        return space_of(self._objects, _name(operands), self._spaces, _SPACE_DEPTH_MAX).kind

    # ---- paths

    def move(self, operands: list[Operand]) -> None:
        x, y = _numbers(operands, 2)
        self._path.move(applied(self._state.matrix, x, y))

    def line(self, operands: list[Operand]) -> None:
        """l, c, v, y: a curve is no longer than the way along its points."""
        values = _numbers(operands, len(operands))
        for x, y in zip(values[::2], values[1::2], strict=True):
            self._path.line(applied(self._state.matrix, x, y))

    def rectangle(self, operands: list[Operand]) -> None:
        x, y, width, height = _numbers(operands, 4)
        matrix = self._state.matrix
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self._path.add_rectangle([applied(matrix, *corner) for corner in corners], is_upright=_is_upright(matrix))

    def close(self, operands: list[Operand]) -> None:
        self._path.length_pt *= 2  # at most as long again

    def clip(self, operands: list[Operand]) -> None:
        self._clips = True

    def paint(self, operands: list[Operand], *, fills: bool = False, strokes: bool = False) -> None:
        path, state = self._path, self._state
        self._path = _Path()
        if fills and path.points:
            self._fill(path, state)
        if strokes and not state.stroke:
            width = max(_LINE_PT_MIN, state.line_width * _scale(state.matrix))
            self._hidden_pt2 += width * (2 * path.length_pt + 2 * width * len(path.points))
        if self._clips:
            self._clips = False
            known = intersected(state.clip, path.rectangle) if state.clip and path.rectangle else None
            self._state.clip = known

    def _fill(self, path: _Path, state: _State) -> None:
        if not state.fill:
            self._hide(path.box)
        elif path.rectangle is not None and state.clip is not None:
            seen = intersected(path.rectangle, state.clip)
            if min(seen[2] - seen[0], seen[3] - seen[1]) >= _EDGE_PT_MIN:
                self._found, self._hidden_pt2 = seen, 0.0

    def _hide(self, box: Box) -> None:
        if self._found is not None:
            self._hidden_pt2 += area(intersected(self._found, box))

    # ---- what else paints

    def begin_text(self, operands: list[Operand]) -> None:
        self._text_scale = 1.0

    def set_text_matrix(self, operands: list[Operand]) -> None:
        self._text_scale = _scale(_matrix(operands))

    def set_font(self, operands: list[Operand]) -> None:
        (size,) = _numbers(operands[1:], 1)
        self._state.font_size = abs(size)

    def set_stretch(self, operands: list[Operand]) -> None:
        (percent,) = _numbers(operands, 1)
        self._state.text_stretch = max(1.0, abs(percent) / 100)

    def set_text_mode(self, operands: list[Operand]) -> None:
        if _numbers(operands, 1) not in ([0.0], [3.0]):  # filled, or invisible
            raise _NotPlainError

    def show(self, operands: list[Operand]) -> None:
        self.show_letters(sum(len(each) for each in operands if isinstance(each, bytes)))

    def show_letters(self, letters: int) -> None:
        """Text of so many letters at most."""
        state = self._state
        if self._found is not None and not state.fill:
            em = state.font_size * self._text_scale * _scale(state.matrix) * state.text_stretch
            self._hidden_pt2 += letters * em * em

    def show_object(self, operands: list[Operand]) -> None:
        """Do: a picture or a form, whatever it paints."""
        resolve = self._objects.resolve
        shown = resolve(dictionary(self._objects, self._resources.get("/XObject")).get(_name(operands)))
        if not isinstance(shown, Stream):
            raise _NotPlainError
        attributes, box, matrix = shown.attributes, [0.0, 0.0, 1.0, 1.0], self._state.matrix
        if resolve(attributes.get("/Subtype")) != "/Image":
            box = _numbers([resolve(edge) for edge in array(self._objects, attributes.get("/BBox"))], 4)
            if inner := [resolve(each) for each in array(self._objects, attributes.get("/Matrix"))]:
                matrix = concatenated(_matrix(inner), matrix)
        self._hide(box_of(matrix, *box))


_OPERATORS: dict[bytes, Callable[[_Page, list[Operand]], None]] = {
    b"q": _Page.keep,
    b"Q": _Page.restore,
    b"cm": _Page.transform,
    b"w": _Page.set_line_width,
    b"gs": _Page.set_parameters,
    b"g": partial(_Page.set_fill, kind=SpaceKind.NEUTRAL),
    b"rg": partial(_Page.set_fill, kind=SpaceKind.RGB),
    b"k": partial(_Page.set_fill, kind=SpaceKind.CMYK),
    b"cs": _Page.choose_fill_space,
    b"sc": _Page.set_fill,
    b"scn": _Page.set_fill,
    b"G": partial(_Page.set_stroke, kind=SpaceKind.NEUTRAL),
    b"RG": partial(_Page.set_stroke, kind=SpaceKind.RGB),
    b"K": partial(_Page.set_stroke, kind=SpaceKind.CMYK),
    b"CS": _Page.choose_stroke_space,
    b"SC": _Page.set_stroke,
    b"SCN": _Page.set_stroke,
    b"m": _Page.move,
    **dict.fromkeys((b"l", b"c", b"v", b"y"), _Page.line),
    b"re": _Page.rectangle,
    b"h": _Page.close,
    **dict.fromkeys((b"W", b"W*"), _Page.clip),
    b"n": _Page.paint,
    **dict.fromkeys((b"f", b"F", b"f*"), partial(_Page.paint, fills=True)),
    **dict.fromkeys((b"S", b"s"), partial(_Page.paint, strokes=True)),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), partial(_Page.paint, fills=True, strokes=True)),
    b"BT": _Page.begin_text,
    b"Tm": _Page.set_text_matrix,
    b"Tf": _Page.set_font,
    b"Tz": _Page.set_stretch,
    b"Tr": _Page.set_text_mode,
    **dict.fromkeys((b"Tj", b"TJ", b"'", b'"'), _Page.show),
    b"Do": _Page.show_object,
}


def shows_plain_color(objects: Objects, content: bytes, resources: Dictionary, visible: Box) -> bool:
    """Whether the content (spaced) certainly leaves a coloured area within the visible box, in points.

    Raises: Irregular.
    """
    if len(content) > _CONTENT_BYTES_MAX or b" re " not in content or b"/OC " in content:
        return False
    try:
        page = _Page(objects, resources, visible)
        operands: list[Operand] = []
        for token in _TOKEN.finditer(content):
            kind = token.lastgroup
            if kind == "operation":
                numbers, operator = token["numbers"], token["operator"]
                page.operate(operator, [*operands, *map(float, numbers.split())] if numbers else operands)
                operands = []
            elif kind == "lines":
                page.show_letters(len(token[0]))
                operands = []
            elif kind == "number":
                operands.append(float(token[0]))
            elif kind is None:
                return False
            else:
                operands.append(token[0])
    except (_NotPlainError, ValueError, TypeError, OverflowError):
        return False
    return page.is_colored


def _numbers(operands: list[Operand] | list[Value], count: int) -> list[float]:
    """Exactly so many numbers. Raises: ValueError."""
    numbers = [float(each) for each in operands if isinstance(each, int | float)]
    if len(numbers) != count or len(operands) != count:
        raise ValueError
    return numbers


def _matrix(operands: list[Operand] | list[Value]) -> Matrix:
    a, b, c, d, x, y = _numbers(operands, 6)
    return a, b, c, d, x, y


def _name(operands: list[Operand]) -> str:
    """The name that is the last operand. Raises: TypeError."""
    last = operands[-1] if operands else None
    if not isinstance(last, bytes) or b"#" in last:
        raise TypeError
    return last.decode("latin-1")


def _scale(matrix: Matrix) -> float:
    """How much longer something may become, at most."""
    a, b, c, d, _, _ = matrix
    return max(abs(a) + abs(c), abs(b) + abs(d))


def _is_upright(matrix: Matrix) -> bool:
    a, b, c, d, _, _ = matrix
    return b == c == 0 or a == d == 0


def _is_surely_colored(kind: SpaceKind, operands: list[Operand]) -> bool:
    """Far enough from grey to be a colour in any conversion."""
    values = [min(1.0, max(0.0, each)) for each in operands if isinstance(each, float)]
    if kind is SpaceKind.RGB and len(values) == len(operands) == 3:
        return max(values) - min(values) > _SURELY
    if kind is SpaceKind.CMYK and len(values) == len(operands) == 4:
        *inks, black = values
        return (max(inks) - min(inks)) * (1 - black) > _SURELY
    return False
