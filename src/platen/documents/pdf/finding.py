"""Which reader a PDF file needs, and what it finds.

A file as the standard has it is read where it stands; an encrypted or damaged one by qpdf, which opens and repairs;
one that qpdf gives up by whatever objects can be found in it.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.pdf.objects_by_qpdf import DAMAGE, ObjectsByQpdf, open_by_qpdf
from platen.documents.pdf.objects_in_file import ObjectsInFile
from platen.documents.pdf.pages import Pages, declared_pages, pages_of, stray_pages
from platen.documents.pdf.reading import Objects
from platen.documents.pdf.scan import ObjectsFound
from platen.documents.pdf.syntax import Irregular
from platen.documents.pdf.xref import CrossReference
from platen.documents.source import Data

_ANOTHER = re.compile(rb"%%EOF[\s\0]*(?=%PDF-\d)")

_DAMAGED = "The PDF file is damaged and could not be read; a printer may refuse it too."
_REPAIRED = "The PDF file is damaged; it was read as far as it can be repaired, and a printer may refuse it."
_BAD_TREE = "A part of the PDF file's page tree is damaged or turns in circles; it was left out."
_PASSWORD = "The PDF file can only be opened with a password; print it without one."  # noqa: S105  # a sentence
_PASSWORD_HIDES = "How many pages the PDF file has cannot be told without its password."  # noqa: S105  # a sentence
_SEVERAL = "The file holds several PDF documents one behind the other; only the last one was read, as printers do."


@dataclass(frozen=True, slots=True)
class Found:
    """Pages, and what gave them."""

    pages: Pages
    start: int  # of the file in the data
    objects: Objects | None = None  # None: their text is encrypted, or there are none


class Finder:
    """Finds the pages of the file between two offsets; what is wrong with the file is said to the draft."""

    def __init__(self, data: Data, start: int, stop: int, draft: Draft, options: AnalysisOptions) -> None:
        self._data, self._start, self._stop, self._draft, self._options = data, start, stop, draft, options

    def find(self, opened: ExitStack) -> Found:
        """Args: opened: closes, in the end, what the objects come from."""
        plain = self._plain()
        self._draft.encrypted = self._draft.encrypted or (plain is not None and plain.is_encrypted)
        if plain is not None and plain.is_readable and (pages := self._in_plain(plain)):
            return Found(pages, self._start, plain)
        try:
            pdf = opened.enter_context(open_by_qpdf(self._data, self._start, self._stop, self._options.password))
        except pikepdf.PasswordError:
            return self._without_password(plain)
        except DAMAGE:
            return self._anywhere()
        return self._by_qpdf(pdf)

    def _plain(self) -> ObjectsInFile | None:
        """A reader of the file as it stands; None: its cross-references are damaged."""
        try:
            return self._from(self._start)
        except Irregular:
            pass
        *_, last = (self._start, *(found.end() for found in _ANOTHER.finditer(self._data, self._start, self._stop)))
        if last == self._start:
            return None
        self._draft.problem(_SEVERAL)
        self._start = last
        try:
            return self._from(last)
        except Irregular:
            return None

    def _from(self, start: int) -> ObjectsInFile:
        return ObjectsInFile(self._data, start, self._stop, CrossReference(self._data, start, self._stop))

    def _in_plain(self, objects: ObjectsInFile) -> Pages | None:
        """Pages of a file without damage; None: something in it is out of the ordinary."""
        try:
            pages = pages_of(objects, self._options.limits.pages_max)
        except Irregular:
            return None
        return pages if pages and not pages.tree_has_damage else None

    def _by_qpdf(self, pdf: pikepdf.Pdf) -> Found:
        objects = ObjectsByQpdf(pdf)
        self._draft.encrypted = self._draft.encrypted or pdf.is_encrypted
        pages = pages_of(objects, self._options.limits.pages_max)
        if not pages:
            return self._anywhere()
        if pages.tree_has_damage:
            self._draft.problem(_BAD_TREE)
        elif pdf.get_warnings():
            self._draft.problem(_REPAIRED)
        return Found(pages, self._start, objects)

    def _without_password(self, plain: ObjectsInFile | None) -> Found:
        """Only strings and streams are encrypted, so the page tree can be read unless it lies in object streams."""
        objects = plain or ObjectsFound(self._data, self._start, self._stop)
        self._draft.encrypted = True
        self._draft.problem(_REPAIRED if objects.is_readable else _PASSWORD)
        pages = self._in_plain(objects)
        if pages is not None:
            return Found(pages, self._start, objects if objects.is_readable else None)
        declared = declared_pages(self._data, self._start, self._stop)
        if declared:
            self._draft.weaken(PagesBasis.DECLARED)
            self._draft.add_like_pages(declared)
        else:
            self._draft.problem(_PASSWORD_HIDES)
        return Found(Pages(), self._start)

    def _anywhere(self) -> Found:
        """The last resort: objects that stand anywhere, pages that nothing leads to."""
        self._draft.problem(_DAMAGED)
        objects = ObjectsFound(self._data, self._start, self._stop)
        pages = pages_of(objects, self._options.limits.pages_max)
        if not pages:
            self._draft.weaken(PagesBasis.ESTIMATED)
            pages = stray_pages(objects, self._options.limits.pages_max)
        if pages.tree_has_damage:
            self._draft.problem(_BAD_TREE)
        self._draft.encrypted = self._draft.encrypted or objects.is_encrypted
        return Found(pages, self._start, objects if objects.is_readable else None)
