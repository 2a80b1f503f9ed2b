"""Regions: which machines are in them, what is bound to them, and who."""

from __future__ import annotations

import pytest
from django.utils import timezone

from platen.access.regions import limit_to_regions, regions_of
from platen.console.forms.tasks import TaskForm
from platen.directory.errors import DirectoryError
from platen.directory.models import Role
from platen.directory.services import change_user, create_user
from platen.fleet.changing import Changes, change_machines
from platen.fleet.errors import FleetError
from platen.fleet.filters import group_members
from platen.fleet.groups import groups_of, ids_in, put_into, remove_group, set_group
from platen.fleet.history import fleet_days, top_machines
from platen.fleet.lists import power_counts, severity_counts
from platen.fleet.models import FleetDay, Group, Machine, MonthMeters, NoticeRule, Region
from platen.fleet.notice_rules import set_rule
from platen.fleet.places import set_place
from platen.fleet.queries_places import condition_by
from platen.fleet.regions import Regions, remove_region, set_region
from platen.fleet.task_kinds import targets
from platen.fleet.writing import start_writing
from platen.policy.fleet.month_days import MonthDays
from platen.services.fleet.doing import FleetTargets
from platen.services.tasks import TaskRunner
from platen.tasks.errors import TaskError
from platen.tasks.kinds import kind_named
from platen.tasks.models import Run, Task
from platen.tasks.services import TaskValues, add_task, change_task, recover, start_now
from platen.tenants.context import acting_within
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(tenant: Tenant) -> Region:
    """A region with a part."""
    return set_region("North", "10.1.0.0/16", "", by=ADMIN)


@pytest.fixture
def hall(north: Region) -> Region:
    """A region beneath another one, inside its addresses."""
    return set_region("Hall", "10.1.7.0/24", "", by=ADMIN, parent=north)


@pytest.fixture
def south(tenant: Tenant) -> Region:
    """Another region."""
    return set_region("South", "10.2.0.0/16", "", by=ADMIN)


def test_the_innermost_region_has_a_machine(north: Region, hall: Region, south: Region) -> None:
    """Of nested regions the innermost that holds an address has the machine; others may not overlap.

    EMC-REGN-02, EMC-REGN-10
    """
    assert Regions().of("10.1.7.9") == hall
    assert Regions().of("10.1.8.9") == north
    room = set_region(
        "Zoo, room 7", "10.1.7.128/25", "", by=ADMIN, parent=set_region("East", "", "", by=ADMIN, parent=hall)
    )
    assert Regions().of("10.1.7.200") == room
    assert Regions().of("10.3.0.1") is None
    with pytest.raises(FleetError, match="North"):
        set_region("Other", "10.1.9.0/24", "", by=ADMIN)
    with pytest.raises(FleetError, match="beneath itself"):
        set_region("North", "10.1.0.0/16", "", by=ADMIN, region=north, parent=hall)


def test_who_may_see_a_region_sees_those_beneath(north: Region, hall: Region, south: Region) -> None:
    """A person limited to a region is limited to it and those beneath it. EMC-REGN-05"""
    user = create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    assert regions_of(user) is None
    limit_to_regions(user, [north.pk], by=ADMIN)
    assert regions_of(user) == {north.pk, hall.pk}
    limit_to_regions(user, None, by=ADMIN)
    assert regions_of(user) is None


def test_whose_rights_hold_for_no_region_sees_and_makes_nothing(south: Region) -> None:
    """Where somebody has a limit and no region, their rights hold for nothing, not for everything: they see no device,
    and make no task, no run and no group, which would be for every device. EMC-REGN-03, EMC-REGN-04"""
    user = create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    limit_to_regions(user, [south.pk], by=ADMIN)
    user.regions.clear()
    assert regions_of(user) == frozenset()
    alone = machine("a")
    with acting_within(regions_of(user)):
        assert not Machine.objects.exists()
        with pytest.raises(TaskError, match="no region"):
            add_task("Read", TaskValues(kind="read"), by=ADMIN)
        with pytest.raises(FleetError, match="no region"):
            set_group("Mine", by=ADMIN)
        with pytest.raises(FleetError, match="no region"):
            start_writing([alone.pk], ["name"], by=ADMIN)
    assert not Task.objects.exists()
    assert not Run.objects.exists()


