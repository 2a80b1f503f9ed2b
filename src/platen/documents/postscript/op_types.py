"""Types, attributes and conversion (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

import math

from platen.documents.postscript.files import InputFile
from platen.documents.postscript.graphics import GraphicsState
from platen.documents.postscript.machine import Machine, Save
from platen.documents.postscript.objects import (
    Array,
    Dictionary,
    Operator,
    PostScriptError,
    Singleton,
    String,
    Table,
    Value,
    Word,
    integer,
    number,
    string,
    text_of,
)
from platen.documents.postscript.scanner import END, number_of, word

operators = Table()

_TYPES: dict[type, str] = {
    int: "integertype",
    float: "realtype",
    bool: "booleantype",
    str: "nametype",
    Word: "nametype",
    String: "stringtype",
    Dictionary: "dicttype",
    Operator: "operatortype",
    Save: "savetype",
    GraphicsState: "gstatetype",
}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def type_name(value: Value) -> str:
    kind = type(value)
    if kind is Array:
        return "packedarraytype" if value.packed else "arraytype"
    if kind is Singleton:
        return str(value.type_name)
    return _TYPES.get(kind, "filetype" if isinstance(value, InputFile) else "fonttype")


@operators("type")
def type_(machine: Machine) -> None:
    machine.stack[-1] = word(type_name(machine.stack[-1]))


def with_attribute(value: Value, *, executable: bool) -> Value:
    """The same value as a literal or an executable object."""
    kind = type(value)
    if kind is Array:
        made = Array(value.items, executable=executable, start=value.start, count=value.count)
        made.packed = value.packed
        return made
    if kind is String:
        return String(value.octets, executable=executable, start=value.start, count=value.count)
    if kind is Word and not executable:
        return value.name
    if kind is str and executable:
        return word(value)
    return value


@operators("cvx")
def cvx(machine: Machine) -> None:
    machine.stack[-1] = with_attribute(machine.stack[-1], executable=True)


@operators("cvlit")
def cvlit(machine: Machine) -> None:
    machine.stack[-1] = with_attribute(machine.stack[-1], executable=False)


@operators("xcheck")
def xcheck(machine: Machine) -> None:
    value = machine.stack[-1]
    kind = type(value)
    if kind is Array or kind is String:
        machine.stack[-1] = value.executable
    else:
        machine.stack[-1] = kind is Word or kind is Operator


@operators("readonly", "executeonly", "noaccess")
def restrict(machine: Machine) -> None:
    """Only dictionaries keep it: what reads or changes a string that it must not is not a page's matter."""
    value = machine.stack[-1]
    kind = type(value)
    if kind not in (Array, String, Dictionary) and not isinstance(value, InputFile):
        raise PostScriptError("typecheck")


@operators("rcheck")
def rcheck(machine: Machine) -> None:
    machine.stack[-1] = True


@operators("wcheck")
def wcheck(machine: Machine) -> None:
    value = machine.stack[-1]
    machine.stack[-1] = not (type(value) is Dictionary and value.read_only) and not isinstance(value, InputFile)


def _spelled(value: Value) -> float:
    """A number, or the one that a string spells. Raises: PostScriptError."""
    if type(value) is not String:
        return number(value)
    found = number_of(value.value().strip())
    if found is None:
        raise PostScriptError("typecheck")
    return found


@operators("cvi")
def cvi(machine: Machine) -> None:
    value = math.trunc(_spelled(machine.stack[-1]))
    if not -(1 << 31) <= value < 1 << 31:
        raise PostScriptError("rangecheck")
    machine.stack[-1] = value


@operators("cvr")
def cvr(machine: Machine) -> None:
    machine.stack[-1] = float(_spelled(machine.stack[-1]))


@operators("cvn")
def cvn(machine: Machine) -> None:
    text = string(machine.stack[-1])
    machine.take_steps(text.count // 1024)
    name = text_of(text)
    machine.stack[-1] = word(name) if text.executable else name


def printed(value: Value) -> bytes:
    """What `cvs` and `=` write."""
    kind = type(value)
    if kind is bool:
        return b"true" if value else b"false"
    if kind is float:
        return _real(value)
    if kind in (int, str):
        return str(value).encode("latin-1")
    if kind in (String, Word, Operator):
        return (value.name if kind is Operator else text_of(value)).encode("latin-1")
    return b"--nostringval--"


def _real(value: float) -> bytes:
    text = f"{value:.6g}"
    return (text if any(mark in text for mark in ".en") else text + ".0").encode()


@operators("cvs")
def cvs(machine: Machine) -> None:
    stack = machine.stack
    result = string(stack[-1]).fill(printed(stack[-2]))
    stack.pop()
    stack[-1] = result


@operators("cvrs")
def cvrs(machine: Machine) -> None:
    stack = machine.stack
    value, radix, target = number(stack[-3]), integer(stack[-2]), string(stack[-1])
    if not 2 <= radix <= 36:
        raise PostScriptError("rangecheck")
    text = printed(value) if radix == 10 else _in_radix(math.trunc(value) & 0xFFFFFFFF, radix)
    result = target.fill(text)
    del stack[-2:]
    stack[-1] = result


def _in_radix(value: int, radix: int) -> bytes:
    digits = ""
    while value:
        value, digit = divmod(value, radix)
        digits = _DIGITS[digit] + digits
    return (digits or "0").encode()


@operators("token")
def token(machine: Machine) -> None:
    """The next object of a string or file, and, of a string, what is left of it."""
    stack = machine.stack
    source = stack[-1]
    if type(source) is String:
        machine.take_steps(source.count // 4096)
        file = InputFile(source.value())
        found = machine.scanner.next_object(file)
        if found is END:
            stack[-1] = False
            return
        rest = String(source.octets, start=source.start + file.position, count=source.count - file.position)
        stack[-1:] = [rest, found, True]
        return
    if not isinstance(source, InputFile):
        raise PostScriptError("typecheck")
    found = machine.scanner.next_object(source)
    stack[-1:] = [False] if found is END else [found, True]
