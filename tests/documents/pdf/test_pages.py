"""PDF: which pages there are and how large they are."""

from __future__ import annotations

import io
import mmap
import tempfile

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import ObjectStreamMode

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.pdf.made import saved
from tests.documents.pdf.written import A4, PAGE, one_page, updated, written
from tests.documents.samples import UEL, pdf

QUICK = AnalysisOptions(color=False)
KINDS = {
    "table": {"object_stream_mode": ObjectStreamMode.disable},
    "object streams": {"object_stream_mode": ObjectStreamMode.generate},
    "linearized": {"linearize": True, "object_stream_mode": ObjectStreamMode.disable},
    "linearized object streams": {"linearize": True, "object_stream_mode": ObjectStreamMode.generate},
}


def pages_of(document: bytes) -> DocumentFacts:
    return analyse(document, options=QUICK)


def sizes_of(document: bytes) -> list[tuple[float | None, float | None]]:
    return [(run.width_mm, run.height_mm) for run in pages_of(document).page_runs for _ in range(run.pages)]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(sizes=st.lists(st.sampled_from([(595, 842), (842, 595), (612, 792), (100, 7000)]), min_size=1, max_size=40))
def test_every_page_keeps_its_size_however_the_file_is_written(kind, sizes):
    """Tables, cross-reference streams, object streams and linearized files give the same pages. SC-TDF-110"""
    with pikepdf.new() as document:
        for size in sizes:
            document.add_blank_page(page_size=size)
        octets = saved(document, **KINDS[kind])
    facts = pages_of(octets)
    assert (facts.pages, facts.pages_basis, facts.problems) == (len(sizes), PagesBasis.COUNTED, ())
    assert sizes_of(octets) == [(round(w * 25.4 / 72, 1), round(h * 25.4 / 72, 1)) for w, h in sizes]


def test_the_size_is_that_of_the_crop_box_after_turning():
    """A page is as large as a person sees it. SC-TDF-132"""
    data = pdf(b"", size_pt=(1000, 1000), CropBox=pikepdf.Array([10, 10, 605, 852]), Rotate=90)
    run = pages_of(data).page_runs[0]
    assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 297.0, 209.9)


@pytest.mark.parametrize(
    ("entries", "size_mm"),
    [
        (A4, (209.9, 297.0)),
        (b"/MediaBox[595 842 0 0]", (209.9, 297.0)),
        (b"/MediaBox[0 0 595.0 842.]%a comment\n", (209.9, 297.0)),
        (b"/MediaBox[0 0 4 0 R 842]", (209.9, 297.0)),
        (A4 + b"/Rotate -90", (297.0, 209.9)),
        (A4 + b"/Rotate 450", (297.0, 209.9)),
        (A4 + b"/Rotate 180", (209.9, 297.0)),
        (A4 + b"/UserUnit 2", (419.8, 594.1)),
        (A4 + b"/CropBox[0 0 300 10000]", (105.8, 297.0)),
        (A4 + b"/CropBox[600 0 700 100]", (209.9, 297.0)),
        (A4 + b"/CropBox[0 0 0 0]", (209.9, 297.0)),
        (b"/Media#42ox[0 0 595 842]", (209.9, 297.0)),
        (b"", (215.9, 279.4)),
        (b"/MediaBox[0 0 0 0]", (215.9, 279.4)),
        (b"/MediaBox[1 2]", (215.9, 279.4)),
    ],
)
def test_a_box_is_read_as_readers_do(entries, size_mm):
    """Corners in either order, values by reference, turns either way, units; without a box Letter. SC-TDF-132"""
    assert sizes_of(one_page(b"<</Type/Page/Parent 2 0 R" + entries + b">>", o4=b"595")) == [size_mm]


def test_pages_inherit_from_the_tree():
    """What the nearest ancestor states holds for the pages below it. SC-TDF-132"""
    document = written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R]/MediaBox[0 0 595 842]/Rotate 90>>",
            3: b"<</Type/Page/Parent 2 0 R>>",
            4: b"<</Type/Pages/Count 2/Kids[5 0 R 6 0 R]/Parent 2 0 R/MediaBox[0 0 612 792]>>",
            5: b"<</Type/Page/Parent 4 0 R>>",
            6: b"<</Type/Page/Parent 4 0 R/Rotate 0>>",
        }
    )
    assert sizes_of(document) == [(297.0, 209.9), (279.4, 215.9), (215.9, 279.4)]


@pytest.mark.parametrize(
    ("kids", "pages"),
    [
        (b"3 0 R null 3 0 R", 2),
        (b"3 0 R 99 0 R", 1),
        (b"4 0 R 3 0 R", 2),
        (b"3 0 R<</Type/Page/MediaBox[0 0 595 842]>>", 2),
        (b"3 0 R " * 1500, 1500),
    ],
)
def test_pages_are_those_that_are_there(kids, pages):
    """Null is no page, a page without a type is one, a page that is named twice is printed twice. SC-TDF-110"""
    tree = b"<</Type/Pages/Count 1/Kids[%b]>>" % kids
    assert pages_of(one_page(tree=tree, o4=b"<<" + A4 + b">>")).pages == pages


