"""Images (PostScript Language Reference, section 4.10): their data are always taken, and looked at where it matters."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.matrices import box_of, concatenated
from platen.documents.postscript.colors import CMYK, GRAY, RGB, Space
from platen.documents.postscript.files import InputFile
from platen.documents.postscript.machine import Machine, OutOfBounds
from platen.documents.postscript.marking import everything_known, mark
from platen.documents.postscript.matrices import inverted
from platen.documents.postscript.objects import (
    Array,
    Dictionary,
    PostScriptError,
    String,
    Table,
    Value,
    boolean,
    dictionary,
    integer,
    numbers,
)
from platen.documents.postscript.op_files import pulled
from platen.documents.postscript.op_graphics import matrix_of
from platen.documents.postscript.page import WHITE
from platen.documents.postscript.samples import Samples, image_ink, mask_paints

operators = Table()

_SAMPLES_PER_STEP = 1024  # octets
_SIDE_MAX = 1_000_000


@dataclass(slots=True)
class _Image:
    """One image as it was asked for."""

    width: int
    height: int
    bits: int
    matrix: Value
    sources: list[Value]
    decode: list[float] | None
    space: Space | None  # None: a mask
    interleaved: int = 1  # components within one source

    @property
    def row_bytes(self) -> int:
        return (self.width * self.bits * self.interleaved + 7) // 8


def _paint(machine: Machine, image: _Image) -> None:
    """Take the data, and mark where the image falls with what it looks like."""
    if not (0 <= image.width <= _SIDE_MAX and 0 <= image.height <= _SIDE_MAX):
        raise PostScriptError("rangecheck")
    data = _data(machine, image)
    if everything_known(machine):
        return
    graphics = machine.graphics
    box = box_of(concatenated(inverted(matrix_of(image.matrix)), graphics.ctm), 0, 0, image.width, image.height)
    if image.space is None:
        if mask_paints(data[0], image.width, image.height, inverted=bool(image.decode and image.decode[0] > 0)):
            mark(machine, box)
        return
    samples = Samples(image.width, image.height, image.bits, data, image.decode or image.space.decode(image.bits))
    machine.take_steps(sum(map(len, data)) // _SAMPLES_PER_STEP)
    ink = image_ink(machine, image.space, samples)
    if ink != WHITE:
        mark(machine, box, ink)


def _data(machine: Machine, image: _Image) -> list[bytes]:
    """The octets of each source, as many as the image needs or as there are. Raises: OutOfBounds."""
    wanted = image.row_bytes * image.height
    if wanted * len(image.sources) > machine.decoded_left:
        raise OutOfBounds("picture data")
    machine.decoded_left -= wanted * len(image.sources)
    machine.take_steps(wanted * len(image.sources) // _SAMPLES_PER_STEP)
    if all(type(source) is Array for source in image.sources):
        return _from_procedures(machine, image.sources, wanted)
    return [_from_one(machine, source, wanted) for source in image.sources]


def _from_one(machine: Machine, source: Value, wanted: int) -> bytes:
    if isinstance(source, InputFile):
        return source.read(wanted)
    if type(source) is String:
        octets = source.value()
        return bytes((octets * (wanted // len(octets) + 1))[:wanted]) if octets else b""
    if type(source) is Array:
        return _from_procedures(machine, [source], wanted)[0]
    raise PostScriptError("typecheck")


def _from_procedures(machine: Machine, sources: list[Value], wanted: int) -> list[bytes]:
    """Call the procedures in turn until each has given what is wanted, or one gives nothing."""
    parts: list[list[bytes]] = [[] for _ in sources]
    counts = [0] * len(sources)
    going = True
    while going and min(counts) < wanted:
        for index, source in enumerate(sources):
            if counts[index] >= wanted:
                continue
            piece = pulled(machine, source)
            going = going and bool(piece)
            parts[index].append(piece)
            counts[index] += len(piece)
    return [b"".join(pieces)[:wanted] for pieces in parts]


@operators("image")
def image(machine: Machine) -> None:
    stack = machine.stack
    if type(stack[-1]) is Dictionary:
        about = stack.pop()
        _paint_dictionary(machine, about, masked=False)
        return
    asked = _plain(stack[-5:], GRAY, [stack[-1]])
    del stack[-5:]
    _paint(machine, asked)


def _plain(operands: list[Value], space: Space | None, sources: list[Value], interleaved: int = 1) -> _Image:
    """width height bits matrix, as the operators with single operands take them."""
    width, height, bits, matrix = operands[:4]
    if integer(bits) not in (1, 2, 4, 8, 12, 16):
        raise PostScriptError("rangecheck")
    return _Image(integer(width), integer(height), bits, matrix, sources, None, space, interleaved)


@operators("colorimage")
def colorimage(machine: Machine) -> None:
    """width height bits matrix source... multi components."""
    stack = machine.stack
    components, multi = integer(stack[-1]), boolean(stack[-2])
    space: Space | None = {1: GRAY, 3: RGB, 4: CMYK}.get(components)
    if space is None:
        raise PostScriptError("rangecheck")
    count = components if multi else 1
    operands = stack[-6 - count :]
    if len(operands) < 6 + count:
        raise PostScriptError("stackunderflow")
    asked = _plain(operands, space, operands[4 : 4 + count], 1 if multi else components)
    del stack[-6 - count :]
    _paint(machine, asked)


@operators("imagemask")
def imagemask(machine: Machine) -> None:
    stack = machine.stack
    if type(stack[-1]) is Dictionary:
        about = stack.pop()
        _paint_dictionary(machine, about, masked=True)
        return
    width, height, polarity, matrix, source = stack[-5:]
    decode = [1.0, 0.0] if boolean(polarity) else [0.0, 1.0]
    del stack[-5:]
    _paint(machine, _Image(integer(width), integer(height), 1, matrix, [source], decode, None))


def _paint_dictionary(machine: Machine, about: Dictionary, *, masked: bool) -> None:
    """An image dictionary of type 1, 3 (with a mask of its own) or 4 (with a colour that is left out)."""
    kind = about.get("ImageType", 1)
    space = None if masked else machine.graphics.space
    if kind == 3:
        _paint_masked(machine, about, space)
    else:
        _paint(machine, _described(about, space))


def _described(about: Dictionary, space: Space | None) -> _Image:
    source = about["DataSource"]
    sources = list(source.values()) if about.get("MultipleDataSources") is True else [source]
    components = space.count if space else 1
    bits = integer(about.get("BitsPerComponent", 1)) if space else 1
    decode = numbers(about["Decode"]) if "Decode" in about else None
    interleaved = 1 if len(sources) > 1 else components
    return _Image(
        integer(about["Width"]),
        integer(about["Height"]),
        bits,
        about["ImageMatrix"],
        sources,
        decode,
        space,
        interleaved,
    )


def _paint_masked(machine: Machine, about: Dictionary, space: Space | None) -> None:
    """The picture decides on colour; the mask's data are taken where they come by themselves or with it."""
    data, mask = dictionary(about["DataDict"]), dictionary(about["MaskDict"])
    how = integer(about.get("InterleaveType", 3))
    picture = _described(data, space)
    if how == 1:  # the mask is one more component in front of each sample
        picture.interleaved += 1
        picture.space = None if picture.space is None else _AfterMask(picture.space)
        if picture.decode:
            picture.decode = [0.0, 1.0, *picture.decode]
    elif how == 2:  # rows of mask and picture take turns
        rows = max(1, integer(mask["Height"]) // max(1, picture.height)) if integer(mask["Height"]) else 0
        _paint_turns(machine, picture, (integer(mask["Width"]) + 7) // 8 * rows)
        return
    else:
        _data(machine, _described(mask, None))
    _paint(machine, picture)


def _paint_turns(machine: Machine, picture: _Image, mask_bytes: int) -> None:
    row_bytes = picture.row_bytes
    taken = _from_one(machine, picture.sources[0], (row_bytes + mask_bytes) * picture.height)
    turn = row_bytes + mask_bytes
    rows = [taken[start + mask_bytes : start + turn] for start in range(0, len(taken), turn)]
    picture.sources = [InputFile(b"".join(rows))]
    _paint(machine, picture)


class _AfterMask(Space):
    """A space whose samples have that of a mask in front."""

    def __init__(self, inner: Space) -> None:
        super().__init__(inner.value, inner.count + 1)
        self._inner = inner

    def rgb(self, machine: Machine, components: object) -> tuple[float, float, float]:
        return self._inner.rgb(machine, list(components)[1:])  # type: ignore[call-overload]  # a sequence of numbers

    def decode(self, bits: int) -> list[float]:
        return [0.0, 1.0, *self._inner.decode(bits)]
