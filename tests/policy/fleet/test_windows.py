"""Times of the week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.windows import DAYS, Span, WindowError, parse_windows

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, SATURDAY = datetime(2026, 6, 1, tzinfo=BERLIN), datetime(2026, 6, 6, tzinfo=BERLIN)
TIMES = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
SPANS = st.builds("{}-{}".format, TIMES, TIMES).filter(lambda text: text[:5] != text[6:])


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return day.replace(hour=hour, minute=minute)


def test_nothing_said_is_always() -> None:
    """Without any times, machines are read at every moment. EMC-COMM-15"""
    assert parse_windows({}).contains(MONDAY, BERLIN)


def test_standard_times_hold_every_day() -> None:
    """Several standard times are all open, and their end is not part of them. EMC-COMM-15"""
    windows = parse_windows({"standard": ["08:00-12:00", "13:00-18:00"]})
    assert windows.contains(at(MONDAY, 8), BERLIN)
    assert not windows.contains(at(MONDAY, 12), BERLIN)
    assert windows.contains(at(SATURDAY, 17, 59), BERLIN)


def test_a_weekday_s_own_times_go_first() -> None:
    """A weekday with times of its own has those instead of the standard ones. EMC-COMM-15"""
    windows = parse_windows({"standard": ["08:00-18:00"], "saturday": [], "monday": ["10:00-11:00"]})
    assert not windows.contains(at(SATURDAY, 9), BERLIN)
    assert not windows.contains(at(MONDAY, 9), BERLIN)
    assert windows.contains(at(MONDAY, 10), BERLIN)


def test_over_midnight_is_two_times() -> None:
    """A time over midnight goes until 24:00 and on from 0:00. EMC-COMM-16"""
    assert parse_windows(["22:00-06:00"]).standard == (Span(0, 360), Span(1320, 1440))
    assert parse_windows(["22:00-24:00", "00:00-06:00"]) == parse_windows(["22:00-06:00"])


def test_over_midnight_of_a_weekday_ends_on_the_next() -> None:
    """Saturday's night ends on Sunday morning, and Sunday keeps its standard times."""
    windows = parse_windows({"standard": ["08:00-18:00"], "saturday": ["22:00-02:00"]})
    sunday = SATURDAY + timedelta(days=1)
    assert windows.contains(at(sunday, 1), BERLIN)
    assert windows.contains(at(sunday, 9), BERLIN)
    assert not windows.contains(at(SATURDAY, 1), BERLIN)


def test_the_next_opening() -> None:
    """Outside, the next moment inside is known, over closed days too."""
    windows = parse_windows({"standard": ["08:00-18:00"], "saturday": [], "sunday": []})
    friday_evening = datetime(2026, 6, 5, 19, tzinfo=BERLIN)
    assert windows.opens(friday_evening, BERLIN) == datetime(2026, 6, 8, 6, tzinfo=UTC)
    assert windows.opens(at(MONDAY, 9), BERLIN) == at(MONDAY, 9)
    assert parse_windows({day: [] for day in DAYS}).opens(friday_evening, BERLIN) is None


@pytest.mark.parametrize(
    "stored", ["08:00-18:00", {"someday": []}, ["8 to 9"], ["25:00-26:00"], ["08:00-08:00"], ["08:61-09:00"], [1], 5]
)
def test_what_is_no_time_is_said(stored: object) -> None:
    """Times that cannot be read are refused with a sentence."""
    with pytest.raises(WindowError, match=r"\."):
        parse_windows(stored)


@given(
    st.fixed_dictionaries({}, optional={name: st.lists(SPANS, max_size=3) for name in ("standard", *DAYS)}),
    st.integers(1_700_000_000, 1_850_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)
def test_an_opening_is_inside_and_nothing_before_it_is(stored: dict[str, list[str]], moment: datetime) -> None:
    """The next opening is inside, and just before it is not, whatever the times."""
    windows = parse_windows(stored)
    opens = windows.opens(moment, BERLIN)
    if opens is None:
        assert not any(windows.contains(moment + timedelta(hours=hours), BERLIN) for hours in range(24 * 7))
    else:
        assert windows.contains(opens, BERLIN)
        assert opens == moment or not windows.contains(opens - timedelta(minutes=1), BERLIN)
