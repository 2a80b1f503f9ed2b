"""Whether a PDF page is coloured, from the colours that its content sets and the pictures it shows.

True means that a coloured value is set or shown, not that it ends up visible; False that none is; None that the page
holds something that was not looked into. Content streams are searched for operators, not interpreted: that is what
keeps a page in the order of a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pikepdf

from platen.documents.limits import AnalysisLimits
from platen.documents.pdf.objects import decoded, filters_of, inherited, is_plain_flate
from platen.documents.pdf.spaces import UNKNOWN, Space, SpaceKind, space_of
from platen.documents.pictures.color import inflated, jpeg_has_color, samples_have_color

_BEFORE, _AFTER = rb"(?:\A|(?<=[\s\])>]))", rb"(?=[\s/\[(<]|\Z)"
_PAINTS = re.compile(_BEFORE + rb"(?:T[jJ]|['\"]|[fBb]\*?|[FSs]|sh|Do|EI)" + _AFTER)
_OPERATOR = re.compile(_BEFORE + rb"(rg|RG|k|K|scn?|SCN?|cs|CS|Do|sh|BI)" + _AFTER)
_INLINE_SPACE = re.compile(rb"/(?:CS|ColorSpace)\s*(/[^\s/\[\]<>()]+|\[)|/(?:IM|ImageMask)\s+true")
_OPERAND_BYTES = 160
_DEVICE = {
    b"rg": (space_of(pikepdf.Name.DeviceRGB, None, 1), 3),
    b"k": (space_of(pikepdf.Name.DeviceCMYK, None, 1), 4),
}

_Key = tuple[int, int]


def _join(values: Iterable[bool | None]) -> bool | None:
    """True with any True; else None with any None; else False."""
    unknown = False
    for value in values:
        if value:
            return True
        unknown = unknown or value is None
    return None if unknown else False


class ColorReader:
    """Looks for colour in the pages of one document; remembers what it found in shared forms and pictures."""

    def __init__(self, limits: AnalysisLimits) -> None:
        self._depth_max = limits.pdf_depth_max
        self._content_left = limits.pdf_content_bytes_max
        self._image_left = limits.picture_bytes_max
        self._known: dict[_Key, bool | None] = {}
        self.exhausted = False  # a limit kept something from being looked at

    def of_page(self, page: pikepdf.Page) -> tuple[bool | None, bool | None]:
        """Colour and blankness of a page. Raises: what pikepdf raises for damaged objects."""
        contents = page.obj.get("/Contents")
        streams = contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]
        resources = inherited(page, "/Resources")
        parts = [self._octets(stream) for stream in streams if isinstance(stream, pikepdf.Stream)]
        if any(part is None for part in parts):
            return None, None
        content = b"\n".join(part for part in parts if part is not None)
        appearances = [self._of_annotation(note) for note in _annotations(page)]
        blank = not _PAINTS.search(content) and not appearances
        color = _join((self._of_content(content, resources, self._depth_max), *appearances))
        return color, blank

    def _octets(self, stream: pikepdf.Stream) -> bytes | None:
        if self._content_left <= 0:
            self.exhausted = True
            return None
        octets = decoded(stream, self._content_left)
        if octets is None:
            self.exhausted = True
            return None
        self._content_left -= len(octets)
        return octets

    def _of_content(self, content: bytes, resources: pikepdf.Object | None, depth: int) -> bool | None:
        if depth <= 0:
            return None
        seen: set[bytes] = set()
        unknown = False
        spaces: dict[bool, Space] = {False: _DEVICE_GRAY, True: _DEVICE_GRAY}  # current: of strokes (True) and fills
        for match in _OPERATOR.finditer(content):
            operator = match[1]
            operands = content[max(0, match.start() - _OPERAND_BYTES) : match.start()]
            strokes, word = operator.isupper(), operator.lower() if operator not in (b"Do", b"BI") else operator
            if word == b"cs":
                spaces[strokes] = space_of(_last_name(operands), resources, self._depth_max)
                continue
            if word in _DEVICE:
                space, count = _DEVICE[word]
                color: bool | None = _numbers_have_color(space, operands, count)
            elif word in (b"sc", b"scn"):
                color = self._of_set_color(spaces[strokes], operands, resources, depth)
            elif word == b"BI":
                color = self._of_inline(content, match.end(), resources)
            else:
                key = word + operands.rsplit(b"/", 1)[-1].strip()
                if key in seen:
                    continue
                seen.add(key)
                color = self._of_resource(word, _last_name(operands), resources, depth)
            if color:
                return True
            unknown = unknown or color is None
        fonts = self._of_type3_fonts(resources, depth)
        return fonts or (None if unknown or fonts is None else False)

    def _of_set_color(self, space: Space, operands: bytes, resources: pikepdf.Object | None, depth: int) -> bool | None:
        if space.kind is SpaceKind.PATTERN:
            return self._of_resource(b"scn", _last_name(operands), resources, depth)
        count = {SpaceKind.RGB: 3, SpaceKind.CMYK: 4, SpaceKind.LAB: 3, SpaceKind.INKS: len(space.ink_is_colored)}
        return _numbers_have_color(space, operands, count.get(space.kind, 1))

    def _of_resource(
        self, operator: bytes, name: pikepdf.Name | None, resources: pikepdf.Object | None, depth: int
    ) -> bool | None:
        category = {b"Do": "/XObject", b"sh": "/Shading", b"scn": "/Pattern"}[operator]
        if name is None or not isinstance(resources, pikepdf.Dictionary):
            return None
        group = resources.get(category)
        value = group.get(str(name)) if isinstance(group, pikepdf.Dictionary) else None
        if value is None:
            return False  # nothing is shown
        key = value.objgen
        if key in self._known:
            return self._known[key]
        if key != (0, 0):
            self._known[key] = None  # a form that shows itself ends here
        color = self._of_object(category, value, resources, depth)
        if key != (0, 0):
            self._known[key] = color
        return color

    def _of_object(self, category: str, value: pikepdf.Object, resources: pikepdf.Object, depth: int) -> bool | None:
        if category == "/Shading":
            return _of_shading(value, resources, self._depth_max)
        if category == "/Pattern" and value.get("/PatternType") == 2:
            return _of_shading(value.get("/Shading"), resources, self._depth_max)
        if not isinstance(value, pikepdf.Stream):
            return None
        if category == "/XObject" and value.get("/Subtype") == pikepdf.Name.Image:
            return self._of_image(value, resources)
        content = self._octets(value)
        if content is None:
            return None
        return self._of_content(content, value.get("/Resources", resources), depth - 1)

    def _of_image(self, image: pikepdf.Stream, resources: pikepdf.Object) -> bool | None:
        mask = image.get("/ImageMask")
        space = space_of(image.get("/ColorSpace"), resources, self._depth_max)
        if (mask is not None and bool(mask)) or space.is_neutral:
            return False
        if space.kind is SpaceKind.INDEXED:
            return space.colored
        width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
        channels = {SpaceKind.RGB: 3, SpaceKind.CMYK: 4}.get(space.kind, 0)
        size_bytes = width * height * (channels or 4)
        if size_bytes > self._image_left:
            self.exhausted = True
            return None
        self._image_left -= size_bytes
        if filters_of(image) == ("/DCTDecode",):
            return jpeg_has_color(image.read_raw_bytes())
        if channels and int(image.get("/BitsPerComponent", 8)) == 8:
            return _samples_of_image(image, channels, size_bytes)
        return None

    def _of_inline(self, content: bytes, position: int, resources: pikepdf.Object | None) -> bool | None:
        header = content[position : position + 512].split(b"ID", 1)[0]
        found = _INLINE_SPACE.search(header)
        if found is None or found[1] is None:
            return False if found else None
        space = (
            space_of(pikepdf.Name(found[1].decode("latin-1")), resources, self._depth_max)
            if found[1] != b"["
            else (UNKNOWN)
        )
        return False if space.kind is SpaceKind.GRAY else space.colored

    def _of_type3_fonts(self, resources: pikepdf.Object | None, depth: int) -> bool | None:
        fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
        if not isinstance(fonts, pikepdf.Dictionary):
            return False
        return _join(self._of_font(font, resources, depth) for _, font in fonts.items())

    def _of_font(self, font: pikepdf.Object, resources: pikepdf.Object | None, depth: int) -> bool | None:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Subtype") != pikepdf.Name.Type3:
            return False
        if font.objgen in self._known:
            return self._known[font.objgen]
        self._known[font.objgen] = None  # a glyph that uses its own font ends here
        glyphs = font.get("/CharProcs")
        inner = font.get("/Resources", resources)
        color: bool | None = False
        if isinstance(glyphs, pikepdf.Dictionary):
            streams = [glyph for _, glyph in glyphs.items() if isinstance(glyph, pikepdf.Stream)]
            contents = [self._octets(glyph) for glyph in streams]
            # Glyphs that begin with d1 take the colour of the text; only those with d0 bring their own.
            color = _join(
                None if content is None else self._of_content(content, inner, depth - 1)
                for content in contents
                if content is None or b"d1" not in content[:200]
            )
        self._known[font.objgen] = color
        return color

    def _of_annotation(self, appearance: pikepdf.Stream) -> bool | None:
        content = self._octets(appearance)
        return None if content is None else self._of_content(content, appearance.get("/Resources"), self._depth_max - 1)


def _samples_of_image(image: pikepdf.Stream, channels: int, size_bytes: int) -> bool | None:
    if is_plain_flate(image):
        return samples_have_color(inflated(image.read_raw_bytes(), channels, size_bytes), channels)
    if not _UNDONE_BY_QPDF.issuperset(filters_of(image)):
        return None
    octets = decoded(image, size_bytes + 4096)
    return None if octets is None else samples_have_color(iter((octets[:size_bytes],)), channels)


_UNDONE_BY_QPDF = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
_DEVICE_GRAY = space_of(pikepdf.Name.DeviceGray, None, 1)


def _last_name(operands: bytes) -> pikepdf.Name | None:
    _, slash, name = operands.rpartition(b"/")
    words = name.split()
    if not slash or not words:
        return None
    text = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), words[0])
    return pikepdf.Name("/" + text.decode("utf-8", "replace"))


def _numbers_have_color(space: Space, operands: bytes, count: int) -> bool | None:
    try:
        numbers = [float(word) for word in operands.split()[-count:]]
    except ValueError:  # within a string, or the operands stand further away
        return False
    return space.has_color(numbers) if len(numbers) == count else False


def _of_shading(shading: pikepdf.Object | None, resources: pikepdf.Object, depth: int) -> bool | None:
    if shading is None or not hasattr(shading, "get"):
        return None
    space = space_of(shading.get("/ColorSpace"), resources, depth)
    if space.is_neutral:
        return False
    return _of_function(space, shading.get("/Function"), depth)


def _of_function(space: Space, function: pikepdf.Object | None, depth: int) -> bool | None:
    """Colour of the ends of an exponential function (type 2), or of those it is stitched from (type 3)."""
    if depth <= 0 or not isinstance(function, pikepdf.Dictionary):
        return None
    if function.get("/FunctionType") == 3:
        return _join(_of_function(space, part, depth - 1) for part in list(function["/Functions"].as_list())[:64])
    ends = [function.get(key) for key in ("/C0", "/C1")]
    if function.get("/FunctionType") != 2 or not all(isinstance(end, pikepdf.Array) for end in ends):
        return None
    return _join(space.has_color([float(value) for value in end.as_list()]) for end in ends if end is not None)


def _annotations(page: pikepdf.Page) -> list[pikepdf.Stream]:
    """Appearance streams of the annotations that are printed (ISO 32000-1 section 12.5.3)."""
    notes = page.obj.get("/Annots")
    found: list[pikepdf.Stream] = []
    for note in list(notes.as_list())[:1000] if isinstance(notes, pikepdf.Array) else []:
        if not isinstance(note, pikepdf.Dictionary):
            continue
        flags = int(note.get("/F", 0))
        appearance = note.get("/AP")
        normal = appearance.get("/N") if isinstance(appearance, pikepdf.Dictionary) else None
        if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
            normal = normal.get(str(note.get("/AS", "/Off")))
        is_printed = bool(flags & 4) and not flags & 2
        if is_printed and isinstance(normal, pikepdf.Stream):
            found.append(normal)
    return found
