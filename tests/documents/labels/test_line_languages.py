"""Labels in EPL2, TSPL and CPCL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse

EPL = b'N\r\nq800\r\nQ1200,24\r\nA50,50,0,3,1,1,N,"text"\r\n'
TSPL = b'SIZE 100 mm,50 mm\r\nGAP 2 mm,0\r\nCLS\r\nTEXT 10,10,"3",0,1,1,"x"\r\n'
CPCL = b"! 0 200 200 400 2\r\nPAGE-WIDTH 800\r\nTEXT 4 0 30 40 Hello\r\nPRINT\r\n"


def runs(document: bytes) -> list[tuple[int, int, bool | None]]:
    return [(run.pages, run.copies, run.blank) for run in analyse(document).page_runs]


class TestEpl:
    """EPL2."""

    def test_labels_and_their_copies(self):
        """P sets[,copies]; N empties the picture, and printing does not. SC-TRACK-03"""
        assert runs(EPL + b"P2,3\r\nP1\r\nN\r\nP1\r\n") == [(1, 6, False), (1, 1, False), (1, 1, True)]

    def test_the_size(self):
        """q and Q are in dots."""
        run = analyse(EPL + b"P1\r\n").page_runs[0]
        assert (run.width_mm, run.height_mm) == (100, 150)

    @given(st.binary(max_size=40))
    def test_octets_of_pictures_are_no_commands(self, octets):
        """GW states its size."""
        assert runs(EPL + b"GW0,0,%d,1,%b\r\nP1\r\n" % (len(octets), octets)) == [(1, 1, False)]

    def test_a_stored_form(self):
        """What is stored does not print; what is recalled is drawn."""
        form = b'FS"F"\r\nA1,1,0,1,1,1,N,"x"\r\nP1\r\nFE\r\n'
        assert runs(EPL + form + b'N\r\nFR"F"\r\nP4\r\n') == [(1, 4, False)]


class TestTspl:
    """TSPL."""

    def test_labels_copies_and_size(self):
        """PRINT sets[,copies]; SIZE states millimetres or inches."""
        facts = analyse(TSPL + b"PRINT 2,2\r\nCLS\r\nPRINT 1\r\n")
        assert [(run.copies, run.blank) for run in facts.page_runs] == [(4, False), (1, True)]
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (100, 50)
        assert analyse(b"SIZE 4,6\nCLS\nPRINT 1\n").page_runs[0].media == "na_index-4x6_4x6in"

    @given(st.binary(max_size=40))
    def test_octets_of_pictures_are_no_commands(self, octets):
        """BITMAP states its size."""
        assert runs(TSPL + b"BITMAP 0,0,%d,1,0,%b\r\nPRINT 1\r\n" % (len(octets), octets)) == [(1, 1, False)]


class TestCpcl:
    """CPCL."""

    def test_a_session_is_a_label(self):
        """The last number of its first line is the quantity."""
        facts = analyse(CPCL + CPCL)
        assert [(run.pages, run.copies) for run in facts.page_runs] == [(2, 2)]
        assert (facts.page_runs[0].width_mm, facts.page_runs[0].height_mm) == (101.6, 50.8)

    def test_a_picture(self):
        """CG states its size."""
        document = CPCL.replace(b"TEXT 4 0 30 40 Hello\r\n", b"CG 2 4 0 0 \r\nPRINT\n\r\n")
        assert runs(document) == [(1, 2, False)]


def test_a_language_that_is_only_recognised_is_named():
    """SBPL is told from others; its labels are not counted."""
    facts = analyse(b"\x02\x1bA\x1bH0100\x1bV0200\x1bL0202\x1bSABC\x1bQ2\x1bZ\x03")
    assert facts.pages is None
    assert "sato" in facts.problems[0]


@pytest.mark.parametrize(
    "document",
    [
        TSPL,
        CPCL[: -len("PRINT\r\n")],
        EPL + b"P1\r\nGW0,0,10,10,abc",
        TSPL + b"PRINT 1\r\nBITMAP 0,0,10,10,0,abc",
        EPL + b"P1\r\nN\r\n" + EPL,
    ],
)
def test_a_label_that_is_not_finished_is_named(document):
    """What is drawn and not printed, or cut off within a picture, was meant to be more. SC-TDF-132"""
    assert any("missing" in problem or "cut off" in problem for problem in analyse(document).problems)


def test_finished_labels_have_no_such_reason():
    """Printing ends a label, and what clears the picture throws it away."""
    for document in (EPL + b"P1\r\n", TSPL + b"PRINT 1\r\n", CPCL, EPL + b"N\r\n", EPL + b"P1\r\nN\r\n"):
        assert not any("missing" in problem or "cut off" in problem for problem in analyse(document).problems)
