"""PostScript: run for its pages where that comes to an end, and read for its comments where it does not.

A program that ran without an error is known page by page. One that stops with an error, or that is too large to be
run whole, has the pages that its structuring comments mark; the first of them are known from running it. Without
such comments the number is an estimate. A loop that never ends prints until someone stops it: it is taken for one
pass, and the facts say that this is an estimate.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import replace

from platen.documents.detect import UEL
from platen.documents.draft import Draft, unlike
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from platen.documents.media import MM_PER_POINT, size_of_media
from platen.documents.postscript.dsc import SizeMm, Structure, read_structure
from platen.documents.postscript.hints import Hints
from platen.documents.postscript.page import COLOR, PrintedPage
from platen.documents.postscript.run import Outcome, jobs_between, run
from platen.documents.source import Data

_COLOR_NOT_KNOWN = (
    "Some pages of the PostScript program were not run to their end; whether they are coloured is not known."
)
_DOS_EPS = b"\xc5\xd0\xd3\xc6"


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PostScript program at `start` up to the universal exit or the end. Returns: where it stopped."""
    end = data.find(UEL, start)
    stop = end = end if end >= 0 else len(data)
    start, end = _inside_dos_eps(data, start, end)
    draft.pages_known = True
    settings, monochrome, limits = (draft.job_copies, draft.page_copies, draft.sides), draft.monochrome, options.limits
    for index, (begin, behind) in enumerate(jobs_between(data, start, end)):
        if index:  # another job begins as the first did, on a sheet of its own
            draft.end_part()
            draft.begin_part(job_copies=settings[0], page_copies=settings[1], sides=settings[2])
            draft.monochrome = monochrome
        limits = _read_job(data, begin, behind, draft, replace(options, limits=limits))
    return stop


def _read_job(data: Data, start: int, end: int, draft: Draft, options: AnalysisOptions) -> AnalysisLimits:
    """Read one job. Returns: the bounds for what follows it."""
    structure = read_structure(data, start, end, options.limits.pages_max)
    outcome = run(data, start, end, options.limits)
    reading = _Reading(draft, options, structure, outcome, Hints(data, start, end))
    reading.is_eps = b"EPSF-" in bytes(data[start : start + 256]).split(b"\n", 1)[0].split(b"\r", 1)[0]
    reading.describe()
    reading.add_pages()
    return outcome.limits_left


def _inside_dos_eps(data: Data, start: int, end: int) -> tuple[int, int]:
    if data[start : start + 4] != _DOS_EPS or end - start < 30:
        return start, end
    offset = int.from_bytes(data[start + 4 : start + 8], "little")
    length = int.from_bytes(data[start + 8 : start + 12], "little")
    inner = min(start + offset, end)
    return inner, min(inner + length, end)


