"""Pages that are made to keep an analysis busy, or to grow without end."""

from __future__ import annotations

import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.pdf.made import form, image, pdf_with, saved

RED_BOX = b"1 0 0 rg 20 20 100 100 re f "


def nested(levels: int, times: int):
    """Forms that show each other: the innermost is drawn `times` ** `levels` times."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        inner = form(pdf, RED_BOX)
        for _ in range(levels):
            inner = form(pdf, b"/X Do " * times, Resources=Dictionary(XObject=Dictionary(X=inner)))
        return {"/XObject": Dictionary(X=inner)}

    return resources


def test_forms_that_multiply_are_not_rendered():
    """A page that would draw a thousand million forms is left open, with a sentence."""
    facts = analyse(pdf_with(b"/X Do", nested(9, 10)))
    assert (facts.pages, facts.page_runs[0].color) == (1, None)
    assert "laborious" in facts.problems[0]


def test_forms_in_forms_are_ordinary():
    """A few levels of forms are rendered as they are."""
    assert analyse(pdf_with(b"/X Do", nested(5, 2))).page_runs[0].color is True


def test_a_form_that_shows_itself_ends():
    """Recursion in content is cut."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        shown = pdf.make_indirect(form(pdf, b"/F Do " + RED_BOX))
        shown.Resources = Dictionary(XObject=Dictionary(F=shown))
        return {"/XObject": Dictionary(F=shown)}

    facts = analyse(pdf_with(b"/F Do", resources))
    assert (facts.pages, facts.page_runs[0].color) == (1, True)


def test_a_content_stream_that_inflates_without_end_is_bounded():
    """A decompression bomb costs a bounded effort; its page is still counted, and is no colour page."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(b"")
        page.obj.Contents.write(zlib.compress(b" " * 64 * 1024 * 1024, 9), filter=Name.FlateDecode)
        facts = analyse(saved(pdf, compress_streams=False))
    assert facts.pages == 1
    assert not facts.page_runs[0].color


def test_a_picture_that_claims_to_be_huge_is_not_rendered():
    """Samples that nobody could decode in time leave the page's colour open."""
    resources = lambda pdf: {  # noqa: E731  # shorter than a function
        "/XObject": Dictionary(I=image(pdf, b"", Name.DeviceRGB, 60_000, Height=60_000))
    }
    assert analyse(pdf_with(b"q 90 0 0 90 5 5 cm /I Do Q", resources)).page_runs[0].color is None


def tiled(step: float):
    """A pattern of red squares in black ones, so far apart."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        pattern = pdf.make_stream(
            RED_BOX,
            PatternType=1,
            PaintType=1,
            TilingType=1,
            BBox=Array([0, 0, 150, 150]),
            XStep=step,
            YStep=step,
            Resources=Dictionary(),
        )
        return {"/Pattern": Dictionary(P=pattern)}

    return resources


@pytest.mark.parametrize(("step", "color"), [(150, True), (0.001, None), (0, None)])
def test_a_pattern_of_a_thousand_million_tiles_is_not_rendered(step, color):
    """Tiles that lie closer than any device could show them leave the page's colour open."""
    assert analyse(pdf_with(b"/Pattern cs /P scn 0 0 200 200 re f", tiled(step))).page_runs[0].color is color


def meshed(patches: int):
    """A shading of so many patches, each over the whole page."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        corners = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 3), (3, 2), (3, 1), (3, 0), (2, 0), (1, 0))
        points = b"".join(bytes((x * 85, y * 85)) for x, y in corners)
        patch = b"\0" + points + b"\xff\0\0" * 4
        entries = {"BitsPerCoordinate": 8, "BitsPerComponent": 8, "BitsPerFlag": 8}
        decode = Array([0, 200, 0, 200, 0, 1, 0, 1, 0, 1])
        mesh = pdf.make_stream(patch * patches, ShadingType=6, ColorSpace=Name.DeviceRGB, Decode=decode, **entries)
        return {"/Shading": Dictionary(S=mesh)}

    return resources


@pytest.mark.parametrize(("patches", "color"), [(1, True), (5000, None)])
def test_a_mesh_of_thousands_of_patches_is_not_rendered(patches, color):
    """Shadings that take minutes leave the page's colour open."""
    assert analyse(pdf_with(b"/S sh", meshed(patches))).page_runs[0].color is color


