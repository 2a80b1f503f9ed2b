"""PostScript and plain text."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis, Sides


class TestPostScript:
    """Document structuring comments."""

    def test_page_comments_are_counted_outside_of_embedded_documents(self):
        """A picture within a page brings comments of its own. SC-TRACK-03"""
        program = (
            b"%!PS-Adobe-3.0\n%%Title: (A \\(small\\) letter)\n%%For: anna\n%%Pages: 2\n%%EndComments\n%%Page: 1 1\n"
            b"%%BeginDocument: logo.eps\n%!PS-Adobe-3.0 EPSF-3.0\n%%Page: 1 1\n%%EndDocument\n"
            b"%%BeginData: 12 Hex Bytes\n\n%%Page: x\n\n%%Page: 2 2\nshowpage\n%%EOF\n"
        )
        facts = analyse(program)
        assert (facts.pages, facts.pages_basis) == (2, PagesBasis.COUNTED)
        assert (facts.title, facts.user) == ("A (small) letter", "anna")

    def test_what_the_driver_asks_of_the_device(self):
        """Sides, copies and paper stand in the set-up. SC-TDF-132, SC-TDF-133"""
        program = (
            b"%!PS-Adobe-3.0\n%%EndComments\n<</NumCopies 3 /Duplex true /Tumble true>> setpagedevice\n"
            b"<</PageSize [842 1191]>> setpagedevice\n%%Page: 1 1\nshowpage\n"
        )
        facts = analyse(program)
        assert (facts.copies, facts.sides) == (3, Sides.TWO_SIDED_SHORT_EDGE)
        assert facts.page_runs[0].media == "iso_a3_297x420mm"

    @pytest.mark.parametrize(
        ("comment", "color"),
        [(b"%%DocumentProcessColors: Cyan Black\n", True), (b"%%DocumentProcessColors: Black\n", False), (b"", None)],
    )
    def test_colour_by_what_the_document_declares(self, comment, color):
        """Without a statement about colour a program that can set it leaves it open. SC-TDF-144"""
        program = b"%!PS-Adobe-3.0\n" + comment + b"%%Page: 1 1\n/c {setrgbcolor} def\nshowpage\n"
        assert analyse(program).page_runs[0].color is color

    def test_without_structure_the_count_is_an_estimate(self):
        """Loops and procedures can only be known by running them; the basis says so. SC-TDF-140"""
        facts = analyse(b"%!\n(a) show showpage\n(showpage) pop % showpage\n{showpage} pop /showpage load\nshowpage\n")
        assert (facts.pages, facts.pages_basis) == (2, PagesBasis.ESTIMATED)

    def test_an_encapsulated_file_is_one_page(self):
        """EPS is one picture."""
        assert analyse(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n0 0 moveto\n").pages == 1


@pytest.mark.parametrize(
    ("text", "pages"), [(b"a\n" * 60, 1), (b"a\n" * 61, 2), (b"a\x0cb", 2), (b"x" * 80 * 61, 2), (b"a\x0c", 1)]
)
def test_plain_text_is_laid_out_in_lines_and_columns(text, pages):
    """Text has no pages of its own, so the count is an estimate."""
    facts = analyse(text)
    assert (facts.format, facts.pages, facts.pages_basis) == ("text/plain", pages, PagesBasis.ESTIMATED)
