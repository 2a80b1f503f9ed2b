"""Periods of reports and what was counted in them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.periods import (
    MOST,
    USUAL,
    Interval,
    Period,
    change_percent,
    counted_in,
    periods_until,
    sum_of,
)

THURSDAY = date(2026, 11, 26)


def test_as_many_as_usual() -> None:
    """A month of days, 25 weeks, a year of months, five years; of months up to a hundred. EMC-REPT-06"""
    assert {each.value: count for each, count in USUAL.items()} == {"day": 31, "week": 25, "month": 12, "year": 5}
    assert {each: len(periods_until(THURSDAY, each)) for each in Interval} == USUAL
    assert len(periods_until(THURSDAY, Interval.MONTH, 100)) == 100
    assert len(periods_until(THURSDAY, Interval.MONTH, 10_000)) == MOST[Interval.MONTH] == 100


@pytest.mark.parametrize(
    ("interval", "last", "before"),
    [
        ("day", (THURSDAY, THURSDAY), (date(2026, 11, 25), date(2026, 11, 25))),
        ("week", (date(2026, 11, 23), date(2026, 11, 29)), (date(2026, 11, 16), date(2026, 11, 22))),
        ("month", (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 10, 1), date(2026, 10, 31))),
        ("year", (date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_where_periods_begin_and_end(interval: str, last: tuple[date, date], before: tuple[date, date]) -> None:
    """Weeks begin on Monday; the period of today is the last. EMC-REPT-06"""
    found = periods_until(THURSDAY, Interval(interval))
    assert found[-2:] == (Period(*before), Period(*last))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Interval), st.integers(0, 200))
def test_periods_follow_each_other(today: date, interval: Interval, count: int) -> None:
    """No day between the first and the last is in none or in two, and today is in the last."""
    found = periods_until(today, interval, count)
    assert found[-1].first <= today <= found[-1].last
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))


def test_what_was_counted() -> None:
    """Days are added up in their week by meter; what lies outside is left out, and of nothing kept nothing is said."""
    weeks = periods_until(THURSDAY, Interval.WEEK, 3)
    moves = [
        (date(2026, 11, 8), {"total": 100}),  # the day before the first week
        (date(2026, 11, 9), {"total": 3, "copy": 1}),
        (date(2026, 11, 15), {"total": 4}),
        (date(2026, 11, 23), {"copy": 7}),
    ]
    assert counted_in(weeks, moves) == [{"total": 7, "copy": 1}, None, {"copy": 7}]


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 11, 26)), st.integers(0, 10**12)), max_size=40))
def test_nothing_is_lost(moves: list[tuple[date, int]]) -> None:
    """Whatever the periods, their sums are what was counted in all of them together."""
    year = periods_until(THURSDAY, Interval.YEAR, 2)
    months = periods_until(THURSDAY, Interval.MONTH, 12)
    by_year = counted_in(year, [(day, {"total": pages}) for day, pages in moves])
    by_month = counted_in(months, [(day, {"total": pages}) for day, pages in moves])
    assert sum_of(each and each["total"] for each in by_year) == sum_of(each and each["total"] for each in by_month)


def test_periods_are_compared() -> None:
    """The last whole period with the one before it; the one that goes on is not compared with whole ones."""
    assert change_percent([100, 200, 150, 3]) == -25.0
    assert change_percent([None, 3, 4, 1]) == 33.3
    for nothing in ([5, 3], [1, 0, 7, 1], [1, None, 7, 1], [1, 3, None, 1]):
        assert change_percent(nothing) is None
    assert sum_of([None, None]) is None
    assert sum_of([None, 0, 3]) == 3
