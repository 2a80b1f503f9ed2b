"""PDF: damaged files give what can be found in them, and never more."""

from __future__ import annotations

import functools
import io
import re

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import ObjectStreamMode

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions, OutOfTime
from platen.documents.pdf.objects_in_file import ObjectsInFile
from platen.documents.pdf.scan import ObjectsFound
from platen.documents.pdf.syntax import Ref, Value
from platen.documents.pdf.tree import PageSizes
from tests.documents.pdf.made import saved
from tests.documents.pdf.written import PAGE, one_page, updated, written
from tests.documents.samples import pdf
from tests.testdata import TESTDATA, needs_testdata

QUICK = AnalysisOptions(color=False)


def made(**how: object) -> bytes:
    with pikepdf.new() as document:
        for number in range(7):
            page = document.add_blank_page(page_size=(595, 842 + number % 2))
            page.obj.Contents = document.make_stream(b"%d 0 0 rg 0 0 9 9 re f" % (number % 2))
        return saved(document, **how)


GOOD = {
    "table": one_page(),
    "update": updated(one_page(), {3: b"<</Type/Page/MediaBox[0 0 612 792]>>"}),
    "object streams": made(object_stream_mode=ObjectStreamMode.generate),
    "linearized": made(linearize=True),
    "locked": made(encryption=pikepdf.Encryption(owner="o", user="u", R=6)),
    "unlocked": made(encryption=pikepdf.Encryption(owner="o", user="", R=4)),
}
# Whether qpdf or this reader finds them, objects are looked for in the whole file.
LOST_TABLE = {
    "no startxref": one_page().replace(b"startxref", b"startxxxx"),
    "no table": re.sub(rb"xref\n0 1.*?trailer", b"trailer", one_page(), flags=re.DOTALL),
    "offset beyond the end": re.sub(rb"startxref\n\d+", b"startxref\n99999", one_page()),
    "shifted": one_page().replace(b"%PDF-1.4\n", b"%PDF-1.4\n%%%%\n"),
    "cut before the table": one_page()[: one_page().index(b"xref")],
    "update cut short": updated(one_page(), {3: b"<</Type/Page/MediaBox[0 0 595 842]>>"})[:-60],
    "table loop": one_page().replace(b"/Root", b"/Prev 230/Root").replace(b"startxref\n230", b"startxref\n230"),
}


def test_objects_without_end_are_looked_for_once(monkeypatch):
    """What is made to be hard to repair is not given to a reader that cannot be stopped; its pages are an estimate."""
    monkeypatch.setattr("platen.documents.pdf.scan._REPAIRABLE_MAX", 100)
    monkeypatch.setattr("platen.documents.pdf.finding._STRAYS_LOOKED_AT", 100)
    monkeypatch.setattr(pikepdf, "open", None)
    facts = analyse(b"%PDF-1.4\n" + b"".join(b"%d 0 obj<</Type/Page>>endobj\n" % number for number in range(1, 301)))
    assert (facts.pages, facts.pages_basis, facts.page_runs[0].color) == (300, PagesBasis.ESTIMATED, None)
    assert any("looking at" in problem for problem in facts.problems)


def test_loose_pages_without_end_are_counted_so_far(monkeypatch):
    """A bound is said where it is reached."""
    monkeypatch.setattr("platen.documents.pdf.finding._STRAYS_MAX", 20)
    facts = analyse(b"%PDF-1.4\n" + b"".join(b"%d 0 obj<</Type/Page>>endobj\n" % number for number in range(1, 99)))
    assert (facts.pages, facts.pages_basis) == (20, PagesBasis.ESTIMATED)
    assert any("the rest was not counted" in problem for problem in facts.problems)


@pytest.mark.untraced
def test_half_a_million_loose_objects_are_passed_over(monkeypatch):
    """Only what can be a page by its octets is read, so the answer comes soon, and it is called an estimate."""
    read: list[Ref] = []

    def resolve(objects: ObjectsFound, value: Value) -> Value:
        read.extend([value] if isinstance(value, Ref) else [])
        return ObjectsInFile.resolve(objects, value)

    monkeypatch.setattr(ObjectsFound, "resolve", resolve)
    loose = [b"%d 0 obj<</Kind/Loose>>endobj\n" % number for number in range(1, 500_001)]
    for number in (7, 250_000, 500_000):
        loose[number - 1] = b"%d 0 obj<</Type/Page/MediaBox[0 0 595 842]>>endobj\n" % number
    facts = analyse(b"%PDF-1.4\n" + b"".join(loose), options=QUICK)
    assert (facts.pages, facts.pages_basis) == (3, PagesBasis.ESTIMATED)
    assert len(read) < 100


