"""Labels in ZPL II."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from tests.testdata import TESTDATA, needs_testdata

LABEL = b"^XA^FO10,10^FDtext^FS^XZ"


def counts(document: bytes) -> list[tuple[int, int]]:
    return [(run.pages, run.copies) for run in analyse(document).page_runs]


def test_every_format_with_a_field_is_a_label():
    """What only sets things prints nothing. SC-TRACK-03"""
    facts = analyse(b"^XA^MMT^PW400^XZ" + LABEL + LABEL)
    assert (facts.pages, facts.has_color, facts.page_runs[0].blank) == (2, False, False)


def test_the_quantity_is_copies_of_that_label():
    """^PQ holds for its own format."""
    assert counts(b"^XA^FDa^FS^PQ5,0,1,Y^XZ" + LABEL) == [(1, 5), (1, 1)]


def test_a_label_without_ink_is_blank():
    """An empty field feeds a label."""
    assert analyse(b"^XA^FO0,0^FD ^FS^XZ").page_runs[0].blank is True
    assert analyse(b"^XA^FO0,0^GB5,5,5^FS^XZ").page_runs[0].blank is False


def test_a_stored_format_prints_where_it_is_recalled():
    """^DF stores, ^XF prints; what lies in the printer is taken to print."""
    stored = b"^XA^DFR:A.ZPL^FS^FO1,1^FDfixed^FS^XZ"
    assert counts(stored + b"^XA^XFR:A.ZPL^FS^PQ2^XZ") == [(1, 2)]
    assert counts(b"^XA^XFE:ELSEWHERE.ZPL^FS^XZ") == [(1, 1)]


@given(st.binary(max_size=60))
def test_octets_of_binary_pictures_are_no_commands(octets):
    """^GFB and ~DY B state their length."""
    size = len(octets)
    assert counts(b"^XA^GFB,%d,%d,1,%b^FS^XZ" % (size, size, octets)) == [(1, 1)]
    assert counts(b"~DYR:A,B,G,%d,1,%b" % (size, octets) + LABEL) == [(1, 1)]


def test_downloads_in_letters_are_passed_over():
    """~DG and coded ~DY end where a command begins."""
    assert counts(b"~DGR:A.GRF,4,1,FFFF\nFF00" + LABEL) == [(1, 1)]
    assert counts(b"~DYR:A,B,P,5000,,:Z64:abc+/=:1F2E" + LABEL) == [(1, 1)]


def test_prefixes_can_be_changed():
    """^CC makes another octet begin commands."""
    assert counts(b"^XA^CC+^FDone +FDtwo+FS+XZ" + b"+XA+FDx^XZ^XA+FS+PQ3+XZ") == [(1, 1), (1, 3)]
    assert counts(b"CT~~CD,~CC^~CT~^XA~TA000^FDx^FS^XZ") == [(1, 1)]


@pytest.mark.parametrize(
    ("settings", "size_mm"),
    [
        (b"^PW800^LL1200", (100, 150)),
        (b"^MUI^PW4^LL6", (101.6, 152.4)),
        (b"^MUM^PW60^LL40", (60, 40)),
        (b"^JMB^PW400^LL600", (100, 150)),
        (b"^MUD,300,600^PW1181^LL1772", (100, 150)),
    ],
)
def test_the_size_of_a_label(settings, size_mm):
    """Dots are taken for eighths of a millimetre, and the sentence says so. SC-TDF-132"""
    facts = analyse(b"^XA" + settings + b"^FDx^FS^XZ")
    run = facts.page_runs[0]
    assert (run.width_mm, run.height_mm) == pytest.approx(size_mm, abs=0.2)
    assert "203 dots an inch" in facts.problems[0]


def test_a_size_in_one_direction_is_none():
    """Width without length is no size."""
    assert analyse(b"^XA^PW800^FDx^FS^XZ").page_runs[0].width_mm is None


def test_a_label_cut_off_does_not_print():
    """The printer waits for its end."""
    facts = analyse(LABEL + b"^XA^FDsecond")
    assert facts.pages == 1
    assert "not finished" in facts.problems[0]


def test_comments_and_images_saved():
    """^FX is a comment; ^IS N keeps the label from being printed."""
    assert counts(b"^XA^FXnothing here^FS^XZ") == []
    assert counts(b"^XA^FDx^FS^ISR:A.GRF,N^XZ") == []


# Files whose labels are not as many as their ^XZ, and why.
SETS_ONLY = {
    "zebrash__qr_code_ft_manual.zpl": 1,  # the first format sets the printer up
    "zebrash__usps.zpl": 1,  # the first format clears the picture
    "zebrash__templating.zpl": 2,  # the first format is stored
    "zebrash__bstc.zpl": 1,  # the last format deletes a picture
}


@needs_testdata
def test_real_labels():
    """Every label of other programs is found, with its quantity. SC-TDF-110"""
    for path in sorted((TESTDATA / "pdl/zpl").iterdir()):
        data = path.read_bytes()
        facts = analyse(data)
        assert facts.format == "application/vnd.zebra-zpl", path.name
        assert facts.pages == SETS_ONLY.get(path.name, data.count(b"^XZ")), path.name
        assert facts.has_color is False, path.name
    assert counts((TESTDATA / "pdl/zpl/binarykits__Example7-178x152.zpl2").read_bytes()) == [(1, 2)]


@pytest.mark.parametrize("rest", [b"^XA", b"^XA^FO50,50", b"^XA^FO50,50^FDx", b"^XA^GFB,99,99,9,abc"])
def test_a_label_without_its_end_is_named(rest):
    """Whatever stands behind the last ^XZ was meant to be a label. SC-TDF-132"""
    facts = analyse(b"^XA^FDx^FS^XZ" + rest)
    assert facts.pages == 1
    assert any("^XZ" in problem for problem in facts.problems)
