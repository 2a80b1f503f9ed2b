"""What home makes of what a collector at another site sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platen.devices.models import Device
from platen.eventlog.models import Event
from platen.fleet.collected import Outcome, Receipt, take
from platen.fleet.collectors import (
    add_collector,
    change_collector,
    collectors_with_counts,
    key_of,
    new_key,
    note_seen,
    tell_silent,
)
from platen.fleet.due import load_due
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Collector, Machine, MeterReading, Power
from platen.fleet.registering import FoundMachine, Rules, register
from platen.fleet.storing import store
from platen.fleet.visits import Visit
from platen.fleet.wanting import want_readings
from platen.protocols.collector.envelope import Header
from platen.protocols.collector.rows import Kind, Row
from platen.readings.facts import Identity, Meter, Reading
from platen.readings.parts import parts_of
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
WHO = Identity(maker="Halden", model="C458", serial="HC4-1", mac="001ba94c71e2", host_name="lib-1f")


@pytest.fixture
def collector() -> Collector:
    """A collector that has sent nothing yet."""
    return add_collector("north", by=ADMIN)[0]


def pages(count: int, who: Identity = WHO) -> dict[str, Any]:
    """A machine's reading, in parts."""
    return parts_of(Reading(identity=who, meters=(Meter("total", count, "1.3.6"),)))


def row(sequence: int, parts: dict[str, Any] | None = None, *, token: str = "m1", **content: Any) -> Row:
    """A reading a minute; whole unless `parts` lacks something."""
    parts = pages(100 + sequence) if parts is None else parts
    at_ms = int((NOW - timedelta(hours=2) + timedelta(minutes=sequence)).timestamp() * 1000)
    given = {"parts": parts, "full": len(parts) > 3, "address": "10.0.0.5", **content}
    return Row(sequence, Kind.READING, at_ms, token, given)


def send(collector: Collector, *rows: Row, after: int | None = None, now: datetime = NOW, **header: Any) -> Receipt:
    """Take an envelope with these rows."""
    first, last = (rows[0].sequence, rows[-1].sequence) if rows else (0, 0)
    values = {"stream": "one", "began_ms": 1000, "after": first - 1 if after is None else after} | header
    named = Header(collector=str(collector.uuid), first=first, last=last, rows=len(rows), version="0.1", **values)
    return take(collector.pk, named, rows, now)


def test_a_machine_of_another_site(collector: Collector) -> None:
    """It is registered with its collector, is read by nobody here, and its readings count. DCA-RUN-03, DCA-DATA-01"""
    assert send(collector, row(1), row(2)) == Receipt(Outcome.STORED, 2, 2)
    machine = Machine.objects.get()
    assert (machine.serial, machine.collector, machine.pages, machine.power) == ("HC4-1", "north", 102, Power.ON)
    assert machine.read_at == NOW - timedelta(hours=2) + timedelta(minutes=2)
    (shown,) = collectors_with_counts()
    assert (shown.machine_count, shown.last_sequence, shown.last_seen) == (1, 2, NOW)


def test_what_waits_at_the_site(collector: Collector) -> None:
    """Home keeps how many rows follow, as the collector last said; nothing once it has everything."""
    send(collector, row(1), waiting=7)
    collector.refresh_from_db()
    assert collector.waiting == 7
    send(collector, row(2))
    collector.refresh_from_db()
    assert collector.waiting == 0


def test_an_envelope_that_comes_twice(collector: Collector) -> None:
    """Nothing of it counts a second time, and of one that overlaps only what is new."""
    send(collector, row(1), row(2))
    before = MeterReading.objects.count()
    assert send(collector, row(1), row(2)) == Receipt(Outcome.STORED, 2, 0)
    assert MeterReading.objects.count() == before
    assert send(collector, row(2), row(3)) == Receipt(Outcome.STORED, 3, 1)
    assert Machine.objects.get().pages == 103


def test_a_gap(collector: Collector) -> None:
    """Where rows are missing nothing is taken; where they are lost for good, that is said, from which moment on."""
    send(collector, row(1))
    assert send(collector, row(5)) == Receipt(Outcome.GAP, 1)
    assert send(collector, row(5), lost=True) == Receipt(Outcome.STORED, 5, 1)
    assert "Rows 2 to 4" in Event.objects.get(kind="collector_gap").message


