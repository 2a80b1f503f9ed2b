"""The page device and page output (PostScript Language Reference, chapter 6), and what Level 1 had in its place."""

from __future__ import annotations

from platen.documents.media import MM_PER_POINT, media_for_word, size_of_media
from platen.documents.postscript.graphics import DEFAULT_SIZE_PT, RESOLUTION_DPI, Device
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import (
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
)
from platen.documents.postscript.page import GREY, WHITE, PrintedPage
from platen.documents.postscript.scanner import word

operators = Table()  # of systemdict
status_operators = Table()  # of statusdict

SHOWPAGE, COPYPAGE, DEACTIVATED = range(3)  # why a page ends (section 6.2.6)
_COPIES_MAX = 999_999  # far more than are counted
_SIDE_MAX_PT = 100_000
_LOADED_PT = ((595.0, 842.0), (612.0, 792.0))
_END_PAGE = Array([word("exch"), word("pop"), 2, word("ne")], executable=True)
_BEGIN_PAGE = Array([word("pop")], executable=True)
_INSTALL = Array([], executable=True)


def first_device(size_pt: tuple[float, float] = DEFAULT_SIZE_PT) -> Device:
    """What a device is like before a job has asked for anything."""
    policies = Dictionary()
    policies.update(PolicyNotFound=1, PageSize=0, PolicyReport=_BEGIN_PAGE)
    trays = Dictionary()
    for index, paper_pt in enumerate(_LOADED_PT):
        trays[index] = Dictionary()
        trays[index]["PageSize"] = Array(list(paper_pt))
    entries: dict[str, Value] = {
        "PageSize": Array([float(side) for side in size_pt]),
        "HWResolution": Array([RESOLUTION_DPI, RESOLUTION_DPI]),
        "ImagingBBox": NULL,
        "Margins": Array([0.0, 0.0]),
        "NumCopies": NULL,
        "Orientation": 0,
        "Policies": policies,
        "InputAttributes": trays,
        "OutputAttributes": Dictionary(),
        "OutputDevice": "Printer",
        "MediaColor": NULL,
        "MediaWeight": NULL,
        "MediaType": NULL,
        "ManualFeed": False,
        "ProcessColorModel": "DeviceCMYK",
        "BeginPage": _BEGIN_PAGE,
        "EndPage": _END_PAGE,
        "Install": _INSTALL,
        "UseCIEColor": False,
        "DeviceRenderingInfo": Dictionary(),
        "PageDeviceName": NULL,
    }
    return Device(entries)


# Choosing a device.


@operators("setpagedevice")
def setpagedevice(machine: Machine) -> None:
    asked = dictionary(machine.stack[-1])
    before = machine.graphics.device
    entries = dict(before.entries)
    for key, value in asked.items():
        if type(key) is str:
            entries[key] = _accepted(key, value, before)
    size_is_set = before.size_is_set or _is_chosen(asked.get("PageSize"))
    machine.stack.pop()
    install_device(machine, Device(entries, size_is_set=size_is_set))


def _is_size(value: Value) -> bool:
    if type(value) is not Array or value.count < 2:
        return False
    sides = value.values()[:2]
    return all(type(side) in (int, float) and 0 < side <= _SIDE_MAX_PT for side in sides)


def _is_chosen(value: Value) -> bool:
    """A size, and not that which the program found with the device and gives back to it."""
    return _is_size(value) and sorted(value.values()[:2]) != sorted(DEFAULT_SIZE_PT)


def _accepted(key: str, value: Value, before: Device) -> Value:
    """A value as the device takes it: what makes no sense is passed over, as the usual policy says."""
    usual = before.entries.get(key)
    if key == "PageSize":
        return Array(list(value.values()[:2])) if _is_size(value) else usual
    if key in ("InputAttributes", "Policies", "OutputAttributes") and type(value) is Dictionary:
        merged = Dictionary()
        merged.update(usual if type(usual) is Dictionary else {})
        merged.update(value)
        return merged
    return value if _is_sensible(key, value) else usual


def _is_sensible(key: str, value: Value) -> bool:
    if key == "NumCopies":
        return value is NULL or (type(value) is int and value > 0)
    if key in ("Duplex", "Tumble", "Collate"):
        return type(value) is bool
    if key in ("EndPage", "BeginPage", "Install"):
        return type(value) is Array
    return key != "HWResolution"  # the marks are looked at in one resolution


