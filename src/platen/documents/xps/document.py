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
from platen.documents.xps.pictures import Pictures
from platen.documents.xps.ticket import DOCUMENT, JOB, PAGE, Ticket, read_ticket

_PART_BYTES_MAX = 128 * 1024 * 1024
_TICKETS_MAX = 1024  # kept: one may serve many pages

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
        self._tickets: dict[tuple[str, tuple[str, ...]], Ticket] = {}
        self._pictures = Pictures(package, looks_for_color=options.color, bytes_max=options.limits.picture_bytes_max)
        self._pages = PageReader(package, self._pictures)

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
        self._read_documents(sequence)
        if self._pictures.has_missed:
            self._draft.problem("A picture of the package is missing; nothing is shown in its place.")

    def _read_documents(self, sequence: str) -> None:
        draft, job = self._draft, self._ticket(sequence, JOB)
        settings, before = (draft.job_copies, draft.page_copies, draft.sides), None
        for document in self._documents(sequence):
            own = self._ticket(document, DOCUMENT)
            ticket = own.over(job)
            apart = not job.is_contiguous or own.keeps_documents_apart or (before and before.keeps_documents_apart)
            if before is not None and apart:  # a ticket of a document is for that document alone
                draft.end_part()
                draft.begin_part(job_copies=settings[0], page_copies=settings[1], sides=settings[2])
            if before is None or apart:
                self._obey(ticket, is_first=before is None)
            before = own
            for page, size_mm in self._page_parts(document):
                if not self._add_page(page, size_mm, ticket):
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

    def _add_page(self, part: str, size_mm: tuple[float, float] | None, document: Ticket) -> bool:
        draft = self._draft
        if part not in self._package:
            draft.problem("A page of the package is missing.")
            return draft.add_page(size_mm=document.media_mm(size_mm) or size_mm)
        page = self._pages.read(part, looks_for_color=self._options.color)
        if not page.whole:
            draft.problem("The description of a page is damaged; what it shows is not all known.")
        ticket = self._ticket(part, PAGE).over(document)
        color, blank = self._verdicts(page)
        size_mm = page.size_mm or size_mm
        return draft.add_page(
            size_mm=ticket.media_mm(size_mm) or size_mm,
            color=False if ticket.is_monochrome else color,
            blank=blank,
            copies=draft.copies_within(ticket.copies("Page")),
            number_up=None if ticket.number_up == draft.device_number_up else ticket.number_up,
        )

    def _verdicts(self, page: FixedPage) -> tuple[bool | None, bool | None]:
        """Colour and blankness; of a damaged page only what was seen is known."""
        color = page.colored if self._options.color else None
        if page.whole:
            return color, not page.marked
        return color or None, False if page.marked else None

    def _ticket(self, part: str, scopes: tuple[str, ...]) -> Ticket:
        for kind, target in self._relationships(part) if part else ():
            if kind.endswith("/printticket"):
                key = target, scopes
                if key not in self._tickets and len(self._tickets) < _TICKETS_MAX:
                    self._tickets[key] = read_ticket(self._package.chunks(target), scopes)
                return self._tickets.get(key) or read_ticket(self._package.chunks(target), scopes)
        return Ticket()

    def _obey(self, ticket: Ticket, *, is_first: bool) -> None:
        """What holds for a document: its copies are made for each copy of the job."""
        draft = self._draft
        draft.sides = ticket.sides or draft.sides
        draft.resolution_dpi = ticket.resolution_dpi or draft.resolution_dpi
        if (copies := ticket.copies("Job") * ticket.copies("Document")) > 1:
            draft.page_copies = draft.copies_within(copies)
        if ticket.collated is not None:
            draft.copies_collated = ticket.collated
        if is_first and ticket.number_up > 1:
            draft.device_number_up = ticket.number_up

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