def test_only_what_changed(collector: Collector) -> None:
    """A reading of the parts that changed is put on what was sent before; without that, a whole one is asked for."""
    meters = {"meters": pages(150)["meters"]}
    assert send(collector, row(1, meters)) == Receipt(Outcome.STORED, 1, 1, ["m1"])
    assert not Machine.objects.exists()
    send(collector, row(2), row(3, meters))
    machine = Machine.objects.get()
    assert (machine.pages, machine.serial) == (150, "HC4-1")
    send(collector, row(4, {"meters": pages(160)["meters"]}))
    assert Machine.objects.get().pages == 160


def test_a_reset_at_another_site(collector: Collector) -> None:
    """What a machine prints between a reset and its confirmation counts, in one envelope or in many."""
    totals = (5_000, 5_100, 5, 25, 65, 70)
    rows = [row(number, pages(total)) for number, total in enumerate(totals, 1)]
    for some in (rows[:2], rows[2:3], rows[3:]):
        send(collector, *some)
    machine = Machine.objects.get()
    assert (machine.pages, machine.pages_month, machine.suspicion) == (70, 165, "")


def test_two_sites_with_the_same_addresses(collector: Collector) -> None:
    """Private addresses are used at every site: the same address at another site is another machine."""
    south = add_collector("south", by=ADMIN)[0]
    send(collector, row(1))
    send(south, row(1, pages(5, replace(WHO, serial="HC4-2", mac="001ba94c71e3"))))
    found = Machine.objects.order_by("serial").values_list("serial", "collector", "address", "power")
    assert list(found) == [("HC4-1", "north", "10.0.0.5", "on"), ("HC4-2", "south", "10.0.0.5", "on")]


@pytest.fixture
def at_home() -> Machine:
    """The same machine, read from here."""
    found = FoundMachine(address="10.0.0.5", identity=WHO)
    registered = register(found, Rules(), by=ADMIN, now=NOW - timedelta(days=1)).machine
    assert registered is not None
    whole = Reading(identity=WHO, meters=(Meter("total", 90, "1.3.6"),))
    store([Visit(machine_id=registered.pk, at=NOW - timedelta(hours=3), reading=whole, survey=True)])
    return registered


MASKED = replace(WHO, mac="02aabbccddee", host_name="")


@pytest.mark.parametrize("who", [WHO, MASKED], ids=["open", "masked"])
@pytest.mark.parametrize("address", ["10.0.0.5", "address-0a1b2c"])
def test_what_home_reads_as_well_is_one_machine(
    collector: Collector, at_home: Machine, who: Identity, address: str
) -> None:
    """The same serial number is the same machine: it is counted once, by who began to read it, and that is said."""
    assert send(collector, row(1, pages(200, who), address=address)).full == []
    send(collector, row(2, {"meters": pages(201)["meters"]}, address=address))
    machine = Machine.objects.get()
    assert (machine.pk, machine.collector, machine.address, machine.pages) == (at_home.pk, "", "10.0.0.5", 90)
    said = Event.objects.get(kind="machine_read_twice").message
    assert said == "lib-1f is read from here; the collector north reads it as well. It counts once."


def test_a_collector_takes_over_what_home_does_not_reach(collector: Collector, at_home: Machine) -> None:
    """Who gets through reads it, and the event log says so; documents still go where they went."""
    Device.objects.update(uri="ipp://10.0.0.5/ipp/print")
    Machine.objects.update(failures=3)
    send(collector, row(1, pages(200, MASKED), address="address-0a1b2c"))
    machine = Machine.objects.select_related("device").get()
    assert (machine.pk, machine.collector, machine.pages) == (at_home.pk, "north", 200)
    assert machine.device.uri == "ipp://10.0.0.5/ipp/print"
    assert Event.objects.filter(kind="machine_reader", message__contains="by the collector north now").exists()
    assert not Event.objects.filter(kind="machine_moved").exists()


