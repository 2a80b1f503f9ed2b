"""What came out of a job that a device cut short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.documents.facts import DocumentFacts, PageRun, Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.part_printed import part_printed

A4, A3 = "iso_a4_210x297mm", "iso_a3_297x420mm"
LONG = Sides.TWO_SIDED_LONG_EDGE


def document(*runs: tuple[int, str, bool | None]) -> DocumentFacts:
    page_runs, last = [], 0
    for count, media, color in runs:
        page_runs.append(PageRun(first=last + 1, last=last + count, media=media, color=color))
        last += count
    return DocumentFacts(format="application/pdf", pages=last, page_runs=tuple(page_runs))


def test_the_first_pages_count_and_their_own_colour() -> None:
    """Of 6 mono and 14 colour pages, 7 came out: 6 mono, 1 colour, and no page of the rest. SC-POST-01, SC-POST-02"""
    part = part_printed(document((6, A4, False), (14, A4, True)), JobTicket(), 7)
    assert (part.impressions, part.color_impressions, part.sheets, part.pages) == (7, 1, 7, 20)


def test_a_sheet_with_one_printed_side_has_left_the_tray() -> None:
    """Three impressions of a two-sided job are two sheets. SC-PRICE-04, SC-POST-01"""
    assert part_printed(document((8, A4, True)), JobTicket(sides=LONG), 3).sheets == 2


def test_sizes_that_did_not_come_out_are_not_there() -> None:
    """A job cut short before its A3 pages has none. SC-POST-01, SC-PRICE-01"""
    part = part_printed(document((2, A4, False), (3, A3, True)), JobTicket(), 2)
    assert [(tally.media, tally.impressions) for tally in part.media] == [(A4, 2)]


def test_copies_come_out_one_after_the_other() -> None:
    """Seven impressions of three copies of five pages: one copy and two pages, five sheets two-sided. SC-POST-01"""
    facts = document((2, A4, True), (3, A3, False))
    part = part_printed(facts, JobTicket(copies=3, sides=LONG), 7)
    assert [(t.media, t.impressions, t.color_impressions, t.sheets) for t in part.media] == [
        (A4, 4, 4, 2),
        (A3, 3, 0, 2),
    ]


def test_number_up_counts_impressions_not_pages() -> None:
    """With two pages on an impression, two impressions hold four pages and the colour of any. SC-POST-02"""
    part = part_printed(document((1, A4, True), (9, A4, False)), JobTicket(number_up=2), 2)
    assert (part.impressions, part.color_impressions) == (2, 1)


RUNS = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from([A4, A3]), st.sampled_from([True, False, None])),
    min_size=1,
    max_size=6,
)


@given(
    runs=RUNS,
    copies=st.integers(1, 4),
    sides=st.sampled_from(list(Sides)),
    number_up=st.sampled_from([1, 2, 4]),
    told=st.integers(0, 300),
)
def test_a_part_is_never_more_than_the_whole(
    runs: list[tuple[int, str, bool | None]], copies: int, sides: Sides, number_up: int, told: int
) -> None:
    """A part has exactly the impressions told, no more of anything than the whole, and all of it is the whole.
    SC-POST-01, SC-POST-02, SC-POST-03"""
    facts, ticket = document(*runs), JobTicket(copies=copies, sides=sides, number_up=number_up)
    whole, part = job_facts(facts, ticket), part_printed(facts, ticket, told)
    assert part.impressions == min(told, whole.impressions)
    assert part.color_impressions <= whole.color_impressions
    assert part.color_unknown_impressions <= whole.color_unknown_impressions
    assert part.sheets <= whole.sheets
    # Each further impression adds itself to the part, and at most one sheet.
    further = part_printed(facts, ticket, told + 1)
    assert 0 <= further.impressions - part.impressions <= 1
    assert 0 <= further.sheets - part.sheets <= 1
    assert part_printed(facts, ticket, whole.impressions) == whole
