"""Every address of the console, opened by people to whom what it is about does not belong: administrators of another
organisation, and people whose rights end at another region.

Each address has a line here that says what they find; one without a line fails.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platen.access.regions import limit_to_regions
from platen.devices.models import QueueKind
from platen.devices.services import add_device, add_queue, ensure_default_queue
from platen.directory.models import Role
from platen.directory.services import create_user
from platen.fleet.adopting import adopt_devices
from platen.fleet.groups import put_into, set_group
from platen.fleet.models import Alert, Machine, Notice, NoticeRule, Supply
from platen.fleet.places import stand_at
from platen.fleet.regions import set_region
from platen.tasks.models import Result, RunState
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.console.conftest import BACKEND, World
from tests.console.test_rights import GET, POST, PUBLIC, address
from tests.fixtures_tenant import ADMIN
from tests.untouched import added, changed, rows_of

OPENS, MISSING, DENIED, OWN = "opens", "missing", "denied", "own"
"""What a stranger gets: a page without anything of it; 404; 403; or what is a person's own, whoever they are."""

# Name: what people of another region get, what administrators of another organisation get.
ADDRESSES: dict[str, tuple[str, str]] = {
    "overview": (OWN, OPENS),
    "password": (OWN, OPENS),
    "about": (OWN, OPENS),
    "components": (OWN, OWN),
    "at-device": (OWN, MISSING),  # people print their own documents wherever they stand
    "at-device-print": (OWN, MISSING),
    "my-documents": (OWN, OPENS),
    "my-usage": (OWN, OPENS),
    "my-cards": (OWN, OPENS),
    "my-account": (OWN, OPENS),
    "my-document-keep": (MISSING, MISSING),
    "my-document-delete": (MISSING, MISSING),
    "my-card-remove": (MISSING, MISSING),
    "my-code-add": (OWN, OPENS),
    "sign-out": (OWN, OPENS),
    "find": (DENIED, OPENS),
    "jobs": (DENIED, OPENS),
    "job": (DENIED, MISSING),
    "job-detail": (DENIED, MISSING),
    "job-first-page": (DENIED, MISSING),
    "jobs-export": (DENIED, OPENS),
    "job-release": (DENIED, MISSING),
    "job-delete": (DENIED, MISSING),
    "job-assign": (DENIED, MISSING),
    "devices": (OPENS, OPENS),
    "device": (MISSING, MISSING),
    "devices-export": (OPENS, OPENS),
    "devices-condition": (OPENS, OPENS),
    "devices-narrow": (OPENS, OPENS),
    "devices-columns": (OPENS, OPENS),
    "devices-change": (OPENS, OPENS),
    "devices-read": (OPENS, OPENS),
    "devices-labels": (OPENS, OPENS),
    "devices-write": (OPENS, OPENS),
    "devices-manage": (OPENS, OPENS),
    "devices-restart": (OPENS, OPENS),
    "devices-delete": (OPENS, OPENS),
    "view-add": (OPENS, OPENS),
    "view-remove": (OPENS, MISSING),  # everybody's in the organisation; not removed by them
    "fleet-signs": (OPENS, OPENS),
    "device-add": (OPENS, OPENS),
    "devices-doubles": (OPENS, OPENS),
    "device-merge": (MISSING, MISSING),
    "device-edit": (MISSING, MISSING),
    "device-remove": (MISSING, MISSING),
    "device-service": (MISSING, MISSING),
    "device-test-page": (MISSING, MISSING),
    "device-pairing": (MISSING, MISSING),
    "device-unpairing": (MISSING, MISSING),
    "device-prices": (DENIED, MISSING),
    "reader-add": (MISSING, MISSING),
    "reader-remove": (MISSING, MISSING),
    "machine-edit": (MISSING, MISSING),
    "machine-sources": (MISSING, MISSING),
    "device-usage": (MISSING, MISSING),
    "machine-read": (MISSING, MISSING),
    "machine-manage": (MISSING, MISSING),
    "devices-import": (DENIED, OPENS),
    "readers-import": (DENIED, OPENS),
    "import-template": (DENIED, OPENS),
    "fleet": (OPENS, OPENS),
    "fleet-states": (OPENS, OPENS),
    "fleet-states-export": (OPENS, OPENS),
    "reports": (OPENS, OPENS),
    "reports-export": (OPENS, OPENS),
    "fleet-tiles": (OPENS, OPENS),
    "fleet-tiles-change": (OPENS, OPENS),
    "notices": (DENIED, OPENS),
    "notice-add": (DENIED, OPENS),
    "notice-edit": (DENIED, MISSING),
    "notice-copy": (DENIED, MISSING),
    "notice-remove": (DENIED, MISSING),
    "notice-resend": (DENIED, MISSING),
    "outbox": (DENIED, OPENS),
    "webhook-add": (DENIED, OPENS),
    "webhook-edit": (DENIED, MISSING),
    "webhook-remove": (DENIED, MISSING),
    "mail-server": (DENIED, OPENS),
    "mail-test": (DENIED, OPENS),
    "tasks": (OPENS, OPENS),
    "task-add": (OPENS, OPENS),
    "task-edit": (MISSING, MISSING),
    "task-start": (MISSING, MISSING),
    "task-duplicate": (MISSING, MISSING),
    "task-remove": (MISSING, MISSING),
    "run": (MISSING, MISSING),
    "run-cancel": (MISSING, MISSING),
    "run-recover": (MISSING, MISSING),
    "groups": (OPENS, OPENS),
    "group-add": (OPENS, OPENS),
    "group-edit": (MISSING, MISSING),
    "group-remove": (MISSING, MISSING),
    "region-add": (DENIED, OPENS),
    "region-edit": (DENIED, MISSING),
    "region-remove": (DENIED, MISSING),
    "places": (OPENS, OPENS),
    "place": (OPENS, MISSING),  # a place is the organisation's; what stands there is not shown
    "place-picture": (OPENS, MISSING),
    "place-put": (MISSING, MISSING),
    "place-add": (DENIED, OPENS),
    "place-edit": (DENIED, MISSING),
    "place-plan": (DENIED, MISSING),
    "place-remove": (DENIED, MISSING),
    "discovery": (DENIED, OPENS),
    "search-add": (DENIED, OPENS),
    "search-edit": (DENIED, MISSING),
    "search-run": (DENIED, MISSING),
    "search-start": (DENIED, MISSING),
    "search-cancel": (DENIED, MISSING),
    "search-remove": (DENIED, MISSING),
    "collectors": (DENIED, OPENS),
    "collector": (DENIED, MISSING),
    "collector-add": (DENIED, OPENS),
    "collector-edit": (DENIED, MISSING),
    "collector-switch": (DENIED, MISSING),
    "collector-key": (DENIED, MISSING),
    "collector-revoke": (DENIED, MISSING),
    "collector-remove": (DENIED, MISSING),
    "credentials": (DENIED, OPENS),
    "credential-add": (DENIED, OPENS),
    "credential-edit": (DENIED, MISSING),
    "credential-remove": (DENIED, MISSING),
    "queues": (OPENS, OPENS),
    "queue": (MISSING, MISSING),
    "queue-add": (DENIED, OPENS),
    "queue-edit": (DENIED, MISSING),
    "queue-remove": (DENIED, MISSING),
    "people": (DENIED, OPENS),
    "person": (DENIED, MISSING),
    "ids": (DENIED, OPENS),
    "ids-export": (DENIED, OPENS),
    "ids-change": (DENIED, OPENS),
    "aliases": (DENIED, OPENS),
    "aliases-export": (DENIED, OPENS),
    "people-export": (DENIED, OPENS),
    "people-change": (DENIED, OPENS),
    "people-delete": (DENIED, OPENS),
    "people-puks": (DENIED, OPENS),
    "person-add": (DENIED, OPENS),
    "person-edit": (DENIED, MISSING),
    "person-remove": (DENIED, MISSING),
    "person-unlock": (DENIED, MISSING),
    "person-password": (DENIED, MISSING),
    "person-pattern": (DENIED, MISSING),
    "person-code": (DENIED, MISSING),
    "person-pin": (DENIED, MISSING),
    "person-puk": (DENIED, MISSING),
    "person-puk-clear": (DENIED, MISSING),
    "card-add": (DENIED, MISSING),
    "card-remove": (DENIED, MISSING),
    "alias-add": (DENIED, MISSING),
    "alias-remove": (DENIED, MISSING),
    "usage": (DENIED, OPENS),
    "usage-record": (DENIED, MISSING),
    "usage-export": (DENIED, OPENS),
    "schemes": (DENIED, OPENS),
    "scheme": (DENIED, MISSING),
    "scheme-add": (DENIED, OPENS),
    "scheme-example": (DENIED, OPENS),
    "scheme-change": (DENIED, MISSING),
    "scheme-remove": (DENIED, MISSING),
    "scheme-default": (DENIED, MISSING),
    "events": (DENIED, OPENS),
    "events-export": (DENIED, OPENS),
    "audit": (DENIED, OPENS),
    "audit-export": (DENIED, OPENS),
    "audit-check": (DENIED, OPENS),
    "settings": (DENIED, OPENS),
    "fleet-settings": (DENIED, OPENS),
    "settings-policy": (DENIED, OPENS),
    "token-add": (DENIED, OPENS),
    "token-revoke": (DENIED, MISSING),
}
SECRETS = ("lib-1", "VAULT-77", "127.0.0.1", "127.0.0.77", "Vault of the south", "Black of the south", "Cover open")
"""What the machine, its reader, its supply and its alert are known by."""
THEIRS = (
    *SECRETS,
    *("Ground floor", "Campus", "Vault group", "vault-queue", "Read everything", "Jams", "secret one", "Tickets"),
    *("Thesis.pdf", "the-user", "hidden-word", "north"),
)
"""And of the whole organisation."""


