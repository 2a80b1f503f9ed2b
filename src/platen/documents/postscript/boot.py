"""A machine as a job finds it: the dictionaries with all operators, a device, an empty page."""

from __future__ import annotations

from platen.documents.postscript import (
    op_color,
    op_composites,
    op_control,
    op_device,
    op_files,
    op_fonts,
    op_graphics,
    op_images,
    op_numbers,
    op_paint,
    op_paths,
    op_resources,
    op_stack,
    op_types,
)
from platen.documents.postscript.files import InputFile
from platen.documents.postscript.glyphs import ISO_LATIN1_ENCODING, STANDARD_ENCODING
from platen.documents.postscript.graphics import GraphicsState
from platen.documents.postscript.machine import EndOfJob, Machine
from platen.documents.postscript.objects import (
    NULL,
    Array,
    Dictionary,
    Operator,
    PostScriptError,
    String,
    Table,
    Value,
    integer,
)
from platen.documents.postscript.page import Page, PageLedger

AREAS: tuple[Table, ...] = (
    op_stack.operators,
    op_numbers.operators,
    op_control.operators,
    op_composites.operators,
    op_types.operators,
    op_files.operators,
    op_graphics.operators,
    op_paths.operators,
    op_paint.operators,
    op_color.operators,
    op_images.operators,
    op_fonts.operators,
    op_device.operators,
    op_resources.operators,
)
_ERRORS_TEXT = (
    "configurationerror dictfull dictstackoverflow dictstackunderflow execstackoverflow handleerror interrupt "
    "invalidaccess invalidexit invalidfileaccess invalidfont invalidrestore ioerror limitcheck nocurrentpoint "
    "rangecheck stackoverflow stackunderflow syntaxerror timeout typecheck undefined undefinedfilename "
    "undefinedresource undefinedresult unmatchedmark unregistered VMerror"
)
ERRORS = _ERRORS_TEXT.split()
_DICTIONARIES = ("userdict", "globaldict", "statusdict", "errordict", "$error", "serverdict", "shareddict")
_INTERNAL_PASSWORD = 1183615869
_PRODUCT = b"Platen"
_VERSION = b"3017.103"


def _quietly(machine: Machine) -> None:
    """What the entries of errordict do by themselves is done where the error is handled."""


def machine_for(job: InputFile, *, steps_max: int, memory_max: int, decoded_bytes_max: int, pages_max: int) -> Machine:
    """A machine that has not begun with the job."""
    machine = Machine(job, steps_max=steps_max, memory_max=memory_max, decoded_bytes_max=decoded_bytes_max)
    system = machine.systemdict
    for table in AREAS:
        system.update({name: Operator(name, body) for name, body in table.items()})
    for name in _DICTIONARIES:
        system[name] = machine.named[name] = Dictionary(200)
    machine.named["globaldict"].is_global = machine.named["$error"].is_global = True
    machine.graphics = GraphicsState(op_device.first_device())
    machine.page = Page()
    machine.ledger = PageLedger(pages_max)
    _fill_systemdict(machine)
    _fill_others(machine)
    machine.dicts[:] = [machine.named["userdict"], machine.named["globaldict"], system]
    system.read_only = True
    return machine


def _fill_systemdict(machine: Machine) -> None:
    system = machine.systemdict
    encodings = machine.resources("Encoding")
    encodings["StandardEncoding"] = system["StandardEncoding"] = Array(list(STANDARD_ENCODING))
    encodings["ISOLatin1Encoding"] = system["ISOLatin1Encoding"] = Array(list(ISO_LATIN1_ENCODING))
    system.update(
        systemdict=system,
        true=True,
        false=False,
        null=NULL,
        languagelevel=3,
        revision=1,
        serialnumber=0,
        version=String(bytearray(_VERSION)),
        product=String(bytearray(_PRODUCT)),
        **{"=string": String(bytearray(128))},
        FontDirectory=machine.resources("Font"),
        SharedFontDirectory=machine.resources("Font"),
        GlobalFontDirectory=machine.resources("Font"),
        internaldict=Operator("internaldict", _internaldict),
    )
    machine.named["internal"] = Dictionary(20)
    machine.named["internal"].update(_internal())


def _internal() -> dict[str, Value]:
    """What Type 1 fonts look for: they bring their own where it is not there."""
    return {"erosion": 1}


def _internaldict(machine: Machine) -> None:
    if integer(machine.stack[-1]) != _INTERNAL_PASSWORD:
        raise PostScriptError("invalidaccess")
    machine.stack[-1] = machine.named["internal"]


def _fill_others(machine: Machine) -> None:
    quiet = Operator("", _quietly)
    machine.named["errordict"].update(dict.fromkeys(ERRORS, quiet))
    machine.named["$error"].update(newerror=False, errorname=NULL, command=NULL, errorinfo=NULL, recordstacks=True)
    machine.named["$error"].update(binary=False, ostack=Array([]), dstack=Array([]), estack=Array([]))
    status = machine.named["statusdict"]
    status.update({name: Operator(name, body) for name, body in op_device.status_operators.items()})
    status.update(
        product=String(bytearray(_PRODUCT)),
        manualfeed=False,
        manualfeedtimeout=60,
        waittimeout=30,
        printername=Operator("printername", _printername),
        jobname=String(bytearray()),
        jobsource=String(bytearray()),
        eescratch=Operator("eescratch", _zero_for_one),
        pagestackorder=False,
        byteorder=False,
    )
    machine.named["userdict"]["#copies"] = 1
    sets = machine.resources("ProcSet")
    for name in ("CIDInit", "FontSetInit", "BitmapFontInit"):
        sets[name] = op_resources.procedure_set(op_resources.cid_operators)
    machine.named["serverdict"]["exitserver"] = Operator("exitserver", _exitserver)
    machine.systemdict["\x04"] = Operator("\x04", _end_of_job)
    machine.systemdict["handleerror"] = Operator("handleerror", _handleerror)
    machine.systemdict["startjob"] = Operator("startjob", _startjob)


def _end_of_job(machine: Machine) -> None:
    """The octet that ends a job on a serial line; another job may follow in the same data."""
    raise EndOfJob


def _printername(machine: Machine) -> None:
    machine.stack[-1] = (
        machine.stack[-1].fill(_PRODUCT) if machine.stack[-1].count >= len(_PRODUCT) else machine.stack[-1]
    )


def _zero_for_one(machine: Machine) -> None:
    machine.stack[-1] = 0


def _exitserver(machine: Machine) -> None:
    """The password is a matter of the device; what a job defines outside of itself is gone with this machine."""
    machine.stack.pop()


def _startjob(machine: Machine) -> None:
    machine.stack[-2:] = [False]


def _handleerror(machine: Machine) -> None:
    """Execute what errordict has for it."""
    handler = machine.named["errordict"].get("handleerror")
    if handler is not None and type(handler) is not Operator:
        machine.call(handler)
    machine.named["$error"]["newerror"] = False
