"""Tasks, their runs and results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platen.eventlog.models import Event
from platen.tasks.errors import NameTaken, TaskError
from platen.tasks.kinds import TaskKind, add_kind, kind_named
from platen.tasks.models import Result, Run, RunState, Task
from platen.tasks.running import (
    add_targets,
    begin_run,
    due_tasks,
    end_run,
    plan_runs,
    record_result,
    remove_old_runs,
    waiting_results,
    waiting_runs,
)
from platen.tasks.services import (
    TaskValues,
    add_task,
    cancel_run,
    change_task,
    duplicate_task,
    ensure_built_in,
    recover,
    remove_task,
    start_now,
)
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
DAILY = {"kind": "every", "unit": "days", "n": 1, "start": "2026-03-01", "at": "13:00", "zone": "targets"}
TARGETS = [(1, "lib-1f"), (2, "lib-2f"), (3, "lib-3f")]


def _even(settings: Any) -> dict[str, Any]:
    if settings.get("number", 0) % 2:
        raise TaskError("The number is odd.")
    return dict(settings)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """A kind of the tests' own."""
    from platen.tasks import kinds

    before = dict(kinds._KINDS)
    add_kind(TaskKind("polish", "Polish", "Makes it shine.", check=_even))
    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


@pytest.fixture
def task() -> Task:
    """A task that polishes every day at one o'clock, wherever the machine is."""
    return add_task("Polish", TaskValues(kind="polish", schedule=DAILY), by=ADMIN, now=NOW)


def begun(run: Run, targets: list[tuple[int, str]] = TARGETS) -> Run:
    """A run that goes on, with its targets."""
    taken = begin_run(run.pk, NOW)
    assert taken is not None
    add_targets(taken, targets)
    return taken


def ended_run(task: Task, *states: RunState) -> Run:
    """A run whose targets came out so."""
    run = begun(start_now(task, by=ADMIN, now=NOW), TARGETS[: len(states)])
    for result, state in zip(waiting_results(run), states, strict=True):
        record_result(result, state, "said", NOW)
    ended = end_run(run.pk, NOW)
    assert ended is not None
    return ended


class TestTask:
    """Adding, changing, duplicating, removing."""

    def test_duplicated(self, task: Task) -> None:
        """A copy has its settings, another name, and is not active. EMC-TASK-14 EMC-TASK-05"""
        first, second = duplicate_task(task, by=ADMIN), duplicate_task(task, by=ADMIN)
        assert (first.name, second.name) == ("Polish - Copy", "Polish - Copy 2")
        assert (first.active, first.next_at, first.schedule) == (False, None, task.schedule)

    def test_names_are_unique(self, task: Task) -> None:
        """A second task of the name is refused. EMC-TASK-04"""
        with pytest.raises(NameTaken):
            add_task("Polish", TaskValues(kind="polish"), by=ADMIN)

    def test_built_in(self) -> None:
        """A task that was always there is made once, keeps what people changed, and cannot be removed. EMC-BLTN-01
        EMC-TASK-01
        """
        built_in = ensure_built_in("Read", TaskValues(kind="polish", schedule=DAILY))
        change_task(built_in, TaskValues(kind="polish", schedule=DAILY, active=False), by=ADMIN)
        again = ensure_built_in("Read", TaskValues(kind="polish", schedule=DAILY))
        assert (again.pk, again.active) == (built_in.pk, False)
        with pytest.raises(TaskError, match="inactive"):
            remove_task(again, by=ADMIN)

    @pytest.mark.parametrize(
        "values",
        [
            TaskValues(kind="juggle"),
            TaskValues(kind="polish", settings={"number": 3}),
            TaskValues(kind="polish", schedule={"kind": "every", "n": 0}),
            TaskValues(kind="batch", settings={"steps": []}),
            TaskValues(kind="batch", settings={"steps": [{"kind": "polish", "settings": {"number": 3}}]}),
            TaskValues(kind="batch", settings={"steps": [{"kind": "batch", "settings": {"steps": []}}]}),
        ],
    )
    def test_what_cannot_be_done(self, values: TaskValues) -> None:
        """A task that makes no sense is refused with a sentence. EMC-UI-08"""
        with pytest.raises(TaskError, match=r"\."):
            add_task("x", values, by=ADMIN)

    def test_what_it_does_stays(self, task: Task) -> None:
        """A task does not become another one."""
        with pytest.raises(TaskError, match="Make another"):
            change_task(task, TaskValues(kind="batch", settings={"steps": [{"kind": "polish"}]}), by=ADMIN)

    def test_a_batch(self) -> None:
        """Its steps are checked by their own kinds. EMC-BTCH-01 EMC-BTCH-02"""
        steps = [{"kind": "polish", "name": "first", "settings": {"number": 4}}, {"kind": "end", "when": "error"}]
        batch = add_task("Both", TaskValues(kind="batch", settings={"steps": steps}), by=ADMIN)
        assert [step["kind"] for step in batch.settings["steps"]] == ["polish", "end"]
        assert kind_named("batch").in_batches is False


