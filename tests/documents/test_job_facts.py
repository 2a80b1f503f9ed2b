"""Impressions and sheets of a job."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PageRun, Sides
from platen.documents.job_facts import JobTicket, job_facts

A4, A3 = "iso_a4_210x297mm", "iso_a3_297x420mm"
LONG = Sides.TWO_SIDED_LONG_EDGE


def document(*runs: tuple[int, str | None, bool | None], mime: str = "application/pdf", **facts) -> DocumentFacts:
    page_runs, last = [], 0
    for count, media, color in runs:
        page_runs.append(PageRun(first=last + 1, last=last + count, media=media, color=color))
        last += count
    return DocumentFacts(format=mime, pages=last, page_runs=tuple(page_runs), **facts)


@pytest.mark.parametrize(
    ("pages", "sides", "sheets"), [(5, LONG, 3), (8, LONG, 4), (5, Sides.ONE_SIDED, 5), (1, LONG, 1)]
)
def test_two_sided_pages_share_sheets(pages, sides, sheets):
    """sheets = pages for simplex, ceil(pages / 2) for duplex; impressions = pages. SC-PRICE-04, SC-TDF-157"""
    facts = job_facts(document((pages, A4, True)), JobTicket(sides=sides))
    assert (facts.impressions, facts.sheets, facts.color_impressions) == (pages, sheets, pages)


def test_each_copy_begins_on_a_new_sheet():
    """Three copies of five pages two-sided are nine sheets, not eight. SC-PRICE-04"""
    facts = job_facts(document((5, A4, False)), JobTicket(copies=3, sides=LONG))
    assert (facts.pages, facts.impressions, facts.sheets, facts.copies) == (5, 15, 9, 3)


def test_mixed_sizes_keep_their_own_counts():
    """A change of size begins a new sheet, and each size has its numbers. SC-PRICE-01, SC-PRICE-08"""
    facts = job_facts(document((3, A4, False), (1, A3, True), (2, A4, None)), JobTicket(sides=LONG))
    a4, a3 = facts.media
    assert (a4.media, a4.impressions, a4.sheets, a4.color_unknown_impressions) == (A4, 5, 3, 2)
    assert (a3.media, a3.impressions, a3.sheets, a3.color_impressions) == (A3, 1, 1, 1)


def test_number_up_makes_one_impression_of_several_pages():
    """An impression is coloured where one of its pages is. SC-TRACK-03"""
    facts = job_facts(document((3, A4, False), (1, A4, True), (5, A4, False)), JobTicket(number_up=2))
    assert (facts.pages, facts.impressions, facts.color_impressions) == (9, 5, 1)


def test_page_ranges_pick_pages():
    """Only the pages asked for are printed."""
    facts = job_facts(document((4, A4, False), (4, A4, True)), JobTicket(page_ranges=((1, 1), (4, 5), (8, 99))))
    assert (facts.pages, facts.color_impressions) == (4, 2)


def test_monochrome_prints_no_colour():
    """print-color-mode=monochrome makes every impression mono. SC-TDF-134"""
    assert job_facts(document((2, A4, True)), JobTicket(print_color_mode="monochrome")).color_impressions == 0


def test_media_of_the_job_holds_for_files_that_are_fitted():
    """A PDF is fitted to the media of the job; PCL chooses its own. SC-TDF-132"""
    ticket = JobTicket(media=A4)
    assert job_facts(document((1, A3, False)), ticket).media[0].media == A4
    assert job_facts(document((1, A3, False), mime="application/vnd.hp-PCL"), ticket).media[0].media == A3


def test_what_stands_in_the_data_wins_where_the_device_obeys_it():
    """A driver's own copies and sides are not multiplied with the attributes of the job."""
    facts = document((2, A4, False), mime="application/vnd.hp-PCL", copies=3, sides=LONG)
    combined = job_facts(facts, JobTicket(copies=3, sides=Sides.ONE_SIDED))
    assert (combined.impressions, combined.sheets) == (6, 3)


