"""Operand stack operators (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import MARK, Array, Dictionary, PostScriptError, String, Table, integer

operators = Table()


@operators("pop")
def pop(machine: Machine) -> None:
    machine.stack.pop()


@operators("exch")
def exch(machine: Machine) -> None:
    stack = machine.stack
    stack[-1], stack[-2] = stack[-2], stack[-1]


@operators("dup")
def dup(machine: Machine) -> None:
    stack = machine.stack
    stack.append(stack[-1])


@operators("copy")
def copy(machine: Machine) -> None:
    """`n copy` of operands, or one composite value into another."""
    stack = machine.stack
    top = stack[-1]
    if type(top) is int:
        if not 0 <= top < len(stack):
            raise PostScriptError("rangecheck" if top < 0 else "stackunderflow")
        stack.pop()
        if top:
            machine.take_steps(top)
            stack.extend(stack[-top:])
        return
    source = stack[-2]
    if type(source) is not type(top):
        raise PostScriptError("typecheck")
    stack[-2:] = [_copied(machine, source, top)]


def _copied(machine: Machine, source: object, target: object) -> object:
    if isinstance(source, String) and isinstance(target, String):
        machine.take_steps(source.count // 256)
        return target.fill(source.value())
    if isinstance(source, Array) and isinstance(target, Array):
        return copied_items(machine, source, target)
    if isinstance(source, Dictionary) and isinstance(target, Dictionary):
        machine.take_steps(len(source))
        for key, value in list(source.items()):
            machine.enter(target, key, value)
        return target
    raise PostScriptError("typecheck")


def copied_items(machine: Machine, source: Array, target: Array) -> Array:
    """Replace the beginning of an array. Returns: a view of what was replaced. Raises: PostScriptError."""
    if source.count > target.count:
        raise PostScriptError("rangecheck")
    machine.take_steps(source.count)
    if machine.saves:
        machine.remember(target.items)
    target.items[target.start : target.start + source.count] = source.values()
    return Array(target.items, executable=target.executable, start=target.start, count=source.count)


@operators("index")
def index(machine: Machine) -> None:
    stack = machine.stack
    place = stack[-1]
    if place < 0:
        raise PostScriptError("rangecheck")
    stack[-1] = stack[-2 - integer(place)]


@operators("roll")
def roll(machine: Machine) -> None:
    stack = machine.stack
    shift, count = integer(stack[-1]), integer(stack[-2])
    if count < 0:
        raise PostScriptError("rangecheck")
    if count > len(stack) - 2:
        raise PostScriptError("stackunderflow")
    del stack[-2:]
    if count:
        shift %= count
        if count > 16:
            machine.take_steps(count // 16)
        if shift:
            stack[-count:] = stack[-shift:] + stack[-count:-shift]


@operators("clear")
def clear(machine: Machine) -> None:
    machine.stack.clear()


@operators("count")
def count(machine: Machine) -> None:
    machine.stack.append(len(machine.stack))


@operators("mark", "[", "<<")
def mark(machine: Machine) -> None:
    machine.stack.append(MARK)


def to_mark(machine: Machine) -> int:
    """How many operands lie above the topmost mark. Raises: PostScriptError."""
    for distance, value in enumerate(reversed(machine.stack)):
        if value is MARK:
            if distance > 16:
                machine.take_steps(distance // 16)
            return distance
    raise PostScriptError("unmatchedmark")


@operators("cleartomark")
def cleartomark(machine: Machine) -> None:
    del machine.stack[-to_mark(machine) - 1 :]


@operators("counttomark")
def counttomark(machine: Machine) -> None:
    machine.stack.append(to_mark(machine))
