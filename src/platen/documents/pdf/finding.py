"""Which reader a PDF file needs, and what it finds.

A file as the standard has it is read where it stands, an encrypted one by qpdf. Of a damaged one all objects are
searched for; where that leads to no page, qpdf tries to repair it, and then pages count that nothing leads to.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.pdf.objects_in_file import ObjectsInFile
from platen.documents.pdf.pages import Pages, declared_pages, stray_pages, walk
from platen.documents.pdf.reading import Objects, array, dictionary
from platen.documents.pdf.scan import ObjectsFound
from platen.documents.pdf.syntax import Irregular
from platen.documents.pdf.xref import CrossReference
from platen.documents.source import Data

# qpdf takes long for what is made to be hard to repair, and nothing interrupts it.
_REPAIRED_BYTES_MAX = 16 * 1024 * 1024
_REPAIRED_OBJECTS_MAX = 50_000
_STRAYS_LOOKED_AT = 10_000  # pages that nothing leads to; nobody makes more of them but to keep a reader busy
_STRAYS_MAX = 100_000  # that are counted
_ANOTHER = re.compile(rb"%%EOF[\s\0]*(?=%PDF-\d)")

_DAMAGED = "The PDF file is damaged and could not be read; a printer may refuse it too."
_NOT_LOOKED_AT = "Too many pages of the PDF file are in no page tree for looking at what each of them shows."
_LEADS_NOWHERE = "The PDF file names no page tree, or an empty one: nothing of it is printed, whatever pages lie in it."
_MORE_STRAYS = f"The PDF file holds more than {_STRAYS_MAX:,} pages in no page tree; the rest was not counted."
_REPAIRED = "The PDF file is damaged; it was read as far as it can be repaired, and a printer may refuse it."
_ATTACHMENT = "Another PDF file is attached to the damaged one; its pages are not printed, so they were not counted."
_BAD_TREE = "A part of the PDF file's page tree is damaged, turns in circles or branches without end; it was left out."
_PASSWORD = "The PDF file can only be opened with a password; print it without one."  # noqa: S105  # a sentence
_PASSWORD_HIDES = "How many pages the PDF file has cannot be told for sure without its password."  # noqa: S105  # a sentence
_SEVERAL = "The file holds several PDF documents one behind the other; only the last one was read, as printers do."


@dataclass(frozen=True, slots=True)
class Found:
    """Pages, and what gave them."""

    pages: Pages
    start: int  # of the file in the data
    objects: Objects | None = None  # None: their text is encrypted, or they are not to be looked at


class Finder:
    """Finds the pages of the file between two offsets; what is wrong with the file is said to the draft.

    `pages` are those found so far, for whoever has to stop the search.
    """

    def __init__(self, data: Data, start: int, stop: int, draft: Draft, options: AnalysisOptions) -> None:
        self._data, self._start, self._stop, self._draft, self._options = data, start, stop, draft, options
        self.pages = Pages()
        self._is_repairable = True

    def find(self, opened: ExitStack) -> Found:
        """Args: opened: closes, in the end, what the objects come from."""
        plain = self._plain()
        if plain is not None and plain.is_readable and self._walk(plain) and not self.pages.tree_has_damage:
            self._draft.encrypted = self._draft.encrypted or plain.is_encrypted
            return Found(self.pages, self._start, plain)
        if plain is not None and plain.is_encrypted:
            return self._encrypted(plain, opened)
        objects = self._scanned()
        if objects.is_encrypted:
            return self._encrypted(objects, opened)
        if self._walk(objects):
            self._say_how_it_was_read()
            if objects.attached:
                self._draft.problem(_ATTACHMENT)
            return Found(self.pages, self._start, objects)
        if plain is not None and _leads_nowhere(plain):
            self._draft.problem(_LEADS_NOWHERE)
            return Found(Pages(), self._start)
        repaired = self._by_qpdf(opened) if len(objects) <= _REPAIRED_OBJECTS_MAX else None
        return repaired or self._strays(objects)

    def _walk(self, objects: Objects) -> bool:
        """Take the pages that the objects' tree leads to. Returns: whether there are any, without an irregularity."""
        self.pages = Pages()
        try:
            walk(objects, self.pages, self._options.limits.pages_max)
        except Irregular:
            return False
        return len(self.pages) > 0

    def _scanned(self) -> ObjectsFound:
        objects = ObjectsFound(self._data, self._start, self._stop)
        self._is_repairable = objects.is_repairable
        return objects

    def _encrypted(self, objects: ObjectsInFile, opened: ExitStack) -> Found:
        from platen.documents.pdf.objects_by_qpdf import Locked  # most files need no qpdf, so it is loaded late

        self._draft.encrypted = True
        try:
            return self._by_qpdf(opened) or self._without_password(objects)
        except Locked:
            return self._without_password(objects)

    def _by_qpdf(self, opened: ExitStack) -> Found | None:
        """What qpdf opens and repairs; None: nothing. Raises: Locked."""
        from platen.documents.pdf.objects_by_qpdf import DAMAGE, Locked, ObjectsByQpdf, open_by_qpdf

        is_large = not self._draft.encrypted and self._stop - self._start > _REPAIRED_BYTES_MAX
        if is_large or not self._is_repairable:
            return None
        try:
            pdf = opened.enter_context(open_by_qpdf(self._data, self._start, self._stop, self._options.password))
        except Locked:
            if not self._draft.encrypted:
                return None
            raise
        except DAMAGE:
            return None
        objects = ObjectsByQpdf(pdf)
        if not self._walk(objects):
            return None
        self._say_how_it_was_read()
        return Found(self.pages, self._start, objects)

    def _say_how_it_was_read(self) -> None:
        """Of pages that were found by another way than that of a sound file, or as far as their tree is one."""
        if self.pages.tree_has_damage:
            self._draft.problem(_BAD_TREE)
            self._draft.weaken(PagesBasis.ESTIMATED)
        elif not self._draft.encrypted:
            self._draft.problem(_REPAIRED)

    def _plain(self) -> ObjectsInFile | None:
        """A reader of the file as it stands; None: its cross-references are damaged."""
        try:
            first = self._from(self._start)
        except Irregular:
            pass
        else:
            if self._data.find(b"%PDF-", self._start + 1, self._stop) >= 0 and self._is_followed():
                self._draft.problem(_SEVERAL)
            return first
        *_, last = (self._start, *(found.end() for found in _ANOTHER.finditer(self._data, self._start, self._stop)))
        if last == self._start:
            return None
        self._draft.problem(_SEVERAL)
        self._start = last
        try:
            return self._from(last)
        except Irregular:
            return None

    def _is_followed(self) -> bool:
        """Whether another file stands behind an end mark: the same once more, which the trailer suits as well."""
        return _ANOTHER.search(self._data, self._start, self._stop) is not None

    def _from(self, start: int) -> ObjectsInFile:
        return ObjectsInFile(self._data, start, self._stop, CrossReference(self._data, start, self._stop))

    def _without_password(self, objects: ObjectsInFile) -> Found:
        """Only strings and streams are encrypted, so the page tree can be read unless it lies in object streams."""
        self._draft.problem(_REPAIRED if objects.is_readable else _PASSWORD)
        if self._walk(objects):
            return Found(self.pages, self._start, objects if objects.is_readable else None)
        self.pages = Pages()
        if declared := declared_pages(self._data, self._start, self._stop):
            self._draft.weaken(PagesBasis.DECLARED)
            self._draft.add_like_pages(declared)
            return Found(self.pages, self._start)
        self._draft.problem(_PASSWORD_HIDES)
        self._draft.weaken(PagesBasis.ESTIMATED)
        self._take_strays(self._scanned())
        return Found(self.pages, self._start)

    def _take_strays(self, objects: ObjectsFound) -> None:
        stray_pages(objects, self.pages, min(_STRAYS_MAX, self._options.limits.pages_max))
        if len(self.pages) > _STRAYS_MAX:
            self._draft.problem(_MORE_STRAYS)
            del self.pages.refs[_STRAYS_MAX:], self.pages.sizes_mm[_STRAYS_MAX:]

    def _strays(self, objects: ObjectsFound) -> Found:
        """The last resort: page objects that nothing leads to."""
        self._draft.problem(_DAMAGED)
        self._draft.weaken(PagesBasis.ESTIMATED)
        self.pages = Pages()
        self._take_strays(objects)
        if len(self.pages) > _STRAYS_LOOKED_AT:
            self._draft.problem(_NOT_LOOKED_AT)
            return Found(self.pages, self._start)
        return Found(self.pages, self._start, objects)


def _leads_nowhere(objects: Objects) -> bool:
    """Whether a file whose cross-references are sound says of itself that it has no page, as every reader takes it."""
    try:
        catalog = dictionary(objects, objects.trailer.get("/Root"))
        tree = objects.resolve(catalog.get("/Pages"))
        if catalog.get("/Type") != "/Catalog":
            return False
        return tree is None or (
            isinstance(tree, dict) and not tree.get("/Count") and not array(objects, tree.get("/Kids"))
        )
    except Irregular:
        return False