def test_administrators_have_no_region(south: Region) -> None:
    """An administrator cannot be limited, nor somebody with a limit become one; ordinary people have none.

    EMC-REGN-06
    """
    boss = create_user("boss", by=ADMIN, role=Role.ADMINISTRATOR)
    dora = create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    with pytest.raises(DirectoryError, match="cannot be limited"):
        limit_to_regions(boss, [south.pk], by=ADMIN)
    with pytest.raises(DirectoryError, match="cannot be limited"):
        limit_to_regions(create_user("anna", by=ADMIN), [south.pk], by=ADMIN)
    with pytest.raises(DirectoryError, match="at least one"):
        limit_to_regions(dora, [], by=ADMIN)
    limit_to_regions(dora, [south.pk], by=ADMIN)
    with pytest.raises(DirectoryError, match="hold for everything"):
        change_user(dora, by=ADMIN, role=Role.ADMINISTRATOR)


def test_a_group_with_regions_holds_machines_of_these(north: Region, hall: Region, south: Region) -> None:
    """A group with regions holds machines of these and those beneath only, by hand and by conditions. EMC-REGN-03"""
    in_hall, in_south = machine("h", region=hall, maker="Halden"), machine("s", region=south, maker="Halden")
    by_hand = set_group("By hand", by=ADMIN, regions=[north.pk])
    put_into(by_hand, [in_hall.pk], by=ADMIN)
    with pytest.raises(FleetError, match="none of the group's regions"):
        put_into(by_hand, [in_south.pk], by=ADMIN)
    rule = [{"item": "maker", "op": "equals", "values": ["Halden"]}]
    by_rule = set_group("By rule", by=ADMIN, regions=[north.pk], conditions=rule)
    assert ids_in(by_rule) == {in_hall.pk}
    assert list(Machine.objects.filter(group_members(by_rule))) == [in_hall]
    assert groups_of([in_hall.pk, in_south.pk]) == {in_hall.pk: {by_hand.pk, by_rule.pk}, in_south.pk: set()}
    with pytest.raises(FleetError, match="in none of these regions"):
        set_group("By hand", by=ADMIN, group=by_hand, regions=[south.pk])


def test_a_machine_that_moves_leaves_groups_of_other_regions(north: Region, hall: Region, south: Region) -> None:
    """A machine that is put into another region is in no group any more that is bound to regions without it, and a
    group holds none that came out of its regions in another way. EMC-REGN-03"""
    moving, silent = machine("m", region=north), machine("s", region=north)
    bound, free = set_group("Bound", by=ADMIN, regions=[north.pk]), set_group("Free", by=ADMIN)
    for group in (bound, free):
        put_into(group, [moving.pk, silent.pk], by=ADMIN)
    change_machines([moving.pk], Changes(region_id=hall.pk), by=ADMIN)
    assert ids_in(bound) == {moving.pk, silent.pk}
    change_machines([moving.pk], Changes(region_id=south.pk), by=ADMIN)
    Machine.objects.filter(pk=silent.pk).update(region=south)
    assert [each.machine_id for each in bound.memberships.all()] == [silent.pk]
    assert ids_in(bound) == frozenset()
    assert not Machine.objects.filter(group_members(bound)).exists()
    assert groups_of([moving.pk, silent.pk]) == {moving.pk: {free.pk}, silent.pk: {free.pk}}
    assert ids_in(free) == {moving.pk, silent.pk}


