"""What a PDF page may mark, from its content and from all that the content shows.

A cheap look that errs on one side: where it says that a page holds no colour, or nothing at all, that is so; where it
says that a page may hold colour, only rendering tells. It also says how much work rendering would be, so that no page
that is made to keep a renderer busy reaches it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from platen.documents.limits import AnalysisLimits
from platen.documents.pdf import effort
from platen.documents.pdf.annotations import MARKS_BY_ITSELF, is_colored_line, printed_annotations
from platen.documents.pdf.operands import before, last_name, spaced
from platen.documents.pdf.plain_color import shows_plain_color
from platen.documents.pdf.plain_text import shows_plain_text
from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.set_colors import sets_color
from platen.documents.pdf.spaces import NEUTRAL, SpaceKind, space_of
from platen.documents.pdf.syntax import Dictionary, Ref, Stream, TooLarge, Value
from platen.documents.pdf.tree import Page, PageSizes

_SHOWN_MAX = 20_000  # operators in one stream that show another object
_INLINE_MAX = 400
_ANCESTORS_MAX = 64  # a damaged page tree may turn in circles
_PAINTS = re.compile(rb"[ \])>](?:T[jJ]|['\"]|[fBb]\*?|[FSs]|sh|Do|EI)[ /\[(<%]")
_INLINE = re.compile(rb"[ \])>]BI[ /]")
_INLINE_IS_NEUTRAL = re.compile(rb"/(?:CS|ColorSpace) */(?:G|DeviceGray|CalGray)[ /]|/(?:IM|ImageMask) +true[ /]")
_INLINE_HEADER_BYTES = 512
_SETS_INKS = re.compile(rb"[0-9.] [kK] |/DeviceCMYK ")
_OF_INKS = (SpaceKind.CMYK, SpaceKind.OTHER)
_STRING = re.compile(rb"[(<]([^()<>]*)")
_NESTED = re.compile(rb"\([^()]*\(")
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Marks:
    """What a piece of content marks at most.

    `plainly`: it marks something that is certainly seen; `plainly_colored`: in colour.
    `pictured`: it shows a picture that may be coloured.
    """

    color: bool = False
    paints: bool = False
    plainly: bool = False
    effort: int = 0
    pictured: bool = False
    plainly_colored: bool = False

    def times(self, count: int) -> Marks:
        return self if count == 1 else replace(self, effort=self.effort * count)


NOTHING = Marks()
_SUSPECT = Marks(color=True, paints=True)
_COLORED_LINE = Marks(color=True, paints=True, plainly=True, plainly_colored=True)
UNREAD = Marks(color=True, paints=True, effort=effort.NEVER)
# A chain that turns in a circle ends at the renderer's own depth; one that branches as well never ends. So it may be
# met once on a page and not twice.
_SHOWS_ITSELF = Marks(color=True, paints=True, effort=60_000_000)
DAMAGED = Marks(color=True, paints=True, effort=50_000_000)  # what is left of it may be much

_MarksOf = Callable[[Value, Dictionary, int], Marks]


def joined(marks: Iterable[Marks]) -> Marks:
    color = paints = plainly = pictured = False
    work = 0
    for each in marks:
        color, paints, plainly = color or each.color, paints or each.paints, plainly or each.plainly
        work, pictured = work + each.effort, pictured or each.pictured
    return Marks(color, paints, plainly, work, pictured)


class MarksReader:
    """Looks at the pages of one document; remembers what it found in forms, pictures and fonts that pages share."""

    def __init__(self, objects: Objects, limits: AnalysisLimits, *, look_for_inks: bool = False) -> None:
        self._objects = objects
        self._look_for_inks = look_for_inks
        self.uses_inks = False  # something seen so far is painted in cyan, magenta, yellow and black, perhaps
        self._depth_max = limits.pdf_depth_max
        self._content_left = limits.pdf_content_bytes_max
        self._stream_max = limits.pdf_stream_bytes_max
        self._sizes = PageSizes(objects)
        self._known: dict[Ref, Marks] = {}
        self._parent: Value = None  # of the page before, mostly that of the next one
        self._inherited: Dictionary = {}
        self._shows: dict[bytes, tuple[str, _MarksOf]] = {
            b"Do": ("/XObject", self._of_xobject),
            b"sh": ("/Shading", self._of_shading),
            b"scn": ("/Pattern", self._of_pattern),
            b"SCN": ("/Pattern", self._of_pattern),
            b"gs": ("/ExtGState", self._of_state),
        }

    def of_page(self, ref: Ref) -> Marks:
        """What the page and its printed annotations mark. Raises: Irregular."""
        objects = self._objects
        page = self._page_at(ref)
        if "/Contents" not in page.attributes and "/Annots" not in page.attributes:
            return NOTHING
        contents = objects.resolve(page.attributes.get("/Contents"))
        streams = [objects.resolve(part) for part in (contents if isinstance(contents, list) else [contents])]
        content = spaced(b" ".join(self._octets(stream) for stream in streams if isinstance(stream, Stream)))
        resources = dictionary(objects, page.get("/Resources"))
        of_content = self._of_content(content, resources, self._depth_max)
        notes = [self._of_annotation(note) for note in printed_annotations(objects, page)]
        covers = any(note.paints for note in notes)
        if of_content.color and not covers and self._shows_color(content, resources, page):
            of_content = replace(of_content, plainly=True, plainly_colored=True)
        elif self._shows_most(page) and shows_plain_text(objects, content, resources):
            of_content = replace(of_content, paints=True, plainly=True)
        if not notes:
            return of_content
        is_colored = of_content.plainly_colored or any(note.plainly_colored for note in notes)
        return replace(joined((of_content, *notes)), plainly_colored=is_colored)

    def _page_at(self, ref: Ref) -> Page:
        """A page object, with the attributes that it has from its ancestors (ISO 32000-1 section 7.7.3.4)."""
        attributes = dictionary(self._objects, ref)
        parent = attributes.get("/Parent")
        if parent != self._parent or not isinstance(parent, Ref):
            self._inherited, self._parent = self._attributes_from(parent), parent
        return Page(ref, attributes, self._inherited)

    def _attributes_from(self, node: Value) -> Dictionary:
        """What a node of the page tree and those above it pass on."""
        inherited: Dictionary = {}
        for _ in range(_ANCESTORS_MAX):
            attributes = dictionary(self._objects, node)
            if not attributes:
                break
            inherited = {**attributes, **inherited}
            node = attributes.get("/Parent")
        return inherited

    def _shows_color(self, content: bytes, resources: Dictionary, page: Page) -> bool:
        return shows_plain_color(self._objects, content, resources, self._sizes.seen_pt(page))

    def _octets(self, stream: Stream) -> bytes:
        if self._content_left <= 0:
            raise TooLarge
        octets = self._objects.octets(stream, min(self._content_left, self._stream_max))
        self._content_left -= len(octets)
        return octets

    def _of_content(self, content: bytes, resources: Dictionary, depth: int) -> Marks:
        """Marks of a content stream, spaced."""
        if depth <= 0:
            return UNREAD
        named = dictionary(self._objects, resources.get("/ColorSpace"))
        if self._look_for_inks and not self.uses_inks:
            self.uses_inks = _SETS_INKS.search(content) is not None or any(map(self._is_of_inks, named.values()))
        own = Marks(
            color=sets_color(self._objects, content, named, self._depth_max),
            paints=_PAINTS.search(content) is not None,
            effort=len(content),
        )
        shown = [marks for operator in self._shows for marks in self._shown(content, operator, resources, depth)]
        fonts = self._of_type3_fonts(content, resources, depth)
        return joined((own, *shown, *fonts, *_of_inline_images(content)))

    def _shown(self, content: bytes, operator: bytes, resources: Dictionary, depth: int) -> list[Marks]:
        """Marks of each named resource that the content shows with this operator."""
        if b" " + operator not in content:
            return []
        category, marks_of = self._shows[operator]
        group = dictionary(self._objects, resources.get(category))
        if not group:
            return []
        names = Counter(map(last_name, islice(before(content, operator), _SHOWN_MAX + 1)))
        found = [UNREAD] if names.total() > _SHOWN_MAX else []
        for name, count in names.items():
            if name is not None and name in group:
                found.append(self._remembered(group[name], marks_of, resources, depth).times(count))
        return found

    def _remembered(self, value: Value, marks_of: _MarksOf, resources: Dictionary, depth: int) -> Marks:
        if not isinstance(value, Ref):
            return marks_of(value, resources, depth)
        if value not in self._known:
            self._known[value] = _SHOWS_ITSELF  # if it is met again before it is known
            self._known[value] = marks_of(self._objects.resolve(value), resources, depth)
        return self._known[value]

    def _of_xobject(self, value: Value, resources: Dictionary, depth: int) -> Marks:
        if not isinstance(value, Stream):
            return NOTHING
        if self._objects.resolve(value.attributes.get("/Subtype")) == "/Image":
            return self._of_image(value, resources)
        return self._of_form(value, resources, depth)

    def _of_form(self, form: Stream, resources: Dictionary, depth: int) -> Marks:
        own = form.attributes.get("/Resources")
        inner = resources if own is None else dictionary(self._objects, own)
        marks = self._of_content(spaced(self._octets(form)), inner, depth - 1)
        work = marks.effort + (effort.GROUP if "/Group" in form.attributes else 0)
        return replace(marks, effort=work)

    def _of_image(self, image: Stream, resources: Dictionary) -> Marks:
        attributes, resolve = image.attributes, self._objects.resolve
        is_mask = resolve(attributes.get("/ImageMask")) is True
        color = not is_mask and self._is_colored(attributes, resources)
        mask = dictionary(self._objects, attributes.get("/SMask"))
        work = effort.of_image(self._objects, attributes) + effort.of_image(self._objects, mask)
        return Marks(color=color, paints=True, effort=work, pictured=color)

    def _is_colored(self, attributes: Dictionary, resources: Dictionary) -> bool:
        named = dictionary(self._objects, resources.get("/ColorSpace"))
        space = space_of(self._objects, attributes.get("/ColorSpace"), named, self._depth_max)
        self.uses_inks = self.uses_inks or space.kind in _OF_INKS
        return space != NEUTRAL

    def _is_of_inks(self, space: Value) -> bool:
        return space_of(self._objects, space, {}, self._depth_max).kind in _OF_INKS

    def _of_shading(self, shading: Value, resources: Dictionary, depth: int) -> Marks:
        attributes = dictionary(self._objects, shading)
        mesh_bytes = len(self._octets(shading)) if isinstance(shading, Stream) else 0
        work = effort.of_shading(self._objects, attributes, mesh_bytes)
        return Marks(color=self._is_colored(attributes, resources), paints=True, effort=work)

    def _of_pattern(self, pattern: Value, resources: Dictionary, depth: int) -> Marks:
        if isinstance(pattern, Stream):
            cell = self._of_form(pattern, resources, depth)
            work = effort.of_tiling(self._objects, pattern.attributes, cell.effort)
            return replace(cell, plainly=False, effort=work)
        shading = self._objects.resolve(pattern.get("/Shading")) if isinstance(pattern, dict) else None
        return NOTHING if shading is None else self._of_shading(shading, resources, depth)

    def _of_state(self, state: Value, resources: Dictionary, depth: int) -> Marks:
        """The work of a soft mask. It lets through more or less of a colour, and brings none of its own."""
        mask = dictionary(self._objects, dictionary(self._objects, state).get("/SMask"))
        group = mask.get("/G")
        return NOTHING if group is None else Marks(effort=self._remembered(group, self._of_xobject, {}, depth).effort)

    def _of_type3_fonts(self, content: bytes, resources: Dictionary, depth: int) -> list[Marks]:
        if b" Tf" not in content:
            return []
        fonts = dictionary(self._objects, resources.get("/Font"))
        found = [self._remembered(font, self._of_font, resources, depth) for font in fonts.values()]
        heavy = any(each.effort > effort.SMALL_GLYPH for each in found)
        letters = _letters_at_most(content) if heavy else 1
        return [each.times(letters if each.effort > effort.SMALL_GLYPH else 1) for each in found if each is not NOTHING]

    def _of_font(self, font: Value, resources: Dictionary, depth: int) -> Marks:
        """Colour that glyphs bring along, and the work of the largest."""
        if not isinstance(font, dict) or self._objects.resolve(font.get("/Subtype")) != "/Type3":
            return NOTHING
        own = font.get("/Resources")
        inner = resources if own is None else dictionary(self._objects, own)
        glyphs = map(self._objects.resolve, dictionary(self._objects, font.get("/CharProcs")).values())
        marks = [self._of_glyph(glyph, inner, depth) for glyph in glyphs if isinstance(glyph, Stream)]
        return Marks(color=joined(marks).color, effort=max((each.effort for each in marks), default=0))

    def _of_glyph(self, glyph: Stream, resources: Dictionary, depth: int) -> Marks:
        content = self._octets(glyph)
        marks = self._of_content(spaced(content), resources, depth - 1)
        # Glyphs that begin with d1 take the colour of the text; only those with d0 bring their own.
        return Marks(effort=marks.effort) if b"d1" in content[:200] else marks

    def _of_annotation(self, note: Value) -> Marks:
        if isinstance(note, dict):
            if is_colored_line(self._objects, note):
                return _COLORED_LINE
            return _SUSPECT if self._objects.resolve(note.get("/Subtype")) in MARKS_BY_ITSELF else NOTHING
        return self._remembered(note, self._of_xobject, {}, self._depth_max)

    def _shows_most(self, page: Page) -> bool:
        """The crop box, if there is one, leaves most of the page to be seen."""
        crop, media = (_area(array(self._objects, page.get(key))) for key in ("/CropBox", "/MediaBox"))
        return crop is None or (media is not None and crop > _MOST * media)


def _area(box: list[Value]) -> float | None:
    x1, y1, x2, y2 = box if len(box) == 4 else (None,) * 4
    is_box = all(isinstance(edge, int | float) for edge in (x1, y1, x2, y2))
    return abs((x2 - x1) * (y2 - y1)) if is_box else None  # type: ignore[operator]  # numbers, as was seen


def _letters_at_most(content: bytes) -> int:
    """How many letters the content may show."""
    if _NESTED.search(content):
        return len(content)
    return 1 + sum(map(len, _STRING.findall(content)))


def _of_inline_images(content: bytes) -> list[Marks]:
    if b"BI" not in content:
        return []
    found = []
    for seen, match in enumerate(_INLINE.finditer(content)):
        if seen > _INLINE_MAX:
            return [_SUSPECT]
        header = content[match.end() - 1 : match.end() + _INLINE_HEADER_BYTES].partition(b"ID ")[0] + b" "
        color = _INLINE_IS_NEUTRAL.search(header) is None
        found.append(Marks(color=color, paints=True, pictured=color))
    return found
