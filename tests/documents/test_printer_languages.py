"""PJL and the languages it wraps: PCL 5, PCL XL, PostScript; and plain text."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis, Sides
from tests.documents.samples import UEL, pdf


def pjl(*commands: str, language: str, data: bytes) -> bytes:
    lines = "".join(f"@PJL {command}\r\n" for command in (*commands, f"ENTER LANGUAGE = {language}"))
    return UEL + lines.encode() + data + UEL


class TestPjl:
    """The wrapper's commands."""

    def test_what_pjl_says_of_the_job(self):
        """User, title, copies, sides and paper are read from PJL. SC-TDF-113, SC-TDF-133"""
        facts = analyse(
            pjl(
                'JOB NAME="ignored"',
                'SET USERNAME="anna"',
                'SET JOBNAME="Müller & Söhne"',
                "SET QTY=3",
                "SET DUPLEX=ON",
                "SET BINDING=SHORTEDGE",
                "SET PAPER=A4",
                'SET JOBATTR="JobAcct2=PC17"',
                language="PCL",
                data=b"\x1bEone\x0ctwo\x0c\x1bE",
            )
        )
        assert (facts.user, facts.title, facts.host) == ("anna", "Müller & Söhne", "PC17")
        assert (facts.copies, facts.sides) == (3, Sides.TWO_SIDED_SHORT_EDGE)
        assert (facts.format, facts.pages, facts.page_runs[0].media) == (
            "application/vnd.hp-PCL",
            2,
            "iso_a4_210x297mm",
        )

    def test_copies_of_the_set_multiply_with_copies_of_the_page(self):
        """QTY is of whole sets, COPIES of pages."""
        facts = analyse(pjl("SET QTY=2", "SET COPIES=5", language="PDF", data=pdf(b"0 g 0 0 9 9 re f")))
        assert facts.copies == 10

    def test_gray_render_mode_makes_every_page_gray(self):
        """A colour document that the driver prints in grey holds no colour pages. SC-TDF-134"""
        red = pdf(b"1 0 0 rg 0 0 9 9 re f")
        assert analyse(pjl("SET RENDERMODE=COLOR", language="PDF", data=red)).color_pages == 1
        assert analyse(pjl("SET RENDERMODE=GRAYSCALE", language="PDF", data=red)).color_pages == 0

    def test_jobs_behind_each_other_are_added_up(self):
        """A stream may hold several documents in several languages."""
        one = pjl(language="PCL", data=b"\x1bEx\x0c\x1bE")
        two = pjl(language="POSTSCRIPT", data=b"%!PS-Adobe-3.0\n%%Page: 1 1\n%%Page: 2 2\n%%EOF\n")
        assert analyse(one + two).pages == 3

    def test_a_language_that_is_not_read_is_named(self):
        """Pages of a host-based language are not known, and the sentence says why. SC-TDF-140"""
        facts = analyse(pjl(language="QPDL", data=b"\0\1\2\x0c\x0c"))
        assert facts.pages is None
        assert "QPDL" in facts.problems[0]


class TestPcl5:
    """Escape sequences and their payloads."""

    @given(st.binary(max_size=40))
    def test_binary_payloads_hold_no_pages(self, payload):
        """Form feeds and escapes within raster data are data. SC-TRACK-03"""
        row = b"\x1b*b%dW%b" % (len(payload), payload)
        facts = analyse(b"\x1bE" + b"text" + row + b"\x0c" + b"\x1b(s%dW%b" % (len(payload), payload) + b"\x1bE")
        assert facts.pages == 1

    def test_a_reset_brings_out_only_a_page_with_something_on_it(self):
        """A page ends without a form feed where a reset or a change of paper forces it out."""
        assert analyse(b"\x1bE\x1b&l26Aone\x1b&l27Atwo\x1bE\x1bE").pages == 2

    def test_paper_sides_and_copies(self):
        """Combined sequences are taken apart. SC-TDF-132, SC-TDF-133"""
        facts = analyse(b"\x1bE\x1b&l1x26a1o2S\x1b&l4Xone\x0c\x1bE")
        assert (facts.copies, facts.sides) == (4, Sides.TWO_SIDED_SHORT_EDGE)
        run = facts.page_runs[0]
        assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 297, 210)

    def test_raster_of_three_planes_is_colour_on_its_page_alone(self):
        """Simple colour with raster data on it makes a colour page. SC-TDF-144"""
        facts = analyse(b"\x1bE\x1b*r-3U\x1b*r1A\x1b*b2W\0\1\x1b*rC\x0c\x1b*r1U\x1b*b2W\0\1\x0c\x1bE")
        assert [run.color for run in facts.page_runs] == [True, False]

    def test_what_a_macro_holds_is_printed_when_it_is_called(self):
        """A macro's definition prints nothing."""
        defined = b"\x1bE\x1b&f7Y\x1b&f0Xletter head\x1b&f1X"
        assert analyse(defined + b"\x1bE").pages == 0
        assert analyse(defined + b"\x1b&f7Y\x1b&f2X\x1bE").pages == 1


class TestPclXl:
    """Tagged values and operators."""

    @staticmethod
    def ubyte(attribute: int, value: int) -> bytes:
        return bytes([0xC0, value, 0xF8, attribute])

    def page(self, *, media: int = 2, copies: int = 1, inner: bytes = b"", duplex: int | None = None) -> bytes:
        mode = self.ubyte(52, 0) if duplex is None else self.ubyte(53, duplex)
        begin = self.ubyte(40, 0) + self.ubyte(37, media) + mode + b"\x43"
        return begin + inner + b"\xc1" + struct.pack("<H", copies) + b"\xf8\x31\x44"

    def stream(self, *pages: bytes) -> bytes:
        return b") HP-PCL XL;2;0;Comment\n\x41" + b"".join(pages) + b"\x42"

    def test_pages_media_and_copies(self):
        """Each page has its media and its copies; a page of no copies is not printed. SC-TRACK-03"""
        facts = analyse(self.stream(self.page(), self.page(media=5, copies=0)))
        assert facts.pages == 2
        assert [(run.media, run.copies) for run in facts.page_runs] == [
            ("iso_a4_210x297mm", 1),
            ("iso_a3_297x420mm", 0),
        ]

    def test_duplex_by_binding(self):
        """Vertical binding of a portrait page is long edge. SC-TDF-133"""
        assert analyse(self.stream(self.page(duplex=1))).sides is Sides.TWO_SIDED_LONG_EDGE
        assert analyse(self.stream(self.page(duplex=0))).sides is Sides.TWO_SIDED_SHORT_EDGE

    def test_a_coloured_brush_makes_a_colour_page(self):
        """A brush of three unlike channels is colour, of three like ones grey. SC-TDF-144"""

        def brush(*rgb: int) -> bytes:
            return self.ubyte(3, 2) + b"\x6a" + b"\xc8\xc0\x03" + bytes(rgb) + b"\xf8\x0b\x63\x86"

        facts = analyse(self.stream(self.page(inner=brush(9, 9, 9)), self.page(inner=brush(9, 9, 8))))
        assert [run.color for run in facts.page_runs] == [False, True]

    def test_embedded_data_are_passed_over(self):
        """Octets of an image that look like operators are data."""
        data = b"\xfa" + struct.pack("<I", 4) + b"\x43\x43\x44\x44"
        assert analyse(self.stream(self.page(inner=data))).pages == 1

    def test_a_stream_cut_off_counts_the_page_that_was_begun(self):
        """What reached the printer would come out."""
        assert analyse(self.stream(self.page(), self.page())[:-3]).pages == 2


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
