"""What format a document is in, from its octets; what the client declared counts only where these are silent."""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents import no_text, text_languages
from platen.documents.escp.dialect import is_receipt
from platen.documents.source import Data
from platen.documents.text_encoding import wide_encoding

PDF = "application/pdf"
POSTSCRIPT = "application/postscript"
PWG_RASTER = "image/pwg-raster"
URF = "image/urf"
PCL5 = "application/vnd.hp-PCL"
PCL_XL = "application/vnd.hp-PCLXL"
PJL = "application/vnd.hp-PJL"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
GIF = "image/gif"
TEXT = "text/plain"
XPS = "application/oxps"
ZIP = "application/zip"
MS_XPS = "application/vnd.ms-xpsdocument"
CUPS_RASTER = "application/vnd.cups-raster"
PCLM = "application/PCLm"
PCL3GUI = "application/vnd.hp-PCL3GUI"
LIDIL = "application/vnd.hp-LIDIL"
CANON_BJ = "application/vnd.canon-bj"
XQX = "application/vnd.hp-XQX"
LABEL_WRITER = "application/vnd.dymo-labelwriter"
P_TOUCH = "application/vnd.brother-ptouch"
ZJSTREAM = "application/vnd.zenographics-zjstream"
QPDL = "application/vnd.samsung-qpdl"
ESC_P = "application/vnd.epson-escp"
ESC_PAGE = "application/vnd.epson-escpage"
ESC_POS = "application/vnd.epson-escpos"
ZPL = "application/vnd.zebra-zpl"
EPL = "application/vnd.eltron-epl"
HPGL = "application/vnd.hp-HPGL"
TSPL = "application/vnd.tsc-tspl"
CPCL = "application/vnd.zebra-cpcl"
SBPL = "application/vnd.sato-sbpl"
FINGERPRINT = "application/vnd.intermec-fingerprint"
UNKNOWN = "application/octet-stream"

# A program in one of these may begin with anything; only what the client declared tells it from plain text.
_TEXT_LIKE = frozenset({PCL5, PCL_XL, ZPL, EPL, HPGL, ESC_P, ESC_POS, POSTSCRIPT, TSPL, CPCL, SBPL, FINGERPRINT})

UEL = b"\x1b%-12345X"

