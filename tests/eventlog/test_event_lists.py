"""Lists of the event log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from platen.eventlog.event_lists import EventFilter, each_event, latest_events, page_of_events
from platen.eventlog.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def happened() -> list[str]:
    """Events stored in another order than they happened, two of them in one moment; as they are to be read."""
    minutes = (3, 1, 7, 7, 2, 9, 0)
    for number, minute in enumerate(minutes):
        at = NOW + timedelta(minutes=minute)
        Event.objects.create(at=at, kind="x", message=f"{minute}/{number}", device_id=5)
    return ["9/5", "7/3", "7/2", "3/0", "2/4", "1/1", "0/6"]


def test_by_their_moment(happened: list[str]) -> None:
    """Newest first by when it happened, whatever was stored first; within a moment the later written comes first."""
    assert [event.message for event in page_of_events(EventFilter()).events] == happened
    assert [event.message for event in each_event(EventFilter(), 100)] == happened
    assert [event.message for event in latest_events(10, device_id=5)] == happened


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_show_each_once(happened: list[str], size: int) -> None:
    """Page by page every event comes once, across equal moments too, and whatever is removed meanwhile."""
    shown: list[str] = []
    before: int | None = None
    while True:
        page = page_of_events(EventFilter(), before, size=size)
        shown += [event.message for event in page.events]
        before = page.next_before
        if before is None:
            break
    assert shown == happened
    assert page_of_events(EventFilter(), 10**9).events
