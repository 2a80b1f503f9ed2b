"""Where the pages of a compressed raster document begin and end.

The format has no lengths, so the plain way to a page's end is to walk every run of it. That is the arbiter here, but
not the rule, for it takes seconds where searching takes milliseconds. The shorter way rests on three facts:

- A header that a device accepts has octets at known places (`RasterFormat.mark`), small numbers between zeros, which
  pixels hardly ever have. A search for them misses no header, so where nothing but the next page's header is found
  between two pages, no page can be hidden there, whoever wrote the file.
- A header that is like one met before, a thousand zeros and all, is never part of what an encoder makes of pixels.
  Only a file made for it could hold one inside a page, and would so add pages, never lose any. Such a file is looked
  for: a share of the pages (the first ones, then one octet in 128) is walked, and where a walk ends elsewhere
  than the search said, or where there are more pages than the first header's total, every page is walked.
- What is found is exact where it matters: the last page, pages before a header that differs, and pages shorter or
  longer than their lines can be are always walked.

Where a walk ends at no header at all, the page is damaged, and the next header found is where the next page begins.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.documents.limits import AnalysisLimits, OutOfTime
from platen.documents.raster.header import RasterFormat
from platen.documents.raster.layout import RasterLayout
from platen.documents.raster.release import Releaser
from platen.documents.raster.walk import StepBudget, walk_page
from platen.documents.source import Data

_FIRST_WINDOW_BYTES, _WINDOW_BYTES = 1 << 13, 1 << 20  # searched at a time: a blank page has no more than the first
_NEAR_BYTES = 4096  # searched by pattern where something rare was found; headers are full of it
_OVERLAP_BYTES = 64  # of two windows, more than any mark
_WALKED_SHARE = 128
_DOUBTS_MAX = 10_000  # places that look like headers and are none; a file with more is walked


@dataclass(slots=True)
class Outline:
    """The pages found, in order."""

    starts: array[int] = field(default_factory=lambda: array("Q"))  # offset of each header
    totals: list[int] = field(default_factory=list)  # pages that each of the documents in a row states; 0: does not
    stop: int = 0  # behind the last page
    cut: bool = False  # the data end within the last page
    spent: bool = False  # the bound on lines walked was reached: pages were found by their headers alone
    damaged: bool = False  # a page ended elsewhere than its header says
    overflow: bool = False  # a line was longer than its header says
    gaps: bool = False  # something lies between two pages

    @property
    def total(self) -> int:
        """Pages stated in all; 0 where not every document states a total."""
        return sum(self.totals) if all(self.totals) else 0


class _Mistaken(Exception):
    """A walk ended at a header that the search had not found, so others may be wrong as well."""


def outline(data: Data, start: int, form: RasterFormat, limits: AnalysisLimits) -> Outline:
    """Find the pages of the compressed document whose first page header is at `start`. Bad data never raises.

    Raises: OutOfTime, with the pages found so far in its `found`.
    """
    budget = StepBudget(limits.raster_steps_max)
    search = _Search(data, form, budget, trusting=True)
    try:
        try:
            found = search.run(start, limits.pages_max)
            if not found.total or len(found.starts) <= found.total:
                return found
        except _Mistaken:
            pass
        search = _Search(data, form, budget, trusting=False)
        return search.run(start, limits.pages_max)
    except OutOfTime as ended:
        raise PartlyOutlined(search.found) from ended


class PartlyOutlined(OutOfTime):
    """The time was over; what was found until then."""

    def __init__(self, found: Outline) -> None:
        super().__init__()
        self.found = found


class _Search:
    def __init__(self, data: Data, form: RasterFormat, budget: StepBudget, *, trusting: bool) -> None:
        self.found = Outline()
        self._data = data
        self._form = form
        self._budget = budget
        self._trusting = trusting
        self._known: set[bytes] = set()  # likenesses of the headers met
        self._doubts = 0
        self._credit = _WINDOW_BYTES  # octets that may be walked to try what was found
        self._ended = False
        self._releaser = Releaser(data)

    def run(self, position: int, pages_max: int) -> Outline:
        found, data, form = self.found, self._data, self._form
        found.totals.append(form.stated_total(data, position))
        found.stop = position
        while len(found.starts) <= pages_max and not self._ended:  # one more tells the reader that there are more
            header = form.header_at(data, position)
            if header is None:
                break
            found.starts.append(position)
            self._known.add(form.likeness(form.octets_at(data, position)))
            found.stop = self._stop(position + form.header_bytes, header.layout)
            self._releaser.passed(found.stop)
            position = self._behind(found.stop)
            if position != found.stop:
                found.totals.append(form.stated_total(data, position))
        return found

    def _is_known(self, header: int) -> bool:
        likeness = self._form.likeness(self._form.octets_at(self._data, header))
        return likeness != b"" and likeness in self._known

    def _behind(self, stop: int) -> int:
        """Where the next header is, if there is one: another document of the format may follow at once."""
        if self._data[stop : stop + len(self._form.sync)] == self._form.sync:
            return stop + self._form.preamble_bytes
        return stop

    def _stop(self, begin: int, layout: RasterLayout) -> int:
        """The end of the page whose lines are at `begin`."""
        least, most = _bounds(layout)
        self._releaser.back_to(begin)
        header = self._next_header(begin + least)
        if header is None or not self._is_known(header):
            return self._walked_stop(begin, layout, None)
        following = self._page_end_before(header)
        length = following - begin
        self._credit += length // _WALKED_SHARE
        if self._trusting and length <= most:
            if self._credit < length:
                return following
            self._credit -= length
        return self._walked_stop(begin, layout, following)

    def _walked_stop(self, begin: int, layout: RasterLayout, following: int | None) -> int:
        """Walk a page, and compare its end with the one that was found by searching."""
        found = self.found
        walked = walk_page(self._data, begin, layout, self._budget)
        found.overflow = found.overflow or walked.overflow
        found.spent = found.spent or (self._budget.left <= 0 and not walked.whole)
        if following is None:
            self._ended = not walked.whole
            found.cut = not walked.whole and not found.spent
            return walked.stop
        if walked.stop == following or found.spent:
            return following
        if walked.whole and self._form.header_at(self._data, self._behind(walked.stop)) is not None:
            if self._trusting:
                raise _Mistaken
            return walked.stop
        if walked.whole and walked.stop == len(self._data):
            return walked.stop
        # No page begins where this one ends: trust the header that is like the others.
        if walked.whole and walked.stop < following:
            found.gaps = True
        else:
            found.damaged = True
        return following

    def _page_end_before(self, header: int) -> int:
        """The end of a page before `header`, which may be the first one of a document of its own."""
        sync, gap = self._form.sync, self._form.preamble_bytes
        return header - gap if self._data[header - gap : header - gap + len(sync)] == sync else header

    def _next_header(self, least: int) -> int | None:
        """The first place at or behind `least` where a device would see a page header."""
        data, form, size = self._data, self._form, len(self._data)
        position = max(0, least + form.mark_at - _OVERLAP_BYTES // 2)  # a mark looks at what is before it as well
        window = _FIRST_WINDOW_BYTES
        while position < size and self._doubts < _DOUBTS_MAX:
            for mark in _marks(bytes(data[position : position + window]), form):
                header = position + mark - form.mark_at
                if header < least:
                    continue
                if form.header_at(data, header) is not None:
                    return header
                self._doubts += 1
            position += window - _OVERLAP_BYTES
            window = min(window * 4, _WINDOW_BYTES)
            self._releaser.passed(position)
        return None


def _marks(window: bytes, form: RasterFormat) -> Iterator[int]:
    """Where marks begin, in ascending order."""
    if not form.rare:
        yield from _marks_between(window, form, 0, len(window))
        return
    rare = window.find(form.rare)
    while rare >= 0:
        stop = rare + _NEAR_BYTES
        yield from _marks_between(window, form, max(0, rare - form.rare_at), stop + _OVERLAP_BYTES)
        rare = window.find(form.rare, stop)


def _marks_between(window: bytes, form: RasterFormat, start: int, stop: int) -> Iterator[int]:
    while match := form.mark.search(window, start, stop):
        yield match.start()
        start = match.start() + 1  # not its end: a mark must not hide another that begins within it


def _bounds(layout: RasterLayout) -> tuple[int, int]:
    """Octets of a page, least and most: all lines white to their end, and every pixel a run of its own."""
    groups = -(-layout.stored_lines // 256)
    return 2 * groups, layout.stored_lines * (1 + layout.line_pixels * (1 + layout.pixel_bytes))
