"""What comes out of a PostScript program when it is run."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PagesBasis, Sides
from platen.documents.limits import AnalysisLimits, AnalysisOptions

FEW_STEPS = AnalysisOptions(limits=AnalysisLimits(postscript_steps_max=20_000))
SQUARE = b" 100 100 200 200 rectfill "


def run(program: bytes) -> DocumentFacts:
    return analyse(b"%!PS\n" + program)


@pytest.mark.parametrize(
    ("program", "pages"),
    [
        (b"1 1 7 { pop showpage } for", 7),
        (b"/n 1 def save /n 3 def restore n { showpage } repeat", 1),
        (b"/keep save def /showpage {} def showpage keep restore showpage", 1),
        (b"{ 1 0 div } stopped { clear showpage } if", 1),
        (b"(2 { showpage } repeat) cvx exec", 2),
        (b"0 { 1 add dup 5 gt { exit } if showpage } loop", 5),
        (b"currentfile 0 (END) /SubFileDecode filter 9 string readstring pop pop\nabcEND showpage", 1),
        (b"showpage\n\x04%!PS\nshowpage", 2),
        (b"/Halftone12x12 /Halftone findresource sethalftone showpage", 1),  # the device has it
        (
            b"<</EndPage { dup 2 eq { pop 2 mod 0 ne } { pop 1 add 2 mod 0 eq } ifelse }>> setpagedevice "
            b"3 { showpage } repeat",
            2,
        ),
    ],
)
def test_pages_are_those_that_the_program_shows(program, pages):
    """Loops, procedures, saved states and page procedures decide, as on a device. SC-TRACK-03"""
    facts = run(program)
    assert (facts.pages, facts.pages_basis) == (pages, PagesBasis.COUNTED)


@pytest.mark.parametrize(
    ("paint", "color", "blank"),
    [
        (b"1 0 0 setrgbcolor" + SQUARE, True, False),
        (b".5 .5 .5 setrgbcolor" + SQUARE, False, False),
        (b"0 0 0 1 setcmykcolor" + SQUARE, False, False),
        (b"1 1 1 setrgbcolor" + SQUARE, False, True),
        (b"1 0 0 setrgbcolor 5000 5000 9 9 rectfill", False, True),
        (b"1 0 0 setrgbcolor", False, True),
        (SQUARE + b"erasepage", False, True),
        (b"[/Separation /Spot /DeviceCMYK { dup 0 exch 0 0 }] setcolorspace 1 setcolor" + SQUARE, True, False),
        (b"9 9 scale 2 1 8 [2 0 0 1 0 0] { <ff0000ff0000> } false 3 colorimage", True, False),
        (b"9 9 scale 2 1 8 [2 0 0 1 0 0] { <808080404040> } false 3 colorimage", False, False),
        (b"/Courier 20 selectfont 1 0 0 setrgbcolor 99 99 moveto (   ) show", False, True),
        (b"/Courier 20 selectfont 1 0 0 setrgbcolor 99 99 moveto (a) show", True, False),
    ],
)
def test_colour_and_blankness_are_of_what_is_marked(paint, color, blank):
    """What is declared or painted in white or off the page counts for nothing. SC-TDF-144"""
    run_ = run(paint + b" showpage").page_runs[0]
    assert (run_.color, run_.blank) == (color, blank)


def test_sizes_and_sides_may_change_within_the_job():
    """Each page has the paper and the sides that were asked for when it came out. SC-TDF-132, SC-TDF-133"""
    facts = run(
        b"<</PageSize [595 842] /Duplex true>> setpagedevice showpage a3 showpage "
        b"<</Duplex false>> setpagedevice showpage"
    )
    assert [run_.media for run_ in facts.page_runs] == ["iso_a4_210x297mm", "iso_a3_297x420mm", "iso_a3_297x420mm"]
    assert facts.sides is Sides.TWO_SIDED_LONG_EDGE
    assert [run_.sides for run_ in facts.page_runs] == [None, None, Sides.ONE_SIDED]


UNLESS_IT_IS_THERE = (
    b"/paper { 2 copy currentpagedevice /PageSize get aload pop round cvi 3 -1 roll round cvi eq 3 1 roll round cvi "
    b"exch round cvi eq and { pop pop } { 2 array astore << exch /PageSize exch >> setpagedevice } ifelse } bind def "
)


@pytest.mark.parametrize(
    ("size_pt", "media"),
    [(b"595 842", "iso_a4_210x297mm"), (b"595.28 841.89", "iso_a4_210x297mm"), (b"612 792", "na_letter_8.5x11in")],
)
def test_a_size_that_is_asked_for_where_the_device_has_another_one_is_known(size_pt, media):
    """Whatever paper a device happens to hold, the facts are the size that the program wants. SC-TDF-132"""
    assert run(UNLESS_IT_IS_THERE + size_pt + b" paper showpage").page_runs[0].media == media


def test_a_size_that_is_given_back_to_the_device_is_none():
    """A program that leaves the paper as it found it leaves it to the device. SC-TDF-132"""
    program = b"currentpagedevice /PageSize get << exch /PageSize exch >> setpagedevice showpage"
    assert run(program).page_runs[0].media is None


@pytest.mark.parametrize("asked", [b"<</NumCopies 3 /Collate true>> setpagedevice", b"/#copies 3 def"])
def test_copies_of_either_level(asked):
    """NumCopies and #copies are the document's copies. SC-TDF-133"""
    assert run(asked + b" showpage").copies == 3


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("program", "pages"),
    [(b"{} loop", None), (b"{ showpage } loop", 1), (b"/f { f 1 } def f", 0), (b"{ 60000 string } loop", None)],
)
def test_a_program_that_never_ends_is_not_run_for_ever(program, pages):
    """What it would print is not known unless something says so; where its own stack ends it, a device prints nothing
    either. With a tenth of the steps: all of them are taken by the program without an end in test_bad_input."""
    fewer = AnalysisLimits(postscript_steps_max=AnalysisLimits().postscript_steps_max // 10)
    facts = analyse(b"%!PS\n" + program, options=AnalysisOptions(limits=fewer))
    assert facts.pages == pages
    assert facts.pages_basis is (PagesBasis.UNKNOWN if pages is None else PagesBasis.ESTIMATED)
    assert facts.problems


def test_comments_stand_where_the_program_cannot_be_run():
    """A program that stops with an error has the pages that its comments mark. SC-TDF-140"""
    facts = analyse(b"%!PS-Adobe-3.0\n%%Title: (A \\(small\\) one)\n%%Page: 1 1\nnosuchword\n%%Page: 2 2\nshowpage\n")
    assert (facts.pages, facts.title) == (2, "A (small) one")
    assert "undefined in nosuchword" in facts.problems[0]


def test_copies_in_the_stream_are_counted_once():
    """Sets that stand in the stream one after the other are pages, not copies."""
    pages = b"".join(b"%%%%Page: %d %d\nshowpage\n" % (n % 2 + 1, n + 1) for n in range(4))
    facts = analyse(b"%!PS-Adobe-3.0\n%%Requirements: numcopies(2) collate\n" + pages)
    assert (facts.pages, facts.copies, facts.copies_collated) == (4, 1, True)


def test_an_encapsulated_file_is_one_page():
    """EPS is one picture, with or without showpage."""
    assert analyse(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n0 0 moveto\n").pages == 1


def test_a_picture_whose_page_is_marked_but_not_shown_is_looked_at():
    """What an encapsulated picture paints without showpage is what comes out."""
    picture = (
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%Page: 1 1\n1 0 0 setrgbcolor 0 0 9 9 rectfill\n%%EOF\n"
    )
    facts = analyse(picture)
    assert (facts.pages, facts.page_runs[0].color) == (1, True)


def test_a_program_that_shows_nothing_prints_nothing():
    """Comments that mark a page print none; a device would give nothing either."""
    facts = analyse(b"%!PS-Adobe-3.0\n%%Pages: 1\n%%Page: 1 1\n0 0 9 9 rectfill\n%%EOF\n")
    assert facts.pages == 0
    assert "marks 1 pages, but prints 0" in facts.problems[0]


ENDLESS = b" 0 1 10000000 { pop } for "
BUILT = b"/s 11 string def s 0 (setrgb) putinterval s 6 (color) putinterval"


@pytest.mark.parametrize(
    ("program", "color"),
    [
        (BUILT + ENDLESS + b"1 0 0 s cvx exec" + SQUARE + b"showpage", None),
        (b"1 0 0 setrgbcolor" + SQUARE + ENDLESS + b"showpage", True),
        (b"{ showpage } loop", None),
    ],
)
def test_a_page_that_was_not_run_to_its_end_is_not_called_grey(program, color):
    """What a program would go on to paint is not known, and the facts say so; what it has painted is. SC-TDF-144"""
    facts = analyse(b"%!PS\n" + program, options=FEW_STEPS)
    assert [run_.color for run_ in facts.page_runs] == [color]
    assert facts.pages_basis is PagesBasis.ESTIMATED
    assert any("at least 1" in problem for problem in facts.problems)
    assert any("coloured is not known" in problem for problem in facts.problems) == (color is None)


@pytest.mark.parametrize(
    ("inks", "program", "color"), [(b"Black", b"", False), (b"Black", b"setrgbcolor", None), (b"Cyan", b"", True)]
)
def test_comments_on_colour_are_believed_where_the_text_does_not_speak_against_them(inks, program, color):
    """Pages that were not run have what their comments say, by a declared count. SC-TDF-144"""
    job = b"%!PS-Adobe-3.0\n%%DocumentProcessColors: " + inks + b"\n%%EndComments\n%%Page: 1 1\n" + ENDLESS
    facts = analyse(job + b"\nshowpage\n%%Page: 2 2\n" + program + b" showpage\n%%EOF\n", options=FEW_STEPS)
    assert (facts.pages, facts.pages_basis) == (2, PagesBasis.DECLARED)
    assert [run_.color for run_ in facts.page_runs] == [color]


@pytest.mark.parametrize(
    ("comment", "title"),
    [
        (rb"(My \(nested\) t\351st)", "My (nested) t\u00e9st"),
        (rb"(t\303\251st)", "t\u00e9st"),
        (rb"(\376\377\000t\000\351)", "t\u00e9"),
        (rb"(a\tb\033c)", "a b c"),
        (rb"(\12345)", "S45"),
    ],
)
def test_a_title_is_read_as_the_string_that_it_is(comment, title):
    """Escapes stand for the characters that they name (PostScript Language Reference, section 3.2.2). SC-TDF-113"""
    assert analyse(b"%!PS-Adobe-3.0\n%%Title: " + comment + b"\n%%EndComments\nshowpage\n").title == title