@pytest.fixture
def south(world: World) -> World:
    """The world, with all that a machine can show, in the region Campus."""
    machine = Machine.objects.get(pk=world.device.pk)
    machine.serial, machine.trouble, machine.severity, machine.collector = "VAULT-77", "Cover open", 2, "north"
    machine.maker, machine.power, machine.pages, machine.supply_days = "Halden", "no-response", 4711, 3
    machine.save()
    assert machine.region == world.region
    world.device.location, world.device.needs_attention = "Vault of the south", True
    world.device.save()
    Supply(machine=machine, key="1", kind="toner", description="Black of the south", state="level", percent=3).save()
    Alert(
        machine=machine,
        key="a",
        severity=2,
        level="critical",
        training="trained",
        code="coverOpen",
        description="Cover open",
        began_at=timezone.now(),
    ).save()
    put_into(set_group("Vault group", by=ADMIN), [machine.pk], by=ADMIN)
    add_queue("vault-queue", QueueKind.PUSH, by=ADMIN, device=world.device)
    Result(run=world.run, device_id=machine.pk, target="lib-1", state=RunState.ERROR, message="lib-1 failed").save()
    return world


@pytest.fixture
def neighbour(south: World) -> Client:
    """A device manager of another region, with one device of their own in the same place."""
    north = set_region("North", "127.9.0.0/16", "", by=ADMIN)
    device = add_device("own-1", "ipp://127.9.0.1/ipp/print", by=ADMIN)
    adopt_devices(timezone.now())
    assert Machine.objects.get(pk=device.pk).region == north
    assert south.place is not None
    stand_at(Machine.objects.get(pk=device.pk), south.place, 0.2, 0.2, by=ADMIN)
    user = create_user("neighbour", by=ADMIN, role=Role.DEVICE_MANAGER)
    limit_to_regions(user, [north.pk], by=ADMIN)
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def foreigner(south: World, other_tenant: Tenant) -> Client:
    """An administrator of another organisation, at its own host name."""
    with acting_for(other_tenant.id):
        ensure_default_queue()
        user = create_user("foreigner", by=ADMIN, role=Role.ADMINISTRATOR)
        create_user("second", by=ADMIN, role=Role.ADMINISTRATOR)
        client = Client(SERVER_NAME="print.umbrella.test")
        client.force_login(user, backend=BACKEND)
    return client


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """What a form of each change would send, where an empty one would change nothing anyway."""
    machine, region, group = world.device.pk, world.region, world.group
    somebody = world.people[Role.USER].id
    assert region is not None
    assert group is not None
    return {
        "devices-change": {"id": machine, "step": "apply", "location": "Stolen", "change_location": "on"},
        "devices-read": {"id": machine},
        "devices-manage": {"id": machine, "managed": "no"},
        "devices-restart": {"ids": machine, "step": "do"},
        "devices-delete": {"ids": machine, "step": "do"},
        "devices-labels": {"ids": machine, "step": "print", "text": "name", "sheet": "a4-24", "first": 1},
        "devices-write": {"ids": machine, "step": "write", "written": ["location", "name"]},
        "device-edit": {"name": "stolen", "uri": "ipp://127.9.0.3/ipp"},
        "device-service": {"out": "yes"},
        "machine-edit": {"location": "Stolen", "port": 161, "region": 0, "place": 0, "credential": 0},
        "machine-manage": {"managed": "no"},
        "place-put": {"x": "1", "y": "1"},
        "group-edit": {"name": "stolen", "by": "hand"},
        "group-add": {"name": "mine", "by": "hand", "regions": [region.pk], "parent": group.pk},
        "task-add": {"name": "mine", "when": "none", "regions": [region.pk], "groups": [group.pk]},
        "task-edit": {"name": "stolen", "when": "none"},
        "reader-add": {"name": "r2", "address": "127.0.0.78"},
        "people-change": {"id": somebody, "apply": "yes", "prevent_login": "yes", "cost_code": "stolen"},
        "people-delete": {"id": somebody},
        "people-puks": {"id": somebody},
        "ids-change": {"id": world.card.id, "do": "remove"},
        "job-assign": {"logon": "foreigner"},
        "alias-add": {"alias": "stolen"},
        "card-add": {"number": "0102A3B4", "kind": "card"},
    }


