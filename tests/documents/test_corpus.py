"""The facts of real files of many origins agree with those of other readers, or it is known why not."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import DocumentFacts, Sides
from tests.documents.accuracy import TITLES, Score, differences, facts_of, row_of
from tests.documents.differences import DIFFERENCES
from tests.documents.expected import PDL, entries, expected_of
from tests.testdata import needs_testdata

pytestmark = [needs_testdata, pytest.mark.long, pytest.mark.untraced]

ROOT = Path(__file__).resolve().parents[2]

read = functools.cache(facts_of)


@functools.cache
def found() -> tuple[dict[str, list[str]], dict[str, Score]]:
    """Every difference by file, and the score of each family."""
    scores = {family: Score() for family in TITLES}
    lines = {
        name: list(differences(expected_of(name), read(name), scores[expected_of(name).family])) for name in entries()
    }
    return {name: said for name, said in lines.items() if said}, scores


def test_facts_are_those_of_other_readers():
    """Pages, sizes, colour and sides of every file, but for differences that are explained. SC-TRACK-03, SC-TDF-110"""
    assert {name: said for name, said in found()[0].items() if name not in DIFFERENCES} == {}


def test_every_explained_difference_is_still_one():
    """A file that agrees now must leave the table."""
    assert [name for name in DIFFERENCES if name not in found()[0]] == []


def test_no_reader_meets_what_it_does_not_foresee():
    """However odd a file is, its reader comes to an end by itself."""
    assert [name for name in entries() if DEFECT in read(name).problems] == []


def test_colour_of_pages_is_what_a_person_sees():
    """Of PDF pages on whose colour both renderers agree, 995 in 1000 at the least are told as they say. SC-TDF-144"""
    score = found()[1]["pdf"]
    assert score.told["safe"] > 1000
    assert score.right["safe"] / score.told["safe"] >= 0.995
    assert score.right["colour"] / score.told["colour"] >= 0.99


@pytest.mark.parametrize(
    ("name", "sides", "media"),
    [
        ("made/pxlmono-a4-duplex-long-4p.pxl", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("made/urf-a4-gray-duplex-long-4p.urf", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("made/urf-letter-colour-simplex-4p.urf", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("made/ljet4d-duplex-8p.pcl", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("pcl5/joblex__a4-5p-1up-2sided.pcl5", Sides.TWO_SIDED_LONG_EDGE, "na_letter_8.5x11in"),
        ("pclxl/gstests__tiger.px3", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("ps/joblex__a4-5p-1up-1sided.ps", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("pwg/cups__onepage-a4-300-black-1.pwg", Sides.ONE_SIDED, "iso_a4_210x297mm"),
    ],
)
def test_sides_and_media_of_drivers_jobs(name, sides, media):
    """What was asked of the driver is found in its output. SC-TDF-132, SC-TDF-133"""
    assert (read(name).sides, read(name).page_runs[0].media) == (sides, media)


@pytest.mark.parametrize(
    ("name", "color"),
    [
        ("made/cljet5-letter-colour-1p.pcl", True),
        ("made/urf-letter-colour-simplex-4p.urf", True),
        ("made/urf-a4-gray-duplex-long-4p.urf", False),
        ("made/ljet4d-duplex-8p.pcl", False),
        ("made/pxlmono-a4-duplex-long-4p.pxl", False),
        ("made/pwg-black1-simplex-8p.pwg", False),
        ("made/brlaser-dcpl2520d-a4-duplex-10p.prn", False),
        ("pclxl/gstests__tiger.px3", True),
        ("jpeg/pappl__landscape-gray.jpg", False),
        ("jpeg/pappl__portrait-color.jpg", True),
    ],
)
def test_colour_of_drivers_jobs(name, color):
    """A job made in colour is one, a job made in grey is none. SC-TDF-134"""
    assert read(name).has_color is color


def test_who_printed_stands_in_a_windows_drivers_job():
    """The names in PJL become facts. SC-TDF-113, SC-TDF-131"""
    facts = read("pclxl/gstests__tiger.px3")
    assert (facts.user, facts.host, facts.title, facts.driver) == (
        "henrys",
        "WARTHOG",
        "tiger.pdf",
        "HP Color LaserJet 4600",
    )


CUT = [
    "pcl5/joblex__a4-5p-1up-2sided.pcl5",
    "pclxl/joblex__bhc452.pclxl",
    "ps/joblex__a4-5p-1up-1sided.ps",
    "pdf/cups__document-a4.pdf",
    "made/urf-a4-gray-duplex-long-4p.urf",
    "made/pwg-black1-simplex-8p.pwg",
    "made/foo2zjs-p1102-a4-40p.prn",
    "made/splix-phaser6110-a4-10p.prn",
    "made/epson9pin-a4-4p.escp",
    "made/tiffg4-8p.tif",
    "xps/ghostpdl__tiger.xps",
]
# Arithmetic coding takes its time: one cut in five.
SLOW = {"made/splix-phaser6110-a4-10p.prn"}


@pytest.mark.parametrize("name", CUT)
def test_a_job_cut_at_every_hundredth_gives_the_facts_so_far(name):
    """A connection that breaks leaves a beginning of a job: fewer pages, never more, never an exception."""
    whole, pages = (PDL / name).read_bytes(), read(name).pages
    for hundredth in range(1, 100, 5 if name in SLOW else 1):
        facts = analyse(whole[: len(whole) * hundredth // 100])
        assert DEFECT not in facts.problems, hundredth
        assert facts.pages is None or pages is None or facts.pages <= pages, hundredth


@pytest.mark.parametrize("name", CUT)
def test_garbage_behind_a_job_adds_no_page(name):
    """What a port monitor or a broken client leaves behind the document is not counted."""
    whole = (PDL / name).read_bytes()
    with_garbage: DocumentFacts = analyse(whole + bytes(range(128, 256)) * 8)
    assert with_garbage.pages == read(name).pages
    assert DEFECT not in with_garbage.problems


def test_the_page_on_accuracy_says_what_is_so():
    """docs/accuracy.md holds the table as it comes out now, and every difference with its reason."""
    page = (ROOT / "docs" / "accuracy.md").read_text()
    rows = [row_of(family, found()[1][family]) for family in TITLES if found()[1][family].files]
    assert [row for row in rows if row not in page] == []
    assert [name for name, why in DIFFERENCES.items() if f"`{name}`" not in page or why not in page] == []
