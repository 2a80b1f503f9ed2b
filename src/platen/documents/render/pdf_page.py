"""The first page of a PDF document as a small picture."""

from __future__ import annotations

from contextlib import ExitStack

from PIL import Image

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pdf.color import PageLooks
from platen.documents.pdf.extent import end_of, start_of
from platen.documents.pdf.finding import Finder
from platen.documents.source import Data


def first_pdf_page(data: Data, start: int, box_px: tuple[int, int], options: AnalysisOptions) -> Image.Image | None:
    """The first page, within the box; None where it cannot be opened, or takes too much work to render."""
    stop = end_of(data, start)
    draft = Draft(options.limits)
    with ExitStack() as opened:
        found = Finder(data, start_of(data, start, stop), stop, draft, options).find(opened)
        if found.objects is None or not found.pages:
            return None
        bounds, pages = (found.start, stop), len(found.pages)
        with PageLooks(found.objects, data, bounds, pages=pages, draft=draft, options=options) as looks:
            pixels = looks.picture(found.pages.refs[0], 0, box_px)
            return None if pixels is None else Image.fromarray(pixels[..., 2::-1].copy())
