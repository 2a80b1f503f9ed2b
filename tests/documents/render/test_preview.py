"""The first page of a document as a small picture."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from platen.documents.raster.lines import encode_lines
from platen.documents.render.preview import first_page_preview
from tests.documents.pdf.made import pdf_with
from tests.documents.samples import pwg_header
from tests.testdata import TESTDATA, needs_testdata

BOX = (100, 100)
UEL = b"\x1b%-12345X"
LEFT_RED = pdf_with(b"1 0 0 rg 0 0 100 200 re f")


def preview(data: bytes, declared: str | None = None, box_px: tuple[int, int] = BOX) -> Image.Image | None:
    png = first_page_preview(data, declared, box_px)
    if png is None:
        return None
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG"
    assert picture.width <= box_px[0]
    assert picture.height <= box_px[1]
    return picture.convert("RGB")


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **how)
    return stream.getvalue()


def halves(mode: str, left: object, right: object, size: tuple[int, int] = (400, 200)) -> Image.Image:
    picture = Image.new(mode, size, right)
    picture.paste(left, (0, 0, size[0] // 2, size[1]))
    return picture


def test_the_first_page_of_a_pdf_document():
    """A PDF page is shown as it is printed. SC-TDF-144"""
    page = preview(LEFT_RED)
    assert page is not None
    assert page.size == (100, 100)
    assert (page.getpixel((25, 50)), page.getpixel((75, 50))) == ((255, 0, 0), (255, 255, 255))


@pytest.mark.parametrize(
    "wrapped",
    [UEL + b"@PJL JOB\n@PJL ENTER LANGUAGE=PDF\n" + LEFT_RED + UEL, gzip.compress(LEFT_RED, mtime=0)],
    ids=["pjl", "gzip"],
)
def test_a_document_within_another_is_unwrapped(wrapped):
    """What a driver or a client wraps around a document does not hide it."""
    page = preview(wrapped)
    assert page is not None
    assert page.getpixel((25, 50)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("kind", "picture"),
    [
        ("JPEG", halves("RGB", "red", "white")),
        ("PNG", halves("RGB", "red", "white")),
        ("PNG", halves("RGBA", "red", (0, 0, 0, 0))),
        ("GIF", halves("P", 0, 0).convert("RGB")),
        ("TIFF", halves("CMYK", (0, 255, 255, 0), (0, 0, 0, 0))),
        ("TIFF", halves("1", 0, 1)),
        ("PNG", halves("I;16", 0, 65535)),
    ],
    ids=lambda value: getattr(value, "mode", value),
)
def test_the_first_picture_of_a_picture_file(kind, picture):
    """Pictures keep their shape and their colours; what is transparent is paper."""
    page = preview(saved(picture, kind))
    assert page is not None
    assert page.size == (100, 50)
    expected = [picture.convert("RGB").getpixel((100, 100)), (255, 255, 255)]
    if picture.mode == "I;16":
        expected[0] = (0, 0, 0)
    if kind == "GIF":
        expected[1] = picture.getpixel((300, 100))
    for place, color in zip(((25, 25), (75, 25)), expected, strict=True):
        assert page.getpixel(place) == pytest.approx(color, abs=12)


def raster(color_space: int, bits: int, left: bytes, right: bytes, size: tuple[int, int] = (400, 200)) -> bytes:
    """PWG raster of two halves."""
    width, height = size
    line = left * (width // 2 * bits // 8 // len(left)) + right * (width // 2 * bits // 8 // len(right))
    header = pwg_header(width=width, height=height, bits=bits, color_space=color_space)
    return b"RaS2" + header + b"".join(encode_lines([line] * height, max(1, bits // 8)))


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (raster(19, 24, b"\xff\0\0", b"\xff\xff\xff"), (255, 0, 0)),
        (raster(18, 8, b"\x40", b"\xff"), (64, 64, 64)),
        (raster(3, 1, b"\xff", b"\0"), (0, 0, 0)),
        (raster(6, 32, b"\0\xff\xff\0", b"\0\0\0\0"), (255, 0, 0)),
    ],
    ids=["srgb", "sgray", "black 1", "cmyk"],
)
def test_the_first_page_of_a_raster_document(data, left):
    """Raster lines are scaled down as they come, in whatever space they are."""
    page = preview(data)
    assert page is not None
    assert page.size == (100, 50)
    assert (page.getpixel((25, 25)), page.getpixel((75, 25))) == (left, (255, 255, 255))


def test_a_raster_page_that_ends_early_is_shown_as_far_as_it_goes():
    """What is missing of a page is white."""
    whole = raster(18, 8, b"\0\x01", b"\0\x01")
    page = preview(whole[: 4 + 1796 + (len(whole) - 1800) // 2])
    assert page is not None
    assert page.getpixel((50, 49)) == (255, 255, 255)


def test_apple_raster_of_a_wide_page():
    """Grey becomes grey; a pixel between two is their mean."""
    line = bytes(np.tile(np.array([0, 255], np.uint8), 500))
    header = struct.pack(">BBBBBBBBIIIIQ", 8, 0, 1, 4, 0, 0, 0, 0, 0, 1000, 10, 300, 0)
    data = b"UNIRAST\0" + struct.pack(">I", 1) + header + b"".join(encode_lines([line] * 10, 1))
    page = preview(data)
    assert page is not None
    assert page.size == (100, 1)
    assert page.getpixel((50, 0)) == pytest.approx((127, 127, 127), abs=1)


def test_plain_text_is_shown_as_it_is_printed():
    """The first page of text is dark where lines are, and white below them."""
    page = preview(b"x" * 70 + b"\n" + b"words " * 12 + b"\n\fsecond page\n" * 200, "text/plain")
    assert page is not None
    levels = np.asarray(page.convert("L"))
    assert levels[:12].min() < 200
    assert levels[20:].min() == 255


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%!PS\nshowpage\n",
        b"%PDF-1.7 but no more",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"RaS2PwgRaster\0" + b"\xff" * 3000,
        b"UNIRAST\0" + b"\xff" * 100,
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"II*\0\x08\0\0\0" + b"\xff" * 100,
        gzip.compress(b"%PDF-1.4", mtime=0),
        UEL,
    ],
)
def test_what_cannot_be_shown_is_none(data):
    """Other languages, damage and nothing at all give no picture and no exception."""
    assert first_page_preview(data, None, BOX) is None


def test_a_picture_that_inflates_without_end_is_refused():
    """A few octets that claim thousands of millions of pixels are not decoded."""
    chunk = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + b"IHDR" + chunk + struct.pack(">I", zlib.crc32(b"IHDR" + chunk))
    assert first_page_preview(b"\x89PNG\r\n\x1a\n" + header + b"\0" * 64, None, BOX) is None


def test_a_raster_page_of_absurd_size_is_refused_or_small():
    """A header may claim what it likes."""
    data = b"RaS2" + pwg_header(width=2_000_000, height=2**31, bits=8) + b"\0" * 64
    assert first_page_preview(data, None, BOX) is None


@needs_testdata
@pytest.mark.parametrize("family", ["urf", "pwg", "jpeg"])
def test_real_files_have_previews(family):
    """Files of many origins show something that is not a single colour."""
    pictures = []
    for path in sorted((TESTDATA / "pdl" / family).iterdir()):
        with path.open("rb") as file:
            png = first_page_preview(file, None, (226, 320))
        if png is not None:
            pictures.append(Image.open(io.BytesIO(png)).convert("L").getextrema())
    assert pictures
    assert sum(darkest != lightest for darkest, lightest in pictures) >= len(pictures) - 2
