"""Fonts and showing text (PostScript Language Reference, chapter 5 and section 8.1)."""

from __future__ import annotations

from collections.abc import Iterator

from platen.documents.matrices import IDENTITY, Matrix, applied_to_distance, concatenated
from platen.documents.postscript.fonts import (
    PAINTED,
    FontId,
    Glyph,
    font_id,
    glyph_named,
    glyph_of,
    standard_font,
)
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.marking import mark
from platen.documents.postscript.objects import (
    Array,
    Body,
    Call,
    Dictionary,
    Frame,
    PostScriptError,
    Table,
    Value,
    dictionary,
    key_of,
    number,
    numbers,
    procedure,
    string,
    text_of,
)
from platen.documents.postscript.op_graphics import matrix_of
from platen.documents.postscript.op_paths import encoded_numbers

operators = Table()

_TEXT_PER_STEP = 1
_DEPTH_MAX = 6  # composite fonts within composite fonts


# Dictionaries.


def find_font(machine: Machine, key: Value) -> Dictionary:
    """The font that a name stands for; another one in its place where there is none."""
    fonts = machine.resources("Font")
    found = fonts.get(key)
    if type(found) is Dictionary:
        return found
    made = standard_font(machine, text_of(key) if type(key) is str else "Courier")
    fonts[key] = made
    return made


@operators("findfont")
def findfont(machine: Machine) -> None:
    machine.stack[-1] = find_font(machine, key_of(machine.stack[-1]))


@operators("definefont")
def definefont(machine: Machine) -> None:
    stack = machine.stack
    font, key = dictionary(stack[-1]), key_of(stack[-2])
    define_font(machine, key, font)
    stack[-2:] = [font]


def define_font(machine: Machine, key: Value, font: Dictionary) -> None:
    """Make a dictionary a font. Raises: PostScriptError."""
    if "FontType" not in font or "FontMatrix" not in font:
        raise PostScriptError("invalidfont")
    numbers(font["FontMatrix"], 6)
    font["FID"] = FontId(text_of(key) if type(key) is str else "")
    machine.enter(machine.resources("Font"), key, font)


@operators("undefinefont")
def undefinefont(machine: Machine) -> None:
    machine.resources("Font").pop(key_of(machine.stack[-1]), None)
    machine.stack.pop()


def _scaled(machine: Machine, font: Dictionary, matrix: Matrix) -> Dictionary:
    machine.take_memory(48 * len(font) + 200)
    made = Dictionary(font.capacity)
    made.update(font)
    made["FontMatrix"] = Array(list(concatenated(matrix_of(font["FontMatrix"]), matrix)))
    made["ScaleMatrix"] = Array(list(matrix))
    return made


@operators("scalefont")
def scalefont(machine: Machine) -> None:
    stack = machine.stack
    size = float(number(stack[-1]))
    made = _scaled(machine, dictionary(stack[-2]), (size, 0.0, 0.0, size, 0.0, 0.0))
    stack.pop()
    stack[-1] = made


@operators("makefont")
def makefont(machine: Machine) -> None:
    stack = machine.stack
    made = _scaled(machine, dictionary(stack[-2]), matrix_of(stack[-1]))
    stack.pop()
    stack[-1] = made


@operators("setfont")
def setfont(machine: Machine) -> None:
    font = dictionary(machine.stack[-1])
    font_id(font)
    _set_font(machine, font)
    machine.stack.pop()


def _set_font(machine: Machine, font: Dictionary) -> None:
    graphics = machine.graphics
    graphics.font = font
    graphics.font_matrix = matrix_of(font["FontMatrix"])


@operators("selectfont")
def selectfont(machine: Machine) -> None:
    """name size, or name matrix."""
    stack = machine.stack
    font, size = find_font(machine, key_of(stack[-2])), stack[-1]
    matrix = matrix_of(size) if type(size) is Array else (float(number(size)), 0.0, 0.0, float(size), 0.0, 0.0)
    _set_font(machine, _scaled(machine, font, matrix))
    del stack[-2:]


