"""Every route of the API, asked by people to whom what it is about does not belong: administrators of another
organisation, and people whose rights end at another region."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from platen.access.regions import limit_to_regions
from platen.devices.models import Device, QueueKind, Reader
from platen.devices.services import add_device, add_queue, add_reader, ensure_default_queue
from platen.directory.models import Role, User
from platen.directory.services import add_card, create_user
from platen.fleet.adopting import adopt_devices
from platen.fleet.discovering import SearchValues, keep_discovery, start_run
from platen.fleet.groups import put_into, set_group
from platen.fleet.models import Alert, Discovery, DiscoveryRun, Group, Machine, NoticeRule
from platen.fleet.regions import set_region
from platen.policy.charging import sample_scheme
from platen.policy.scheme_format import scheme_to_dict
from platen.tasks.models import Run, Task
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tracking.services import assign, set_scheme
from tests.api.caller import Caller
from tests.api.test_rights import SIGNED, SOME_UUID, operations
from tests.console.conftest import held_job, usage_record
from tests.fixtures_tenant import ADMIN
from tests.untouched import added, changed, rows_of

EVERY = sorted(
    (method, path, bool(operation.auth_callbacks[0].own))
    for method, path, operation in operations()
    if operation.auth_callbacks[0] is not SIGNED
)
BODIES: dict[str, object] = {
    "POST /cards/find": {"number": "04A1B2C3"},
    "POST /devices/UUID/readers": {"name": "r2", "address": "127.0.0.78"},
    "PATCH /devices/UUID/readers/1": {"name": "stolen"},
    "PATCH /devices/UUID": {"name": "stolen"},
    "PUT /devices/UUID/service": {"out_of_service": True},
    "PUT /devices/UUID/schemes": {},
    "PATCH /queues/UUID": {"name": "stolen"},
    "PATCH /users/UUID": {"full_name": "stolen"},
    "PUT /users/UUID/pin": {"pin": "8412"},
    "POST /users/UUID/cards": {"number": "0102A3B4"},
    "PUT /jobs/1/owner": {"owner": SOME_UUID},
    "POST /jobs/1/release": {"device": SOME_UUID},
    "PATCH /schemes/1": {"name": "stolen"},
    "POST /machines/readings": {"machines": [SOME_UUID]},
    "PATCH /groups/UUID": {"name": "stolen"},
    "PATCH /regions/1": {"name": "stolen"},
    "PUT /searches/UUID": {"name": "stolen", "targets": ["127.0.0.9"]},
}
SECRETS = (
    *("lib-1", "127.0.0.1", "127.0.0.77", "vault-queue", "vault-reader"),
    *("Vault jam", "Vault group", "Vault task", "Vault search", "Vault rule", "Campus"),
)
THEIRS = (*SECRETS, "the-user", "Thesis.pdf", "A scheme of theirs")


@pytest.fixture
def south(tenant: Tenant) -> Device:
    """A device of the region Campus with everything that routes are about."""
    person = create_user("the-user", by=ADMIN)
    device = add_device("lib-1", "ipp://127.0.0.1:6311/ipp/print", by=ADMIN)
    set_region("Campus", "127.0.0.0/24", "", by=ADMIN)
    adopt_devices(timezone.now())
    assert Machine.objects.get(pk=device.pk).region.name == "Campus"
    add_reader("vault-reader", device, "127.0.0.77", by=ADMIN)
    add_queue("vault-queue", QueueKind.PUSH, by=ADMIN, device=device)
    add_card(person, "04A1B2C3", by=ADMIN)
    assign(device, by=ADMIN, primary=set_scheme("A scheme of theirs", scheme_to_dict(sample_scheme()), by=ADMIN))
    held_job(ensure_default_queue(), person, "Thesis.pdf")
    usage_record(person, device)
    watched(device)
    return device


def watched(device: Device) -> None:
    """What the fleet has of a device: an alert, a group, a task and its run, a search and its run, a notice rule."""
    machine = Machine.objects.get(pk=device.pk)
    assert machine.region is not None
    jam = {"key": "a", "severity": 2, "level": "critical", "training": "untrained", "code": "jam"}
    Alert(machine=machine, description="Vault jam", began_at=timezone.now(), **jam).save()
    put_into(set_group("Vault group", by=ADMIN, regions=[machine.region.pk]), [machine.pk], by=ADMIN)
    start_now(add_task("Vault task", TaskValues(kind="read", regions=[machine.region.pk]), by=ADMIN), by=ADMIN)
    values = SearchValues(targets="127.0.0.9")
    start_run(values, by=ADMIN, discovery=keep_discovery("Vault search", values, by=ADMIN))
    NoticeRule(name="Vault rule").save()


def path_to(path: str, device: Device) -> str:
    """The route's path about something of the device's organisation."""
    things = {
        "devices": device,
        "machines": device,
        "queues": device.queues.get(),
        "users": User.objects.get(logon="the-user"),
        "groups": Group.objects.get(),
        "tasks": Task.objects.get(name="Vault task"),
        "runs": Run.objects.get(),
        "searches": Discovery.objects.get(),
        "search-runs": DiscoveryRun.objects.get(),
    }
    kind = path.split("/")[1]
    thing = things.get(kind)
    if kind == "usage":
        return path.replace(SOME_UUID, str(device_record(device)))
    reader = Reader.objects.get()
    path = path.replace("/readers/1", f"/readers/{reader.pk}")
    return path if thing is None else path.replace(SOME_UUID, str(thing.uuid))


def device_record(device: Device) -> object:
    """The uuid of what was recorded at a device."""
    from platen.tracking.models import UsageRecord

    return UsageRecord.objects.get(device_id=device.id).uuid


def refusals(caller: Caller, device: Device, words: tuple[str, ...]) -> list[str]:
    """Routes that gave a stranger something, or let them change it."""
    wrong = []
    for method, path, own in EVERY:
        body = BODIES.get(
            f"{method} {path.replace(SOME_UUID, 'UUID')}", {} if method in {"POST", "PUT", "PATCH"} else None
        )
        answer = caller.ask(method, path_to(path, device), body)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        names_a_thing = any(part in {SOME_UUID, "1"} for part in path.split("/"))
        if names_a_thing and not own and answer.status_code not in {403, 404}:
            wrong.append(f"{method} {path}: {answer.status_code}")
        wrong += [f"{method} {path}: {word}" for word in words if word in content.decode()]
    return wrong


def test_people_of_another_region_get_nothing(south: Device, tenant: Tenant) -> None:
    """Whoever is limited to a region finds no device of another one by any route, nor changes one.

    EMC-REGN-01, EMC-REGN-05
    """
    north = set_region("North", "127.9.0.0/16", "", by=ADMIN)
    own = add_device("own-1", "ipp://127.9.0.1/ipp/print", by=ADMIN)
    adopt_devices(timezone.now())
    user = create_user("neighbour", by=ADMIN, role=Role.DEVICE_MANAGER)
    limit_to_regions(user, [north.pk], by=ADMIN)
    caller = Caller(user)
    before = rows_of(tenant)
    assert refusals(caller, south, SECRETS) == []
    assert changed(before, rows_of(tenant)) == []
    assert [each["name"] for each in caller.ok("GET", "/devices")["items"]] == ["own-1"]
    caller.ok("PUT", f"/devices/{own.uuid}/service", {"out_of_service": True})
    caller.refused(422, "POST", "/devices", {"name": "new", "uri": "ipp://127.0.0.9/ipp"})
    caller.ok("POST", "/devices", {"name": "new", "uri": "ipp://127.9.0.9/ipp"}, status=201)
    for elsewhere in ("ipp://127.0.0.9/ipp", "ipp://[::ffff:127.0.0.9]/ipp", "ipp://south.example.org/ipp"):
        caller.refused(422, "PATCH", f"/devices/{own.uuid}", {"uri": elsewhere, "location": "Hall"})
        assert caller.ok("GET", f"/devices/{own.uuid}")["uri"] == "ipp://127.9.0.1/ipp/print"
        assert caller.ok("GET", f"/devices/{own.uuid}")["location"] == ""


def test_people_of_another_organisation_get_nothing(south: Device, tenant: Tenant, other_tenant: Tenant) -> None:
    """Administrators of another organisation find nothing of this one by any route, nor change it."""
    with acting_for(other_tenant.id):
        ensure_default_queue()
        user = create_user("foreigner", by=ADMIN, role=Role.ADMINISTRATOR)
        caller = Caller(user, host="print.umbrella.test")
    before = rows_of(tenant)
    assert refusals(caller, south, THEIRS) == []
    after = rows_of(tenant)
    assert changed(before, after) == []
    assert added(before, after) == []


def test_a_limit_ends_with_the_request(south: Device, tenant: Tenant) -> None:
    """Who asks next is not narrowed by the limit of who asked before."""
    north = set_region("North", "127.9.0.0/16", "", by=ADMIN)
    user = create_user("neighbour", by=ADMIN, role=Role.DEVICE_MANAGER)
    limit_to_regions(user, [north.pk], by=ADMIN)
    assert Caller(user).ok("GET", "/devices")["items"] == []
    admin = Caller(create_user("boss", by=ADMIN, role=Role.ADMINISTRATOR))
    assert "lib-1" in json.dumps(admin.ok("GET", "/devices"))
    assert Device.objects.count() == 1
