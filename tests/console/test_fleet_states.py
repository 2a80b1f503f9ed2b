"""Shares of time as a page and as a file."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from platen.fleet.models import Machine, StateSpan
from tests.console.conftest import World

PAGE = "/console/fleet/states/"


def test_shares_are_shown_and_exported(world: World, admin: Client) -> None:
    """The whole fleet as a bar, who was longest in what is chosen, and all of it as a file. EMC-REPT-09"""
    now = timezone.now()
    machine = Machine.objects.get(pk=world.device.pk)
    Machine.objects.filter(pk=machine.pk).update(found_at=now - timedelta(days=60))
    StateSpan.objects.create(machine=machine, state="ready", began_at=now - timedelta(days=40))
    StateSpan.objects.filter(machine=machine).update(ended_at=now - timedelta(days=3))
    StateSpan.objects.create(machine=machine, state="error", began_at=now - timedelta(days=3))
    answer = admin.get(PAGE)
    assert {label: share for label, _css, share in answer.context["parts"]}["Error"] == "10.0%"
    ((shown, share, _all),) = answer.context["rows"]
    assert (shown.pk, share) == (machine.pk, "10.0%")
    assert not admin.get(PAGE, {"of": "silent"}).context["rows"]
    week = admin.get(PAGE, {"days": "7", "of": "nonsense"})
    assert week.context["rows"][0][1] == "42.9%"
    file = admin.get(f"{PAGE}export/", {"days": "7"})
    assert "42.8" in file.content.decode()
    assert file.headers["Content-Disposition"].endswith('.csv"')
