"""A copy of a PDF document in which inks look as plain arithmetic has it, so that its rendering shows how much of each.

Renderers show inks (DeviceCMYK, and profiles of four channels) as on some press, from which nobody finds back to the
amounts. In the copy every such space is one with a profile of our own, and operators that set inks set the light that
stands for them (see `render.ink_profile`). Inks of inline pictures stay as they are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from platen.documents.pdf.objects import decoded
from platen.documents.pdf.objects_by_qpdf import DAMAGE, save
from platen.documents.render.ink_profile import ink_profile
from platen.documents.render.looks import Pixels
from platen.documents.render.pdfium import PdfRenderer

_OBJECTS_MAX = 50_000
_CONTENT_BYTES_MAX = 64 * 1024 * 1024  # of all streams that are changed
_NESTING_MAX = 20
_NUMBER = rb"([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))[\s\0]+"
_SETS_INKS = re.compile(rb"(?<![^\s\0\])>])" + _NUMBER * 4 + rb"([kK])(?![^\s\0\[(</%])")
_INKS = Name.DeviceCMYK


class InkPages:
    """Renders pages of a document for their inks. Makes the copy when the first one is asked for; to be closed."""

    def __init__(self, opened: Callable[[], pikepdf.Pdf | None], pages: int) -> None:
        """Args: opened: gives the document, which is changed and closed; pages: as many as the copy has to have."""
        self._opened, self._pages = opened, pages
        self._renderer: PdfRenderer | None = None
        self._is_made = False

    def pixels(self, index: int, dpi: float) -> Pixels | None:
        """One page, counted from 0, as `PdfRenderer.render` gives it; None where there is no copy."""
        if not self._is_made:
            self._is_made = True
            self._renderer = self._made()
        return self._renderer.render(index, dpi) if self._renderer is not None else None

    def close(self) -> None:
        if self._renderer is not None:
            self._renderer.close()

    def _made(self) -> PdfRenderer | None:
        pdf = self._opened()
        if pdf is None:
            return None
        with pdf:
            octets = with_plain_inks(pdf)
        renderer = PdfRenderer(octets) if octets is not None else None
        return renderer if renderer is not None and renderer.page_count == self._pages else None


def with_plain_inks(pdf: pikepdf.Pdf) -> bytes | None:
    """Change the opened document, and give it as a file. None: it is too large or too damaged for that."""
    try:
        if len(pdf.objects) > _OBJECTS_MAX:
            return None
        _change(pdf)
        file = io.BytesIO()
        save(pdf, file, encryption=False, compress_streams=False)
    except DAMAGE:
        return None
    return file.getvalue()


def _change(pdf: pikepdf.Pdf) -> None:
    objects = list(pdf.objects)
    profile = pdf.make_indirect(pdf.make_stream(ink_profile(), N=4, Alternate=_INKS))
    spaces = _Spaces(pdf.make_indirect(Array([Name.ICCBased, profile])))
    for found in objects:
        spaces.replace_in(found)
    contents = {stream.objgen for page in pdf.pages for stream in _streams_of(page.obj.get("/Contents"))}
    contents |= spaces.glyphs
    left = _CONTENT_BYTES_MAX
    for found in objects:
        if isinstance(found, pikepdf.Stream) and (found.objgen in contents or _is_content(found)):
            left -= _set_light(found, left)


def _streams_of(contents: Any) -> Iterator[pikepdf.Stream]:
    parts = contents.as_list() if isinstance(contents, Array) else [contents]
    return (part for part in parts if isinstance(part, pikepdf.Stream))


def _is_content(stream: pikepdf.Stream) -> bool:
    return stream.get("/Subtype") == Name.Form or stream.get("/PatternType") == 1


def _set_light(stream: pikepdf.Stream, bytes_max: int) -> int:
    """Have a content stream set light where it sets inks. Returns: its octets."""
    content = decoded(stream, max(0, bytes_max))
    if content is None:
        return 0
    changed, count = _SETS_INKS.subn(_as_light, content)
    if count:
        stream.write(changed)
    return len(content)


def _as_light(match: re.Match[bytes]) -> bytes:
    *inks, black = (min(1.0, max(0.0, float(number))) for number in match.groups()[:4])
    light = b" ".join(b"%.4f" % (1 - min(1.0, ink + black)) for ink in inks)
    return light + (b" rg" if match[5] == b"k" else b" RG")


class _Spaces:
    """Replaces the space of inks wherever an object names it. `glyphs`: content of Type 3 fonts, met on the way."""

    def __init__(self, space: pikepdf.Object) -> None:
        self._space = space
        self.glyphs: set[tuple[int, int]] = set()

    def replace_in(self, found: Any, depth: int = _NESTING_MAX) -> None:
        """Of an object and what is written into it; further objects are visited by themselves."""
        if depth <= 0:
            return
        if isinstance(found, Array):
            if len(found) and _is_of_inks(found):
                found[0:] = self._space.as_list()
                return
            entries: list[tuple[Any, Any]] = list(enumerate(found.as_list()))
        elif isinstance(found, Dictionary | pikepdf.Stream):
            _set_default(found.get("/Resources"), self._space)
            if isinstance(glyphs := found.get("/CharProcs"), Dictionary):
                self.glyphs |= {glyph.objgen for glyph in glyphs.as_dict().values()}
            entries = list(found.items())
        else:
            return
        for key, value in entries:
            if isinstance(value, Name) and value == _INKS:
                found[key] = self._space
            elif isinstance(value, Array | Dictionary) and not value.is_indirect:
                self.replace_in(value, depth - 1)


def _is_of_inks(written: Array) -> bool:
    """Whether an array is a space of four inks: the name alone, or a profile (ISO 32000-1 section 8.6.5.5)."""
    if written[0] == _INKS:
        return True
    profile = written[1] if len(written) == 2 and written[0] == Name.ICCBased else None
    return isinstance(profile, pikepdf.Stream) and profile.get("/N") == 4


def _set_default(resources: Any, space: pikepdf.Object) -> None:
    """For content that chooses the space of inks by its name (section 8.6.5.6)."""
    if not isinstance(resources, Dictionary):
        return
    if "/ColorSpace" not in resources:
        resources.ColorSpace = Dictionary()
    if isinstance(resources.ColorSpace, Dictionary):
        resources.ColorSpace.DefaultCMYK = space
