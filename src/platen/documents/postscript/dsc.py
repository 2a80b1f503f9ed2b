"""Document structuring comments (Adobe technical note 5001): what a program says of itself beside its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.documents.facts import Sides
from platen.documents.media import MM_PER_POINT, media_for_word, size_of_media
from platen.documents.source import Data

_COMMENT = re.compile(rb"%%([A-Za-z]+)(:?)[ \t]*([^\r\n]{0,512})")
_SIZE = re.compile(rb"\S+\s+\[?\s*(\d+(?:\.\d*)?)\s+(\d+(?:\.\d*)?)\s*\]?")
_TUPLE = re.compile(r"\(\d+(?:,\d+)+\)")
_RANGE = re.compile(r"\((\d+)-(\d+)\)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)")
_ESCAPES = dict.fromkeys((b"n", b"r", b"t", b"b", b"f"), b" ")  # a title is one line
_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")
_COLORS = (b"Cyan", b"Magenta", b"Yellow", b"Red", b"Green", b"Blue")
_LABELS_MAX = 20_000
_NUMBER_UP_MAX = 64

SizeMm = tuple[float, float]


@dataclass(slots=True)
class PageComments:
    """What the comments say of one page."""

    size_mm: SizeMm | None = None
    color: bool | None = None


@dataclass(slots=True)
class Structure:
    """What the comments of a document say."""

    pages: list[PageComments] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)  # of the first pages
    truncated: bool = False  # there are more pages than were kept
    declared: int | None = None
    title: str | None = None
    user: str | None = None
    creator: str | None = None
    size_mm: SizeMm | None = None  # of pages that have none of their own
    color: bool | None = None
    sides: Sides | None = None
    copies: int | None = None
    collate: bool | None = None
    monochrome: bool = False
    _media_sizes: dict[bytes, SizeMm] = field(default_factory=dict)
    _embedded: int = 0  # depth of %%BeginDocument
    _page: PageComments | None = None  # to which the comments at hand belong

    @property
    def number_up(self) -> int:
        """How many pages each label names, as programs that lay several on one write it: `(0,1)`, or `(1-2)`."""
        if self.labels and all(_TUPLE.fullmatch(label) for label in self.labels[:-1]):
            most = max(label.count(",") + 1 for label in self.labels)
            return min(most, _NUMBER_UP_MAX)
        ranges = [_RANGE.fullmatch(label) for label in self.labels]
        if not ranges or ranges[0] is None:
            return 1
        expected, most = int(ranges[0][1]), 1
        for match in ranges:
            if match is None or int(match[1]) != expected or int(match[2]) < expected:
                return 1  # the page of a chapter, perhaps
            most = max(most, int(match[2]) - expected + 1)
            expected = int(match[2]) + 1
        return min(most, _NUMBER_UP_MAX)

    @property
    def copies_in_stream(self) -> int:
        """How often the whole document stands in the stream one after the other, by its pages' labels."""
        labels = self.labels
        if len(labels) < 2 or len(labels) != len(self.pages):
            return 1
        try:
            length = labels.index(labels[0], 1)
        except ValueError:
            return 1
        if len(labels) % length or labels != labels[:length] * (len(labels) // length):
            return 1
        if length == 1 and self.copies != len(labels):
            return 1  # some programs give every page the same label
        return len(labels) // length


def read_structure(data: Data, start: int, end: int, pages_max: int) -> Structure:
    """Read the comments of the program at `start`."""
    structure = Structure()
    for name, value in _comments(data, start, end):
        _obey(structure, name, value, pages_max)
    return structure


def _comments(data: Data, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Every comment outside of binary sections, whose lengths are stated."""
    position = start
    while (position := data.find(b"%%", position, end)) >= 0:
        match = _COMMENT.match(data, position, end)
        if match is None or (position > start and data[position - 1] not in b"\r\n"):
            position += 2
            continue
        position = match.end()
        name, value = match[1], match[3].strip()
        if name == b"BeginBinary" or (name == b"BeginData" and b"Lines" not in value):
            count = value.split(None, 1)[0] if value else b""
            position += int(count) if count.isdigit() and len(count) < 12 else 0
            continue
        yield name, value


def _obey(structure: Structure, name: bytes, value: bytes, pages_max: int) -> None:
    if name in (b"BeginDocument", b"BeginFile"):
        # What an application sends past the Windows driver is the document, not a picture in it.
        structure._embedded += b"PassThrough" not in value
    elif name in (b"EndDocument", b"EndFile"):
        structure._embedded = max(0, structure._embedded - 1)
    elif structure._embedded:
        return
    elif name == b"Page":
        _begin_page(structure, value, pages_max)
    elif name == b"Pages":
        count = value.split(None, 1)[0] if value else b""
        if count.isdigit() and len(count) < 10 and structure.declared is None:
            structure.declared = int(count)
    elif name in (b"Trailer", b"EOF"):
        structure._page = None
    else:
        _describe(structure, name, value)


def _begin_page(structure: Structure, value: bytes, pages_max: int) -> None:
    if len(structure.pages) >= pages_max:
        structure.truncated = True
        return
    structure._page = PageComments()
    structure.pages.append(structure._page)
    if len(structure.labels) < _LABELS_MAX:
        structure.labels.append(value.rsplit(None, 1)[0].decode("latin-1") if b" " in value else "")


def _describe(structure: Structure, name: bytes, value: bytes) -> None:
    if name == b"Title":
        structure.title = structure.title or text_of(value)
    elif name == b"For":
        structure.user = structure.user or text_of(value)
    elif name == b"Creator":
        structure.creator = structure.creator or text_of(value)
    elif name in (b"DocumentMedia", b"PageMedia", b"DocumentPaperSizes", b"PaperSize"):
        _media(structure, value)
    elif name == b"BeginFeature":
        _feature(structure, value)
    elif name in (b"DocumentProcessColors", b"PageProcessColors"):
        _process_colors(structure, value)
    elif name == b"Requirements":
        _requirements(structure, value)


def text_of(value: bytes) -> str | None:
    """The text of a comment, without the parentheses of a string. None where it is put off or empty."""
    if value.startswith(b"(") and value.endswith(b")") and value != b"(atend)":
        value = _ESCAPE.sub(_escaped, value[1:-1])
    try:
        text = value.decode("utf-16" if value.startswith(b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    text = _CONTROL.sub(" ", text).strip()
    return text if text and text != "(atend)" else None


def _escaped(match: re.Match[bytes]) -> bytes:
    """What an escape in a string stands for (PostScript Language Reference, section 3.2.2)."""
    code: bytes = match[1]
    if code.isdigit():
        return bytes([int(code, 8) & 255])
    return _ESCAPES.get(code, code)


def _media(structure: Structure, value: bytes) -> None:
    words = value.split()
    if not words:
        return
    size = structure._media_sizes.get(words[0])
    if size is None and (match := _SIZE.match(value)):
        size = float(match[1]) * MM_PER_POINT, float(match[2]) * MM_PER_POINT
        if len(structure._media_sizes) < 1000:
            structure._media_sizes[words[0]] = size
    _keep_size(structure, size or _size_of_word(words[0]))


def _size_of_word(word: bytes) -> SizeMm | None:
    media = media_for_word(word.decode("latin-1").split(".", 1)[0])
    return size_of_media(media) if media else None


def _keep_size(structure: Structure, size: SizeMm | None) -> None:
    if size is None or min(size) <= 0:
        return
    if structure._page is not None:
        structure._page.size_mm = size
    elif not structure.pages:
        structure.size_mm = size


def _feature(structure: Structure, value: bytes) -> None:
    words = value.split()
    if len(words) < 2:
        return
    if words[0] in (b"*PageSize", b"*PageRegion"):
        _keep_size(structure, _size_of_word(words[1]))
    elif words[0] == b"*Duplex":
        named = {b"DuplexNoTumble": Sides.TWO_SIDED_LONG_EDGE, b"DuplexTumble": Sides.TWO_SIDED_SHORT_EDGE}
        structure.sides = named.get(words[1], Sides.ONE_SIDED)
    elif words[0] == b"*ColorModel":
        structure.monochrome = words[1].lower() in (b"gray", b"grayscale", b"black")
    elif words[0] == b"*Collate":
        structure.collate = words[1] == b"True"


def _process_colors(structure: Structure, value: bytes) -> None:
    if b"atend" in value or not value:
        return
    color = any(ink in value for ink in _COLORS)
    if structure._page is not None:
        structure._page.color = color
    else:
        structure.color = color


def _requirements(structure: Structure, value: bytes) -> None:
    if found := re.search(rb"numcopies\((\d{1,4})\)", value):
        structure.copies = max(1, int(found[1]))
    if b"collate" in value:
        structure.collate = True
    if b"duplex(tumble)" in value:
        structure.sides = Sides.TWO_SIDED_SHORT_EDGE
    elif b"duplex" in value:
        structure.sides = Sides.TWO_SIDED_LONG_EDGE
