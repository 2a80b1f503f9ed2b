"""Pages of the fleet: a device's machine, files of devices, plans of floors, tasks, notices."""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from platen.devices.models import Device, Reader
from platen.devices.services import add_device
from platen.directory.models import Role, User
from platen.fleet.credentials import CredentialValues, add_credential
from platen.fleet.device_tables import ROWS_MAX
from platen.fleet.importing import ImportRow, rows_as_text, rows_from_text
from platen.fleet.models import (
    Alert,
    Credential,
    DiscoveryRun,
    Group,
    Machine,
    MailServer,
    MeterReading,
    MonthMeters,
    Notice,
    NoticeRule,
    Place,
    Supply,
    Survey,
)
from platen.fleet.report_mails import report_mail
from platen.policy.fleet.month_days import MonthDays
from platen.policy.fleet.rollups import month_of
from platen.readings.facts import Meter, Reading
from platen.readings.kept import reading_to_json
from platen.tasks.models import Result, Run, RunState, Task
from tests.console.conftest import World, picture
from tests.console.test_fleet_list import machine
from tests.console.test_rights import address
from tests.fixtures_tenant import ADMIN

IMPORT = "/console/devices/import/"
NEEDED = (
    *("answers in sleep mode too", "may need a restart", "one that may change", "it differs from the one that reads"),
    *("HTTP is switched on", "With IPv6 alone: a DNS server", "is not the one from the factory"),
)


@pytest.fixture
def copier(world: World) -> Machine:
    """The world's device as a machine with some history."""
    now = timezone.now()
    Machine.objects.filter(pk=world.device.pk).update(
        address="127.9.0.1",
        read_at=now,
        counted_at=now,
        pages=900,
        pages_color=300,
        meters={"total": 900, "total.color": 300},
        trays=[{"key": "1", "name": "Tray 1", "media": "iso_a4_210x297mm", "percent": 24}],
        finishers=[{"key": "1.1", "kind": "stitcher", "status": ["busy"], "abilities": ["stitching=saddle-stitch"]}],
        finishing="stitcher",
        ports=[{"key": "port.1.1", "protocol": "lpd", "number": 515, "resource": "PASSTHRU"}],
        uptime_s=7_200,
    )
    found: Machine = Machine.objects.select_related("device").get(pk=world.device.pk)
    today = timezone.localdate()
    gap, days = "First day that is known.", MonthDays()
    days.add(today.day, {"total": 40, "total.color": 10}, gap=gap, at_end={"total": 900})
    MonthMeters.objects.create(machine=found, day=month_of(today), pages=40, color=10, gap=gap, days=days.text)
    supply = {"machine": found, "key": "1", "kind": "toner", "color": "cyan", "state": "level", "percent": 9}
    Supply.objects.create(**supply, days_left=3, days_confidence=0.9, part_number="HT-458C")
    Alert.objects.create(
        machine=found,
        key="a",
        severity=2,
        level="critical",
        training="untrained",
        code="jam",
        description="Paper jam",
        began_at=now,
    )
    over = {"machine": found, "severity": 1, "level": "warning", "training": "untrained", "code": "door"}
    Alert.objects.create(**over, key="b", description="Door was open", began_at=now, cleared_at=now)
    MeterReading.objects.create(machine=found, at=now, suspicion="The counter fell.", pages=3, raw=b"x")
    return found


def test_a_device_s_page_shows_its_machine(world: World, copier: Machine, admin: Client) -> None:
    """Supplies with days left and how sure that is, meters, alerts, and what is not believed. SC-DEVMON-06

    EMC-DINF-04 EMC-DSTA-01 EMC-DSTA-02 SC-DEV-06 SC-DEVADM-02
    """
    page = admin.get(address("device", world)).content.decode()
    for words in (
        "Cyan",
        "3 days",
        "HT-458C",
        "Well supported by its history",
        "Paper jam",
        "900",
        "33%",
        "The counter fell.",
        "Tray 1",
        "Stapler",
        "Working",
        "saddle stitch",
        "LPD 515 PASSTHRU",
        "24%",
        "2 h 0 min",
        "Door was open",
        "Printed through Platen, pages a day",
        'href="http://127.9.0.1/" target="_blank"',
        f"{address('machine-edit', world)}",
        "Where each value came from",
    ):
        assert words in page, words
    months = admin.get(address("device", world) + "?meters=months").content.decode()
    assert "Pages a month as the machine counts" in months
    assert admin.get(address("device", world) + "?meters=all&at=nonsense").status_code == 200


