"""Painting, patterns and forms (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

from platen.documents.matrices import Box, box_of, concatenated, intersected
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.marking import everything_known, mark
from platen.documents.postscript.objects import (
    NULL,
    Array,
    Body,
    Dictionary,
    PostScriptError,
    Table,
    dictionary,
    numbers,
)
from platen.documents.postscript.op_graphics import matrix_of
from platen.documents.postscript.op_paths import at_user_path, rectangles
from platen.documents.postscript.page import WHITE
from platen.documents.postscript.shadings import shading_ink

operators = Table()

_ROUND = 1  # line cap


def _fill(machine: Machine) -> None:
    graphics = machine.graphics
    path = graphics.path
    if path and not everything_known(machine):
        machine.take_steps(len(path) // 2)
        if any(len(segment) > 1 and segment[0] for segment in path):  # not movetos alone
            mark(machine, graphics.path_box())
    graphics.path = []
    graphics.point = None


def _stroke(machine: Machine) -> None:
    graphics = machine.graphics
    path = graphics.path
    if path and not everything_known(machine):
        machine.take_steps(len(path) // 2)
        box = graphics.path_box() if any(segment[0] for segment in path) else None
        if box and box[0] == box[2] and box[1] == box[3] and graphics.line_cap != _ROUND:
            box = None  # a line without length
        mark(machine, _widened(machine, box))
    graphics.path = []
    graphics.point = None


def _widened(machine: Machine, box: Box | None) -> Box | None:
    """The box with half a line's width around it."""
    if box is None:
        return None
    a, b, c, d, _, _ = machine.graphics.ctm
    half = machine.graphics.line_width / 2 * max(abs(a) + abs(c), abs(b) + abs(d))
    return box[0] - half, box[1] - half, box[2] + half, box[3] + half


operators["fill"] = operators["eofill"] = _fill
operators["stroke"] = _stroke
operators["ufill"] = operators["ueofill"] = at_user_path(_fill)


def _ustroke(machine: Machine) -> None:
    """A matrix may lie on top of the path: it shapes the line, not the path."""
    top = machine.stack[-1]
    if type(top) is Array and top.count == 6 and not top.executable and type(top.values()[0]) in (int, float):
        machine.stack.pop()
    at_user_path(_stroke)(machine)


operators["ustroke"] = _ustroke


def _on_rectangles(*, stroked: bool) -> Body:
    def body(machine: Machine) -> None:
        stack = machine.stack
        top = stack[-1]
        if stroked and type(top) is Array and top.count == 6:  # a matrix, that shapes the line
            stack.pop()
        boxes, taken = rectangles(machine)
        for box in boxes:
            mark(machine, _widened(machine, box) if stroked else box)
        del stack[-taken:]

    return body


operators["rectfill"] = _on_rectangles(stroked=False)
operators["rectstroke"] = _on_rectangles(stroked=True)


@operators("erasepage")
def erasepage(machine: Machine) -> None:
    machine.page.inks = WHITE


@operators("shfill")
def shfill(machine: Machine) -> None:
    shading = dictionary(machine.stack[-1])
    mark(machine, machine.graphics.clip, shading_ink(machine, shading))
    machine.stack.pop()


@operators("makepattern")
def makepattern(machine: Machine) -> None:
    stack = machine.stack
    prototype = dictionary(stack[-2])
    matrix_of(stack[-1])
    if "PatternType" not in prototype:
        raise PostScriptError("rangecheck")
    machine.take_memory(48 * len(prototype) + 200)
    made = Dictionary(len(prototype) + 1)
    made.update(prototype)
    made["Implementation"] = NULL
    stack.pop()
    stack[-1] = made


@operators("execform")
def execform(machine: Machine) -> None:
    """Paint a form: its procedure within gsave and grestore, in its own coordinates (section 4.7)."""
    form = dictionary(machine.stack[-1])
    paint, matrix = form["PaintProc"], matrix_of(form["Matrix"])
    left, bottom, right, top = numbers(form["BBox"], 4)
    machine.stack.pop()
    kept, level = machine.graphics, len(machine.graphics_stack)
    graphics = machine.graphics = kept.copy()
    graphics.ctm = concatenated(matrix, graphics.ctm)
    graphics.clip = intersected(graphics.clip, box_of(graphics.ctm, left, bottom, right, top))
    graphics.new_path()
    machine.stack.append(form)
    try:
        machine.call(paint)
    finally:
        machine.graphics = kept
        del machine.graphics_stack[level:]
