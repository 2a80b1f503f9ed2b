"""What a job comes to on paper: the file's pages under the job's attributes, as impressions and sheets of each size.

Rules, in the order in which they are applied to one copy:

1. `page_ranges` picks pages.
2. `number_up`, of the job or else of the file, puts that many pages on one impression; an impression is coloured where
   one of its pages is. Pages of several documents in one file, of unlike copies or of unlike number-up never share one.
3. Media: a PDF, picture or text is fitted to the media that the job names; a file that chooses its media itself
   (PCL, PostScript, raster) keeps it, and so does every file where the job names none. With number-up an impression
   has the media of its first page.
4. Sides: a program obeys itself, page by page where it changes them; for everything else the job decides, and the
   file where the job does not say. Pages that ask for nothing behind others that did (a document of its own in the
   file, or a reset) are printed as the device does by default, which is what the job asks for.
5. Two-sided, two impressions that follow each other share a sheet where they are on the same media: a change of size,
   or of sides, begins a new sheet, and so does the next document in the file. sheets = ceil(impressions / 2) for each
   such stretch.
6. Copies begin on a new sheet, those of the job, of a document and of a page (PCL XL PageCopies) alike: the sheets of
   one are multiplied. Two copies of one page are never the two sides of a sheet.
7. Copies that a program demands win over those of the job, document by document and page by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from platen.documents import detect as formats
from platen.documents.facts import DocumentFacts, PageRun, Sides

_PROGRAMS = (formats.PCL3GUI, formats.PCL5, formats.PCL_XL, formats.PJL, formats.POSTSCRIPT, formats.ESC_PAGE)
_OBEYS_ITSELF = frozenset({*_PROGRAMS, formats.QPDL, formats.ZJSTREAM, formats.XQX})
_CHOOSES_MEDIA = _OBEYS_ITSELF | {formats.CUPS_RASTER, formats.PWG_RASTER, formats.URF}
_MONOCHROME = frozenset({"monochrome", "auto-monochrome", "process-monochrome", "bi-level", "process-bi-level"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTicket:
    """Job template attributes that decide on paper (RFC 8011 section 5.2, PWG 5100.13). None: not given."""

    copies: int | None = None
    sides: Sides | None = None
    number_up: int = 1
    page_ranges: tuple[tuple[int, int], ...] = ()  # from 1, both ends included, ascending; empty: all pages
    print_color_mode: str | None = None
    media: str | None = None  # PWG 5101.1 name


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTally:
    """What falls on one size, over all copies."""

    media: str | None  # None: the device's default
    impressions: int
    color_impressions: int  # known to be coloured
    color_unknown_impressions: int
    sheets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """The job on paper. All numbers but `pages` are over all copies; they are 0 where `pages` is None."""

    pages: int | None  # of one copy, after page ranges, before number-up; None: the file's pages are not known
    copies: int  # of all pages alike; those of single pages or documents are not in it
    sides: Sides  # of the first two-sided impression where there is one, else one-sided
    media: tuple[MediaTally, ...] = ()  # in order of first use

    @property
    def impressions(self) -> int:
        return sum(tally.impressions for tally in self.media)

    @property
    def color_impressions(self) -> int:
        return sum(tally.color_impressions for tally in self.media)

    @property
    def color_unknown_impressions(self) -> int:
        return sum(tally.color_unknown_impressions for tally in self.media)

    @property
    def sheets(self) -> int:
        return sum(tally.sheets for tally in self.media)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Like impressions (or, before number-up, pages) of one copy that follow each other."""

    count: int
    media: str | None
    color: bool | None
    sides: Sides = Sides.ONE_SIDED
    copies: int = 1  # of these alone, beside the job's
    document: int = 0  # from 0, where the file holds several
    number_up: int = 1  # pages of this stretch on one impression; 1 once they are laid out

    @property
    def block(self) -> tuple[int, int]:
        """What comes out together, copy behind copy."""
        return self.document, self.copies


def job_facts(facts: DocumentFacts, ticket: JobTicket) -> JobFacts:
    """Combine what the file says with what the job asks for."""
    copies = _copies(facts, ticket)
    if facts.pages is None:
        return JobFacts(pages=None, copies=copies, sides=_sides(facts, ticket, None))
    pages = list(_pages(facts, ticket))
    two_sided = (stretch.sides for stretch in pages if stretch.sides.is_two_sided)
    return JobFacts(
        pages=sum(stretch.count for stretch in pages),
        copies=copies,
        sides=next(two_sided, Sides.ONE_SIDED if pages else _sides(facts, ticket, None)),
        media=tally(_laid_out(pages), copies=copies),
    )


def impressions_of_a_copy(facts: DocumentFacts, ticket: JobTicket) -> list[Stretch]:
    """One copy's impressions in the order in which they are printed."""
    return _laid_out(list(_pages(facts, ticket)))


def _laid_out(pages: list[Stretch]) -> list[Stretch]:
    if all(stretch.number_up <= 1 for stretch in pages):
        return pages
    blocks = groupby(pages, key=lambda stretch: (stretch.block, stretch.number_up))
    return [impression for (_, number_up), block in blocks for impression in _on_impressions(list(block), number_up)]


