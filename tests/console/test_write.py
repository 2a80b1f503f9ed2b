"""Writing to devices from the console: what is chosen, tried and started."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from platen.fleet.models import Machine
from platen.tasks.models import Run, Task
from tests.console.conftest import World

WRITE = "/console/devices/write/"


def test_writing_is_tried_and_started(world: World, admin: Client) -> None:
    """What is picked and ticked becomes a run with a result for each device; trying it is said so. EMC-DINF-05"""
    Machine.objects.filter(pk=world.device.pk).update(contact="desk@example.org")
    ids = {"ids": str(world.device.pk)}
    page = admin.post(WRITE, ids).content.decode()
    assert "desk@example.org" in page
    assert "Library" in page
    tried = admin.post(WRITE, {**ids, "written": ["name", "contact"], "step": "try"})
    run = Run.objects.get(kind="write")
    assert tried.headers["Location"] == reverse("console:run", args=[run.uuid])
    devices = {"devices": [world.device.pk]}
    assert run.settings == {"fields": ["name", "contact"], "dry": True, "target": devices}
    assert (run.name, run.by) == ("Try to write to devices", "the-administrator")
    admin.post(WRITE, {**ids, "written": ["location"], "step": "write"})
    assert Run.objects.filter(kind="write", settings__dry=False).count() == 1
    assert admin.get(reverse("console:run", args=[run.uuid])).status_code == 200
    for wrong in ({}, {"written": ["serial"]}):
        assert admin.post(WRITE, {**ids, **wrong, "step": "write"}).status_code == 422
    assert Run.objects.filter(kind="write").count() == 2


def test_writing_as_a_task(world: World, admin: Client) -> None:
    """It can be scheduled: what is written is chosen with the task, and shown again."""
    where = f"{reverse('console:task-add')}?kind=write"
    given = {"name": "Places", "active": "on", "when": "none", "written": ["location", "contact"], "zone": "targets"}
    answer = admin.post(where, given)
    assert answer.status_code == 302, answer.context["form"].errors
    task = Task.objects.get(name="Places")
    assert task.settings == {"fields": ["location", "contact"], "dry": False}
    form = admin.get(reverse("console:task-edit", args=[task.uuid])).context["form"]
    assert form["written"].value() == ["location", "contact"]