_SNIFF_BYTES = 4096
_RECEIPT_SNIFF_BYTES = 65536
_NUMBERS_BYTES = 64  # of a header, where one has an octet that no text holds
_WORDS_BYTES = 12  # so many make a text
_PADDING_MAX = 65536  # octets of nothing in front of a document
_ZIP_DIRECTORY_BYTES = 65536
_LEADING = re.compile(rb"[\0\t\n\r \x04]*(?:\xef\xbb\xbf)?")  # some port monitors and drivers put these in front
_STARTS: tuple[tuple[bytes, str], ...] = (
    (UEL, PJL),
    (b"@PJL", PJL),
    (b"%!", POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", POSTSCRIPT),  # EPS with a DOS header
    (b"RaS2PwgRaster\0", PWG_RASTER),
    *((magic, CUPS_RASTER) for magic in (b"RaSt", b"tSaR", b"RaS2", b"2SaR", b"RaS3", b"3SaR")),
    (b"UNIRAST\0", URF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"JZJZ", ZJSTREAM),
    (b"ZJZJ", ZJSTREAM),
    (b",XQX\0\0\0\1", XQX),
)
# Their marks are letters that a text may begin with; behind them stand numbers of several octets.
_WORDLIKE = frozenset({CUPS_RASTER, GIF, ZJSTREAM})
_EJL_LANGUAGES = {
    **dict.fromkeys((b"ESC/PAGE", b"ESC/PAGE-COLOR"), ESC_PAGE),
    **dict.fromkeys((b"ESC/P", b"ESCP", b"ESC/P2", b"ESCP2", b"ESC/P-R", b"ESCPR"), ESC_P),
}
_LETTERED: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (text_languages.is_zpl, ZPL),
    (text_languages.is_hpgl, HPGL),
    (text_languages.is_sbpl, SBPL),
    (text_languages.is_epl, EPL),
    (text_languages.is_tspl, TSPL),
    (text_languages.is_cpcl, CPCL),
    (text_languages.is_fingerprint, FINGERPRINT),
)
_EJL_LANGUAGE = re.compile(rb"@EJL\s+(?:SE|EN)[A-Z]*\s+LA[A-Z]*\s*=\s*([-A-Z0-9/.]+)", re.IGNORECASE)
_PCL_XL_HEADER = re.compile(rb"[()'] HP-PCL XL;")
# A parameterized command of PCL has digits where the others have an octet of any value.
_PCL_PARAMETERIZED = rb"\x1b(?:%-?\d|[&*][a-z][-+\d.]|\*[a-z][A-Za-z]|[()](?:s?[-+\d.]|s[A-Z]|[0-9@]))"
_PCL_START = re.compile(rb"\x1bE|" + _PCL_PARAMETERIZED)
_PCL_WITHIN = re.compile(_PCL_PARAMETERIZED)
# Newer devices are told in XML that a job begins.
_CANON_XML = re.compile(rb"<\?xml [^>]{0,100}\?>\s*<cmd [^>]{0,200}//www\.canon\.com/ns/cmd/")
_ESCAPE_STARTS = (
    (re.compile(rb"(?:\x1b@|\x1b\*rbC|\x1b\*t\d{1,5}R|\x1bJ.)*\x1b\|[BJ]", re.DOTALL), ESC_P),  # with set-up of PCL
    (_PCL_START, PCL5),
    (re.compile(rb"\x1b[^\x1d\n]{0,32}\x1drhE"), ESC_PAGE),  # a printer that is told to leave its other languages
    (re.compile(rb"\x1b\[K\x02\x00"), CANON_BJ),
    (re.compile(rb"\x1b{32,}(?:@\x1b[A-Za-z]|[BDL])"), LABEL_WRITER),
    (re.compile(rb"\x1b@\x1bi(?:[RMKaAU!].|d..|c.{5}|z.{10}|S)\x1bi[RMKaAU!dczS]", re.DOTALL), P_TOUCH),
    (re.compile(rb"\x1b\{[A-Z]\x1b@"), ESC_P),  # another maker's dot matrix printer that is told to take ESC/P
)
_ESCAPED = re.compile(rb"[\x1b\x1c\x1d\x10]")
_ESC_P_WITHIN = re.compile(
    rb"\x1b(?:@|\([A-Za-z\^$\\-].\0|[KLYZ][^\0].|[KLYZ]\0[\1-\x0f]|\*[\0-\x49]..|[3AJCxklQ!].|[0-25-9EFGHMPgwW]|[-aprt].)",
    re.DOTALL,
)
# What a PDF file begins with, or where its header is missing or damaged: an object behind nothing but comments.
_PDF_HEADER = re.compile(rb"(?:\A|[\0-\x1f\x7f-\xff])%PDF-\d")
_PDF_OBJECT = re.compile(rb"(?:\A|[\r\n])\d{1,9} \d{1,5} obj(?=\s*[<\[/(\d%]|\s*\Z)")
_PDF_BINARY = re.compile(rb"[.\d \t]*[\r\n]+%[^\r\n]{0,16}?[\x80-\xff]{4}")  # ISO 32000-1 section 7.5.2
_COMMENTS = re.compile(rb"%[^\r\n]*")
_LETTER = re.compile(rb"[A-Za-z]")
_PDF_END = re.compile(rb"%%EOF|startxref")
_PDF_PARTS = re.compile(rb"%%EOF|endobj|endstream|>>")
_PDF_END_BYTES = 1024
_POSTSCRIPT_BEHIND = re.compile(rb"(?:\A|[\r\n\x04])%!PS")
_NOT_TEXT = re.compile(rb"[\x00-\x06\x10\x11\x13\x15-\x19\x1c-\x1f]")
_CUT_ANSI = re.compile(rb"\x1b(?:\[[0-9;?]{0,24}|[$(])?\Z")  # by the end of what is looked at
_TEXT_END = b"\x04\x1a\0"  # ^D, ^Z and filler


