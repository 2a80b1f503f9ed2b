"""PostScript, counted by its document structuring comments (Adobe technical note 5001) and, without them, by showpage.

Only running a PostScript program tells its pages for certain. Drivers structure their output, and then the count of
`%%Page:` comments is the number of pages; a program without structure gets an estimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_POINT, media_for_word, size_of_media
from platen.documents.source import Data

_DOS_EPS = b"\xc5\xd0\xd3\xc6"
_LOOK_BYTES_MAX = 64 * 1024 * 1024  # of a program without page comments, searched for showpage
_COMMENT = re.compile(rb"(?:\A|(?<=[\r\n]))%%([A-Za-z]+)(:?)[ \t]*([^\r\n]{0,512})")
_SIZE = rb"\[?\s*(\d+(?:\.\d*)?)\s+(\d+(?:\.\d*)?)\s*\]?"
_PAGE_SIZE = re.compile(rb"/PageSize\s*\[\s*(\d+(?:\.\d*)?)\s+(\d+(?:\.\d*)?)\s*\]")
_HINT = re.compile(rb"/(Duplex|Tumble)\s+(true|false)\b|/(?:NumCopies\s+|#copies\s+)(\d{1,4})\b")
_COLOR_WORD = re.compile(
    rb"setrgbcolor|sethsbcolor|setcmykcolor|colorimage|setcolorspace|setcolor\b|shfill|/Device(?:RGB|CMYK|N)"
    rb"|currentfile\s+eexec|<~"
)
_TOKEN = re.compile(rb"%[^\r\n]*|\((?:[^()\\]|\\.)*\)|[{}]|/\w+|\b(?:showpage|copypage)\b")


@dataclass(slots=True)
class _Dsc:
    """What the comments said, in the order in which they came."""

    pages: int = 0
    declared: int | None = None
    embedded: int = 0  # depth of %%BeginDocument
    at_page: bool = False  # the comment belongs to the page begun last
    size_mm: tuple[float, float] | None = None  # of the document, for pages without one
    media_sizes: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    page_size_mm: tuple[float, float] | None = None
    bounding_box_mm: tuple[float, float] | None = None
    color: bool | None = None
    page_color: bool | None = None
    ended: bool = False


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PostScript program at `start` up to the universal exit or the end. Returns: where it stopped."""
    end = data.find(UEL, start)
    end = end if end >= 0 else len(data)
    stop = end
    start, end = _inside_dos_eps(data, start, end)
    draft.pages_known = True
    is_eps = b"EPSF-" in bytes(data[start : start + 256]).split(b"\n", 1)[0].split(b"\r", 1)[0]
    _hints(data, start, end, draft)
    dsc = _Dsc(size_mm=_first_page_size(data, start, end))
    if dsc.size_mm is None and draft.media:
        dsc.size_mm = size_of_media(draft.media)
    if not _COLOR_WORD.search(data, start, min(end, start + _LOOK_BYTES_MAX)):
        dsc.color = False
    before = draft.pages
    for name, value in _comments(data, start, end):
        _obey(draft, dsc, name, value)
        if dsc.ended:
            break
    if dsc.at_page:
        _finish_page(draft, dsc)
    _settle(draft, dsc, data, start, end, is_eps=is_eps, before=before)
    return stop


def _inside_dos_eps(data: Data, start: int, end: int) -> tuple[int, int]:
    if data[start : start + 4] != _DOS_EPS or end - start < 30:
        return start, end
    offset = int.from_bytes(data[start + 4 : start + 8], "little")
    length = int.from_bytes(data[start + 8 : start + 12], "little")
    inner = min(start + offset, end)
    return inner, min(inner + length, end)


