"""PCL that is passed over fast: what it does to the pages is what it would do one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions

TRAP = b"\x1b*rC\x0c\x1b&l9X\x1bE"  # octets of a row that look like commands
STRUCTURE = AnalysisOptions(color=False)


def row(size: int, item: bytes = b"") -> bytes:
    return b"\x1b*b%b%dW" % (item, size) + (TRAP * (size // len(TRAP) + 1))[:size]


ROWS = st.lists(
    st.one_of(
        st.sampled_from([0, 1, 9, 10, 99, 100, 254, 255, 256, 257, 999, 1000, 1001]).map(row),
        st.integers(0, 300).map(row),
        st.integers(0, 300).map(lambda size: row(size, b"3m")),
        st.sampled_from([b"\x1b*b2M", b"\x1b*b12Y", b"\x1b*bW", b"\x1b*b3m5y2W\x00\x00"]),
    ),
    max_size=12,
)


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_rows_of_any_length_are_passed_over_to_their_end(pages):
    """Nothing within a row is a command, however long the rows are and whatever stands between them."""
    job = b"\x1bE" + b"".join(b"\x1b*t300R\x1b*r1A" + b"".join(rows) + b"\x1b*rB\x0c" for rows in pages) + b"\x1bE"
    for options in (STRUCTURE, AnalysisOptions()):
        facts = analyse(job, "application/vnd.hp-PCL", options)
        assert (facts.pages, facts.copies) == (len(pages), 1)
        assert facts.problems == ()


SEQUENCES = st.lists(
    st.sampled_from(
        [
            b"\x1b&l0O",
            b"\x1b&l1O",
            b"\x1b&l26A",
            b"\x1b&l2A",
            b"\x1b&l2a1S",
            b"\x1b&l0S",
            b"\x1b&l3X",
            b"\x1b&l1x0l6D",
            b"\x1b&a1G",
            b"\x1b&a+36V",
            b"\x1b*p+228Y",
            b"\x1b*p0x9Y",
            b"\x1b*t300R",
            b"\x1b*c20a20b0P",
            b"\x1b&u300D",
            b"\x1b&l1H",
        ]
    ),
    max_size=10,
)


@given(st.lists(SEQUENCES, min_size=1, max_size=4))
def test_commands_mean_the_same_however_often_they_are_said(pages):
    """Pages in the same words are read from what was kept of them; spelt otherwise, they are read anew."""
    job = b"".join(b"".join(page) + b"x\x0c" for page in pages)
    # A number with many decimals is read by itself, never from what was kept.
    anew = b"".join(b"".join(one[:-1] + b".0000000" + one[-1:] for one in page) + b"x\x0c" for page in pages)
    assert analyse(b"\x1bE" + job * 2 + b"\x1bE") == analyse(b"\x1bE" + anew * 2 + b"\x1bE")


def test_a_setting_of_the_last_page_does_not_stay_with_the_words():
    """The same sequence sets each page's own copies and sides again."""
    page = b"\x1b&l1s2Xa\x0ca\x0c\x1b&l0s1Xb\x0c"
    facts = analyse(b"\x1bE" + page * 2 + b"\x1bE")
    assert [(run.copies, run.sides) for run in facts.page_runs] == [(2, None), (1, Sides.ONE_SIDED)] * 2
