"""PDF: pages, sizes and colour."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest

from platen.documents.analysis import analyse
from tests.documents.samples import pdf

BOX = b" 0 0 9 9 re f"


@pytest.mark.parametrize(
    ("content", "color"),
    [
        (b"0.5 g" + BOX, False),
        (b"0.5 0.5 0.5 rg" + BOX, False),
        (b"0.5 0.5 0.6 rg" + BOX, True),
        (b"0 0 0 1 k" + BOX, False),
        (b"1 0 0 0 k" + BOX, True),
        (b"/DeviceRGB cs 1 0 0 sc" + BOX, True),
        (b"/DeviceRGB cs 1 1 1 sc" + BOX, False),
        (b"1 0 0 RG 0 0 m 9 9 l S", True),
        (b"BT (1 0 0 rg) Tj ET", False),
    ],
)
def test_a_page_is_coloured_where_a_coloured_value_is_set(content, color):
    """Grey written as RGB or CMYK is not colour. SC-TDF-144"""
    assert analyse(pdf(content)).page_runs[0].color is color


def with_image(samples: bytes, space: object, width: int) -> bytes:
    with pikepdf.new() as document:
        page = document.add_blank_page()
        image = document.make_stream(
            samples,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=1,
            BitsPerComponent=8,
            ColorSpace=space,
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        page.obj.Contents = document.make_stream(b"q 9 0 0 9 0 0 cm /I Do Q")
        stream = io.BytesIO()
        document.save(stream, compress_streams=True)
        return stream.getvalue()


@pytest.mark.parametrize(
    ("samples", "space", "color"),
    [
        (b"\x10\x10\x10\x80\x80\x80", pikepdf.Name.DeviceRGB, False),
        (b"\x10\x10\x10\x80\x80\x7f", pikepdf.Name.DeviceRGB, True),
        (b"\x10\x20", pikepdf.Name.DeviceGray, False),
        (b"\0\0\0\x80\0\0\0\x90", pikepdf.Name.DeviceCMYK, False),
    ],
)
def test_a_picture_is_coloured_where_its_samples_are(samples, space, color):
    """A scan in grey that is stored as RGB is not a colour page. SC-TDF-144"""
    assert analyse(with_image(samples, space, 2)).page_runs[0].color is color


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


def test_a_form_that_shows_itself_ends():
    """Recursion in content is cut."""
    with pikepdf.new() as document:
        page = document.add_blank_page()
        form = document.make_stream(b"/F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.obj.Resources = form.Resources
        page.obj.Contents = document.make_stream(b"/F Do")
        stream = io.BytesIO()
        document.save(stream)
    assert analyse(stream.getvalue()).page_runs[0].color is None


def test_a_content_stream_that_inflates_without_end_leaves_colour_open():
    """A decompression bomb costs a bounded effort; its pages are still counted."""
    bomb = zlib.compress(b" " * 64 * 1024 * 1024, 9)
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.obj.Contents = document.make_stream(b"")
        page.obj.Contents.write(bomb, filter=pikepdf.Name.FlateDecode)
        stream = io.BytesIO()
        document.save(stream, compress_streams=False)
    facts = analyse(stream.getvalue())
    assert (facts.pages, facts.page_runs[0].color) == (1, None)
    assert "too large" in facts.problems[0]


def test_a_file_that_needs_a_password_says_so():
    """Pages behind a password are not known. SC-TDF-140"""
    with pikepdf.new() as document:
        document.add_blank_page()
        stream = io.BytesIO()
        document.save(stream, encryption=pikepdf.Encryption(owner="o", user="u"))
    facts = analyse(stream.getvalue())
    assert facts.pages is None
    assert "password" in facts.problems[0]