def test_a_page_without_copies_is_not_printed():
    """PageCopies 0 makes no impression."""
    runs = (PageRun(first=1, last=1, media=A4), PageRun(first=2, last=2, media=A4, copies=0))
    facts = DocumentFacts(format="application/vnd.hp-PCLXL", pages=2, page_runs=runs)
    assert job_facts(facts, JobTicket()).impressions == 1


def test_unknown_pages_stay_unknown():
    """A job whose pages are not known has no impressions to charge before it is printed. SC-TDF-140"""
    facts = job_facts(DocumentFacts(format="application/octet-stream"), JobTicket(copies=2))
    assert (facts.pages, facts.impressions, facts.sheets) == (None, 0, 0)


run_lists = st.lists(
    st.tuples(st.integers(1, 20), st.sampled_from([A4, A3, None]), st.sampled_from([True, False, None])), max_size=6
)


@given(run_lists, st.integers(1, 16), st.integers(1, 5), st.sampled_from(Sides))
def test_the_numbers_agree_with_laying_out_page_by_page(runs, number_up, copies, sides):
    """Counting in runs gives what placing each page by hand gives. SC-PRICE-04"""
    pages = [(media, color) for count, media, color in runs for _ in range(count)]
    placed = [pages[start : start + number_up] for start in range(0, len(pages), number_up)]
    sheets, on_sheet, last = 0, 0, object()
    for group in placed:
        if not sides.is_two_sided or group[0][0] != last or on_sheet == 2:
            sheets, on_sheet = sheets + 1, 0
        on_sheet, last = on_sheet + 1, group[0][0]
    facts = job_facts(document(*runs), JobTicket(number_up=number_up, copies=copies, sides=sides))
    assert facts.impressions == len(placed) * copies
    assert facts.sheets == sheets * copies
    assert facts.color_impressions == copies * sum(any(color for _, color in group) for group in placed)


def test_sides_that_change_inside_a_job_are_counted_page_by_page():
    """Three pages on both sides, then two on one side: two sheets and two sheets. SC-PRICE-04, SC-TDF-133"""
    runs = (
        PageRun(first=1, last=3, media=A4, color=False),
        PageRun(first=4, last=5, media=A4, color=False, sides=Sides.ONE_SIDED),
    )
    facts = DocumentFacts(format="application/vnd.hp-PCL", pages=5, page_runs=runs, sides=LONG)
    on_paper = job_facts(facts, JobTicket(sides=Sides.ONE_SIDED))
    assert (on_paper.sheets, on_paper.sides) == (4, LONG)


def test_a_job_decides_on_sides_where_its_document_is_no_program():
    """Raster that was made for both sides is printed on one where the job says so."""
    facts = document((4, A4, False), mime="image/pwg-raster", sides=LONG)
    assert job_facts(facts, JobTicket()).sheets == 2
    assert job_facts(facts, JobTicket(sides=Sides.ONE_SIDED)).sheets == 4


def test_a_file_may_ask_the_device_to_lay_several_pages_on_a_side():
    """Five pages, two on a side, are three impressions; what the job itself asks for goes before it. SC-TRACK-03"""
    facts = document((5, A4, False), mime="application/vnd.hp-PCL", device_number_up=2)
    assert job_facts(facts, JobTicket()).impressions == 3
    assert job_facts(facts, JobTicket(number_up=4)).impressions == 2


@pytest.mark.parametrize(
    "document",
    [
        b"\x1b%-12345X@PJL SET COPIES=123456\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bEx\x0c\x1bE\x1b%-12345X",
        b"\x1bE\x1b&l10000Xx\x0c\x1bE",
        b"%!PS\n<< /NumCopies 20000 >> setpagedevice showpage\n",
    ],
)
def test_copies_beyond_all_reason_are_named(document):
    """Where more copies are asked for than are counted, the facts say so. SC-TDF-132"""
    facts = analyse(document)
    assert facts.copies == 9999
    assert facts.problems == ("More than 9,999 copies are asked for; 9,999 were counted.",)
