"""Ghostscript's arguments and answers."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from PIL import Image

from platen.documents.render.ghostscript import coverage_arguments, coverages_in, preview_arguments

needs_ghostscript = pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")

TWO_PAGES = (
    b"%!PS\n(  9 9 9 9 CMYK OK\n) print /Helvetica findfont pop <</PageSize [200 200]>> setpagedevice\n"
    b"0 0 100 200 rectfill showpage 0 1 0 0 setcmykcolor 0 0 200 200 rectfill showpage\n"
)


def answer(arguments: list[str], document: bytes) -> bytes:
    return subprocess.run(arguments, input=document, capture_output=True, check=True, timeout=60).stdout


@needs_ghostscript
def test_coverage_of_a_postscript_document():
    """Each page has its ink, and what the document prints itself is no answer. SC-TDF-152 .. SC-TDF-155"""
    first, second = coverages_in(answer(coverage_arguments(10), TWO_PAGES))
    assert first == pytest.approx((0, 0, 0, 5_000), abs=60)
    assert second == pytest.approx((0, 10_000, 0, 0), abs=60)


@needs_ghostscript
@pytest.mark.parametrize(
    ("paint", "coverage"),
    [
        (b".5 setgray", (0, 0, 0, 5_000)),
        (b".5 .5 .5 setrgbcolor", (0, 0, 0, 5_000)),
        (b".2 .4 .4 setrgbcolor", (2_000, 0, 0, 6_000)),
        (b"1 0 0 0 setcmykcolor", (10_000, 0, 0, 0)),
        (b".5 .25 0 .25 setcmykcolor", (5_000, 2_500, 0, 2_500)),
    ],
)
def test_light_becomes_ink_as_in_every_other_format(paint, coverage):
    """Grey takes black alone, what three inks share is black's, and inks count as they stand. SC-TDF-152"""
    document = b"%!PS\n<</PageSize [200 200]>> setpagedevice " + paint + b" 0 0 200 200 rectfill showpage"
    assert next(coverages_in(answer(coverage_arguments(1), document))) == pytest.approx(coverage, abs=60)


@needs_ghostscript
def test_no_more_pages_than_asked_for_are_answered():
    """A document of endless pages gives no endless answer."""
    assert len(list(coverages_in(answer(coverage_arguments(1), TWO_PAGES)))) == 1


@needs_ghostscript
def test_a_preview_of_a_postscript_document():
    """The first page as a picture that fits into its box."""
    with Image.open(io.BytesIO(answer(preview_arguments((100, 100)), TWO_PAGES))) as picture:
        assert (picture.format, picture.size) == ("PNG", (100, 100))
        assert picture.getpixel((10, 50)) == (0, 0, 0)
        assert picture.getpixel((90, 50)) == (255, 255, 255)


@needs_ghostscript
def test_a_document_reads_no_files():
    """A document that opens a file of the machine ends with an error."""
    document = b"%!PS\n(/etc/passwd) (r) file 100 string readline pop == showpage\n"
    ended = subprocess.run(preview_arguments((50, 50)), input=document, capture_output=True, check=False, timeout=60)
    assert ended.returncode != 0
    assert b"root:" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("line", "coverage"),
    [
        (b" 1.00000  2.50000  0.00000 100.00000 CMYK OK\n", [(100, 250, 0, 10_000)]),
        (b"50.00000 25.00000  0.00000  0.00000 CMYK OK\n", [(5_000, 2_500, 0, 0)]),
        (b" 250.0  0.004  0.006  0 CMYK OK\n", [(10_000, 0, 1, 0)]),
        (b"1 2 3 CMYK OK\n", []),
        (b" 1 2 3 4 RGB OK\n", []),
        (b"\xff\0 1 2 3 4 CMYK OK", []),
        (b"", []),
    ],
)
def test_answers_are_read_and_nothing_else(line, coverage):
    """Percent become hundredths; lines of another shape are passed over."""
    assert list(coverages_in(line)) == coverage


def test_the_size_of_a_preview_is_bounded():
    """No caller asks for a picture that fills the memory."""
    assert "-g2048x1" in preview_arguments((10**9, 0))