@pytest.mark.parametrize("tree", [None, b"<</Type/Pages/Kids[]/Count 0>>", b"null"])
def test_a_sound_file_that_names_no_page_is_not_charged_for_what_lies_in_it(tree):
    """No reader prints pages that a sound file does not lead to, however many they are. SC-TDF-140"""
    pages = [b"<</Type/Page/MediaBox[0 0 595 842]>>"] * 40
    catalog = b"<</Type/Catalog>>" if tree is None else b"<</Type/Catalog/Pages 2 0 R>>"
    facts = analyse(written(dict(enumerate([catalog, tree or b"null", *pages], 1))))
    assert (facts.pages, facts.pages_basis) == (None, PagesBasis.UNKNOWN)
    assert "names no page tree" in facts.problems[0]


def test_a_tree_that_states_pages_but_names_none_is_damaged():
    """Then what lies in the file may be meant, and is an estimate."""
    facts = analyse(one_page(tree=b"<</Type/Pages/Count 1/Kids[]>>"))
    assert (facts.pages, facts.pages_basis) == (1, PagesBasis.ESTIMATED)


def test_a_page_without_content_is_blank_and_costs_nothing(monkeypatch):
    """Neither contents nor annotations: nothing needs to be read."""
    monkeypatch.setattr("platen.documents.pdf.marks.spaced", None)
    facts = analyse(one_page())
    assert (facts.page_runs[0].color, facts.page_runs[0].blank) == (False, True)


@pytest.mark.parametrize("damage", LOST_TABLE)
def test_a_file_without_its_table_keeps_its_pages(damage):
    """Readers rebuild a lost table, so its pages count, and it is said that the file is damaged. SC-TDF-140"""
    facts = analyse(LOST_TABLE[damage], options=QUICK)
    assert (facts.pages, facts.page_runs[0].media) == (1, "iso_a4_210x297mm")
    assert "damaged" in facts.problems[0]


def test_objects_in_streams_are_found_without_a_table():
    """Object streams are searched as well."""
    document = GOOD["object streams"]
    facts = analyse(document[: document.rindex(b"startxref")], options=QUICK)
    assert facts.pages == 7


def test_pages_that_nothing_leads_to_are_an_estimate():
    """A beginning without its catalog holds pages that a printer may not print."""
    document = one_page()
    facts = analyse(document[:9] + document[document.index(b"3 0 obj") : document.index(b"xref")], options=QUICK)
    assert (facts.pages, facts.pages_basis) == (1, PagesBasis.ESTIMATED)
    assert facts.problems


@pytest.mark.parametrize(("paint", "color"), [(b"0 g", False), (b"1 0 0 rg", True)])
@pytest.mark.parametrize("length", [b"3", b"99999"])
def test_what_a_page_that_nothing_leads_to_shows_is_read_to_where_it_ends(paint, color, length):
    """A wrong length does not hide what the page shows. SC-TDF-144"""
    content = paint + b" 9 9 99 99 re f" + b" " * 40
    document = one_page(
        PAGE.replace(b">>", b"/Contents 4 0 R>>"),
        tree=b"<</Type/Pages/Kids[2 0 R]>>",
        o4=b"<</Length " + length + b">>stream\n" + content + b"\nendstream",
    )
    facts = analyse(document)
    assert (facts.pages, facts.page_runs[0].color) == (1, color)


@pytest.mark.parametrize("kids", [b"3 0 R 2 0 R 2 0 R", b"3 0 R 4 0 R"])
def test_a_page_tree_that_turns_in_circles_ends(kids):
    """A loop is left out, with a sentence."""
    tree = b"<</Type/Pages/Count 3/Kids[%b]>>" % kids
    facts = analyse(one_page(tree=tree, o4=b"<</Type/Pages/Kids[2 0 R]>>"), options=QUICK)
    assert facts.pages == 1
    assert "circles" in facts.problems[0]


def test_a_reference_to_itself_ends():
    """An object that is only its own reference is nothing."""
    facts = analyse(one_page(b"<</Type/Page/MediaBox 4 0 R/Resources 4 0 R>>", o4=b"4 0 R"), options=QUICK)
    assert (facts.pages, facts.page_runs[0].media) == (1, "na_letter_8.5x11in")


def test_an_object_stream_that_gives_its_own_length_ends():
    """What cannot be known without knowing it is damage."""
    packed = b"<</Type/ObjStm/N 1/First 4/Length 9 0 R>>stream\n9 0 12\nendstream"
    facts = analyse(written({1: b"<</Type/Catalog/Pages 9 0 R>>", 5: packed}), options=QUICK)
    assert not facts.pages
    assert facts.problems


