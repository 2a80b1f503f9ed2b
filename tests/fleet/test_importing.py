"""Many devices from a file: what becomes of each row, and that a long file is not asked about row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platen.collector.masking import Masks
from platen.devices.models import Device
from platen.devices.services import add_device, change_device
from platen.eventlog.audit import verify
from platen.eventlog.models import AuditEntry, Event
from platen.fleet import registering_many
from platen.fleet.deleting import delete_devices
from platen.fleet.device_tables import COLUMNS
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.groups import ids_in, set_group
from platen.fleet.importing import Imported, ImportRow, import_rows, rows_of_file, template_rows
from platen.fleet.models import Machine
from platen.fleet.regions import set_region
from platen.fleet.registering import FoundMachine, Rules, register
from platen.fleet.table_files import table_file
from platen.policy.fleet.collector import MASKED
from platen.readings.facts import Identity
from platen.tracking.models import Tariff
from platen.tracking.schemes import set_default_schemes, set_scheme
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, WHO, Watching, reading
from tests.tracking.printed import cheap_prices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]


def rows(count: int, first: int = 0) -> list[ImportRow]:
    """Devices of which each has everything that a file can say."""
    return [
        ImportRow(
            line=number + 2,
            name=f"Copier {number}",
            maker="Halden",
            model="C458",
            serial=f"HC{number:04}",
            mac=f"00c076ff{number:04x}",
            address=f"10.1.{number // 250}.{number % 250 + 1}",
            location="Hall",
        )
        for number in range(first, first + count)
    ]


def imported(meant: Sequence[ImportRow], *, dry: bool = False) -> list[Imported]:
    """What became of them."""
    return import_rows(meant, by=ADMIN, now=START, dry=dry)


def outcomes(meant: Sequence[ImportRow], *, dry: bool = False) -> list[str]:
    """In a word each."""
    return [each.outcome for each in imported(meant, dry=dry)]


def queries_of(meant: Sequence[ImportRow]) -> int:
    """How often an import asks the database, but for the statements that one batch of inserted rows is divided into."""
    with CaptureQueriesContext(connection) as asked:
        imported(meant)
    return sum(not each["sql"].startswith("INSERT") for each in asked.captured_queries)


def test_a_long_file_is_not_asked_about_row_by_row() -> None:
    """Ten times as many devices cost no more questions: new, known, moved and changed ones. EMC-DIMP-02"""
    counts = []
    for few_or_many in (rows(5), rows(50, 100)):
        moved = [replace(row, address="10.9" + row.address[4:]) for row in few_or_many]
        changed = [replace(row, location="Cellar", asset_number="A1") for row in moved]
        counts.append([queries_of(each) for each in (few_or_many, few_or_many, moved, changed)])
    assert counts[0] == counts[1]


def test_each_device_is_added_as_one_alone_is() -> None:
    """In the audit trail, in the event log, with its price, and told once to those who want to know of new ones."""
    happened: list[Happening] = []

    def hear(happenings: list[Happening], **_said: object) -> None:
        happened.extend(happenings)

    set_default_schemes(primary=set_scheme("usual", cheap_prices(), by=ADMIN), by=ADMIN)
    fleet_happened.connect(hear)
    try:
        assert outcomes(rows(3)) == ["new"] * 3
    finally:
        fleet_happened.disconnect(hear)
    machines = list(Machine.objects.select_related("device").order_by("pk"))
    assert [each.device.name for each in machines] == ["Copier 0", "Copier 1", "Copier 2"]
    assert {(each.found_by, each.managed, each.due_at) for each in machines} == {("import of a file", True, START)}
    assert [(each.kind, each.machine_id) for each in happened] == [(Kind.ADDED, each.pk) for each in machines]
    assert list(AuditEntry.objects.filter(verb="device_added").order_by("id").values_list("subject", flat=True)) == [
        each.device.name for each in machines
    ]
    assert verify().intact
    assert set(Event.objects.filter(kind="device_added").values_list("device_id", flat=True)) == {
        each.pk for each in machines
    }
    assert Tariff.objects.filter(primary__name="usual").count() == 3


def test_what_is_stored_of_many_is_stored_of_one() -> None:
    """Column by column, of a device and of its machine, whichever way it was registered; also where the group of a
    search takes it in."""
    identity = Identity(
        maker="Halden",
        model="C" * 400,
        serial="S1",
        firmware="4.1",
        mac="00c076ff0001",
        uuid="u-1",
        host_name="h1.example.org",
        location="Hall",
        contact="desk",
        asset_number="A1",
        object_id="1.3.6",
        color=True,
        duplex=False,
    )
    one = FoundMachine(address="10.1.0.1", port=1161, identity=identity, uri="ipp://10.1.0.1/ipp", protocol="snmp")
    two = replace(one, address="10.1.0.2", identity=replace(identity, serial="S2", mac="00c076ff0002", uuid="u-2"))
    region, group = set_region("Here", "10.1.0.0/24", "", by=ADMIN), set_group("Found", by=ADMIN)
    rules = Rules(group=group)
    register(one, rules, by=ADMIN, now=START, how_found="a file")
    registering_many.register_many([(two, rules)], by=ADMIN, now=START, how_found="a file")
    stored = [(Machine.objects.get(serial=each), Device.objects.get(machine__serial=each)) for each in ("S1", "S2")]
    own = {"id", "device", "uuid", "name", "uri", "address", "serial", "mac", "printer_uuid", "created_at"}
    for first, second in zip(*stored, strict=True):
        for field in first._meta.concrete_fields:
            if field.name not in own:
                assert getattr(first, field.attname) == getattr(second, field.attname), field.name
    machine = stored[1][0]
    assert (machine.address, machine.mac, machine.printer_uuid) == ("10.1.0.2", "00c076ff0002", "u-2")
    assert (machine.region_id, machine.port) == (region.pk, 1161)
    assert ids_in(group) == {each.pk for each, _device in stored}


def test_rows_of_one_file_may_mean_one_device() -> None:
    """A second row with a serial number is the same device, and the later row says where it is; of devices with one
    name each gets one of its own. EMC-DIMP-02"""
    (one,) = rows(1)
    two = [
        one,
        replace(one, line=3, address="10.1.0.77"),
        replace(one, line=4, serial="HC9", mac="", address="10.2.0.1"),
    ]
    assert outcomes(two) == ["new", "moved", "new"]
    assert dict(Machine.objects.values_list("serial", "address")) == {"HC0000": "10.1.0.77", "HC9": "10.2.0.1"}
    assert sorted(Device.objects.values_list("name", flat=True)) == ["Copier 0", "Halden C458 HC9"]


def test_a_name_that_many_want_is_had_once() -> None:
    """Of rows that say nothing but a name and a hardware address, each device has a name of its own."""
    add_device("Copier", "", by=ADMIN)
    bare = [ImportRow(line=number, name="Copier", mac=f"00c076ff{number:04x}") for number in range(60)]
    assert outcomes(bare) == ["new"] * 60
    names = set(Device.objects.values_list("name", flat=True))
    assert len(names) == 61
    assert {"Copier (2)", "Copier (49)"} <= names


def test_one_that_cannot_be_taken_stops_no_other() -> None:
    """It is said of its row alone. EMC-DIMP-02"""
    one, two, three = rows(3)
    done = imported([one, replace(two, mac="nonsense"), three])
    assert [each.outcome for each in done] == ["new", "failed", "new"]
    assert "hexadecimal" in done[1].message


def test_one_that_is_at_the_address_of_another() -> None:
    """Who was there has no address until it is found again, also where the file tells of that in a later row."""
    first, second = rows(2)
    imported([first, second])
    third = replace(first, serial="HC0003", mac="00c076ffaaaa", name="Third")
    assert outcomes([third, replace(second, location="Cellar")]) == ["new", "known"]
    assert dict(Machine.objects.values_list("serial", "address")) == {
        "HC0000": "",
        "HC0001": second.address,
        "HC0003": first.address,
    }
    assert Device.objects.get(name="Copier 1").location == "Cellar"


def test_a_file_takes_no_address_from_a_machine_that_was_read_there() -> None:
    """A file is a claim: nobody was asked. The row is marked in the preview and in the result; its device has no
    address, or the one that it had, until a search finds it. EMC-DIMP-02 EMC-DLST-11"""
    first, second = rows(2)
    imported([first, second])
    there = Watching(Machine.objects.get(serial="HC0000"))
    there.read(reading(total=100, identity=replace(WHO, serial="HC0000", mac=first.mac)))
    claims = [
        replace(first, line=2, serial="HC0003", mac="00c076ffaaaa", name="Third"),
        replace(second, line=3, address=first.address),
    ]
    for dry in (True, False):
        new, known = imported(claims, dry=dry)
        assert (new.outcome, known.outcome) == ("conflict", "conflict")
        assert "Copier 0 was read at 10.1.0.1 and keeps that address; this one has no address until" in new.message
        assert "this one stays where it was" in known.message
    assert dict(Machine.objects.values_list("serial", "address")) == {
        "HC0000": first.address,
        "HC0001": second.address,
        "HC0003": "",
    }
    assert there.machine.power == "on"
    assert not Event.objects.filter(kind__in=("address_conflict", "serial_conflict")).exists()
    found = FoundMachine(address=first.address, identity=Identity(maker="Halden", serial="HC0003"))
    assert register(found, Rules(), by=ADMIN, now=START).outcome == "moved"
    assert Machine.objects.get(serial="HC0003").address == first.address


def test_a_claim_on_an_address_that_fell_silent_long_ago() -> None:
    """A file may tell what took the place of a machine that nobody has read there for over a week."""
    (first,) = rows(1)
    imported([first])
    there = Watching(Machine.objects.get())
    there.read(reading(total=100, identity=replace(WHO, serial="HC0000", mac=first.mac)), hours=-9 * 24)
    assert outcomes([replace(first, serial="HC0003", mac="00c076ffaaaa", name="Third")]) == ["new"]
    assert there.machine.address == ""


def test_devices_of_a_collector_come_back_as_they_are() -> None:
    """A token in place of an address, and what reads a device, stay as they are; so does an address of the collector's
    own network. Without a mark a token says nothing. EMC-DIMP-01 EMC-DIMP-03"""
    imported(rows(3))
    masked, plain, silent = Machine.objects.select_related("device").order_by("serial")
    stays = {"collector": "north", "due_at": None}
    token = Masks(dict.fromkeys(MASKED, "token"), b"k" * 32).address("10.1.0.1")
    Machine.objects.filter(pk=masked.pk).update(address=token, mac="bee5a0f058b9", **stays)
    Machine.objects.filter(pk=plain.pk).update(port=1161, **stays)
    Machine.objects.filter(pk=silent.pk).update(failures=9, **stays)
    before = list(Machine.objects.order_by("pk").values("pk", "address", "port", "collector", "due_at", "failures"))
    known = Machine.objects.select_related("device").order_by("serial")
    filled = table_file("devices", "csv", list(COLUMNS), template_rows(known))
    again = rows_of_file("devices.csv", filled.content)
    assert [each.address for each in again] == [token, plain.address, silent.address]
    assert outcomes(again, dry=True) == outcomes(again) == ["known"] * 3
    assert list(Machine.objects.order_by("pk").values(*before[0])) == before
    (bare,) = imported([ImportRow(line=2, name="x", address=token)])
    assert (bare.outcome, token in bare.message) == ("failed", True)
    (new,) = imported([ImportRow(line=2, name="y", serial="ELSEWHERE-1", address=token)])
    assert (new.outcome, Machine.objects.get(serial="ELSEWHERE-1").address) == ("new", "")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("Managed", "new"), ("Ready", "new"), ("Tray 2 is empty", "new"), ("", "new"), ("unmanaged ", "unmanaged")],
)
def test_only_the_words_of_the_template_say_what_is_managed(state: str, outcome: str) -> None:
    """What a list says of a device in a column of that name, as “Tray 2 is empty”, keeps nothing unmanaged."""
    assert outcomes([replace(rows(1)[0], state=state)]) == [outcome]


def test_the_list_of_devices_itself_makes_no_doubles() -> None:
    """Its rows say name, state and address: those that a collector reads are known by address and name together, also
    where two sites use one address; where only the address is the same, it is another device. EMC-DIMP-07"""
    imported(rows(3))
    Machine.objects.filter(serial="HC0000").update(collector="north", due_at=None)
    Machine.objects.filter(serial="HC0001").update(collector="south", address="10.1.0.1", due_at=None)
    listed = [
        ["Copier 0", "Ready", "10.1.0.1"],
        ["Copier 1", "Tray 2 is empty", "10.1.0.1"],
        ["Copier 2", "Ready", "10.1.0.3"],
    ]
    again = rows_of_file("devices.csv", table_file("devices", "csv", ["Name", "State", "Address"], listed).content)
    for dry in (True, False):
        assert outcomes(again, dry=dry) == ["known"] * 3
    assert list(Machine.objects.order_by("serial").values_list("collector", flat=True)) == ["north", "south", ""]
    assert outcomes([ImportRow(line=2, name="Copier 1", serial="ANOTHER", address="10.1.0.1")], dry=True) == ["new"]
    other = [ImportRow(line=2, name="Copier 9", address="10.1.0.1")]
    assert outcomes(other) == ["new"]
    assert Machine.objects.get(device__name="Copier 9").collector == ""


def test_what_a_file_leaves_empty_stays() -> None:
    """A row with a serial number alone changes neither address nor port of a device that is known, nor where
    documents go; a row with another address leads these there. EMC-DIMP-02"""
    imported(rows(1))
    machine = Machine.objects.select_related("device").get()
    change_device(machine.device, by=ADMIN, uri=f"ipp://{machine.address}/ipp/print")
    Machine.objects.update(port=1161, failures=4)
    assert outcomes([ImportRow(line=2, serial="HC0000", asset_number="A7")]) == ["known"]
    machine.refresh_from_db()
    assert (machine.address, machine.port, machine.asset_number) == ("10.1.0.1", 1161, "A7")
    assert outcomes([replace(rows(1)[0], address="10.5.0.1")]) == ["moved"]
    machine = Machine.objects.select_related("device").get()
    assert (machine.address, machine.port, machine.failures) == ("10.5.0.1", 1161, 0)
    assert machine.device.uri == "ipp://10.5.0.1/ipp/print"
    assert Event.objects.filter(kind="machine_moved", device_id=machine.pk).count() == 1


def test_a_port_that_a_file_does_not_name_stays() -> None:
    """The template has the port of SNMP in a column of its own where it is not 161, and takes it back; without it
    machines are asked where they were. EMC-DIMP-01"""
    imported(rows(2))
    first, second = Machine.objects.select_related("device").order_by("serial")
    Machine.objects.filter(pk=first.pk).update(port=1161)
    plain = [replace(each, line=number) for number, each in enumerate(rows(2), 2)]
    assert outcomes(plain) == ["known", "known"]
    assert list(Machine.objects.order_by("serial").values_list("port", flat=True)) == [1161, 161]
    first.refresh_from_db()
    filled = table_file("devices", "csv", list(COLUMNS), template_rows([first, second]))
    assert filled.content.decode("utf-8-sig").splitlines()[1].endswith(",Managed,1161")
    Machine.objects.update(port=9161)
    assert outcomes(rows_of_file("devices.csv", filled.content)) == ["known", "known"]
    assert list(Machine.objects.order_by("serial").values_list("port", flat=True)) == [1161, 9161]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "1161.5", "١٦١", "snmp"])
def test_what_is_no_port_is_said(port: str) -> None:
    """In place of a machine that is asked nowhere."""
    (done,) = imported([replace(rows(1)[0], port=port)])
    assert (done.outcome, done.message) == ("failed", f"“{port}” is no port: it is a number from 1 to 65535.")


def test_a_preview_says_the_same_and_changes_nothing() -> None:
    """New, known, moved and failed rows, before and after. EMC-DIMP-06"""
    one, two = rows(2)
    imported([one])
    mixed = [
        one,
        two,
        replace(one, line=9, mac="x"),
        ImportRow(line=10, serial="HC0007", address="10.6.0.1", state="unmanaged"),
    ]
    before = Machine.objects.count()
    assert outcomes(mixed, dry=True) == outcomes(mixed) == ["known", "new", "failed", "unmanaged"]
    assert Machine.objects.count() == before + 2
    later = [replace(one, address="10.7.0.1")]
    assert outcomes(later, dry=True) == ["moved"]
    assert Machine.objects.get(serial="HC0000").address == one.address


def test_a_preview_knows_the_rows_before() -> None:
    """A serial number that another row has, a device that comes twice, addresses that change hands: what the preview
    says the import does. EMC-DIMP-06"""
    first, second, third, fourth, fifth = rows(5)
    imported([first, second])
    file = [
        third,
        replace(third, line=3, address="10.1.0.77"),
        replace(third, line=4, mac="00c076ffbbbb", address="10.1.0.99", name="Double"),
        replace(first, line=5, address="10.3.0.1"),
        replace(fourth, line=6, address=first.address),
        replace(fifth, line=7, address=second.address),
        replace(second, line=8),
        replace(first, line=9),
        replace(third, line=10, address=""),
    ]
    preview = [(each.outcome, each.message) for each in imported(file, dry=True)]
    words = [outcome for outcome, _message in preview]
    assert words[:5] == ["new", "moved", "conflict", "moved", "new"]
    assert preview == [(each.outcome, each.message) for each in imported(file)]


def test_a_preview_of_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows the rows of the batches before as well."""
    monkeypatch.setattr(registering_many, "AT_ONCE", 2)
    one, two, three = rows(3)
    file = [one, two, three, replace(one, line=9, mac="00c076ffbbbb", address="10.1.0.99")]
    assert outcomes(file, dry=True) == outcomes(file) == ["new", "new", "new", "conflict"]


def test_devices_are_deleted_together() -> None:
    """Ten times as many cost no more questions, and each is in the audit trail. EMC-DREM-04"""
    counts = []
    for few_or_many in (rows(4), rows(40, 100)):
        imported(few_or_many)
        keys = list(Machine.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            delete_devices(keys, by=ADMIN)
        counts.append(sum(not each["sql"].startswith("INSERT") for each in asked.captured_queries))
    assert counts[1] <= counts[0]
    assert AuditEntry.objects.filter(verb="device_removed").count() == 44
    assert not Device.objects.exists()
