"""Copies that stand in the pages: what counts for all pages is a fact of the document, what differs one of the page."""

from __future__ import annotations

from platen.documents.draft import Draft


class PageCopies:
    """Copies of each page of one document in a stream, page by page and not in sets (PCL `&l#X`, PCL XL PageCopies)."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.is_first = True  # no page yet

    def of_next_page(self, copies: int) -> int:
        """Take the next page's copies (0: it is not printed). Returns: those to add the page with."""
        draft = self._draft
        copies = draft.copies_within(copies)
        if self.is_first:
            self.is_first = False
            draft.page_copies = max(1, copies)
            if copies > 1 and draft.job_copies == 1:
                draft.copies_collated = False
            return min(copies, 1)
        if copies == draft.page_copies:
            return 1
        draft.spread_page_copies()
        return copies
