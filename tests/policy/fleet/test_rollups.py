"""Days of the place where a machine stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.rollups import day_length, day_of, first_moment, gap_sentence, month_of, total_of, zone

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def test_a_moment_s_day_is_that_of_the_place() -> None:
    """Late on Monday in UTC is Tuesday in Berlin and in Auckland. EMC-REPT-08"""
    moment = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert [day_of(moment, place) for place in (ZoneInfo("UTC"), BERLIN, AUCKLAND)] == [
        date(2026, 3, 2),
        date(2026, 3, 3),
        date(2026, 3, 3),
    ]


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_days_of_daylight_saving_are_shorter_and_longer(day: tuple[int, int, int], hours: int) -> None:
    """The day on which clocks change has 23 or 25 hours, and all of them are its own."""
    assert day_length(date(*day), BERLIN) == timedelta(hours=hours)


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.sampled_from([BERLIN, AUCKLAND, ZoneInfo("America/Sao_Paulo")]))
def test_a_day_s_first_moment_is_in_it_and_the_one_before_is_not(day: date, place: ZoneInfo) -> None:
    """Every moment belongs to exactly one day."""
    first = first_moment(day, place)
    assert day_of(first, place) == day
    assert day_of(first - timedelta(seconds=1), place) == day - timedelta(days=1)


def test_an_unknown_zone_is_the_organisation_s_then_utc() -> None:
    """A machine with a zone that nobody knows is counted by its organisation's days."""
    assert zone("Mars/Olympus", "Europe/Berlin") == BERLIN
    assert zone("", "") == ZoneInfo("UTC")


def test_moves_add_up() -> None:
    """A month's move is that of its days, meter by meter."""
    assert total_of([{"total": 3}, {"total": 4, "scan": 1}]) == {"total": 7, "scan": 1}
    assert month_of(date(2026, 2, 28)) == date(2026, 2, 1)


def test_a_gap_is_said_on_the_day_that_ends_it() -> None:
    """After a day without readings, the pages of that time stand on one day, and it says so."""
    assert gap_sentence(date(2026, 5, 1), date(2026, 5, 2)) == ""
    assert "2026-05-01" in gap_sentence(date(2026, 5, 1), date(2026, 5, 4))
    assert gap_sentence(None, date(2026, 5, 4)) == ""
