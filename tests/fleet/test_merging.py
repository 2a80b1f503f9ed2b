"""Two records of one machine become one, and nothing is lost."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db.models import BigIntegerField

from platen.devices.errors import DeviceError
from platen.devices.models import Device, QueueKind
from platen.devices.services import add_queue, add_reader
from platen.directory.services import create_user
from platen.eventlog.models import AuditEntry, Event
from platen.fleet import merging
from platen.fleet.doubles import all_doubles, doubles_of
from platen.fleet.errors import FleetError
from platen.fleet.groups import ids_in, put_into, set_group
from platen.fleet.history import days_of
from platen.fleet.merging import merge, plan_merge
from platen.fleet.meters_at import meters_at
from platen.fleet.models import Alert, FleetDay, Machine, MeterReading, MonthMeters, StateSpan, Supply, SupplyEvent
from platen.policy.fleet.month_days import MonthDays
from platen.printing.models import Delivery, Job
from platen.tasks.models import Result, Run
from platen.tasks.services import TaskValues, add_task, start_now
from platen.tenants.models import Scoped, Tenant
from platen.tracking.models import UsageDay, UsageRecord
from tests.console.conftest import usage_record
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, machine

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
ONE_EACH = {
    "devices.Device",
    "fleet.Machine",
    "fleet.SearchText",  # the database keeps it by itself
    "fleet.Survey",
    "tracking.Tariff",
    "access.PanelSession",
    "tracking.UsageDay",
}
"""What a machine has one of: the record that stays has its own or gets the other's; and sums by day, that are added."""


@pytest.fixture
def two(tenant: Tenant) -> tuple[Machine, Machine]:
    """Two records of one machine: found by hand, and by a search a week later."""
    values = {"serial": "HC458-0001", "maker": "Halden"}
    kept = machine("By hand", found_at=START, counted_at=START + timedelta(days=9), read_at=START, **values)
    gone = machine(
        "Found",
        found_at=START + timedelta(days=7),
        counted_at=START + timedelta(days=20),
        read_at=START + timedelta(days=20),
        contact="Facilities",
        model="C458",
        pages=300,
        meters={"total": 300},
        power="on",
        **{**values, "address": "10.9.8.7"},
    )
    return kept, gone


def month(of: Machine, days: dict[int, int], **values: object) -> None:
    """A month of pages by day."""
    kept = MonthDays()
    for number, pages in days.items():
        kept.add(number, {"total": pages})
    MonthMeters(machine=of, day=MARCH, pages=sum(days.values()), days=kept.text, **values).save()


def test_every_relation_is_seen_to() -> None:
    """Nothing that is tied to a device or machine is left out: a new relation has to say what becomes of it."""
    treated = {model._meta.label for model, *_rest in (*merging._MOVED, *merging._MERGED)} | ONE_EACH
    tied = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Scoped)
        for each in model._meta.concrete_fields
        if each.related_model in {Device, Machine} or (each.name == "device_id" and isinstance(each, BigIntegerField))
    }
    assert tied <= treated


