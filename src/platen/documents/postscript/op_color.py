"""Colour operators (PostScript Language Reference, sections 4.8 and 8.1)."""

from __future__ import annotations

import colorsys

from platen.documents.postscript.colors import CMYK, GRAY, RGB, PatternSpace, Space, ink_in, space_of
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import (
    NULL,
    Array,
    PostScriptError,
    Table,
    dictionary,
    number,
)
from platen.documents.postscript.page import GREY, UNCLEAR, WHITE

operators = Table()

_WHITE_FROM = 0.985


@operators("setgray")
def setgray(machine: Machine) -> None:
    stack = machine.stack
    gray = number(stack[-1])
    graphics = machine.graphics
    graphics.space, graphics.color, graphics.pattern = GRAY, (gray,), None
    graphics.ink = GREY if gray < _WHITE_FROM else WHITE
    stack.pop()


@operators("setrgbcolor")
def setrgbcolor(machine: Machine) -> None:
    _set(machine, RGB, 3)


@operators("setcmykcolor")
def setcmykcolor(machine: Machine) -> None:
    _set(machine, CMYK, 4)


def _set(machine: Machine, space: Space, count: int) -> None:
    """Take the operands as a colour of a space."""
    stack = machine.stack
    color = tuple([number(value) for value in stack[-count:]]) if count else ()
    if len(color) < count:
        raise PostScriptError("stackunderflow")
    graphics = machine.graphics
    graphics.space, graphics.color, graphics.pattern = space, color, None
    graphics.ink = ink_in(machine, space, color)
    if count:
        del stack[-count:]


@operators("sethsbcolor")
def sethsbcolor(machine: Machine) -> None:
    stack = machine.stack
    hue, saturation, brightness = (number(value) for value in stack[-3:])
    stack[-3:] = colorsys.hsv_to_rgb(hue, saturation, brightness)
    _set(machine, RGB, 3)


@operators("setcolorspace")
def setcolorspace(machine: Machine) -> None:
    space = space_of(machine, machine.stack[-1])
    graphics = machine.graphics
    graphics.space, graphics.color, graphics.pattern = space, space.initial, None
    graphics.ink = UNCLEAR if isinstance(space, PatternSpace) else ink_in(machine, space, space.initial)
    machine.stack.pop()


@operators("setcolor")
def setcolor(machine: Machine) -> None:
    space = machine.graphics.space
    if isinstance(space, PatternSpace):
        _set_pattern(machine, space)
    else:
        _set(machine, space, space.count)


def _set_pattern(machine: Machine, space: PatternSpace) -> None:
    stack, graphics = machine.stack, machine.graphics
    pattern = stack[-1]
    if pattern is NULL:
        stack.pop()
        graphics.pattern, graphics.ink = None, WHITE
        return
    dictionary(pattern)
    count = space.count if pattern.get("PaintType") == 2 else 0
    color = tuple([number(value) for value in stack[-1 - count : -1]])
    if len(color) < count:
        raise PostScriptError("stackunderflow")
    graphics.pattern, graphics.color, graphics.ink = pattern, color, UNCLEAR
    del stack[-1 - count :]


@operators("setpattern")
def setpattern(machine: Machine) -> None:
    """As `setcolor` in a pattern space over the current one."""
    graphics = machine.graphics
    space = graphics.space
    if not isinstance(space, PatternSpace):
        graphics.space = PatternSpace(Array(["Pattern", space.value]), space)
    _set_pattern(machine, graphics.space)  # type: ignore[arg-type]  # set to one just now, if it was none


@operators("currentcolorspace")
def currentcolorspace(machine: Machine) -> None:
    value = machine.graphics.space.value
    machine.stack.append(value if type(value) is Array else Array([value]))


@operators("currentcolor")
def currentcolor(machine: Machine) -> None:
    graphics = machine.graphics
    machine.stack += graphics.color
    if isinstance(graphics.space, PatternSpace):
        machine.stack.append(graphics.pattern if graphics.pattern is not None else NULL)


def _current_rgb(machine: Machine) -> tuple[float, float, float]:
    graphics = machine.graphics
    if isinstance(graphics.space, PatternSpace):
        return 0.0, 0.0, 0.0
    return graphics.space.rgb(machine, graphics.color)


@operators("currentgray")
def currentgray(machine: Machine) -> None:
    red, green, blue = _current_rgb(machine)
    machine.stack.append(red if red == green == blue else 0.3 * red + 0.59 * green + 0.11 * blue)


@operators("currentrgbcolor")
def currentrgbcolor(machine: Machine) -> None:
    machine.stack += _current_rgb(machine)


@operators("currenthsbcolor")
def currenthsbcolor(machine: Machine) -> None:
    machine.stack += colorsys.rgb_to_hsv(*_current_rgb(machine))


@operators("currentcmykcolor")
def currentcmykcolor(machine: Machine) -> None:
    graphics = machine.graphics
    if graphics.space is CMYK:
        machine.stack += graphics.color
        return
    red, green, blue = _current_rgb(machine)
    black = 1 - max(red, green, blue)
    machine.stack += (1 - red - black, 1 - green - black, 1 - blue - black, black)


@operators("findcolorrendering")
def findcolorrendering(machine: Machine) -> None:
    machine.stack[-1:] = ["DefaultColorRendering", False]
