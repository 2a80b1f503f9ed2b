"""The page counts of real files of many origins agree with those of other readers."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, Sides
from tests.testdata import TESTDATA, needs_testdata

PDL = TESTDATA / "pdl"

_SETUP_ONLY = "HP-GL/2 set-up in front of the first page draws nothing, so no page comes out before that one"
_NO_HEADER = "a PostScript program without %!, which only a declared format tells from text"

# Where this analysis says something else than the tools, and why.
EXCEPTIONS: dict[str, str] = {
    "pdf/opf__T02-02_007_page-tree-wrong-count.pdf": "/Count claims 9, one page is there; a renderer prints one",
    "pdf/pdfjs__Pages-tree-refs.pdf": "the page tree turns in circles; one page object is there; tools differ",
    "pdf/pdfjs__poppler-937-0-fuzzed.pdf": "damaged beyond reading; a renderer prints nothing",
    "pcl5/gstests__aes295.pcl": _SETUP_ONLY,
    "pcl5/gstests__grashopp.pcl": _SETUP_ONLY,
    "pcl5/gstests__ieee0995.pcl": _SETUP_ONLY,
    "pcl5/gstests__fontpage.pcl": "font data without a single command: no format can be told",
    "ps/ghostpdl__spots.ps": _NO_HEADER,
    "ps/gstests__jointest.ps": _NO_HEADER,
    "ps/foo2zjs__align.ps": "marks one page, but stops with an error when it is run",
    "ps/ppr__200-reversed-1.ps": "marks one page, but prints none when it is run",
    "ps/ppr__res.ps": "marks one page, but prints none when it is run",
    "made/epson9pin-a4-4p.escp": "ESC/P is not read yet",
    "made/gutenprint-stylus-c88-a4-1p.escp": "ESC/P is not read yet",
    "made/stcolor-a4-colour-1p.escp": "ESC/P is not read yet",
    "made/foo2zjs-p1102-a4-40p.prn": "ZjStream is not read yet",
    "made/splix-phaser6110-a4-10p.prn": "QPDL is not read yet",
}


@functools.cache
def described() -> dict[str, dict[str, Any]]:
    if not PDL.is_dir():
        return {}
    files: dict[str, dict[str, Any]] = json.loads((PDL / "expected.json").read_text())["files"]
    return files


@functools.cache
def facts_of(name: str) -> DocumentFacts:
    with (PDL / name).open("rb") as file:
        return analyse(file)


def expected_pages(entry: dict[str, Any]) -> int | None:
    """The number that the other tools agree on or that was known beforehand; None where nobody can tell."""
    told = entry["facts"]
    match entry["format"]:
        case "pdf":
            counts = {told["pages_pdfinfo"], told["pages_qpdf"]} - {None, 0}
            return counts.pop() if len(counts) == 1 else None
        case "ps":
            return told.get("pages_gs")
        case "jpeg":
            return 1
        case "made":
            return told["known_by_construction"]["pages"] if "pages_tiffinfo" not in str(told) else None
        case "pwg" | "urf" | "pcl5" | "pclxl":
            return told["pages_structure"]
    return None


def names(*formats: str) -> list[str]:
    return [name for name, entry in described().items() if entry["format"] in formats]


@needs_testdata
@pytest.mark.parametrize("family", ["pdf", "ps", "pwg", "urf", "pcl5", "pclxl", "jpeg", "made"])
def test_page_counts_agree_with_other_readers(family):
    """Every file has the pages that other readers find in it, but for named exceptions. SC-TRACK-03, SC-TDF-110"""
    wrong = {
        name: (expected, facts_of(name).pages)
        for name in names(family)
        if (expected := expected_pages(described()[name])) is not None and facts_of(name).pages != expected
    }
    assert {name: counts for name, counts in wrong.items() if name not in EXCEPTIONS} == {}


@needs_testdata
def test_every_exception_is_still_one():
    """A file that agrees now must leave the table."""
    settled = [name for name in EXCEPTIONS if facts_of(name).pages == expected_pages(described()[name])]
    assert settled == []


@needs_testdata
def test_page_sizes_agree_with_another_reader():
    """Sizes of PDF pages are those of another reader, to a tenth of a millimetre or two. SC-TDF-132"""
    wrong = []
    for name in names("pdf"):
        told, facts = described()[name]["facts"], facts_of(name)
        first = next(iter(told.get("page_sizes_pt", ())), None)
        if first is None or not facts.page_runs or facts.page_runs[0].width_mm is None or name in EXCEPTIONS:
            continue
        turned = first.get("rotate", 0) % 180 == 90
        size_pt = (first["h"], first["w"]) if turned else (first["w"], first["h"])
        run = facts.page_runs[0]
        if any(abs(mm - pt * 25.4 / 72) > 0.2 for mm, pt in zip((run.width_mm, run.height_mm), size_pt, strict=True)):
            wrong.append((name, size_pt, (run.width_mm, run.height_mm)))
    assert len(wrong) <= 6, wrong


def pages_in(runs: list[list[int]]) -> set[int]:
    return {page for first, last in runs for page in range(first, last + 1)}


@needs_testdata
def test_colour_pages_are_those_that_look_coloured():
    """Of all PDF pages whose colour was told, at least 95 in 100 look as told when they are rendered. SC-TDF-144"""
    told_right = told = 0
    for name in names("pdf"):
        rendered = described()[name]["facts"].get("poppler_colour_pages")
        facts = facts_of(name)
        if rendered is None or name in EXCEPTIONS:
            continue
        looks = pages_in(rendered)
        for run in facts.page_runs:
            if run.color is not None:
                told += run.pages
                told_right += sum((page in looks) == run.color for page in range(run.first, run.last + 1))
    assert told > 1000
    assert told_right / told >= 0.95


@needs_testdata
@pytest.mark.parametrize(
    ("name", "sides", "media"),
    [
        ("made/pxlmono-a4-duplex-long-4p.pxl", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("made/urf-a4-gray-duplex-long-4p.urf", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("made/urf-letter-colour-simplex-4p.urf", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("made/ljet4d-duplex-8p.pcl", Sides.TWO_SIDED_LONG_EDGE, "iso_a4_210x297mm"),
        ("made/cljet5-letter-colour-1p.pcl", None, "na_letter_8.5x11in"),
        ("pcl5/joblex__a4-5p-1up-2sided.pcl5", Sides.TWO_SIDED_LONG_EDGE, "na_letter_8.5x11in"),
        ("pclxl/gstests__tiger.px3", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("ps/joblex__a4-5p-1up-1sided.ps", Sides.ONE_SIDED, "na_letter_8.5x11in"),
        ("pwg/cups__onepage-a4-300-black-1.pwg", Sides.ONE_SIDED, "iso_a4_210x297mm"),
    ],
)
def test_sides_and_media_of_drivers_jobs(name, sides, media):
    """What was asked of the driver is found in its output. SC-TDF-132, SC-TDF-133"""
    facts = facts_of(name)
    assert (facts.sides, facts.page_runs[0].media) == (sides, media)


@needs_testdata
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
    assert facts_of(name).has_color is color


@needs_testdata
def test_who_printed_stands_in_a_windows_drivers_job():
    """The names in PJL become facts. SC-TDF-113, SC-TDF-131"""
    facts = facts_of("pclxl/gstests__tiger.px3")
    assert (facts.user, facts.host, facts.title, facts.driver) == (
        "henrys",
        "WARTHOG",
        "tiger.pdf",
        "HP Color LaserJet 4600",
    )
