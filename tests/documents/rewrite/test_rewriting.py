"""Documents changed on their way: what was asked for is what comes out, or the reason why not."""

from __future__ import annotations

import io
import tempfile
import warnings
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.rewrite import CannotRewrite, Changes, rewrite
from platen.documents.rewrite import pdf as rewritten_pdf
from platen.documents.rewrite.raster import gray_of_inks
from tests.documents.samples import UEL, compressed, pdf, pwg_header, urf_header
from tests.testdata import TESTDATA, needs_testdata

PDL = TESTDATA / "pdl"
LONG, SHORT, ONE = Sides.TWO_SIDED_LONG_EDGE, Sides.TWO_SIDED_SHORT_EDGE, Sides.ONE_SIDED
A4, A3, LETTER = "iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in"

PCL_JOB = b"\x1bE\x1b&l26a1X\x1b&l0Sone\x0ctwo\x0c\x1bE"
PXL_JOB = (
    b") HP-PCL XL;2;0;x\n"
    + b"".join(
        b"\xc0\x00\xf8\x28\xc0\x02\xf8\x25\xc0\x00\xf8\x34\x43"
        + b"\xc3\x01\x00\xf8\x4c\xa8"
        + b"\xc1\x01\x00\xf8\x31\x44"
        for _ in range(2)
    )
    + b"\x49\x42"
)
PS_JOB = (
    b"%!PS-Adobe-3.0\n%%Pages: 2\n%%EndComments\n"
    b"<< /PageSize [595 842] /Duplex false /NumCopies 1 >> setpagedevice\n"
    b"%%Page: 1 1\n1 0 0 setrgbcolor 0 0 99 99 rectfill showpage\n"
    b"%%Page: 2 2\n0 setgray 0 0 99 99 rectfill showpage\n%%EOF\n"
)
PDF_JOB = pdf(b"1 0 0 rg 0 0 99 99 re f", b"0 g 0 0 99 99 re f")
RED_ROWS = compressed([b"\xff\0\0" * 8 + b"\xff" * 24] * 8, 3)
PWG_JOB = b"RaS2" + (pwg_header(width=16, height=8, bits=24, color_space=19) + RED_ROWS) * 2
URF_JOB = b"UNIRAST\0\0\0\0\2" + (urf_header(width=16, height=8, bits=24, color_space=1) + RED_ROWS) * 2


def in_pjl(language: str, document: bytes, *lines: str) -> bytes:
    head = "".join(f"@PJL {line}\r\n" for line in lines) + f"@PJL ENTER LANGUAGE={language}\r\n"
    return UEL + head.encode() + document + UEL


JOBS = {
    "pcl": PCL_JOB,
    "pxl": PXL_JOB,
    "ps": PS_JOB,
    "pdf": PDF_JOB,
    "pwg": PWG_JOB,
    "urf": URF_JOB,
    "pjl-pcl": in_pjl("PCL", PCL_JOB, "SET DUPLEX=OFF", "SET QTY=1"),
    "pjl-pxl": in_pjl("PCLXL", PXL_JOB, "SET RENDERMODE=COLOR"),
    "pjl-ps": in_pjl("POSTSCRIPT", PS_JOB, "SET COPIES=1"),
    "pjl-pdf": in_pjl("PDF", PDF_JOB),
}


def changed(document: bytes, changes: Changes) -> tuple[bytes, DocumentFacts]:
    with tempfile.TemporaryFile() as out:
        facts = rewrite(document, changes, out)
        out.seek(0)
        return out.read(), facts


@pytest.mark.parametrize("sides", [LONG, SHORT, ONE])
@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_sides_are_those_asked_for(job, sides):
    """Duplex on and off changes the print data, whatever the data said before. SC-RBPACT-05"""
    octets, facts = changed(job, Changes(sides=sides))
    assert facts.sides is sides
    assert (facts.pages, analyse(octets).sides) == (2, sides)


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_black_only_leaves_no_colour(job):
    """A job forced to black holds no coloured page, and as many pages as before. SC-RBPACT-06"""
    _, facts = changed(job, Changes(monochrome=True))
    assert (facts.pages, facts.has_color) == (2, False)


