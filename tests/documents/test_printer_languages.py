"""PostScript and plain text."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis


@pytest.mark.parametrize(
    ("text", "pages"), [(b"a\n" * 60, 1), (b"a\n" * 61, 2), (b"a\x0cb", 2), (b"x" * 80 * 61, 2), (b"a\x0c", 1)]
)
def test_plain_text_is_laid_out_in_lines_and_columns(text, pages):
    """Text has no pages of its own, so the count is an estimate."""
    facts = analyse(text)
    assert (facts.format, facts.pages, facts.pages_basis) == ("text/plain", pages, PagesBasis.ESTIMATED)
