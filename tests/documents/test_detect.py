"""What format a document is in."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents import detect as formats
from platen.documents.analysis import DEFECT, analyse
from platen.documents.detect import contradiction, detect
from platen.documents.facts import PagesBasis
from tests.documents.samples import UEL, pdf, pwg_header


def package(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\0" * 5000 + UEL + b"@PJL\r\n", formats.PJL),
        (b"\x04%!PS-Adobe-3.0\n", formats.POSTSCRIPT),
        (b"\xef\xbb\xbf%!PS-Adobe-3.0\n", formats.POSTSCRIPT),
        (b"mail header\r\n\r\n%!PS-Adobe-3.0\n", formats.POSTSCRIPT),
        (b"junk\n%PDF-1.4\n", formats.PDF),
        (b"%PDF-1.7\n%PCLm 1.0\n", formats.PCLM),
        (b"RaS2PwgRaster\0", formats.PWG_RASTER),
        (b"RaS3" + bytes(100), formats.CUPS_RASTER),
        (b"\x1b&l26A\x1b&l0Otext", formats.PCL5),
        (b"text\x1b(s3Bbold", formats.PCL5),
        (b"\x1b*rbC\x1bE\x1b&l26aolE\x1b*o1M", formats.PCL5),
        (b"\x1b@\x1b(G\x01\x00\x01", formats.ESC_P),
        (b"\0\0\0\x1b\x01@EJL 1284.4\n@EJL     \n\x1b@", formats.ESC_P),
        (b"\n\n\x1b@\x1b9\x1b3\x18\x1bL\x02\x00\1\1", formats.ESC_P),
        (b"A line\r\n\x1bEbold\x1bF\r\n\x1b3\x18more", formats.ESC_P),
        (b"\x1b@Hello\n\x1dV\x00", formats.ESC_POS),
        (b"\x1b@\x1ba\x01\x1b!\x30Shop\n\x1b*\x21\x02\x00\x1bK\1\1\1\1\x1bd\x03\x1bi", formats.ESC_POS),
        (b"^XA^FDx^FS^XZ", formats.ZPL),
        (b"\xef\xbb\xbf^XA^FDx^FS^XZ", formats.ZPL),
        (b"CT~~CD,~CC^~CT~\r\n^XA~TA000^XZ", formats.ZPL),
        (b"~DGR:A.GRF,8,1,FFFF\n", formats.ZPL),
        (b"~JO\n^PMN\n^XA\n", formats.ZPL),
        (b'\r\nN\r\nq812\r\nA50,50,0,3,1,1,N,"text"\r\nP1\r\n', formats.EPL),
        (b"SIZE 100 mm,50 mm\r\nGAP 2 mm,0\r\nCLS\r\nPRINT 1\r\n", formats.TSPL),
        (b"! 0 200 200 210 1\r\nTEXT 4 0 30 40 Hello\r\nFORM\r\nPRINT\r\n", formats.CPCL),
        (b"\x02\x1bA\x1bH0100\x1bV0200\x1bL0202\x1bSABC\x1bQ2\x1bZ\x03", formats.SBPL),
        (b'PRPOS 10,10\nPRTXT "x"\nPRINTFEED\n', formats.FINGERPRINT),
        (b"IN;SP1;PU0,0;PD100,100;", formats.HPGL),
        (b"IN;", formats.HPGL),
        (b"PA2955,3365;\nPM0;\nPD;\n", formats.HPGL),
        (b"\x1b.(;IN;", formats.HPGL),
        (b"\x1bE\x1b%0BBPINPS1640,1640", formats.HPGL),
        (b"\x1b%-1BBP5,1;IN;", formats.HPGL),
        (b"\x1bE\x1b%0BIN;SP1;PD1,1;\x1b%0A\x1bE", formats.PCL5),
        (package("[Content_Types].xml", "_rels/.rels", "FixedDocSeq.fdseq"), formats.XPS),
        (package("[Content_Types].xml", "_rels/.rels", "word/document.xml"), formats.ZIP),
        (package("notes.txt"), formats.ZIP),
        ("Grüße\r\n".encode(), formats.TEXT),
        ("Grüße\r\n".encode("latin-1"), formats.TEXT),
        ("Grüße an alle\r\n".encode("utf-16"), formats.TEXT),
        ("Greetings to all\r\n".encode("utf-16-le"), formats.TEXT),
        (b"\x1b[31mred\x1b[0m text\n", formats.TEXT),
        (b"typed\b\b\b\b\b_____ and a bell\x07 and the end\x1a", formats.TEXT),
        (b"<html><body>hello</body></html>", formats.TEXT),
        (b"From: a@b\r\nSubject: x\r\n\r\nhello\r\n", formats.TEXT),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", formats.UNKNOWN),
        (b"\x1f\x8b\x08\0\0\0\0\0", formats.UNKNOWN),
        (b"\x1b\x01@EJL \n@EJL EN LA=ESC/PAGE\n\x1drhE", formats.ESC_PAGE),
        (b"\x1b\x01@EJL \r\n@EJL SELECT LANGUAGE=ESC/PAGE-COLOR\r\n", formats.ESC_PAGE),
        (b"\x1b\x01@EJL \n@EJL EN LA=ESC/PAGES04\n\x1b\x0c\x0c", formats.UNKNOWN),
        (b"\x1b*rbC\x1b*t150R\x1b|J\0\xe3\r\x1b|B \x02\0ab", formats.ESC_P),
        (b"", formats.UNKNOWN),
    ],
)
def test_the_content_says_what_it_is(content, media_type):
    """Formats are told by content, with what drivers and port monitors put in front of it. SC-TDF-110"""
    assert detect(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"A label begins with ^XA and ends with ^XZ.\n",
        b"N;Name;Price\nN;Chair;12\n",
        b"N\nNorth\nP1 is the first parking place\n",
        b"IN; the word for in\n",
        b"INSPIRED PEOPLE\nWIN PRIZES\n",
        b"! 7 words of warning\n",
        b"SIZE MATTERS\nPRINT ME\n",
        b"PP 1 ff\nPFEIL\n",
        b"1 0 obj is how an object begins\n",
        b"10% of [B]\n",
    ],
)
def test_plain_text_is_not_taken_for_a_language(content):
    """Words that look like commands do not make text a program."""
    assert detect(content) == formats.TEXT


@pytest.mark.parametrize(
    "line",
    [
        "P4 10 10 was the score",
        "P6 2024 10 report",
        "P5 10 10 255 steps",
        "GIF89a is a format",
        "JZJZ is a word",
        "RaS2 is a word",
        "IN;SP1;PU; is what HP-GL begins with",
        "How to write it:\r\n\r\n%PDF-1.4\r\n1 0 obj\r\n<</Type/Catalog/Pages 2 0 R>>\r\nendobj\r\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\r\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\r\n"
        "trailer <</Root 1 0 R>>\r\n%%EOF\r\nMore follows.",
    ],
)
def test_text_that_begins_as_a_format_does_keeps_its_pages(line):
    """The mark of a format counts where what must stand behind it does. SC-TDF-140"""
    facts = analyse(f"{line}\r\n\fpage two\fpage three\r\n".encode())
    assert (facts.format, facts.pages) == (formats.TEXT, 3)


@pytest.mark.parametrize("mark", [b"GIF89a", b"JZJZ", b"RaS2"])
def test_a_file_cut_off_behind_its_mark_is_no_text(mark):
    """Where nothing stands behind the mark of a format, nothing speaks against it."""
    assert detect(mark) != formats.TEXT


OBJECT = b"1 0 obj <<\r\n"
PAGES = b"page\x0c" * 5
NO_PDF = [
    (b"\x1bE" + OBJECT + PAGES + b"\x1bE", formats.PCL5),
    (b"\x1bE\x1b*r1A\x1b*b14W\r" + OBJECT + b"\0\x1b*rC" + b"\x0c" * 5, formats.PCL5),
    (b"\x1b@" + OBJECT + PAGES + b"\x1b@", formats.ESC_P),
    (b"How a PDF begins:\r\n" + OBJECT + PAGES, formats.TEXT),
    (b"It begins with %PDF-1.4\n" + PAGES, formats.TEXT),
    (b"It begins so:\n%PDF-1.4\n" + PAGES, formats.TEXT),
    (b"It begins so:\n%!PS-Adobe-3.0\n" + PAGES, formats.TEXT),
    (b"How it begins\n\x1b(s3B" + OBJECT + PAGES, formats.PCL5),
]


@pytest.mark.parametrize(("document", "media_type"), NO_PDF)
def test_words_of_another_format_take_no_page_away(document, media_type):
    """A job or a text in which a line of PDF or PostScript stands has its pages all the same. SC-TRACK-03"""
    facts = analyse(document)
    assert (facts.format, facts.pages, facts.problems) == (media_type, 5, ())


def test_pjl_around_words_of_another_format_changes_nothing():
    """The same inside PJL that leaves the language to the device."""
    for document, media_type in NO_PDF:
        facts = analyse(UEL + b"@PJL SET COPIES=1\r\n" + document + UEL)
        assert (facts.format, facts.pages) == (media_type, 5)


def test_a_pdf_without_its_header_is_found_where_objects_begin_it():
    """A header that is damaged, missing, or behind junk; and the rest of a file whose beginning is lost."""
    whole = pdf(b"0 0 9 9 re f", b"0 0 9 9 re f")
    body = whole[whole.index(b"\n", 12) + 1 :]
    for damaged in (
        b"%PDF1.4\n" + body,
        body,
        b"\xff\xff\xff\n" + body,
        b"X-Mail: yes\r\n\r\n" + body,
        b"junk\n" + whole,
    ):
        facts = analyse(damaged)
        assert (facts.format, facts.pages) == (formats.PDF, 2)


def test_a_document_of_no_known_format_is_read_as_what_it_was_called():
    """Where the content does not tell, the declaration may, if pages come out of it; else nothing is known."""
    lost = bytes(range(1, 9)) + b"RaS2"[4:] + pwg_header(width=4, height=2) + b"\1\xfd\1\2\3\4"
    assert analyse(lost).pages is None
    assert (analyse(lost, "image/pwg-raster").format, analyse(lost, "image/pwg-raster").pages) == (
        formats.UNKNOWN,
        None,
    )
    trailer = bytes(range(1, 9)) * 600 + pdf(b"0 0 9 9 re f")[20:]
    assert analyse(trailer).pages is None
    assert (analyse(trailer, "application/pdf").format, analyse(trailer, "application/pdf").pages) == (formats.PDF, 1)


@pytest.mark.parametrize(
    "octets",
    [
        b"\xff" * 100_000,
        b"P6\n100 100\n255\n" + b"\xff" * 30_000,
        b"P7\nWIDTH 100\nHEIGHT 100\nDEPTH 3\nMAXVAL 255\nENDHDR\n" + b"\xff" * 30_000,
        b"P4 # a comment\n8 8\n" + b"\xff" * 8,
        b"BMabcd" + b"\xee" * 30_000,
        b"MZ\x90 a program",
        b"RIFFabcdWAVEfmt ",
        b"\xa9\xb2\xc3" * 9000,
        b"A readable beginning\n" * 300 + bytes(range(256)) * 300,
    ],
)
@pytest.mark.parametrize("declared", [None, "text/plain"])
def test_what_does_not_look_like_text_is_none(octets, declared):
    """Pictures and programs are not counted as pages of text: their pages are not known. SC-TDF-140"""
    facts = analyse(octets, declared)
    assert (facts.format, facts.pages, facts.pages_basis) == (formats.UNKNOWN, None, PagesBasis.UNKNOWN)
    assert "pages are not known" in facts.problems[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("日本語のテキスト。\r\n" * 400, "shift-jis"),
        ("日本語のテキスト。\r\n" * 400, "euc-jp"),
        ("中文文本" * 3000, "gbk"),
        ("Привет, мир " * 500, "koi8-r"),
        ("═" * 78 + "\r\n" + "Größe ░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓\r\n", "cp437"),
        ("Ünïcödé\r\n" * 500, "latin-1"),
        ("\x1b[1mbold\x1b[0m\b\b__\x07\n" * 500, "ascii"),
    ],
)
def test_text_in_any_code_page_is_text(text, encoding):
    """Octets above 127 do not make text a picture."""
    assert detect(text.encode(encoding)) == formats.TEXT


@pytest.mark.parametrize(
    ("declared", "found", "contradicts"),
    [
        (None, formats.PDF, False),
        ("application/octet-stream", formats.PDF, False),
        ("application/vnd.cups-raw", formats.PCL5, False),
        ("application/x-pdf", formats.PDF, False),
        ("Application/PDF; version=1.7", formats.PDF, False),
        ("image/jpg", formats.JPEG, False),
        ("application/vnd.ms-xpsdocument", formats.XPS, False),
        ("application/vnd.hp-PCL", formats.PCL_XL, False),
        ("application/vnd.hp-PJL", formats.POSTSCRIPT, False),
        ("application/vnd.hp-PCL", formats.PJL, False),
        ("text/plain", formats.POSTSCRIPT, False),
        ("text/plain; charset=utf-8", formats.ZPL, False),
        ("text/html", formats.TEXT, False),
        ("application/pdf", formats.UNKNOWN, False),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", formats.ZIP, False),
        ("application/vnd.cups-raster", formats.PWG_RASTER, False),
        ("application/vnd.hp-PCLXL", formats.PCL5, True),
        ("text/plain", formats.PCL5, True),
        ("text/plain", formats.ESC_P, True),
        ("image/pwg-raster", formats.CUPS_RASTER, True),
        ("application/PCLm", formats.PDF, True),
        ("application/pdf", formats.POSTSCRIPT, True),
        ("application/postscript", formats.PCL5, True),
        ("image/jpeg", formats.PNG, True),
        ("image/pwg-raster", formats.URF, True),
        ("application/pdf", formats.TEXT, True),
        ("text/plain", formats.PDF, True),
        ("application/pdf", formats.PJL, True),
        ("application/msword", formats.PDF, True),
    ],
)
def test_what_a_client_calls_a_document_may_contradict_what_it_is(declared, found, contradicts):
    """Other names of the same, wrappers and names that say nothing contradict nothing."""
    assert contradiction(declared, found) is contradicts


def test_a_contradiction_is_a_fact_and_a_sentence():
    """What the client said is kept where the content says otherwise."""
    facts = analyse(b"plain words\n", "application/pdf")
    assert facts.declared_format == "application/pdf"
    assert "The client called it application/pdf, but it is text/plain." in facts.problems
    assert analyse(b"plain words\n", "text/plain").declared_format is None


STARTS = [
    *(b"^XA", b"^XA~DYR:A,B,P,9999999,,", b"^XA^GFB,99,99,9,", b"~DGR:A,8,1,:Z64:"),
    *(
        b"\nN\nq1\nA1,1,1\nGW1,1,9999,99999,",
        b"SIZE 1 mm,1 mm\nCLS\nBITMAP 0,0,999,999,0,",
        b"! 0 1 1 1 1\nCG 99 99 1 1 ",
    ),
    *(b"IN;SP1;PD", b"IN;PU;PE", b"IN;LB", b"\x1b%-1BIN;\x1b%1A\x1b*b9W", b"IN;SC0,0,0,0;IP1,1;PS0;RO90;AA"),
    *(b"\x1b@", b"\x1b@\x1b(", b"\x1b@\x1bi\0\1\2", b"\x1b@\x1b.\2", b"\x1b@\x1b(R\6\0\0ESCPR\x1bj\x16\0\0\0setj"),
    *(b"\x1b@\x1d", b"\x1b@\x1d(L", b"\x1b@\x1c", b"\x1b@\x1b&", b"\x1b@\x1dv0"),
    *(b"PK\x03\x04.fdseq", b"PK\x05\x06.fpage", b"\xff\xfe", b"\xef\xbb\xbf\x1b["),
]


@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from([b"", b"\x0c", b"^XZ", b"\x1bJ\xff"]))
def test_rubbish_behind_any_beginning_is_foreseen(start, rest, end):
    """No octets lead a reader where it was not meant to go."""
    assert DEFECT not in analyse(start + rest + end).problems


@given(st.binary(max_size=200))
def test_any_octets_have_one_format(octets):
    """Detection always answers."""
    assert detect(octets) in formats._CONSTANTS


@pytest.mark.parametrize(
    "document", [b'\x1b%@\x9041;150;0Jlips4\x9c\x9b0"p\x1b<\x9b11h\x1dVA', b"\x1bc\x1bQ0!I\x1bQ150!A\x1c\"'b"]
)
def test_page_languages_that_nothing_reads_are_no_receipts(document):
    """No count is better than one page where there are many."""
    assert detect(document) == formats.UNKNOWN


@pytest.mark.parametrize(
    "octets",
    [
        ("Größe €, naïve\r\n" * 3 + "\f" + "two\f" + "three").encode("utf-16-le"),
        ("Größe €, naïve\r\n" * 3 + "\f" + "two\f" + "three").encode("utf-16-be"),
        ("Привет мир\r\n" * 3 + "\fдва\fтри").encode("utf-16-be"),
        ("Größe €, naïve\r\n" * 3 + "\f" + "two\f" + "three").encode("utf-32"),
        ("日本語のテキスト 1\r\n" * 3 + "\f二\f三").encode("iso2022_jp"),
        b"\x01\x02\x03\x04 smile\r\n\fpage two\fpage three",
        (b"\xc9" + b"\xcd" * 70 + b"\xbb\r\n\xba\x10\x11\x1e\x1f\xba xxxxxxxxxxxxxxx\r\n") * 10 + b"\ftwo\fthree",
        b"a line of a log\r\n" * 50 + b"\0one\0\0\r\n" + b"\ftwo\fthree",
        b"\x01page one\ftwo\fthree",
    ],
)
def test_text_with_unusual_characters_is_text(octets):
    """Wide characters without a mark, other character sets and stray controls leave a text its pages. SC-TDF-140"""
    facts = analyse(octets)
    assert (facts.format, facts.pages) == (formats.TEXT, 3)


def test_filler_behind_a_text_does_not_make_its_characters_wide():
    """Zeros that fill a text up are no halves of characters."""
    facts = analyse(b"one page two" * 4 + b"\ftwo\fthree" + b"\0" * 100)
    assert (facts.format, facts.pages) == (formats.TEXT, 3)
