"""PDF: what the file says about itself."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, Sides
from platen.documents.limits import AnalysisOptions
from tests.documents.pdf.written import A4, one_page, updated, written
from tests.documents.samples import UEL

XMP = (
    b'<x:xmpmeta><rdf:RDF><rdf:Description xmp:CreatorTool="Writer &amp; Co"><dc:title><rdf:Alt>'
    b'<rdf:li xml:lang="x-default">From \xc3\xa4 XMP</rdf:li></rdf:Alt></dc:title>'
    b"<pdf:Producer>Maker</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>"
)
CATALOG = b"<</Type/Catalog/Pages 2 0 R%b>>"
FONT = b"<</Type/Font/Subtype/%b/BaseFont/%b%b>>"


def facts_of(document: bytes) -> DocumentFacts:
    return analyse(document, options=AnalysisOptions(color=False))


def informed(information: bytes, metadata: bytes = b"") -> bytes:
    return written(
        {
            1: CATALOG % b"/Metadata 5 0 R",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page" + A4 + b">>",
            4: information,
            5: b"<</Length %d>>stream\n%b\nendstream" % (len(metadata), metadata),
        },
        trailer=b"/Root 1 0 R/Info 4 0 R",
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (b"(Plain)", "Plain"),
        (rb"(Nested \(and\) (balanced) \101\n)", "Nested (and) (balanced) A"),
        (b"(caf\xe9 \x8d\x8e)", "café “”"),
        (b"<FEFF 4E2D 6587>", "中文"),
        (b"(\xef\xbb\xbf\xe4\xb8\xad)", "中"),
        (b"(\0)", None),
        (b"12", None),
    ],
)
def test_the_title_is_read_in_every_encoding(text, title):
    """Titles come in three encodings and two notations (ISO 32000 section 7.9.2.2). SC-TDF-113"""
    assert facts_of(informed(b"<</Title%b>>" % text)).title == title


def test_producer_and_creator_are_driver_and_application():
    """The author is not whoever prints. SC-TDF-131"""
    facts = facts_of(informed(b"<</Producer(Distiller)/Creator(Writer)/Author(Somebody)>>"))
    assert (facts.driver, facts.application, facts.user) == ("Distiller", "Writer", None)


def test_metadata_counts_where_the_information_is_silent():
    """Newer files say it in XMP alone. SC-TDF-113"""
    facts = facts_of(informed(b"<<>>", XMP))
    assert (facts.title, facts.driver, facts.application) == ("From ä XMP", "Maker", "Writer & Co")
    assert facts_of(informed(b"<</Title(First)>>", XMP)).title == "First"


def test_what_the_job_says_stays():
    """A title in PJL is the one that the user knows. SC-TDF-113"""
    job = UEL + b'@PJL SET JOBNAME="Letter"\r\n@PJL ENTER LANGUAGE=PDF\r\n' + informed(b"<</Title(x)>>") + UEL
    assert facts_of(job).title == "Letter"


@pytest.mark.parametrize(
    ("in_catalog", "version"), [(b"/1.7", "1.7"), (b"/1.3", "1.4"), (b"(x)", "1.4"), (b"/2.0", "2.0")]
)
def test_an_update_raises_the_version_but_never_lowers_it(in_catalog, version):
    """Header and catalog state a version; the later one counts."""
    assert facts_of(updated(one_page(), {1: CATALOG % (b"/Version" + in_catalog)})).format_version == version


def test_wishes_for_a_viewer_are_no_copies():
    """A viewer's print dialogue may take them up; a printer does not."""
    wishes = b"/ViewerPreferences<</NumCopies 5/Duplex/DuplexFlipLongEdge>>"
    facts = facts_of(updated(one_page(), {1: CATALOG % wishes}))
    assert (facts.copies, facts.sides) == (1, None)


def with_fonts(fonts: bytes, **more: bytes) -> bytes:
    return one_page(b"<</Type/Page" + A4 + b"/Resources<</Font<<%b>>/XObject<</X 9 0 R>>>>>>" % fonts, **more)


def test_fonts_without_a_file_are_named():
    """Standard fonts are in no file either; glyphs drawn by the file itself and embedded fonts are not missing."""
    document = with_fonts(
        b"/A 4 0 R/B 5 0 R/C 6 0 R/D 7 0 R/E<</Subtype/Type3>>",
        o4=FONT % (b"Type1", b"Helvetica", b""),
        o5=FONT % (b"TrueType", b"ABCDEF+Arial", b"/FontDescriptor<</FontFile2 8 0 R>>"),
        o6=FONT % (b"TrueType", b"Comic#20Sans", b"/FontDescriptor 10 0 R"),
        o7=FONT % (b"Type0", b"MS-Mincho", b"/DescendantFonts[<</FontDescriptor<<>>>>]"),
        o8=b"<</Length 0>>stream\n\nendstream",
        o10=b"<</Type/FontDescriptor>>",
    )
    assert facts_of(document).fonts_not_embedded == ("Comic Sans", "Helvetica", "MS-Mincho")


def test_fonts_of_forms_are_looked_at_once():
    """A form brings fonts of its own, and may show itself."""
    form = b"<</Subtype/Form/Resources<</Font<</A 4 0 R>>/XObject<</X 9 0 R>>>>/Length 0>>stream\n\nendstream"
    document = with_fonts(b"", o4=FONT % (b"Type1", b"Courier", b""), o9=form)
    assert facts_of(document).fonts_not_embedded == ("Courier",)


def test_fonts_of_form_fields_are_looked_at():
    """What a form's fields look like is in their own streams."""
    look = b"<</Subtype/Form/Resources<</Font<</A 4 0 R>>>>/Length 0>>stream\n\nendstream"
    document = updated(
        one_page(b"<</Type/Page" + A4 + b"/Annots[5 0 R]>>"),
        {
            1: CATALOG % b"/AcroForm<</Fields[5 0 R]>>",
            4: FONT % (b"Type1", b"ZapfDingbats", b""),
            5: b"<</Subtype/Widget/AP<</N 6 0 R>>>>",
            6: look,
        },
    )
    assert facts_of(document).fonts_not_embedded == ("ZapfDingbats",)


def test_a_damaged_font_harms_no_page():
    """Fonts are looked at beside the pages."""
    facts = facts_of(with_fonts(b"/A 4 0 R", o4=b"<</Subtype/Type1/BaseFont/X/FontDescriptor[ >>"))
    assert facts.pages == 1


def test_pclm_is_a_format_of_its_own_with_a_job_ticket():
    """A phone's job says in comments how it is to be printed. SC-TDF-133"""
    head = (
        b"%PDF-1.7\n%PCLm 1.0\n%  PCLmS-Job-Ticket\n%      sides: two-sided-short-edge\n%      copies: 3\n"
        b"%      printer-resolution: 600\n%  PCLmS-Job-Ticket-End\n"
    )
    objects = {1: CATALOG % b"", 2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>", 3: b"<</Type/Page" + A4 + b">>"}
    facts = facts_of(written(objects, header=head))
    assert (facts.format, facts.format_version, facts.pages) == ("application/PCLm", "1.0", 1)
    assert (facts.sides, facts.copies, facts.resolution_dpi) == (Sides.TWO_SIDED_SHORT_EDGE, 3, (600, 600))
    many = facts_of(written(objects, header=head.replace(b"copies: 3", b"copies: 10000")))
    assert (many.copies, len(many.problems)) == (9_999, 1)
    assert "copies" in many.problems[0]
