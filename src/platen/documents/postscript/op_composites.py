"""Dictionaries, arrays and strings (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import (
    NULL,
    Array,
    Dictionary,
    PostScriptError,
    String,
    Table,
    Value,
    dictionary,
    integer,
    key_of,
    string,
)
from platen.documents.postscript.op_stack import copied_items, to_mark

operators = Table()

_ARRAY_MAX = 1_000_000
_STRING_MAX = 65_535  # as the standard says (appendix B)
_DICTS_MAX = 500


@operators("dict")
def dict_(machine: Machine) -> None:
    capacity = integer(machine.stack[-1])
    if capacity < 0:
        raise PostScriptError("rangecheck")
    machine.stack[-1] = new_dictionary(machine, capacity)


def new_dictionary(machine: Machine, capacity: int = 0) -> Dictionary:
    machine.take_memory(200)
    made = Dictionary(capacity)
    made.is_global = machine.is_global
    return made


@operators(">>")
def end_dictionary(machine: Machine) -> None:
    stack = machine.stack
    count = to_mark(machine)
    if count % 2:
        raise PostScriptError("rangecheck")
    made = new_dictionary(machine, count // 2)
    machine.take_memory(count * 48)
    entries = stack[len(stack) - count :]
    for key, value in zip(entries[::2], entries[1::2], strict=True):
        made[key_of(key)] = value
    del stack[len(stack) - count :]
    stack[-1] = made


@operators("maxlength")
def maxlength(machine: Machine) -> None:
    place = dictionary(machine.stack[-1])
    machine.stack[-1] = max(place.capacity, len(place))


@operators("begin")
def begin(machine: Machine) -> None:
    place = dictionary(machine.stack[-1])
    if len(machine.dicts) >= _DICTS_MAX:
        raise PostScriptError("dictstackoverflow")
    machine.begin(place)
    machine.stack.pop()


PERMANENT = 3  # systemdict, globaldict and userdict stay on the dictionary stack


@operators("end")
def end(machine: Machine) -> None:
    if len(machine.dicts) <= PERMANENT:
        raise PostScriptError("dictstackunderflow")
    machine.end()


@operators("def")
def def_(machine: Machine) -> None:
    stack = machine.stack
    key = stack[-2]
    machine.enter(machine.dicts[0], key if type(key) is str else key_of(key), stack[-1])
    del stack[-2:]


@operators("load")
def load(machine: Machine) -> None:
    stack = machine.stack
    stack[-1] = machine.load(key_of(stack[-1]))


@operators("store")
def store(machine: Machine) -> None:
    stack = machine.stack
    key = key_of(stack[-2])
    place = next((place for place in machine.dicts if key in place), machine.dicts[0])
    machine.enter(place, key, stack[-1])
    del stack[-2:]


@operators("where")
def where(machine: Machine) -> None:
    stack = machine.stack
    key = key_of(stack[-1])
    for place in machine.dicts:
        if key in place:
            stack[-1] = place
            stack.append(True)
            return
    stack[-1] = False


@operators("known")
def known(machine: Machine) -> None:
    stack = machine.stack
    found = key_of(stack[-1]) in dictionary(stack[-2])
    stack.pop()
    stack[-1] = found


@operators("undef")
def undef(machine: Machine) -> None:
    stack = machine.stack
    place, key = dictionary(stack[-2]), key_of(stack[-1])
    if key in place:
        machine.enter(place, key, NULL)
        del place[key]
    del stack[-2:]


@operators("currentdict")
def currentdict(machine: Machine) -> None:
    machine.stack.append(machine.dicts[0])


@operators("countdictstack")
def countdictstack(machine: Machine) -> None:
    machine.stack.append(len(machine.dicts))


@operators("dictstack")
def dictstack(machine: Machine) -> None:
    target = machine.stack[-1]
    machine.stack[-1] = copied_items(machine, Array(list(reversed(machine.dicts))), target)


@operators("cleardictstack")
def cleardictstack(machine: Machine) -> None:
    while len(machine.dicts) > PERMANENT:
        machine.end()


@operators("array")
def array(machine: Machine) -> None:
    count = integer(machine.stack[-1])
    if not 0 <= count <= _ARRAY_MAX:
        raise PostScriptError("rangecheck" if count < 0 else "limitcheck")
    machine.take_memory(8 * count + 64)
    machine.stack[-1] = Array([NULL] * count)


@operators("]")
def end_array(machine: Machine) -> None:
    stack = machine.stack
    count = to_mark(machine)
    machine.take_memory(8 * count + 64)
    made = Array(stack[len(stack) - count :])
    del stack[len(stack) - count :]
    stack[-1] = made


@operators("packedarray")
def packedarray(machine: Machine) -> None:
    stack = machine.stack
    count = integer(stack[-1])
    if not 0 <= count < len(stack):
        raise PostScriptError("rangecheck" if count < 0 else "stackunderflow")
    machine.take_memory(8 * count + 64)
    stack.pop()
    made = Array(stack[len(stack) - count :])
    made.packed = True
    del stack[len(stack) - count :]
    stack.append(made)


@operators("string")
def string_(machine: Machine) -> None:
    count = integer(machine.stack[-1])
    if not 0 <= count <= _STRING_MAX:
        raise PostScriptError("rangecheck" if count < 0 else "limitcheck")
    machine.take_memory(count + 64)
    machine.stack[-1] = String(bytearray(count))


@operators("length")
def length(machine: Machine) -> None:
    value = machine.stack[-1]
    kind = type(value)
    if kind is String or kind is Array:
        machine.stack[-1] = value.count
    elif kind is Dictionary or kind is str:
        machine.stack[-1] = len(value)
    else:
        machine.stack[-1] = len(value.name)


@operators("get")
def get(machine: Machine) -> None:
    stack = machine.stack
    place, key = stack[-2], stack[-1]
    kind = type(place)
    if kind is Dictionary:
        found = place.get(key if type(key) is str else key_of(key))
        if found is None:
            raise PostScriptError("undefined")
    elif kind is Array or kind is String:
        if not 0 <= integer(key) < place.count:
            raise PostScriptError("rangecheck")
        found = (place.items if kind is Array else place.octets)[place.start + key]
    else:
        raise PostScriptError("typecheck")
    stack.pop()
    stack[-1] = found


@operators("put")
def put(machine: Machine) -> None:
    stack = machine.stack
    place, key, value = stack[-3], stack[-2], stack[-1]
    kind = type(place)
    if kind is Dictionary:
        machine.enter(place, key if type(key) is str else key_of(key), value)
    elif kind is Array or kind is String:
        if not 0 <= integer(key) < place.count:
            raise PostScriptError("rangecheck")
        if kind is String:
            place.octets[place.start + key] = integer(value) & 0xFF
        else:
            if machine.saves:
                machine.remember(place.items)
            place.items[place.start + key] = value
    else:
        raise PostScriptError("typecheck")
    del stack[-3:]


@operators("getinterval")
def getinterval(machine: Machine) -> None:
    stack = machine.stack
    place, start, count = stack[-3], integer(stack[-2]), integer(stack[-1])
    if start < 0 or count < 0 or start + count > place.count:
        raise PostScriptError("rangecheck")
    del stack[-2:]
    stack[-1] = view(place, start, count)


def view(place: Value, start: int, count: int) -> Value:
    """Another view of the storage of an array or string."""
    if type(place) is String:
        return String(place.octets, executable=place.executable, start=place.start + start, count=count)
    return Array(place.items, executable=place.executable, start=place.start + start, count=count)


@operators("putinterval")
def putinterval(machine: Machine) -> None:
    stack = machine.stack
    place, start, source = stack[-3], integer(stack[-2]), stack[-1]
    if start < 0 or start + source.count > place.count:
        raise PostScriptError("rangecheck")
    if type(place) is String:
        view(place, start, source.count).fill(string(source).value())
    else:
        copied_items(machine, source, view(place, start, source.count))
    del stack[-3:]


@operators("aload")
def aload(machine: Machine) -> None:
    stack = machine.stack
    source = stack[-1]
    if type(source) is not Array:
        raise PostScriptError("typecheck")
    machine.take_steps(source.count // 4)
    stack[-1:] = [*source.values(), source]


@operators("astore")
def astore(machine: Machine) -> None:
    stack = machine.stack
    target = stack[-1]
    count = target.count
    if len(stack) < count + 1:
        raise PostScriptError("stackunderflow")
    copied_items(machine, Array(stack[len(stack) - count - 1 : -1]), target)
    del stack[len(stack) - count - 1 :]
    stack.append(target)


def _found(machine: Machine, *, anywhere: bool) -> int:
    """Where the string `seek` on top of the stack stands in the one below; -1 where it does not."""
    text, seek = string(machine.stack[-2]).value(), string(machine.stack[-1]).value()
    machine.take_steps(len(text) // 256)
    return text.find(seek) if anywhere else 0 if text.startswith(seek) else -1


@operators("search")
def search(machine: Machine) -> None:
    stack = machine.stack
    at = _found(machine, anywhere=True)
    text, size = stack[-2], stack[-1].count
    if at < 0:
        stack[-1] = False
        return
    after = at + size
    stack[-2:] = [view(text, after, text.count - after), view(text, at, size), view(text, 0, at), True]


@operators("anchorsearch")
def anchorsearch(machine: Machine) -> None:
    stack = machine.stack
    text, size = stack[-2], string(stack[-1]).count
    if _found(machine, anywhere=False) < 0:
        stack[-1] = False
        return
    stack[-2:] = [view(text, size, text.count - size), view(text, 0, size), True]