def detect(data: Data, start: int = 0, declared: str | None = None) -> str:
    """The media type of the document that begins at `start`: the first of `candidates`."""
    return candidates(data, start, declared)[0]


def candidates(data: Data, start: int = 0, declared: str | None = None) -> tuple[str, ...]:
    """What the document that begins at `start` may be, the likeliest first: several where the evidence is weak.

    Args: declared: the document-format that the client named; used for content that could be several formats.
    """
    declared = named(declared) if declared else None
    head = bytes(data[start : start + _SNIFF_BYTES])
    if head[:1] == b"\0" and not head.strip(b"\0"):
        head = _behind_padding(data, start)
    leading = _LEADING.match(head)
    body = head[leading.end() :] if leading else head
    if by_start := _of_start(head, body):
        return (by_start,)
    head, body = (octets.partition(UEL)[0] for octets in (head, body))  # behind it something else begins
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return (_of_zip(data, body, declared),)
    if body.startswith(b"\x1b") and no_text.kind_of(body):
        return (UNKNOWN,)
    pdf = PCLM if b"%PCLm" in head[:1024] else PDF
    if body.startswith(b"%PDF-"):
        return (pdf,)
    lettered = next((media_type for is_in, media_type in _LETTERED if is_in(body)), None)
    other = lettered or _of_escapes(data, start, head, body) or _of_text(data, start, head, declared)
    # A job that begins with ESC is no PDF with junk in front: what looks like a header is part of a picture or a name.
    if not lettered and not body.startswith(b"\x1b") and _may_be_pdf(data, head, other):
        return pdf, other
    return (POSTSCRIPT, TEXT) if other == POSTSCRIPT and declared != POSTSCRIPT else (other,)


def _may_be_pdf(data: Data, head: bytes, other: str) -> bool:
    """Whether a header stands at the beginning of a line (ISO 32000-1 Annex H: readers accept junk in front of it), or
    objects begin the file, or objects are followed by the end of one.
    """
    if header := _PDF_HEADER.search(head[:1024]):
        return other != TEXT or not _is_quoted(data, head, header)
    first = _PDF_OBJECT.search(head)
    if first is None:
        return False
    end = bytes(data[max(0, len(data) - _PDF_END_BYTES) :])
    in_front = _COMMENTS.sub(b"", head[: first.start()])
    return other == UNKNOWN or not _LETTER.search(in_front) or _PDF_END.search(end) is not None


def _is_quoted(data: Data, head: bytes, header: re.Match[bytes]) -> bool:
    """Whether a text shows what a PDF looks like: words stand in front and behind, and no binary octets say that it is
    one.
    """
    if not _LETTER.search(head[: header.start()]) or _PDF_BINARY.match(head, header.end()):
        return False
    end = bytes(data[max(0, len(data) - _PDF_END_BYTES) :])
    parts = list(_PDF_PARTS.finditer(end))
    return b"startxref" not in end and len(parts) > 0 and _LETTER.search(end, parts[-1].end()) is not None


def _of_start(head: bytes, body: bytes) -> str | None:
    for magic, media_type in _STARTS:
        found = next((octets for octets in (body, head) if octets.startswith(magic)), None)
        if found is not None and not (media_type in _WORDLIKE and _is_word(found[len(magic) :])):
            return media_type
    if _PCL_XL_HEADER.match(body):
        return PCL_XL
    if body.startswith(b"\x1b\x01@EJL"):  # inkjets have it in front of ESC/P
        language = _EJL_LANGUAGE.search(head)
        return _EJL_LANGUAGES.get(language[1].upper(), UNKNOWN) if language else ESC_P
    if _CANON_XML.match(body):
        return CANON_BJ
    return LIDIL if _is_lidil(head) else None


def _is_word(behind: bytes) -> bool:
    """Whether text goes on behind the mark of a format; where hardly anything stands there, the file was cut off."""
    numbers = behind[:_NUMBERS_BYTES]
    return len(numbers) >= _WORDS_BYTES and not _NOT_TEXT.search(numbers) and b"\xff" not in numbers