def test_the_table_names_every_address() -> None:
    """No address is left out: a new one says what strangers find there. EMC-REGN-01"""
    assert set(ADDRESSES) == (set(GET) | set(POST)) - PUBLIC


def text_of(answer: HttpResponse) -> str:
    """What an answer says; of a workbook, its parts."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def look(client: Client, name: str, world: World, expected: str, words: tuple[str, ...]) -> None:
    """Open one address in every way and see what a stranger gets."""
    body = bodies(world).get(name, {})
    where = address(name, world)
    answers = [client.post(where, body)] if name not in GET else [client.get(where)]
    if name in GET and name in bodies(world):
        answers.append(client.post(where, body))
    for answer in answers:
        if expected == MISSING:
            assert answer.status_code == 404, (name, answer.status_code)
        elif expected == DENIED:
            assert answer.status_code == 403, (name, answer.status_code)
        else:
            assert answer.status_code in {200, 204, 302, 422}, (name, answer.status_code)
        if expected != OWN:
            said = text_of(answer) + answer.headers.get("Location", "")
            assert [word for word in words if word in said] == [], name


@pytest.mark.untraced
def test_people_of_another_region_find_and_change_nothing(
    south: World, neighbour: Client, tenant: Tenant, name_order: list[str]
) -> None:
    """Whoever is limited to a region finds no device of another one by any address of the console, nor changes one.

    EMC-REGN-01, EMC-REGN-03, EMC-REGN-04, EMC-REGN-05, EMC-REGN-07
    """
    before = rows_of(tenant)
    for name in name_order:
        look(neighbour, name, south, ADDRESSES[name][0], SECRETS)
    assert changed(before, rows_of(tenant)) == []


@pytest.mark.untraced
def test_people_of_another_organisation_find_and_change_nothing(
    south: World, foreigner: Client, tenant: Tenant, name_order: list[str]
) -> None:
    """Administrators of another organisation find nothing of this one by any address of the console, nor change it."""
    before = rows_of(tenant)
    for name in name_order:
        look(foreigner, name, south, ADDRESSES[name][1], THEIRS)
    after = rows_of(tenant)
    assert changed(before, after) == []
    assert added(before, after) == []


@pytest.fixture
def name_order() -> list[str]:
    """Every address, the one that signs out last."""
    return sorted(ADDRESSES, key=lambda name: (name == "sign-out", name))


SHOWING = (
    *("devices", "devices?cols=name,serial,address,collector,trouble,region&order=-serial", "devices?f=VAULT"),
    *("devices?view=attention", "devices?c=region,equals,Campus", "devices?c=group,equals,Vault group"),
    *("devices-export?format=xlsx", "devices-export?format=csv&cols=name,serial", "fleet", "fleet-states?of=silent"),
    *("fleet-states-export", "groups", "places", "fleet-signs"),
    *("reports?kind=status", "reports-export?kind=devices&columns_devices=name&columns_devices=region"),
)


def test_what_is_shown_is_of_ones_own_region(neighbour: Client, admin: Client) -> None:
    """Lists, filters, exports, the dashboard and counters show devices of one's own region alone, all to others.

    EMC-REGN-01
    """
    for each in SHOWING:
        name, _mark, query = each.partition("?")
        where = f"{reverse(f'console:{name}')}?{query}"
        theirs, all_of_it = text_of(neighbour.get(where)), text_of(admin.get(where))
        assert [word for word in SECRETS if word in theirs] == [], each
        assert theirs != all_of_it, each


def test_ones_own_devices_are_there(neighbour: Client) -> None:
    """Within the region everything is as elsewhere: list, page, places, reading and changes. EMC-REGN-01"""
    own = Machine.objects.select_related("device").get(device__name="own-1")
    assert neighbour.get(reverse("console:overview")).headers["Location"] == reverse("console:fleet")
    assert "own-1" in text_of(neighbour.get(reverse("console:devices")))
    assert "own-1" in text_of(neighbour.get(reverse("console:device", args=[own.device.uuid])))
    assert own.place is not None
    assert "own-1" in text_of(neighbour.get(reverse("console:place", args=[own.place.uuid])))
    body = {"id": own.pk, "step": "apply", "location": "Hall", "change_location": "on"}
    assert neighbour.post(reverse("console:devices-change"), body).status_code == 302
    own.device.refresh_from_db()
    assert own.device.location == "Hall"


def test_a_device_is_added_to_ones_own_region_alone(neighbour: Client) -> None:
    """A device that somebody with a limit adds is of their region; one at another region's address is refused."""
    form = {"name": "new-1", "uri": "ipp://127.9.0.7/ipp/print"}
    assert neighbour.post(reverse("console:device-add"), form).status_code == 302
    assert Machine.objects.get(device__name="new-1").region.name == "North"
    form = {"name": "new-2", "uri": "ipp://127.0.0.9/ipp/print"}
    answer = neighbour.post(reverse("console:device-add"), form)
    assert answer.status_code == 422
    assert "none of your regions" in text_of(answer)
    assert not Machine.objects.filter(device__name="new-2").exists()


