"""Days of a month in one text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.meters import COUNT_MAX
from platen.policy.fleet.month_days import GAP_MAX, DayMeters, MonthDays
from platen.policy.fleet.rollups import total_of

MARCH = date(2026, 3, 1)
NAMES = st.sampled_from(["total", "total.color", "print", "print.mono", "copy", "scan-send", "größe"])
MOVES = st.dictionaries(NAMES, st.integers(1, COUNT_MAX), max_size=5)
ADDED = st.lists(st.tuples(st.integers(1, 31), MOVES), max_size=60)


def of(days: MonthDays) -> dict[int, DayMeters]:
    """Its days by their number, as they are read from what is stored."""
    found = list(MonthDays(days.text).of(MARCH))
    assert [each.day for each in found] == sorted(each.day for each in found)
    return {each.day.day: each for each in found}


@given(ADDED)
def test_each_day_has_the_sum_of_its_moves(added: list[tuple[int, Mapping[str, int]]]) -> None:
    """In whatever order moves come, and however often it is stored in between, each day's are put together."""
    days = MonthDays()
    for number, moved in added:
        days.add(number, moved)
        days = MonthDays(days.text)
    wanted = {number: total_of(moved for each, moved in added if each == number) for number, _ in added}
    assert {number: each.moved for number, each in of(days).items()} == wanted


@given(ADDED)
def test_pages_and_colour_are_those_of_the_total(added: list[tuple[int, Mapping[str, int]]]) -> None:
    """A day's pages are the meter `total`, its colour pages `total.color`; a day without them has none."""
    days = MonthDays()
    for number, moved in added:
        days.add(number, moved)
    for name, pages in (("total", "pages"), ("total.color", "color")):
        wanted = sum(moved.get(name, 0) for _, moved in added)
        assert sum(getattr(each, pages) for each in of(days).values()) == wanted


@given(st.dictionaries(st.integers(1, 31), st.tuples(st.text(max_size=40), MOVES), max_size=8))
def test_what_is_to_be_known_of_a_day_stays_with_it(notes: dict[int, tuple[str, Mapping[str, int]]]) -> None:
    """Sentences and the meters at a day's end are those of this day, and of no other."""
    days = MonthDays()
    days.add(15, {"total": 1})
    for number, (gap, at_end) in notes.items():
        days.add(number, {}, gap=gap, at_end=at_end)
    found = of(days)
    for number, (gap, at_end) in notes.items():
        assert (found[number].gap, found[number].at_end) == (gap.strip(), at_end)
        assert days.is_anchored(number) == bool(at_end)
    assert all(not each.gap and not each.at_end for number, each in found.items() if number not in notes)


def test_sentences_of_a_day_add_up_once() -> None:
    """The same sentence is said once; together they are no longer than is kept."""
    days = MonthDays()
    for gap in ("Not read since Monday.", "The counter was reset.", "Not read since Monday.", "x" * 500):
        days.add(3, {"total": 1}, gap=gap)
    gap = of(days)[3].gap
    assert gap.startswith("Not read since Monday. The counter was reset. x")
    assert len(gap) == GAP_MAX


def test_a_month_of_an_office_machine_is_small() -> None:
    """31 days with six meters are less than a kilobyte, and no day is no text."""
    days = MonthDays()
    for number in range(1, 32):
        days.add(number, {"total": 480, "total.color": 129, "print": 384, "print.mono": 288, "copy": 96, "scan": 68})
    assert len(days.text) < 1_000
    assert MonthDays().text == ""
    assert list(MonthDays().of(MARCH)) == []
