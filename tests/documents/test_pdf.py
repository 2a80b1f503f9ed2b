"""PDF: pages, sizes and colour."""

from __future__ import annotations

import io

import pikepdf

from platen.documents.analysis import analyse
from tests.documents.samples import pdf

BOX = b" 0 0 9 9 re f"


def test_a_page_that_paints_nothing_is_blank():
    """White pages are told apart."""
    facts = analyse(pdf(b"q 1 0 0 1 0 0 cm Q", b"0 g" + BOX))
    assert [run.blank for run in facts.page_runs] == [True, False]


def test_the_size_is_that_of_the_crop_box_after_turning():
    """A page is as large as a person sees it. SC-TDF-132"""
    data = pdf(b"", size_pt=(1000, 1000), CropBox=pikepdf.Array([10, 10, 605, 852]), Rotate=90)
    run = analyse(data).page_runs[0]
    assert (run.media, run.width_mm, run.height_mm) == ("iso_a4_210x297mm", 297.0, 209.9)


def test_pages_of_unlike_sizes_are_runs():
    """Each size keeps its pages, as prices need them. SC-PRICE-01"""
    with pikepdf.new() as document:
        for size in ((595, 842), (595, 842), (842, 1191)):
            document.add_blank_page(page_size=size)
        stream = io.BytesIO()
        document.save(stream)
    runs = analyse(stream.getvalue()).page_runs
    assert [(run.first, run.last, run.media) for run in runs] == [
        (1, 2, "iso_a4_210x297mm"),
        (3, 3, "iso_a3_297x420mm"),
    ]


def tree(pages: bytes, count: int) -> bytes:
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count %d/Kids[%b]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\n%%%%EOF\n" % (count, pages)
    )


def test_a_claim_of_a_thousand_million_pages_counts_what_is_there():
    """The tree's claim is not believed."""
    assert analyse(tree(b"3 0 R", 10**9)).pages == 1


def test_a_page_tree_that_turns_in_circles_ends():
    """A loop gives an estimate and a sentence, not an endless walk."""
    facts = analyse(tree(b"3 0 R 2 0 R 2 0 R", 3))
    assert facts.pages == 1
    assert facts.problems


def test_a_file_that_needs_a_password_says_so():
    """Pages behind a password are not known. SC-TDF-140"""
    with pikepdf.new() as document:
        document.add_blank_page()
        stream = io.BytesIO()
        document.save(stream, encryption=pikepdf.Encryption(owner="o", user="u"))
    facts = analyse(stream.getvalue())
    assert facts.pages is None
    assert "password" in facts.problems[0]