def test_what_people_use_goes_over(two: tuple[Machine, Machine]) -> None:
    """Queues, readers, groups, tasks, documents, usage, events and results are those of the record that stays."""
    kept, gone = two
    Device.objects.filter(pk=gone.pk).update(uri="ipp://10.9.8.7/ipp/print")
    gone.device.refresh_from_db()
    add_queue("push", QueueKind.PUSH, by=ADMIN, device=gone.device)
    add_reader("reader", gone.device, "127.0.0.77", by=ADMIN)
    group = set_group("Copiers", by=ADMIN)
    put_into(group, [gone.pk], by=ADMIN)
    task = add_task("Read", TaskValues(kind="read", target={"devices": [gone.pk, kept.pk]}), by=ADMIN)
    run = start_now(task, by=ADMIN)
    Result(run=run, device_id=gone.pk, target="Found").save()
    anna = create_user("anna", by=ADMIN)
    for device in (kept.device, gone.device):
        usage_record(anna, device)
        UsageDay(day=MARCH, device_id=device.pk, records=1, pages=5).save()
    Event(kind="x", message="It jammed", device_id=gone.pk).save()
    job: Job = Job.objects.create(queue=gone.device.queues.get(), name="a.pdf", device=gone.device)
    Delivery(job=job, device=gone.device, state="done", uuid=uuid.uuid4()).save()
    plan = dict(plan_merge(kept, gone).counts)
    assert (plan["queues"], plan["usage records"], plan["documents"], plan["groups"]) == (1, 1, 1, 1)

    merge(kept, gone, by=ADMIN)

    device = Device.objects.get()
    assert (device, device.uri) == (kept.device, "ipp://10.9.8.7/ipp/print")
    assert device.queues.get().name == "push"
    assert device.readers.get().name == "reader"
    assert ids_in(group) == {kept.pk}
    task.refresh_from_db()
    assert task.target == {"devices": [kept.pk]}
    assert Result.objects.get().device_id == kept.pk
    assert UsageRecord.objects.filter(device_id=kept.pk).count() == 2
    assert UsageDay.objects.get().pages == 10
    assert Job.objects.get().device_id == kept.pk
    assert Event.objects.get(kind="x").device_id == kept.pk
    entry = AuditEntry.objects.get(verb="machines_merged")
    assert entry.detail["gone_name"] == "Found"
    assert Run.objects.get().state == "waiting"


def test_what_was_read_last_is_what_is_known(two: tuple[Machine, Machine]) -> None:
    """Address, meters and state come from the record read last; what people said of the one that stays is kept."""
    kept, gone = two
    kept.contact = "Registry"
    kept.save()
    Supply(machine=kept, key="1", kind="toner", state="level", percent=90).save()
    Supply(machine=gone, key="1", kind="toner", state="level", percent=40).save()
    Supply(machine=kept, key="2", kind="opc", state="level", percent=70).save()
    merged = Machine.objects.get(pk=merge(kept, gone, by=ADMIN).pk)
    assert (merged.address, merged.pages, merged.power, merged.model) == ("10.9.8.7", 300, "on", "C458")
    assert (merged.contact, merged.found_at, merged.device.name) == ("Registry", START, "By hand")
    assert merged.due_at is not None
    assert dict(Supply.objects.values_list("key", "percent")) == {"1": 40, "2": 70}


def test_history_is_merged_and_counted_once(two: tuple[Machine, Machine]) -> None:
    """Days that both counted are there once, in the machine's history and in the fleet's sums; states follow on."""
    kept, gone = two
    month(kept, {2: 10, 9: 20}, at_end={})
    month(gone, {9: 25, 11: 7})
    for number, pages in ((2, 10), (9, 45), (11, 7)):
        FleetDay(day=MARCH.replace(day=number), pages=pages).save()
    for each, hours in ((kept, 0), (gone, 1)):
        at = START + timedelta(days=8, hours=hours)
        MeterReading(machine=each, at=at, moved={"total": 20}, pages=100).save()
        SupplyEvent(machine=each, key="1", at=at, kind="replaced").save()
        Alert(machine=each, key="jam", severity=2, level="critical", training="trained", code="jam", began_at=at).save()
    StateSpan(machine=kept, state="ready", began_at=START, ended_at=START + timedelta(days=9)).save()
    StateSpan(machine=kept, state="silent", began_at=START + timedelta(days=9)).save()
    StateSpan(machine=gone, state="ready", began_at=START + timedelta(days=7)).save()

    merge(kept, gone, by=ADMIN)

    assert {each.day.day: each.pages for each in days_of(kept, MARCH, MARCH.replace(day=31))} == {2: 10, 9: 25, 11: 7}
    assert MonthMeters.objects.get().pages == 42
    assert dict(FleetDay.objects.values_list("day__day", "pages")) == {2: 10, 9: 25, 11: 7}
    assert MeterReading.objects.count() == 1
    assert SupplyEvent.objects.count() == 1
    assert Alert.objects.get().began_at == START + timedelta(days=8)
    assert StateSpan.objects.get().state == "ready"
    assert meters_at(Machine.objects.get(), datetime.now(tz=START.tzinfo)).values == {"total": 300}


