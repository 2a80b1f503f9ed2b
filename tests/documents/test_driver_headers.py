"""What drivers put in front of a job: none of it is a page."""

from __future__ import annotations

import pytest

from platen.documents import detect as formats
from platen.documents.analysis import analyse
from tests.documents.pcl.jobs import pjl
from tests.documents.samples import UEL, pdf

PCL = pjl("JOB", language="PCL", data=b"\x1bEa\x0cb\x0cc\x0c\x1bE")
PDF = pjl(language="PDF", data=pdf(*[b"0 0 9 9 re f"] * 3))
KYOCERA = b'!R! CMMT "job"; RPCU 1; EXIT;\r\n'
XEROX = b"%%XRXbegin: 001.0300\n%%XRXPDLformats: PS-Adobe\n%%XRXtitle: x\n%%XRXend\n"


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (KYOCERA + PCL, formats.PCL5),
        (KYOCERA * 2 + PDF, formats.PDF),
        (UEL + KYOCERA + PDF, formats.PDF),
        (pjl(language="PCL", data=KYOCERA + b"\x1bEa\x0cb\x0cc\x0c\x1bE"), formats.PCL5),
        (XEROX + PDF, formats.PDF),
        (XEROX + PCL, formats.PCL5),
        (b"\xcd\xca\x10\0\0\x18" + b"\0" * 300 + PCL, formats.PCL5),
    ],
)
def test_a_header_of_a_driver_is_no_page(document, media_type):
    """PRESCRIBE commands, job tickets and protocol octets in front of a job leave its pages and format. SC-TDF-140"""
    facts = analyse(document)
    assert (facts.format, facts.pages) == (media_type, 3)


@pytest.mark.parametrize("commands", [b"!R! UNIT C; EXIT;\r\n", b'!R! TEXT "Hello"; PAGE; EXIT;\r\n\fmore'])
def test_prescribe_that_may_print_is_not_passed_over(commands):
    """Commands with no job behind them, or that draw, are left in the document."""
    assert analyse(commands).pages


def test_pjl_lines_may_end_in_a_carriage_return_alone():
    """The lines of a job from an old Macintosh are read as others are."""
    job = UEL + b"@PJL\r@PJL SET COPIES=2\r@PJL ENTER LANGUAGE=PCL\r\x1bEa\x0cb\x0cc\x0c\x1bE" + UEL
    facts = analyse(job)
    assert (facts.format, facts.pages, facts.copies) == (formats.PCL5, 3, 2)
    inner = pdf(b"0 0 9 9 re f")
    assert analyse(UEL + b"@PJL JOB\r@PJL ENTER LANGUAGE=PDF\r" + inner + UEL).format == formats.PDF
