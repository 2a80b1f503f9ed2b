"""JPEG, PNG and GIF as documents."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions

WHITE, GRAY, NEAR_GRAY, RED = (255, 255, 255), (90, 90, 90), (90, 100, 96), (200, 40, 40)


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def with_square(color: tuple[int, int, int], paper: tuple[int, int, int] = WHITE) -> Image.Image:
    picture = Image.new("RGB", (160, 120), paper)
    picture.paste(color, (64, 48, 96, 80))
    return picture


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
@pytest.mark.parametrize(
    ("color", "is_color", "blank"),
    [(WHITE, False, True), (GRAY, False, False), (NEAR_GRAY, False, False), (RED, True, False)],
)
def test_a_picture_is_one_page_with_the_colour_that_is_seen(form, color, is_color, blank):
    """Three channels do not make colour, and white does not make a mark. SC-TRACK-03, SC-TDF-144"""
    facts = analyse(saved(with_square(color), form))
    assert (facts.pages, facts.problems) == (1, ())
    run = facts.page_runs[0]
    assert (run.color, run.blank, run.media, run.width_mm) == (is_color, blank, None, None)


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0}, {"quality": 30}])
def test_kinds_of_jpeg(options):
    """Progressive and subsampled pictures are decoded like others."""
    assert analyse(saved(with_square(RED), "JPEG", **options)).has_color is True
    assert analyse(saved(with_square(GRAY), "JPEG", **options)).has_color is False


def test_a_cmyk_jpeg_is_judged_by_what_its_inks_look_like():
    """Adobe's inverted CMYK: equal inks are grey, unequal ones colour."""
    assert analyse(saved(Image.new("CMYK", (64, 64), (90, 90, 90, 20)), "JPEG")).has_color is False
    assert analyse(saved(Image.new("CMYK", (64, 64), (200, 0, 0, 0)), "JPEG")).has_color is True


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("1", (9, 9), 1),
        Image.new("L", (9, 9), 255),
        Image.new("LA", (9, 9), (0, 0)),
        Image.new("P", (9, 9), 0),
        Image.new("RGBA", (9, 9), (255, 0, 0, 0)),
        Image.new("I;16", (9, 9), 65535),
    ],
    ids=lambda picture: picture.mode,
)
def test_white_and_transparent_pngs_are_blank(picture):
    """A picture lies on white paper: what is transparent is not marked."""
    if picture.mode == "P":
        picture.putpalette(WHITE)
    run = analyse(saved(picture, "PNG")).page_runs[0]
    assert (run.color, run.blank) == (False, True)


@pytest.mark.parametrize("form", ["GIF", "PNG"])
def test_a_moving_picture_is_one_page(form):
    """A printer prints the first frame."""
    frames = [with_square(GRAY), with_square(RED), with_square(WHITE)]
    facts = analyse(saved(frames[0], form, save_all=True, append_images=frames[1:]))
    assert (facts.pages, facts.has_color) == (1, False)


def test_resolution_is_that_of_the_file():
    """JFIF and pHYs say how fine the picture is."""
    assert analyse(saved(with_square(RED), "JPEG", dpi=(300, 200))).resolution_dpi == (300, 200)
    assert analyse(saved(with_square(RED), "PNG", dpi=(300, 300))).resolution_dpi == (300, 300)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_cut_off_is_looked_at_as_far_as_it_goes(form):
    """Half a picture is still a page, and a sentence says that it is cut off."""
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    data = saved(noise, form)
    facts = analyse(data[: len(data) // 2])
    assert facts.pages == 1
    assert "cut off" in facts.problems[0]
    assert facts.page_runs[0].blank is False


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
@pytest.mark.parametrize("rest", [b"", b"\0" * 50, bytes(range(256)), b"\xff" * 5000])
def test_junk_behind_a_magic_is_a_page_of_unknown_colour(magic, rest):
    """What cannot be decoded is said, not guessed."""
    facts = analyse(magic + rest)
    assert facts.pages == 1
    assert facts.problems
    assert not any(run.color for run in facts.page_runs)


def test_a_decompression_bomb_is_refused():
    """A picture of more pixels than may be decoded has an unknown colour, and takes no memory."""
    bomb = bytearray(saved(Image.new("L", (8, 8)), "PNG"))
    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    bomb[25] = 2
    facts = analyse(bytes(bomb))
    assert (facts.pages, facts.has_color) == (1, None)
    assert facts.problems


def test_without_colour_nothing_is_decoded():
    """Where colour is not asked for, only what the header says is given."""
    options = AnalysisOptions(color=False)
    assert analyse(saved(with_square(RED), "PNG"), options=options).has_color is None
    assert analyse(saved(with_square(RED).convert("L"), "PNG"), options=options).has_color is False


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_coverage_of_a_picture(form):
    """The mean of each ink over the picture, where it is asked for."""
    facts = analyse(saved(Image.new("RGB", (64, 64), (255, 255, 0)), form), options=AnalysisOptions(coverage=True))
    coverage = facts.page_runs[0].coverage
    assert coverage is not None
    assert coverage == pytest.approx((0, 0, 10_000, 0), abs=60)


def test_beyond_the_bound_on_samples_pages_are_only_counted():
    """Many large pictures in one file are counted, and a sentence says which are not looked at."""
    pages = [with_square(RED)] * 5
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    facts = analyse(data, options=AnalysisOptions(limits=AnalysisLimits(picture_bytes_max=100_000)))
    assert (facts.pages, facts.color_pages, facts.color_unknown_pages) == (5, 2, 3)
    assert "too large to look at each" in facts.problems[0]


def test_a_picture_behind_a_picture_is_named():
    """Two JPEG files in one are one page, as devices print the first; the facts say so. SC-TDF-132"""
    one = saved(with_square((255, 0, 0)), "JPEG")
    assert analyse(one).problems == ()
    facts = analyse(one + one)
    assert facts.pages == 1
    assert "Another picture" in facts.problems[0]


def test_a_png_in_very_many_parts_is_counted_and_not_looked_at():
    """Chunks cost the decoder time each; beyond what anybody writes the page is only counted. SC-TDF-110"""
    whole = saved(with_square((255, 0, 0)), "PNG")
    behind_the_header = 33
    facts = analyse(
        whole[:behind_the_header] + struct.pack(">I4sI", 0, b"teSt", 0) * 100_001 + whole[behind_the_header:]
    )
    assert (facts.pages, facts.has_color) == (1, None)
    assert "too many parts" in facts.problems[0]
