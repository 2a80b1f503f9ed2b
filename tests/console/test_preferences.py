"""What an organisation decides on its pages of settings: sign-in, how devices are read, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platen.access.passwords import set_password
from platen.console.forms.fleet_settings import FleetSettingsForm
from platen.directory.attempts import attempt_failed, end_locks, take_attempt
from platen.directory.errors import InvalidValue
from platen.directory.models import Role, User
from platen.directory.services import change_user, unlock_user
from platen.fleet.models import Machine
from platen.fleet.retention import forget_runs
from platen.fleet.settings import change_fleet_settings, fleet_settings
from platen.tasks.models import Result, Run
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.policy_changes import change_policy
from tests.console.conftest import World
from tests.fixtures_tenant import ADMIN

FLEET = "/console/settings/fleet/"


def test_how_devices_are_read_is_decided_on_a_page(admin: Client, as_role: Callable[[Role], Client]) -> None:
    """Intervals, times, limits of supplies and what is kept are changed on a page, in minutes and days. EMC-PREF-10

    Only administrators change them. EMC-COMM-01 EMC-COMM-18 EMC-PREF-01
    """
    form = FleetSettingsForm.initial_of(fleet_settings())
    form |= {"timeout_s": "3.5", "retries": 2, "keep_days_days": 400}
    form |= {"status_every_s": "2.5", "times": "06:00-20:00, 22:00-23:00", "keep_runs_days": 90, "collecting": "on"}
    assert admin.post(FLEET, form).status_code == 302
    decided = fleet_settings()
    assert (decided.status_every_s, decided.keep_runs_days) == (150, 90)
    assert (decided.timeout_s, decided.retries, decided.keep_days_days) == (3.5, 2, 400)
    assert "/console/credentials/" in admin.get(FLEET).content.decode()
    assert decided.windows == {"standard": ["06:00-20:00", "22:00-23:00"]}
    assert "06:00-20:00, 22:00-23:00" in admin.get(FLEET).content.decode()
    for wrong in ({"status_every_s": "0.1"}, {"times": "25:00-26:00"}, {"keep_runs_days": "0"}, {"retries": "x"}):
        assert admin.post(FLEET, form | wrong).status_code == 422, wrong
    assert as_role(Role.AUDITOR).post(FLEET, form).status_code == 403
    assert fleet_settings().keep_runs_days == 90


def test_times_of_single_weekdays_stay(admin: Client) -> None:
    """What the page does not ask for stays as it was."""
    change_fleet_settings(by=ADMIN, windows={"standard": ["06:00-20:00"], "sunday": []})
    form = FleetSettingsForm.initial_of(fleet_settings())
    admin.post(FLEET, form | {"times": "07:00-20:00"})
    assert fleet_settings().windows == {"standard": ["07:00-20:00"], "sunday": []}


def test_runs_of_tasks_are_kept_as_long_as_is_decided(world: World) -> None:
    """Runs that ended longer ago go with their results, others stay. EMC-PREF-10"""
    change_fleet_settings(by=ADMIN, keep_runs_days=30)
    now = timezone.now()
    old = start_now(add_task("Old", TaskValues(kind="read"), by=ADMIN), by=ADMIN)
    Run.objects.filter(pk=old.pk).update(ended_at=now - timedelta(days=31))
    Result(run=old, target="x").save()
    fresh = start_now(add_task("Fresh", TaskValues(kind="read"), by=ADMIN), by=ADMIN)
    Run.objects.filter(pk=fresh.pk).update(ended_at=now - timedelta(days=29))
    assert forget_runs(now) == 1
    assert set(Run.objects.values_list("name", flat=True)) == {"Fresh", "Read everything"}
    assert not Result.objects.exists()


def test_a_password_is_as_long_as_the_organisation_wants(anna: User) -> None:
    """A new password has the decided length; those that there are stay as they were. EMC-PREF-04, EMC-PREF-05"""
    set_password(anna, "kettle-drum", by=ADMIN)
    change_policy(by=ADMIN, password_length_min=16)
    with pytest.raises(InvalidValue, match="16 characters"):
        set_password(anna, "kettle-drum-7", by=ADMIN)
    anna.refresh_from_db()
    assert anna.check_password("kettle-drum")
    set_password(anna, "kettle-drum-and-bass", by=ADMIN)


class TestLocks:
    """EMC-PREF-06, EMC-PREF-07"""

    @staticmethod
    def lock(user: User) -> None:
        for _try in range(3):
            take_attempt(user, 3)
            attempt_failed(user, 3, source="test")
        assert user.prevent_login

    def test_a_lock_ends_after_the_decided_time(self, anna: User) -> None:
        """Who was locked out by wrong attempts may try again when the time is over; without one never. EMC-PREF-06"""
        self.lock(anna)
        now = timezone.now()
        assert end_locks(now + timedelta(days=99), 0) == 0
        assert end_locks(now + timedelta(minutes=9), 10) == 0
        assert end_locks(now + timedelta(minutes=11), 10) == 1
        anna.refresh_from_db()
        assert not anna.prevent_login
        assert take_attempt(anna, 3)

    def test_whom_a_person_locks_out_stays_so(self, anna: User) -> None:
        """A lock that a person made, or made their own, does not end by itself; a person ends it. EMC-PREF-07"""
        self.lock(anna)
        change_user(anna, by=ADMIN, prevent_login=True)
        assert end_locks(timezone.now() + timedelta(days=99), 10) == 0
        anna.refresh_from_db()
        assert anna.prevent_login
        unlock_user(anna, by=ADMIN)
        assert not User.objects.get(pk=anna.pk).prevent_login


def test_who_does_nothing_is_signed_out(admin: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the decided minutes without a click one is signed out, whatever a page asked for by itself. EMC-PREF-08"""
    change_policy(by=ADMIN, idle_minutes=15)
    clock = [1_000_000.0]
    monkeypatch.setattr("platen.console.guard.time.time", lambda: clock[0])
    jobs = reverse("console:jobs")
    assert admin.get(jobs).status_code == 200
    clock[0] += 14 * 60
    assert admin.get(jobs).status_code == 200
    for _minute in range(14):
        clock[0] += 60
        assert admin.get(jobs, headers={"HX-Request": "true"}).status_code == 200
    clock[0] += 61
    assert admin.get(jobs, headers={"HX-Request": "true"}).status_code == 401
    assert admin.get(jobs).status_code == 302


def test_firmware_by_model_leads_to_its_devices(world: World, admin: Client) -> None:
    """The panel names the versions of a model with their numbers, each leads to the devices that run it. EMC-DASH-04"""
    machine = Machine.objects.get(pk=world.device.pk)
    machine.maker, machine.model, machine.firmware = "Halden", "C458 & more", "4.12, b"
    machine.save()
    admin.post(reverse("console:fleet-tiles-change"), {"what": "add", "name": "firmware"})
    page = admin.get(reverse("console:fleet"))
    ((_model, _all, versions, more),) = page.context["firmware"]
    assert more == 0
    assert [version[:2] for version in versions] == [("4.12, b", 1)]
    listed = admin.get(versions[0][2])
    assert [row.machine.pk for row, _cells in listed.context["rows"]] == [machine.pk]
    assert [label for label, _words, _query in listed.context["chips"]] == ["Model", "Firmware"]