def test_thousands_of_transparency_groups_are_not_rendered():
    """Each group is a page of its own to a renderer."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        return {"/XObject": Dictionary(X=form(pdf, RED_BOX, Group=Dictionary(S=Name.Transparency)))}

    assert analyse(pdf_with(b"/X Do " * 10, resources)).page_runs[0].color is True
    assert analyse(pdf_with(b"/X Do " * 5000, resources)).page_runs[0].color is None


@pytest.mark.parametrize("size_pt", [14_400, 1e7])
def test_a_page_of_any_size_has_a_bitmap_of_bounded_size(size_pt):
    """However large the page claims to be, it is looked at without a large bitmap."""
    content = b"1 0 0 rg 0 0 %d %d re f" % (int(size_pt), int(size_pt))
    facts = analyse(pdf_with(content, MediaBox=Array([0, 0, size_pt, size_pt]), UserUnit=75_000))
    assert facts.pages == 1
    assert facts.page_runs[0].color in (True, None)


def test_effort_is_bounded_for_the_whole_document():
    """When the work for a document is used up, its further pages are still counted and mono ones still told."""
    triangle = b"1 0 0 rg 20 20 m 120 20 l 120 120 l f "
    with pikepdf.new() as pdf:
        for content in (triangle, triangle, b"0 g 20 20 100 100 re f"):
            pdf.add_blank_page().obj.Contents = pdf.make_stream(content)
        data = saved(pdf)
    limits = AnalysisLimits(pdf_render_effort_max=len(triangle) + 10)
    facts = analyse(data, options=AnalysisOptions(limits=limits))
    assert [run.color for run in facts.page_runs for _ in range(run.pages)] == [True, None, False]
    assert any("laborious" in problem for problem in facts.problems)


def test_content_is_not_read_without_end():
    """Content beyond the bound is not searched, and not given to a renderer, which would read it all."""
    limits = AnalysisLimits(pdf_content_bytes_max=10)
    facts = analyse(pdf_with(RED_BOX), options=AnalysisOptions(limits=limits))
    assert (facts.pages, facts.page_runs[0].color) == (1, None)
    assert "laborious" in facts.problems[0]


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff" * 50])
def test_damaged_content_does_not_raise(damage):
    """A content stream that cannot be decoded leaves a page with a size."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        page.obj.Contents = pdf.make_stream(b"")
        page.obj.Contents.write(damage, filter=Name.FlateDecode)
        facts = analyse(saved(pdf, compress_streams=False))
    assert (facts.pages, facts.page_runs[0].width_mm) == (1, 70.6)


def test_a_form_that_shows_itself_twice_is_not_rendered():
    """A cycle that doubles at each turn would fill the memory of any renderer; the page is left open. SC-TDF-132"""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        shown = pdf.make_indirect(form(pdf, b"/F Do /F Do"))
        shown.Resources = Dictionary(XObject=Dictionary(F=shown))
        return {"/XObject": Dictionary(F=shown)}

    facts = analyse(pdf_with(b"/F Do", resources))
    assert (facts.pages, facts.page_runs[0].color) == (1, None)
    assert "laborious" in facts.problems[0]


@pytest.mark.parametrize("filters", [1, 2])
def test_content_that_inflates_beyond_what_is_looked_at_is_not_rendered(filters):
    """What is too much to be read here is too much for the renderer, however often it is packed."""
    packed = b"0 g 1 1 1 1 re f\n" * 6_000_000
    for _ in range(filters):
        packed = zlib.compress(packed, 9)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(b"")
        page.obj.Contents.write(packed, filter=Array([Name.FlateDecode] * filters))
        facts = analyse(saved(pdf, compress_streams=False))
    assert (facts.pages, facts.page_runs[0].color) == (1, None)
    assert "laborious" in facts.problems[0]
