"""Colour and blankness of PDF pages: what is seen counts, not what is set."""

from __future__ import annotations

import io
import random

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from platen.documents.analysis import analyse
from platen.documents.facts import PageRun
from platen.documents.limits import AnalysisOptions
from tests.documents.pdf.made import form, image, pdf_with, saved

BOX = b" 20 20 100 100 re f "
RED = b"1 0 0 rg "
SHOW = b" q 90 0 0 90 5 5 cm /I Do Q "
PLAIN = b"BT /F 12 Tf 20 150 Td (Words in black) Tj 0 -14 Td (and more of) Tj 0 -14 Td (them below) Tj ET "


def look(content: bytes, resources=None, **page_entries) -> PageRun:
    return analyse(pdf_with(content, resources, **page_entries)).page_runs[0]


def xobjects(**makers):
    return lambda pdf: {"/XObject": Dictionary({f"/{name}": make(pdf) for name, make in makers.items()})}


@pytest.mark.parametrize(
    ("content", "color"),
    [
        (b"0.5 g" + BOX, False),
        (b"0.5 0.5 0.5 rg" + BOX, False),
        (b"0.5 0.5 0.55 rg" + BOX, False),
        (b"0.5 0.5 0.7 rg" + BOX, True),
        (b"0 0 0 1 k" + BOX, False),
        (b"0.75 0.68 0.67 0.9 k" + BOX, False),
        (b"1 0 0 0 k" + BOX, True),
        (b"/DeviceRGB cs 1 0 0 sc" + BOX, True),
        (b"/DeviceRGB cs 1 1 1 sc" + BOX, False),
        (b"/DeviceGray cs 0.3 sc" + BOX, False),
        (b"1 0 0 RG 0 0 m 99 99 l S", True),
        (b"BT /F 9 Tf 20 20 Td (1 0 0 rg) Tj ET", False),
        (b"0 0 0 rg % black\n" + BOX, False),
        (b"1 0 % red\n 0 rg" + BOX, True),
        (b"q 90 0 0 90 5 5 cm BI /W 2 /H 1 /CS /RGB /BPC 8 /F /AHx ID ff0000 00ff00> EI Q", True),
        (b"q 90 0 0 90 5 5 cm BI /W 2 /H 1 /CS /G /BPC 8 /F /AHx ID 40 80> EI Q", False),
    ],
)
def test_grey_is_no_colour_in_whatever_space_it_is_written(content, color):
    """Grey written as RGB or CMYK is not colour, and neither is what differs less than is seen. SC-TDF-144"""
    assert look(PLAIN + content).color is color


@pytest.mark.parametrize(
    "content",
    [
        RED + b"500 500 50 50 re f",
        b"q 0 0 9 9 re W n " + RED + b"20 20 100 100 re f Q",
        RED + BOX + b"1 g 0 0 200 200 re f",
        RED + BOX + b"0 g 10 10 150 150 re f",
        b"BT 3 Tr " + RED + b"/F 12 Tf 20 20 Td (hidden) Tj ET",
        RED + b"20 20 0 0 re f",
        RED + b"20 20 m n",
        RED,
        RED + b"BT /F 12 Tf 20 20 Td (   ) Tj ET",
    ],
    ids=["outside", "clipped", "under white", "under black", "invisible text", "no area", "no paint", "set", "spaces"],
)
def test_a_colour_that_is_not_seen_is_none(content):
    """A coloured value that leaves no mark does not make a page a colour page. SC-TDF-144"""
    assert look(PLAIN + content).color is False


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F 6 Tf " + RED + b"20 20 Td (a word) Tj ET",
        b"0.3 w 0 0 1 RG 10 10 m 190 10 l S",
        RED + b"50 50 1 1 re f",
        b"0 0 0.4 rg 50 50 1 1 re f",
    ],
    ids=["small print", "hairline", "dot", "dark blue dot"],
)
def test_a_little_colour_is_colour(content):
    """A word in small print, a thin line or a dot of colour makes a colour page. SC-TDF-144"""
    assert look(PLAIN + content).color is True


@pytest.mark.parametrize(("content", "color"), [(b"/X Do", True), (b"", False)])
def test_a_form_counts_where_it_is_shown(content, color):
    """Colour in a form that no page shows is not on paper."""
    assert look(PLAIN + content, xobjects(X=lambda pdf: form(pdf, RED + BOX))).color is color


def optional(shown: bool):
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="layer"))
        hidden = Array([] if shown else [group])
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=hidden, Order=Array([group])))
        return {"/Properties": Dictionary(L=group)}

    return resources


@pytest.mark.parametrize("shown", [True, False])
def test_a_hidden_layer_is_not_on_paper(shown):
    """Optional content counts where it is switched on."""
    assert look(PLAIN + b"/OC /L BDC " + RED + BOX + b"EMC", optional(shown)).color is shown