@pytest.mark.parametrize("name", [name for name in JOBS if name != "urf"])
def test_copies_are_those_asked_for(name):
    """Three copies, not three times as many as the data asked for already."""
    _, facts = changed(JOBS[name], Changes(copies=3))
    paper = job_facts(facts, JobTicket())
    assert (facts.pages, paper.impressions) == (2, 6)


@pytest.mark.parametrize("name", [name for name in JOBS if name not in ("pwg", "urf")])
def test_paper_is_the_one_asked_for(name):
    """Every page is on the paper that was asked for."""
    _, facts = changed(JOBS[name], Changes(media=A3))
    assert {run.media for run in facts.page_runs} == {A3}


@pytest.mark.parametrize("name", ["pcl", "pxl", "ps", "pdf", "pjl-pcl", "pjl-ps"])
def test_toner_saving_is_asked_for_in_pjl(name):
    """Languages without a word for it get a header that has one. SC-RBPACT-10"""
    octets, facts = changed(JOBS[name], Changes(toner_save=True))
    assert octets.count(b"@PJL SET ECONOMODE=ON\r\n") == 1
    assert octets.startswith(UEL)
    assert facts.pages == 2


def test_a_setting_said_before_is_replaced_not_repeated():
    """What the driver said about the same thing goes."""
    octets, _ = changed(JOBS["pjl-pcl"], Changes(sides=LONG, copies=2))
    assert b"DUPLEX=OFF" not in octets
    assert b"QTY=1" not in octets
    assert octets.count(b"@PJL SET DUPLEX=ON\r\n") == 1


def test_a_header_carries_the_name_and_the_owner():
    """A header is put in front of a document that has none; a quotation mark cannot end its string."""
    octets, facts = changed(PCL_JOB, Changes(title='Plan "B"', user="marta"))
    assert (facts.title, facts.user, facts.pages) == ("Plan B", "marta", 2)
    assert PCL_JOB[:2] in octets


def test_nothing_asked_for_changes_nothing():
    """An empty wish gives the same octets."""
    for name in ("pcl", "pxl", "ps", "pwg", "urf", "pjl-pcl", "pjl-pxl"):
        assert changed(JOBS[name], Changes())[0] == JOBS[name], name


@pytest.mark.parametrize(
    ("changes", "colors"), [(Changes(monochrome=True), {False}), (Changes(media=A3), {True, False})]
)
def test_a_changed_pdf_still_shows_what_it_showed(changes, colors):
    """Grey, or on other paper, every page has the same marks: nothing is lost on the way. SC-RBPACT-06"""
    octets, facts = changed(PDF_JOB, changes)
    assert [run.blank for run in facts.page_runs] == [False] * len(facts.page_runs)
    assert {run.color for run in facts.page_runs} == colors
    with pikepdf.open(io.BytesIO(octets)) as written:
        forms = [page.Resources.XObject.Page.read_bytes() for page in written.pages]
    assert [b"1 0 0 rg 0 0 99 99 re f" in form for form in forms] == [True, False]


def test_a_grey_pdf_names_the_version_that_it_needs():
    """The way to grey is transparency, which a reader of an older version would paint over. SC-RBPACT-06"""
    octets, _ = changed(
        PDF_JOB.replace(b"%PDF-1.7", b"%PDF-1.2").replace(b"%PDF-1.4", b"%PDF-1.2"), Changes(monochrome=True)
    )
    assert octets[:8] == b"%PDF-1.4"


def test_a_pdf_is_left_as_it_is_where_pjl_says_all():
    """Sides, copies and less toner are asked for around the file, so even a locked one can have them. SC-RBPACT-05"""
    with tempfile.TemporaryFile() as locked, pikepdf.open(io.BytesIO(PDF_JOB)) as made:
        made.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
        locked.seek(0)
        document = locked.read()
    octets, facts = changed(document, Changes(sides=LONG, copies=2, toner_save=True))
    assert document in octets
    assert (facts.pages, facts.sides, facts.copies) == (2, LONG, 2)


def test_a_page_that_inflates_without_end_is_refused():
    """A bomb costs no more memory than an ordinary page. SC-TDF-132"""
    with pikepdf.new() as made, tempfile.TemporaryFile() as bomb:
        page = made.add_blank_page()
        page.obj.Contents = made.make_stream(b"")
        page.obj.Contents.write(zlib.compress(b"0 g 1 1 1 1 re f\n" * 6_000_000, 9), filter=pikepdf.Name.FlateDecode)
        made.save(bomb, compress_streams=False)
        bomb.seek(0)
        document = bomb.read()
    with pytest.raises(CannotRewrite, match="too large"):
        changed(document, Changes(monochrome=True))