def _number_up(facts: DocumentFacts, ticket: JobTicket, of_page: int | None) -> int:
    """What the job asks for, else what the file asks of the device."""
    return ticket.number_up if ticket.number_up > 1 else max(1, of_page or facts.device_number_up)


def _copies(facts: DocumentFacts, ticket: JobTicket) -> int:
    """A device obeys what stands in the data last, so copies within the file win over the attribute."""
    if facts.format in _OBEYS_ITSELF and facts.copies > 1:
        return facts.copies
    if _copies_stand_with_pages(facts):
        return 1
    return max(1, ticket.copies if ticket.copies is not None else facts.copies)


def _copies_stand_with_pages(facts: DocumentFacts) -> bool:
    """Whether a program demands copies for some of its pages or documents, and leaves those of the others."""
    return facts.format in _OBEYS_ITSELF and facts.copies == 1 and any(run.copies > 1 for run in facts.page_runs)


def _page_copies(facts: DocumentFacts, ticket: JobTicket, run: PageRun) -> int:
    left_to_job = run.copies == 1 and _copies_stand_with_pages(facts)
    return max(1, ticket.copies or 1) if left_to_job else max(0, run.copies)


def _sides(facts: DocumentFacts, ticket: JobTicket, run: PageRun | None) -> Sides:
    said = (run and run.sides) or facts.sides
    own = said if facts.format in _OBEYS_ITSELF and not (run and run.sides_left_to_job) else None
    return own or ticket.sides or said or Sides.ONE_SIDED


def _pages(facts: DocumentFacts, ticket: JobTicket) -> Iterator[Stretch]:
    """The pages that are printed, as stretches with the media that they land on."""
    named = ticket.media if facts.format not in _CHOOSES_MEDIA else None
    mono = ticket.print_color_mode in _MONOCHROME
    covered = 0
    for document, first, last, run in _runs_of_documents(facts):
        covered = run.last
        count, copies = _picked(first, last, ticket.page_ranges), _page_copies(facts, ticket, run)
        if count and copies:
            yield Stretch(
                count,
                named or run.media or ticket.media,
                False if mono else run.color,
                _sides(facts, ticket, run),
                copies,
                document,
                _number_up(facts, ticket, run.number_up),
            )
    rest = _picked(covered + 1, facts.pages or 0, ticket.page_ranges)  # pages beyond the runs that were kept
    if rest > 0:
        yield Stretch(
            rest,
            named or ticket.media,
            False if mono else None,
            _sides(facts, ticket, None),
            number_up=_number_up(facts, ticket, None),
        )


def _runs_of_documents(facts: DocumentFacts) -> Iterator[tuple[int, int, int, PageRun]]:
    """Each run, cut where a document ends: the document from 0, the first and last page of the piece, the run."""
    ends = [*facts.document_ends, facts.pages or 0]
    document = 0
    for run in facts.page_runs:
        first = run.first
        while first <= run.last:
            while document < len(ends) - 1 and ends[document] < first:
                document += 1
            last = min(run.last, ends[document]) if ends[document] >= first else run.last
            yield document, first, last, run
            first = last + 1


def _picked(first: int, last: int, ranges: tuple[tuple[int, int], ...]) -> int:
    if not ranges:
        return max(0, last - first + 1)
    return sum(max(0, min(last, upper) - max(first, lower) + 1) for lower, upper in ranges)


def _on_impressions(pages: list[Stretch], number_up: int) -> list[Stretch]:
    """Lay `number_up` pages on each impression."""
    impressions: list[Stretch] = []
    left = 0  # places still free on the last impression
    for stretch in pages:
        count = stretch.count
        if left and count:
            open_one = impressions.pop()
            taken = min(left, count)
            impressions.append(replace(open_one, count=1, color=_mixed(open_one.color, stretch.color)))
            count, left = count - taken, left - taken
        if count == 0:
            continue
        full, part = divmod(count, number_up)
        if full:
            impressions.append(replace(stretch, count=full, number_up=1))
        if part:
            impressions.append(replace(stretch, count=1, number_up=1))
            left = number_up - part
    return impressions


def _mixed(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _stack(stretch: Stretch) -> tuple[str | None, Sides, int, int]:
    """Impressions that have this in common can share sheets."""
    return stretch.media, stretch.sides, *stretch.block


def tally(impressions: list[Stretch], *, copies: int) -> tuple[MediaTally, ...]:
    """What copies of these impressions come to on each media, in order of first use."""
    counts: dict[str | None, list[int]] = {}  # impressions, coloured, unknown, sheets of one copy
    alike = 0  # impressions before this one that could share its sheet's stack
    for index, stretch in enumerate(impressions):
        count = counts.setdefault(stretch.media, [0, 0, 0, 0])
        printed = stretch.count * stretch.copies
        count[0] += printed
        count[1] += printed if stretch.color else 0
        count[2] += printed if stretch.color is None else 0
        alike += stretch.count
        following = impressions[index + 1] if index + 1 < len(impressions) else None
        if following is None or _stack(following) != _stack(stretch):
            count[3] += (-(-alike // 2) if stretch.sides.is_two_sided else alike) * stretch.copies
            alike = 0
    return tuple(
        MediaTally(
            media=media,
            impressions=count[0] * copies,
            color_impressions=count[1] * copies,
            color_unknown_impressions=count[2] * copies,
            sheets=count[3] * copies,
        )
        for media, count in counts.items()
    )
