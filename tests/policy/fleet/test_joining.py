"""How far a machine's meters went, by two records of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.joining import Record, Stretch, base_of, joined, known_ahead

MARCH = date(2026, 3, 1)
LAST = 31


def on(number: int) -> date:
    return MARCH.replace(day=number)


def record(begin: int, end: int, days: Mapping[int, int], base: int | None = None, *, since: int = 0) -> Record:
    """Pages by day. since: from when on the last of them was not read before."""
    last = max(days, default=0)
    stretches = [Stretch(on(since if since and n == last else n), on(n), {"total": days[n]}) for n in sorted(days)]
    return Record(on(begin), on(end), stretches, {} if base is None else {"total": base})


def pages(first: Record, second: Record, *, at_once: bool = True) -> dict[int, int]:
    moves = joined(first, second, at_once=at_once)
    return {day.day: moved["total"] for day, moved in moves.items() if moved}


def test_what_one_catches_up_with_the_other_has_counted() -> None:
    """Days without a reading that one record counts later are those that the other counted meanwhile."""
    silent = record(1, 31, {4: 100, 10: 600}, since=5)
    there = record(5, 9, dict.fromkeys(range(6, 10), 100))
    assert pages(silent, there) == {4: 100, 6: 100, 7: 100, 8: 100, 9: 100, 10: 200}


def test_each_day_is_there_once() -> None:
    """Readings at other hours of the day put pages into other days, and add none."""
    assert sum(pages(record(1, 31, {2: 95, 3: 105, 4: 100}), record(2, 31, {2: 80, 3: 110, 4: 100})).values()) == 300


def test_what_was_counted_one_after_the_other_is_added() -> None:
    """A day on which one record ended and the other began has the pages of both."""
    assert pages(record(1, 2, {2: 10}), record(2, 5, {2: 8, 3: 1}), at_once=False) == {2: 18, 3: 1}


def test_the_second_goes_on_from_where_the_first_ended() -> None:
    """What the second counts after the first ended is added to what both had until then."""
    assert (
        sum(pages(record(1, 10, {4: 100, 10: 600}, since=5), record(5, 20, dict.fromkeys(range(6, 21), 100))).values())
        == 1_700
    )
    late = record(5, 20, {6: 100, 13: 700}, since=7)
    assert sum(pages(record(1, 10, dict.fromkeys(range(1, 11), 100)), late).values()) == 1_200


def test_meters_as_read_say_it_exactly() -> None:
    """Where the meters as first read are known, pages before the second record's first reading are its day's."""
    silent = record(1, 31, {4: 100, 20: 1_600}, 1_000, since=5)
    there = record(5, 9, dict.fromkeys(range(6, 10), 100), 1_150)
    assert pages(silent, there) == {4: 100, 6: 150, 7: 100, 8: 100, 9: 100, 20: 1_150}


@pytest.mark.parametrize("base", [50, 90_000])
def test_meters_that_cannot_be_the_same_are_not_compared(base: int) -> None:
    """A second record that began below or far above the first tells by its moves alone."""
    first, second = record(1, 31, {4: 100, 10: 600}, 1_000), record(5, 9, {6: 400}, base)
    assert known_ahead(first, second, "total") is None
    assert sum(pages(first, second).values()) == 700


def test_a_meter_that_was_set_back_has_no_base() -> None:
    """The meters as first read follow from those of now only where moves alone lead there."""
    stretches = [Stretch(on(2), on(2), {"total": 10, "copy": 4}), Stretch(on(3), on(3), {"total": 5})]
    kept = [(on(2), {"total": 110, "copy": 900})]
    assert base_of({"total": 115, "copy": 4, "scan": 7}, stretches, kept) == {"total": 100, "scan": 7}


read_on = st.sets(st.integers(1, LAST), min_size=1)


@given(st.lists(st.integers(0, 500), min_size=LAST, max_size=LAST), read_on, read_on)
def test_the_machine_went_as_far_as_its_meter(printed: list[int], one: set[int], other: set[int]) -> None:
    """Whenever two records of one machine were read, what comes of both is what its meter went from the first reading
    to the last, and no day before it was read has pages."""
    meter = [1_000]
    for each in printed:
        meter.append(meter[-1] + each)
    first, second = sorted((watched(meter, one), watched(meter, other)), key=lambda each: each.begin)
    if second.begin >= first.end:
        return
    found = pages(first, second)
    assert sum(found.values()) == meter[max(one | other)] - meter[min(one | other)]
    assert all(number in one | other for number in found)


def watched(meter: list[int], days: set[int]) -> Record:
    """A record that was read at the end of these days."""
    stretches, before = [], min(days)
    for number in sorted(days)[1:]:
        stretches.append(Stretch(on(before) + timedelta(days=1), on(number), {"total": meter[number] - meter[before]}))
        before = number
    return Record(on(min(days)), on(max(days)), stretches, {"total": meter[min(days)]})
