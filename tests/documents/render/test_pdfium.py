"""PDF pages as pixels."""

from __future__ import annotations

import mmap

import pytest
from pikepdf import Array

from platen.documents.render.looks import chroma_of
from platen.documents.render.pdfium import PdfRenderer
from tests.documents.pdf.made import pdf_with

RED = pdf_with(b"1 0 0 rg 0 0 100 200 re f")


def test_a_page_is_as_large_as_its_resolution_says():
    """200 points at 36 dpi are 100 pixels; the left half is red, the right one white."""
    with PdfRenderer(RED) as renderer:
        pixels = renderer.render(0, 36)
        assert pixels is not None
        assert pixels.shape == (100, 100, 4)
        assert pixels[50, 25, :3].tolist() == [0, 0, 255]
        assert pixels[50, 75, :3].tolist() == [255, 255, 255]


def test_a_box_makes_a_page_smaller_and_keeps_its_shape():
    """A picture for a list fits into its box."""
    with PdfRenderer(pdf_with(b"", MediaBox=Array([0, 0, 100, 400]))) as renderer:
        pixels = renderer.render(0, 300, (200, 80))
        assert pixels is not None
        assert pixels.shape == (80, 20, 4)


@pytest.mark.parametrize("box", [[0, 0, 1e6, 1e6], [0, 0, 14400, 1], [0, 0, 1e30, 1e30], [0, 0, 0, 0]])
def test_no_page_makes_a_large_bitmap(box):
    """Sizes that a page claims do not decide how much memory it takes."""
    with PdfRenderer(pdf_with(b"0 g 0 0 9 9 re f", MediaBox=Array(box), UserUnit=1000)) as renderer:
        pixels = renderer.render(0, 600)
        assert pixels is None or pixels.nbytes <= 17_000_000


def test_the_document_may_be_a_part_of_the_data():
    """A document within a job is rendered where it is."""
    data = b"in front" + RED + b"behind"
    with PdfRenderer(data, (8, 8 + len(RED))) as renderer:
        assert renderer.page_count == 1


def test_a_mapped_file_can_be_closed_afterwards(tmp_path):
    """Nothing holds on to the data once the renderer is closed."""
    path = tmp_path / "a.pdf"
    path.write_bytes(RED)
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        PdfRenderer(data) as renderer,
    ):
        assert renderer.render(0, 36) is not None
    assert data.closed


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no document", RED[:200]])
def test_what_is_no_document_has_no_pages(data):
    """Damage gives None, not an exception."""
    with PdfRenderer(data) as renderer:
        assert renderer.render(0, 36) is None
        assert renderer.page_count == 0


@pytest.mark.parametrize("index", [-1, 1, 10**6])
def test_a_page_that_is_not_there_is_none(index):
    """The last page is the last."""
    with PdfRenderer(RED) as renderer:
        assert renderer.render(index, 36) is None


def test_a_document_that_reads_otherwise_is_taken_as_it_was_repaired():
    """Where PDFium finds other pages than are known, the repaired document is rendered instead."""
    asked = []

    def repaired() -> bytes:
        asked.append(True)
        return RED

    with PdfRenderer(b"broken", pages=1, repaired=repaired) as renderer:
        assert renderer.page_count == 1
        assert chroma_of(renderer.render(0, 36)).largest == 255
    assert asked == [True]
