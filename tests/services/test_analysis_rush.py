"""Reading documents steps back while many jobs come at once."""

from __future__ import annotations

import asyncio
from unittest import mock

import pytest

from platen.services.analysis.rush import ARRIVALS, PAUSES_MAX, WINDOW_S, Rush


class Clock:
    """Goes on when it is told to; whoever sleeps has slept at once."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.slept = 0

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.slept += 1


@pytest.fixture
def clock():
    """The time that the rush and whoever waits go by."""
    return Clock()


@pytest.fixture
def rush(clock):
    """Nothing has come so far."""
    return Rush(clock)


def arrive(rush, clock, jobs, *, within_s):
    """So many jobs, evenly."""
    for _ in range(jobs):
        rush.count()
        clock.now_s += within_s / jobs


def test_jobs_now_and_then_are_no_rush(rush, clock):
    """As many jobs as one office sends are read as they come."""
    arrive(rush, clock, 10 * ARRIVALS, within_s=10 * ARRIVALS * 1.5 * WINDOW_S / ARRIVALS)
    assert not rush.is_on


def test_many_at_once_are_a_rush_until_none_came_for_two_windows(rush, clock):
    """What is over is noticed within half a second."""
    assert not rush.is_on
    arrive(rush, clock, ARRIVALS + 1, within_s=WINDOW_S / 2)
    assert rush.is_on
    clock.now_s += 2 * WINDOW_S
    assert not rush.is_on


def test_a_rush_goes_on_where_a_window_has_just_begun(rush, clock):
    """The window before counts as well, so a rush is no stutter."""
    arrive(rush, clock, 4 * ARRIVALS, within_s=2 * WINDOW_S)
    arrive(rush, clock, 1, within_s=0)
    assert rush.is_on


def test_a_rush_that_does_not_end_holds_a_reader_up_for_some_pauses_only(rush, clock):
    """However long jobs keep coming, each reader goes on with a document every few seconds."""

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        arrive(rush, clock, 2 * ARRIVALS, within_s=0)

    arrive(rush, clock, 2 * ARRIVALS, within_s=0)
    with mock.patch.object(asyncio, "sleep", sleep):
        asyncio.run(rush.pass_by())
    assert clock.slept == PAUSES_MAX


def test_a_reader_goes_on_as_soon_as_the_rush_is_over(rush, clock):
    """It waits no longer than it takes to see that nobody came."""
    arrive(rush, clock, 2 * ARRIVALS, within_s=0)
    with mock.patch.object(asyncio, "sleep", clock.sleep):
        asyncio.run(rush.pass_by())
    assert clock.slept == 2
