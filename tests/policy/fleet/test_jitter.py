"""When machines are read."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.jitter import ASLEEP_MAX_S, SILENT_MAX_S, Answered, interval_after, next_due

NUMBERS = st.integers(1, 2**40)
INTERVALS = st.integers(30, 14 * 86_400)


def test_a_fleet_is_spread_evenly_over_its_interval() -> None:
    """Of 50,000 machines read every five minutes, no second has more than half as many again as another would."""
    seconds = Counter(int(next_due(1_800_000_000, number, 300)) for number in range(1, 50_001))
    assert len(seconds) == 300
    assert max(seconds.values()) < 1.5 * 50_000 / 300


@given(NUMBERS, INTERVALS, st.floats(1e9, 2e9))
def test_the_next_moment_is_about_an_interval_away(number: int, interval: int, now: float) -> None:
    """It is never at once, and never more than one and a half intervals away."""
    assert interval / 2 - 1e-3 <= next_due(now, number, interval) - now <= 1.5 * interval + 1e-3


@given(NUMBERS, INTERVALS, st.floats(1e9, 2e9))
def test_a_machine_keeps_its_moment(number: int, interval: int, now: float) -> None:
    """From one visit on time to the next is one interval, however late the answer came within half of it."""
    due = next_due(now, number, interval)
    assert abs(next_due(due + interval * 0.4, number, interval) - due - interval) < 1e-3


@given(st.integers(60, 3600), st.integers(2, 50))
def test_silent_machines_are_asked_less_and_less_often(interval: int, failures: int) -> None:
    """Each try without an answer at most doubles the pause, up to a few hours."""
    earlier = interval_after(interval, Answered.NO, failures - 1)
    later = interval_after(interval, Answered.NO, failures)
    assert earlier <= later <= max(SILENT_MAX_S, interval)


def test_one_lost_answer_changes_nothing() -> None:
    """The first try without an answer is repeated at the usual interval."""
    assert interval_after(300, Answered.NO, 1) == 300


def test_asleep_is_not_down() -> None:
    """A machine that sleeps is asked more often than one that is silent."""
    assert interval_after(300, Answered.ASLEEP, 20) == ASLEEP_MAX_S < interval_after(300, Answered.NO, 20)


def test_a_long_interval_stays() -> None:
    """A machine that is read once a day is not read more often because it is silent."""
    assert interval_after(86_400, Answered.NO, 9) == 86_400