def test_a_claim_of_a_thousand_million_pages_counts_what_is_there():
    """The tree's claim is not believed, and it is said that it is wrong."""
    facts = pages_of(one_page(tree=b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>"))
    assert (facts.pages, facts.pages_basis) == (1, PagesBasis.COUNTED)
    assert facts.problems == ("The PDF file says that it has 1000000000 pages, but it holds 1.",)


def branched(root: bytes, *branches: bytes) -> bytes:
    """A tree with these kids in its root (2) and in branches from 5 on."""
    below = {f"o{5 + index}": b"<</Type/Pages/Kids[%b]>>" % kids for index, kids in enumerate(branches)}
    return one_page(tree=b"<</Type/Pages/Kids[%b]>>" % root, o4=PAGE, **below)


def test_a_branch_that_is_named_twice_is_printed_twice():
    """Its pages come out in each of its places, as with any reader. SC-TDF-110"""
    facts = pages_of(branched(b"5 0 R 5 0 R 3 0 R", b"3 0 R 6 0 R", b"3 0 R 4 0 R"))
    assert (facts.pages, facts.pages_basis, facts.problems) == (7, PagesBasis.COUNTED, ())


@pytest.mark.parametrize(
    "branches",
    [
        [b"3 0 R 5 0 R"],
        [b"3 0 R 6 0 R 6 0 R", b"4 0 R 5 0 R 6 0 R"],
        [*(b"%d 0 R " % number * 10 for number in range(6, 16)), b"3 0 R"],
        [*(b"%d 0 R " % number * 2 for number in range(6, 66)), b"null"],
    ],
    ids=["circle", "two circles", "ten thousand million pages", "no page in all branches"],
)
@pytest.mark.untraced
def test_a_count_without_a_part_of_the_tree_is_an_estimate(branches):
    """Branches that never end are followed so far, and nobody is told that all pages were counted."""
    facts = pages_of(branched(b"3 0 R 5 0 R", *branches))
    assert 0 < facts.pages <= 150_000
    assert facts.pages_basis is PagesBasis.ESTIMATED
    assert "left out" in facts.problems[0]


@pytest.mark.parametrize("box", [b"", b"/MediaBox[0 0 0 842]", b"/MediaBox[0 0 (a) 842]", b"/MediaBox[0 0 1e9 842]"])
def test_a_size_that_was_taken_for_granted_is_said_to_be(box):
    """A page without a size is Letter to most readers, and the facts say that this is an assumption. SC-TDF-132"""
    facts = pages_of(one_page(b"<</Type/Page/Parent 2 0 R" + box + b">>"))
    assert facts.page_runs[0].media == "na_letter_8.5x11in"
    assert "Letter was taken" in facts.problems[0]


def test_pages_of_unlike_sizes_are_runs():
    """Each size keeps its pages, as prices need them. SC-PRICE-01"""
    with pikepdf.new() as document:
        for size in ((595, 842), (595, 842), (842, 1191)):
            document.add_blank_page(page_size=size)
        runs = pages_of(saved(document)).page_runs
    assert [(run.first, run.last, run.media) for run in runs] == [
        (1, 2, "iso_a4_210x297mm"),
        (3, 3, "iso_a3_297x420mm"),
    ]


def test_the_last_update_counts():
    """What an update replaces is not printed any more."""
    tree = b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>"
    document = updated(one_page(), {2: tree, 4: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"})
    assert sizes_of(document) == [(209.9, 297.0), (215.9, 279.4)]
    assert pages_of(document).problems == ()


def test_more_pages_than_may_be_counted_are_said_to_be_there():
    """A limit is stated, and what was found below it stays."""
    options = AnalysisOptions(color=False, limits=AnalysisLimits(pages_max=10))
    facts = analyse(one_page(tree=b"<</Type/Pages/Count 1/Kids[%b]>>" % (b"3 0 R " * 30)), options=options)
    assert facts.pages == 10
    assert "more than 10 pages" in facts.problems[0]


@pytest.mark.parametrize("color", [True, False])
def test_a_document_within_pjl_is_read_where_it_stands(color):
    """Offsets count from the document's header, and the next language follows its end. SC-TDF-110"""
    job = UEL + b"@PJL ENTER LANGUAGE=PDF\r\n" + pdf(b"0 g", b"1 g")
    facts = analyse(job + UEL + job + UEL, options=AnalysisOptions(color=color))
    assert (facts.pages, facts.problems) == (4, ())


def test_an_exit_sequence_within_the_document_does_not_end_it():
    """A document that holds a print job is one document."""
    inner = b"<</Length 40>>stream\n" + UEL + b"@PJL RESET" + b"x" * 30 + b"\nendstream"
    job = UEL + b"@PJL ENTER LANGUAGE=PDF\r\n" + one_page(o4=inner) + UEL
    facts = analyse(job, options=QUICK)
    assert (facts.pages, facts.problems) == (1, ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_mapped_file_is_read_without_a_copy(kind, monkeypatch):
    """A large file is never taken into memory whole."""
    monkeypatch.setattr(io, "BytesIO", None)
    with pikepdf.new() as document, tempfile.TemporaryFile() as file:
        for _ in range(5):
            document.add_blank_page()
        document.save(file, **KINDS[kind])
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            assert analyse(data, options=QUICK).pages == 5


def test_a_page_in_the_middle_of_junk_is_found():
    """Octets in front of the header and behind the end do no harm (ISO 32000-1 annex H)."""
    facts = pages_of(b"junk\r\n" * 20 + one_page(PAGE) + b"\0" * 10_000)
    assert (facts.pages, facts.problems) == (1, ())