@pytest.mark.parametrize(
    ("samples", "space", "color"),
    [
        (b"\x10\x10\x10\x80\x80\x80", Name.DeviceRGB, False),
        (b"\x10\x10\x10\x80\x80\x70", Name.DeviceRGB, False),
        (b"\x10\x10\x10\x80\x80\x10", Name.DeviceRGB, True),
        (b"\x10\x20", Name.DeviceGray, False),
        (b"\0\0\0\x80\0\0\0\x90", Name.DeviceCMYK, False),
        (b"\0\0\0\x80\xff\0\0\0", Name.DeviceCMYK, True),
        (b"\0\1", Array([Name.Indexed, Name.DeviceRGB, 1, b"\0\0\0\x99\x99\x99"]), False),
        (b"\0\1", Array([Name.Indexed, Name.DeviceRGB, 1, b"\0\0\0\x99\x00\x99"]), True),
        (b"\0\0", Array([Name.Indexed, Name.DeviceRGB, 1, b"\0\0\0\x99\x00\x99"]), False),
    ],
)
def test_a_picture_is_coloured_where_its_samples_are(samples, space, color):
    """A scan in grey that is stored as RGB, or whose palette has colours it does not use, is not colour. SC-TDF-144"""
    resources = xobjects(I=lambda pdf: image(pdf, samples, space, 2))
    assert look(PLAIN + SHOW, resources).color is color


def test_the_grain_of_a_scan_is_no_colour():
    """A grey page scanned in colour has coloured grain that nobody sees. SC-TDF-144"""
    source = random.Random(3)
    samples = bytes(min(255, max(0, 200 + source.randint(-20, 20))) for _ in range(400 * 400 * 3))
    scan = xobjects(I=lambda pdf: image(pdf, samples, Name.DeviceRGB, 400, Height=400))
    assert look(b"q 200 0 0 200 0 0 cm /I Do Q", scan).color is False


def test_a_pen_mark_on_a_scan_is_colour():
    """A few red words on a grey scan make a colour page. SC-TDF-144"""
    row = b"\xc8\xc8\xc8" * 400
    marked = b"\xc8\xc8\xc8" * 100 + b"\xff\0\0" * 40 + b"\xc8\xc8\xc8" * 260
    samples = row * 190 + marked * 4 + row * 206
    scan = xobjects(I=lambda pdf: image(pdf, samples, Name.DeviceRGB, 400, Height=400))
    assert look(b"q 200 0 0 200 0 0 cm /I Do Q", scan).color is True


def tint(ink: Name) -> Array:
    """A separation that looks red."""
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 0, 0]), N=1)
    return Array([Name.Separation, ink, Name.DeviceRGB, function])


@pytest.mark.parametrize(
    ("space", "color"),
    [
        (tint(Name("/Spot")), True),
        (Array([Name.Separation, Name.Black, Name.DeviceGray, tint(Name.Black)[3]]), False),
        (Array([Name.Lab, Dictionary(WhitePoint=Array([0.95, 1, 1.09]), Range=Array([-99, 99, -99, 99]))]), True),
        (Array([Name.CalGray, Dictionary(WhitePoint=Array([0.95, 1, 1.09]))]), False),
    ],
    ids=["spot", "black", "lab", "calgray"],
)
def test_spaces_are_judged_by_what_they_look_like(space, color):
    """A spot colour is colour, the ink Black is not."""
    numbers = b"60 80 20" if space[0] == Name.Lab else b"0.8"
    content = PLAIN + b"/S cs " + numbers + b" scn" + BOX
    assert look(content, lambda _: {"/ColorSpace": Dictionary(S=space)}).color is color


def shaded(to: list[float]):
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0]), C1=Array(to), N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 200, 0]), Function=function)
    return lambda _: {
        "/Shading": Dictionary(S=shading),
        "/Pattern": Dictionary(P=Dictionary(PatternType=2, Shading=shading)),
    }


@pytest.mark.parametrize("content", [b"/S sh", b"/Pattern cs /P scn" + BOX], ids=["sh", "pattern"])
@pytest.mark.parametrize(("to", "color"), [([1, 1, 1], False), ([1, 0, 0], True)])
def test_shadings_are_judged_by_what_they_look_like(content, to, color):
    """A gradient from black to white is grey, whatever its space. SC-TDF-144"""
    assert look(PLAIN + content, shaded(to)).color is color


def square(flags: int, **entries: object):
    """A red annotation over the page, with an appearance."""

    def annotations(pdf: pikepdf.Pdf) -> Array:
        appearance = Dictionary(N=form(pdf, RED + BOX))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([0, 0, 200, 200]), F=flags, AP=appearance)
        for key, value in entries.items():
            note[f"/{key}"] = value
        return Array([pdf.make_indirect(note)])

    return annotations


@pytest.mark.parametrize(("flags", "color"), [(4, True), (0, False), (6, False)])
def test_an_annotation_counts_where_it_is_printed(flags, color):
    """Notes without the Print flag, and hidden ones, do not reach the paper."""
    assert look(PLAIN, Annots=square(flags)).color is color


def test_a_form_field_that_is_printed_counts():
    """What stands in a form field is on the page. SC-TDF-144"""

    def fields(pdf: pikepdf.Pdf) -> Array:
        notes = square(4, Subtype=Name.Widget, FT=Name.Tx, T="field")(pdf)
        pdf.Root.AcroForm = Dictionary(Fields=notes)
        return notes

    assert look(PLAIN, Annots=fields).color is True


