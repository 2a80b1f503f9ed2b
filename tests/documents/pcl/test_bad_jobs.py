"""Nothing that a client sends in these languages makes the analysis fail or run without end."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts
from platen.documents.limits import AnalysisOptions
from tests.documents.pcl.jobs import Xl, pjl, raster
from tests.documents.samples import UEL
from tests.testdata import TESTDATA, needs_testdata

UNFORESEEN = "something that it does not foresee"
PIECES = [
    *(b"\x1bE", b"\x1b*b", b"5W", b"3v", b"\x1b&l", b"26A", b"\x1b*v6W\0\3\x08\x08\x08\x08", b"\x1b*r-3U", b"\x1b*r1A"),
    *(b"\x1b%0B", b"PE<", b"NP8;PC2,9,9,200;SP2;", b"PD9,9;", b"\x1b%0A", b"\x1b&f1y0X", b"\x1b&f1X", b"\x1b&f2X"),
    *(b"\x1b*b2m", b"\x1b*b5M", b"\x1b*v", b"255a0b0c3I", b"\x1b&s0C", b"\x1b&k3G", b"\x0c", b"\r\n" * 70, b"text"),
    *(b"\x1b&l4F", b"\x1b&l0C", b"\x1b*p99999Y", b"\x1b&f4X", b"\x1b*g26W\2\4", b"-", b"99999999", b".", b"\x1b"),
]
XL_PIECES = [
    *(b"\x43", b"\x44", b"\xb0", b"\xb1", b"\xb2", b"\xb3", b"\xb4", b"\x60", b"\x61", b"\x63\xa0", b"\x6a", b"\x79"),
    *(b"\xfa\x10\0\0\0", b"\xfb\x05", b"\xc8\xc1\3\0", b"\xf8\x0b", b"\xf8\x25", b"\xf8\x31", b"\xd5", b"\xf8\x2f"),
    *(
        b"\xc0\2\xf8\3",
        b"\xc0\3\xf8\x65",
        b"\xc1\7\0\xf8\x6c",
        b"\x5b",
        b"\x5c",
        b"\x5e",
        b"\xbf",
        b"\xf8\x8b",
        b"\xc5",
    ),
]
STARTS = [
    b"\x1bE",
    b") HP-PCL XL;2;0;x\n\x41\x43",
    b"( HP-PCL XL;3;0;x\n\x41\x43",
    UEL + b"@PJL SET ",
    UEL + b"@PJL ENTER LANGUAGE=PCL3GUI\n\x1bE",
    UEL + b"@PJL ENTER LANGUAGE=QPDL\n\0",
    UEL + b"@PJL ENTER LANGUAGE=LDL\n$",
    b"JZJZ\0\0\0\x10\0\0\0\2\0\0\0\0\0\0ZZ",
]


def sound(data: bytes) -> bool:
    """Whether the analysis came to an end that it knows, with and without a look for colour."""
    for color in (True, False):
        facts = analyse(data, options=AnalysisOptions(color=color))
        if not isinstance(facts, DocumentFacts) or any(UNFORESEEN in problem for problem in facts.problems):
            return False
    return True


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(STARTS),
    st.lists(st.one_of(st.binary(max_size=20), st.sampled_from(PIECES + XL_PIECES)), max_size=40),
)
def test_any_octets_behind_any_beginning_give_facts(start, pieces):
    """Rubbish gives facts with what could be found out."""
    assert sound(start + b"".join(pieces))


GOOD = [
    b"\x1bE\x1b*r-3U" + raster(b"\xf0", b"\x0f", b"\x00", planes=3, method=2) + b"\x0c\x1bE",
    pjl('JOB NAME="x"', "SET COPIES=2", language="PCL", data=b"\x1bE\x1b&f1y0Xa\x0c\x1b&f1X\x1b&f2X\x1bE"),
    Xl().stream(Xl().page(Xl().space(2) + Xl().brush(1, 2, 3) + Xl().image(bytes(16), width=2, height=2))),
    Xl(">").stream(
        Xl(">").page(Xl(">").space(2, b"\0" * 6) + Xl(">").image(b"\1\0\1\0", width=4, height=1, mapping=1))
    ),
]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_any_octet_flipped_or_cut_gives_facts(document, data):
    """A damaged job costs its facts at most."""
    at = data.draw(st.integers(0, len(document) - 1))
    flipped = bytes([document[at] ^ data.draw(st.integers(1, 255))])
    assert sound(document[:at] + flipped + document[at + 1 :])
    assert sound(document[:at])


@pytest.mark.untraced
@needs_testdata
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("pclxl/joblex__bhc452.pclxl", 1),
        ("pclxl/gstests__tiger.px3", 1),
        ("pcl5/joblex__a4-5p-1up-2sided.pcl5", 5),
        ("pcl5/gstests__huard.pcl", 5),
        ("made/cljet5-letter-colour-1p.pcl", 1),
        ("made/splix-phaser6110-a4-10p.prn", 10),
        ("made/foo2zjs-p1102-a4-40p.prn", 40),
    ],
)
def test_a_real_job_cut_off_anywhere_gives_facts(name, pages):
    """A connection that breaks leaves a beginning of a job, with no more pages than the whole."""
    whole = (TESTDATA / "pdl" / name).read_bytes()
    for stop in range(0, len(whole), len(whole) // 25):
        facts = analyse(whole[:stop])
        assert facts.pages is None or facts.pages <= pages
        assert not any(UNFORESEEN in problem for problem in facts.problems)


@pytest.mark.untraced
@pytest.mark.parametrize(
    "data",
    [
        b"\x1bE\x1b*r1A\x1b*b3M" + b"\x1b*b4W\x1f\xff\xff\xff" * 2000,  # rows that grow
        b"\x1bE\x1b*v6W\0\0\x08\x08\x08\x08\x1b*r1A" + (b"\x1b*b2V\xff\0" * 7 + b"\x1b*b2W\xff\0") * 500,
        b"\x1bE\x1b&f1y0X"
        + b"a\x1b&f2y2X" * 50
        + b"\x1b&f1X\x1b&f2y0X"
        + b"b" * 999
        + b"\x1b&f1X\x1b&f1y4X"
        + b"\x0c" * 500,
        b") HP-PCL XL;2;0;x\n\x41" + b"\xc0\1\xf8\1" * 20_000,  # attributes without an operator
        UEL + b"@PJL \n" * 20_000,
        UEL * 20_000,
    ],
    ids=["delta-rows", "eight-planes", "macros", "attributes", "empty-commands", "exits"],
)
def test_work_does_not_grow_beyond_the_data(data):
    """Small input with large consequences ends as soon as any other."""
    assert sound(data)


BINARY = bytes(range(256)) * 20


@pytest.mark.parametrize(
    "job",
    [b"\x1bEone\x0ctwo\x0c\x1bE", b"\x1bEone\x0ctwo\x0c", b"one\x0ctwo\x0c", UEL + b"\x1bEone\x0ctwo\x0c\x1bE"],
    ids=["reset", "no reset", "text alone", "exit"],
)
@pytest.mark.parametrize("rest", [BINARY, BINARY[1:] + UEL, bytes(255 - octet for octet in BINARY)])
def test_octets_that_no_text_holds_are_named_and_not_counted(job, rest):
    """What follows the last page and is neither text nor a command is no page. SC-TDF-132"""
    facts = analyse(job + rest, "application/vnd.hp-PCL")
    assert facts.pages == 2
    assert any("is no document" in problem for problem in facts.problems)


@pytest.mark.parametrize("rest", ["Ausgabe für Köln\r\n", "Заказ принят сегодня\r\n", "ご注文の確認\r\n"])
@pytest.mark.parametrize("charset", ["utf-8", "cp850", "cp866", "shift-jis"])
def test_a_page_of_text_in_any_character_set_is_counted(rest, charset):
    """Between form feeds stands what somebody wrote, whatever its octets look like. SC-TDF-132"""
    text = rest.encode(charset, "replace") * 10
    facts = analyse(b"\x1bE\x1b(10UA page\x0c" + text + b"\x0c" + text + b"\x0c\x1bE")
    assert (facts.pages, facts.problems) == (3, ())


def test_text_behind_the_reset_is_counted_and_named():
    """A device prints it, and who reads the facts learns where the page comes from."""
    facts = analyse(b"\x1bEone\x0c\x1bE" + b"Totals of the day\r\n" * 20)
    assert facts.pages == 2
    assert len(facts.problems) == 1
    assert "follows the reset" in facts.problems[0]


def test_jobs_behind_each_other_are_sound():
    """A reset between jobs, blank octets around them, and a job's own commands are nothing to speak of."""
    job = b"\x1bE\x1b&l26Aone\x0c\x1bE"
    facts = analyse(job + job + b"\r\n\0" + job)
    assert (facts.pages, facts.problems) == (3, ())


