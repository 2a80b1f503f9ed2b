"""Whom tasks, reports and bulk changes mean."""

from __future__ import annotations

import pytest

from platen.console.forms.machines import ChangeForm
from platen.eventlog.event_lists import AuditFilter, page_of_audit
from platen.fleet.changing import AT_ONCE_MAX, Changes, change_machines
from platen.fleet.errors import InvalidValue
from platen.fleet.group_paths import set_group_at
from platen.fleet.groups import put_into, set_group, take_out_of
from platen.fleet.models import Machine
from platen.fleet.notice_rules import set_rule
from platen.fleet.running import start_run_for
from platen.fleet.target_names import unseen_of
from platen.fleet.task_kinds import READ, RESTART, targets
from platen.fleet.writing import WRITE
from platen.tasks.services import TaskValues, add_task
from platen.tenants.models import Tenant
from tests.console.conftest import a_rule
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.django_db


def names(target: dict[str, object]) -> list[str]:
    """The machines that a task means now."""
    return [name for _key, name, _zone in targets(target)]


def test_who_is_in_the_group_when_it_runs(tenant: Tenant) -> None:
    """A group is what tasks, notices and bulk changes are aimed at; who joins or leaves it after a task was made is
    meant, or not, from then on. EMC-DGRP-07"""
    first, second = machine("first"), machine("second", address="127.20.1.8")
    group = set_group_at("Site:Library", by=ADMIN)
    put_into(group, [first.pk], by=ADMIN)
    task = add_task("Read", TaskValues(kind="read", target={"groups": [group.parent_id]}), by=ADMIN)
    told = a_rule("Jams")
    told.mail_to = ["dora@example.org"]
    rule = set_rule(told, by=ADMIN, groups=[group.pk])
    assert names(task.target) == ["first"]
    put_into(group, [second.pk], by=ADMIN)
    take_out_of(group, [first.pk], by=ADMIN)
    assert names(task.target) == ["second"]
    assert list(rule.groups.all()) == [group]
    assert (str(group.pk), "Site:Library") in ChangeForm().fields["group_in"].choices  # type: ignore[attr-defined]
    ruled = set_group("Mute", by=ADMIN, conditions=[{"item": "name", "op": "equals", "values": ["first"]}])
    assert names({"groups": [ruled.pk]}) == ["first"]


def test_so_many_at_once(tenant: Tenant) -> None:
    """Up to 5,000 are dealt with at once; with more, it is to be done in parts, and nothing is done. EMC-DINF-06"""
    known = machine("first")
    many = range(known.pk, known.pk + AT_ONCE_MAX + 1)
    with pytest.raises(InvalidValue, match="5,000"):
        change_machines(many, Changes(managed=False), by=ADMIN)
    with pytest.raises(InvalidValue, match="5,000"):
        start_run_for(many, READ, "Read", {}, by=ADMIN)
    assert Machine.objects.get().managed
    assert change_machines(many[:AT_ONCE_MAX], Changes(managed=False), by=ADMIN) == 1
    assert not Machine.objects.get().managed


def test_a_name_with_the_sign_of_levels_stays(tenant: Tenant) -> None:
    """A group that was named so before its levels meant anything is moved nowhere by a change of something else."""
    old = set_group("Site:Library", by=ADMIN)
    set_group_at("Site:Library", by=ADMIN, group=old, comment="Beside the stairs")
    old.refresh_from_db()
    assert (old.name, old.parent, old.comment) == ("Site:Library", None, "Beside the stairs")
    set_group_at("Site:Archive", by=ADMIN, group=old)
    old.refresh_from_db()
    assert (old.name, str(old.parent)) == ("Archive", "Site")


def test_deleted_devices_stay_targets(tenant: Tenant) -> None:
    """What is kept of a task's devices when it is changed: those that are gone too, or a task that restarts one device
    would be one that restarts all."""
    gone, there = machine("gone"), machine("there", address="127.20.1.8")
    keys = [gone.pk, there.pk]
    gone.device.delete()
    assert unseen_of(keys) == keys[:1]
    assert names({"devices": unseen_of(keys)}) == []


@pytest.mark.parametrize("kind", [READ, RESTART, WRITE])
def test_runs_for_picked_devices_stand_under_devices(tenant: Tenant, kind: str) -> None:
    """Who restarted what is found in the part of the audit trail that is about devices. EMC-REPT-14"""
    start_run_for([machine("first").pk], kind, "Run", {}, by=ADMIN)
    (entry,) = page_of_audit(AuditFilter(area="devices"), size=1).entries
    assert entry.verb == f"{kind}_started"