def _comments(data: Data, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Every structuring comment outside of binary sections, whose lengths are stated."""
    position = start
    while position < end and (match := _COMMENT.search(data, position, end)):
        position = match.end()
        name, value = match[1], match[3].strip()
        if name == b"BeginBinary" or (name == b"BeginData" and b"Lines" not in value):
            count = value.split(None, 1)[0] if value else b""
            position += int(count) if count.isdigit() and len(count) < 12 else 0
            continue
        yield name, value


def _obey(draft: Draft, dsc: _Dsc, name: bytes, value: bytes) -> None:
    if name in (b"BeginDocument", b"BeginFile"):
        # What an application sends past the Windows driver is the document, not a picture in it.
        dsc.embedded += b"PassThrough" not in value
    elif name in (b"EndDocument", b"EndFile"):
        dsc.embedded = max(0, dsc.embedded - 1)
    elif dsc.embedded:
        return
    elif name == b"Page":
        if dsc.at_page:
            _finish_page(draft, dsc)
        dsc.pages, dsc.at_page = dsc.pages + 1, True
    elif name == b"Pages":
        count = value.split(None, 1)[0] if value else b""
        if count.isdigit() and len(count) < 10 and dsc.declared is None:
            dsc.declared = int(count)
    elif name in (b"Trailer", b"EOF") and dsc.at_page:
        _finish_page(draft, dsc)
    else:
        _describe(draft, dsc, name, value)


def _describe(draft: Draft, dsc: _Dsc, name: bytes, value: bytes) -> None:
    text = _string(value)
    if name == b"Title":
        draft.title = draft.title or text
    elif name == b"For":
        draft.user = draft.user or text
    elif name == b"Creator":
        draft.driver = draft.driver or text
    elif name in (b"DocumentMedia", b"PageMedia", b"DocumentPaperSizes", b"PaperSize"):
        _media(dsc, value)
    elif name == b"BeginFeature":
        _feature(draft, dsc, value)
    elif name == b"BoundingBox":
        dsc.bounding_box_mm = dsc.bounding_box_mm or _box(value)
    elif name in (b"DocumentProcessColors", b"PageProcessColors"):
        _process_colors(dsc, value)
    elif name == b"Requirements":
        _requirements(draft, value)


def _string(value: bytes) -> str | None:
    if value.startswith(b"(") and value.endswith(b")") and value != b"(atend)":
        value = re.sub(rb"\\(.)", rb"\1", value[1:-1])
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return text if text and text != "(atend)" else None


def _media(dsc: _Dsc, value: bytes) -> None:
    words = value.split()
    if not words:
        return
    size = dsc.media_sizes.get(words[0])
    if size is None and (match := re.match(rb"\S+\s+" + _SIZE, value)):
        size = float(match[1]) * MM_PER_POINT, float(match[2]) * MM_PER_POINT
        dsc.media_sizes[words[0]] = size
    _keep_size(dsc, size or _size_of_word(words[0]))


def _size_of_word(word: bytes) -> tuple[float, float] | None:
    media = media_for_word(word.decode("latin-1").split(".", 1)[0])
    return size_of_media(media) if media else None


def _keep_size(dsc: _Dsc, size: tuple[float, float] | None) -> None:
    if size is None or min(size) <= 0:
        return
    if dsc.at_page:
        dsc.page_size_mm = size
    else:
        dsc.size_mm = size


def _feature(draft: Draft, dsc: _Dsc, value: bytes) -> None:
    words = value.split()
    if len(words) < 2:
        return
    if words[0] in (b"*PageSize", b"*PageRegion"):
        _keep_size(dsc, _size_of_word(words[1]))
    elif words[0] == b"*Duplex":
        named = {b"DuplexNoTumble": Sides.TWO_SIDED_LONG_EDGE, b"DuplexTumble": Sides.TWO_SIDED_SHORT_EDGE}
        draft.sides = named.get(words[1], Sides.ONE_SIDED)
    elif words[0] == b"*ColorModel" and words[1].lower() in (b"gray", b"grayscale", b"black"):
        draft.monochrome = True


def _box(value: bytes) -> tuple[float, float] | None:
    try:
        left, bottom, right, top = (float(number) for number in value.split()[:4])
    except ValueError:
        return None
    return ((right - left) * MM_PER_POINT, (top - bottom) * MM_PER_POINT) if right > left and top > bottom else None


def _process_colors(dsc: _Dsc, value: bytes) -> None:
    if b"atend" in value or not value:
        return
    color = any(ink in value for ink in (b"Cyan", b"Magenta", b"Yellow", b"Red", b"Green", b"Blue"))
    if dsc.at_page:
        dsc.page_color = color
    else:
        dsc.color = color


def _requirements(draft: Draft, value: bytes) -> None:
    if found := re.search(rb"numcopies\((\d{1,4})\)", value):
        draft.page_copies = max(1, int(found[1]))
    if b"duplex(tumble)" in value:
        draft.sides = Sides.TWO_SIDED_SHORT_EDGE
    elif b"duplex" in value:
        draft.sides = Sides.TWO_SIDED_LONG_EDGE


def _finish_page(draft: Draft, dsc: _Dsc) -> None:
    color = dsc.page_color if dsc.page_color is not None else dsc.color
    added = draft.add_page(size_mm=dsc.page_size_mm or dsc.size_mm, color=color)
    dsc.at_page, dsc.page_size_mm, dsc.page_color, dsc.ended = False, None, None, not added


def _first_page_size(data: Data, start: int, end: int) -> tuple[float, float] | None:
    match = _PAGE_SIZE.search(data, start, end)
    if match is None or not float(match[1]) or not float(match[2]):
        return None
    return float(match[1]) * MM_PER_POINT, float(match[2]) * MM_PER_POINT


def _hints(data: Data, start: int, end: int, draft: Draft) -> None:
    """Duplex, Tumble and copies as the program's text sets them: hints, as a branch may not be taken."""
    duplex = tumble = None
    for match in _HINT.finditer(data, start, min(end, start + _LOOK_BYTES_MAX)):
        if match[1] == b"Duplex":
            duplex = match[2] == b"true"
        elif match[1] == b"Tumble":
            tumble = match[2] == b"true"
        elif match[3] and int(match[3]):
            draft.page_copies = int(match[3])
    if duplex is not None:
        two_sided = Sides.TWO_SIDED_SHORT_EDGE if tumble else Sides.TWO_SIDED_LONG_EDGE
        draft.sides = two_sided if duplex else Sides.ONE_SIDED


def _settle(draft: Draft, dsc: _Dsc, data: Data, start: int, end: int, *, is_eps: bool, before: int) -> None:
    """Decide between the pages found, the total stated, and an estimate."""
    if dsc.pages:
        if dsc.declared not in (None, 0, dsc.pages):
            draft.problem(f"The PostScript file says that it has {dsc.declared} pages, but marks {dsc.pages}.")
        return
    size_mm = dsc.size_mm or (dsc.bounding_box_mm if is_eps else None)
    if is_eps:  # one page by definition, whether it says showpage or not
        draft.add_page(size_mm=size_mm, color=dsc.color)
    elif dsc.declared:
        draft.weaken(PagesBasis.DECLARED)
        draft.add_like_pages(dsc.declared, size_mm=size_mm, color=dsc.color)
    else:
        draft.weaken(PagesBasis.ESTIMATED)
        count = _showpages(data, start, min(end, start + _LOOK_BYTES_MAX))
        draft.add_like_pages(count, size_mm=size_mm, color=dsc.color)
        if draft.pages > before:
            draft.problem("The PostScript file does not mark its pages; their number is an estimate.")


def _showpages(data: Data, start: int, end: int) -> int:
    """How often showpage stands outside of procedures; 1 where it only stands in them."""
    depth = outside = inside = 0
    for match in _TOKEN.finditer(data, start, end):
        token = match[0]
        if token == b"{":
            depth += 1
        elif token == b"}":
            depth = max(0, depth - 1)
        elif token in (b"showpage", b"copypage"):
            if depth:
                inside += 1
            else:
                outside += 1
    return outside or min(inside, 1)
