"""Whether a PDF page is coloured or blank by what it visibly marks, and how much ink it takes.

A page whose content can mark no colour, and surely marks something or surely nothing, is told without rendering it;
so is one that surely shows a coloured area.
Of every other page the pixels decide: what lies outside the page or under something else, what is clipped, hidden
or white, is not there.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platen.documents.draft import Draft
from platen.documents.facts import Coverage
from platen.documents.limits import AnalysisOptions
from platen.documents.pdf.marks import DAMAGED, UNREAD, Marks, MarksReader
from platen.documents.pdf.reading import Objects
from platen.documents.pdf.scan import ObjectsFound
from platen.documents.pdf.syntax import Irregular, Ref, TooLarge
from platen.documents.source import Data

if TYPE_CHECKING:
    import pikepdf

    from platen.documents.pdf.plain_inks import InkPages
    from platen.documents.render.looks import Chroma, Pixels
    from platen.documents.render.pdfium import PdfRenderer

# Pixels of 0.7 mm, in which small print still leaves its colour; a page is a tenth of a megapixel.
_LOOK_DPI = 36
# Where the first look finds a trace of colour, or a pixel or two, a second one tells thin coloured marks from what is
# almost grey.
_CLOSE_LOOK_DPI = 144
_TRACE = 8  # of 255, as NEAR_GRAY
_POINT_PX = 2
_COVERAGE_DPI = 72
_PICTURE_DPI = 300  # at most
_REPAIRED_BYTES_MAX = 64 * 1024 * 1024

_TOO_MUCH = "Some pages of the PDF file are too laborious to render; what they show is not all known."
_NOT_RENDERED = "Some pages of the PDF file could not be rendered; what they show is not all known."


@dataclass(frozen=True, slots=True)
class PageLook:
    """What is seen on a page; None: not known, or not asked for."""

    color: bool | None = None
    blank: bool | None = None
    coverage: Coverage | None = None


UNSEEN = PageLook()


class PageLooks:
    """Looks at the pages of one document, each of which is rendered only where that is needed. To be closed."""

    def __init__(
        self,
        objects: Objects,
        data: Data,
        bounds: tuple[int, int],
        *,
        pages: int,
        draft: Draft,
        options: AnalysisOptions,
    ) -> None:
        """Args: bounds: where the file begins and ends in the data; pages: how many it is known to have."""
        self._data, self._bounds, self._pages = data, bounds, pages
        self._draft, self._options = draft, options
        self._marks = MarksReader(objects, options.limits, look_for_inks=options.coverage)
        self._effort_left = options.limits.pdf_render_effort_max
        self._is_repairable = not isinstance(objects, ObjectsFound) or objects.is_repairable
        self._renderer: PdfRenderer | None = None
        self._qpdf: pikepdf.Pdf | None = None
        self._marks_by_qpdf: MarksReader | None = None
        self._inks: InkPages | None = None

    def __enter__(self) -> PageLooks:
        return self

    def __exit__(self, *_: object) -> None:
        if self._renderer is not None:
            self._renderer.close()
        if self._inks is not None:
            self._inks.close()
        if self._qpdf is not None:
            self._qpdf.close()

    def of_page(self, ref: Ref | None, index: int) -> PageLook:
        """Look at one page: the index-th of the document, from 0. Bad content never raises."""
        marks = self._marks_of(ref)
        if not marks.paints:
            return self._as_asked(PageLook(color=False, blank=True, coverage=(0, 0, 0, 0)))
        if marks.plainly and not marks.color and not self._options.coverage:
            return PageLook(color=False, blank=False)
        if marks.plainly_colored and not self._options.coverage:
            return self._as_asked(PageLook(color=True, blank=False))
        look = self._rendered(marks, index)
        # Without a picture of the page, what it cannot hold is still known.
        return self._as_asked(look or PageLook(None if marks.color else False, False if marks.plainly else None))

    def picture(self, ref: Ref | None, index: int, box_px: tuple[int, int]) -> Pixels | None:
        """One page as pixels within the box; None where it cannot be rendered, or not with bounded work."""
        marks = self._marks_of(ref)
        if self._is_too_much(marks):
            return None
        return self._pixels(index, _PICTURE_DPI, box_px)

    def _as_asked(self, look: PageLook) -> PageLook:
        options = self._options
        return PageLook(look.color if options.color else None, look.blank, look.coverage if options.coverage else None)

    def _marks_of(self, ref: Ref | None) -> Marks:
        if ref is None:
            return DAMAGED
        try:
            return self._marks.of_page(ref)
        except TooLarge:
            return UNREAD
        except Irregular:  # a filter that only qpdf undoes, or damage that it may repair
            pass
        try:
            if self._marks_by_qpdf is None and (pdf := self._by_qpdf()) is not None:
                from platen.documents.pdf.objects_by_qpdf import ObjectsByQpdf

                self._marks_by_qpdf = MarksReader(
                    ObjectsByQpdf(pdf), self._options.limits, look_for_inks=self._options.coverage
                )
            if self._marks_by_qpdf is not None:
                return self._marks_by_qpdf.of_page(ref)
        except TooLarge:
            return UNREAD
        except Irregular:
            pass
        return DAMAGED

    def _by_qpdf(self) -> pikepdf.Pdf | None:
        if self._qpdf is None:
            self._qpdf = self._opened()
        return self._qpdf

    def _opened(self) -> pikepdf.Pdf | None:
        if not self._is_repairable:
            return None
        from platen.documents.pdf.objects_by_qpdf import DAMAGE, open_by_qpdf  # most files need no qpdf

        with contextlib.suppress(*DAMAGE):
            return open_by_qpdf(self._data, *self._bounds, self._options.password)
        return None

    def _is_too_much(self, marks: Marks) -> bool:
        return marks.effort > min(self._effort_left, self._options.limits.pdf_page_effort_max)

    def _rendered(self, marks: Marks, index: int) -> PageLook | None:
        if self._is_too_much(marks):
            self._draft.problem(_TOO_MUCH)
            return None
        self._effort_left -= marks.effort
        pixels = self._pixels(index, _COVERAGE_DPI if self._options.coverage else _LOOK_DPI)
        if pixels is None:
            self._draft.problem(_NOT_RENDERED)
            return None
        return self._look(pixels, marks, index)

    def _look(self, pixels: Pixels, marks: Marks, index: int) -> PageLook:
        from platen.documents.render.coverage import coverage_of_rgb
        from platen.documents.render.looks import chroma_of

        chroma = chroma_of(pixels)
        if chroma is None:
            return PageLook(color=marks.plainly_colored, blank=not marks.plainly_colored, coverage=(0, 0, 0, 0))
        coverage = None
        if self._options.coverage:
            in_inks = self._pixels_for_inks(index) if self._uses_inks else None
            coverage = coverage_of_rgb((pixels if in_inks is None else in_inks)[..., 2::-1])
        color = marks.plainly_colored or (marks.color and self._is_color(chroma, marks, index))
        return PageLook(color=color, blank=False, coverage=coverage)

    @property
    def _uses_inks(self) -> bool:
        by_qpdf = self._marks_by_qpdf
        return self._marks.uses_inks or (by_qpdf is not None and by_qpdf.uses_inks)

    def _pixels_for_inks(self, index: int) -> Pixels | None:
        """The page by plain arithmetic from its inks; None where that cannot be had."""
        if self._inks is None:
            from platen.documents.pdf.plain_inks import InkPages  # for documents in inks alone

            self._inks = InkPages(self._opened_for_inks, self._pages)
        return self._inks.pixels(index, _COVERAGE_DPI)

    def _opened_for_inks(self) -> pikepdf.Pdf | None:
        start, stop = self._bounds
        return self._opened() if stop - start <= _REPAIRED_BYTES_MAX else None

    def _is_color(self, chroma: Chroma, marks: Marks, index: int) -> bool:
        """Whether what was found at the first look is colour that a person sees.

        A renderer draws a point even for an area of nothing; however close the look, it stays a pixel or two. Pictures
        are not looked at closer: that would find the coloured grain and fringes of a scan in grey.
        """
        from platen.documents.render.looks import PIXELS_ENOUGH, chroma_of

        if chroma.largest <= _TRACE or chroma.pixels >= PIXELS_ENOUGH or marks.pictured:
            return chroma.pixels > 0
        closer = self._pixels(index, _CLOSE_LOOK_DPI)
        found = chroma_of(closer) if closer is not None else chroma
        return found is not None and found.pixels > _POINT_PX

    def _pixels(self, index: int, dpi: float, box_px: tuple[int, int] | None = None) -> Pixels | None:
        if self._renderer is None:
            from platen.documents.render.pdfium import PdfRenderer  # only a document that needs it pays for it

            self._renderer = PdfRenderer(
                self._data,
                self._bounds,
                password=self._options.password,
                pages=self._pages,
                repaired=self._repaired,
            )
        return self._renderer.render(index, dpi, box_px)

    def _repaired(self) -> bytes | None:
        """The document as qpdf understands it, for a renderer that understands it otherwise."""
        start, stop = self._bounds
        pdf = self._by_qpdf() if stop - start <= _REPAIRED_BYTES_MAX else None
        if pdf is None:
            return None
        from platen.documents.pdf.objects_by_qpdf import DAMAGE, save

        stream = io.BytesIO()
        with contextlib.suppress(*DAMAGE):
            save(pdf, stream, encryption=False, compress_streams=False)
            return stream.getvalue()
        return None
