"""Path construction and clipping (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from itertools import islice

from platen.documents.matrices import (
    EVERYWHERE,
    NOWHERE,
    Box,
    applied,
    applied_to_distance,
    box_of,
    intersected,
    is_empty,
)
from platen.documents.postscript.graphics import CLOSE, LINE, MOVE, GraphicsState, Segment
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.matrices import inverted
from platen.documents.postscript.objects import (
    Array,
    Body,
    Call,
    Frame,
    PostScriptError,
    String,
    Table,
    Value,
    number,
    numbers,
    procedure,
)

operators = Table()

_Step = Callable[[GraphicsState, float, float], None]  # to a point of the device


@operators("newpath")
def newpath(machine: Machine) -> None:
    machine.graphics.new_path()


@operators("currentpoint")
def currentpoint(machine: Machine) -> None:
    graphics = machine.graphics
    machine.stack += applied(inverted(graphics.ctm), *graphics.current_point())


def _to(step: _Step) -> Body:
    """A step to a point in user space."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        graphics = machine.graphics
        x, y = number(stack[-2]), number(stack[-1])
        a, b, c, d, u, v = graphics.ctm
        step(graphics, a * x + c * y + u, b * x + d * y + v)
        del stack[-2:]

    return body


def _by(step: _Step) -> Body:
    """A step as far from the current point."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        graphics = machine.graphics
        x, y = number(stack[-2]), number(stack[-1])
        a, b, c, d, _, _ = graphics.ctm
        right, up = graphics.current_point()
        step(graphics, a * x + c * y + right, b * x + d * y + up)
        del stack[-2:]

    return body


operators["moveto"], operators["rmoveto"] = _to(GraphicsState.move_to), _by(GraphicsState.move_to)
operators["lineto"], operators["rlineto"] = _to(GraphicsState.line_to), _by(GraphicsState.line_to)


@operators("curveto")
def curveto(machine: Machine) -> None:
    stack = machine.stack
    graphics = machine.graphics
    one, two, three, four, five, six = (number(value) for value in stack[-6:])
    ctm = graphics.ctm
    graphics.curve_to((*applied(ctm, one, two), *applied(ctm, three, four), *applied(ctm, five, six)))
    del stack[-6:]


@operators("rcurveto")
def rcurveto(machine: Machine) -> None:
    stack = machine.stack
    graphics = machine.graphics
    x, y = graphics.current_point()
    values = [number(value) for value in stack[-6:]]
    points: list[float] = []
    for index in (0, 2, 4):
        right, up = applied_to_distance(graphics.ctm, values[index], values[index + 1])
        points += (x + right, y + up)
    one, two, three, four, five, six = points
    graphics.curve_to((one, two, three, four, five, six))
    del stack[-6:]


def _arc(graphics: GraphicsState, center: tuple[float, float], radius: float, start: float, end: float) -> None:
    """Points on the arc: enough for the box around it."""
    x, y = center
    count = max(2, min(64, math.ceil(abs(end - start) / 22.5) + 1))
    for index in range(count):
        angle = math.radians(start + (end - start) * index / (count - 1))
        point = applied(graphics.ctm, x + radius * math.cos(angle), y + radius * math.sin(angle))
        if graphics.point is None:
            graphics.move_to(*point)
        else:
            graphics.line_to(*point)


@operators("arc")
def arc(machine: Machine) -> None:
    stack = machine.stack
    x, y, radius, start, end = (number(value) for value in stack[-5:])
    _arc(machine.graphics, (x, y), radius, start, end if end >= start else start + (end - start) % 360)
    del stack[-5:]


@operators("arcn")
def arcn(machine: Machine) -> None:
    stack = machine.stack
    x, y, radius, start, end = (number(value) for value in stack[-5:])
    _arc(machine.graphics, (x, y), radius, start, end if end <= start else start - (start - end) % 360)
    del stack[-5:]


@operators("arct")
def arct(machine: Machine) -> None:
    _arc_to(machine)
    del machine.stack[-5:]


@operators("arcto")
def arcto(machine: Machine) -> None:
    first, last = _arc_to(machine)
    machine.stack[-5:] = [*first, *last]


def _arc_to(machine: Machine) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lines to the tangents' points. Returns: these points, in user space."""
    stack, graphics = machine.stack, machine.graphics
    corner_x, corner_y, end_x, end_y, radius = (number(value) for value in stack[-5:])
    begin_x, begin_y = applied(inverted(graphics.ctm), *graphics.current_point())
    before = math.hypot(begin_x - corner_x, begin_y - corner_y)
    after = math.hypot(end_x - corner_x, end_y - corner_y)
    if before == 0 or after == 0:
        first = last = (corner_x, corner_y)
    else:
        one = ((begin_x - corner_x) / before, (begin_y - corner_y) / before)
        two = ((end_x - corner_x) / after, (end_y - corner_y) / after)
        angle = math.acos(max(-1.0, min(1.0, one[0] * two[0] + one[1] * two[1])))
        reach = radius / math.tan(angle / 2) if 1e-6 < angle < math.pi - 1e-6 else 0.0
        first = (corner_x + one[0] * reach, corner_y + one[1] * reach)
        last = (corner_x + two[0] * reach, corner_y + two[1] * reach)
    graphics.line_to(*applied(graphics.ctm, *first))
    graphics.line_to(*applied(graphics.ctm, *last))
    return first, last


