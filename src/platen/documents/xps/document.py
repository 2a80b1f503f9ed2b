"""The fixed documents of a package, in the order of its sequence (ECMA-388 section 10).

    _rels/.rels -> FixedDocumentSequence -> DocumentReference -> FixedDocument -> PageContent -> FixedPage

Where the way is broken, the parts that are there are taken in the order of their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from platen.documents.detect import MS_XPS, XPS
from platen.documents.draft import Draft
from platen.documents.exits import exit_behind
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data
from platen.documents.xps.markup import elements, walk
from platen.documents.xps.package import Package, relationships_name, resolved
from platen.documents.xps.page import FixedPage, PageReader, size_mm_of
from platen.documents.xps.ticket import Ticket, read_ticket

_PART_BYTES_MAX = 128 * 1024 * 1024

# The end of a ZIP archive without a comment, and the first entry of another.
_ANOTHER = re.compile(rb"PK\x05\x06.{16}\0\0PK\x03\x04", re.DOTALL)


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read the package at `start`. Returns: its end, where something else may follow."""
    stop = exit_behind(data, start, rb"PK\x05\x06.{18}")
    unpacked_max = options.limits.package_bytes_max
    package = Package(data, start, stop, part_bytes_max=_PART_BYTES_MAX, total_bytes_max=unpacked_max)
    draft.pages_known = True
    if not package.whole:
        draft.problem("The package has no directory: it was cut off or is damaged, and may hold more pages.")
        draft.weaken(PagesBasis.ESTIMATED)
    _Document(package, draft, options).read()
    if draft.pages == 0:
        draft.problem("No page was found in the package.")
    if package.exhausted:
        draft.problem("The package unpacks to more than may be looked at; not everything in it was.")
    if _ANOTHER.search(data, start, stop):
        draft.problem("Several packages were joined into one file; only the pages of the last were counted.")
    return stop


class _Document:
    """One package."""

    def __init__(self, package: Package, draft: Draft, options: AnalysisOptions) -> None:
        self._package = package
        self._draft = draft
        self._options = options
        self._pages = PageReader(
            package, looks_for_color=options.color, picture_bytes_max=options.limits.picture_bytes_max
        )

    def read(self) -> None:
        targets = self._relationships("")
        sequence = next((target for kind, target in targets if kind.endswith("/fixedrepresentation")), None)
        is_open = any("openxps" in kind for kind, _ in targets)
        self._draft.format = XPS if is_open or not targets else MS_XPS
        for kind, target in targets:
            if kind.endswith("/core-properties"):
                self._properties(target)
        if sequence is None or sequence not in self._package:
            self._draft.problem("The package does not say where its pages begin; those that are there were taken.")
            sequence = next((name for name in self._package.names() if name.endswith(".fdseq")), "")
        draft, job = self._draft, self._ticket(sequence)
        self._obey(job)
        settings, before = (draft.job_copies, draft.page_copies, draft.sides), None
        for document in self._documents(sequence):
            ticket = self._ticket(document)
            goes_on = before is not None and job.is_contiguous and before.leaves_paper and ticket.leaves_paper
            if before is not None and not goes_on:  # a ticket of a document is for that document alone
                draft.end_part()
                draft.begin_part(job_copies=settings[0], page_copies=settings[1], sides=settings[2])
            if not goes_on:
                self._obey(ticket, job_copies=job.copies)
            before = ticket
            for page, size_mm in self._page_parts(document):
                if not self._add_page(page, size_mm, job, ticket):
                    return

    def _relationships(self, part: str) -> list[tuple[str, str]]:
        """Kinds and targets of what a part, or the package, points to."""
        return [
            (attributes.get("Type", "").lower(), resolved(part, attributes.get("Target", "")))
            for attributes in elements(self._package.chunks(relationships_name(part)), "Relationship")
            if attributes.get("TargetMode") != "External"
        ]

    def _documents(self, sequence: str) -> Iterator[str]:
        sources = [
            resolved(sequence, attributes.get("Source", ""))
            for attributes in elements(self._package.chunks(sequence), "DocumentReference")
        ]
        yield from sources or _in_order(self._package.names(), ".fdoc") or [""]

    def _page_parts(self, document: str) -> Iterator[tuple[str, tuple[float, float] | None]]:
        """The parts of the pages, and their sizes where the document says them."""
        found = False
        if document and document not in self._package:
            self._draft.problem("A document of the package is missing; its pages are not known.")
            return
        for attributes in elements(self._package.chunks(document), "PageContent"):
            found = True
            yield resolved(document, attributes.get("Source", "")), size_mm_of(attributes)
        if not document and not found:
            for part in _in_order(self._package.names(), ".fpage"):
                yield part, None

    def _add_page(self, part: str, size_mm: tuple[float, float] | None, job: Ticket, document: Ticket) -> bool:
        draft = self._draft
        if part not in self._package:
            draft.problem("A page of the package is missing.")
            return draft.add_page(size_mm=size_mm)
        page = self._pages.read(part)
        if not page.whole:
            draft.problem("The description of a page is damaged; what it shows is not all known.")
        own = self._ticket(part)
        color, blank = self._verdicts(page)
        if any(ticket.is_monochrome for ticket in (own, document, job)):
            color = False
        size_mm = page.size_mm or size_mm
        return draft.add_page(
            size_mm=own.media_mm(size_mm) or size_mm,
            color=color,
            blank=blank,
            copies=draft.copies_within(own.copies),
            sides=None if own.sides is draft.sides else own.sides,
        )

    def _verdicts(self, page: FixedPage) -> tuple[bool | None, bool | None]:
        """Colour and blankness; of a damaged page only what was seen is known."""
        color = page.colored if self._options.color else None
        if page.whole:
            return color, not page.marked
        return color or None, False if page.marked else None

    def _ticket(self, part: str) -> Ticket:
        for kind, target in self._relationships(part) if part else ():
            if kind.endswith("/printticket"):
                return read_ticket(self._package.chunks(target))
        return Ticket()

    def _obey(self, ticket: Ticket, *, job_copies: int = 1) -> None:
        """What holds for the whole job, or for a document of it: its copies are made for each copy of the job."""
        draft = self._draft
        draft.sides = ticket.sides or draft.sides
        draft.resolution_dpi = ticket.resolution_dpi or draft.resolution_dpi
        if ticket.copies > 1:
            draft.page_copies = draft.copies_within(job_copies * ticket.copies)
        if ticket.collated is not None:
            draft.copies_collated = ticket.collated
        if ticket.pages_per_side > 1:
            draft.device_number_up = ticket.pages_per_side

    def _properties(self, part: str) -> None:
        """Title and creator (ECMA-376 part 2, core properties)."""
        found: dict[str, str] = {}

        def keep(name: str, text: str) -> None:
            found.setdefault(name, text)

        walk(self._package.chunks(part), end=keep)
        draft = self._draft
        draft.title = draft.title or found.get("title") or None
        draft.user = draft.user or found.get("creator") or None


def _in_order(names: list[str], suffix: str) -> list[str]:
    """Names with the suffix, numbers in them compared as numbers."""

    def key(name: str) -> list[tuple[int, str]]:
        return [(int(digits or 0), text) for text, digits in re.findall(r"(\D+)(\d{0,15})", name)]

    return sorted((name for name in names if name.endswith(suffix)), key=key)
