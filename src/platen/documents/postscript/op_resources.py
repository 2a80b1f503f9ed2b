"""Named resources (PostScript Language Reference, section 3.9) and the procedure sets that every device has."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from platen.documents.postscript.files import InputFile
from platen.documents.postscript.fonts import FontId
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import (
    MARK,
    Array,
    Call,
    Dictionary,
    Frame,
    Operator,
    PostScriptError,
    String,
    Table,
    Value,
    dictionary,
    integer,
    key_of,
    procedure,
    string,
    text_of,
)
from platen.documents.postscript.op_composites import end
from platen.documents.postscript.op_fonts import define_font, find_font
from platen.documents.postscript.op_stack import cleartomark
from platen.documents.postscript.op_types import printed

operators = Table()
cid_operators = Table()  # of the procedure sets CIDInit, FontSetInit and BitmapFontInit

# Categories whose instances are what a device can do; they have no value but themselves.
IMPLICIT: dict[str, tuple[Value, ...]] = {
    "FontType": (0, 1, 2, 3, 9, 10, 11, 14, 32, 42),
    "FormType": (1,),
    "ImageType": (1, 3, 4),
    "PatternType": (1, 2),
    "ShadingType": (1, 2, 3, 4, 5, 6, 7),
    "FunctionType": (0, 2, 3),
    "HalftoneType": (1, 2, 3, 4, 5, 6, 10, 16),
    "ColorRenderingType": (1,),
    "CMapType": (0, 1, 2),
    "FMapType": (2, 3, 4, 5, 6, 7, 8, 9),
    "Filter": (
        "ASCII85Decode",
        "ASCII85Encode",
        "ASCIIHexDecode",
        "ASCIIHexEncode",
        "CCITTFaxDecode",
        "DCTDecode",
        "DCTEncode",
        "FlateDecode",
        "FlateEncode",
        "LZWDecode",
        "LZWEncode",
        "NullEncode",
        "ReusableStreamDecode",
        "RunLengthDecode",
        "RunLengthEncode",
        "SubFileDecode",
    ),
    "ColorSpaceFamily": (
        "CIEBasedA",
        "CIEBasedABC",
        "CIEBasedDEF",
        "CIEBasedDEFG",
        "DeviceCMYK",
        "DeviceGray",
        "DeviceN",
        "DeviceRGB",
        "ICCBased",
        "Indexed",
        "Pattern",
        "Separation",
    ),
    "Emulator": (),
    "IODevice": (),
}
_REGULAR_TEXT = (
    "Font CIDFont CMap Encoding Form Pattern ProcSet ColorSpace Halftone ColorRendering FontSet Category Generic "
    "IdiomSet InkParams TrapParams OutputDevice ControlLanguage Localization HWOptions PDL"
)
REGULAR = _REGULAR_TEXT.split()
_CMAP_NAME = re.compile(r".*-[HV]|Identity")
_INSTANCES_MAX = 20_000
# Their names are the device's own; what a job takes of them changes how it paints, not whether.
_OF_DEVICE = frozenset({"Halftone", "ColorRendering"})


def _instance(machine: Machine, category: str, key: Value) -> Value:
    """The instance, or None."""
    if category in IMPLICIT:
        return key if key in IMPLICIT[category] else None
    if category == "Font":
        return find_font(machine, key)
    found = machine.resources(category).get(key)
    if found is None and category == "CMap" and type(key) is str and _CMAP_NAME.fullmatch(key):
        found = Dictionary()
        found["CMapName"] = key
    if found is None and category == "Category" and (key in IMPLICIT or key in REGULAR):
        found = Dictionary()
    return found


def _category(machine: Machine, value: Value) -> str:
    """Raises: PostScriptError where there is no such category."""
    name = text_of(value)
    if name not in IMPLICIT and name not in REGULAR and name not in machine.resources("Category"):
        raise PostScriptError("undefined")
    return name


@operators("findresource")
def findresource(machine: Machine) -> None:
    stack = machine.stack
    category = _category(machine, stack[-1])
    found = _instance(machine, category, key_of(stack[-2]))
    if found is None and category in _OF_DEVICE:
        found = Dictionary()
    if found is None:
        raise PostScriptError("undefinedresource")
    stack[-2:] = [found]


@operators("resourcestatus")
def resourcestatus(machine: Machine) -> None:
    stack = machine.stack
    category, key = _category(machine, stack[-1]), key_of(stack[-2])
    known = key in IMPLICIT[category] if category in IMPLICIT else _is_there(machine, category, key)
    stack[-2:] = [1, 1000, True] if known else [False]


def _is_there(machine: Machine, category: str, key: Value) -> bool:
    if category == "Font":
        return key in machine.resources("Font") or key in STANDARD_FONTS
    return _instance(machine, category, key) is not None


_STANDARD_FONTS_TEXT = (
    "Courier Courier-Bold Courier-Oblique Courier-BoldOblique Helvetica Helvetica-Bold Helvetica-Oblique "
    "Helvetica-BoldOblique Times-Roman Times-Bold Times-Italic Times-BoldItalic Symbol ZapfDingbats "
    "Palatino-Roman Palatino-Bold Palatino-Italic Palatino-BoldItalic Bookman-Light Bookman-Demi "
    "Bookman-LightItalic Bookman-DemiItalic NewCenturySchlbk-Roman NewCenturySchlbk-Bold "
    "NewCenturySchlbk-Italic NewCenturySchlbk-BoldItalic AvantGarde-Book AvantGarde-Demi "
    "AvantGarde-BookOblique AvantGarde-DemiOblique Helvetica-Narrow Helvetica-Narrow-Bold "
    "Helvetica-Narrow-Oblique Helvetica-Narrow-BoldOblique ZapfChancery-MediumItalic"
)
STANDARD_FONTS = frozenset(_STANDARD_FONTS_TEXT.split())


@operators("defineresource")
def defineresource(machine: Machine) -> None:
    stack = machine.stack
    category, key, value = _category(machine, stack[-1]), key_of(stack[-3]), stack[-2]
    if category == "Font":
        define_font(machine, key, dictionary(value))
    else:
        instances = machine.resources(category)
        if len(instances) >= _INSTANCES_MAX:
            raise PostScriptError("limitcheck")
        machine.enter(instances, key, value)
        if category == "CIDFont":
            _complete_cid_font(key, dictionary(value))
    stack[-3:] = [value]


def _complete_cid_font(key: Value, font: Dictionary) -> None:
    font.setdefault("FontMatrix", Array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]))
    font.setdefault("FontType", 9)
    font["FID"] = FontId(key if type(key) is str else "")


@operators("undefineresource")
def undefineresource(machine: Machine) -> None:
    stack = machine.stack
    category, key = _category(machine, stack[-1]), key_of(stack[-2])
    machine.resources(category).pop(key, None)
    del stack[-2:]


@operators("resourceforall")
def resourceforall(machine: Machine) -> Frame:
    """template proc scratch category: the procedure is called with each key that matches."""
    stack = machine.stack
    category, scratch = _category(machine, stack[-1]), string(stack[-2])
    body, template = procedure(stack[-3]), text_of(stack[-4])
    keys = IMPLICIT[category] if category in IMPLICIT else tuple(machine.resources(category))
    if category == "Font":
        keys = tuple({*keys, *STANDARD_FONTS})
    machine.take_steps(len(keys))
    del stack[-4:]
    matching = [key for key in keys if fnmatch.fnmatchcase(str(key), template)]
    return _each_key(machine, matching, scratch, Call(body))


def _each_key(machine: Machine, keys: list[Value], scratch: String, call: Call) -> Iterator[Value]:
    for key in keys:
        machine.stack.append(scratch.fill(printed(key)))
        yield call


@operators("findencoding")
def findencoding(machine: Machine) -> None:
    found = machine.resources("Encoding").get(key_of(machine.stack[-1]))
    if found is None:
        raise PostScriptError("undefinedresource")
    machine.stack[-1] = found


# Procedure sets for fonts of character collections (Adobe technical note 5014).


def _reads_data(machine: Machine) -> tuple[InputFile, int]:
    file, count = machine.current_file(), integer(machine.stack[-1])
    if count < 0:
        raise PostScriptError("rangecheck")
    return file, count


@cid_operators("StartData")
def start_data(machine: Machine) -> None:
    """Take the binary part of a CIDFont (`(Binary) n`, `(Hex) n`) or of a font set (`/name n`)."""
    stack = machine.stack
    file, count = _reads_data(machine)
    name, kind = stack[-2], type(stack[-2])
    is_cid_font = kind is String
    if is_cid_font and name.value() == b"Hex":
        file.read_hexadecimal(count)
        if file.read_to(b">") is None:  # the end mark belongs to the data
            raise PostScriptError("ioerror")
    else:
        file.read(count)
    del stack[-2:]
    here = machine.dicts[0]
    if is_cid_font:
        key = here.get("CIDFontName", "Unnamed")
        _complete_cid_font(key, here)
        machine.enter(machine.resources("CIDFont"), key, here)
        end(machine)
    end(machine)


@cid_operators("begincmap", "endcmap")
def no_effect(machine: Machine) -> None:
    """Which characters a code stands for is not followed."""


@cid_operators("usecmap", "usefont")
def take_one(machine: Machine) -> None:
    machine.stack.pop()


def _begin_range(machine: Machine) -> None:
    integer(machine.stack[-1])
    machine.stack[-1] = MARK


_RANGES = ("codespacerange", "cidrange", "cidchar", "notdefrange", "notdefchar", "bfrange", "bfchar", "usematrix")
for _name in _RANGES:
    cid_operators[f"begin{_name}"] = _begin_range
    cid_operators[f"end{_name}"] = cleartomark


def procedure_set(table: Table) -> Dictionary:
    """A dictionary with operators."""
    made = Dictionary(len(table))
    made.update({name: Operator(name, body) for name, body in table.items()})
    return made
