"""What the first octets of a stream say."""

from __future__ import annotations

import pytest

from platen.policy.job_data_logon import JobDataLogonRule
from platen.services.head import read_head

UEL = b"\x1b%-12345X"


def test_pjl_names_user_host_and_job() -> None:
    """A driver's PJL header gives owner, computer and job name; the format is that of what follows. SC-PULL-02"""
    head = read_head(
        UEL + b'@PJL SET USERNAME="anna"\r\n@PJL SET HOSTNAME="WS7"\r\n@PJL SET JOBNAME="Plan"\r\n'
        b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS-Adobe-3.0\nshowpage\n"
    )
    assert (head.pjl, head.host_name, head.job_name) == ("anna", "WS7", "Plan")
    assert head.document_format == "application/postscript"
    assert not head.is_empty


def test_domain_goes_with_the_user() -> None:
    """A domain that the driver names beside the user becomes part of the name."""
    lines = b'@PJL SET JOBATTR="JobAcct1=anna"\r\n@PJL SET JOBATTR="JobAcct3=ACME"\r\n'
    assert read_head(UEL + lines + b"@PJL ENTER LANGUAGE=PCL\r\n\x1bE text").pjl == "ACME\\anna"


def test_job_data_logon_by_rule() -> None:
    """The logon that an application wrote into the stream is found where the queue's rule says. SC-JDL-08"""
    rule = JobDataLogonRule(job_data_string="Name=", start='"', stop='"')
    stream = b'Date="2007.01.01"Name="JS",File="letter.txt"'
    assert read_head(stream, rule).job_data == "JS"
    assert read_head(stream).job_data is None


@pytest.mark.parametrize("stream", [b"", UEL, UEL + b"@PJL INFO ID\r\n" + UEL, b"\r\n\x04"])
def test_nothing_to_print(stream: bytes) -> None:
    """A stream of PJL commands alone holds no document."""
    assert read_head(stream).is_empty


def test_declared_language_where_the_data_are_silent() -> None:
    """What PJL calls the language counts where the data could be anything."""
    stream = UEL + b"@PJL ENTER LANGUAGE=PCLXL\r\n" + bytes(range(1, 20))
    assert read_head(stream).document_format == "application/vnd.hp-PCLXL"