def test_what_is_made_with_a_limit_does_not_spread(north: Region, hall: Region, south: Region) -> None:
    """A task, a run or a group of somebody with a limit is bound to their own regions, not to parts that may go
    elsewhere. EMC-REGN-03, EMC-REGN-04"""
    with acting_within([north.pk, hall.pk]):
        task, group = add_task("Read", TaskValues(kind="read"), by=ADMIN), set_group("Mine", by=ADMIN)
        run = start_writing([machine("h", region=hall).pk], ["name"], by=ADMIN)
        assert task.limit == {north.pk, hall.pk}
    set_region("Hall", "10.2.7.0/24", "", by=ADMIN, region=hall, parent=south)
    for made in (task, group, run):
        assert [region.name for region in made.regions.all()] == ["North"]
    assert Task.objects.get().limit == {north.pk}


def test_a_group_of_somebody_with_a_limit(north: Region, south: Region) -> None:
    """Who is limited to regions makes groups of these, and removes none that holds another's. EMC-REGN-03"""
    with acting_within([north.pk]):
        mine = set_group("Mine", by=ADMIN)
        assert [region.name for region in mine.regions.all()] == ["North"]
        with pytest.raises(FleetError, match="your regions"):
            set_group("Theirs", by=ADMIN, regions=[south.pk])
    set_group("Inside", by=ADMIN, parent=mine, regions=[south.pk])
    with acting_within([north.pk]), pytest.raises(FleetError, match="not of your regions"):
        remove_group(mine, by=ADMIN)


def test_what_an_editor_does_not_see_stays(north: Region, south: Region) -> None:
    """Who edits a group or a task with less than everything in sight does not take the group out of its parent, nor
    a group out of the task's targets: nobody can choose again what they do not see. EMC-REGN-03, EMC-REGN-04"""
    everything = set_group("Everything", by=ADMIN)
    mine = set_group("Mine", by=ADMIN, parent=everything, regions=[north.pk])
    other = set_group("Other", by=ADMIN, regions=[north.pk])
    values = TaskValues(kind="read", target={"groups": [everything.pk]}, regions=[north.pk])
    task = add_task("Read", values, by=ADMIN)
    with acting_within([north.pk]):
        set_group("Renamed", by=ADMIN, group=mine)
        with pytest.raises(FleetError, match="not of your regions"):
            set_group("Renamed", by=ADMIN, group=mine, parent=other)
        form = TaskForm({"name": "Read", "when": "none", "regions": [north.pk]}, kind=kind_named("read"), task=task)
        assert form.is_valid(), form.errors
        change_task(task, form.values(), by=ADMIN)
    mine = Group.objects.get(pk=mine.pk)
    assert (mine.name, mine.parent) == ("Renamed", everything)
    assert Task.objects.get().target == {"groups": [everything.pk]}
    set_group("Renamed", by=ADMIN, group=mine)  # who sees the parent takes it out
    assert Group.objects.get(pk=mine.pk).parent is None


def test_a_task_with_regions_is_for_machines_of_these(north: Region, hall: Region, south: Region) -> None:
    """The targets of a task with regions are machines of these, and so are those of its runs. EMC-REGN-04"""
    machine("h", region=hall)
    machine("s", region=south)
    task = add_task("Read", TaskValues(kind="read", regions=[north.pk]), by=ADMIN)
    run = start_now(task, by=ADMIN)
    runner = TaskRunner(None, FleetTargets(), {})  # type: ignore[arg-type]  # the database is not asked by what is looked at
    assert [name for _key, name in runner._targets(run.pk) or ()] == ["h"]
    assert run.limit == {north.pk, hall.pk}
    with acting_within([south.pk]):
        assert [name for _key, name, _zone in targets({})] == ["s"]