def current_font(machine: Machine) -> Dictionary:
    """Raises: PostScriptError where none has been set."""
    font = machine.graphics.font
    if font is None:
        font = find_font(machine, "Courier")
        _set_font(machine, font)
    return font


@operators("currentfont", "rootfont")
def currentfont(machine: Machine) -> None:
    machine.stack.append(current_font(machine))


@operators("setcachedevice")
def setcachedevice(machine: Machine) -> None:
    _set_width(machine, 6, has_own_color=False)


@operators("setcachedevice2")
def setcachedevice2(machine: Machine) -> None:
    _set_width(machine, 10, has_own_color=False)


@operators("setcharwidth")
def setcharwidth(machine: Machine) -> None:
    _set_width(machine, 2, has_own_color=True)


def _set_width(machine: Machine, count: int, *, has_own_color: bool) -> None:
    stack = machine.stack
    values = [number(value) for value in stack[-count:]]
    if len(values) < count:
        raise PostScriptError("stackunderflow")
    if machine.glyph is not None:
        machine.glyph.width = (values[0], values[1])
        machine.glyph.has_own_color = has_own_color
    del stack[-count:]


# Showing.

# The font, the code that kshow and the like see, the glyph, and what leads from its units to the root font's.
_Shown = tuple[int, Glyph, Matrix]


def _glyphs(machine: Machine, font: Dictionary, octets: bytes, inner: Matrix, depth: int = 0) -> Iterator[_Shown]:
    """The glyphs of a string in a font, simple or composite (section 5.10)."""
    if font.get("FontType") != 0:
        for code in octets:
            yield code, glyph_of(machine, font, code), inner
        return
    if depth > _DEPTH_MAX:
        raise PostScriptError("invalidfont")
    descendants = font["FDepVector"].values()
    encoding = font["Encoding"].values() if "Encoding" in font else list(range(len(descendants)))
    for place, text in _mapped(font, octets):
        child = descendants[encoding[place] if place < len(encoding) else 0]
        matrix = concatenated(matrix_of(child["FontMatrix"]), inner)
        if child.get("FontType") == 0:
            yield from _glyphs(machine, child, text, matrix, depth + 1)
        elif len(text) == 1 and "CharStrings" in child:
            yield text[0], glyph_of(machine, child, text[0]), matrix
        else:
            yield int.from_bytes(text, "big"), _of_cid_font(machine, child, text), matrix


