"""Ink coverage of PDF pages that are painted in inks."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisOptions
from tests.documents.pdf.made import form, image, pdf_with

COVERAGE = AnalysisOptions(coverage=True)
FULL = b" 0 0 200 200 re f"


def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
    """Every way in which inks are named."""
    tint = pdf.make_stream(b"{ 0 exch 0 0 }", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    profile = pdf.make_stream(b"not one", N=4, Alternate=Name.DeviceCMYK)
    axial = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceCMYK,
        Coords=Array([0, 0, 200, 0]),
        Function=Dictionary(
            FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0.5, 0, 0, 0]), C1=Array([0.5, 0, 0, 0])
        ),
    )
    glyph = pdf.make_stream(b"1000 0 d0 0 1 0 0 k 0 0 1000 1000 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 1000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(a=glyph),
        Encoding=Dictionary(Differences=Array([97, Name.a])),
        FirstChar=97,
        LastChar=97,
        Widths=Array([1000]),
    )
    spot = Array([Name.Separation, Name.Spot, Name.DeviceCMYK, pdf.make_indirect(tint)])
    spaces = Dictionary(Inks=Name.DeviceCMYK, Spot=spot, Profile=Array([Name.ICCBased, profile]))
    pictures = Dictionary(
        Form=form(pdf, b"0 0 0 .5 k" + FULL), Picture=image(pdf, bytes([128, 0, 0, 64]), Name.DeviceCMYK, 1)
    )
    return {
        "/ColorSpace": spaces,
        "/XObject": pictures,
        "/Shading": Dictionary(Axial=axial),
        "/Font": Dictionary(T=font),
    }


@pytest.mark.parametrize(
    ("content", "coverage"),
    [
        (b"1 0 0 0 k" + FULL, (10_000, 0, 0, 0)),
        (b"0 0 0 1 k" + FULL, (0, 0, 0, 10_000)),
        (b"0 0 0 .5 k" + FULL, (0, 0, 0, 5_000)),
        (b".5 0 .2 .3 k" + FULL, (5_000, 0, 2_000, 3_000)),
        (b"[]0 d .5 0 .2 .3 K 400 w 0 100 m 200 100 l S", (5_000, 0, 2_000, 3_000)),
        (b"1 0 0 0 k 0 0 100 200 re f 1 0 0 rg 100 0 100 200 re f", (5_000, 5_000, 5_000, 0)),
        (b"/Inks cs .5 0 .2 .3 sc" + FULL, (5_000, 0, 2_000, 3_000)),
        (b"/DeviceCMYK cs .5 0 .2 .3 sc" + FULL, (5_000, 0, 2_000, 3_000)),
        (b"/Profile cs .5 0 .2 .3 sc" + FULL, (5_000, 0, 2_000, 3_000)),
        (b"/Spot cs 1 sc" + FULL, (0, 10_000, 0, 0)),
        (b"/Form Do", (0, 0, 0, 5_000)),
        (b"200 0 0 200 0 0 cm /Picture Do", (5_000, 0, 0, 2_500)),
        (b"/Axial sh", (5_000, 0, 0, 0)),
        (b"BT /T 200 Tf (a) Tj ET", (0, 10_000, 0, 0)),
        (b".2 .2 .2 .2 k" + FULL, (0, 0, 0, 4_000)),
        (b"1 0 0 .5 k" + FULL, (5_000, 0, 0, 5_000)),
    ],
)
def test_inks_count_as_they_are_set(content, coverage):
    """However inks are named, their amounts are measured; what three share is black. SC-TDF-152 .. SC-TDF-155"""
    assert analyse(pdf_with(content, resources), options=COVERAGE).page_runs[0].coverage == pytest.approx(
        coverage, abs=90
    )


def test_words_that_look_like_inks_are_left_alone():
    """The text of a page does not change by what is measured."""
    with_text = b"BT /F 40 Tf 2 100 Td (.1 .2 .3 1 k) Tj ET 0 0 0 1 k 0 0 9 9 re f"
    in_light = with_text.replace(b"0 0 0 1 k 0", b"0 g 0")
    found, light = (analyse(pdf_with(content), options=COVERAGE).page_runs[0] for content in (with_text, in_light))
    assert (found.color, found.blank) == (False, False)
    assert found.coverage == pytest.approx(light.coverage, abs=1)


def test_a_document_that_cannot_be_copied_is_measured_as_it_looks(monkeypatch):
    """Too many objects, or none that can be changed: the facts are as near as may be."""
    monkeypatch.setattr("platen.documents.pdf.plain_inks._OBJECTS_MAX", 2)
    (run,) = analyse(pdf_with(b"1 0 0 0 k" + FULL), options=COVERAGE).page_runs
    assert run.coverage == pytest.approx((9_400, 2_500, 0, 600), abs=300)
