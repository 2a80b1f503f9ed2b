"""Pages on their way out: each waits until it is known whether the next one falls on the back of its sheet."""

from __future__ import annotations

from typing import NamedTuple

from platen.documents.draft import Draft, unlike
from platen.documents.facts import Sides
from platen.documents.pcl.copies import PageCopies
from platen.documents.pcl.palette import Look


class FinishedPage(NamedTuple):
    """A page that came out."""

    size_mm: tuple[float, float] | None
    media: str | None
    look: Look | None  # the most striking mark; None: not known
    copies: int  # 0: it is not printed
    sides: Sides | None
    is_alone: bool = False  # it shares its sheet with no other


class Sheets:
    """Gives the pages of one document to the draft."""

    def __init__(self, draft: Draft) -> None:
        self.is_over = False  # no further page may be added
        self.next_is_back = False  # the next page falls on the back of the last one's sheet
        self._draft = draft
        self._copies = PageCopies(draft)
        self._pending: FinishedPage | None = None

    @property
    def has_pages(self) -> bool:
        """A page came out of the document, or of one before it."""
        return self._pending is not None or self._draft.pages > 0

    def put(self, page: FinishedPage, *, begins_sheet: bool) -> None:
        """A page came out; `begins_sheet`: on the front of a new sheet, even where the back of the last one is free."""
        if begins_sheet and self.next_is_back and self._pending is not None:
            self._pending = self._pending._replace(is_alone=True)
            self.next_is_back = False
        self.flush()
        self._pending = page
        is_two_sided = page.sides is not None and page.sides.is_two_sided
        self.next_is_back = is_two_sided and not self.next_is_back and not page.is_alone

    def flush(self) -> None:
        """Hand on the page that waits."""
        page, draft = self._pending, self._draft
        if page is None:
            return
        self._pending = None
        if self._copies.is_first:
            draft.sides = page.sides
        sides = Sides.ONE_SIDED if page.is_alone else page.sides
        added = draft.add_page(
            size_mm=page.size_mm,
            media=page.media,
            color=None if page.look is None else page.look is Look.COLOR,
            blank=None if page.look is None else page.look is Look.WHITE,
            copies=self._copies.of_next_page(page.copies),
            sides=unlike(sides, draft.sides),
        )
        self.is_over = self.is_over or not added
