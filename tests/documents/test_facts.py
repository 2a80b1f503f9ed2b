"""Facts as values: derived numbers, and the way to JSON and back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from platen.documents.facts import DocumentFacts, PageRun, PagesBasis, Sides

runs = st.builds(
    PageRun,
    first=st.integers(1, 100),
    last=st.integers(100, 200),
    media=st.none() | st.just("iso_a4_210x297mm"),
    width_mm=st.none() | st.floats(1, 2000),
    height_mm=st.none() | st.floats(1, 2000),
    color=st.none() | st.booleans(),
    blank=st.none() | st.booleans(),
    copies=st.integers(0, 9),
    sides=st.none() | st.sampled_from(Sides),
)
facts = st.builds(
    DocumentFacts,
    format=st.just("application/pdf"),
    pages=st.none() | st.integers(0, 10**6),
    pages_basis=st.sampled_from(PagesBasis),
    page_runs=st.lists(runs, max_size=3).map(tuple),
    copies=st.integers(1, 99),
    sides=st.none() | st.sampled_from(Sides),
    title=st.none() | st.text(),
    problems=st.lists(st.text(), max_size=2).map(tuple),
)


@given(facts)
def test_facts_survive_storage_as_json(original):
    """What is stored with a job is what the analysis found."""
    assert DocumentFacts.from_dict(json.loads(json.dumps(original.to_dict()))) == original


def test_keys_of_a_later_version_are_passed_over():
    """A node that is a release behind can read what a newer one stored."""
    stored = {"format": "application/pdf", "pages": 1, "ink": 3, "page_runs": [{"first": 1, "last": 1, "ink": 3}]}
    assert DocumentFacts.from_dict(stored).pages == 1


def test_colour_pages_are_counted_and_unknown_ones_apart():
    """Only pages known to be coloured count as colour pages. SC-TDF-144, SC-TDF-134"""
    document = DocumentFacts(
        format="application/pdf",
        pages=6,
        page_runs=(
            PageRun(first=1, last=2, color=True),
            PageRun(first=3, last=5, color=False),
            PageRun(first=6, last=6),
        ),
    )
    assert (document.color_pages, document.color_unknown_pages, document.has_color) == (2, 1, True)
    assert DocumentFacts(format="text/plain").has_color is None
