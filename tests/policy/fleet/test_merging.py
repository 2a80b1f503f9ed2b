"""Two records of one machine as one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.merging import Span, merge_days, merge_spans
from platen.policy.fleet.month_days import DayMeters, MonthDays

MONTH = date(2026, 3, 1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(number: int, pages: int, **more: object) -> DayMeters:
    return DayMeters(MONTH.replace(day=number), {"total": pages}, **more)  # type: ignore[arg-type]


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def test_what_both_counted_at_once_is_there_once() -> None:
    """Of two records that were read at the same time the larger move of a day counts, and it is said what is spared."""
    kept, gone = [day(2, 10), day(3, 4, gap="Not read.")], [day(1, 7), day(2, 8), day(3, 5)]
    merged = merge_days(kept, gone, at_once=True)
    assert {each.day.day: each.pages for each in MonthDays(merged.text).of(MONTH)} == {1: 7, 2: 10, 3: 5}
    assert merged.moved == {"total": 22}
    assert merged.twice == {2: (8, 0), 3: (4, 0)}
    assert next(each.gap for each in MonthDays(merged.text).of(MONTH) if each.day.day == 3) == "Not read."


def test_what_was_counted_one_after_the_other_is_added() -> None:
    """A day on which one record ended and the other began has the pages of both."""
    merged = merge_days([day(2, 10)], [day(2, 8, at_end={"total": 90})], at_once=False)
    (only,) = MonthDays(merged.text).of(MONTH)
    assert (only.pages, only.at_end, merged.twice) == (18, {"total": 90}, {})


def test_what_nobody_saw_is_told_by_who_did() -> None:
    """While one record was silent it is as the other saw; where both saw, as the first says."""
    kept = [Span("ready", at(0), at(4)), Span("silent", at(4), at(10))]
    gone = [Span("error", at(2), at(6)), Span("ready", at(6))]
    assert merge_spans(kept, gone, at(12)) == [
        Span("ready", at(0), at(4)),
        Span("error", at(4), at(6)),
        Span("ready", at(6)),
    ]
    assert merge_spans([], [], at(1)) == []
    assert merge_spans(kept, [], at(12)) == kept


spans = st.lists(st.tuples(st.sampled_from(["ready", "error", "silent"]), st.integers(0, 20), st.integers(1, 5)))


@given(spans, spans)
def test_merged_states_follow_each_other(first: list[tuple[str, int, int]], second: list[tuple[str, int, int]]) -> None:
    """Whatever both say, what comes of it has no two states at once, and covers what either covered."""
    ours, theirs = (
        [Span(state, at(30 * n + begin), at(30 * n + begin + long)) for n, (state, begin, long) in enumerate(each)]
        for each in (first, second)
    )
    now = at(10_000)
    merged = merge_spans(ours, theirs, now)
    for one, other in pairwise(merged):
        assert one.end is not None
        assert one.end <= other.begin
    covered = sum(((each.end or now) - each.begin for each in merged), timedelta())
    hours = {
        each.begin + timedelta(hours=h)
        for each in (*ours, *theirs)
        for h in range(int((each.end - each.begin).seconds / 3600))
    }  # type: ignore[operator]
    assert covered == timedelta(hours=len(hours))