def test_a_search_leaves_a_collector_its_machines(collector: Collector) -> None:
    """What a collector reads is not read from here as well, when a search here finds it."""
    send(collector, row(1, pages(200, MASKED), address="address-0a1b2c"))
    found = register(FoundMachine(address="10.0.0.5", identity=WHO), Rules(), by=ADMIN, now=NOW)
    assert (found.outcome, found.message) == ("known", "It is read by the collector north, and stays so.")
    assert Machine.objects.get().collector == "north"


def test_addresses_that_are_kept_back(collector: Collector) -> None:
    """Machines without an address, or with a token for one, are told apart and stay the same. DCA-DATA-03"""
    other = replace(WHO, serial="HC4-2", mac="001ba94c71e3")
    send(collector, row(1, address=""), row(2, pages(7, other), token="m2", address=""))
    send(collector, row(3, address="address-0a1b2c"), row(4, pages(8, other), token="m2", address=""))
    found = Machine.objects.order_by("serial").values_list("serial", "address", "pages")
    assert list(found) == [("HC4-1", "address-0a1b2c", 103), ("HC4-2", "", 8)]


def test_a_silent_machine(collector: Collector) -> None:
    """What did not answer its collector is silent here, after as many tries as everywhere. DCA-DATA-02"""
    send(collector, row(1))
    silent = [
        Row(n, Kind.SILENT, row(n).at_ms, "m1", {"evidence": "timeout", "reason": "<script>"}) for n in range(2, 8)
    ]
    send(collector, *silent)
    machine = Machine.objects.get()
    assert (machine.power, machine.failure, machine.pages) == (Power.SILENT, "It did not answer.", 101)


def test_when_it_was_off(collector: Collector) -> None:
    """The event log says from when to when."""
    send(collector, Row(1, Kind.OFF, 1_000, "", {"from": 1_772_000_000, "to": 1_772_007_200.5}))
    assert "from 2026-02-25 06:13 UTC to 2026-02-25 08:13 UTC" in Event.objects.get(kind="collector_off").message


def test_a_silent_collector(collector: Collector) -> None:
    """After three intervals without a word it is told of, once; that it speaks again is told as well."""
    send(collector, row(1), every_s=600)
    assert tell_silent(NOW + timedelta(minutes=29)) == 0
    assert tell_silent(NOW + timedelta(minutes=31)) == 1
    assert tell_silent(NOW + timedelta(minutes=32)) == 0
    assert "silent since 2026-03-04 12:00 UTC" in Event.objects.get(kind="collector_silent").message
    collector.refresh_from_db()
    note_seen(collector, NOW + timedelta(hours=1))
    assert Event.objects.filter(kind="collector_speaks").exists()


def test_a_new_database_and_an_old_one(collector: Collector) -> None:
    """A collector that lost its database begins anew; a copy that still has the old one is refused."""
    send(collector, row(1), row(2))
    assert send(collector, row(1), stream="two", began_ms=2000) == Receipt(Outcome.STORED, 1, 1)
    assert send(collector, row(3)).outcome is Outcome.OLD_STREAM
    assert Machine.objects.count() == 1
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"collector_began_anew", "collector_twice"} <= kinds


def test_files_of_an_older_copy(collector: Collector) -> None:
    """Rows seen later under numbers that are here already are told of; the same rows once more are not."""
    send(collector, row(1), row(2))
    sent_ms = int(NOW.timestamp() * 1000)
    send(collector, row(1), row(2), at_ms=sent_ms)
    assert not Event.objects.filter(kind="collector_twice").exists()
    send(collector, replace(row(1), at_ms=sent_ms - 60_000), after=0, at_ms=sent_ms)
    assert "older copy" in Event.objects.get(kind="collector_twice").message


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"identity": 5, "status": 1, "meters": 2, "supplies": 3},
        {**pages(1), "identity": [{"a": 1}] * 16},
        {**pages(1), "meters": [["total", "many", "1.3"]]},
        {**pages(1), "supplies": [[["x"], "toner"]]},
        pages(1, replace(WHO, mac="0" * 500)),
        pages(1, replace(WHO, serial="S" * 500)),
        pages(1, replace(WHO, serial="S\x00", model="M\x00")),
        pages(1, replace(WHO, location="\ud800", host_name="\ud800")),
    ],
)
def test_a_reading_that_is_none(collector: Collector, parts: dict[str, Any]) -> None:
    """It is left out and said; what follows it is taken."""
    receipt = send(collector, row(1, parts, full=True), row(2, pages(102, replace(WHO, serial="HC4-9")), token="m2"))
    assert (receipt.outcome, receipt.last) == (Outcome.STORED, 2)
    assert Machine.objects.get(serial="HC4-9").pages == 102


