"""Jobs of several documents, with drivers' headers in front, or with PJL in other spellings, changed on their way."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.rewrite import CannotRewrite, Changes
from tests.documents.pcl.jobs import Xl
from tests.documents.rewrite.test_rewriting import (
    JOBS,
    LONG,
    ONE,
    PCL_JOB,
    PDF_JOB,
    PS_JOB,
    PWG_JOB,
    PXL_JOB,
    SHORT,
    changed,
    in_pjl,
)
from tests.documents.samples import UEL

KYOCERA = b'!R! CMMT "two copies, duplex"; RPCU 1; EXIT;\r\n'
XEROX = b"%%XRXbegin: 001.0300\n%%XRXtitle: Copy in color\n%%XRXend\n"

JOINED = {
    "pcl-pdf": PCL_JOB + UEL + PDF_JOB,
    "pdf-pcl": PDF_JOB + UEL + PCL_JOB,
    "pdf-pdf": PDF_JOB + UEL + PDF_JOB,
    "ps-pxl": PS_JOB + UEL + PXL_JOB,
    "pwg-pcl": PWG_JOB + UEL + PCL_JOB,
    "ps-ps": PS_JOB + b"\x04" + PS_JOB + b"\x04",
    "ps-ps-in-pjl": in_pjl("POSTSCRIPT", PS_JOB + b"\x04" + PS_JOB),
    "bare-behind-pjl": in_pjl("PCL", PCL_JOB) + PDF_JOB,
    "pjl-behind-bare": PCL_JOB + in_pjl("PDF", PDF_JOB),
    "pjl-pdf-twice": JOBS["pjl-pdf"] * 2,
    "two-sides-then-silent": in_pjl("PDF", PDF_JOB, "SET DUPLEX=ON") + JOBS["pjl-pdf"],
}


@pytest.mark.parametrize("job", JOINED.values(), ids=JOINED)
@pytest.mark.parametrize(
    ("changes", "sides", "impressions"),
    [(Changes(sides=SHORT), SHORT, 4), (Changes(sides=ONE, copies=3), ONE, 12), (Changes(monochrome=True), None, None)],
    ids=["short", "copies", "mono"],
)
def test_every_document_of_a_job_is_changed(job, changes, sides, impressions):
    """Documents behind each other, with PJL and without, each get what was asked for. SC-RBPACT-05, SC-RBPACT-06"""
    octets, facts = changed(job, changes)
    assert (facts.pages, facts.format) == (4, analyse(job).format)
    if impressions is not None:
        paper = job_facts(analyse(octets), JobTicket())
        assert paper.impressions == impressions
        assert paper.sheets == (impressions // 2 if sides.is_two_sided else impressions)
    else:
        assert facts.has_color is False


def test_each_document_gets_a_header_of_its_own():
    """Two bare documents in a job: what only PJL has a word for is said for both."""
    octets, facts = changed(PDF_JOB + UEL + PCL_JOB, Changes(toner_save=True))
    assert octets.count(b"@PJL SET ECONOMODE=ON\r\n") == 2
    assert (octets.count(PDF_JOB), facts.pages) == (1, 4)


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(("language", "document"), [("PCL", PCL_JOB), ("PDF", PDF_JOB), ("pclxl", PXL_JOB)])
def test_lines_of_a_job_may_end_in_a_carriage_return_alone(ending, language, document):
    """However PJL lines end, what they said is replaced, and the document behind them is changed."""
    lines = ["", "@PJL SET DUPLEX=OFF", "@pjl set copies=5", f"@PJL ENTER LANGUAGE={language}", ""]
    octets, facts = changed(UEL + b"@PJL" + ending.join(lines).encode() + document + UEL, Changes(sides=LONG, copies=2))
    assert (facts.pages, facts.sides, facts.copies) == (2, LONG, 2)
    assert b"OFF" not in octets
    assert b"copies=5" not in octets


@pytest.mark.parametrize("header", [KYOCERA, XEROX, KYOCERA * 2])
@pytest.mark.parametrize("name", ["pcl", "pdf", "pjl-pcl", "pjl-ps"])
def test_headers_of_drivers_stay_in_front(header, name):
    """Commands that drivers put in front of a job are copied, and the job behind them is changed."""
    octets, facts = changed(header + JOBS[name], Changes(sides=LONG, copies=2))
    assert octets.startswith(header)
    assert (facts.pages, facts.sides, job_facts(facts, JobTicket()).impressions) == (2, LONG, 4)


def test_a_header_behind_the_commands_stays_there():
    """Between PJL and the document it opens as well."""
    octets, facts = changed(in_pjl("PCL", KYOCERA + PCL_JOB), Changes(sides=SHORT))
    assert b"ENTER LANGUAGE=PCL\r\n" + KYOCERA in octets
    assert facts.sides is SHORT


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"!R! DUPX 1; EXIT;\r\n" + PCL_JOB, "something of its sides"),
        (b"!R! FRPO N4,1; EXIT;\r\n" + PCL_JOB, "something of its sides"),
        (b"%%XRXbegin\n%%XRXrequirements: duplex\n%%XRXend\n" + JOBS["pjl-pcl"], "something of its sides"),
        (b"\xcd\xca\x10\0\0\x18" + b"\0" * 300 + JOBS["pjl-pcl"], "within a protocol"),
        (PCL_JOB + UEL + b"Totals\r\n" * 9, "cannot be changed"),
        (PWG_JOB + PWG_JOB[4:40], "damaged|cannot be read"),
        (JOBS["pjl-pcl"] + b"\x80\x81\x82", "cannot be changed"),
    ],
)
def test_a_part_that_cannot_be_changed_keeps_the_whole_job(document, reason):
    """Half a change is none: the reason is told. SC-RBPACT-05"""
    with pytest.raises(CannotRewrite, match=reason):
        changed(document, Changes(sides=LONG))


def test_pages_are_picked_within_pjl():
    """A PDF document in a PJL job is one all the same."""
    octets, facts = changed(JOBS["pjl-pdf"], Changes(page_ranges=((2, 2),)))
    assert (facts.pages, octets.startswith(UEL + b"@PJL")) == (1, True)


def test_apple_raster_in_a_pjl_job_has_copies():
    """The language has no word for them; PJL has."""
    _, facts = changed(in_pjl("URF", JOBS["urf"]), Changes(copies=4))
    assert job_facts(facts, JobTicket()).impressions == 8


def test_what_asks_for_the_device_to_choose_the_language_is_followed():
    """ENTER LANGUAGE=AUTO: the content tells."""
    assert changed(in_pjl("AUTO", PXL_JOB), Changes(sides=SHORT))[1].sides is SHORT


def test_a_page_that_is_not_to_be_printed_stays_so():
    """PCL XL PageCopies of 0 leaves a page out; a number of copies is for the others."""
    xl = Xl()
    job = xl.stream(xl.page(copies=0), xl.page(copies=2))
    _, facts = changed(job, Changes(copies=3))
    assert [run.copies for run in facts.page_runs] == [0, 3]


def test_a_landscape_page_that_does_not_say_so_is_bound_at_its_left():
    """PCL XL pages lie as the one before them where they do not say; the edge is that of the paper."""
    xl = Xl()
    job = xl.stream(xl.page(orientation=1), b"\xc0\x02\xf8\x25\x43" + xl.uint16(49, 1) + b"\x44")
    _, facts = changed(job, Changes(sides=LONG))
    assert (facts.sides, [run.sides for run in facts.page_runs]) == (LONG, [None])


@pytest.mark.parametrize("line", ["SET MONOCHROME=ON", "SET PLANESINUSE=1", "SET COLORSELECT=GREY"])
def test_a_demand_for_black_is_taken_back_in_all_its_spellings(line):
    """Colour again, whatever word of PJL had taken it away."""
    octets, _ = changed(in_pjl("PCL", PCL_JOB, line), Changes(monochrome=False))
    assert line.encode() not in octets
    assert b"RENDERMODE=COLOR" in octets


def test_sides_are_checked_for_each_document():
    """Two-sided in a language of its own, then a document that has no word for it: both are, or neither is."""
    octets, facts = changed(PCL_JOB + UEL + PDF_JOB, Changes(sides=LONG))
    assert job_facts(facts, JobTicket()).sheets == 2
    assert octets.count(b"@PJL SET DUPLEX=ON") == 1
    assert facts.sides is Sides.TWO_SIDED_LONG_EDGE