class _Reading:
    """Brings together what comments say and what running shows."""

    def __init__(
        self, draft: Draft, options: AnalysisOptions, structure: Structure, outcome: Outcome, hints: Hints
    ) -> None:
        self._draft = draft
        self._options = options
        self._structure = structure
        self._outcome = outcome
        self._hints = hints
        self._copies_differ = False
        self.is_eps = False

    def describe(self) -> None:
        """What is said of the document as a whole."""
        draft, structure = self._draft, self._structure
        draft.title = draft.title or structure.title
        draft.user = draft.user or structure.user
        draft.driver = draft.driver or structure.creator
        draft.monochrome = draft.monochrome or structure.monochrome
        draft.number_up = max(structure.number_up, self._outcome.ledger.laid_most)

    def add_pages(self) -> None:
        """Add all pages, from the better of the two sources."""
        outcome, marked = self._outcome, len(self._structure.pages)
        ran = outcome.ledger.pages
        self._say_what_stopped_it()
        if self.is_eps and (ran == 0 or not (outcome.whole or marked)):
            self._add_picture()
        elif outcome.whole:
            self._add_run(ran)
            declared = self._structure.declared
            if marked not in (0, ran) and not self.is_eps:
                self._draft.problem(f"The PostScript file marks {marked} pages, but prints {ran} when it is run.")
            elif declared not in (None, 0, ran) and not self.is_eps:
                self._draft.problem(f"The PostScript file says that it has {declared} pages, but {ran} come out.")
        elif marked:
            self._add_marked(marked)
        else:
            self._estimate()
        if outcome.ledger.full:
            self._draft.problem(f"The file holds more than {outcome.ledger.pages_max} pages; the rest was not counted.")

    def _say_what_stopped_it(self) -> None:
        outcome = self._outcome
        if outcome.bound:
            self._draft.problem(
                "The PostScript program was not run to its end, as it takes more than an analysis may use "
                f"({outcome.bound}); it may be very large, or never end."
            )
        elif outcome.error:
            self._draft.problem(f"The PostScript program stops with an error ({outcome.error}).")

    # Pages that came out when the program was run.

    def _add_run(self, count: int) -> None:
        """Add the first `count` pages that came out."""
        runs = _first(self._outcome.ledger.runs, count)
        default = self._draft.sides
        self._set_sides(runs)
        self._set_copies(runs)
        index = 0
        for page, times in runs:
            own = unlike(page.sides or default, self._draft.sides)
            copies = self._draft.copies_within(page.copies) if page.copies is not None and self._copies_differ else 1
            for _ in range(times):
                size_mm = self._size_of(page, index)
                index += 1
                color = page.color if self._options.color else None
                if not self._draft.add_page(size_mm=size_mm, color=color, blank=page.blank, copies=copies, sides=own):
                    return

    def _size_of(self, page: PrintedPage, index: int) -> SizeMm | None:
        if page.size_pt is not None:
            return page.size_pt[0] * MM_PER_POINT, page.size_pt[1] * MM_PER_POINT
        return self._marked_size(index)

    def _set_sides(self, runs: list[tuple[PrintedPage, int]]) -> None:
        """The document's sides: those of its first page; what the comments say where the program sets none."""
        stated = runs[0][0].sides if any(page.sides is not None for page, _ in runs) else self._structure.sides
        self._draft.sides = stated or self._draft.sides

    def _set_copies(self, runs: list[tuple[PrintedPage, int]]) -> None:
        """Copies that all pages share are the document's; others are each page's own."""
        draft, stated = self._draft, {page.copies for page, _ in runs}
        self._copies_differ = len(stated) > 1
        if self._copies_differ:
            draft.page_copies = 1
        elif stated and None not in stated:
            draft.page_copies = draft.copies_within(max(1, stated.pop() or 1))
        collate = Counter(page.collate for page, _ in runs if page.collate is not None)
        self._set_collated(collate.most_common(1)[0][0] if collate else None)

    def _set_collated(self, asked: bool | None) -> None:
        draft, structure = self._draft, self._structure
        if structure.copies_in_stream > 1:
            draft.copies_collated = True  # the sets stand in the stream themselves
        elif asked is not None or structure.collate is not None:
            draft.copies_collated = asked if asked is not None else structure.collate

    # Pages that comments mark.

    def _add_marked(self, marked: int) -> None:
        """Pages as marked; what running has shown of the first ones stands."""
        structure, ran = self._structure, min(self._outcome.ledger.pages, marked)
        if self._outcome.bound is None and self._outcome.ledger.pages > marked:
            ran = self._outcome.ledger.pages
        self._add_run(ran)
        self._use_hints()
        if ran < marked:
            self._draft.weaken(PagesBasis.DECLARED)
        for index, page in enumerate(structure.pages[ran:]):
            size_mm = page.size_mm or self._default_size()
            color = self._color(page.color, is_begun=index == 0)
            if not self._draft.add_page(size_mm=size_mm, color=color):
                return
        if structure.declared not in (None, 0, marked):
            self._draft.problem(f"The PostScript file says that it has {structure.declared} pages, but marks {marked}.")

    def _marked_size(self, index: int) -> SizeMm | None:
        pages = self._structure.pages
        return (pages[index].size_mm if index < len(pages) else None) or self._default_size()

    def _default_size(self) -> SizeMm | None:
        return self._structure.size_mm or (size_of_media(self._draft.media) if self._draft.media else None)

    def _use_hints(self) -> None:
        """For what was not run: what the comments and the text ask of the device."""
        draft, structure = self._draft, self._structure
        sides, copies = self._hints.sides_and_copies()
        draft.sides = draft.sides or structure.sides or sides
        if structure.size_mm is None:
            structure.size_mm = self._hints.size_mm()
        if draft.page_copies == 1 and not self._outcome.ledger.pages:
            asked = structure.copies if structure.copies_in_stream == 1 else None
            draft.page_copies = copies or asked or 1
        self._set_collated(draft.copies_collated)

    def _color(self, stated: bool | None = None, *, is_begun: bool = False) -> bool | None:
        """What is known of the colour of a page that was not run to its end, whose own comments state this.

        A name can be made while the program runs, so its text alone never shows that a page is without colour; the
        comments are believed where the text does not speak against them. `is_begun`: a part of the page was painted.
        """
        if not self._options.color:
            return None
        if is_begun and self._outcome.left_inks & COLOR:
            return True
        color = self._structure.color if stated is None else stated
        if color is None or (not color and self._may_have_color):
            self._draft.problem(_COLOR_NOT_KNOWN)
            return None
        return color

    @functools.cached_property
    def _may_have_color(self) -> bool:
        return self._hints.may_have_color()

    # Pages that nothing marks.

    def _add_picture(self) -> None:
        """An encapsulated file is one picture, and one page, whether it says showpage or not."""
        outcome = self._outcome
        if outcome.ledger.pages:
            self._add_run(1)
            return
        page = PrintedPage(None, outcome.left_inks, None, None, None)
        color = (page.color if self._options.color else None) if outcome.whole else self._color(is_begun=True)
        blank = page.blank if outcome.whole else None
        self._draft.add_page(size_mm=self._default_size(), color=color, blank=blank)

    def _estimate(self) -> None:
        """Pages up to where the program could be followed, and what its text promises after that."""
        outcome = self._outcome
        if outcome.bound is None:  # a device stops as well
            self._add_run(outcome.ledger.pages)
            if outcome.ledger.pages == 0:
                self._use_hints()
            self._draft.weaken(PagesBasis.ESTIMATED)
            return
        seen = outcome.pages_when_read
        self._add_run(seen)
        self._use_hints()
        self._draft.weaken(PagesBasis.ESTIMATED)
        rest = self._hints.pages(outcome.stopped_at) or (1 if outcome.ledger.pages > seen else 0)
        if seen + rest == 0:
            rest = self._hints.pages(0)
        if rest:
            self._draft.add_page(size_mm=self._default_size(), color=self._color(is_begun=True))
        if rest > 1:
            self._draft.add_like_pages(rest - 1, size_mm=self._default_size(), color=self._color())
        if seen + rest:
            self._draft.problem(
                f"The PostScript file does not mark its pages; there are at least {seen + rest}, by an estimate."
            )
        else:  # it may print any number of them
            self._draft.pages_known = False


def _first(runs: list[tuple[PrintedPage, int]], count: int) -> list[tuple[PrintedPage, int]]:
    """The runs of the first `count` pages."""
    taken: list[tuple[PrintedPage, int]] = []
    for page, times in runs:
        if count <= 0:
            break
        taken.append((page, min(times, count)))
        count -= times
    return taken