def test_a_task_of_somebody_with_a_limit(north: Region, south: Region) -> None:
    """Who is limited to regions makes and sees tasks of these alone; a recovery is of the run's regions.

    EMC-REGN-04, EMC-REGN-05
    """
    add_task("Theirs", TaskValues(kind="read", regions=[south.pk]), by=ADMIN)
    everybody = add_task("Everybody's", TaskValues(kind="read"), by=ADMIN)
    add_task("Both", TaskValues(kind="read", regions=[south.pk, north.pk]), by=ADMIN)
    with acting_within([north.pk]):
        mine = add_task("Mine", TaskValues(kind="read"), by=ADMIN)
        assert [task.name for task in Task.objects.all()] == ["Mine"]
        with pytest.raises(TaskError, match="your regions"):
            change_task(mine, TaskValues(kind="read", regions=[south.pk]), by=ADMIN)
        run = start_now(mine, by=ADMIN)
        assert list(Run.objects.all()) == [run]
        Run.objects.filter(pk=run.pk).update(state="error")
        run.refresh_from_db()
        assert recover(run, by=ADMIN).limit == {north.pk}
    start_now(everybody, by=ADMIN)
    with acting_within([north.pk]):
        assert Run.objects.count() == 2


def test_a_region_that_tasks_are_bound_to_stays(north: Region) -> None:
    """A region is not removed while a task would become one for every device by that."""
    task = add_task("Read", TaskValues(kind="read", regions=[north.pk]), by=ADMIN)
    with pytest.raises(FleetError, match="tasks Read"):
        remove_region(north, by=ADMIN)
    run = start_now(task, by=ADMIN)
    task.delete()
    with pytest.raises(FleetError, match="still running Read"):
        remove_region(north, by=ADMIN)
    Run.objects.filter(pk=run.pk).update(state="success")
    remove_region(north, by=ADMIN)
    assert not Region.objects.exists()


def test_a_region_that_anybody_or_anything_is_bound_to_stays(north: Region) -> None:
    """A region is not removed while groups and notice rules would widen by that, or a person lose all: which they are
    is said. EMC-REGN-03"""
    user = create_user("dora", by=ADMIN, role=Role.DEVICE_MANAGER)
    limit_to_regions(user, [north.pk], by=ADMIN)
    group = set_group("Bound", by=ADMIN, regions=[north.pk])
    jams = NoticeRule(name="Jams", conditions=[{"what": "code", "values": ["jam"]}], mail_to=["desk@example.org"])
    rule = set_rule(jams, by=ADMIN, regions=[north.pk])
    with pytest.raises(FleetError, match="people dora; groups Bound; notice rules Jams"):
        remove_region(north, by=ADMIN)
    limit_to_regions(user, None, by=ADMIN)
    set_group("Bound", by=ADMIN, group=group)
    set_rule(rule, by=ADMIN)
    remove_region(north, by=ADMIN)
    assert not Region.objects.exists()


def test_counters_and_sums_are_of_ones_own_regions(north: Region, south: Region) -> None:
    """What is counted over the fleet is counted over one's regions where there is a limit. EMC-REGN-01"""
    floor = set_place("Floor", by=ADMIN)
    for name, region in (("n", north), ("s", south), ("t", south)):
        machine(name, region=region, place=floor, severity=2, power="no-response")
    today = timezone.localdate()
    FleetDay(day=today, pages=100, color=9).save()
    for name, pages in (("n", 7), ("s", 93)):
        days = MonthDays()
        days.add(today.day, {"total": pages, "total.color": 2})
        month = MonthMeters(machine=Machine.objects.get(device__name=name), day=today.replace(day=1))
        month.days, month.pages = days.text, pages
        month.save()
    assert severity_counts().error == 3
    assert fleet_days(today, today) == {today: (100, 9)}
    with acting_within([north.pk]):
        assert severity_counts().error == 1
        assert power_counts() == {"no-response": 1}
        assert condition_by("place", [floor.pk])[floor.pk].total == 1
        assert fleet_days(today, today) == {today: (7, 2)}
        assert [each.machine.device.name for each in top_machines(today)] == ["n"]