def _behind_padding(data: Data, start: int) -> bytes:
    """The beginning of what follows filler octets."""
    padding = bytes(data[start : start + _PADDING_MAX])
    begin = start + len(padding) - len(padding.lstrip(b"\0"))
    return bytes(data[begin : begin + _SNIFF_BYTES])


def _is_lidil(head: bytes) -> bool:
    """A packet: $, its length, ..., $; the next follows at once, or behind octets of nothing."""
    length = int.from_bytes(head[1:3], "big")
    return head[:1] == b"$" and 10 <= length < len(head) and head[length - 1 : length + 1] in (b"$$", b"$\0")


def _of_zip(data: Data, body: bytes, declared: str | None) -> str:
    """XPS has parts that no other package has; their names stand in the local headers and in the directory."""
    directory = bytes(data[max(0, len(data) - _ZIP_DIRECTORY_BYTES) :])
    parts = (b".fdseq", b".fpage", b".fdoc", b"FixedDocSeq", b"FixedDocument", b"FixedPage")
    if any(part in octets for octets in (body, directory) for part in parts):
        return XPS
    return XPS if declared in (XPS, MS_XPS) and b"word/" not in directory else ZIP


def _of_escapes(data: Data, start: int, head: bytes, body: bytes) -> str | None:
    """What escape sequences the content has: PCL, ESC/P or ESC/POS; None where they are those of text or none."""
    if told := next((media_type for pattern, media_type in _ESCAPE_STARTS if pattern.match(body)), None):
        return told
    if body[:2] == b"\x1b@" or body[:1] in (b"\x1c", b"\x1d"):
        return ESC_POS if is_receipt(bytes(data[start : start + _RECEIPT_SNIFF_BYTES])) else ESC_P
    plain = text_languages.without_ansi(head)
    first = _ESCAPED.search(plain)
    if first is None or _NOT_TEXT.search(plain[: first.start()]):
        return None
    pcl, escp = _PCL_WITHIN.search(plain), _ESC_P_WITHIN.search(plain)
    if pcl and not (escp and escp.start() < pcl.start()):
        return PCL5
    if is_receipt(bytes(data[start : start + _RECEIPT_SNIFF_BYTES])):
        return ESC_POS
    return ESC_P if escp and escp.start() == first.start() else None


def _of_text(data: Data, start: int, head: bytes, declared: str | None) -> str:
    if no_text.kind_of(head):
        return UNKNOWN
    postscript = _POSTSCRIPT_BEHIND.search(head)
    if postscript and declared in (None, UNKNOWN, POSTSCRIPT):
        return POSTSCRIPT
    if declared in _TEXT_LIKE:
        return declared
    if wide_encoding(head):
        return TEXT
    plain = _CUT_ANSI.sub(b"", text_languages.without_ansi(head.rstrip(_TEXT_END)))
    is_stray = _NOT_TEXT.search(plain) and not _PDF_HEADER.search(head[:1024]) and no_text.is_written(plain)
    if not plain or b"\x1b" in plain or (_NOT_TEXT.search(plain) and not is_stray):
        return UNKNOWN
    exit_at = data.find(UEL, start)
    return UNKNOWN if no_text.is_pixels(data, start, exit_at if exit_at >= 0 else len(data)) else TEXT


def not_read(data: Data, start: int) -> str:
    """Why the pages of a document of no known format are not known: a sentence for a person."""
    head = bytes(data[start : start + _SNIFF_BYTES])
    leading = _LEADING.match(head)
    kind = no_text.kind_of(head) or no_text.kind_of(head[leading.end() :] if leading else head)
    if kind:
        return f"The document is {kind}, which is not read here; its pages are not known."
    return "What the document is cannot be told from its content; its pages are not known."