def test_what_needs_you_says_what_a_machine_reports(world: World, copier: Machine, admin: Client) -> None:
    """A device that is idle by its own state and reports a jam stands on the overview, with what it reports."""
    Device.objects.filter(pk=copier.pk).update(needs_attention=True, state_reasons=[], out_of_service=False)
    for values, words in (
        ({"power": "on", "severity": 2, "trouble": "Jam at fuser"}, "Jam at fuser"),
        ({"power": "no-response", "severity": 0, "trouble": ""}, "Not answering"),
    ):
        Machine.objects.filter(pk=copier.pk).update(**values)
        page = admin.get(address("overview", world)).content.decode()
        assert f"{world.device.name}: {words}" in page


def test_meters_at_a_past_moment(world: World, copier: Machine, admin: Client) -> None:
    """The page says the meters of then, or that nothing is kept of that time."""
    then = timezone.localtime(timezone.now() + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    values = admin.get(address("device", world), {"at": then}).context["meters_then"]
    assert {row.name: row.value for row in values[1]}["All"] == 900
    page = admin.get(address("device", world), {"at": "2001-01-01T10:00"}).content.decode()
    assert "Nothing is kept of that time." in page
    for later in ("9999-12-31T23:59", f"{timezone.now() + timedelta(days=28):%Y-%m-%dT%H:%M}"):
        answer = admin.get(address("device", world), {"at": later})
        assert answer.context["meters_then"] is None
        assert "That moment is still to come." in answer.content.decode()
    assert "no date and time" in admin.get(address("device", world), {"at": "yesterday"}).content.decode()


def test_each_value_says_where_it_came_from(world: World, copier: Machine, admin: Client) -> None:
    """Meters with their sources, and everything as it was answered, in the order of its numbers."""
    reading = Reading(meters=(Meter("total", 900, "1.3.6.1"),), notes=("The capacity was put right.",))
    raw = {"1.3.6.10": "ten", "1.3.6.9": "<b>nine</b>"}
    Survey.objects.create(
        machine=copier,
        at=timezone.now(),
        meter_sources={"total": "1.3.6.1"},
        reading=zlib.compress(json.dumps(reading_to_json(reading)).encode()),
        raw=zlib.compress(json.dumps(raw).encode()),
    )
    page = admin.get(address("machine-sources", world)).content.decode()
    assert "The capacity was put right." in page
    assert page.index("1.3.6.9<") < page.index("1.3.6.10<")
    assert "&lt;b&gt;nine" in page
    Survey.objects.update(raw=b"not packed", reading=b"x")
    assert admin.get(address("machine-sources", world)).status_code == 200


def test_a_machine_is_edited_removed_and_restored(world: World, copier: Machine, admin: Client) -> None:
    """What people know of it, and whether it is read at all. EMC-DREM-01 EMC-DREM-03 EMC-DINF-03 EMC-DINF-01"""
    form = {
        "location": "Annex",
        "asset_number": "A-1",
        "contact": "",
        "link": "https://wiki.example/1",
        "address": "127.9.0.2",
    }
    answer = admin.post(
        address("machine-edit", world), {**form, "port": 161, "place": "0", "region": "0", "credential": "0"}
    )
    assert answer.status_code == 302, answer.content.decode()
    copier.refresh_from_db()
    assert (copier.asset_number, copier.address, copier.place_id) == ("A-1", "127.9.0.2", None)
    bad = {**form, "link": "javascript:alert(1)", "port": 161, "location": "Elsewhere", "region": world.region.pk}
    assert admin.post(address("machine-edit", world), bad).status_code == 422
    copier.refresh_from_db()
    assert (copier.device.location, copier.region_id) == ("Annex", None)  # nothing of it
    admin.post(address("machine-manage", world), {"managed": "no"})
    copier.refresh_from_db()
    assert (copier.managed, copier.due_at) == (False, None)
    admin.post(address("machine-manage", world), {"managed": "yes"})
    copier.refresh_from_db()
    assert copier.managed
    assert copier.due_at is not None


@pytest.mark.parametrize("role", [Role.HELP_DESK, Role.DEVICE_MANAGER, Role.AUDITOR])
def test_credentials_are_named_to_whom_they_concern(
    world: World, copier: Machine, as_role: Callable[[Role], Client], role: Role
) -> None:
    """What a device is asked with is named to those who see settings or choose it; to the help desk neither on its
    page nor as a column."""
    Machine.objects.update(credential=world.credential)
    client = as_role(role)
    named = role != Role.HELP_DESK
    assert ("secret one" in client.get(address("device", world)).content.decode()) == named
    listed = client.get("/console/devices/?cols=name,credential").content.decode()
    assert ("secret one" in listed) == named
    assert ('value="credential"' in listed) == named


def a_file(text: str, name: str = "devices.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_devices_are_imported_after_a_preview(world: World, admin: Client, encoding: str) -> None:
    """The preview says what becomes of each row and registers nothing. EMC-DIMP-02 EMC-DIMP-04 EMC-DIMP-05"""
    head = "DeviceType,ProductName,Manufacturer,PhysicalAddress,State,IPAddress,DeviceName,AssetNumber\n"
    rows = "Printer,C458,Halden,00:1b:a9:4c:71:e2,Managed,127.8.0.1,new-1,A-7\n"
    rows += "Printer,X,Y,nonsense,Managed,,bad,\nPrinter,Z,Y,001122334455,Unmanaged,,quiet,\n"
    preview = admin.post(IMPORT, {"file": a_file(head + rows, encoding=encoding)})
    assert [each.outcome for each, _word, _css in preview.context["results"]] == ["failed", "new", "unmanaged"]
    assert not Device.objects.filter(name="new-1").exists()
    admin.post(IMPORT, {"rows": preview.context["rows"]})
    made = Machine.objects.get(device__name="new-1")
    assert (made.mac, made.maker, made.model, made.asset_number, made.managed) == (
        "001ba94c71e2",
        "Halden",
        "C458",
        "A-7",
        True,
    )
    assert not Machine.objects.get(device__name="quiet").managed


def test_the_filled_template_comes_back_unchanged(world: World, copier: Machine, admin: Client) -> None:
    """What is registered is known again by its hardware address or serial number. EMC-DIMP-01 EMC-DIMP-03"""
    Machine.objects.filter(pk=copier.pk).update(mac="001ba94c71e2", serial="HC4-1")
    template = admin.get(f"{IMPORT}template/?format=xlsx&filled=1").content
    sheet = openpyxl.load_workbook(io.BytesIO(template)).worksheets[0]
    assert next(sheet.iter_rows(values_only=True))[:2] == ("DeviceType", "DeviceName")
    page = admin.post(IMPORT, {"file": SimpleUploadedFile("d.xlsx", template)})
    assert [each.outcome for each, _word, _css in page.context["results"]] == ["known"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"Name,Colour\nx,y\n", "Begin with the template"),
        (b"SerialNumber\n", "names no device"),
        (b"SerialNumber\n\xff\xfe\xfa\n", "not UTF-8"),
        (b"PK\x03\x04 no workbook", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_said(world: World, admin: Client, content: bytes, said: str) -> None:
    """What is wrong stands at the field, and nothing was registered."""
    before = Device.objects.count()
    answer = admin.post(IMPORT, {"file": SimpleUploadedFile("devices", content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Device.objects.count() == before


def test_what_the_list_exports_can_be_imported(world: World, copier: Machine, admin: Client) -> None:
    """A list of devices that was exported comes back as well as the template, a limit lifted; what it names is known
    again and read at once. EMC-DIMP-06 EMC-DIMP-07"""
    Machine.objects.update(serial="HC4-1", mac="00c076ff00f2", due_at=None)
    columns = "name,model,maker,serial,mac,address,location,asset_number"
    exported = admin.get(f"/console/devices/export/?cols={columns}&format=csv").content.decode()
    assert exported.lstrip("\ufeff").startswith("Name,Model,Maker,Serial number,Hardware address,Address,Place")
    changed = exported.replace("127.9.0.1", "127.9.0.7")
    preview = admin.post(IMPORT, {"file": a_file(changed)})
    assert [each.outcome for each, _word, _css in preview.context["results"]] == ["moved"]
    assert "They are read now." in admin.post(IMPORT, {"rows": preview.context["rows"]}).content.decode()
    copier.refresh_from_db()
    assert copier.address == "127.9.0.7"
    assert copier.due_at is not None


def test_card_readers_are_imported(world: World, admin: Client) -> None:
    """Each row of the file names a reader, servers that are passed over, and the address of its device; what cannot be
    added says why and stops no other. SC-DEVADD-08"""
    add_device("hall", "socket://printer.example.org:9100", by=ADMIN)
    rows = (
        "Reader,Home server,Secondary server,Device\n127.0.0.90,s1,,127.0.0.1\n127.0.0.91,s1,s2,PRINTER.example.org\n"
    )
    rows += "127.0.0.92,s1,,127.0.0.8\nnonsense,s1,,127.0.0.1\n127.0.0.77,s1,,127.0.0.1\n127.0.0.93,s1\n"
    page = admin.post("/console/devices/import/readers/", {"file": a_file(rows), "technology": "mifare"})
    done = {row.line: (row.added, row.message) for row in page.context["rows"]}
    assert [line for line, (added, _message) in done.items() if added] == [2, 3]
    assert "no device at 127.0.0.8" in done[4][1]
    assert "no IP address" in done[5][1]
    assert "at the address 127.0.0.77" in done[6][1]
    assert "s1" in done[7][1]
    made = {reader.address: reader for reader in Reader.objects.select_related("device")}
    assert made["127.0.0.91"].device.name == "hall"
    assert made["127.0.0.90"].device == world.device
    assert made["127.0.0.90"].feedback == made["127.0.0.91"].feedback != ""
    for wrong in (b"", b"\xff\xfe\x00", b"x" * 1_000_001):
        file = SimpleUploadedFile("readers.csv", wrong or b"\n")
        assert admin.post("/console/devices/import/readers/", {"file": file}).status_code == 422


def test_an_altered_preview_is_refused(world: World, admin: Client) -> None:
    """What a browser sends back is checked as a file is."""
    wrong = ("[]", '[{"line": "x"}]', '[{"line": 2, "address": "127.0.0.0/8"}]', "[" * 200_000)
    for rows in ("nonsense", "Ω", *(base64.urlsafe_b64encode(zlib.compress(each.encode())).decode() for each in wrong)):
        assert admin.post(IMPORT, {"rows": rows}).status_code in (200, 302)
    assert not Device.objects.filter(location="x").exists()
    assert Device.objects.count() == 1
    odd = zlib.compress(b'[{"line": 2, "serial": "S1", "address": "127.9.9.9", "location": "\\u0000Hall\\ud800"}]')
    assert admin.post(IMPORT, {"rows": base64.urlsafe_b64encode(odd).decode()}).status_code == 200
    assert Device.objects.filter(location="Hall").exists()


def test_as_many_rows_as_a_file_may_have_come_back_from_the_preview() -> None:
    """What a page keeps of 5,000 devices fits into a form, and is the same afterwards. EMC-DIMP-07"""
    cells = {"device_type": "Printer", "maker": "Halden Corporation", "model": "Officer C458", "location": "Hall, Süd"}
    rows = [
        ImportRow(line=n, name=f"Copier {n}", serial=f"SN{n:012}", mac=f"{n:012x}", address=f"10.0.{n}", **cells)
        for n in range(2, ROWS_MAX + 2)
    ]
    kept = rows_as_text(rows)
    assert len(kept) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2
    assert rows_from_text(kept) == rows


def test_a_plan_is_drawn_anew_and_devices_stand_on_it(world: World, copier: Machine, admin: Client) -> None:
    """A picture becomes a PNG of bounded size without what was hidden in it; places are percent, or nothing."""
    assert world.place is not None
    comment = io.BytesIO()
    Image.new("RGB", (5000, 100)).save(comment, "JPEG", comment=b"secret remark")
    admin.post(address("place-plan", world), {"picture": SimpleUploadedFile("plan.jpg", comment.getvalue())})
    answer = admin.get(address("place-picture", world))
    assert answer.content.startswith(b"\x89PNG")
    assert b"secret remark" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).width == 2400
    for text, status in ((b"no picture", 422), (picture()[:40], 422)):
        assert (
            admin.post(address("place-plan", world), {"picture": SimpleUploadedFile("x.png", text)}).status_code
            == status
        )
    admin.post(address("place-put", world), {"x": "12,5", "y": "90"})
    copier.refresh_from_db()
    assert (copier.place_x, copier.place_y) == (0.125, 0.9)
    for wrong in ({"x": "120", "y": "3"}, {"x": "1"}, {"x": "one", "y": "two"}, {"x": "nan", "y": "1"}):
        admin.post(address("place-put", world), wrong)
        copier.refresh_from_db()
        assert (copier.place_x, copier.place_y) == (0.125, 0.9), wrong
    admin.post(address("place-plan", world), {"remove": "yes"})
    assert Place.objects.get(pk=world.place.pk).plan_width == 0


def test_groups_by_hand_and_by_conditions(world: World, admin: Client) -> None:
    """Both are made by the same form; a condition that cannot be used is said at its row. EMC-DGRP-01 EMC-DGRP-05"""
    form = {"name": "Halden", "by": "conditions", "item_0": "maker", "op_0": "equals", "values_0": "Halden; Morino"}
    admin.post("/console/groups/add/", form)
    assert Group.objects.get(name="Halden").conditions == [
        {"item": "maker", "op": "equals", "values": ["Halden", "Morino"]}
    ]
    wrong = admin.post("/console/groups/add/", {**form, "name": "x", "op_0": "at-most"})
    assert wrong.status_code == 422
    assert "cannot be compared" in wrong.content.decode()


def test_a_search_is_tried_kept_and_run(world: World, admin: Client) -> None:
    """A try registers nothing, a very wide search is asked about first; IPP is asked at any port. EMC-DISC-01"""
    form = {"targets": "127.5.0.0/30", "methods": ["snmp"], "outcome": "managed", "packets_per_s": 100, "port": 161}
    answer = admin.post("/console/discovery/add/", {**form, "ipp_port": "8631", "what": "dry"})
    run = DiscoveryRun.objects.latest("id")
    assert run.request["ipp_port"] == 8631
    kept = admin.post("/console/discovery/add/", {**form, "ipp_port": "8631", "what": "keep", "name": "Hall"})
    assert "asks IPP at its usual ports" in kept.content.decode()
    assert answer.headers["Location"] == f"/console/discovery/runs/{run.uuid}/"
    assert (run.dry, run.addresses) == (True, 2)
    wide = admin.post("/console/discovery/add/", {**form, "targets": "127.0.0.0/8", "what": "run"})
    assert wide.status_code == 422
    assert "Confirm that all of them" in wide.content.decode()
    wrong = admin.post("/console/discovery/add/", {**form, "targets": "10.20.4.311"})
    assert wrong.status_code == 422


def test_secrets_are_never_shown(world: World, admin: Client) -> None:
    """No page about credentials, webhooks or mail holds what was entered; left empty it stays."""
    assert world.credential is not None
    for name in ("credentials", "credential-edit", "webhook-edit", "notices"):
        assert "hidden-word" not in admin.get(address(name, world)).content.decode(), name
    before = bytes(Credential.objects.get(pk=world.credential.pk).secret)
    admin.post(address("credential-edit", world), {"name": "renamed", "kind": "snmpv2c", "rank": 5})
    after = Credential.objects.get(pk=world.credential.pk)
    assert (after.name, after.rank, bytes(after.secret) != before) == ("renamed", 5, True)


def test_credentials_are_listed_and_removed(world: World, admin: Client) -> None:
    """The list says how each asks, whether it may change machines, its user and remark, and what printers need for it;
    a name leads to its page, where it is removed.

    EMC-COMM-13 EMC-PREP-01 EMC-PREP-04 EMC-PREP-05 EMC-PREP-08 SC-DEV-17
    """
    v3 = CredentialValues(kind="snmpv3", user="dora", writes=True, comment="For restarts")
    made = add_credential("writers", v3, by=ADMIN)
    page = admin.get("/console/credentials/").content.decode()
    for words in (
        "snmpv3",
        "may change",
        "dora",
        "For restarts",
        *NEEDED,
        f'href="/console/credentials/{made.pk}/">writers</a>',
    ):
        assert words in page, words
    assert f"/console/credentials/{made.pk}/remove/" in admin.get(f"/console/credentials/{made.pk}/").content.decode()
    admin.post(f"/console/credentials/{made.pk}/remove/")
    assert not Credential.objects.filter(pk=made.pk).exists()


def test_everything_basic_has_its_place(world: World, admin: Client) -> None:
    """Searches and files of devices, details, groups, a dashboard, rules for mails and webhooks, tasks and batches with
    results, exports: each is a page that the others lead to. EMC-ARCH-12"""
    leads = {
        "fleet": ("devices", "groups", "fleet-states"),
        "devices": ("discovery", "device-add", "device"),
        "discovery": ("search-add", "devices-import"),
        "tasks": ("task-add", "task-edit", "run"),
        "notices": ("notice-add", "notice-edit", "webhook-add", "webhook-edit", "outbox"),
    }
    for page, others in leads.items():
        content = admin.get(address(page, world)).content.decode()
        for other in others:
            assert f'href="{address(other, world)}' in content, (page, other)
            assert admin.get(address(other, world)).status_code == 200, other
    assert "kind=batch" in admin.get(address("task-add", world)).content.decode()


def test_runs_are_listed_by_any_column(world: World, admin: Client) -> None:
    """A column's head orders the list by it and turns it round, and keeps what the list is narrowed to. EMC-TASK-14"""
    Run.objects.all().delete()
    for number, state in enumerate((RunState.SUCCESS, RunState.ERROR, RunState.TIMEOUT)):
        Run(name=f"Run {number}", kind="read", state=state, failed=number).save()
    page = admin.get("/console/tasks/", {"order": "-failed", "outcome": "failed"})
    assert [run.name for run in page.context["runs"]] == ["Run 2", "Run 1"]
    content = page.content.decode()
    assert 'aria-sort="descending"><a href="/console/tasks/?order=failed&amp;outcome=failed">Failed</a>' in content
    assert '<option value="failed" selected>' in content
    nothing = admin.get("/console/tasks/", {"outcome": "canceled"}).content.decode()
    assert "No run is so." in nothing
    assert len(admin.get("/console/tasks/", {"order": "x", "outcome": "y", "after": "z"}).context["runs"]) == 3


def test_a_task_is_made_changed_and_run(world: World, admin: Client) -> None:
    """The schedule is a sentence, the form shows what was entered, a run lists what failed and does it again."""
    form = {
        "name": "Mondays",
        "active": "on",
        "when": "every",
        "start": "2026-11-02",
        "at": "06:00",
        "n": 2,
        "unit": "weeks",
    }
    admin.post(
        "/console/tasks/add/?kind=read", {**form, "weekdays": ["0", "3"], "zone": "Europe/Berlin", "everything": "on"}
    )
    task = Task.objects.get(name="Mondays")
    assert task.settings == {"everything": True}
    page = admin.get("/console/tasks/").content.decode()
    assert "every 2 weeks on Mon, Thu at 06:00, by Europe/Berlin" in page
    filled = admin.get(f"/console/tasks/{task.uuid}/").context["form"]
    assert [filled[name].value() for name in ("when", "at", "weekdays", "everything")] == [
        "every",
        "06:00",
        ["0", "3"],
        True,
    ]
    run = Run.objects.create(task=task, name="Mondays", kind="read", state=RunState.ERROR, targets=2, done=2, failed=1)
    Result.objects.create(
        run=run, target="lib-1", state=RunState.ERROR, message="It did not answer.", device_id=world.device.pk
    )
    Result.objects.filter(run=run).update(
        detail={"steps": [{"step": 1, "name": "Read", "ok": True, "message": "Read; 7 pages."}]}
    )
    page = admin.get(f"/console/runs/{run.uuid}/?view=failed").content.decode()
    assert "1 step" in page
    assert "Read; 7 pages." in page
    assert "It did not answer." in page
    admin.post(f"/console/runs/{run.uuid}/again/")
    assert Run.objects.get(recovers=run).targets == 1
    assert "Mondays" in admin.get(address("device", world)).content.decode()


def test_counters_to_send_are_chosen(world: World, copier: Machine, admin: Client) -> None:
    """A counter mail has the usual counters or those that are named, and the form shows these again; what is no name of
    one is refused. EMC-CMAI-03"""
    form = {"name": "Counters", "when": "none", "format": "csv", "to": "desk@example.org", "active": "on"}
    add = "/console/tasks/add/?kind=counter-mail"
    assert admin.post(add, {**form, "counters": "total, #"}).status_code == 422
    assert admin.post(add, {**form, "counters": "total.color, copy.large"}).status_code == 302
    task = Task.objects.get(name="Counters")
    edit = admin.get(f"/console/tasks/{task.uuid}/").context["form"]
    assert edit["counters"].value() == "total.color, copy.large"
    mail, rows = report_mail(task.settings, None, timezone.now())
    assert rows == 1
    text = base64.b64decode(mail["attachments"][0]["data"]).decode("utf-8-sig").splitlines()
    assert "300" in text[1].split(",")
    assert "900" not in text[1].split(",")
    admin.post(f"/console/tasks/{task.uuid}/", form)
    task.refresh_from_db()
    assert "counters" not in str(task.settings["wish"])


def test_a_batch_has_steps_that_depend_on_each_other(world: World, admin: Client) -> None:
    """The steps of the form are those that are stored, also an end as an error. EMC-BTCH-01"""
    form = {
        "name": "Batch",
        "when": "none",
        "step_0": "read",
        "after_0": "any",
        "step_1": "end-error",
        "after_1": "error",
    }
    answer = admin.post("/console/tasks/add/?kind=batch", form)
    assert answer.status_code == 302, answer.content.decode()
    steps = Task.objects.get(name="Batch").settings["steps"]
    assert [(step["kind"], step["when"], step["as_error"]) for step in steps] == [
        ("read", "any", False),
        ("end", "error", True),
    ]


def test_every_kind_can_be_a_step(world: World, admin: Client) -> None:
    """A step asks for what its kind needs, is stored with it, and comes back in the form as it was. EMC-BTCH-01"""
    form = {
        "name": "Find and tell",
        "when": "none",
        "step_0": "discover",
        "discovery_0": str(world.search.pk if world.search else 0),
        "step_1": "read",
        "after_1": "success",
        "everything_1": "on",
        "step_2": "report",
        "report_2": "supplies",
        "format_2": "xlsx",
        "to_2": "desk@example.org, boss@example.org",
        "step_3": "write",
        "fields_3": ["location", "contact"],
    }
    answer = admin.post("/console/tasks/add/?kind=batch", form)
    assert answer.status_code == 302, answer.content.decode()
    task = Task.objects.get(name="Find and tell")
    discover, read, report, write = (step["settings"] for step in task.settings["steps"])
    assert discover == {"discovery": int(str(form["discovery_0"]))}
    assert read == {"everything": True}
    assert (report["report"], report["to"]) == ("supplies", ["desk@example.org", "boss@example.org"])
    assert write["fields"] == ["location", "contact"]
    shown = admin.get(f"/console/tasks/{task.uuid}/").context["form"]
    for name in ("discovery_0", "report_2", "to_2", "fields_3"):
        assert shown[name].value() == form[name]


def test_a_task_without_what_it_needs_is_refused(world: World, admin: Client) -> None:
    """The form keeps what was typed and says what is missing."""
    answer = admin.post(
        "/console/tasks/add/?kind=report", {"name": "R", "when": "every", "format": "csv", "report": "devices"}
    )
    assert answer.status_code == 422
    assert "Say when." in answer.content.decode()


def test_a_rule_tells_of_what_was_chosen(world: World, admin: Client) -> None:
    """Conditions, delay, quiet hours and recipients are stored as the rule has them, and come back."""
    form = {
        "name": "Low",
        "enabled": "on",
        "at_most": 5,
        "of_remaining": ["toner"],
        "of_power": ["no-response"],
        "trigger": "ongoing",
    }
    admin.post(
        "/console/notices/rules/add/", {**form, "delay_min": 10, "quiet": "22:00-06:00", "mail_to": "a@b.example"}
    )
    rule = NoticeRule.objects.get(name="Low")
    assert {"what": "remaining", "values": ["toner"], "at_most": 5} in rule.conditions
    assert (rule.delay_s, rule.quiet, rule.mail_to) == (600, ["22:00-06:00"], ["a@b.example"])
    filled = admin.get(f"/console/notices/rules/{rule.pk}/").context["form"]
    assert [filled[name].value() for name in ("at_most", "of_power", "delay_min", "quiet")] == [
        5,
        ["no-response"],
        10,
        "22:00-06:00",
    ]
    nobody = admin.post("/console/notices/rules/add/", {**form, "name": "Nobody", "delay_min": 10})
    assert nobody.status_code == 422


def test_a_test_mail_goes_through_the_outbox(world: World, admin: Client) -> None:
    """Without a server it is said; with one the mail waits in the outbox, and one that was given up is sent again.

    It goes to the address of whoever sends it, unless they type another one. EMC-PREF-03
    """
    assert (
        "Set the mail server first"
        in admin.post("/console/notices/mail/test/", {"to": "a@b.example"}, follow=True).content.decode()
    )
    server = {
        "host": "mail.example.org",
        "port": 587,
        "security": "starttls",
        "verify": "on",
        "sender": "p@b.example",
        "method": "password",
    }
    assert admin.post("/console/notices/mail/", server).status_code == 302
    assert MailServer.objects.get().host == "mail.example.org"
    User.objects.filter(pk=world.people[Role.ADMINISTRATOR].pk).update(email="boss@b.example")
    assert (
        'name="to" type="email" required value="boss@b.example"' in admin.get("/console/notices/mail/").content.decode()
    )
    admin.post("/console/notices/mail/test/", {"to": "a@b.example"})
    assert Notice.objects.latest("pk").payload["mail"]["to"] == ["a@b.example"]
    assert world.notice is not None
    admin.post(f"/console/notices/outbox/{world.notice.pk}/again/")
    assert Notice.objects.get(pk=world.notice.pk).failed_at is None


def test_the_dashboard_answers_at_a_glance(world: World, copier: Machine, anna: User, admin: Client) -> None:
    """States, supplies due, pages, most and fewest, cost and who is silent. EMC-DASH-02"""
    machine("silent-1", power="no-response")
    page = admin.get("/console/fleet/")
    text = page.content.decode()
    for words in ("Supplies due", "3 days", "silent-1", "Most pages in", "Charged in"):
        assert words in text, words
    assert (page.context["total"], page.context["silent"]) == (2, 1)
