"""States of two records of one machine as those of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.merging import Span, merge_spans

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


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