def test_a_job_that_stops_on_a_page_may_be_cut_off():
    """Without the reset that it began with, what follows the last octet is not known."""
    assert any("cut off" in problem for problem in analyse(b"\x1bEone\x0ctw").problems)
    assert analyse(b"\x1bEone\x0ctwo\x0c").problems == ()
    assert analyse(b"\x1bEone\x0ctwo\x1bE").problems == ()


def test_a_session_that_does_not_end_may_be_cut_off():
    """PCL XL says where its session ends."""
    xl = Xl()
    whole = xl.stream(xl.page(b""), xl.page(b""))
    assert analyse(whole).problems == ()
    cut = analyse(whole[: whole.rindex(b"\x42")])
    assert cut.pages == 2
    assert "session" in cut.problems[0]


@pytest.mark.parametrize("seed", range(4))
def test_random_octets_behind_an_exit_are_no_document(seed):
    """Whatever they look like by chance: nothing leads to them, and nobody wrote them. SC-TDF-132"""
    xl = Xl()
    rest = random.Random(seed).randbytes(5_000)
    for job in (pjl(language="PCL", data=b"\x1bEone\x0c\x1bE"), pjl(language="PCLXL", data=xl.stream(xl.page(b"")))):
        facts = analyse(job + rest)
        assert facts.pages == 1
        assert any("is no document" in problem for problem in facts.problems)
