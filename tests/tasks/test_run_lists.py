"""Lists of runs."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from platen.fleet.regions import set_region
from platen.tasks.models import Result, Run, RunState, Task
from platen.tasks.run_lists import ORDERS, OUTCOMES, RunListing, known_order, page_of_runs
from platen.tenants.context import acting_for, acting_within
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATES = list(RunState)


@pytest.fixture
def runs() -> list[Run]:
    """Runs that differ in everything, some of them equal in each."""
    task = Task(name="Read", kind="read")
    task.save()
    made = []
    for number in range(23):
        run = Run(
            task=task if number % 2 else None,
            name=f"Run {number % 5}",
            kind="read",
            state=STATES[number % len(STATES)],
            due_at=NOW + timedelta(hours=number // 3),
            done=number % 4,
            failed=number % 3,
            by=("anna", "bert", "")[number % 3],
        )
        run.save()
        made.append(run)
    return made


def whole(listing: RunListing, size: int) -> list[Run]:
    """Every page, one after the other."""
    found: list[Run] = []
    after: str | None = ""
    while after is not None:
        page = page_of_runs(listing, after, size=size)
        found += page.runs
        after = page.after
    return found


@pytest.mark.parametrize("down", ["", "-"])
@pytest.mark.parametrize("order", ORDERS)
def test_each_column_in_order_page_by_page(runs: list[Run], order: str, down: str) -> None:
    """Every run once, by the column, of equals the newest first, whatever a page's size. EMC-TASK-14"""
    meant = sorted(runs, key=lambda run: -run.pk)
    meant.sort(key=lambda run: getattr(run, ORDERS[order]), reverse=bool(down))
    for size in (4, 23):
        assert [run.pk for run in whole(RunListing(order=down + order), size)] == [run.pk for run in meant]


def test_the_newest_come_first(runs: list[Run]) -> None:
    """Unless something else is asked for, or something that no list is ordered by."""
    newest = [run.pk for run in sorted(runs, key=lambda run: (run.due_at, run.pk), reverse=True)]
    assert [run.pk for run in page_of_runs(RunListing()).runs] == newest
    assert known_order("-password") == known_order("") == "-when"
    assert known_order("-name") == "-name"


def test_runs_of_one_task_and_with_one_outcome(runs: list[Run]) -> None:
    """Each alone and both together; what is no outcome narrows nothing. EMC-TASK-14"""
    task = Task.objects.get()
    assert {run.pk for run in whole(RunListing(task=task), 5)} == {run.pk for run in runs if run.task_id}
    for outcome, states in OUTCOMES.items():
        meant = {run.pk for run in runs if run.state in states}
        assert {run.pk for run in whole(RunListing(outcome=outcome), 5)} == meant
        both = {run.pk for run in runs if run.state in states and run.task_id}
        assert {run.pk for run in whole(RunListing(task=task, outcome=outcome), 5)} == both
    assert len(whole(RunListing(outcome="whatever"), 50)) == len(runs)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        [],
        ["a", "b"],
        ["a\0", 1],
        ["\ud800", 1],
        [3, 2**70],
        [2**40, 1],
        [None, 1],
        [True, True],
        ["2026-01-01", 1],
        ["0001-01-01T00:00+05:00", 1],
    ],
)
def test_an_altered_page_is_an_ordinary_one(runs: list[Run], order: str, wrong: object) -> None:
    """What an address says of where to go on is taken or passed over, and never an error."""
    after = wrong if isinstance(wrong, str) else base64.urlsafe_b64encode(json.dumps(wrong).encode()).decode()
    assert len(page_of_runs(RunListing(order=order), after).runs) <= len(runs)


def test_runs_of_others_are_not_there(runs: list[Run], other_tenant: Tenant) -> None:
    """Of another organisation nothing is listed."""
    with acting_for(other_tenant.id):
        assert page_of_runs(RunListing()).runs == []


def test_runs_that_do_nothing_to_ones_own_devices(tenant: Tenant) -> None:
    """Whose rights end at a region sees runs that are of it, or did something to a device in it: of those of other
    regions neither names nor counts. EMC-REGN-05 EMC-REGN-07"""
    whole, south = (set_region(name, "", f"{name}.example.org", by=ADMIN) for name in ("whole", "south"))
    north = set_region("north", "", "n.example.org", by=ADMIN, parent=whole)
    here, there = (machine(name, region=region) for name, region in (("here", north), ("there", south)))
    done = {
        "all of them": ([], [here, there]),
        "all, and there alone": ([], [there]),
        "nothing done": ([], []),
        "the whole": ([whole], [here]),
        "the whole, not here": ([whole], []),
        "own": ([north], []),
        "south": ([south], [there]),
        "south, moved here since": ([south], [here]),
    }
    for name, (regions, devices) in done.items():
        run = Run(name=name, kind="read")
        run.save()
        run.regions.set(regions)
        for each in devices:
            Result(run=run, device_id=each.pk, target=each.device.name).save()
    with acting_within([north.pk]):
        assert {run.name for run in page_of_runs(RunListing()).runs} == {"all of them", "the whole", "own"}
    with acting_within([]):
        assert page_of_runs(RunListing()).runs == []
    assert len(page_of_runs(RunListing()).runs) == len(done)