def install_device(machine: Machine, device: Device) -> None:
    """Make a device the current one, with a fresh page."""
    machine.take_steps(12)
    before = machine.graphics.device
    deactivate(machine, before)
    machine.graphics.device = device
    machine.graphics.reset()
    machine.page.inks = WHITE
    install = device.entries.get("Install")
    if install is not _INSTALL and type(install) is Array:
        machine.call(install)
    _begin_page(machine)


def change_device(machine: Machine, before: Device) -> None:
    """After a restored graphics state brought back another device (section 6.2.6)."""
    device = machine.graphics.device
    if device is before:
        return
    kept, machine.graphics.device = device, before
    deactivate(machine, before)
    machine.graphics.device = kept
    device.shown = 0
    if not before.is_null:
        machine.page.inks = WHITE
    _begin_page(machine)


def deactivate(machine: Machine, device: Device) -> None:
    """End the page that a device leaves unfinished: its EndPage may still want it printed."""
    if device.is_null or device.entries.get("EndPage") is _END_PAGE:
        return
    if _end_page(machine, device, DEACTIVATED):
        _print(machine, device)


def _end_page(machine: Machine, device: Device, reason: int) -> bool:
    """Ask EndPage whether the page is to be printed."""
    asked = device.entries.get("EndPage")
    if asked is _END_PAGE or type(asked) is not Array:
        return reason != DEACTIVATED
    depth = len(machine.stack)
    machine.stack += [device.shown, reason]
    machine.call(asked)
    answer = machine.stack.pop() if len(machine.stack) > depth else False
    if type(answer) is not bool:
        raise PostScriptError("typecheck")
    return answer


def _begin_page(machine: Machine) -> None:
    device = machine.graphics.device
    begin = device.entries.get("BeginPage")
    if begin is not _BEGIN_PAGE and type(begin) is Array and not device.is_null:
        machine.stack.append(device.shown)
        machine.call(begin)


@operators("currentpagedevice")
def currentpagedevice(machine: Machine) -> None:
    device = machine.graphics.device
    machine.take_memory(2000)
    made = Dictionary()
    if not device.is_null:
        made.update(device.entries)
        made["PageSize"] = Array(list(device.entries["PageSize"].values()))
        made.setdefault("Duplex", False)
        made.setdefault("Tumble", False)
        made.setdefault("Collate", False)
    machine.stack.append(made)


@operators("nulldevice")
def nulldevice(machine: Machine) -> None:
    """Nothing that follows is marked, until the graphics state is restored."""
    machine.graphics.device = Device(machine.graphics.device.entries, is_null=True)
    machine.graphics.reset()


# Pages.


@operators("showpage")
def showpage(machine: Machine) -> None:
    _show(machine, SHOWPAGE)


@operators("copypage")
def copypage(machine: Machine) -> None:
    _show(machine, COPYPAGE)


def _show(machine: Machine, reason: int) -> None:
    device = machine.graphics.device
    if device.is_null:
        machine.graphics.reset()
        return
    machine.take_steps(4)
    machine.ledger.laid += 1
    if _end_page(machine, device, reason):
        _print(machine, device)
    device.shown += 1
    if reason == SHOWPAGE:
        machine.graphics.reset()
    _begin_page(machine)


def _print(machine: Machine, device: Device) -> None:
    collate = device.entries.get("Collate")
    machine.ledger.add(
        PrintedPage(
            size_pt=device.size_pt if device.size_is_set else None,
            inks=_as_printed(device, machine.page.inks),
            copies=_copies(machine, device),
            sides=device.sides,
            collate=collate if type(collate) is bool else None,
        ),
        machine.job.position,
    )
    machine.page.inks = WHITE


def _as_printed(device: Device, inks: int) -> int:
    """A device that is told to print in grey does so."""
    grey = device.entries.get("ProcessColorModel") == "DeviceGray"
    return GREY if grey and inks != WHITE else inks


def _copies(machine: Machine, device: Device) -> int | None:
    """NumCopies, or #copies of Level 1, which is one before a program says anything."""
    copies = device.entries.get("NumCopies", NULL)
    if copies is NULL:
        copies = next((place["#copies"] for place in machine.dicts if "#copies" in place), 1)
        copies = NULL if copies == 1 else copies
    return min(copies, _COPIES_MAX) if type(copies) is int and copies >= 0 else None


# Level 1: paper by name.