_ALIASES: dict[str, str] = {
    "application/x-pdf": PDF,
    "text/pdf": PDF,
    "application/acrobat": PDF,
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/tif": TIFF,
    "image/x-tiff": TIFF,
    "image/x-png": PNG,
    "application/ps": POSTSCRIPT,
    "application/x-postscript": POSTSCRIPT,
    "application/eps": POSTSCRIPT,
    "application/x-eps": POSTSCRIPT,
    "image/eps": POSTSCRIPT,
    "image/x-eps": POSTSCRIPT,
    "application/vnd.adobe-reader-postscript": POSTSCRIPT,
    "application/pcl": PCL5,
    "application/x-pcl": PCL5,
    "application/vnd.hp-pcl5": PCL5,
    "application/vnd.hp-pclxl": PCL_XL,
    "application/pcl6": PCL_XL,
    "application/vnd.hp-pcl6": PCL_XL,
    "application/x-pclxl": PCL_XL,
    "application/x-hpgl": HPGL,
    "application/hpgl": HPGL,
    "application/vnd.hp-hpgl2": HPGL,
    "vector/x-hpgl2": HPGL,
    "image/x-hpgl": HPGL,
    "application/vnd.ms-xps": MS_XPS,
    "application/xps": MS_XPS,
    "application/x-xps": MS_XPS,
    "image/x-cups-raster": CUPS_RASTER,
    "application/vnd.epson.escpr": ESC_P,
    "application/vnd.epson-escpr": ESC_P,
    "application/escp": ESC_P,
    "application/x-escp": ESC_P,
    "application/x-escpos": ESC_POS,
    "application/escpos": ESC_POS,
    "application/x-zpl": ZPL,
    "application/zpl": ZPL,
    "text/zpl": ZPL,
    "application/x-epl": EPL,
    "application/x-zip-compressed": ZIP,
    "application/x-zip": ZIP,
    "image/x-urf": URF,
}
_CONSTANTS = (
    *(PDF, POSTSCRIPT, PWG_RASTER, URF, PCL5, PCL_XL, PJL, JPEG, PNG, TIFF, GIF, TEXT, XPS, ZIP, MS_XPS, CUPS_RASTER),
    *(
        PCLM,
        PCL3GUI,
        LIDIL,
        CANON_BJ,
        XQX,
        LABEL_WRITER,
        P_TOUCH,
        ZJSTREAM,
        QPDL,
        ESC_P,
        ESC_PAGE,
        ESC_POS,
        ZPL,
        EPL,
        HPGL,
        TSPL,
        CPCL,
        SBPL,
        FINGERPRINT,
        UNKNOWN,
    ),
)
_BY_LOWER_CASE = {media_type.lower(): media_type for media_type in _CONSTANTS} | _ALIASES
# Names that say nothing about what is in the document.
_SAYS_NOTHING = frozenset({"", UNKNOWN, "application/vnd.cups-raw", "application/unknown", "binary/octet-stream"})
# What may rightly be called by a name, beside what it stands for itself.
_COVERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(_TEXT_LIKE, frozenset({TEXT})),  # programs in letters are text as well
    TEXT: frozenset({POSTSCRIPT, ZPL, EPL, HPGL, TSPL, CPCL, SBPL, FINGERPRINT}),
    PCL5: frozenset({TEXT, PCL_XL, PCL3GUI}),
    PCL3GUI: frozenset({PCL5}),
    ESC_P: frozenset({TEXT, ESC_PAGE}),
    XPS: frozenset({MS_XPS}),
    MS_XPS: frozenset({XPS}),
    PDF: frozenset({PCLM}),
    CUPS_RASTER: frozenset({PWG_RASTER}),
}


def named(declared: str) -> str:
    """A declared media type in the spelling used here, without parameters (`; charset=utf-8`)."""
    plain = declared.split(";", 1)[0].strip().lower()
    return _BY_LOWER_CASE.get(plain, plain)


def contradiction(declared: str | None, found: str) -> bool:
    """Whether what the client called a document cannot be said of what was found in it.

    Args: found: the format of the page description itself; PJL around it contradicts nothing.
    """
    name = named(declared) if declared else ""
    if name in _SAYS_NOTHING or found == UNKNOWN or name in (found, PJL):
        return False
    if name.startswith("text/") and found == TEXT:
        return False
    if found == PJL:  # a wrapper around something that is not read
        return name in (PDF, JPEG, PNG, GIF, TIFF, PWG_RASTER, URF, XPS, MS_XPS)
    if found == ZIP and not name.startswith(("image/", "text/")) and name not in _CONSTANTS:
        return False  # office documents are packages
    return found not in _COVERS.get(name, ())
