"""TIFF: the chain of directories, what is a page in it, and what its pages look like."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from platen.documents.analysis import analyse
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from tests.documents.accuracy import facts_of
from tests.documents.expected import entries
from tests.testdata import needs_testdata

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, STRIP, ROWS, STRIP_BYTES = 256, 257, 258, 259, 262, 273, 278, 279
NEW_SUBFILE, OLD_SUBFILE, X_RESOLUTION, Y_RESOLUTION, UNIT, SUB_IFDS = 254, 255, 282, 283, 296, 330
SHORT, LONG, RATIONAL, LONG8 = 3, 4, 5, 16


def tiff(pages: list[dict[int, int]], *, order: str = "<", big: bool = False, loop_to: int | None = None) -> bytes:
    """White pages of 8 x 8 pixels of one octet, with further tags of the kind LONG."""
    mark, header = (b"II" if order == "<" else b"MM"), (16 if big else 8)
    made = bytearray(mark + struct.pack(order + "H", 43 if big else 42))
    made += struct.pack(order + ("HHQ" if big else "I"), *((8, 0, header) if big else (header,)))
    starts = []
    for index, tags in enumerate(pages):
        starts.append(len(made))
        entries = {
            WIDTH: 8,
            HEIGHT: 8,
            BITS: 8,
            COMPRESSION: 1,
            PHOTOMETRIC: 1,
            STRIP: 0,
            ROWS: 8,
            STRIP_BYTES: 64,
            **tags,
        }
        size = (8 + 20 * len(entries) + 8) if big else (2 + 12 * len(entries) + 4)
        strip = len(made) + size
        entries[STRIP] = strip
        made += struct.pack(order + ("Q" if big else "H"), len(entries))
        for tag, value in sorted(entries.items()):
            made += struct.pack(order + ("HHQQ" if big else "HHII"), tag, LONG8 if big else LONG, 1, value)
        last = index == len(pages) - 1
        following = (0 if loop_to is None else starts[loop_to]) if last else strip + 64
        made += struct.pack(order + ("Q" if big else "I"), following) + b"\xff" * 64
    return bytes(made)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_every_directory_of_the_chain_is_a_page(order, big):
    """TIFF and BigTIFF in either byte order. SC-TRACK-03"""
    facts = analyse(tiff([{}] * 3, order=order, big=big), options=AnalysisOptions(color=False))
    assert (facts.format, facts.pages, facts.problems) == ("image/tiff", 3, ())
    assert facts.has_color is False  # one channel: nothing needs to be decoded


@pytest.mark.parametrize(("order", "big"), [("<", False), (">", False), ("<", True)])
def test_white_pages_are_blank(order, big):
    """Pages of one channel have no colour, and where nothing is darker than white they are blank."""
    run = analyse(tiff([{}] * 3, order=order, big=big)).page_runs[0]
    assert (run.color, run.blank) == (False, True)


@pytest.mark.parametrize("tags", [{NEW_SUBFILE: 1}, {NEW_SUBFILE: 4}, {OLD_SUBFILE: 2}])
def test_thumbnails_and_masks_are_no_pages(tags):
    """A picture in a smaller form beside the page is not printed."""
    assert analyse(tiff([{}, tags, {NEW_SUBFILE: 2}])).pages == 2


def test_a_file_of_thumbnails_only_has_a_page():
    """Where every picture is called a thumbnail, one is printed."""
    facts = analyse(tiff([{NEW_SUBFILE: 1}] * 2))
    assert facts.pages == 1
    assert facts.problems


def test_directories_below_others_are_no_pages():
    """SubIFDs hang below a page and are not printed."""
    assert analyse(tiff([{SUB_IFDS: 8}, {}])).pages == 2


@pytest.mark.parametrize("loop_to", [0, 1, 2])
def test_a_chain_that_turns_in_a_circle_ends(loop_to):
    """Each directory is counted once."""
    assert analyse(tiff([{}] * 3, loop_to=loop_to)).pages == 3


@pytest.mark.parametrize("cut", [4, 7, 8, 9, 20, 100, 200, 400])
def test_a_file_cut_anywhere_gives_the_pages_that_are_there(cut):
    """Pages before the damage are kept, and a sentence says that there may be more."""
    facts = analyse(tiff([{}] * 9)[:cut])
    assert facts.problems
    assert (facts.pages or 0) <= 3


def saved(pages: list[Image.Image], **options: object) -> bytes:
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], **options)
    return stream.getvalue()


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits", "jpeg"])
def test_each_page_has_its_own_colour(compression):
    """Colour, grey and white pages in one file are told apart. SC-TDF-144"""
    pages = [Image.new("RGB", (32, 32), color) for color in ((200, 0, 0), (99, 99, 99), (255, 255, 255), (0, 0, 200))]
    facts = analyse(saved(pages, compression=compression))
    assert [(run.color, run.blank) for run in facts.page_runs] == [
        (True, False),
        (False, False),
        (False, True),
        (True, False),
    ]


def test_a_fax_has_the_size_of_its_paper():
    """A scan or fax says by its resolution which paper it was on. SC-TDF-132"""
    page = Image.new("1", (1728, 2290), 1)
    facts = analyse(saved([page] * 2, compression="group4", dpi=(204, 196)))
    assert (facts.pages, facts.page_runs[0].media, facts.resolution_dpi) == (2, "iso_a4_210x297mm", (204, 196))
    assert (facts.page_runs[0].color, facts.page_runs[0].blank) == (False, True)


def test_a_picture_of_no_paper_size_is_fitted_to_the_jobs_media():
    """A photo's size in the file is not the size of its sheet."""
    facts = analyse(saved([Image.new("L", (300, 300))], dpi=(72, 72)))
    assert (facts.page_runs[0].media, facts.page_runs[0].width_mm) == (None, None)


@needs_testdata
def test_page_counts_of_real_files():
    """The pages are those of other readers; thumbnails, which one of them counts, are none."""
    wrong = {}
    for name, entry in entries().items():
        if entry["format"] != "tiff":
            continue
        told = entry["facts"]
        counts = {told.get("pages_imagemagick"), told.get("pages_tiffinfo")} - {None}
        if facts_of(name).pages not in counts:
            wrong[name] = (facts_of(name).pages, counts)
    assert wrong == {}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_a_file_without_its_list_of_pages_has_no_count(order, big):
    """Where the cut took the first directory away, nobody knows how many pages there are: never none. SC-TDF-140"""
    whole = tiff([{}] * 3, order=order, big=big)
    for stop in (8, 16, 20, 40):
        facts = analyse(whole[:stop])
        assert (facts.pages, facts.pages_basis) == (None, PagesBasis.UNKNOWN)
        assert "cut off" in facts.problems[0]
    facts = analyse(whole[:-90])
    assert facts.pages == 2
    assert "more may follow" in facts.problems[-1] or "cut off" in facts.problems[-1]


def test_pixels_that_are_missing_are_named():
    """The directory may stand in front of pixels that did not arrive."""
    whole = tiff([{}])
    assert analyse(whole, options=AnalysisOptions(color=False)).problems == ()
    assert "pixels" in analyse(whole[:-1], options=AnalysisOptions(color=False)).problems[0]
