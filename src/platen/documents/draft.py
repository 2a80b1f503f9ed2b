"""Facts in the making: what the readers of the formats write to."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import cast

from platen.documents.facts import Coverage, DocumentFacts, PageRun, PagesBasis, Sides
from platen.documents.limits import AnalysisLimits
from platen.documents.media import media_for_size, size_of_media
from platen.documents.page_coverage import black_alone

_BASIS_ORDER = list(PagesBasis)


class LeftToDevice(enum.Enum):
    """Sides that nothing asks for, in a document where something else asks for sides."""

    SIDES = enum.auto()


# What a page carries; None: the sides of its document.
PageSides = Sides | LeftToDevice | None

# media, width_mm, height_mm, color, blank, number_up, copies, sides, coverage
_Like = tuple[
    str | None, float | None, float | None, bool | None, bool | None, int | None, int, PageSides, Coverage | None
]
# Copies of the job, copies of each page, sides: what a document says of all its pages.
_Settings = tuple[int, int, Sides | None]


def unlike(sides: Sides | None, of_document: Sides | None) -> PageSides:
    """What a page carries where it prints on other sides than its document; None where it does not.

    What asks for nothing is printed as the device does by default: a reset, and a new job within the data, go back to
    that, and not to what was asked for before.
    """
    if sides is of_document:
        return None
    return LeftToDevice.SIDES if sides is None else sides


@dataclass(slots=True)
class _Run:
    first: int
    last: int
    like: _Like

    def as_page_run(self) -> PageRun:
        media, width_mm, height_mm, color, blank, number_up, copies, sides, coverage = self.like
        return PageRun(
            first=self.first,
            last=self.last,
            media=media,
            width_mm=width_mm,
            height_mm=height_mm,
            color=color,
            blank=blank,
            copies=copies,
            sides=Sides.ONE_SIDED if sides is LeftToDevice.SIDES else sides,
            sides_left_to_job=sides is LeftToDevice.SIDES,
            coverage=coverage,
            number_up=number_up,
        )


# A draft's values by name, at one moment.
DraftState = dict[str, object]


class Draft:
    """Collects pages and statements while a document is read, and joins like pages to runs.

    A reader calls `add_page` for each page as soon as it is complete, so that whatever stops the reading (a limit, a
    damaged file) leaves the facts found so far.
    """

    def __init__(self, limits: AnalysisLimits) -> None:
        self.limits = limits
        self.format = "application/octet-stream"
        self.pages = 0
        self.pages_known = False  # a reader for the format has looked at the document
        self.basis = PagesBasis.COUNTED
        self.all_pages_counted = False  # what a reader goes on to look for adds no page
        self.job_copies = 1  # whole sets (PJL QTY); they multiply with the next
        self.page_copies = 1  # of every page (PJL COPIES, PCL, NumCopies); the innermost statement wins
        self.sides: Sides | None = None
        self.media: str | None = None  # for pages that do not say (PJL PAPER)
        self.landscape = False  # for pages that do not say (PJL ORIENTATION)
        self.monochrome = False  # the job demands grey output (PJL RENDERMODE), whatever the pages hold
        self.title: str | None = None
        self.user: str | None = None
        self.host: str | None = None
        self.driver: str | None = None
        self.application: str | None = None
        self.format_version: str | None = None
        self.declared_format: str | None = None
        self.number_up = 1
        self.device_number_up = 1
        self.copies_collated: bool | None = None
        self.resolution_dpi: tuple[int, int] | None = None
        self.encrypted = False
        self.fonts_not_embedded: set[str] = set()
        self._runs: list[_Run] = []
        self._problems: list[str] = []
        self._part_run = 0  # the first run of the document under way, where a job holds several
        self._part_page = 0  # the pages before it
        self._before: _Settings | None = None  # what stood before the document under way
        self._agreed: _Settings | None = None  # what the documents so far say alike
        self._is_apart = False  # documents differ in copies or sides, so these stay with the pages
        self._part_is_open = True  # a document is under way
        self._document_ends: list[int] = []  # the last page of each document that holds pages

    def add_page(  # one argument for each thing that can be known of a page
        self,
        *,
        size_mm: tuple[float, float] | None = None,
        media: str | None = None,
        color: bool | None = None,
        blank: bool | None = None,
        copies: int = 1,
        sides: PageSides = None,
        coverage: Coverage | None = None,
        number_up: int | None = None,
    ) -> bool:
        """Add the next page. Returns: False when no further page may be added."""
        if self.pages >= self.limits.pages_max:
            self.problem(f"The file holds more than {self.limits.pages_max} pages; the rest was not counted.")
            return False
        if media is None:
            media = media_for_size(*size_mm) if size_mm else self.media
        if size_mm is None and media and (named := size_of_media(media)):
            size_mm = named[::-1] if self.landscape else named
        if self.monochrome:
            color = False
        if coverage is not None and color is False:
            coverage = black_alone(coverage)
        width_mm, height_mm = (round(size_mm[0], 1), round(size_mm[1], 1)) if size_mm else (None, None)
        self.pages += 1
        self.pages_known = True
        self._append((media, width_mm, height_mm, color, blank, number_up, copies, sides, coverage))
        return True

    def _append(self, like: _Like) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and last.like == like and last.last == self.pages - 1 and len(self._runs) > self._part_run:
            last.last = self.pages
        elif len(self._runs) < self.limits.runs_max:
            self._runs.append(_Run(self.pages, self.pages, like))
        else:
            self.problem("The pages differ too often to keep the size and colour of each; all pages are counted.")

    def add_like_pages(
        self, count: int, *, size_mm: tuple[float, float] | None = None, color: bool | None = None
    ) -> None:
        """Add pages of which only the number is known (a declared total)."""
        count = min(count, self.limits.pages_max - self.pages)
        if count <= 0 or not self.add_page(size_mm=size_mm, color=color):
            return
        run = self._runs[-1]
        if run.last == self.pages:
            run.last += count - 1
        self.pages += count - 1

    def begin_part(self, *, job_copies: int, page_copies: int, sides: Sides | None) -> None:
        """Another document of the same job begins, with settings of its own; `end_part` follows it."""
        self._part_is_open = True
        self._before = self._settings
        self._settings = (job_copies, page_copies, sides)
        self._part_run, self._part_page = len(self._runs), self.pages

    def end_part(self) -> None:
        """The document ends. Where it differs from those before it in copies or sides, these go to the pages."""
        if not self._part_is_open:
            return
        self._part_is_open = False
        own, before = self._settings, self._before
        if self.pages == self._part_page:  # nothing came out, so nothing was said about paper
            self._settings = before or own
        elif self._agreed is None:
            self._agreed = own
        elif self._is_apart or own != self._agreed:
            if not self._is_apart:
                self._settle(self._runs[: self._part_run], self._agreed)
                self._is_apart = True
            self._settle(self._runs[self._part_run :], own)
            self._settings = (1, 1, self._agreed[2])
        if self.pages > self._part_page:
            self._document_ends.append(self.pages)
        self._part_run, self._part_page = len(self._runs), self.pages

    def spread_page_copies(self) -> None:
        """Pages of one document differ in copies: those of all pages so far stay with them, and each states its own."""
        if self.page_copies != 1:
            self._settle(self._runs[self._part_run :], (1, self.page_copies, self.sides))
            self.page_copies = 1

    @property
    def _settings(self) -> _Settings:
        return self.job_copies, self.page_copies, self.sides

    @_settings.setter
    def _settings(self, settings: _Settings) -> None:
        self.job_copies, self.page_copies, self.sides = settings

    def _settle(self, runs: list[_Run], settings: _Settings) -> None:
        job_copies, page_copies, sides = settings
        whole = self._agreed[2] if self._agreed else sides
        for run in runs:
            *page, copies, own_sides, coverage = run.like
            own_sides = own_sides or unlike(sides, whole)
            run.like = cast(_Like, (*page, copies * job_copies * page_copies, own_sides, coverage))

    def _joined_runs(self) -> list[_Run]:
        """Like pages of documents that follow each other are one run."""
        joined: list[_Run] = []
        for run in self._runs:
            if joined and joined[-1].like == run.like and joined[-1].last == run.first - 1:
                joined[-1] = _Run(joined[-1].first, run.last, run.like)
            else:
                joined.append(run)
        return joined

    def state(self) -> DraftState:
        """All that was found so far, to come back to with `restore` as long as no page is added."""
        copied = (list, set)
        return {name: type(it)(it) if isinstance(it, copied) else it for name, it in vars(self).items()}

    def restore(self, state: DraftState) -> None:
        """Forget what was found since `state`."""
        copied = (list, set)
        vars(self).update({name: type(it)(it) if isinstance(it, copied) else it for name, it in state.items()})

    def weaken(self, basis: PagesBasis) -> None:
        """Say that the count rests on less than pages found; the weakest part of a document decides."""
        self.basis = max(self.basis, basis, key=_BASIS_ORDER.index)

    def copies_within(self, copies: int) -> int:
        """The copies that are asked for, as far as they are counted."""
        most = self.limits.copies_max
        if copies > most:
            self.problem(f"More than {most:,} copies are asked for; {most:,} were counted.")
        return min(copies, most)

    def problem(self, sentence: str) -> None:
        if sentence not in self._problems and len(self._problems) < self.limits.problems_max:
            self._problems.append(sentence)

    @property
    def is_silent(self) -> bool:
        """No page was found, and nothing says why."""
        return self.pages == 0 and not self._problems

    def finish(self) -> DocumentFacts:
        return DocumentFacts(
            format=self.format,
            format_version=self.format_version,
            declared_format=self.declared_format,
            pages=self.pages if self.pages_known else None,
            pages_basis=self.basis if self.pages_known else PagesBasis.UNKNOWN,
            page_runs=tuple(run.as_page_run() for run in self._joined_runs()),
            document_ends=tuple(end for end in self._document_ends if end < self.pages),
            number_up=self.number_up,
            device_number_up=self.device_number_up,
            copies=self.job_copies * self.page_copies,
            copies_collated=self.copies_collated,
            sides=self.sides,
            title=self.title,
            user=self.user,
            host=self.host,
            driver=self.driver,
            application=self.application,
            resolution_dpi=self.resolution_dpi,
            encrypted=self.encrypted,
            fonts_not_embedded=tuple(sorted(self.fonts_not_embedded)),
            problems=tuple(self._problems),
        )
