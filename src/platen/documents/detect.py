"""What format a document is in, from its first bytes; what the client declared counts only where these are silent."""

from __future__ import annotations

import re

from platen.documents.source import Data

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
ZJSTREAM = "application/vnd.zenographics-zjstream"
QPDL = "application/vnd.samsung-qpdl"
ESC_P = "application/vnd.epson-escp"
ESC_POS = "application/vnd.epson-escpos"
ZPL = "application/vnd.zebra-zpl"
EPL = "application/vnd.eltron-epl"
HPGL = "application/vnd.hp-HPGL"
UNKNOWN = "application/octet-stream"

# A program in one of these may begin with anything; only what the client declared tells it from plain text.
_TEXT_LIKE = frozenset({PCL5, PCL_XL, ZPL, HPGL, ESC_P, POSTSCRIPT})

UEL = b"\x1b%-12345X"

_SNIFF_BYTES = 4096
_STARTS: tuple[tuple[bytes, str], ...] = (
    (UEL, PJL),
    (b"@PJL", PJL),
    (b"%!", POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", POSTSCRIPT),  # EPS with a DOS header
    (b"RaS2", PWG_RASTER),
    (b"UNIRAST\0", URF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"GIF8", GIF),
    (b"^XA", ZPL),
    (b"IN;", HPGL),
    (b"\x1b.(", HPGL),
    (b"\x1b@", ESC_P),
)
_PCL_XL_HEADER = re.compile(rb"[()'] HP-PCL XL;")
_PCL_COMMAND = re.compile(rb"\x1b(?:E|[%&*()][0-9A-Za-z])")
_PATTERNS = ((_PCL_XL_HEADER, PCL_XL), (_PCL_COMMAND, PCL5))
_PDF_OBJECT = re.compile(rb"(?:\A|[\r\n])\d{1,9} \d{1,5} obj\b")  # the header is missing or damaged
_NOT_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def detect(data: Data, start: int = 0, declared: str | None = None) -> str:
    """The media type of the document that begins at `start`.

    Args: declared: the document-format that the client named; used for content that could be several formats.
    """
    head = bytes(data[start : start + _SNIFF_BYTES])
    body = head.lstrip(b"\0\t\n\r \x04")  # some drivers and port monitors put a ^D, NULs or line ends in front
    for magic, media_type in _STARTS:
        if body.startswith(magic) or head.startswith(magic):
            return media_type
    for pattern, media_type in _PATTERNS:
        if pattern.match(body):
            return media_type
    # ISO 32000-1 Annex H: readers accept junk in front of the header
    if b"%PDF-" in head[:1024] or _PDF_OBJECT.search(head):
        return PDF
    return _of_zip(body, declared) if body.startswith(b"PK\x03\x04") else _of_text(head, declared)


def _of_zip(body: bytes, declared: str | None) -> str:
    is_xps = any(part in body for part in (b"FixedDocument", b"Documents/", b"FixedPage", b"_rels/"))
    return XPS if is_xps or (declared or "").endswith(("xps", "ms-xpsdocument")) else ZIP


def _of_text(head: bytes, declared: str | None) -> str:
    pcl = _PCL_COMMAND.search(head)
    if pcl and not _NOT_TEXT.search(head[: pcl.start()]):  # text with PCL in it
        return PCL5
    if declared in _TEXT_LIKE:
        return declared
    if head and not _NOT_TEXT.search(head) and b"\x1b" not in head:
        return TEXT
    return UNKNOWN
