"""Colour that is certain without rendering: only what a renderer shows as well."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from platen.documents.analysis import analyse
from platen.documents.pdf import marks
from platen.documents.render.pdfium import PdfRenderer
from tests.documents.pdf.made import form, image, pdf_with

RED_BOX = b"1 0 0 rg 20 20 100 100 re f "
TEXT = b"BT /F 10 Tf 20 150 Td (Words in black) Tj ET "


def is_told_without_rendering(content: bytes, resources=None, **page_entries) -> bool:
    """Whether the page is found coloured although nothing can be rendered."""
    document = pdf_with(content, resources, **page_entries)
    with mock.patch.object(PdfRenderer, "render", return_value=None):
        return analyse(document).page_runs[0].color is True


@pytest.mark.parametrize(
    "content",
    [
        RED_BOX,
        b"0 0 1 0 k 20 20 100 100 re f*",
        b"/DeviceRGB cs 0 .5 0 sc 20 20 100 100 re B",
        b"q .1 0 0 .1 10 10 cm 1 0 0 rg 0 0 500 500 re f Q",
        b"q 0 0 60 60 re W n " + RED_BOX + b"Q",
        RED_BOX + b"0 g BT /F 12 Tf 20 100 Td (Black on red) Tj ET",
        RED_BOX + b"1 g 20 20 40 40 re f 0 G 20 20 100 100 re S",
        b"1 g 0 0 200 200 re f " + TEXT + RED_BOX,
        RED_BOX + b"0 g 130 130 50 50 re f",
        RED_BOX + b"0 g BT /F 4 Tf 20 100 Td (One line) Tj T* (and \\(another) Tj T*\n(one) Tj ET",
        b"BT /F 90 Tf 1 0 0 rg 0 0 Td (Lines) Tj T* (before) Tj ET " + RED_BOX,
    ],
)
def test_a_filled_rectangle_that_stays_in_sight_is_coloured(content):
    """Rectangles as charts and tables have them need no picture of the page. SC-TDF-144"""
    assert is_told_without_rendering(content)


@pytest.mark.parametrize(
    "content",
    [
        b"1 .9 .9 rg 20 20 100 100 re f",
        b"1 0 0 rg 20 20 100 3 re f",
        b"1 0 0 rg 500 20 100 100 re f",
        b"1 0 0 rg 20 20 100 100 re W n",
        b"q 0 0 22 22 re W n " + RED_BOX + b"Q",
        b"q 0 0 m 50 90 l 90 0 l W n " + RED_BOX + b"Q",
        b"q .1 .1 -.1 .1 10 10 cm 1 0 0 rg 0 0 900 900 re f Q",
        b"1 0 0 rg 20 20 100 100 re 120 20 -100 100 re f",
        RED_BOX + b"1 g 20 20 100 90 re f",
        RED_BOX + b"1 g 0 0 m 400 0 l 0 400 l f",
        RED_BOX + b"0 G 90 w 20 70 m 120 70 l S",
        RED_BOX + b"1 g BT /F 200 Tf 20 20 Td (MM) Tj ET",
        RED_BOX + b"1 g BT /F 40 Tf 20 20 Td (M) Tj T* (M) Tj T* (M) Tj T* (M) Tj ET",
        RED_BOX + b"(a line) Tj (and half a",
        b"1 0 0 rg 20 20 100 100 100 100 100 100 re f",
        b"1 0 0 rg 20 20 1-00 100 re f",
        RED_BOX + b"q 200 0 0 200 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID ff> EI Q",
        b"/OC /Layer BDC " + RED_BOX + b"EMC",
        RED_BOX + b"/Unknown sh",
        RED_BOX + b"fq",
    ],
)
def test_whatever_may_hide_it_is_left_to_the_renderer(content):
    """Small, pale, clipped, covered or unusual: nothing is certain. SC-TDF-144"""
    assert not is_told_without_rendering(content)


def test_pictures_and_forms_hide_what_they_stand_on():
    """A picture beside the rectangle leaves it in sight; one over it, or a form, may not."""

    def resources(pdf):
        white = image(pdf, b"\xff", Name.DeviceGray, 1)
        return {"/XObject": Dictionary({"/I": white, "/X": form(pdf, b"1 g 0 0 200 200 re f")})}

    assert is_told_without_rendering(RED_BOX + b"q 50 0 0 50 140 140 cm /I Do Q", resources)
    assert not is_told_without_rendering(RED_BOX + b"q 200 0 0 200 0 0 cm /I Do Q", resources)
    assert not is_told_without_rendering(RED_BOX + b"/X Do", resources)


@pytest.mark.parametrize("state", [{"ca": 0.1}, {"BM": Name.Multiply}, {"SMask": Dictionary(S=Name.Luminosity)}])
def test_transparency_is_left_to_the_renderer(state):
    """Where anything is blended, nothing is certain."""
    resources = {"/ExtGState": Dictionary({"/G": Dictionary(**state), "/P": Dictionary(ca=1, BM=Name.Normal)})}
    assert not is_told_without_rendering(b"/G gs " + RED_BOX, lambda _: resources)
    assert is_told_without_rendering(b"/P gs " + RED_BOX, lambda _: resources)


def test_notes_and_the_edge_of_the_paper_count():
    """What lies outside the crop box is not seen, and a note may lie on top."""
    assert not is_told_without_rendering(RED_BOX, CropBox=Array([0, 0, 25, 200]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Square, F=4, Rect=Array([0, 0, 200, 200]))
    assert not is_told_without_rendering(RED_BOX, Annots=Array([note]))


numbers = st.integers(-20, 220)
colors = st.sampled_from(["1 0 0 rg", "0 0 1 0 k", "1 g", "0 g", ".5 .5 .5 rg", "0 .8 .2 rg", "1 0 0 RG", "0 G", "1 G"])
rectangles = st.builds("{} {} {} {} re".format, numbers, numbers, numbers, numbers)
lines = st.builds("{} {} m {} {} l".format, numbers, numbers, numbers, numbers)
paint = st.sampled_from(["f", "f", "f", "f*", "S", "B", "n", "W n", "W* n"])
shapes = st.builds("{} {}".format, st.one_of(rectangles, rectangles, lines), paint)
texts = st.builds("BT /F {} Tf {} {} Td (Text) Tj ET".format, st.sampled_from([8, 40, 300]), numbers, numbers)
others = st.sampled_from(["q", "Q", ".5 0 0 .5 20 20 cm", "0 1 -1 0 200 0 cm", "30 w", "/F 9 Tf", "2 0 0 2 0 0 cm"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(colors, shapes, shapes, texts, others), max_size=25).map("\n".join))
def test_what_is_certain_is_what_a_renderer_shows(content):
    """No page is called coloured that is not when it is rendered. SC-TDF-144"""
    document = pdf_with(content.encode())
    certain = analyse(document).page_runs[0].color
    with mock.patch.object(marks, "shows_plain_color", return_value=False):
        assert analyse(document).page_runs[0].color is certain