def test_a_result_with_blank_pages_is_not_handed_out(monkeypatch):
    """Whatever goes wrong with the content of a page is found when the result is looked into again."""
    monkeypatch.setattr(rewritten_pdf, "_as_form", lambda pdf, _: pdf.make_stream(b"", Subtype=pikepdf.Name.Form))
    with pytest.raises(CannotRewrite, match="blank"):
        changed(PDF_JOB, Changes(monochrome=True))


def test_pages_are_picked_from_a_pdf():
    """Only the pages asked for remain."""
    document = pdf(*[f"{n / 10} g 0 0 9 9 re f".encode() for n in range(9)])
    assert changed(document, Changes(page_ranges=((2, 3), (8, 99))))[1].pages == 4


@pytest.mark.parametrize(
    ("document", "changes", "reason"),
    [
        (b"hello\n", Changes(sides=LONG), "cannot be changed"),
        (PCL_JOB, Changes(page_ranges=((1, 1),)), "Pages can only be picked"),
        (PWG_JOB, Changes(media=A3), "one size of paper"),
        (URF_JOB, Changes(copies=2), "no word for copies"),
        (PCL_JOB, Changes(media="iso_a5_148x210mm"), "would be cut off"),
        (PS_JOB, Changes(media="iso_a5_148x210mm"), "would be cut off"),
        (PWG_JOB[:-9], Changes(monochrome=True), "damaged"),
        (PXL_JOB.replace(b"HP-PCL XL", b"HP-PCL XX"), Changes(sides=LONG), None),
        (PXL_JOB[:40] + b"\x02" + PXL_JOB[40:], Changes(sides=LONG), "damaged"),
        (in_pjl("BARCODE", b"xyz"), Changes(sides=LONG), "language that cannot be changed"),
        (b"%PDF-1.4\nnothing", Changes(monochrome=True), None),
        (PCL_JOB, Changes(media="custom_x_99x99mm"), "no number for the paper"),
        (pdf(b"0 g"), Changes(page_ranges=((5, 6),)), "none of those asked for"),
    ],
)
def test_what_cannot_be_done_is_said(document, changes, reason):
    """The caller is told why, and no broken file is passed off as the changed one."""
    with tempfile.TemporaryFile() as out, pytest.raises(CannotRewrite, match=reason):
        rewrite(document, changes, out)


def test_what_looks_like_a_command_inside_binary_data_stays():
    """Octets of a picture are never taken for commands."""
    picture = b"\x1b*b12W" + b"\x1b&l2S\x1b&l9X"
    octets, facts = changed(b"\x1bE\x1b*r1A" + picture + b"\x1b*rB\x0c\x1bE", Changes(sides=LONG, copies=2))
    assert picture in octets
    assert (facts.sides, facts.copies) == (LONG, 2)


@needs_testdata
@pytest.mark.parametrize(
    "name",
    [
        "pcl5/joblex__a4-5p-1up-2sided.pcl5",
        "pclxl/joblex__bhc452.pclxl",
        "pclxl/gstests__tiger.px3",
        "ps/joblex__a4-5p-1up-1sided.ps",
        "pdf/cups__document-a4.pdf",
        "made/urf-letter-colour-simplex-4p.urf",
        "made/ljet4d-duplex-8p.pcl",
        "made/pxlcolor-mixed-sizes-3p.pxl",
        "made/pxlmono-a4-duplex-long-4p.pxl",
    ],
)
@pytest.mark.parametrize(
    "changes", [Changes(sides=SHORT), Changes(sides=ONE), Changes(monochrome=True)], ids=["short", "one", "mono"]
)
def test_jobs_of_real_drivers(name, changes):
    """What drivers make can be changed, and has as many pages afterwards. SC-RBPACT-05, SC-RBPACT-06"""
    with (PDL / name).open("rb") as source, tempfile.TemporaryFile() as out:
        before = analyse(source)
        after = rewrite(source, changes, out)
    assert after.pages == before.pages
    if changes.sides is not None:
        assert after.sides is changes.sides
    else:
        assert after.has_color is False


