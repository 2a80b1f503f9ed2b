"""Files, filters and virtual memory (PostScript Language Reference, section 8.1).

The only file there is is the job itself; whatever a program writes goes nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from platen.documents.postscript import decoders
from platen.documents.postscript.files import DecodedFile, EncryptedFile, InputFile, PulledFile, Sink
from platen.documents.postscript.machine import AtEnd, Machine, OutOfBounds, Save
from platen.documents.postscript.objects import (
    Array,
    Dictionary,
    Frame,
    PostScriptError,
    String,
    Table,
    Value,
    boolean,
    integer,
    string,
    text_of,
)
from platen.documents.postscript.op_composites import PERMANENT

operators = Table()

_DECODED_PER_STEP = 256  # octets that weigh as much as one operator
_SAVES_MAX = 250
_FAX_SIDE_MAX = 32_000


@operators("currentfile")
def currentfile(machine: Machine) -> None:
    machine.stack.append(machine.current_file())


def _file(value: Value) -> InputFile:
    if not isinstance(value, InputFile):
        raise PostScriptError("typecheck")
    return value


@operators("file")
def file(machine: Machine) -> None:
    """`%stdin` is the job, `%stdout` and the like take what is written; every other name is not found."""
    stack = machine.stack
    name = text_of(stack[-2])
    opened: InputFile
    if name in ("%stdin", "%lineedit", "%statementedit"):
        opened = machine.job
    elif name in ("%stdout", "%stderr"):
        opened = Sink()
    else:
        raise PostScriptError("undefinedfilename")
    stack.pop()
    stack[-1] = opened


@operators("closefile")
def closefile(machine: Machine) -> None:
    _file(machine.stack[-1]).close()
    machine.stack.pop()


@operators("read")
def read(machine: Machine) -> None:
    octet = _file(machine.stack[-1]).read(1)
    machine.stack[-1:] = [octet[0], True] if octet else [False]


def _into_string(machine: Machine, take: Callable[[InputFile, int], bytes]) -> None:
    stack = machine.stack
    source, target = _file(stack[-2]), string(stack[-1])
    octets = take(source, target.count)
    machine.take_steps(len(octets) // _DECODED_PER_STEP)
    stack[-2:] = [target.fill(octets), len(octets) == target.count]


@operators("readstring")
def readstring(machine: Machine) -> None:
    _into_string(machine, InputFile.read)


@operators("readhexstring")
def readhexstring(machine: Machine) -> None:
    _into_string(machine, InputFile.read_hexadecimal)


@operators("readline")
def readline(machine: Machine) -> None:
    stack = machine.stack
    source, target = _file(stack[-2]), string(stack[-1])
    line, ended = source.read_line()
    stack[-2:] = [target.fill(line), ended]


@operators("bytesavailable")
def bytesavailable(machine: Machine) -> None:
    source = _file(machine.stack[-1])
    machine.stack[-1] = min(source.end - source.position, 1 << 30)


@operators("flushfile")
def flushfile(machine: Machine) -> None:
    """Read and drop what is left of an input file, to the end of its data."""
    source = _file(machine.stack[-1])
    while source.available(1):
        source.read(1 << 16)
        machine.take_steps(16)
    machine.stack.pop()


@operators("resetfile")
def resetfile(machine: Machine) -> None:
    _file(machine.stack[-1])
    machine.stack.pop()


@operators("status")
def status(machine: Machine) -> None:
    value = machine.stack[-1]
    machine.stack[-1] = value.is_open if isinstance(value, InputFile) else False


@operators("fileposition")
def fileposition(machine: Machine) -> None:
    source = _file(machine.stack[-1])
    if not source.positionable:
        raise PostScriptError("ioerror")
    machine.stack[-1] = source.position


@operators("setfileposition")
def setfileposition(machine: Machine) -> None:
    source, position = _file(machine.stack[-2]), integer(machine.stack[-1])
    if not source.positionable or not source.available(0) or not 0 <= position <= source.end:
        raise PostScriptError("ioerror")
    source.position = position
    del machine.stack[-2:]


@operators("write", "writestring", "writehexstring")
def write(machine: Machine) -> None:
    _file(machine.stack[-2])
    del machine.stack[-2:]


@operators("deletefile")
def deletefile(machine: Machine) -> None:
    raise PostScriptError("undefinedfilename")


@operators("renamefile")
def renamefile(machine: Machine) -> None:
    raise PostScriptError("undefinedfilename")


@operators("filenameforall")
def filenameforall(machine: Machine) -> None:
    """There are no files."""
    del machine.stack[-3:]


@operators("print", "=", "==", "=only", "==only")
def print_(machine: Machine) -> None:
    machine.stack.pop()


@operators("printobject")
def printobject(machine: Machine) -> None:
    del machine.stack[-2:]


@operators("writeobject")
def writeobject(machine: Machine) -> None:
    del machine.stack[-3:]


@operators("stack", "pstack")
def stack_(machine: Machine) -> None:
    """Shows the operands to a person who is not there."""


@operators("eexec")
def eexec(machine: Machine) -> Frame:
    """Execute encrypted text, with systemdict on the dictionary stack (Type 1 Font Format, section 7.2)."""
    source = machine.stack[-1]
    file = InputFile(source.value()) if type(source) is String else _file(source)
    machine.stack.pop()
    machine.begin(machine.systemdict)
    machine.frames.append(AtEnd(partial(_after, machine)))
    return machine.frame_of(EncryptedFile(file))


def _after(machine: Machine) -> None:
    """The encrypted text has been executed."""
    if machine.systemdict in machine.dicts[:-PERMANENT]:
        machine.dicts.remove(machine.systemdict)
        machine.forget_names()


# Filters.


@operators("filter")
def filter_(machine: Machine) -> None:
    """`source [dict] parameters... /Name filter`: how many parameters there are is the filter's affair."""
    stack = machine.stack
    name = text_of(stack[-1])
    taken = 1
    parameters: list[Value] = []
    if name == "SubFileDecode" and type(stack[-2]) is not Dictionary:
        parameters, taken = [stack[-3], stack[-2]], 3
    elif name in ("RunLengthEncode",) or (name == "DCTEncode" and type(stack[-2]) is Dictionary):
        taken = 2
    told = Dictionary()
    if type(stack[-1 - taken]) is Dictionary:
        told = stack[-1 - taken]
        taken += 1
    made = (
        Sink()
        if name.endswith("Encode") or name == "NullEncode"
        else _decoding(machine, name, _source(machine, stack[-1 - taken]), told, parameters)
    )
    del stack[-taken:]
    stack[-1] = made


