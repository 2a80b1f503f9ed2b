"""Cross-reference tables as drivers write them."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from tests.documents.pdf.written import one_page


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_tables_of_lines_without_their_blank(end):
    """Some devices' own drivers write lines of 19 octets, and comments in front of the trailer: no damage."""
    document = one_page().replace(b" \n", end).replace(b"trailer", b"%===== PCLm: File Trailer\n trailer")
    facts = analyse(document)
    assert (facts.pages, facts.page_runs[0].media, facts.problems) == (1, "iso_a4_210x297mm", ())
