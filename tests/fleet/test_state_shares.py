"""Shares of time over the fleet, from spans that are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from platen.fleet.models import Machine, StateSpan
from platen.fleet.reports import Wish, report
from platen.fleet.state_shares import longest_in, shares_of_fleet, shares_of_machines
from tests.fleet.machines import START, machine

pytestmark = pytest.mark.usefixtures("tenant")
END = START + timedelta(hours=100)


def known(name: str, *spans: tuple[str, float, float | None], since_h: float = -1000) -> Machine:
    """A machine found at an hour after START, in these states from hour to hour; None: still."""
    made = machine(name, found_at=_at(since_h))
    for state, began, ended in spans:
        StateSpan.objects.create(
            machine=made, state=state, began_at=_at(began), ended_at=None if ended is None else _at(ended)
        )
    return made


def _at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_shares_of_the_whole_fleet() -> None:
    """Spans are cut to the time asked for, open ones go on to its end, what nobody saw is unknown. EMC-REPT-09"""
    known("a", ("ready", -50, 60), ("error", 60, 90), ("ready", 90, None))
    known("b", ("off", 20, 40), ("silent", 40, None))
    shares = shares_of_fleet(START, END)
    assert shares.all_s == pytest.approx(200 * 3600)
    seconds = {state: round(length / 3600, 3) for state, length in shares.seconds.items()}
    assert seconds == {"ready": 70, "error": 30, "off": 20, "silent": 60, "unknown": 20}
    assert shares.of("off", "silent") == pytest.approx(0.4)


def test_a_machine_counts_from_when_it_was_found() -> None:
    """Before that it was nobody's, and not unknown."""
    made = known("new", ("warning", 75, None), since_h=75)
    ((_, shares),) = shares_of_machines(START, END, [made.pk])
    assert shares.all_s == pytest.approx(25 * 3600)
    assert shares.of("warning") == pytest.approx(1)
    assert shares_of_fleet(START, END).of("unknown") == 0


def test_who_was_longest_in_a_choice() -> None:
    """The choices go from service calls alone to all troubles, and from silent to off or silent. EMC-REPT-09"""
    first = known("a", ("warning", 0, 50), ("service", 50, 55), ("ready", 55, None))
    second = known("b", ("error", 0, 20), ("silent", 20, None))
    left = known("unmanaged", ("service", 0, None))
    Machine.objects.filter(pk=left.pk).update(managed=False)

    def names(choice: str) -> list[str]:
        return [each.device.name for each, _ in longest_in(choice, START, END, 10)]

    assert {choice: names(choice) for choice in ("service", "error", "warning", "off", "silent")} == {
        "service": ["a"],
        "error": ["b", "a"],
        "warning": ["a", "b"],
        "off": ["b"],
        "silent": ["b"],
    }
    assert [each.pk for each, _ in longest_in("warning", START, END, 1)] == [first.pk]
    assert second.pk != first.pk


def test_the_report_of_shares() -> None:
    """A row for each managed machine whose shares come to the whole."""
    known("a", ("ready", -50, None))
    known("b")
    table = report(Wish("shares", days=3))
    rows = [list(row)[-7:] for row in table.rows]
    assert len(table.head) == 12
    assert [sum(row) for row in rows] == [pytest.approx(100, abs=0.1)] * 2
    assert rows[1] == [0, 0, 0, 0, 0, 0, 100]


def test_nothing_is_known() -> None:
    """A fleet without machines has no shares."""
    assert shares_of_fleet(START, END).of("ready") == 0