def test_of_several_documents_the_last_counts():
    """Renderers read a file from its end, and so does this."""
    facts = analyse(pdf(b"", b"", b"") + one_page(), options=QUICK)
    assert facts.pages == 1
    assert "several PDF documents" in facts.problems[0]


def test_deep_nesting_ends():
    """A thousand arrays within each other are damage, not a crash."""
    facts = analyse(one_page(b"<</Type/Page/X" + b"[" * 100_000 + b">>"), options=QUICK)
    assert DEFECT not in facts.problems


def test_a_page_that_is_missing_costs_itself_alone():
    """Where one of two page objects is unreadable, the other counts."""
    tree = b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>"
    facts = analyse(one_page(tree=tree, o4=b"<</Type/Page/MediaBox[0 0 ( >>"), options=QUICK)
    assert facts.pages == 1
    assert facts.problems


def test_pages_found_before_time_was_over_are_kept(monkeypatch):
    """Whoever stops the search gets what it had found."""
    size_of = PageSizes.of
    calls = iter([False] * 5 + [True])

    def until_the_sixth(self, page):
        if next(calls):
            raise OutOfTime
        return size_of(self, page)

    monkeypatch.setattr(PageSizes, "of", until_the_sixth)
    facts = analyse(made(), options=QUICK)
    assert facts.pages == 5
    assert "too long" in facts.problems[0]


@pytest.mark.parametrize("kind", GOOD)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(data=st.data())
def test_changed_octets_give_facts(kind, data):
    """Octets that changed on the way cost facts at most, and never make pages."""
    document = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    facts = analyse(bytes(document), "application/pdf", QUICK)
    assert DEFECT not in facts.problems
    assert (facts.pages or 0) <= 14


@pytest.mark.parametrize("kind", GOOD)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(data=st.data())
def test_a_piece_cut_out_gives_facts(kind, data):
    """A stretch that is missing costs facts at most."""
    document = GOOD[kind]
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(document))] * 2)))
    facts = analyse(document[:first] + document[last:], "application/pdf", QUICK)
    assert DEFECT not in facts.problems
    assert (facts.pages or 0) <= 7


@functools.cache
def corpus() -> list[str]:
    return sorted(path.name for path in (TESTDATA / "pdl" / "pdf").glob("*.pdf"))


@pytest.mark.untraced
@needs_testdata
@pytest.mark.parametrize("shard", range(8))
def test_real_files_cut_anywhere_give_facts(shard):
    """A connection that breaks leaves a beginning, which holds no more pages than the whole."""
    for name in corpus()[shard::8]:
        whole = (TESTDATA / "pdl" / "pdf" / name).read_bytes()
        pages = max(analyse(whole, "application/pdf", QUICK).pages or 0, 1)
        for part in range(20):
            facts = analyse(whole[: len(whole) * part // 20], "application/pdf", QUICK)
            assert DEFECT not in facts.problems, (name, part)
            assert facts.format != "application/pdf" or (facts.pages or 0) <= pages, (name, part)


def test_an_object_stream_that_inflates_without_end_is_left():
    """A decompression bomb costs a bounded effort."""
    with pikepdf.new() as document:
        bomb = document.make_stream(b" " * 40_000_000, Type=pikepdf.Name.ObjStm, N=1, First=4)
        document.add_blank_page().obj.X = bomb
        stream = io.BytesIO()
        document.save(stream, compress_streams=True)
    octets = stream.getvalue()
    facts = analyse(octets[: octets.rindex(b"startxref")], options=AnalysisOptions(limits=AnalysisLimits()))
    assert facts.pages == 1


@pytest.mark.parametrize("length", [b"%d", b"9 0 R"])
def test_pages_of_an_attachment_of_a_damaged_file_are_not_counted(length):
    """Where the cross-references are lost, a PDF file that is attached as it is stays an attachment."""

    def document(pages: int, size: bytes, behind: bytes = b"") -> bytes:
        kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(pages))
        rows = [b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", b"2 0 obj<</Type/Pages/Kids[%b]/Count %d>>endobj"]
        rows[1] %= (kids, pages)
        rows += [b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b]>>endobj" % (3 + n, size) for n in range(pages)]
        return b"\n".join((b"%PDF-1.4", *rows, behind, b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"))

    inner = document(2, b"842 1191")
    attachment = b"8 0 obj<</Length " + length.replace(b"%d", b"%d" % len(inner)) + b">>stream\n" + inner
    facts = analyse(document(4, b"595 842", attachment + b"endstream endobj"))
    assert [(run.first, run.last, run.media) for run in facts.page_runs] == [(1, 4, "iso_a4_210x297mm")]
    assert any("attached" in sentence for sentence in facts.problems)
