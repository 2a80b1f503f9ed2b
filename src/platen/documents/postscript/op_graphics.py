"""Graphics state, coordinate systems and matrices (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

import math
from collections.abc import Callable

from platen.documents.matrices import IDENTITY, Matrix, applied, applied_to_distance, concatenated
from platen.documents.postscript.graphics import GraphicsState
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.matrices import inverted
from platen.documents.postscript.objects import (
    MARK,
    NULL,
    Array,
    Body,
    Dictionary,
    PostScriptError,
    Table,
    Value,
    boolean,
    dictionary,
    number,
    numbers,
)
from platen.documents.postscript.op_device import change_device
from platen.documents.postscript.op_stack import cleartomark

operators = Table()

_GRAPHICS_STACK_MAX = 2000


@operators("gsave")
def gsave(machine: Machine) -> None:
    stack = machine.graphics_stack
    if len(stack) > _GRAPHICS_STACK_MAX:
        raise PostScriptError("limitcheck")
    machine.steps += len(machine.graphics.path) // 16
    stack.append(machine.graphics)
    machine.graphics = machine.graphics.copy()


@operators("grestore")
def grestore(machine: Machine) -> None:
    stack = machine.graphics_stack
    bottom = machine.saves[-1].depth + 1 if machine.saves else 0
    before = machine.graphics.device
    if len(stack) > bottom:
        machine.graphics = stack.pop()
    elif stack:
        machine.graphics = stack[-1].copy()
    else:
        return
    if machine.graphics.device is not before:
        change_device(machine, before)


@operators("grestoreall")
def grestoreall(machine: Machine) -> None:
    stack = machine.graphics_stack
    bottom = machine.saves[-1].depth + 1 if machine.saves else 1
    before = machine.graphics.device
    if not stack:
        return
    del stack[bottom:]
    machine.graphics = stack[-1].copy()
    if not machine.saves:
        stack.clear()
    change_device(machine, before)


@operators("initgraphics")
def initgraphics(machine: Machine) -> None:
    machine.graphics.reset()


@operators("gstate")
def gstate(machine: Machine) -> None:
    machine.take_memory(1000)
    machine.stack.append(machine.graphics.copy())


def _gstate(value: Value) -> GraphicsState:
    if not isinstance(value, GraphicsState):
        raise PostScriptError("typecheck")
    return value


@operators("currentgstate")
def currentgstate(machine: Machine) -> None:
    target = _gstate(machine.stack[-1])
    target.__dict__ = machine.graphics.copy().__dict__


@operators("setgstate")
def setgstate(machine: Machine) -> None:
    source = _gstate(machine.stack[-1])
    machine.stack.pop()
    before = machine.graphics.device
    machine.graphics = source.copy()
    change_device(machine, before)


# Parameters that have an attribute of their own.


def _setter(attribute: str) -> Body:
    def body(machine: Machine) -> None:
        setattr(machine.graphics, attribute, number(machine.stack[-1]))
        machine.stack.pop()

    return body


def _getter(attribute: str) -> Body:
    def body(machine: Machine) -> None:
        machine.stack.append(getattr(machine.graphics, attribute))

    return body


for _word, _attribute in (
    ("linewidth", "line_width"),
    ("linecap", "line_cap"),
    ("linejoin", "line_join"),
    ("miterlimit", "miter_limit"),
    ("flat", "flat"),
):
    operators[f"set{_word}"] = _setter(_attribute)
    operators[f"current{_word}"] = _getter(_attribute)


@operators("setstrokeadjust")
def setstrokeadjust(machine: Machine) -> None:
    machine.graphics.stroke_adjust = boolean(machine.stack[-1])
    machine.stack.pop()


operators["currentstrokeadjust"] = _getter("stroke_adjust")


@operators("setdash")
def setdash(machine: Machine) -> None:
    stack = machine.stack
    pattern, offset = numbers(stack[-2]), number(stack[-1])
    if pattern and (min(pattern) < 0 or max(pattern) == 0):
        raise PostScriptError("rangecheck")
    machine.graphics.dash = (list(pattern), offset)
    del stack[-2:]


@operators("currentdash")
def currentdash(machine: Machine) -> None:
    pattern, offset = machine.graphics.dash
    machine.stack += [Array(list(pattern)), offset]


# Parameters that are kept and given back, but decide nothing here: how many operands, and what they are at first.
_IDLE = Array([], executable=True)
_KEPT: dict[str, tuple[Value, ...]] = {
    "transfer": (_IDLE,),
    "colortransfer": (_IDLE, _IDLE, _IDLE, _IDLE),
    "screen": (60, 45, _IDLE),
    "colorscreen": (60, 45, _IDLE) * 4,
    "halftone": (NULL,),
    "blackgeneration": (_IDLE,),
    "undercolorremoval": (_IDLE,),
    "overprint": (False,),
    "overprintmode": (0,),
    "smoothness": (0.02,),
    "colorrendering": (NULL,),
    "halftonephase": (0, 0),
    "trapparams": (NULL,),
    "filladjust2": (0.3, 0.3),
    "accuratecurves": (False,),
}


def _keeper(word: str, count: int) -> Body:
    def body(machine: Machine) -> None:
        stack = machine.stack
        if len(stack) < count:
            raise PostScriptError("stackunderflow")
        machine.graphics.parameters = {**machine.graphics.parameters, word: tuple(stack[-count:])}
        del stack[-count:]

    return body


def _giver(word: str, usual: tuple[Value, ...]) -> Body:
    def body(machine: Machine) -> None:
        value = machine.graphics.parameters.get(word, usual)
        machine.stack.extend(_halftone() if word == "halftone" and value[0] is NULL else value)

    return body


def _halftone() -> tuple[Value, ...]:
    made = Dictionary()
    made.update(HalftoneType=1, Frequency=60, Angle=45, SpotFunction=_IDLE)
    return (made,)


for _word, _usual in _KEPT.items():
    operators[f"set{_word}"] = _keeper(_word, len(_usual))
    operators[f"current{_word}"] = _giver(_word, _usual)


# Coordinate systems and matrices.


def matrix_of(value: Value) -> Matrix:
    """The matrix in an array. Raises: PostScriptError."""
    a, b, c, d, x, y = numbers(value, 6)
    return (a, b, c, d, x, y)


def _store(machine: Machine, target: Array, matrix: Matrix) -> None:
    if type(target) is not Array:
        raise PostScriptError("typecheck")
    if target.count != 6:
        raise PostScriptError("rangecheck")
    if machine.saves:
        machine.remember(target.items)
    target.items[target.start : target.start + 6] = list(matrix)


@operators("matrix")
def matrix_(machine: Machine) -> None:
    machine.take_memory(112)
    machine.stack.append(Array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]))


@operators("identmatrix")
def identmatrix(machine: Machine) -> None:
    _store(machine, machine.stack[-1], IDENTITY)


@operators("defaultmatrix")
def defaultmatrix(machine: Machine) -> None:
    _store(machine, machine.stack[-1], machine.graphics.device.matrix)


@operators("currentmatrix")
def currentmatrix(machine: Machine) -> None:
    _store(machine, machine.stack[-1], machine.graphics.ctm)


@operators("setmatrix")
def setmatrix(machine: Machine) -> None:
    machine.graphics.ctm = matrix_of(machine.stack[-1])
    machine.stack.pop()


@operators("initmatrix")
def initmatrix(machine: Machine) -> None:
    machine.graphics.ctm = machine.graphics.device.matrix


def _changing(count: int, made: str) -> Body:
    """translate, scale or rotate: of the coordinate system, or into a matrix that is given as well."""
    makers: dict[str, Callable[..., Matrix]] = {"translate": _translation, "scale": _scaling, "rotate": _rotation}
    make = makers[made]

    def body(machine: Machine) -> None:
        stack = machine.stack
        top = stack[-1]
        if type(top) is Array:
            _store(machine, top, make(*[number(value) for value in stack[-1 - count : -1]]))
            del stack[-1 - count : -1]
            return
        values = [number(value) for value in stack[-count:]]
        if len(values) < count:
            raise PostScriptError("stackunderflow")
        graphics = machine.graphics
        graphics.ctm = concatenated(make(*values), graphics.ctm)
        del stack[-count:]

    return body


def _translation(x: float, y: float) -> Matrix:
    return (1.0, 0.0, 0.0, 1.0, x, y)


def _scaling(x: float, y: float) -> Matrix:
    return (x, 0.0, 0.0, y, 0.0, 0.0)


def _rotation(degrees: float) -> Matrix:
    quarter, rest = divmod(degrees, 90)
    if rest == 0:
        sine, cosine = ((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))[int(quarter) % 4]
    else:
        sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return (cosine, sine, -sine, cosine, 0.0, 0.0)


operators["translate"] = _changing(2, "translate")
operators["scale"] = _changing(2, "scale")
operators["rotate"] = _changing(1, "rotate")


@operators("concat")
def concat(machine: Machine) -> None:
    graphics = machine.graphics
    graphics.ctm = concatenated(matrix_of(machine.stack[-1]), graphics.ctm)
    machine.stack.pop()


@operators("concatmatrix")
def concatmatrix(machine: Machine) -> None:
    stack = machine.stack
    target = stack[-1]
    _store(machine, target, concatenated(matrix_of(stack[-3]), matrix_of(stack[-2])))
    stack[-3:] = [target]


@operators("invertmatrix")
def invertmatrix(machine: Machine) -> None:
    stack = machine.stack
    target = stack[-1]
    _store(machine, target, inverted(matrix_of(stack[-2])))
    stack[-2:] = [target]


def _transforming(*, distance: bool, backwards: bool) -> Body:
    apply = applied_to_distance if distance else applied

    def body(machine: Machine) -> None:
        stack = machine.stack
        taken = 3 if type(stack[-1]) is Array else 2
        matrix = matrix_of(stack[-1]) if taken == 3 else machine.graphics.ctm
        x, y = number(stack[-taken]), number(stack[1 - taken])
        stack[-taken:] = apply(inverted(matrix) if backwards else matrix, x, y)

    return body


operators["transform"] = _transforming(distance=False, backwards=False)
operators["itransform"] = _transforming(distance=False, backwards=True)
operators["dtransform"] = _transforming(distance=True, backwards=False)
operators["idtransform"] = _transforming(distance=True, backwards=True)


# Interpreter parameters.


@operators("setuserparams", "setsystemparams")
def setparams(machine: Machine) -> None:
    dictionary(machine.stack[-1])
    machine.stack.pop()


@operators("currentuserparams")
def currentuserparams(machine: Machine) -> None:
    made = Dictionary()
    made.update(MaxFormItem=100_000, MaxPatternItem=20_000, MaxScreenItem=48_000, VMReclaim=0, JobTimeout=0)
    machine.stack.append(made)


@operators("currentsystemparams")
def currentsystemparams(machine: Machine) -> None:
    made = Dictionary()
    made.update(MaxFontCache=1_000_000, CurFontCache=0, BuildTime=0, ByteOrder=True, MaxDisplayList=1_000_000)
    machine.stack.append(made)


@operators("setdevparams")
def setdevparams(machine: Machine) -> None:
    del machine.stack[-2:]


@operators("currentdevparams")
def currentdevparams(machine: Machine) -> None:
    machine.stack[-1] = Dictionary()


@operators("realtime", "usertime")
def time(machine: Machine) -> None:
    """Milliseconds, by a clock that counts steps: the same file always gives the same facts."""
    machine.stack.append(machine.steps // 1000)


@operators("setcacheparams")
def setcacheparams(machine: Machine) -> None:
    cleartomark(machine)


@operators("cachestatus")
def cachestatus(machine: Machine) -> None:
    machine.stack += [0, 1_000_000, 0, 1000, 0, 1000, 100_000]


@operators("ucachestatus")
def ucachestatus(machine: Machine) -> None:
    machine.stack += [MARK, 0, 1000, 0, 1000, 100_000]


@operators("setucacheparams")
def setucacheparams(machine: Machine) -> None:
    setcacheparams(machine)
