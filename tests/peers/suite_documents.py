"""The documents that ipptool's suites name and Debian does not ship, made here: PDF, PostScript, JPEG and PWG raster.

A suite stops at a file that is missing (ipp-1.1.test) or skips the test (ipp-everywhere.test), so without these
half of it would not run.
"""

from __future__ import annotations

import io
import re
import shutil
import struct
from pathlib import Path

import pikepdf
from PIL import Image

from tests.peers.ipptool import SUITES

POINTS = {"a4": (595, 842), "letter": (612, 792), "4x6": (288, 432)}
MEDIA_NAMES = {"a4": "iso_a4_210x297mm", "letter": "na_letter_8.5x11in", "4x6": "na_index-4x6_4x6in"}
NAMED_FILE = re.compile(r"^\s*FILE ([\w./-]+)\s*$", re.MULTILINE)
RASTER = re.compile(r"(?P<document>\w+)(?:\.jpg)?-(?P<media>\w+)-(?P<type>\w+-\d+)-(?P<dpi>\d+)dpi\.pwg$")
# PWG 5102.4 section 4.3.2.3: ColorSpace, colours, bits per colour, and the octets of one white unit
RASTER_TYPES = {
    "black-1": (3, 1, 1, b"\x00"),
    "sgray-8": (18, 1, 8, b"\xff"),
    "srgb-8": (19, 3, 8, b"\xff" * 3),
    "srgb-16": (19, 3, 16, b"\xff" * 6),
    "cmyk-8": (6, 4, 8, b"\x00" * 4),
}


def suites_with_documents(folder: Path) -> Path:
    """Copies CUPS's suites into a new folder with every document that they name beside them; returns it."""
    shutil.copytree(SUITES, folder)
    for suite in folder.glob("ipp-*.test"):
        for name in NAMED_FILE.findall(suite.read_text()):
            target = folder / name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(suite_document(target.name))
    return folder


def suite_document(name: str) -> bytes:
    """The octets of a document by the name that the suites give it, for example document-a4.pdf or color.jpg."""
    if raster := RASTER.match(name):
        pages = 1 if raster["document"] != "document" else 3
        return pwg_raster(raster["media"], raster["type"], int(raster["dpi"]), pages)
    media = "letter" if "letter" in name else "a4"
    match Path(name).suffix:
        case ".pdf":
            return pdf(media, pages=3)
        case ".ps":
            return postscript(media, pages=3)
        case ".jpg":
            return jpeg(colour=name.startswith("color"))
    raise ValueError(f"{name}: the suites name a document that is of no kind made here; add it to suite_document")


def pdf(media: str = "a4", *, pages: int = 1) -> bytes:
    """A small valid PDF with a grey bar on every page."""
    with pikepdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=POINTS[media])
            page.Contents = document.make_stream(b"0.5 g 72 72 200 20 re f")
        target = io.BytesIO()
        document.save(target, deterministic_id=True)
        return target.getvalue()


def postscript(media: str = "a4", *, pages: int = 1) -> bytes:
    """PostScript with DSC comments, a bar on every page."""
    width, height = POINTS[media]
    body = "".join(f"%%Page: {n} {n}\n0.5 setgray 72 72 200 20 rectfill showpage\n" for n in range(1, pages + 1))
    return (
        f"%!PS-Adobe-3.0\n%%BoundingBox: 0 0 {width} {height}\n%%Pages: {pages}\n%%EndComments\n"
        f"<</PageSize [{width} {height}]>> setpagedevice\n{body}%%EOF\n"
    ).encode()


def jpeg(*, colour: bool) -> bytes:
    """A 4 x 6 inch picture at 50 dots an inch."""
    target = io.BytesIO()
    Image.new("RGB" if colour else "L", (200, 300), (200, 40, 40) if colour else 128).save(target, "JPEG", dpi=(50, 50))
    return target.getvalue()


def pwg_raster(media: str, raster_type: str, dpi: int, pages: int = 1) -> bytes:
    """PWG raster (PWG 5102.4) with a dark bar down the left side of every page."""
    width, height = (points * dpi // 72 for points in POINTS[media])
    header = _page_header(media, raster_type, dpi, width, height, pages)
    *_, bits, white = RASTER_TYPES[raster_type]
    units = (width + 7) // 8 if bits == 1 else width
    dark = bytes(octet ^ 0xFF for octet in white)
    line = _run(dark, min(units, 64)) + _run(white, units - min(units, 64))
    # Lines repeat: one octet, less one, says how often the line after it stands there (section 4.4).
    full, rest = divmod(height, 256)
    page = header + (b"\xff" + line) * full + (bytes([rest - 1]) + line if rest else b"")
    return b"RaS2" + page * pages


def _run(unit: bytes, count: int) -> bytes:
    full, rest = divmod(count, 128)
    return (b"\x7f" + unit) * full + (bytes([rest - 1]) + unit if rest else b"")


def _page_header(media: str, raster_type: str, dpi: int, width: int, height: int, pages: int) -> bytes:
    """The 1796 octets before a page (PWG 5102.4 table 2); what is not set is zero, which means "default"."""
    color_space, colors, bits, _ = RASTER_TYPES[raster_type]
    header = bytearray(1796)
    numbers = {
        276: (dpi, dpi),  # HWResolution
        340: (1,),  # NumCopies
        352: POINTS[media],  # PageSize
        372: (width, height),
        384: (bits, bits * colors, (width * bits * colors + 7) // 8),  # BitsPerColor, BitsPerPixel, BytesPerLine
        400: (color_space,),
        420: (colors,),
        452: (pages, 1, 1),  # TotalPageCount, CrossFeedTransform, FeedTransform
        480: (0xFFFFFF,),  # AlternatePrimary
    }
    for offset, values in numbers.items():
        struct.pack_into(f">{len(values)}I", header, offset, *values)
    header[0:9] = b"PwgRaster"
    name = MEDIA_NAMES[media].encode()
    header[1732 : 1732 + len(name)] = name
    return bytes(header)