def _source(machine: Machine, value: Value) -> InputFile:
    if type(value) is String:
        return InputFile(value.value())
    if type(value) is Array and value.executable:
        return PulledFile(partial(pulled, machine, value))
    return _file(value)


def pulled(machine: Machine, procedure: Array) -> bytes:
    """The string that a procedure leaves. Raises: PostScriptError."""
    machine.take_steps(1)
    machine.call(procedure)
    piece = string(machine.stack.pop()).value()
    machine.take_memory(len(piece) // 8)
    return bytes(piece)


_Decode = Callable[[InputFile, int], bytes]
_PLAIN: dict[str, _Decode] = {
    "ASCII85Decode": decoders.decode_ascii85,
    "ASCIIHexDecode": decoders.decode_hexadecimal,
    "RunLengthDecode": decoders.decode_run_length,
    "DCTDecode": decoders.decode_jpeg,
}


def _decoding(machine: Machine, name: str, source: InputFile, told: Dictionary, parameters: list[Value]) -> InputFile:
    decode: _Decode
    if name in _PLAIN:
        decode = _PLAIN[name]
    elif name == "SubFileDecode":
        count, mark = parameters or (told.get("EODCount", 0), told.get("EODString", String(bytearray())))
        decode = partial(decoders.decode_subfile, mark=string(mark).value(), count=integer(count))
    elif name in ("FlateDecode", "LZWDecode"):
        decode = _with_predictor(name, told)
    elif name == "CCITTFaxDecode":
        decode = _fax(told)
    elif name == "ReusableStreamDecode":
        decode = _reusable(machine, told)
    elif name == "eexecDecode":
        return EncryptedFile(source)
    else:
        raise PostScriptError("undefined")
    file = DecodedFile(partial(_decoded, machine, decode, source))
    file.positionable = name == "ReusableStreamDecode"
    if file.positionable:
        file.more()  # it takes its data at once (section 3.13.4)
    return file


def _with_predictor(name: str, told: Dictionary) -> _Decode:
    unpack: _Decode = decoders.decode_flate
    if name == "LZWDecode":
        unpack = partial(decoders.decode_lzw, early_change=integer(told.get("EarlyChange", 1)))
    predictor = integer(told.get("Predictor", 1))
    if predictor < 2:
        return unpack
    shape = {key: integer(told.get(word, usual)) for key, word, usual in _PREDICTED}
    if not (0 < shape["colors"] <= 32 and 0 < shape["bits"] <= 16 and 0 < shape["columns"] <= 1_000_000):
        raise PostScriptError("rangecheck")
    return lambda source, bytes_max: decoders.undo_predictor(unpack(source, bytes_max), predictor=predictor, **shape)


def _fax(told: Dictionary) -> _Decode:
    columns, rows = integer(told.get("Columns", 1728)), integer(told.get("Rows", 0))
    if not (0 < columns <= _FAX_SIDE_MAX and 0 <= rows <= _FAX_SIDE_MAX):
        raise PostScriptError("rangecheck")
    return partial(
        decoders.decode_fax,
        k=integer(told.get("K", 0)),
        columns=columns,
        rows=rows or _FAX_SIDE_MAX // 8,
        black_is_1=told.get("BlackIs1") is True,
    )


_PREDICTED = (("colors", "Colors", 1), ("bits", "BitsPerComponent", 8), ("columns", "Columns", 1))


def _reusable(machine: Machine, told: Dictionary) -> _Decode:
    """A source read through the filters that the dictionary names."""
    named = told.get("Filter", Array([]))
    names = [text_of(value) for value in named.values()] if type(named) is Array else [text_of(named)]
    given = told.get("DecodeParms", Array([]))
    parms = list(given.values()) if type(given) is Array else [given]

    def decode(source: InputFile, bytes_max: int) -> bytes:
        for index, name in enumerate(names[:8]):
            about = parms[index] if index < len(parms) and type(parms[index]) is Dictionary else Dictionary()
            source = _decoding(machine, name, source, about, [])
        return source.read(bytes_max)

    return decode


def _decoded(machine: Machine, decode: _Decode, source: InputFile) -> bytes:
    """Everything that a filter gives, within what the job may still decode. Raises: OutOfBounds."""
    octets = decode(source, machine.decoded_left)
    machine.decoded_left -= len(octets)
    machine.take_steps(len(octets) // _DECODED_PER_STEP)
    if machine.decoded_left <= 0:
        raise OutOfBounds("decoded data")
    return octets


# Virtual memory.


@operators("save")
def save(machine: Machine) -> None:
    if len(machine.saves) >= _SAVES_MAX:
        raise PostScriptError("limitcheck")
    made = Save(machine.graphics, len(machine.graphics_stack))
    machine.graphics_stack.append(machine.graphics)
    machine.graphics = machine.graphics.copy()
    machine.saves.append(made)
    machine.stack.append(made)


@operators("restore")
def restore(machine: Machine) -> None:
    from platen.documents.postscript.op_device import change_device

    made = machine.stack[-1]
    if not isinstance(made, Save):
        raise PostScriptError("typecheck")
    if not made.valid:
        raise PostScriptError("invalidrestore")
    machine.stack.pop()
    machine.undo(made)
    del machine.graphics_stack[made.depth :]
    before = machine.graphics.device
    machine.graphics = made.graphics
    change_device(machine, before)


@operators("vmstatus")
def vmstatus(machine: Machine) -> None:
    machine.stack += [len(machine.saves), 1_000_000, 64_000_000]


@operators("setglobal")
def setglobal(machine: Machine) -> None:
    machine.is_global = boolean(machine.stack[-1])
    machine.stack.pop()


@operators("currentglobal")
def currentglobal(machine: Machine) -> None:
    machine.stack.append(machine.is_global)


@operators("gcheck")
def gcheck(machine: Machine) -> None:
    value = machine.stack[-1]
    machine.stack[-1] = value.is_global if type(value) is Dictionary else True


@operators("setpacking")
def setpacking(machine: Machine) -> None:
    machine.packing = boolean(machine.stack[-1])
    machine.stack.pop()


@operators("currentpacking")
def currentpacking(machine: Machine) -> None:
    machine.stack.append(machine.packing)