def _mapped(font: Dictionary, octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Which descendant each character is taken from, and its code there, by FMapType (section 5.10.1)."""
    kind = font.get("FMapType", 2)
    if kind in (3, 7):  # escapes choose the font for what follows
        place, position = 0, 0
        escape = font.get("EscChar", 255)
        while position < len(octets):
            if octets[position] == escape and position + 1 < len(octets):
                place = octets[position + 1]
                position += 2
                continue
            yield place, octets[position : position + 1]
            position += 1
        return
    for position in range(0, len(octets) - 1, 2):
        first, second = octets[position], octets[position + 1]
        if kind == 4:
            yield first >> 7, bytes([first & 127])
        elif kind == 5:
            yield (first << 8 | second) >> 7, bytes([second & 127])
        elif kind == 9:
            yield 0, octets[position : position + 2]
        else:
            yield first, bytes([second])


def _of_cid_font(machine: Machine, font: Dictionary, text: bytes) -> Glyph:
    if font.get("FontType") == 3:
        return glyph_named(machine, font, int.from_bytes(text, "big"))
    unit = abs(matrix_of(font["FontMatrix"])[0]) or 1.0
    wide = 1000.0 if len(text) > 1 else 500.0
    return Glyph((wide if unit < 0.5 else wide / 1000, 0.0), PAINTED)


def _show(
    machine: Machine, shown: Iterator[_Shown], extra: tuple[float, float], wide: tuple[float, float, int]
) -> None:
    """Mark the text and move on. `extra` is added to each glyph, the first two of `wide` to each of its third."""
    graphics = machine.graphics
    start = graphics.current_point()
    x = y = 0.0
    painted, own, count = False, 0, 0
    for code, glyph, matrix in shown:
        count += 1
        right, up = applied_to_distance(matrix, *glyph.width)
        x, y = x + right + extra[0], y + up + extra[1]
        if code == wide[2]:
            x, y = x + wide[0], y + wide[1]
        if glyph.ink == PAINTED:
            painted = True
        else:
            own |= glyph.ink
    machine.take_steps(count // _TEXT_PER_STEP + 1)
    right, up = applied_to_distance(graphics.ctm, x, y)
    end = (start[0] + right, start[1] + up)
    if painted or own:
        _mark_text(machine, start, end, painted=painted, own=own)
    graphics.move_to(*end)


def _mark_text(
    machine: Machine, start: tuple[float, float], end: tuple[float, float], *, painted: bool, own: int
) -> None:
    graphics = machine.graphics
    size = max(map(abs, applied_to_distance(graphics.ctm, *_size_of(graphics.font_matrix))))
    box = (
        min(start[0], end[0]) - size / 4,
        min(start[1], end[1]) - size / 4,
        max(start[0], end[0]) + size / 4,
        max(start[1], end[1]) + size / 2,
    )
    if painted:
        mark(machine, box)
    if own:
        mark(machine, box, own)


def _size_of(font_matrix: Matrix) -> tuple[float, float]:
    unit = 1000.0 if abs(font_matrix[3]) < 0.2 or abs(font_matrix[0]) < 0.2 else 1.0
    return font_matrix[0] * unit, font_matrix[3] * unit


def _text(machine: Machine, octets: bytes) -> Iterator[_Shown]:
    font = current_font(machine)
    return _glyphs(machine, font, octets, machine.graphics.font_matrix)


_NO_EXTRA = (0.0, 0.0)
_NONE_WIDE = (0.0, 0.0, -1)


@operators("show")
def show(machine: Machine) -> None:
    octets = string(machine.stack[-1]).value()
    _show(machine, _text(machine, octets), _NO_EXTRA, _NONE_WIDE)
    machine.stack.pop()


@operators("ashow")
def ashow(machine: Machine) -> None:
    stack = machine.stack
    extra = number(stack[-3]), number(stack[-2])
    _show(machine, _text(machine, string(stack[-1]).value()), extra, _NONE_WIDE)
    del stack[-3:]


@operators("widthshow")
def widthshow(machine: Machine) -> None:
    stack = machine.stack
    wide = number(stack[-4]), number(stack[-3]), stack[-2]
    _show(machine, _text(machine, string(stack[-1]).value()), _NO_EXTRA, wide)
    del stack[-4:]


@operators("awidthshow")
def awidthshow(machine: Machine) -> None:
    stack = machine.stack
    wide = number(stack[-6]), number(stack[-5]), stack[-4]
    extra = number(stack[-3]), number(stack[-2])
    _show(machine, _text(machine, string(stack[-1]).value()), extra, wide)
    del stack[-6:]


@operators("glyphshow")
def glyphshow(machine: Machine) -> None:
    font, name = current_font(machine), key_of(machine.stack[-1])
    glyph = glyph_named(machine, font, name)
    _show(machine, iter([(0, glyph, machine.graphics.font_matrix)]), _NO_EXTRA, _NONE_WIDE)
    machine.stack.pop()


def _positioned(step: int) -> Body:
    """xshow, yshow and xyshow: the advance of each glyph comes from numbers instead."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        octets, given = string(stack[-2]).value(), stack[-1]
        moves = numbers(given) if type(given) is Array else encoded_numbers(given.value())
        if step == 2:
            x, y = sum(moves[0::2]), sum(moves[1::2])
        else:
            x, y = (sum(moves), 0.0) if step == 0 else (0.0, sum(moves))
        machine.take_steps(len(moves) // 4)
        graphics = machine.graphics
        start = graphics.current_point()
        right, up = applied_to_distance(graphics.ctm, x, y)
        _show(machine, _text(machine, octets), _NO_EXTRA, _NONE_WIDE)
        graphics.move_to(start[0] + right, start[1] + up)
        del stack[-2:]

    return body


operators["xshow"], operators["yshow"], operators["xyshow"] = _positioned(0), _positioned(1), _positioned(2)


@operators("kshow")
def kshow(machine: Machine) -> Frame:
    stack = machine.stack
    octets, body = string(stack[-1]).value(), procedure(stack[-2])
    del stack[-2:]
    return _between(machine, octets, Call(body))


def _between(machine: Machine, octets: bytes, call: Call) -> Iterator[Value]:
    """Show each character, with the procedure called between it and the next."""
    for index, code in enumerate(octets):
        _show(machine, _text(machine, bytes([code])), _NO_EXTRA, _NONE_WIDE)
        if index + 1 < len(octets):
            machine.stack += [code, octets[index + 1]]
            yield call


@operators("cshow")
def cshow(machine: Machine) -> Frame:
    stack = machine.stack
    octets, body = string(stack[-1]).value(), procedure(stack[-2])
    font = current_font(machine)
    del stack[-2:]
    return _each(machine, font, octets, Call(body))


def _each(machine: Machine, font: Dictionary, octets: bytes, call: Call) -> Iterator[Value]:
    for code, glyph, matrix in _glyphs(machine, font, octets, machine.graphics.font_matrix):
        machine.stack += [code, *applied_to_distance(matrix, *glyph.width)]
        yield call


@operators("stringwidth")
def stringwidth(machine: Machine) -> None:
    stack = machine.stack
    octets = string(stack[-1]).value()
    machine.take_steps(len(octets) // _TEXT_PER_STEP)
    x = y = 0.0
    for _, glyph, matrix in _text(machine, octets):
        right, up = applied_to_distance(matrix, *glyph.width)
        x, y = x + right, y + up
    stack[-1:] = [x, y]


@operators("charpath")
def charpath(machine: Machine) -> None:
    """A box as large as the text stands for its outlines."""
    stack = machine.stack
    octets = string(stack[-2]).value()
    graphics = machine.graphics
    start = graphics.current_point()
    x = y = 0.0
    visible = False
    for _, glyph, matrix in _text(machine, octets):
        right, up = applied_to_distance(matrix, *glyph.width)
        x, y, visible = x + right, y + up, visible or glyph.ink != 0
    right, up = applied_to_distance(graphics.ctm, x, y)
    if visible:
        _, height = _size_of(graphics.font_matrix)
        over, above = applied_to_distance(graphics.ctm, 0.0, height * 0.7)
        graphics.line_to(start[0] + right, start[1] + up)
        graphics.line_to(start[0] + right + over, start[1] + up + above)
        graphics.line_to(start[0] + over, start[1] + above)
        graphics.close()
    graphics.move_to(start[0] + right, start[1] + up)
    del stack[-2:]


# Composite fonts of character collections.


@operators("composefont")
def composefont(machine: Machine) -> None:
    """name cmap fonts: a font of type 0."""
    stack = machine.stack
    name, given = key_of(stack[-3]), stack[-1]
    if type(given) is not Array:
        raise PostScriptError("typecheck")
    fonts = [font if type(font) is Dictionary else _cid_font(machine, font) for font in given.values()]
    made = Dictionary(8)
    made.update(
        FontType=0,
        FMapType=9,
        FontName=name,
        FontMatrix=Array(list(IDENTITY)),
        FDepVector=Array(fonts),
        Encoding=Array(list(range(len(fonts)))),
        CMap=stack[-2],
        WMode=0,
    )
    define_font(machine, name, made)
    stack[-3:] = [made]


def _cid_font(machine: Machine, key: Value) -> Dictionary:
    """The CIDFont that a name stands for. Raises: PostScriptError where the job has not brought it."""
    found = machine.resources("CIDFont").get(key_of(key))
    if type(found) is not Dictionary:
        raise PostScriptError("undefinedresource")
    return found