@pytest.mark.parametrize("begin", [b"1000 0 d0 ", b"1000 0 0 0 900 900 d1 "])
def test_glyphs_bring_colour_where_they_may(begin):
    """A Type 3 glyph has colours of its own only where it says so with d0."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=Dictionary(a=pdf.make_stream(begin + RED + b"0 0 900 900 re f")),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])),
            FirstChar=97,
            LastChar=97,
            Widths=Array([1000]),
        )
        return {"/Font": Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica), G=font)}

    found = look(PLAIN + b"BT /G 40 Tf 20 20 Td (a) Tj ET", resources)
    assert found.color is (b"d0" in begin)


@pytest.mark.parametrize(
    ("content", "blank"),
    [
        (b"", True),
        (b"q 1 0 0 1 0 0 cm Q", True),
        (b"1 g 0 0 200 200 re f", True),
        (b"1 1 1 rg BT /F 12 Tf 20 20 Td (white) Tj ET", True),
        (b"BT /F 12 Tf 20 2000 Td (far away) Tj ET", True),
        (b"BT 3 Tr /F 12 Tf 20 20 Td (not drawn) Tj ET", True),
        (PLAIN + b"1 g 0 0 200 200 re f", True),
        (PLAIN, False),
        (b"1 g 0 0 200 200 re f 0 g " + PLAIN, False),
        (b"0 g 50 50 1 1 re f", False),
        (b"0.9 g" + BOX, False),
    ],
)
def test_a_page_is_blank_where_nothing_is_seen(content, blank):
    """White on white, text beside the page and text that is not drawn leave a page blank."""
    found = look(content)
    assert (found.blank, found.color) == (blank, False)


def test_text_that_the_crop_box_cuts_off_is_not_seen():
    """What lies outside the crop box is not on the page."""
    assert look(PLAIN, CropBox=Array([0, 0, 200, 60])).blank is True


def test_a_locked_document_is_looked_at_with_its_password():
    """The password opens the document for colour as well. SC-TDF-140"""
    with pikepdf.open(io.BytesIO(pdf_with(PLAIN + RED + BOX))) as pdf:
        data = saved(pdf, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert analyse(data, options=AnalysisOptions(password="u")).page_runs[0].color is True


def test_a_file_with_a_damaged_table_is_looked_at():
    """Where only the cross-references are damaged, the pages can still be looked at."""
    data = pdf_with(PLAIN + RED + BOX)
    at = data.rindex(b"startxref")
    assert analyse(data[:at] + b"startxref\n7\n%%EOF").page_runs[0].color is True


def test_the_document_within_a_job_is_looked_at():
    """A PDF file inside PJL has its colours found as one alone."""
    uel = b"\x1b%-12345X"
    data = uel + b"@PJL ENTER LANGUAGE=PDF\n" + pdf_with(PLAIN + RED + BOX) + uel
    assert analyse(data).page_runs[0].color is True


def test_pages_show_what_their_own_branch_of_the_tree_names():
    """A name stands for what the nearest ancestor gives it, whichever branch the page before was of. SC-TDF-144"""
    with pikepdf.new() as pdf:
        contents = pdf.make_stream(b"/I Do")
        branches = [
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Pages,
                    Count=1,
                    MediaBox=Array([0, 0, 200, 200]),
                    Resources=Dictionary(XObject=Dictionary(I=form(pdf, paint + BOX))),
                )
            )
            for paint in (RED, b"0 g ", RED)
        ]
        for branch in branches:
            page = Dictionary(Type=Name.Page, Parent=branch, Contents=contents)
            branch.Kids = Array([pdf.make_indirect(page)])
            branch.Parent = pdf.Root.Pages
        pdf.Root.Pages.Kids = Array(branches)
        pdf.Root.Pages.Count = len(branches)
        facts = analyse(saved(pdf))
    assert [run.color for run in facts.page_runs] == [True, False, True]


@pytest.mark.parametrize(
    ("flags", "ink", "color"),
    [(4, [0, 0, 0.65], True), (4, [0, 0.9, 0.9, 0], True), (4, [0.5], False), (4, [], False), (0, [1, 0, 0], False)],
)
@pytest.mark.parametrize("coverage", [False, True])
def test_a_line_without_an_appearance_has_the_colour_that_it_names(flags, ink, color, coverage):
    """Printers draw the line by its colour, whatever the renderer does with it. SC-TDF-144"""

    def notes(pdf: pikepdf.Pdf) -> Array:
        line = Dictionary(Type=Name.Annot, Subtype=Name.Line, Rect=Array([0, 0, 200, 200]), F=flags, C=Array(ink))
        line.L = Array([0, 0, 200, 200])
        return Array([pdf.make_indirect(line)])

    (run,) = analyse(pdf_with(PLAIN, Annots=notes), options=AnalysisOptions(coverage=coverage)).page_runs
    assert run.color is color
