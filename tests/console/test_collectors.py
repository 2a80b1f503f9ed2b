"""Collectors in the console: list, page, keys shown once, what home wants of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from platen.eventlog.models import AuditEntry
from platen.eventlog.services import record_event
from platen.fleet.collectors import key_of
from platen.fleet.models import Collector, Machine
from tests.console.conftest import World
from tests.console.test_rights import address

LIST = "/console/collectors/"


@pytest.fixture
def north(world: World) -> Collector:
    """The world's collector, heard a minute ago."""
    now = timezone.now()
    values = {"last_seen": now - timedelta(minutes=1), "version": "0.9.1", "waiting": 1234, "last_row_at": now}
    Collector.objects.filter(name="north").update(**values)
    Machine.objects.filter(pk=world.device.pk).update(collector="north", serial="HC4-1", region=world.region)
    found: Collector = Collector.objects.get(name="north")
    return found


def test_the_list_tells_how_each_is(north: Collector, admin: Client) -> None:
    """State, region, version, what waits at its site, when it was off. EMC-AGNT-07 EMC-AGNT-08"""
    record_event("collector_off", "The collector north did not run from then to then.", collector="north")
    page = admin.get(LIST).content.decode()
    for words in ("north", "Heard", "Campus", "0.9.1", "1,234", "did not run from then to then", "not fetched"):
        assert words in page, words
    Collector.objects.update(last_seen=timezone.now() - timedelta(days=3), asked_at=timezone.now())
    page = admin.get(LIST).content.decode()
    assert "Silent" in page
    assert "not fetched" not in page
    Collector.objects.update(enabled=False)
    assert "Switched off" in admin.get(LIST).content.decode()


def test_its_page_tells_what_it_sends(north: Collector, world: World, admin: Client) -> None:
    """Of how many devices each value is known here, and the way to them; its history in words."""
    record_event("collector_off", "The collector north did not run for a night.", collector="north")
    record_event("collector_off", "The collector south did not run for a night.", collector="south")
    answer = admin.get(address("collector", world))
    known = {label: (there, missing) for label, there, missing in answer.context["said"]}
    assert known["Serial number"] == (1, 0)
    assert known["Asset number"] == (0, 1)
    page = answer.content.decode()
    assert "The collector north did not run for a night." in page
    assert "south" not in page
    assert f"?{answer.context['devices_query']}" in page
    devices = admin.get(f"/console/devices/?{answer.context['devices_query']}")
    assert [row[0].machine.pk for row in devices.context["rows"]] == [world.device.pk]


def test_a_new_one_shows_its_key_once(world: World, admin: Client) -> None:
    """With the line to run at the site, which asks for the key; never again on any page. DCA-UPD-05 EMC-AGNT-04"""
    page = admin.post(f"{LIST}add/", {"name": "Süd 'A'"})
    made = Collector.objects.get(name="Süd 'A'")
    key = key_of(made).decode()
    assert page.context["secret"] == key
    assert key in page.content.decode()
    command = page.context["command"]
    assert f"--home http://testserver --collector {made.uuid} --ask-key" in command
    assert key not in command
    again = admin.get(f"{LIST}{made.uuid}/").content.decode()
    assert key not in again
    assert str(made.uuid) in again
    assert admin.post(f"{LIST}add/", {"name": "Süd 'A'"}).status_code == 422
    assert admin.post(f"{LIST}add/", {"name": ""}).status_code == 422


def test_what_home_wants_is_edited(north: Collector, world: World, admin: Client) -> None:
    """Pace, whom to leave alone, what is kept back; what is left empty its site decides."""
    where = address("collector-edit", world)
    given = {"read_every_s": "900", "exclude": "10.1.2.0/24\n10.1.3.7", "mask_address": "token", "mask_mac": "nothing"}
    assert admin.post(where, given).status_code == 302
    stored = Collector.objects.get(pk=north.pk).configuration
    masks = {"address": "token", "mac": "nothing"}
    assert stored == {"read_every_s": 900, "exclude": "10.1.2.0/24\n10.1.3.7", "mask": masks}
    page = admin.get(address("collector", world)).content.decode()
    for words in ("every 900 s", "10.1.2.0/24, 10.1.3.7", "a token in its place", "It never fetched one"):
        assert words in page, words
    form = admin.get(where).context["form"]
    assert form["mask_address"].value() == "token"
    assert admin.post(where, {"exclude": ""}).status_code == 302
    assert Collector.objects.get(pk=north.pk).configuration == {}
    for wrong in ({"read_every_s": "5"}, {"exclude": "10.1.2.300"}, {"mask_mac": "sing"}):
        assert admin.post(where, wrong).status_code == 422


def test_a_key_is_revoked_and_given_anew(north: Collector, world: World, admin: Client) -> None:
    """What was revoked opens nothing, also when it is switched on again; a new key is shown once. Audited.

    EMC-AGNT-09
    """
    before = key_of(north)
    admin.post(address("collector-revoke", world))
    admin.post(address("collector-switch", world), {"enabled": "yes"})
    north.refresh_from_db()
    assert north.enabled
    assert key_of(north) != before
    admin.post(address("collector-switch", world), {"enabled": "no"})
    shown = admin.post(address("collector-key", world)).context["secret"]
    north.refresh_from_db()
    assert north.enabled
    assert key_of(north).decode() == shown
    verbs = set(AuditEntry.objects.filter(subject="north").values_list("verb", flat=True))
    assert {"collector_revoked", "collector_key_changed", "collector_changed"} <= verbs
    assert shown not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_who_reads_a_device_is_said_and_listed(north: Collector, world: World, admin: Client) -> None:
    """A device's page and the list say which collector reads it, or this server; the list can be narrowed to one.

    EMC-DLST-05
    """
    here = address("device", world)
    Machine.objects.filter(pk=world.device.pk).update(collector="")
    assert "this server" in admin.get(here).content.decode()
    Machine.objects.filter(pk=world.device.pk).update(collector=north.name, address="10.1.2.3")
    page = admin.get(here).content.decode()
    assert f'<a href="{address("collector", world)}">north</a>' in page
    assert "Read now" not in page
    columns = "/console/devices/?cols=name,collector&order=collector"
    for query, shown in (("&c=collector,equals,north", 1), ("&c=collector,is-empty", 0), ("", 1)):
        assert len(admin.get(columns + query).context["rows"]) == shown, query
    assert admin.get(f"{columns}&c=collector,is-empty").context["chips"][0][:2] == ("Read by", "this server")
    chosen = admin.get("/console/devices/condition/?item=collector").content.decode()
    assert '<input id="value-1" type="checkbox" name="values" value="north">' in chosen
    Machine.objects.filter(pk=world.device.pk).update(collector="")
    assert "this server" in admin.get(columns).content.decode()


def test_one_is_deleted_and_its_devices_stay(north: Collector, world: World, admin: Client) -> None:
    """Collectors are listed, added, changed and deleted by administrators; the devices of one that is gone stay in the
    list, marked with its name, and its name can be used again. EMC-AGNT-01 EMC-AGNT-12"""
    answer = admin.post(address("collector-remove", world), follow=True)
    assert "Its devices stay" in answer.content.decode()
    assert not Collector.objects.exists()
    assert Machine.objects.get(pk=world.device.pk).collector == "north"
    page = admin.get(address("device", world)).content.decode()
    assert "north" in page
    assert "Read now" not in page  # at its address here there may be another machine
    assert AuditEntry.objects.filter(verb="collector_removed", subject="north").exists()
    assert admin.post(f"{LIST}add/", {"name": "north"}).status_code == 200
