"""Reports on pages and as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from platen.directory.models import Role
from platen.eventlog.actor import Actor
from platen.eventlog.audit import record_audit
from platen.fleet import state_summaries
from platen.fleet.deleting import delete_devices
from platen.fleet.group_paths import set_group_at
from platen.fleet.models import Alert, Machine, MonthMeters
from platen.fleet.regions import set_region
from platen.fleet.task_kinds import targets
from platen.policy.fleet.rollups import month_of
from platen.tasks.models import Run, Task
from platen.tasks.services import TaskValues, add_task, start_now
from tests.console.conftest import World
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

PAGE = "/console/reports/"
MAILED = {"name": "R", "when": "none", "format": "csv", "to": "desk@example.org,\nboss@example.org"}


@pytest.fixture
def copier(world: World) -> Machine:
    """A device that counted pages this month."""
    now = timezone.now()
    Machine.objects.filter(pk=world.device.pk).update(counted_at=now, maker="Halden", firmware="4.1")
    machine: Machine = Machine.objects.select_related("device").get(pk=world.device.pk)
    month = month_of(timezone.localdate(now))
    MonthMeters.objects.create(machine=machine, day=month, pages=1200, color=200, moved={"copy": 30})
    return machine


def cells(client: Client, **query: str) -> list[list[str]]:
    """The table of a page, as texts."""
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return [[cell.text for cell in row] for row in answer.context["shown"].rows]


def test_the_usage_of_a_device_that_is_out_of_management(copier: Machine, admin: Client) -> None:
    """It shows what it counted while it was looked after, and says since when nothing is added. EMC-DREM-01"""
    own = f"/console/devices/{copier.device.uuid}/usage/"
    assert "out of management" not in admin.get(own).content.decode()
    Machine.objects.filter(pk=copier.pk).update(managed=False)
    page = admin.get(own)
    assert [row[0].text for row in page.context["shown"].rows] == ["total", "total.color", "copy"]
    day = timezone.localdate().isoformat()
    assert f"counters were read last on {day}" in " ".join(page.content.decode().split())
    assert admin.get(PAGE, {"kind": "usage", "by": "device"}).context["shown"].rows == []
    Machine.objects.filter(pk=copier.pk).update(counted_at=None)
    assert "its counters were never read" in admin.get(own).content.decode()


@pytest.mark.parametrize("kind", ["usage", "counters", "status", "shares", "alerts", "supplies", "firmware", "devices"])
def test_each_report_has_a_page_and_a_file(copier: Machine, admin: Client, kind: str) -> None:
    """Shown and exported in every format. EMC-REPT-01 EMC-EXP-04"""
    assert admin.get(PAGE, {"kind": kind}).status_code == 200
    for file_format in ("csv", "txt", "xlsx"):
        file = admin.get(f"{PAGE}export/", {"kind": kind, "format": file_format})
        assert file.headers["Content-Disposition"].endswith(f'.{file_format}"')
    assert zipfile.is_zipfile(io.BytesIO(file.content))


def test_the_form_says_what_is_shown(world: World, copier: Machine, admin: Client) -> None:
    """What nobody chose stands in the form as it is in the table: months."""
    for query in ({}, {"kind": "usage"}, {"kind": "usage", "by": "device"}):
        assert admin.get(PAGE, query).context["form"]["interval"].value() == "month"
    assert admin.get(PAGE, {"kind": "shares"}).context["form"]["interval"].value() == ""


def test_what_is_shown_is_what_is_chosen(copier: Machine, admin: Client) -> None:
    """A report that nobody has changed says that it is by months, and its columns of numbers are columns of numbers."""
    answer = admin.get(PAGE, {"kind": "usage"})
    assert answer.context["form"]["interval"].value() == "month"
    numbers = {place for place, (_head, is_number) in enumerate(answer.context["shown"].heads) if is_number}
    assert numbers
    for row in answer.context["shown"].rows:
        assert {place for place, cell in enumerate(row) if cell.is_number} == numbers


def test_what_is_chosen_is_kept(world: World, copier: Machine, admin: Client) -> None:
    """A report opens again as the person left it; its address says it all, for whoever follows it.

    EMC-REPT-02 EMC-REPT-03
    """
    chosen = {"by": "maker", "counter": "copy", "interval": "month", "periods": "2", "order": "name", "scope": ""}
    answer = admin.post(f"{PAGE}?kind=usage", chosen)
    assert answer.status_code == 302
    expected = [["Halden", "1", "–", "30", "30", "–"]]
    assert cells(admin) == expected
    shown = admin.get(answer.headers["Location"])
    assert [cell.text for cell in shown.context["shown"].rows[0]] == expected[0]
    file = admin.get(f"{PAGE}export/", {"kind": "usage", **chosen, "format": "csv"}).content.decode()
    assert "Halden,1,,30,30," in file
    refused = admin.post(f"{PAGE}?kind=usage", {**chosen, "scope": "Group: nobody"})
    assert refused.status_code == 422
    assert "no group or region" in refused.content.decode()
    empty = admin.get(PAGE, {"kind": "usage", **chosen, "by": "device", "scope": "Group: Colour"})
    assert "Nothing to report" in empty.content.decode()


def test_a_group_that_is_gone_narrows_nothing(world: World, copier: Machine, admin: Client) -> None:
    """The form says all devices, and so does the table; groups in groups are chosen by their paths."""
    groups = [set_group_at(f"{site}:Library:Floor 1", by=ADMIN) for site in ("North", "South")]
    offered = admin.get(PAGE, {"kind": "devices"}).context["form"].scopes
    assert [offered[f"Group: {site}:Library:Floor 1"] for site in ("North", "South")] == [
        ("group", group.pk) for group in groups
    ]
    chosen = {"scope": "Group: South:Library:Floor 1", "order": "name"}
    assert admin.post(f"{PAGE}?kind=devices", chosen).status_code == 302
    assert cells(admin, kind="devices") == []
    groups[1].delete()
    assert admin.get(PAGE, {"kind": "devices"}).context["form"]["scope"].value() == ""
    assert [row[0] for row in cells(admin, kind="devices")] == [copier.device.name]


def test_from_a_device_to_all_of_its_counters(copier: Machine, admin: Client) -> None:
    """A line leads to the device's own counters, by other periods as one likes. EMC-REPT-07"""
    own = f"/console/devices/{copier.device.uuid}/usage/"
    assert own in admin.get(PAGE, {"kind": "usage", "by": "device"}).content.decode()
    answer = admin.get(own, {"interval": "year", "periods": "2"})
    assert [[cell.text for cell in row][:3] for row in answer.context["shown"].rows] == [
        ["total", "–", "1,200"],
        ["total.color", "–", "200"],
        ["copy", "–", "30"],
    ]
    assert admin.get(own, {"interval": "century"}).status_code == 200


