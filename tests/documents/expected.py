"""What other programs found in the recorded print files, in our own terms; None where nobody can tell."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any

from platen.documents.facts import Sides
from platen.documents.media import MM_PER_POINT, size_of_media
from tests.testdata import TESTDATA

PDL = TESTDATA / "pdl"
SIZE_TOLERANCE_MM = 1.0  # readers round to whole points; papers differ by more

Pages = frozenset[int]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The facts of one file. Of PDF pages, `safe` are those on whose colour both renderers agree."""

    family: str
    pages: int | None
    sizes: dict[int, Size] | None = None  # by page, from 1, as it is seen
    color_pages: Pages | None = None
    safe: Pages = frozenset()
    sides: Sides | None = None


@functools.cache
def entries() -> dict[str, dict[str, Any]]:
    """Every file with what is told of it; nothing where the files are absent."""
    if not PDL.is_dir():
        return {}
    files: dict[str, dict[str, Any]] = json.loads((PDL / "expected.json").read_text())["files"]
    return files


@functools.cache
def expected_of(name: str) -> Expected:
    entry = entries()[name]
    family, told = entry["format"], entry["facts"]
    pages = _pages(family, told)
    return Expected(
        family=family,
        pages=pages,
        sizes=_sizes(told.get("page_sizes_pt")) if family in ("pdf", "ps", "xps") else _made_sizes(family, told, pages),
        color_pages=_color_pages(family, told, pages),
        safe=_safe_pages(told),
        sides=_sides(family, told),
    )


def passwords_of(name: str) -> list[str]:
    """Passwords that open a file which does not open without one."""
    told = entries()[name]["facts"]
    return [] if told.get("opens_without_password", True) else told.get("passwords_known", [])


def _pages(family: str, told: dict[str, Any]) -> int | None:
    match family:
        case "pdf":
            counts = {told["pages_pdfinfo"], told["pages_qpdf"]} - {None, 0}
            return counts.pop() if len(counts) == 1 else None
        case "ps":
            return told.get("pages_gs")
        case "jpeg":
            return 1
        case "made":
            known = told["known_by_construction"]["pages"]
            return int(known) if known is not None else None
        case "tiff":
            return told.get("pages_tiffinfo")
        case "xps":
            return told["pages_mupdf"]
        case "pwg" | "urf" | "pcl5" | "pclxl":
            return told["pages_structure"]
        case "zpl":
            return _labels(told)
    return None


def _labels(told: dict[str, Any]) -> int | None:
    """Whole formats that download nothing: each is a label."""
    plain = not told["downloads"] and told["labels_XA"] == told["labels_XZ"]
    return int(told["labels_XA"]) if plain else None


def _sizes(runs: list[dict[str, Any]] | None) -> dict[int, Size] | None:
    if not runs:
        return None
    sizes: dict[int, Size] = {}
    for run in runs:
        size = (run["w"] * MM_PER_POINT, run["h"] * MM_PER_POINT)
        turned = run.get("rotate", 0) % 180 == 90
        for page in range(run["pages"][0], run["pages"][1] + 1):
            sizes[page] = (size[1], size[0]) if turned else size
    return sizes


def _made_sizes(family: str, told: dict[str, Any], pages: int | None) -> dict[int, Size] | None:
    if family != "made" or pages is None:
        return None
    names = {"A4": "iso_a4_210x297mm", "Letter": "na_letter_8.5x11in"}
    named = names.get(str(told["known_by_construction"].get("paper")))
    size = size_of_media(named) if named else None
    return dict.fromkeys(range(1, pages + 1), size) if size else None


def pages_in(runs: list[list[int]]) -> Pages:
    return frozenset(page for first, last in runs for page in range(first, last + 1))


def _color_pages(family: str, told: dict[str, Any], pages: int | None) -> Pages | None:
    if family == "made":
        known = told["known_by_construction"].get("colour")
        return None if known is None or pages is None else frozenset(range(1, pages + 1) if known else ())
    key = {"pdf": "poppler_colour_pages", "ps": "gs_rendered_colour_pages", "xps": "colour_pages"}.get(family)
    runs = told.get(key) if key else None
    return None if runs is None else pages_in(runs)


def _safe_pages(told: dict[str, Any]) -> Pages:
    if "poppler_colour_pages" not in told or "gs_colour_pages" not in told:
        return frozenset()
    rendered, inked = pages_in(told["poppler_colour_pages"]), pages_in(told["gs_colour_pages"])
    every = frozenset(range(1, min(told["gs_inkcov_pages"], told["poppler_rendered_pages"]) + 1))
    return frozenset(page for page in every if (page in rendered) == (page in inked))


def _sides(family: str, told: dict[str, Any]) -> Sides | None:
    if family == "made":
        return _named_sides(str(told["known_by_construction"].get("duplex", "")))
    return None


def _named_sides(words: str) -> Sides | None:
    if "long" in words:
        return Sides.TWO_SIDED_LONG_EDGE
    if "short" in words:
        return Sides.TWO_SIDED_SHORT_EDGE
    return Sides.ONE_SIDED if words.lower() in ("none", "no", "false", "simplex", "off") else None