@pytest.mark.parametrize("token", ["", "\x00", "\ud800", "…" * 64])
def test_tokens_that_are_none(collector: Collector, token: str) -> None:
    """Whatever a machine is called by, what follows it is taken."""
    receipt = send(collector, row(1, token=token), row(2, pages(102, replace(WHO, serial="HC4-9")), token="m2"))
    assert (receipt.outcome, receipt.last) == (Outcome.STORED, 2)
    assert Machine.objects.get(serial="HC4-9").pages == 102


def test_what_is_seen_in_the_future(collector: Collector) -> None:
    """A clock that is ahead does not keep later readings out."""
    ahead = Row(1, Kind.READING, int((NOW + timedelta(days=400)).timestamp() * 1000), "m1", row(1).content)
    send(collector, ahead)
    assert Machine.objects.get().read_at == NOW + timedelta(minutes=5)


def test_keys() -> None:
    """Each collector has a key of its own, shown once and kept sealed; a name is used once. DCA-UPD-05"""
    north, key = add_collector("north", by=ADMIN)
    assert key_of(north) == key.encode()
    assert key.encode() not in bytes(north.secret)
    with pytest.raises(NameTaken):
        add_collector("north", by=ADMIN)
    with pytest.raises(InvalidValue):
        add_collector(" ", by=ADMIN)
    assert new_key(north, by=ADMIN) != key


def test_what_home_may_want(collector: Collector) -> None:
    """Intervals within bounds, whom to leave alone, more masks; nothing that widens what a site allowed. DCA-UPD-04"""
    change_collector(collector, by=ADMIN, configuration={"read_every_s": 600, "mask": {"mac": "token"}})
    for wrong in ({"read_every_s": 1}, {"ranges": "10.0.0.0/8"}, {"mask": {"mac": "show"}}, {"exclude": "10.0.0"}):
        with pytest.raises(InvalidValue):
            change_collector(collector, by=ADMIN, configuration=wrong)
    collector.refresh_from_db()
    assert collector.configuration == {"read_every_s": 600, "mask": {"mac": "token"}}


def test_nobody_here_asks_it(collector: Collector) -> None:
    """A machine of another site is not read by this node, not even by hand: here its address may be another's."""
    send(collector, row(1))
    machine = Machine.objects.get()
    assert machine.due_at is None
    assert want_readings([machine.pk], by=ADMIN) == 0
    assert load_due([machine.pk], NOW, by_hand=True) == []
    Machine.objects.update(collector="")
    assert want_readings([machine.pk], by=ADMIN) == 1
    assert len(load_due([machine.pk], NOW, by_hand=True)) == 1


def test_a_dozen_sites_beside_this_server() -> None:
    """Sites are added one by one, more than ten where they are needed, each with its machines; this server reads others
    of its own. EMC-ARCH-04 EMC-ARCH-05 EMC-ARCH-06"""
    for number in range(12):
        site = add_collector(f"site-{number}", by=ADMIN)[0]
        who = replace(WHO, serial=f"HC4-{number}", mac="", host_name="")
        assert send(site, row(1, pages(100, who))).outcome is Outcome.STORED
    who = replace(WHO, serial="OWN", mac="", host_name="")
    own = register(FoundMachine(identity=who, address="10.9.0.1"), Rules(), by=ADMIN, now=NOW).machine
    assert Machine.objects.exclude(collector="").count() == 12
    assert [each.machine_count for each in collectors_with_counts()] == [1] * 12
    everyone = list(Machine.objects.values_list("pk", flat=True))
    assert [each.id for each in load_due(everyone, NOW, by_hand=True)] == [own.pk]
