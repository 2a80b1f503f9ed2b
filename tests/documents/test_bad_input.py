"""Nothing that a client sends makes the analysis raise, or run without end."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions, OutOfTime
from tests.documents.samples import UEL, pdf, pwg_header, urf_header
from tests.testdata import TESTDATA, needs_testdata

STARTS = [
    b"",
    b"%PDF-1.7\n1 0 obj",
    b"%!PS-Adobe-3.0\n%%Page: ",
    b"RaS2" + pwg_header(width=10, height=10),
    b"UNIRAST\0\0\0\0\1" + urf_header(width=10, height=10),
    b"\x1bE\x1b&l",
    b") HP-PCL XL;2;0;x\n\x41",
    UEL + b"@PJL ",
    b"\xff\xd8\xff\xe0",
    b"II*\0\x08\0\0\0",
    b"\xc5\xd0\xd3\xc6",
    b"\x1f\x8b\x08",
]


@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_any_octets_behind_any_beginning_give_facts(start, rest):
    """Rubbish gives facts with what could be found out."""
    assert DEFECT not in analyse(start + rest).problems


GOOD = [
    pdf(b"1 0 0 rg 0 0 9 9 re f", b"0 g"),
    b"RaS2" + pwg_header(width=4, height=2) + b"\1\xfd\1\2\3\4",
    UEL + b'@PJL JOB NAME="x"\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE\x1b*b3Wabc\x0c\x1bE' + UEL,
]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.data())
def test_any_octet_flipped_gives_facts(document, data):
    """A damaged file costs its facts at most."""
    at = data.draw(st.integers(0, len(document) - 1))
    flipped = bytes([document[at] ^ data.draw(st.integers(1, 255))])
    assert DEFECT not in analyse(document[:at] + flipped + document[at + 1 :]).problems


@pytest.mark.parametrize("name", ["pclxl/joblex__bhc452.pclxl", "pcl5/joblex__a4-5p-1up-2sided.pcl5"])
@needs_testdata
def test_a_real_job_cut_off_anywhere_gives_facts(name):
    """A connection that breaks leaves a beginning of a job."""
    whole = (TESTDATA / "pdl" / name).read_bytes()
    for stop in range(0, len(whole), len(whole) // 40):
        facts = analyse(whole[:stop])
        assert DEFECT not in facts.problems
        assert facts.pages is None or facts.pages <= 5


def test_nothing_is_named():
    """An empty document says that it is empty."""
    assert analyse(b"").problems == ("The document is empty.",)


def test_a_compressed_bomb_is_unpacked_so_far():
    """Unpacking stops at its limit and says so."""
    bomb = gzip.compress(b"a\n" * 4_000_000, mtime=0)
    facts = analyse(bomb, options=AnalysisOptions(limits=AnalysisLimits(unpacked_bytes_max=1_000_000)))
    assert facts.pages is not None
    assert "too large" in facts.problems[0]


def test_pages_beyond_the_limit_are_not_counted():
    """A million form feeds stop at the limit."""
    facts = analyse(b"\x1bE" + b"\x0c" * 5000, options=AnalysisOptions(limits=AnalysisLimits(pages_max=1000)))
    assert facts.pages == 1000
    assert "more than 1000 pages" in facts.problems[0]


@pytest.mark.untraced
def test_a_postscript_program_that_never_ends_is_not_run():
    """A program is run to a bound."""
    facts = analyse(b"%!\n{ showpage } loop\n")
    assert facts.pages_basis is PagesBasis.ESTIMATED


@pytest.mark.parametrize("as_source", [bytes, io.BytesIO], ids=["bytes", "stream"])
def test_every_kind_of_source_gives_the_same(as_source):
    """Octets, a stream and a file are alike."""
    data = pdf(b"0 g 0 0 9 9 re f")
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        assert analyse(as_source(data)) == analyse(file)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [(None, "text/plain"), ("application/postscript", "application/postscript"), ("image/jpeg", "text/plain")],
)
def test_what_the_client_declared_counts_only_for_ambiguous_content(declared, expected):
    """Content decides; the declaration helps where content could be several things."""
    assert analyse(b"100 100 moveto showpage\n", declared).format == expected
    assert analyse(b"%PDF-1.4\n", declared).format == "application/pdf"


def test_a_stream_gives_what_the_file_gives():
    """A document that arrives through a pipe, in pieces, larger than what is kept in memory, gives the same facts."""
    row = b"\x1b*b2000W" + b"\x55" * 2000
    data = b"\x1bE\x1b*r1A" + row * 5000 + b"\x1b*rB\x0c\x1bE"
    read_end, write_end = os.pipe()
    writer = threading.Thread(target=_write_and_close, args=(write_end, data))
    writer.start()
    with os.fdopen(read_end, "rb") as stream:
        streamed = analyse(stream)
    writer.join()
    assert streamed == analyse(data)
    assert streamed.pages == 1


def _write_and_close(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def test_what_was_found_before_the_time_was_over_is_kept(monkeypatch):
    """An analysis that is stopped gives the pages found so far, and says so."""

    def read(data, start, draft, options):
        draft.add_page()
        raise OutOfTime

    monkeypatch.setattr("platen.documents.pcl.pcl5.read", read)
    facts = analyse(b"\x1bE")
    assert (facts.pages, facts.pages_basis) == (1, PagesBasis.ESTIMATED)
    assert "took too long" in facts.problems[0]


@pytest.mark.parametrize(
    "document", [b"%!PS\n1 pop\n", b"\x1bE\x1b&l26A", b"\x1b%-12345X@PJL SET COPIES=2\r\n\x1b%-12345X", b"\n"]
)
def test_a_document_without_a_page_says_so(document):
    """Where no page is found there is a sentence, so that nobody takes nothing for a sound result. SC-TDF-132"""
    facts = analyse(document)
    assert not facts.pages
    assert facts.problems


def test_a_pcl_xl_stream_that_is_cut_off_says_so():
    """What came before the cut is counted, and the facts say that there may have been more. SC-TDF-132"""
    page = b"\xc0\x00\xf8\x28\xc0\x02\xf8\x25\x43\x86\x44"
    header = b") HP-PCL XL;2;0;x\n"
    assert analyse(header + page * 2).problems == ()
    assert "middle of a page" in analyse(header + page + page[:-1]).problems[0]
    assert "middle of a value" in analyse(header + page + b"\xfa\xff\xff\xff\xff12").problems[0]


def test_gzip_in_several_members_is_one_document():
    """What a program appended to a compressed file is unpacked as well; what is no member behind it is not."""
    pages = [b"\x1bEone\x0c", b"two\x0c\x1bE"]
    packed = b"".join(gzip.compress(page, mtime=0) for page in pages)
    assert analyse(packed).pages == 2
    assert analyse(packed + b"\0\0 rest").pages == 2
    assert "damaged" in analyse(packed[:-12]).problems[0]


def test_a_job_that_was_cut_off_says_so():
    """Pages that are missing have a reason, in PCL and in PostScript."""
    assert "middle of a command" in analyse(b"\x1bEx\x0c\x1b*b500Wabc").problems[0]
    page = b"%%%%Page: %d %d\n0 0 9 9 rectfill showpage\n"
    job = b"%!PS-Adobe-3.0\n%%Pages: 3\n%%EndComments\n" + b"".join(page % (n, n) for n in (1, 2))
    facts = analyse(job)
    assert (facts.pages, facts.problems[0]) == (2, "The PostScript file says that it has 3 pages, but 2 come out.")


@pytest.mark.parametrize(
    "document",
    [
        b"\x1bE\x1b&l26A\x1b*t300R",
        b"\x1b@\x1bU\0",
        b"%!PS-Adobe-3.0\n%%Pages: 3\n%%BeginProlog\n/x 1 def\n",
        b"\x1b\x01@EJL \n@EJL EN LA=ESC/PAGE\n\x1drhE",
        b"II*\0\x08\0\0\0",
        UEL + b"@PJL SET COPIES=2\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bE",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Cat",
        b"^XA^FO50",
    ],
)
def test_a_document_that_was_cut_off_before_its_first_page_is_not_called_empty(document):
    """Nothing is free of charge because its pages did not arrive: the count is unknown, with a reason. SC-TDF-140"""
    facts = analyse(document)
    assert (facts.pages, facts.pages_basis) == (None, PagesBasis.UNKNOWN)
    assert facts.problems


@pytest.mark.parametrize("document", [b"\x1bE\x1b&l26A\x1bE", b"%!PS\n1 pop\n%%EOF\n", b"\x1b@\x1b@", b"\n\n", UEL * 2])
def test_a_whole_document_may_be_empty(document):
    """A job that ends as jobs do and marks nothing has no pages."""
    facts = analyse(document)
    assert (facts.pages or 0, len(facts.problems)) == (0, 1)
    assert facts.pages == 0 or document == UEL * 2