_PAPERS: dict[str, str] = {
    "letter": "Letter",
    "lettersmall": "Letter",
    "legal": "Legal",
    "a3": "A3",
    "a4": "A4",
    "a4small": "A4",
    "a5": "A5",
    "a6": "A6",
    "b4": "JIS B4",
    "b5": "JIS B5",
    "isob4": "ISO B4",
    "isob5": "ISO B5",
    "11x17": "Tabloid",
    "tabloid": "Tabloid",
    "executivepage": "Executive",
    "executive": "Executive",
    "statement": "Statement",
    "folio": "Folio",
    "com10envelope": "Envelope #10",
    "dlenvelope": "Envelope DL",
    "c5envelope": "Envelope C5",
    "monarcenvelope": "Envelope Monarch",
}
_TRAYS = ("letter", "legal", "a3", "a4", "a5", "a6", "b4", "b5", "11x17", "statement", "folio", "executive")


def _size_pt(paper: str) -> tuple[float, float]:
    media = media_for_word(_PAPERS[paper])
    width_mm, height_mm = (size_of_media(media) if media else None) or (0.0, 0.0)
    return float(round(width_mm / MM_PER_POINT)), float(round(height_mm / MM_PER_POINT))


def _with(machine: Machine, *, size_is_set: bool = False, **changed: Value) -> None:
    """Install the current device with some entries changed."""
    device = machine.graphics.device
    install_device(machine, Device({**device.entries, **changed}, size_is_set=size_is_set or device.size_is_set))


def _paper(size_pt: tuple[float, float]) -> Body:
    def body(machine: Machine) -> None:
        _with(machine, size_is_set=True, PageSize=Array(list(size_pt)))

    return body


for _name in _PAPERS:
    if _size_pt(_name)[0] > 0:
        operators[_name] = _paper(_size_pt(_name))
for _name in _TRAYS:
    status_operators[f"{_name}tray"] = operators[_name]
operators["ledger"] = status_operators["ledgertray"] = _paper((1224.0, 792.0))


@operators("note")
def note(machine: Machine) -> None:
    """The same paper, with a margin: it makes no difference to what is counted."""


# Level 1: the status dictionary. Setting the same again leaves the page alone.


def _side_setter(entry: str) -> Body:
    def body(machine: Machine) -> None:
        value = boolean(machine.stack[-1])
        machine.stack.pop()
        device = machine.graphics.device
        if device.entries.get(entry) is not value:
            device.entries = {**device.entries, entry: value}

    return body


def _side_getter(entry: str) -> Body:
    def body(machine: Machine) -> None:
        machine.stack.append(machine.graphics.device.entries.get(entry) is True)

    return body


for _word, _entry in (("duplexmode", "Duplex"), ("tumble", "Tumble")):
    status_operators[f"set{_word}"] = _side_setter(_entry)
    status_operators[_word] = _side_getter(_entry)


@status_operators("setpage")
def setpage(machine: Machine) -> None:
    """width height orientation, in points."""
    _set_page(machine, 3)


@status_operators("setpageparams")
def setpageparams(machine: Machine) -> None:
    """width height margin orientation."""
    _set_page(machine, 4)


def _set_page(machine: Machine, count: int) -> None:
    stack = machine.stack
    size = Array([number(stack[-count]), number(stack[1 - count])])
    if not _is_size(size):
        raise PostScriptError("rangecheck")
    del stack[-count:]
    _with(machine, size_is_set=True, PageSize=size)


@status_operators("setmargins")
def take_two(machine: Machine) -> None:
    del machine.stack[-2:]


@status_operators("margins")
def margins(machine: Machine) -> None:
    machine.stack += [0, 0]


@status_operators(
    "setjobtimeout",
    "setpapertray",
    "setprintername",
    "setdoidlefonts",
    "setdostartpage",
    "seteescratch",
    "setdosysstart",
)
def take_one(machine: Machine) -> None:
    machine.stack.pop()


def _gives(value: Value) -> Body:
    def body(machine: Machine) -> None:
        machine.stack.append(value)

    return body


for _name, _value in {
    "jobtimeout": 0,
    "papertray": 0,
    "pagecount": 1000,
    "revision": 1,
    "ramsize": 64_000_000,
    "hardwareiomode": 0,
    "softwareiomode": 0,
    "dostartpage": False,
    "doidlefonts": False,
    "diskonline": False,
    "checkpassword": True,
    "resolution": int(RESOLUTION_DPI),
    "appletalktype": "",
}.items():
    status_operators[_name] = _gives(_value)
