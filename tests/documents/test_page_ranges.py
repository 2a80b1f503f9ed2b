"""Page ranges as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.page_ranges import LAST_PAGE, parse_page_ranges


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("3", ((3, 3),)),
        ("1-3,7", ((1, 3), (7, 7))),
        (" 12- , 2 - 4", ((2, 4), (12, LAST_PAGE))),
        ("5-9,1-3,4", ((1, 9),)),
        ("2,2", ((2, 2),)),
    ],
)
def test_ranges_are_sorted_and_joined(text, ranges):
    """What a person writes becomes ascending ranges that do not overlap."""
    assert parse_page_ranges(text) == ranges


@pytest.mark.parametrize("text", ["", "0", "3-1", "1-2-3", "a", "-3", "1,,2", "1.5", "9" * 10])
def test_what_is_no_range_is_refused_with_a_sentence(text):
    """The sentence quotes what was meant."""
    with pytest.raises(ValueError, match="is no range of pages"):
        parse_page_ranges(text)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), min_size=1, max_size=9))
def test_the_same_pages_are_meant_however_they_are_written(parts):
    """Every page named is in exactly one range, and no other is."""
    pages = {page for first, more in parts for page in range(first, first + more + 1)}
    ranges = parse_page_ranges(",".join(f"{first}-{first + more}" for first, more in parts))
    assert [page for first, last in ranges for page in range(first, last + 1)] == sorted(pages)
