"""PDF (ISO 32000) and PCLm: pages, their sizes, what the file says about itself, and what its pages mark."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions, OutOfTime
from platen.documents.pdf.color import PageLook, PageLooks
from platen.documents.pdf.extent import end_of, start_of
from platen.documents.pdf.finding import Finder, Found
from platen.documents.pdf.information import read_information
from platen.documents.pdf.pages import Pages
from platen.documents.pdf.pclm import read_ticket
from platen.documents.pdf.syntax import Ref
from platen.documents.source import Data

_LOOKS_KEPT = 10_000  # of pages that the tree names again

_NO_PAGES = "The PDF file holds no pages."
_NO_SIZE = (
    "Some pages of the PDF file do not say how large they are, or not so that it makes sense; "
    "Letter was taken for them, as most readers do."
)
_FONTS = "The PDF file holds too many fonts to look at each; more may be missing from it."


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PDF document at `start`. Returns: its end, which inside PJL is the next exit."""
    stop = end_of(data, start)
    with ExitStack() as opened:
        found = _found(Finder(data, start_of(data, start, stop), stop, draft, options), opened, draft)
        pages = found.pages
        read_information(found.objects, data, found.start, draft)
        read_ticket(data, found.start, stop, draft)
        draft.fonts_not_embedded |= pages.fonts_not_embedded
        _say_what_is_odd(pages, draft)
        if pages.fonts_exhausted:
            draft.problem(_FONTS)
        if found.objects is not None and (options.color or options.coverage):
            bounds = (found.start, stop)
            with PageLooks(found.objects, data, bounds, pages=len(pages), draft=draft, options=options) as looks:
                _add_with_looks(pages, looks, draft)
        else:
            _add(pages, 0, draft)
    if not draft.pages and not draft.encrypted:
        draft.problem(_NO_PAGES)
    return stop


def _say_what_is_odd(pages: Pages, draft: Draft) -> None:
    if pages.sizes_guessed:
        draft.problem(_NO_SIZE)
    if pages.declared not in (None, len(pages)) and 0 < len(pages) <= draft.limits.pages_max:
        draft.problem(f"The PDF file says that it has {pages.declared} pages, but it holds {len(pages)}.")


def _found(finder: Finder, opened: ExitStack, draft: Draft) -> Found:
    try:
        return finder.find(opened)
    except OutOfTime:
        _add(finder.pages, 0, draft)
        raise


def _add(pages: Pages, first: int, draft: Draft) -> None:
    """Add pages, from the `first` (from 0) on, of which no more than the size is known."""
    before = draft.pages
    rest = itertools.islice(pages.sizes_mm, first, None)
    for size_mm, run in itertools.groupby(rest):
        draft.add_like_pages(sum(1 for _ in run), size_mm=size_mm)
    if draft.pages - before < len(pages) - first:  # one page more than may be added was found: let it be said
        draft.add_page()


def _add_with_looks(pages: Pages, looks: PageLooks, draft: Draft) -> None:
    done = 0
    try:
        for size_mm, look in zip(pages.sizes_mm, _looks_at(pages, looks), strict=True):
            if not draft.add_page(size_mm=size_mm, color=look.color, blank=look.blank, coverage=look.coverage):
                break
            done += 1
    except OutOfTime:
        _add(pages, done, draft)
        draft.all_pages_counted = True
        raise


def _looks_at(pages: Pages, looks: PageLooks) -> Iterator[PageLook]:
    """What is seen on each page; a page that stands in the tree more than once is looked at once."""
    repeats = len(set(pages.refs)) < len(pages)
    known: dict[Ref | None, PageLook] = {}
    for index, ref in enumerate(pages.refs):
        look = known.get(ref)
        if look is None:
            look = looks.of_page(ref, index)
            if repeats and ref is not None and len(known) < _LOOKS_KEPT:
                known[ref] = look
        yield look
