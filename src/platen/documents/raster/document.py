"""A raster document of any format: its pages told to the draft, its outline found by `outline` or by sizes."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.facts import Coverage, PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions, OutOfTime
from platen.documents.pictures.seen import COLOR, WHITE
from platen.documents.raster.header import PageHeader, RasterFormat
from platen.documents.raster.outline import Outline, PartlyOutlined, outline
from platen.documents.raster.page import StoredPage
from platen.documents.raster.pixels import Pixels, pixels_of
from platen.documents.raster.release import Releaser
from platen.documents.source import Data

_FILLER = b"\0\t\n\r \x04"  # what port monitors put behind a job
_UEL = b"\x1b%-12345X"
_SOUGHT_BYTES = 1 << 16  # in front of the magic


def read_document(data: Data, start: int, draft: Draft, options: AnalysisOptions, form: RasterFormat) -> int:
    """Read the document at or soon behind `start`. Returns: the offset behind its last page."""
    draft.pages_known = True
    begin = data.find(form.sync, start, start + _SOUGHT_BYTES)
    if begin < 0:
        draft.problem("The raster file has no beginning.")
        return len(data)
    pages_before = draft.pages
    first = begin + form.preamble_bytes
    try:
        found = (outline if form.compressed else _outline_by_sizes)(data, first, form, options.limits)
    except PartlyOutlined as ended:
        _add_pages(data, ended.found.starts, draft, AnalysisOptions(color=False, limits=options.limits), form)
        raise
    _add_pages(data, found.starts, draft, options, form)
    _explain(draft, found, draft.pages - pages_before)
    _explain_rest(draft, data, found)
    return min(found.stop, len(data))


def _outline_by_sizes(data: Data, position: int, form: RasterFormat, limits: AnalysisLimits) -> Outline:
    """The pages of a document that is not compressed: their length follows from their header."""
    found = Outline(totals=[0], stop=position)
    while header := form.header_at(data, position):
        layout = header.layout
        found.starts.append(position)
        stop = position + form.header_bytes + layout.stored_lines * layout.line_bytes
        found.stop = min(stop, len(data))
        found.cut = stop > len(data)
        if len(found.starts) > limits.pages_max:
            break
        position = stop + len(form.sync) if data[stop : stop + len(form.sync)] == form.sync else stop
    return found


def _headers(data: Data, starts: array[int], form: RasterFormat) -> Iterator[tuple[int, PageHeader]]:
    for start in starts:
        header = form.header_at(data, start)
        if header is not None:
            yield start, header


def _add_pages(data: Data, starts: array[int], draft: Draft, options: AnalysisOptions, form: RasterFormat) -> None:
    """Raises: OutOfTime, when all pages are added, but the last of them were not looked at."""
    look, releaser = _Look(draft, options), Releaser(data, starts[0] if starts else 0)
    ended: OutOfTime | None = None
    for start, header in _headers(data, starts, form):
        _state(draft, header)
        page = StoredPage(data=data, begin=start + form.header_bytes, layout=header.layout, compressed=form.compressed)
        try:
            seen = _Seen() if ended else look.at(page)
        except OutOfTime as now:
            seen, ended = _Seen(), now
        if not _add_page(draft, header, seen):
            break
        releaser.passed(start)
    if ended:
        draft.all_pages_counted = True
        raise ended


@dataclass(frozen=True, slots=True)
class _Seen:
    color: bool | None = None
    blank: bool | None = None
    coverage: Coverage | None = None


class _Look:
    """Looks at pages as far as that is asked for, and as long as it takes no more than it may."""

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self._draft = draft
        self._options = options
        self._octets_left = options.limits.raster_look_bytes_max

    def at(self, page: StoredPage) -> _Seen:
        options = self._options
        if not options.color and not options.coverage:
            return _Seen()
        pixels = pixels_of(page.layout)
        if pixels is None:
            self._draft.problem("A page has a colour space or a depth that raster formats do not define.")
            return _Seen()
        if self._octets_left <= 0:
            self._draft.problem("The raster file is too large to look at all of it; not every page's colour is known.")
            return _Seen(color=None if pixels.most == COLOR else False)
        seen, octets = page.seen(pixels)
        self._octets_left -= octets
        return _Seen(seen == COLOR, seen == WHITE, _coverage(page, pixels) if options.coverage else None)


def _coverage(page: StoredPage, pixels: Pixels) -> Coverage:
    from platen.documents.raster.coverage import coverage_of_page  # loads numpy

    return coverage_of_page(page, pixels)


def _state(draft: Draft, header: PageHeader) -> None:
    """What the first page says holds for the document."""
    if draft.resolution_dpi is not None:
        return
    draft.resolution_dpi = header.dpi
    if draft.sides is None:
        draft.sides = header.sides
    if header.copies > 1:
        draft.page_copies, draft.copies_collated = draft.copies_within(header.copies), header.collated


def _add_page(draft: Draft, header: PageHeader, seen: _Seen) -> bool:
    return draft.add_page(
        size_mm=header.size_mm,
        color=seen.color,
        blank=seen.blank,
        sides=None if header.sides is draft.sides else header.sides,
        copies=_own_copies(draft, header),
        coverage=seen.coverage,
    )


def _own_copies(draft: Draft, header: PageHeader) -> int:
    """How often this page is printed for each copy of the document."""
    return draft.copies_within(max(1, header.copies)) // draft.page_copies or 1


def _explain(draft: Draft, found: Outline, pages: int) -> None:
    if found.spent:
        draft.weaken(PagesBasis.DECLARED)
        draft.problem("The raster file is too large to look at every line; pages were counted by their headers.")
        draft.add_like_pages(found.total - pages)
        return
    if not pages:
        draft.problem("The raster file holds no page, or its first page header is damaged.")
    if found.cut:
        draft.problem("The raster file ends in the middle of a page.")
    if found.total and found.total != pages:
        draft.problem(f"The raster file says that it holds {found.total} pages, but {pages} are in it.")
    if found.damaged:
        draft.problem("A page of the raster file is damaged; the pages after it were found by their headers.")
    elif found.overflow:
        draft.problem("A line of the raster file is longer than its header says; the file may be damaged.")
    if found.gaps:
        draft.problem("Something lies between two pages of the raster file; the pages after it were counted.")


def _explain_rest(draft: Draft, data: Data, found: Outline) -> None:
    """Say that something follows the last page that is no page: junk, or a page header that is damaged."""
    rest = bytes(data[found.stop : found.stop + _SOUGHT_BYTES]).lstrip(_FILLER)
    if found.starts and rest and not rest.startswith((_UEL, b"@PJL")):
        draft.problem("Something that is no page follows the last page of the raster file; it was not counted.")
