"""Control operators (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

from collections.abc import Iterator

from platen.documents.postscript.files import InputFile
from platen.documents.postscript.machine import Machine, Quit, Stop, Stopped
from platen.documents.postscript.objects import (
    Array,
    Call,
    Dictionary,
    Frame,
    Operator,
    PostScriptError,
    String,
    Table,
    Value,
    Word,
    integer,
    number,
    procedure,
    value_of_key,
)

operators = Table()


@operators("exec")
def exec_(machine: Machine) -> Frame | None:
    stack = machine.stack
    value = stack.pop()
    if type(value) is Array and not value.executable:
        stack.append(value)
        return None
    return machine.frame_of(value)


@operators("if")
def if_(machine: Machine) -> Frame | None:
    stack = machine.stack
    body, condition = stack[-1], stack[-2]
    if type(condition) is not bool or type(body) is not Array:
        raise PostScriptError("typecheck")
    del stack[-2:]
    if not condition:
        return None
    machine.steps += body.count + 1
    return iter(body.values())


@operators("ifelse")
def ifelse(machine: Machine) -> Frame | None:
    stack = machine.stack
    condition = stack[-3]
    if type(condition) is not bool:
        raise PostScriptError("typecheck")
    body = stack[-2] if condition else stack[-1]
    if type(body) is not Array:
        raise PostScriptError("typecheck")
    del stack[-3:]
    machine.steps += body.count + 1
    return iter(body.values())


def _counted(stack: list[Value], start: float, step: float, limit: float, call: Call) -> Iterator[Value]:
    value = start
    while value <= limit if step >= 0 else value >= limit:
        stack.append(value)
        yield call
        value += step


@operators("for")
def for_(machine: Machine) -> Frame:
    stack = machine.stack
    body = procedure(stack[-1])
    limit, step, start = number(stack[-2]), number(stack[-3]), number(stack[-4])
    if type(start) is int and type(step) is float:
        start = float(start)
    del stack[-4:]
    return _counted(stack, start, step, limit, Call(body))


def _repeated(count: int, call: Call) -> Iterator[Value]:
    for _ in range(count):
        yield call


@operators("repeat")
def repeat(machine: Machine) -> Frame:
    stack = machine.stack
    body, count = procedure(stack[-1]), integer(stack[-2])
    if count < 0:
        raise PostScriptError("rangecheck")
    del stack[-2:]
    return _repeated(count, Call(body))


def _endless(call: Call) -> Iterator[Value]:
    while True:
        yield call


@operators("loop")
def loop(machine: Machine) -> Frame:
    body = procedure(machine.stack[-1])
    machine.stack.pop()
    return _endless(Call(body))


def _each(stack: list[Value], values: list[Value] | bytes, call: Call) -> Iterator[Value]:
    for value in values:
        stack.append(value)
        yield call


def _each_entry(stack: list[Value], place: Dictionary, call: Call) -> Iterator[Value]:
    for key in list(place):
        if key in place:
            stack.append(value_of_key(key))
            stack.append(place[key])
            yield call


@operators("forall")
def forall(machine: Machine) -> Frame:
    stack = machine.stack
    body, over = procedure(stack[-1]), stack[-2]
    call = Call(body)
    kind = type(over)
    if kind is Array:
        machine.take_steps(over.count)
        frame = _each(stack, list(over.values()), call)
    elif kind is String:
        machine.take_steps(over.count)
        frame = _each(stack, over.value(), call)
    elif kind is Dictionary:
        machine.take_steps(len(over))
        frame = _each_entry(stack, over, call)
    else:
        raise PostScriptError("typecheck")
    del stack[-2:]
    return frame


@operators("exit")
def exit_(machine: Machine) -> Frame:
    return machine.leave_loop()


@operators("stopped")
def stopped(machine: Machine) -> Frame:
    stack = machine.stack
    value = stack.pop()
    machine.frames.append(Stopped(stack))
    return machine.frame_of(value)


@operators("stop")
def stop(machine: Machine) -> Frame:
    raise Stop


@operators("quit")
def quit_(machine: Machine) -> Frame:
    raise Quit


@operators("start")
def start(machine: Machine) -> None:
    """The interpreter's own beginning has long been executed."""


@operators("countexecstack")
def countexecstack(machine: Machine) -> None:
    machine.stack.append(len(machine.frames))


@operators("execstack")
def execstack(machine: Machine) -> None:
    machine.stack[-1] = Array([], executable=False)


@operators("run")
def run(machine: Machine) -> Frame:
    """Execute a file that the program has; there are no others."""
    file = machine.stack[-1]
    if not isinstance(file, InputFile):
        raise PostScriptError("undefinedfilename")
    machine.stack.pop()
    return machine.frame_of(file)


@operators("wait", "flush", "prompt", "executive", "echo")
def nothing(machine: Machine) -> None:
    """Concerns a person at a terminal, or other jobs."""


@operators("setobjectformat", "setvmthreshold", "vmreclaim", "setcachelimit")
def take_one(machine: Machine) -> None:
    machine.stack.pop()


@operators("bind")
def bind(machine: Machine) -> None:
    """Replace the names of operators within a procedure by the operators."""
    body = machine.stack[-1]
    if type(body) is not Array:
        raise PostScriptError("typecheck")
    waiting = [body]
    while waiting:
        _bind_one(machine, waiting.pop(), waiting)


def _bind_one(machine: Machine, body: Array, waiting: list[Array]) -> None:
    machine.take_steps(body.count // 4 + 1)
    body.bound = True
    items = body.items
    for place in range(body.start, body.start + body.count):
        item = items[place]
        if type(item) is Word:
            value = machine.known.get(item.name)
            if value is None:
                value = next((place[item.name] for place in machine.dicts if item.name in place), None)
            if type(value) is Operator:
                items[place] = value
        elif type(item) is Array and item.executable and not item.bound:
            waiting.append(item)