class TestSchedule:
    """Runs when it is time."""

    def test_in_each_time_zone_once(self, task: Task) -> None:
        """One run for each zone of its targets, when it is one o'clock there; never two. EMC-TASK-07"""
        zones = ["Europe/Berlin", "Europe/London"]
        assert plan_runs(task.pk, NOW, zones) == list(Run.objects.filter(time_zone="Europe/Berlin"))
        assert Run.objects.get().due_at == NOW  # 13:00 in Berlin
        assert plan_runs(task.pk, NOW, zones) == []
        later = NOW + timedelta(hours=1)
        assert [key for _, key in due_tasks(later)] == [task.pk]
        assert [run.time_zone for run in plan_runs(task.pk, later, zones)] == ["Europe/London"]
        task.refresh_from_db()
        assert task.next_at == NOW + timedelta(days=1)

    def test_a_server_that_was_off(self, task: Task) -> None:
        """What should have been done while the server was off is made up once, if it is not too long ago."""
        plan_runs(task.pk, NOW, ["UTC"])
        assert len(plan_runs(task.pk, NOW + timedelta(days=3, hours=1, minutes=30), ["UTC"])) == 1
        task.refresh_from_db()
        assert task.next_at == NOW + timedelta(days=4, hours=1)
        assert plan_runs(task.pk, NOW + timedelta(days=4, hours=9), ["UTC"]) == []

    def test_inactive_tasks_never_run(self, task: Task) -> None:
        """Set inactive, it is not due; active again, it is. EMC-TASK-05 EMC-BLTN-07"""
        change_task(task, TaskValues(kind="polish", schedule=DAILY, active=False), by=ADMIN, now=NOW)
        assert due_tasks(NOW + timedelta(days=9)) == []
        change_task(task, TaskValues(kind="polish", schedule=DAILY), by=ADMIN, now=NOW)
        assert len(due_tasks(NOW + timedelta(days=9))) == 1

    def test_now(self, task: Task) -> None:
        """Started by hand, it waits for the runner at once. EMC-TASK-06 EMC-BLTN-04"""
        run = start_now(task, by=ADMIN, now=NOW)
        assert [key for _, key in waiting_runs(NOW)] == [run.pk]


class TestRun:
    """A run and the results of its targets."""

    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            ((RunState.SUCCESS, RunState.SUCCESS), RunState.SUCCESS),
            ((RunState.SUCCESS, RunState.SKIPPED), RunState.SUCCESS),
            ((RunState.SUCCESS, RunState.ERROR, RunState.TIMEOUT), RunState.ERROR),
            ((RunState.SUCCESS, RunState.TIMEOUT), RunState.TIMEOUT),
            ((), RunState.SUCCESS),
        ],
    )
    def test_the_worst_result_is_that_of_the_run(
        self, task: Task, states: tuple[RunState, ...], expected: RunState
    ) -> None:
        """Success, error or out of time, counted by target. EMC-HIST-02 EMC-BLTN-08"""
        run = ended_run(task, *states)
        assert (run.state, run.done, run.targets) == (expected, len(states), len(states))
        assert Event.objects.filter(kind="task_run_ended").count() == 1

    def test_recovered(self, task: Task) -> None:
        """What failed is done again, and only that; recovering a recovery too. EMC-HIST-05"""
        run = ended_run(task, RunState.SUCCESS, RunState.ERROR, RunState.TIMEOUT)
        recovery = recover(run, by=ADMIN, now=NOW)
        again = begun(recovery)
        assert [each.target for each in waiting_results(again)] == ["lib-2f", "lib-3f"]
        assert again.name == "Polish (again)"
        with pytest.raises(TaskError, match="still goes on"):
            recover(again, by=ADMIN)
        for result in waiting_results(again):
            record_result(result, RunState.SUCCESS, "", NOW)
        end_run(again.pk, NOW)
        again.refresh_from_db()
        with pytest.raises(TaskError, match="Nothing failed"):
            recover(again, by=ADMIN)

    def test_called_off(self, task: Task) -> None:
        """What waits is left out; what is done stays done; what has ended cannot be called off. EMC-HIST-04"""
        run = begun(start_now(task, by=ADMIN, now=NOW))
        record_result(waiting_results(run)[0], RunState.SUCCESS, "", NOW)
        cancel_run(run, by=ADMIN)
        end_run(run.pk, NOW)
        assert list(Result.objects.order_by("id").values_list("state", flat=True)) == ["success"] + ["canceled"] * 2
        run.refresh_from_db()
        assert run.state == RunState.CANCELED
        with pytest.raises(TaskError, match="ended"):
            cancel_run(run, by=ADMIN)

    def test_a_server_that_stopped_in_between(self, task: Task) -> None:
        """A run that was begun goes on with the targets that wait, and has none twice."""
        run = begun(start_now(task, by=ADMIN, now=NOW))
        first = waiting_results(run)[0]
        record_result(first, RunState.SUCCESS, "", NOW)
        record_result(first, RunState.ERROR, "", NOW)
        again = begun(run)
        assert [each.target for each in waiting_results(again)] == ["lib-2f", "lib-3f"]
        assert (again.targets, again.done, again.failed) == (3, 1, 0)

    def test_old_runs_go(self, task: Task) -> None:
        """Runs older than the organisation keeps them are removed with their results. EMC-HIST-06"""
        ended_run(task, RunState.SUCCESS)
        assert remove_old_runs(NOW) == 0
        assert remove_old_runs(NOW + timedelta(seconds=1)) == 1
        assert not Result.objects.exists()

    def test_a_task_that_is_removed(self, task: Task) -> None:
        """Its runs stay to be read."""
        run = ended_run(task, RunState.SUCCESS)
        remove_task(task, by=ADMIN)
        assert Run.objects.get(pk=run.pk).name == "Polish"