@pytest.mark.parametrize("cleared", [None, START + timedelta(hours=9)], ids=["open", "cleared"])
@pytest.mark.parametrize("open_for", [0, 1], ids=["kept", "gone"])
def test_an_alert_ends_when_it_ended_for_both(
    two: tuple[Machine, Machine], open_for: int, cleared: datetime | None
) -> None:
    """Of an alert that both reported the later end holds; what is open for one of them stays open."""
    about = {"key": "jam", "severity": 2, "level": "critical", "training": "trained", "code": "jam"}
    Alert(machine=two[1 - open_for], began_at=START, cleared_at=START + timedelta(hours=5), **about).save()
    Alert(machine=two[open_for], began_at=START + timedelta(hours=4), cleared_at=cleared, **about).save()
    merge(*two, by=ADMIN)
    only = Alert.objects.get()
    assert (only.began_at, only.cleared_at) == (START, cleared)


def test_documents_still_find_it(two: tuple[Machine, Machine]) -> None:
    """When only the record that goes took documents, the one that stays takes them at the address they went to."""
    kept, gone = two
    Device.objects.filter(pk=kept.pk).update(uri="ipp://10.9.8.8/ipp/print", takes_documents=False)
    Device.objects.filter(pk=gone.pk).update(uri="ipp://10.9.8.7/queue", takes_documents=True)
    add_queue("push", QueueKind.PUSH, by=ADMIN, device=Device.objects.get(pk=gone.pk))
    merge(kept, gone, by=ADMIN)
    device = Device.objects.get()
    assert (device.takes_documents, device.uri) == (True, "ipp://10.9.8.7/queue")


@pytest.mark.parametrize("unmanaged", [0, 1], ids=["kept", "gone"])
def test_what_was_managed_is_read_on(two: tuple[Machine, Machine], unmanaged: int) -> None:
    """When one of both records was managed, what becomes of them is managed and due, and read as that one was."""
    two[unmanaged].managed, two[unmanaged].due_at = False, None
    two[unmanaged].collector = "branch"
    two[unmanaged].save()
    merge(*two, by=ADMIN)
    merged = Machine.objects.get()
    assert (merged.managed, merged.collector, merged.due_at is None) == (True, "", False)


def test_what_must_not_be_merged(two: tuple[Machine, Machine]) -> None:
    """A record is not merged with itself, nor while documents are on their way; a differing mark is a warning."""
    kept, gone = two
    with pytest.raises(FleetError, match="one record"):
        merge(kept, kept, by=ADMIN)
    queue = add_queue("pull", QueueKind.PULL, by=ADMIN)
    job = Job.objects.create(queue=queue, name="a.pdf")
    Delivery(job=job, device=gone.device, state="sending", uuid=uuid.uuid4()).save()
    with pytest.raises(DeviceError, match="still has documents"):
        merge(kept, gone, by=ADMIN)
    assert Machine.objects.count() == 2
    assert plan_merge(kept, gone).warnings == ()
    gone.serial = "OTHER"
    assert "share no serial number" in plan_merge(kept, gone).warnings[0]
    assert "HC458-0001 and OTHER" in plan_merge(kept, gone).warnings[1]


def test_doubles_are_found(two: tuple[Machine, Machine]) -> None:
    """Records that share a serial number, hardware address or UUID are shown as doubles, each set once."""
    kept, gone = two
    for each in two:
        each.mac = "00c076ff00f2"
        each.save()
    machine("Alone", serial="X", mac="00c076ff00f3")
    assert doubles_of(kept) == [gone]
    (double,) = all_doubles()
    assert (double.mark, [each.device.name for each in double.machines]) == ("serial", ["By hand", "Found"])
    merge(kept, gone, by=ADMIN)
    assert all_doubles() == []
