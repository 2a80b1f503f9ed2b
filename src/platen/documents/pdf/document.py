"""PDF (ISO 32000): pages, their sizes, and colour by what their content declares. Structure is read by qpdf."""

from __future__ import annotations

import io
import re
from typing import BinaryIO

import pikepdf

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_POINT
from platen.documents.pdf.color import ColorReader
from platen.documents.pdf.objects import inherited
from platen.documents.source import Data

_LETTER_PT = (612.0, 792.0)
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_DAMAGED = "The PDF file is damaged and could not be read; a printer may refuse it too."
_BAD_PAGE = "A page of the PDF file is damaged; its size and colour are not known."


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PDF document at `start`. Returns: the end of the data."""
    stream: BinaryIO = (
        io.BytesIO(data[start:]) if start or isinstance(data, bytes) else io.BufferedReader(_Mapped(data))
    )
    try:
        with pikepdf.open(stream, suppress_warnings=True, access_mode=pikepdf.AccessMode.stream) as pdf:
            _read_document(pdf, draft, options)
    except pikepdf.PasswordError:
        draft.problem("The PDF file can only be opened with a password; print it without one.")
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError, OverflowError, AttributeError):
        # qpdf and its binding report damage in all of these ways; pages found before it are kept.
        draft.problem(_DAMAGED)
        if draft.pages == 0:
            _estimate(data, start, draft, min(len(data), start + options.limits.pdf_content_bytes_max))
    return len(data)


class _Mapped(io.RawIOBase):
    """A mapped file as the stream that qpdf reads, without a copy."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._data)}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed: a private name
        piece = self._data[self._position : self._position + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


def _read_document(pdf: pikepdf.Pdf, draft: Draft, options: AnalysisOptions) -> None:
    colors = ColorReader(options.limits) if options.color else None
    _read_information(pdf, draft)
    for page in pdf.pages:  # the pages that are there, whatever /Count claims
        draft.pages_known = True
        size_mm, color, blank = None, None, None
        try:
            size_mm = _size_mm(page)
            if colors is not None:
                color, blank = colors.of_page(page)
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, AttributeError, OverflowError):
            draft.problem(_BAD_PAGE)
        if not draft.add_page(size_mm=size_mm, color=color, blank=blank):
            break
    if colors is not None and colors.exhausted:
        draft.problem("The PDF file is too large to look for colour on every page.")
    if draft.pages == 0:
        draft.problem("The PDF file holds no pages.")


def _estimate(data: Data, start: int, draft: Draft, end: int) -> None:
    """Count page objects in a file whose page tree qpdf refuses (it turns in circles, or is not there)."""
    count = sum(1 for _ in _PAGE_OBJECT.finditer(data, start, end))
    if count:
        draft.weaken(PagesBasis.ESTIMATED)
        draft.add_like_pages(count)


def _read_information(pdf: pikepdf.Pdf, draft: Draft) -> None:
    try:
        information = pdf.docinfo
        title, producer = information.get("/Title"), information.get("/Producer")
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError):
        return
    if isinstance(title, pikepdf.String):
        draft.title = draft.title or str(title).strip() or None
    if isinstance(producer, pikepdf.String):
        draft.driver = draft.driver or str(producer).strip() or None


def _box(value: pikepdf.Object | None) -> tuple[float, float, float, float] | None:
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    x1, y1, x2, y2 = (float(number) for number in value.as_list())
    return (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _size_mm(page: pikepdf.Page) -> tuple[float, float]:
    """The crop box within the media box, turned by /Rotate and scaled by /UserUnit (ISO 32000-1 section 14.11.2)."""
    media = _box(inherited(page, "/MediaBox"))
    crop = _box(inherited(page, "/CropBox"))
    if media is None:
        media = (0.0, 0.0, *_LETTER_PT)
    box = media
    if crop is not None:
        box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
        if box[2] <= box[0] or box[3] <= box[1]:
            box = media
    width, height = box[2] - box[0], box[3] - box[1]
    if width <= 0 or height <= 0:
        width, height = _LETTER_PT
    unit = page.obj.get("/UserUnit")
    scale = MM_PER_POINT * (float(unit) if unit is not None and 0 < float(unit) < 75_000 else 1.0)
    rotate = inherited(page, "/Rotate")
    turned = rotate is not None and int(rotate) % 180 == 90
    return (height * scale, width * scale) if turned else (width * scale, height * scale)