def test_page_by_page(world: World, copier: Machine, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many devices as a page has, then the next."""
    monkeypatch.setattr("platen.console.report_view.PAGE_SIZE", 1)
    other = Machine.objects.exclude(pk=copier.pk).first()
    pages = [cells(admin, kind="devices", page=str(number)) for number in (1, 2)]
    assert [len(page) for page in pages] == ([1, 1] if other else [1, 0])
    assert cells(admin, kind="devices", page="99999999999") == []


def test_sums_of_very_many_devices_are_for_files(
    copier: Machine, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take long is not summed up on a page; pages and colour by months are, and a file has all of it."""
    monkeypatch.setattr("platen.console.report_view.LARGE", 0)
    assert state_summaries.LARGE > 0
    assert admin.get(PAGE, {"kind": "usage", "by": "counter"}).context["shown"].too_large
    assert cells(admin, kind="usage", by="maker", interval="year")
    assert "copy," in admin.get(f"{PAGE}export/", {"kind": "usage", "by": "counter"}).content.decode()


def test_a_page_has_so_many_lines(copier: Machine, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that reported very much does not make a page that nobody can load; a file has all of it."""
    monkeypatch.setattr("platen.console.report_view.LINES_MAX", 3)
    for number in range(5):
        told = {"key": f"k{number}", "code": "jam", "severity": 2, "training": "untrained"}
        Alert.objects.create(machine=copier, began_at=timezone.now(), **told)
    answer = admin.get(PAGE, {"kind": "alerts"})
    assert len(answer.context["shown"].rows) == 3
    assert "a file has all of it" in answer.content.decode()
    assert len(admin.get(f"{PAGE}export/", {"kind": "alerts"}).content.decode().splitlines()) == 6


def test_the_audit_trail_is_narrowed_and_exported(world: World, admin: Client) -> None:
    """By who and by what it is about, on the page and in a file. EMC-REPT-14"""
    record_audit(Actor("berta", None, "console"), "region_set", "Campus")
    record_audit(Actor("berta", None, "console"), "task_added", "Nightly")
    page = admin.get("/console/audit/", {"who": "berta", "area": "tasks"})
    assert [entry.subject for entry in page.context["page"].entries] == ["Nightly"]
    assert "berta" in page.context["people"]
    file = admin.get("/console/audit/export/", {"who": "berta", "format": "csv"}).content.decode()
    assert "Nightly" in file
    assert "Campus" in file
    assert "the-administrator" not in file


class TestMailing:
    """Reports that tasks mail."""

    def test_everything_that_a_report_is_asked_is_kept(self, copier: Machine, admin: Client) -> None:
        """Report, periods, columns, recipients by commas and lines, priority, language: as the form shows them again.

        EMC-RMAI-02 EMC-RMAI-04 EMC-RMAI-06
        """
        chosen = {
            "report": "usage",
            "by": "device",
            "interval": "week",
            "periods": "4",
            "columns_usage": ["name", "sum"],
        }
        told = {"mail_result": "desk@example.org", "mail_format": "csv", "mail_columns": ["target", "state"]}
        mail = {"important": "on", "language": "de", "cc": "chef@example.org", "mail_language": "de", **told}
        assert admin.post("/console/tasks/add/?kind=report", {**MAILED, **chosen, **mail}).status_code == 302
        task = Task.objects.get(name="R")
        assert task.settings["wish"] == {"interval": "week", "periods": 4, "columns": ["name", "sum"]}
        assert task.settings["to"] == ["desk@example.org", "boss@example.org"]
        assert (task.settings["important"], task.settings["language"]) == (True, "de")
        assert task.report_to["columns"] == ["target", "state"]
        form = admin.get(f"/console/tasks/{task.uuid}/").context["form"]
        assert form["interval"].value() == "week"
        assert form["columns_usage"].value() == ["name", "sum"]
        assert form["mail_format"].value() == "csv"
        assert form["important"].value() is True

    def test_the_audit_trail_is_mailed_by_those_who_see_it(
        self, world: World, admin: Client, as_role: Callable[[Role], Client]
    ) -> None:
        """Nobody else can choose it, nor change a task that mails it, in a step either. EMC-RMAI-09"""
        manager = as_role(Role.DEVICE_MANAGER)
        chosen = {**MAILED, "report": "audit", "area": "tasks"}
        assert manager.post("/console/tasks/add/?kind=report", chosen).status_code == 422
        assert admin.post("/console/tasks/add/?kind=report", chosen).status_code == 302
        task = Task.objects.get(name="R")
        assert task.settings["wish"] == {"area": "tasks"}
        step = {"kind": "report", "settings": task.settings}
        batch = add_task("B", TaskValues(kind="batch", settings={"steps": [step]}), by=ADMIN)
        for each in (task, batch):
            assert manager.get(f"/console/tasks/{each.uuid}/").status_code == 403
            assert admin.get(f"/console/tasks/{each.uuid}/").status_code == 200
            for verb in ("start", "duplicate"):
                assert manager.post(f"/console/tasks/{each.uuid}/{verb}/").status_code == 403, verb
        assert not Run.objects.filter(name__in=["R", "B"]).exists()
        north = set_region("North", "", "", by=ADMIN)
        refused = admin.post(f"/console/tasks/{task.uuid}/", {**chosen, "regions": [str(north.pk)]})
        assert refused.status_code == 422
        assert "of the whole organisation" in refused.content.decode()
        batched = {"name": "C", "when": "none", "step_0": "report", "report_0": "audit", "format_0": "csv"}
        assert manager.post("/console/tasks/add/?kind=batch", {**batched, "to_0": "a@example.org"}).status_code == 422


def test_moments_are_those_of_the_organisation(copier: Machine, admin: Client) -> None:
    """A report's moments follow the organisation's clock, as everything does."""
    Machine.objects.filter(pk=copier.pk).update(read_at=datetime.fromisoformat("2026-03-02T23:30:00+00:00"))
    (row,) = [row for row in cells(admin, kind="status") if row[0] == copier.device.name]
    assert row[-1] == timezone.localtime(Machine.objects.get(pk=copier.pk).read_at).strftime("%Y-%m-%d %H:%M")


def test_devices_of_a_task_are_picked(world: World, copier: Machine, admin: Client) -> None:
    """Groups, single devices by their names, and conditions; shown again, and a name that is none is said.

    EMC-TASK-02 EMC-TASK-12
    """
    assert world.group is not None
    form = {"name": "Picked", "when": "none", "active": "on", "groups": [str(world.group.pk)]}
    chosen = {**form, "devices": f"{copier.device.name}\n\n{copier.device.name}", "mail_result": "desk@example.org"}
    assert admin.post("/console/tasks/add/?kind=read", chosen).status_code == 302
    task = Task.objects.get(name="Picked")
    assert task.target == {"groups": [world.group.pk], "devices": [copier.pk]}
    assert task.report_to["mail"] == ["desk@example.org"]
    assert admin.get(f"/console/tasks/{task.uuid}/").context["form"]["devices"].value() == copier.device.name
    refused = admin.post("/console/tasks/add/?kind=read", {**form, "name": "x", "devices": "nobody"})
    assert "no managed device, or several: nobody" in refused.content.decode()
    many = "\n".join(f"device {number}" for number in range(5_001))
    assert admin.post("/console/tasks/add/?kind=read", {**form, "name": "x", "devices": many}).status_code == 422


def test_a_task_of_a_deleted_device_is_no_task_of_all(world: World, copier: Machine, admin: Client) -> None:
    """Its device was deleted; whoever changes something else of the task does not make it one for every device."""
    other = machine("old", address="127.0.0.9")
    task = add_task("Restart", TaskValues(kind="restart", target={"devices": [other.pk]}), by=ADMIN)
    delete_devices([other.pk], by=ADMIN)
    address = f"/console/tasks/{task.uuid}/"
    typed = admin.get(address).context["form"]["devices"].value()
    assert admin.post(address, {"name": "Nightly", "when": "none", "devices": typed}).status_code == 302
    task.refresh_from_db()
    assert (task.name, targets(task.target)) == ("Nightly", [])


def test_runs_of_one_task(world: World, admin: Client) -> None:
    """The history lists all runs with their state and time, or those of one task. EMC-HIST-01"""
    other = add_task("Other", TaskValues(kind="read"), by=ADMIN)
    start_now(other, by=ADMIN)
    every = admin.get("/console/tasks/")
    assert [run.name for run in every.context["runs"]] == ["Other", "Read everything"]
    assert "Waiting" in every.content.decode()
    assert [run.name for run in admin.get("/console/tasks/", {"task": other.uuid}).context["runs"]] == ["Other"]
    assert admin.get("/console/tasks/", {"task": "nonsense"}).status_code == 200