def test_the_history_of_tasks_names_what_concerns_one_and_opens_ones_own(south: World, neighbour: Client) -> None:
    """Runs of other regions' tasks are named where they did something to a device of one's own, and cannot be opened;
    the others are not there at all. EMC-REGN-07"""
    assert south.run is not None
    assert south.run.name not in text_of(neighbour.get(reverse("console:tasks")))
    own = Machine.objects.get(device__name="own-1")
    Result(run=south.run, device_id=own.pk, target="own-1", state=RunState.SUCCESS).save()
    said = text_of(neighbour.get(reverse("console:tasks")))
    assert "another region’s" in said
    assert south.run.name in said
    assert str(south.run.uuid) not in said


def test_a_notice_is_told_whoever_caused_it(neighbour: Client, south: World) -> None:
    """What somebody with a limit does is told by the organisation's rules, which they do not see."""
    assert south.webhook is not None
    rule = NoticeRule(name="New ones", conditions=[{"what": "event", "values": ["added"]}])
    rule.save()
    rule.webhooks.set([south.webhook])
    own = Machine.objects.select_related("device").get(device__name="own-1")
    for managed in ("no", "yes"):
        neighbour.post(reverse("console:machine-manage", args=[own.device.uuid]), {"managed": managed})
    assert Notice.objects.filter(rule=rule, machine=own).count() == 1