@operators("closepath")
def closepath(machine: Machine) -> None:
    machine.graphics.close()


@operators("flattenpath", "reversepath", "strokepath")
def keep_path(machine: Machine) -> None:
    """The path's box stays what it is."""


@operators("pathbbox")
def pathbbox(machine: Machine) -> None:
    graphics = machine.graphics
    box = graphics.path_box()
    if box is None:
        raise PostScriptError("nocurrentpoint")
    machine.take_steps(len(graphics.path) // 2)
    machine.stack += box_of(inverted(graphics.ctm), *box)


def _segments(
    stack: list[Value], path: list[Segment], calls: tuple[Call, ...], inverse: tuple[float, ...]
) -> Iterator[Value]:
    a, b, c, d, u, v = inverse
    for segment in path:
        for index in range(1, len(segment), 2):
            x, y = segment[index], segment[index + 1]
            stack.append(a * x + c * y + u)
            stack.append(b * x + d * y + v)
        yield calls[int(segment[0])]


@operators("pathforall")
def pathforall(machine: Machine) -> Frame:
    stack, graphics = machine.stack, machine.graphics
    calls = tuple(Call(procedure(value)) for value in stack[-4:])
    if len(calls) < 4:
        raise PostScriptError("stackunderflow")
    machine.take_steps(len(graphics.path))
    inverse = inverted(graphics.ctm)
    del stack[-4:]
    return _segments(stack, list(graphics.path), calls, inverse)


def _clip(machine: Machine) -> None:
    graphics = machine.graphics
    machine.take_steps(len(graphics.path) // 2)
    box = graphics.path_box()
    graphics.clip = NOWHERE if box is None else intersected(graphics.clip, box)


operators["clip"] = operators["eoclip"] = _clip


@operators("initclip")
def initclip(machine: Machine) -> None:
    graphics = machine.graphics
    graphics.clip = EVERYWHERE if graphics.device.is_null or graphics.measuring else graphics.device.box


@operators("clippath")
def clippath(machine: Machine) -> None:
    graphics = machine.graphics
    graphics.new_path()
    left, bottom, right, top = graphics.clip if not is_empty(graphics.clip) else (0.0, 0.0, 0.0, 0.0)
    graphics.path = [(MOVE, left, bottom), (LINE, right, bottom), (LINE, right, top), (LINE, left, top), (CLOSE,)]
    graphics.point = graphics.begun = (left, bottom)


@operators("clipsave")
def clipsave(machine: Machine) -> None:
    graphics = machine.graphics
    graphics.parameters = {**graphics.parameters, "clips": (*graphics.parameters.get("clips", ())[-32:], graphics.clip)}


@operators("cliprestore")
def cliprestore(machine: Machine) -> None:
    graphics = machine.graphics
    *kept, last = graphics.parameters.get("clips", (graphics.clip,))
    graphics.clip = last
    graphics.parameters = {**graphics.parameters, "clips": tuple(kept)}


def rectangles(machine: Machine) -> tuple[list[Box], int]:
    """The rectangles that the operands give, in device space, and how many operands those are."""
    stack, ctm = machine.stack, machine.graphics.ctm
    top: Value = stack[-1]
    if type(top) in (Array, String):
        values = numbers(top) if type(top) is Array else encoded_numbers(top.value())
        taken = 1
    else:
        values, taken = [number(value) for value in stack[-4:]], 4
    if len(values) % 4 or (taken == 4 and len(values) < 4):
        raise PostScriptError("stackunderflow" if taken == 4 else "rangecheck")
    machine.take_steps(len(values))
    found = []
    for index in range(0, len(values), 4):
        x, y, width, height = values[index : index + 4]
        found.append(box_of(ctm, x, y, x + width, y + height))
    return found, taken


def encoded_numbers(octets: bytes) -> list[float]:
    """An encoded number string (section 3.14.5): integers and fixed-point numbers of 16 or 32 bits, and reals."""
    if len(octets) < 4 or octets[0] != 149:
        raise PostScriptError("typecheck")
    kind, count = octets[1], int.from_bytes(octets[2:4], "little" if octets[1] >= 128 else "big")
    little, kind = kind >= 128, kind & 127
    size = 2 if 32 <= kind < 48 else 4
    if len(octets) < 4 + size * count:
        raise PostScriptError("rangecheck")
    fields = [octets[4 + size * index : 4 + size * (index + 1)] for index in range(count)]
    if kind in (48, 49):
        return [float(struct.unpack("<f" if little else ">f", field)[0]) for field in fields]
    scale = 1 << (kind - 32 if size == 2 else kind)
    return [int.from_bytes(field, "little" if little else "big", signed=True) / scale for field in fields]


@operators("rectclip")
def rectclip(machine: Machine) -> None:
    boxes, taken = rectangles(machine)
    graphics = machine.graphics
    whole = boxes[0] if boxes else NOWHERE
    for box in boxes[1:]:
        whole = (min(whole[0], box[0]), min(whole[1], box[1]), max(whole[2], box[2]), max(whole[3], box[3]))
    graphics.clip = intersected(graphics.clip, whole)
    graphics.new_path()
    del machine.stack[-taken:]


# User paths (section 4.6).

_PATH_WORDS = (
    ("setbbox", 4),
    ("moveto", 2),
    ("rmoveto", 2),
    ("lineto", 2),
    ("rlineto", 2),
    ("curveto", 6),
    ("rcurveto", 6),
    ("arc", 5),
    ("arcn", 5),
    ("arct", 5),
    ("closepath", 0),
    ("ucache", 0),
)


@operators("setbbox")
def setbbox(machine: Machine) -> None:
    del machine.stack[-4:]


@operators("ucache")
def ucache(machine: Machine) -> None:
    """Says that the path will be used again."""


@operators("uappend")
def uappend(machine: Machine) -> None:
    """Add a user path to the current one: a procedure, or an array of numbers and a string of operators."""
    value = machine.stack[-1]
    if type(value) is not Array:
        raise PostScriptError("typecheck")
    machine.stack.pop()
    if value.executable and not (value.count == 2 and type(value.values()[1]) is String):
        machine.call(value)
    else:
        _encoded_path(machine, value)


def _encoded_path(machine: Machine, value: Array) -> None:
    data, codes = value.values()[:2]
    numbers_left = iter(numbers(data) if type(data) is Array else encoded_numbers(data.value()))
    repeats = 1
    for code in codes.value():
        if code >= 32:
            repeats = code - 32
            continue
        if code >= len(_PATH_WORDS):
            raise PostScriptError("typecheck")
        word, count = _PATH_WORDS[code]
        for _ in range(repeats):
            machine.take_steps(2)
            machine.stack += islice(numbers_left, count)
            operators[word](machine)
        repeats = 1


@operators("upath")
def upath(machine: Machine) -> None:
    machine.stack[-1] = Array([], executable=True)


def at_user_path(inner: Body) -> Body:
    """An operator on a user path: as on the current path, within gsave and grestore."""

    def body(machine: Machine) -> None:
        kept = machine.graphics
        machine.graphics = kept.copy()
        machine.graphics.new_path()
        try:
            uappend(machine)
            inner(machine)
        finally:
            machine.graphics = kept

    return body


def _inside(machine: Machine) -> None:
    """infill, instroke and the like: whether a point, or a user path, touches what would be painted."""
    stack, graphics = machine.stack, machine.graphics
    box = graphics.path_box()
    if type(stack[-1]) is Array:
        stack[-1] = box is not None
        return
    x, y = applied(graphics.ctm, number(stack[-2]), number(stack[-1]))
    inside = box is not None and box[0] <= x <= box[2] and box[1] <= y <= box[3]
    stack[-2:] = [inside]


for _name in ("infill", "ineofill", "instroke"):
    operators[_name] = _inside
for _name in ("inufill", "inueofill", "inustroke"):
    operators[_name] = at_user_path(_inside)
