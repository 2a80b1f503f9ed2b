"""From painting to what is on the page: whether it falls there, and how it looks."""

from __future__ import annotations

from platen.documents.matrices import EVERYWHERE, IDENTITY, Box
from platen.documents.postscript.colors import PatternSpace, called, ink_in
from platen.documents.postscript.machine import PYTHON_ERRORS, Machine, Stop
from platen.documents.postscript.objects import Dictionary, PostScriptError, Value
from platen.documents.postscript.page import COLOR, UNCLEAR, Page, ink_of

_FAILURES: tuple[type[Exception], ...] = (PostScriptError, Stop, *PYTHON_ERRORS)


def mark(machine: Machine, box: Box | None, ink: int | None = None) -> None:
    """Something is painted within the box: with the current colour, or with `ink`."""
    if box is None:
        return
    page, graphics = machine.page, machine.graphics
    if ink is None:
        ink = current_ink(machine)
    if page.inks & COLOR or page.inks | ink == page.inks:
        return  # nothing that is not known already
    if graphics.measuring or graphics.shows(box):
        page.inks |= ink


def current_ink(machine: Machine) -> int:
    """How the current colour or pattern looks."""
    graphics = machine.graphics
    if graphics.pattern is not None:
        return pattern_ink(machine, graphics.pattern)
    transfer = graphics.parameters.get("transfer")
    if transfer is None or transfer[0].count == 0 or isinstance(graphics.space, PatternSpace):
        return graphics.ink
    try:
        rgb = graphics.space.rgb(machine, graphics.color)
        return ink_of(*[called(machine, transfer[0], [part], 1)[0] for part in rgb])
    except _FAILURES:
        return UNCLEAR


def everything_known(machine: Machine) -> bool:
    """Whether further marks cannot change what is known of the page."""
    return bool(machine.page.inks & COLOR)


def looked_at(machine: Machine, value: Value, operands: list[Value], *, ink: int | None = None) -> int:
    """Execute a procedure that paints a glyph or a pattern cell, and see what it marks.

    `ink` is what the current colour stands for; None: the procedure sets its own.
    """
    page, graphics, depth = machine.page, machine.graphics, len(machine.stack)
    machine.page = Page()
    machine.graphics = graphics.copy()
    machine.graphics.measuring = True
    machine.graphics.clip = EVERYWHERE
    machine.graphics.ctm = IDENTITY
    machine.graphics.new_path()
    machine.graphics.pattern = None
    if ink is not None:
        machine.graphics.ink = ink
    level = len(machine.graphics_stack)
    try:
        machine.stack.extend(operands)
        machine.call(value)
        return machine.page.inks
    except _FAILURES:
        return machine.page.inks or UNCLEAR
    finally:
        machine.page, machine.graphics = page, graphics
        del machine.graphics_stack[level:]
        del machine.stack[depth:]


def pattern_ink(machine: Machine, pattern: Dictionary) -> int:
    """How a pattern looks; remembered with the graphics state's pattern."""
    graphics = machine.graphics
    known = graphics.parameters.get("pattern ink")
    if known is not None and known[0] is pattern and known[1] == graphics.color:
        return int(known[2])
    ink = _pattern_ink(machine, pattern)
    graphics.parameters = {**graphics.parameters, "pattern ink": (pattern, graphics.color, ink)}
    return ink


def _pattern_ink(machine: Machine, pattern: Dictionary) -> int:
    from platen.documents.postscript.shadings import shading_ink

    if pattern.get("PatternType") == 2:
        shading = pattern.get("Shading")
        return shading_ink(machine, shading) if type(shading) is Dictionary else UNCLEAR
    paint = pattern.get("PaintProc")
    if paint is None:
        return UNCLEAR
    ink: int | None = None
    space = machine.graphics.space
    if pattern.get("PaintType") == 2 and isinstance(space, PatternSpace) and space.underlying:
        ink = ink_in(machine, space.underlying, machine.graphics.color)
    return looked_at(machine, paint, [pattern], ink=ink)