def test_a_pjl_command_without_an_end_is_refused():
    """A line that goes on and on is not kept in memory as a command."""
    with pytest.raises(CannotRewrite, match="without an end"):
        changed(UEL + b"@PJL COMMENT " + b"x" * 100_000 + b"\n" + PCL_JOB, Changes(copies=2))


def test_changing_a_form_gives_no_advice_of_the_library(recwarn):
    """Fields of a form that nothing leads to are nobody's concern here."""
    with pikepdf.new() as document:
        page = document.add_blank_page()
        field = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx)
        field.Rect = pikepdf.Array([0, 0, 9, 9])
        page.obj.Annots = pikepdf.Array([document.make_indirect(field)])
        page.obj.Contents = document.make_stream(b"1 0 0 rg 0 0 99 99 re f")
        stream = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document.save(stream)
    changed(stream.getvalue(), Changes(page_ranges=((1, 1),)))
    assert not recwarn.list


def test_a_document_whose_pages_are_not_known_is_not_changed():
    """Nobody could tell whether the change went well. SC-RBPACT-05"""
    damaged = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    assert analyse(damaged).pages is None
    with pytest.raises(CannotRewrite, match="cannot be counted"):
        rewrite(damaged, Changes(copies=2), io.BytesIO())


def test_pages_that_each_begin_a_sheet_are_not_called_two_sided():
    """A reset before every page leaves the back of each sheet empty, whatever is asked for. SC-RBPACT-05"""
    page = b"\x1bE\x1b&l26Ax\x0c"
    with pytest.raises(CannotRewrite, match="a sheet of its own"):
        changed(page * 3 + b"\x1bE", Changes(sides=LONG))
    assert changed(page + b"\x1bE", Changes(sides=LONG))[1].sides is LONG


def test_a_page_on_other_paper_keeps_what_lay_on_it_and_shows_no_more():
    """Notes and fields come along, and what a crop box hides stays hidden."""
    with pikepdf.open(
        io.BytesIO(pdf(b"0 g 300 300 9 9 re f 0 0 9 9 re f", CropBox=pikepdf.Array([100, 100, 400, 500])))
    ) as made:
        look = made.make_stream(b"1 0 0 rg 0 0 20 20 re f", Subtype=pikepdf.Name.Form, BBox=[0, 0, 20, 20])
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[200, 200, 220, 220], F=4)
        note.AP = pikepdf.Dictionary(N=look)
        made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(note)])
        stream = io.BytesIO()
        made.save(stream)
    octets, facts = changed(stream.getvalue(), Changes(media=A3))
    assert facts.has_color
    with pikepdf.open(io.BytesIO(octets)) as written:
        page = written.pages[0]
        assert [float(side) for side in page.Resources.XObject.Page.BBox] == [100, 100, 400, 500]
        assert round(float(page.Contents.read_bytes().split()[1]), 3) == round(841.89 / 300, 3)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=40))
def test_inks_become_the_light_that_they_leave(pixels):
    """Raster in four inks is made grey as well: never darker than black, and white where there is no ink."""
    light = gray_of_inks(bytes(octet for pixel in pixels for octet in pixel))
    assert len(light) == len(pixels)
    for value, (cyan, magenta, yellow, black) in zip(light, pixels, strict=True):
        exact = 255 - min(255, (54 * cyan + 183 * magenta + 19 * yellow) / 256 + black)
        assert abs(value - exact) <= 3
    assert gray_of_inks(bytes(4) + b"\0\0\0\xff" + b"\xff" * 4) == b"\xff\0\0"


@pytest.mark.parametrize("start", [b"RaS2", b"UNIRAST\0\0\0\0\2"])
def test_raster_in_four_inks_becomes_grey(start):
    """Both raster formats may come in cyan, magenta, yellow and black. SC-RBPACT-06"""
    if start == b"RaS2":
        header = pwg_header(width=16, height=8, bits=32, color_space=6)
    else:
        header = urf_header(width=16, height=8, bits=32, color_space=6)
    job = start + (header + compressed([b"\xff\0\0\0" * 16] * 8, 4)) * 2
    octets, facts = changed(job, Changes(monochrome=True))
    assert (facts.pages, facts.has_color) == (2, False)
    assert len(octets) < len(job)
