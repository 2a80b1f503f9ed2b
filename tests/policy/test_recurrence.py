"""When something is done."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.recurrence import Every, Once, RecurrenceError, Schedule, Unit, next_time, parse_schedule

BERLIN, LIMA, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Lima"), ZoneInfo("UTC")
START = date(2026, 1, 1)  # a Thursday


def local(text: str) -> datetime:
    """A time without a zone."""
    return datetime.fromisoformat(text)


def some(schedule: Schedule, number: int, after: str = "2026-01-01T00:00", zone: ZoneInfo = UTC_ZONE) -> list[str]:
    """The next local times, as people write them."""
    moment: datetime | None = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = []
    while len(found) < number and moment is not None:
        moment = next_time(schedule, moment, zone)
        if moment is not None:
            found.append(moment.astimezone(zone).strftime("%a %m-%d %H:%M"))
    return found


def test_once() -> None:
    """Once, and not again. EMC-TASK-06"""
    assert some(Once(local("2026-03-01T08:00")), 3) == ["Sun 03-01 08:00"]


def test_by_the_clock_of_each_target() -> None:
    """A schedule that follows its targets is 8 o'clock in each of their zones. EMC-TASK-07 EMC-AGNT-13 EMC-ARCH-10"""
    at_eight = Once(local("2026-03-02T08:00"))
    after = datetime(2026, 3, 1, tzinfo=UTC)
    assert next_time(at_eight, after, BERLIN) == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert next_time(at_eight, after, LIMA) == datetime(2026, 3, 2, 13, tzinfo=UTC)


def test_by_a_clock_of_its_own() -> None:
    """A schedule with a zone keeps to it, wherever the targets are. EMC-TASK-10"""
    daily = Every(Unit.DAYS, 1, START, time(8), zone="Europe/Berlin")
    assert next_time(daily, datetime(2026, 3, 1, tzinfo=UTC), LIMA) == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_every_so_many_days() -> None:
    """Every third day from the first on. EMC-TASK-08"""
    assert some(Every(Unit.DAYS, 3, START, time(6)), 3) == ["Thu 01-01 06:00", "Sun 01-04 06:00", "Wed 01-07 06:00"]


def test_weekdays_of_every_second_week() -> None:
    """Several weekdays of every second week. EMC-TASK-08"""
    schedule = Every(Unit.WEEKS, 2, START, time(6), weekdays=frozenset({0, 4}))
    assert some(schedule, 4) == ["Fri 01-02 06:00", "Mon 01-12 06:00", "Fri 01-16 06:00", "Mon 01-26 06:00"]


def test_a_day_of_the_month() -> None:
    """The last day of every month; the 31st is the last day of a shorter month, or leaves it out.

    EMC-TASK-08 EMC-TASK-09
    """
    last = ["Sat 01-31 00:00", "Sat 02-28 00:00", "Tue 03-31 00:00"]
    assert some(Every(Unit.MONTHS, 1, START, day=-1), 3) == last
    assert some(Every(Unit.MONTHS, 1, START, day=31), 3) == last
    skipping = Every(Unit.MONTHS, 1, START, day=31, skip_short=True)
    assert some(skipping, 3) == ["Sat 01-31 00:00", "Tue 03-31 00:00", "Sun 05-31 00:00"]


def test_a_weekday_of_the_month() -> None:
    """The second Tuesday of every third month; the last Friday of every month. EMC-TASK-08"""
    second = Every(Unit.MONTHS, 3, START, time(7), week=2, weekday=1)
    assert some(second, 2) == ["Tue 01-13 07:00", "Tue 04-14 07:00"]
    assert some(Every(Unit.MONTHS, 1, START, week=-1, weekday=4), 2) == ["Fri 01-30 00:00", "Fri 02-27 00:00"]


def test_minutes_are_counted_on() -> None:
    """Every 45 minutes from the start on, whatever the hour."""
    assert some(Every(Unit.MINUTES, 45, START), 2, "2026-01-01T00:50") == ["Thu 01-01 01:30", "Thu 01-01 02:15"]


def test_from_and_until() -> None:
    """Nothing before the first day and nothing after the last. EMC-TASK-10"""
    schedule = Every(Unit.DAYS, 1, date(2026, 1, 3), time(9), until=date(2026, 1, 4))
    assert some(schedule, 9) == ["Sat 01-03 09:00", "Sun 01-04 09:00"]


def test_the_hour_that_summer_time_leaves_out() -> None:
    """On the night that has no half past two, it is done when the clock says three, once."""
    nightly = Every(Unit.DAYS, 1, START, time(2, 30))
    nights = some(nightly, 3, "2026-03-27T12:00", BERLIN)
    assert nights == ["Sat 03-28 02:30", "Sun 03-29 03:00", "Mon 03-30 02:30"]


def test_the_hour_that_comes_twice() -> None:
    """On the night that has half past two twice, it is done at the first, once."""
    nightly = Every(Unit.DAYS, 1, START, time(2, 30))
    first = next_time(nightly, datetime(2026, 10, 24, 12, tzinfo=UTC), BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_time(nightly, first, BERLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        {"kind": "sometimes"},
        {"kind": "once", "at": "tomorrow"},
        {"kind": "every", "unit": "fortnights"},
        {"kind": "every", "n": 0},
        {"kind": "every", "n": 10**9},
        {"kind": "every", "weekdays": [7]},
        {"kind": "every", "day": 32},
        {"kind": "every", "week": 1},
        {"kind": "every", "week": 6, "weekday": 1},
        {"kind": "every", "zone": "Mars/Olympus"},
        {"kind": "every", "zone": "../../etc/passwd"},
        {"kind": "every", "start": "2026-02-02", "until": "2026-02-01"},
        {"kind": "every", "start": "2026-02-30"},
    ],
)
def test_what_is_no_schedule_is_refused(stored: object) -> None:
    """A schedule that makes no sense is refused with a sentence. EMC-UI-08"""
    with pytest.raises(RecurrenceError, match=r"\."):
        parse_schedule(stored)


schedules = st.builds(
    Every,
    unit=st.sampled_from(Unit),
    n=st.integers(1, 40),
    start=st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zone=st.sampled_from(["targets", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo"]),
    weekdays=st.frozensets(st.integers(0, 6)),
    day=st.none() | st.integers(1, 31) | st.just(-1),
    skip_short=st.booleans(),
)


@given(schedules, st.datetimes(local("2024-01-01"), local("2027-01-01")))
def test_times_go_forward(schedule: Every, after: datetime) -> None:
    """However it is set, the next time is later, not before the start, and stored schedules come back as they were."""
    assert parse_schedule(schedule.as_json()) == schedule
    moment = next_time(schedule, after.replace(tzinfo=UTC), LIMA)
    if moment is not None:
        assert moment > after.replace(tzinfo=UTC)
        assert moment.date() >= schedule.start - timedelta(days=1)
        again = next_time(schedule, moment, LIMA)
        assert again is None or again > moment


@given(st.dictionaries(st.sampled_from(["kind", "unit", "n", "at", "day", "zone", "start"]), st.text(max_size=9)))
def test_nothing_else_is_raised(stored: dict[str, str]) -> None:
    """Whatever a form sends gives a schedule or a sentence."""
    with contextlib.suppress(RecurrenceError):
        parse_schedule(stored | {"kind": "every"})
