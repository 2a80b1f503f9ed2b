"""Colour of the pages of real PDF files, beside another renderer."""

from __future__ import annotations

from tests.documents.test_corpus import described, facts_of, names, pages_in
from tests.testdata import needs_testdata

SHARE_MIN = 0.995
_LINK_BORDERS = "frames around links, without the Print flag: on a screen only"

# Pages where a rendering for the screen says something else, and why.
DIFFERENCES = {
    ("pdf/pdfjs__page_with_number_and_link.pdf", 1): _LINK_BORDERS,
    ("pdf/pypdf__mistitled_outlines_example.pdf", 1): _LINK_BORDERS,
    ("pdf/pypdf__pdflatex-outline.pdf", 1): _LINK_BORDERS,
    ("pdf/safedocs__list-of-uri-actions-with-base.pdf", 1): _LINK_BORDERS,
    ("pdf/pdfjs__issue17215.pdf", 1): "carets without the Print flag: on a screen only",
    ("pdf/pdfjs__annotation-line-without-appearance.pdf", 1): "a line that the file brings no appearance for",
}


@needs_testdata
def test_colour_pages_are_those_that_look_coloured():
    """Of all pages whose colour was told at least 995 in 1000 look as told, and each other is explained. SC-TDF-144"""
    told, unlike = 0, set()
    for name in names("pdf"):
        rendered = described()[name]["facts"].get("poppler_colour_pages")
        if rendered is None:
            continue
        looks = pages_in(rendered)
        for run in facts_of(name).page_runs:
            if run.color is None:
                continue
            told += run.pages
            unlike |= {(name, page) for page in range(run.first, run.last + 1) if (page in looks) != run.color}
    assert unlike <= DIFFERENCES.keys()
    assert told > 1900
    assert 1 - len(unlike) / told >= SHARE_MIN


@needs_testdata
def test_a_page_is_left_open_for_a_reason():
    """Only files that are locked or damaged have pages whose colour is not told."""
    silent = [name for name in names("pdf") if facts_of(name).color_unknown_pages and not facts_of(name).problems]
    assert silent == []
