"""PDF pages as pixels, by PDFium.

Pages are rendered as they are printed: annotations with their Print flag, optional content as for printing. The size
of a bitmap has a bound of its own, whatever the page claims; how much work a page may cost is the caller's to decide
before it asks (see `platen.documents.pdf.marks`), as PDFium cannot be stopped.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from platen.documents.render.looks import Pixels
from platen.documents.source import Data

_PT_PER_INCH = 72.0
_EDGE_PX_MAX = 4096
_BITMAP_PX_MAX = 4 * 1024 * 1024
_FLAGS = pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING
_ONE_AT_A_TIME = threading.RLock()  # PDFium knows no threads


class PdfRenderer:
    """Renders the pages of one document. Opens it when the first page is asked for; close it to free the data.

    `repaired` gives the document as another reader understands it, or None; it is asked for where PDFium cannot
    open the original or finds another number of pages in it than `pages`. `bounds`: the document's part of the data.
    """

    def __init__(
        self,
        data: Data,
        bounds: tuple[int, int] | None = None,
        *,
        password: str | None = None,
        pages: int | None = None,
        repaired: Callable[[], bytes | None] | None = None,
    ) -> None:
        start, stop = bounds or (0, len(data))
        # A view, not a copy.
        self._octets: NDArray[Any] | None = np.frombuffer(data, np.uint8, stop - start, start) if stop > start else None
        self._password = password.encode() if password else None
        self._pages = pages
        self._repaired = repaired
        self._document: Any = None
        self._pixels: Pixels | None = None  # of one page after the other, which are mostly of one size
        self._form: Any = None
        self._form_callbacks: Any = None
        self._opened = False

    def __enter__(self) -> PdfRenderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the document and of its data. May be called twice."""
        with _ONE_AT_A_TIME:
            self._close_document()
            self._octets, self._opened = None, True

    @property
    def page_count(self) -> int:
        """The pages that PDFium finds; 0 where it cannot open the document."""
        with _ONE_AT_A_TIME:
            return int(pdfium.FPDF_GetPageCount(document)) if (document := self._open()) else 0

    def render(self, index: int, dpi: float, box_px: tuple[int, int] | None = None) -> Pixels | None:
        """One page, counted from 0, on white: shape (height, width, 4), blue, green, red and an unused octet.

        `box_px` limits width and height further. The pixels are those of this page until the next is rendered.
        Returns: None where PDFium cannot load or draw the page.
        """
        with _ONE_AT_A_TIME, self._page(index) as page:
            if not page:
                return None
            size = _size_px(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), dpi, box_px)
            return None if size is None else self._drawn(page, *size)

    @contextmanager
    def _page(self, index: int) -> Iterator[Any]:
        document = self._open()
        page = pdfium.FPDF_LoadPage(document, index) if document else None
        try:
            yield page
        finally:
            if page:
                pdfium.FPDF_ClosePage(page)

    def _open(self) -> Any:
        if not self._opened:
            self._opened = True
            self._document = self._load(self._password)
            found = pdfium.FPDF_GetPageCount(self._document) if self._document else 0
            if self._repaired and (not found or (self._pages is not None and found != self._pages)):
                self._open_repaired()
            self._open_form()
        return self._document

    def _open_form(self) -> None:
        """Have the fields of an interactive form drawn, which PDFium takes for no part of the page."""
        if not self._document or pdfium.FPDF_GetFormType(self._document) == pdfium.FORMTYPE_NONE:
            return
        self._form_callbacks = pdfium.FPDF_FORMFILLINFO(version=2)  # to be kept as long as the form
        self._form = pdfium.FPDFDOC_InitFormFillEnvironment(self._document, self._form_callbacks)
        if self._form:
            pdfium.FPDF_SetFormFieldHighlightAlpha(self._form, 0)  # a hint for a screen

    def _close_document(self) -> None:
        if self._form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self._form)
        if self._document:
            pdfium.FPDF_CloseDocument(self._document)
        self._document = self._form = None

    def _open_repaired(self) -> None:
        octets = self._repaired() if self._repaired else None
        if octets is None:
            return
        self._close_document()
        self._octets = np.frombuffer(octets, np.uint8)
        self._document = self._load(None)

    def _load(self, password: bytes | None) -> Any:
        octets = self._octets
        if octets is None or not octets.size:
            return None
        return pdfium.FPDF_LoadMemDocument64(ctypes.c_void_p(octets.ctypes.data), octets.size, password)

    def _drawn(self, page: Any, width: int, height: int) -> Pixels | None:
        if self._pixels is None or self._pixels.shape != (height, width, 4):
            self._pixels = np.empty((height, width, 4), np.uint8)
        pixels = self._pixels
        pixels.fill(255)
        address = ctypes.c_void_p(pixels.ctypes.data)
        # Text in form fields is smoothed with coloured fringes, as for a flat screen, unless the bitmap has alpha.
        kind = pdfium.FPDFBitmap_BGRA if self._form else pdfium.FPDFBitmap_BGRx
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, kind, address, width * 4)
        if not bitmap:
            return None
        try:
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, _FLAGS)
            if self._form:
                pdfium.FPDF_FFLDraw(self._form, bitmap, page, 0, 0, width, height, 0, _FLAGS)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        return pixels


def _size_px(width_pt: float, height_pt: float, dpi: float, box_px: tuple[int, int] | None) -> tuple[int, int] | None:
    """Width and height of the bitmap: at most `dpi`, within the box and within the bounds; None for no real size."""
    if not (0 < width_pt < float("inf") and 0 < height_pt < float("inf")):
        return None
    box_width, box_height = box_px or (_EDGE_PX_MAX, _EDGE_PX_MAX)
    scale = min(
        dpi / _PT_PER_INCH,
        min(box_width, _EDGE_PX_MAX) / width_pt,
        min(box_height, _EDGE_PX_MAX) / height_pt,
        (_BITMAP_PX_MAX / width_pt / height_pt) ** 0.5,
    )
    return max(1, round(width_pt * scale)), max(1, round(height_pt * scale))
