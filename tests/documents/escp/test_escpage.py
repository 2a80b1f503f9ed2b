"""ESC/Page and the job language around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import PagesBasis, Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.limits import AnalysisLimits, AnalysisOptions

GS = b"\x1d"
END = b"\x1b\x01@EJL \n@EJL EJ \n\x1b\x01@EJL \n"


def begin(*commands: str, language: str = "ESC/PAGE") -> bytes:
    """A packet of job commands, and the reset that begins the language."""
    lines = "".join(f"@EJL {command}\n" for command in (*commands, f"EN LA={language}"))
    return b"\x1b\x01@EJL \n" + lines.encode() + GS + b"rhE"


def picture(octets: bytes) -> bytes:
    return GS + b"10Y" + GS + b"20X" + GS + b"%d;8;1;0bi{I" % len(octets) + octets


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_form_feeds_end_pages_and_data_are_no_commands(pictures):
    """Octets of pictures are passed over, whatever they look like. SC-TRACK-03"""
    job = begin() + b"".join(picture(octets) + b"\x0c" for octets in pictures) + GS + b"rhE" + END
    facts = analyse(job)
    assert (facts.format, facts.pages, facts.pages_basis) == (
        "application/vnd.epson-escpage",
        len(pictures),
        PagesBasis.COUNTED,
    )
    assert (facts.has_color, facts.problems) == (False, ())


def test_a_page_comes_out_at_a_reset():
    """Older drivers state the copies of a page, then reset the printer; a blank page has no picture."""
    page = picture(b"\xff") + GS + b"1coO" + GS + b"rhE"
    blank = GS + b"0bcI" + GS + b"1coO" + GS + b"rhE"
    facts = analyse(begin() + page + begin() + blank + begin() + page + END)
    assert [run.blank for run in facts.page_runs] == [False, True, False]


def test_pages_that_end_where_the_next_side_begins_are_an_estimate():
    """A blank page in between is one; the last side begins none."""
    job = begin() + picture(b"\1") + GS + b"0dpsE" * 1 + (GS + b"0dpsE") + picture(b"\1") + GS + b"0dpsE" + END
    facts = analyse(job)
    assert (facts.pages, facts.pages_basis) == (3, PagesBasis.ESTIMATED)
    assert "cannot be told" in facts.problems[0]


def test_what_the_job_language_says():
    """Names, paper, sides and copies. SC-TDF-113, SC-TDF-132, SC-TDF-133"""
    job = begin(
        'JI USER="anna" MACHINE="PC17" DOCUMENT="report"',
        "SET RS=FN DX=ON BD=SE QT=2 CO=1 OR=LA PS=A4",
    )
    facts = analyse(job + picture(b"\1") + b"\x0c" + picture(b"\1") + b"\x0c" + END)
    assert (facts.user, facts.host, facts.title) == ("anna", "PC17", "report")
    assert (facts.copies, facts.sides) == (2, Sides.TWO_SIDED_SHORT_EDGE)
    assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (297, 210)
    assert job_facts(facts, JobTicket()).sheets == 2


def test_paper_within_the_language():
    """A number for a size, or a width and a length in units."""
    sizes = (
        GS
        + b"30psE"
        + picture(b"\1")
        + b"\x0c"
        + GS
        + b"0;0.24muE"
        + GS
        + b"-1;2480;3508psE"
        + picture(b"\1")
        + b"\x0c"
    )
    facts = analyse(begin() + sizes + END)
    assert [run.media for run in facts.page_runs] == ["na_letter_8.5x11in", "iso_a4_210x297mm"]


@pytest.mark.parametrize(("octets", "blank"), [(b"\0\0\0", True), (b"\0\0\xff\0\0\x10", True), (b"\0\0\xff\1", False)])
def test_a_picture_of_nothing_is_blank(octets, blank):
    """Plain zeros, and zeros as run lengths."""
    assert analyse(begin() + picture(octets) + b"\x0c" + END).page_runs[0].blank is blank


def test_colour_is_not_looked_at():
    """What is not known has a reason."""
    facts = analyse(begin(language="ESC/PAGE-COLOR") + picture(b"\1") + b"\x0c" + END)
    assert facts.has_color is None
    assert "colour" in facts.problems[0]


def test_a_job_that_is_cut_off_says_so():
    """Within the data of a command, and within a page."""
    job = begin() + picture(b"\1" * 20) + b"\x0c" + picture(b"\1" * 20)
    assert "within a page" in analyse(job).problems[0]
    assert "within the data" in analyse(job[:-3]).problems[0]
    assert "within the data" in analyse(job + picture(b"\1" * 20)[:-3]).problems[0]


def test_a_job_of_very_many_commands_comes_to_an_end():
    """The pages so far are kept, and the facts say that there may be more."""
    limits = AnalysisLimits(escpage_commands_max=100)
    facts = analyse(begin() + (picture(b"\1") + b"\x0c") * 200 + END, options=AnalysisOptions(limits=limits))
    assert 0 < (facts.pages or 0) < 200
    assert "may hold more pages" in facts.problems[0]
    passed_over = (GS + b"12;34X" + GS + b"1;2;3lwG") * 1000
    facts = analyse(begin() + picture(b"\1") + passed_over + b"\x0c" + END, options=AnalysisOptions(limits=limits))
    assert (facts.pages, facts.problems) == (1, ())


def test_a_language_of_one_printer_alone_is_named():
    """Nothing tells its pages, and form feeds in it are none."""
    facts = analyse(begin(language="ESC/PAGES04").replace(GS + b"rhE", b"") + b"\1\x0c\x0c\x0c")
    assert facts.pages is None
    assert "Epson" in facts.problems[0]


@given(st.binary(max_size=200))
def test_any_octets_are_foreseen(octets):
    """Rubbish in the language costs its facts at most."""
    assert DEFECT not in analyse(begin() + octets).problems
    assert DEFECT not in analyse(begin() + GS + octets + b"{I" + octets).problems


def test_octets_that_nobody_wrote_behind_a_job_are_no_page():
    """What follows the packet that leaves the language is named and not charged."""
    facts = analyse(begin() + picture(b"\1") + b"\x0c" + END + bytes(range(256)) * 20)
    assert (facts.pages, len(facts.problems)) == (1, 1)
    assert "was not counted" in facts.problems[0]


def test_jobs_behind_each_other_are_added_up():
    """What stands between them switches languages and is no text."""
    switch = b"\x1bS\x1b\x1bS\x1c\x1bz\0\0" + GS + b"rhE"
    job = begin().removesuffix(GS + b"rhE") + switch + picture(b"\1") + b"\x0c" + GS + b"0dpsE" + END
    assert analyse(job).pages == 1
    assert analyse(job * 3).pages == 3
