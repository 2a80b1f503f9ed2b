"""By which object a machine is known again, and by which it is told that another one answers."""

from __future__ import annotations

import json

import pytest

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.mark import mark_of
from platen.readings.plan import describe, dump_plan, load_plan, make_plan
from platen.readings.reading import read
from platen.readings.update import is_another
from tests.readings.replay import Replay, number, printer, surveyed, text
from tests.walks import Held

SERIAL: Oid = (*o.PRT_GENERAL_SERIAL_NUMBER, 1)
CHASSIS: Oid = (*o.ENT_PHYSICAL_SERIAL_NUM, 1)
MAC: Oid = (*o.IF_PHYS_ADDRESS, 1)
KYOCERA: Oid = (1, 3, 6, 1, 4, 1, 1347, 43, 5, 1, 1, 28, 1)


def marked(objects: dict[Oid, Held]) -> Oid | None:
    """The mark of a machine that has these objects."""
    raw = {oid: held.value for oid, held in objects.items()}
    return mark_of(raw, read(raw).identity)


def test_a_machine_is_known_by_its_serial_number() -> None:
    """As the Printer MIB has it, as text or, wrongly, as a number; else as the Entity MIB has it."""
    objects = printer()
    assert marked(objects) == SERIAL
    assert marked(objects | {SERIAL: number(40_712_233)}) == SERIAL
    assert (
        marked(objects | {SERIAL: text("0000000000"), CHASSIS: text("CH-778"), (*o.ENT_PHYSICAL_CLASS, 1): number(3)})
        == CHASSIS
    )


def test_makers_have_objects_of_their_own_for_it() -> None:
    """Where the standard one says nothing, the maker's is the mark, read as its file says."""
    objects = printer() | {
        SERIAL: text(""),
        o.SYS_OBJECT_ID: Held(0x06, (1, 3, 6, 1, 4, 1, 1347, 41)),
        KYOCERA: text("RH28Y00024"),
    }
    raw: dict[Oid, Value] = {oid: held.value for oid, held in objects.items()}
    plan, last = make_plan(raw), read(raw)
    assert (plan.mark, last.identity.serial) == (KYOCERA, "RH28Y00024")
    assert not is_another(plan, last, {KYOCERA: b"RH28Y00024"})
    assert is_another(plan, last, {KYOCERA: b"RH28Y00025"})


def test_without_a_serial_number_the_hardware_address_tells() -> None:
    """The one that the machine is known by, of several interfaces; without that nothing does."""
    objects = printer() | {
        SERIAL: text("XXXXXXXX"),
        MAC: text(b""),
        (*o.IF_PHYS_ADDRESS, 2): text(bytes.fromhex("0017c865e2ba")),
    }
    assert marked(objects) == (*o.IF_PHYS_ADDRESS, 2)
    assert marked(objects | {(*o.IF_PHYS_ADDRESS, 2): text(b"")}) is None


def test_who_it_is_alone_is_nothing_to_ask() -> None:
    """A machine that says nothing that changes, as one in deep sleep, is asked everything the next time."""
    assert make_plan({MAC: bytes.fromhex("0017c865e2ba")}).requests == ()


@pytest.mark.parametrize("spelled", [b"LX400-0001", b"LX400-0001   ", b"\0LX400-0001\0\0"])
def test_padding_makes_no_other_machine(spelled: bytes) -> None:
    """What is compared is the serial number as it is read."""
    raw = surveyed(Replay(printer()))
    assert not is_another(make_plan(raw), read(raw), {SERIAL: spelled})


@pytest.mark.parametrize("other", [b"LX400-00011", b"X400-0001", b"", 7])
def test_anything_else_is_another(other: Value) -> None:
    """Also a number that begins or ends like it."""
    raw = surveyed(Replay(printer()))
    assert is_another(make_plan(raw), read(raw), {SERIAL: other})
    assert not is_another(make_plan(raw), read(raw), {})  # it did not say


def test_a_plan_asks_for_it_in_one_small_object() -> None:
    """Whatever else has to be left out; two numbers of about one length share a plan."""
    raw = surveyed(Replay(printer(supplies=12, trays=10)))
    small, bare = (
        make_plan(raw, octets_max=700),
        make_plan({each: raw[each] for each in raw if each not in {SERIAL, MAC}}),
    )
    assert SERIAL in small.cells
    assert make_plan(raw).octets - bare.octets <= 60
    assert "who it is: 1 object" in describe(small)
    assert make_plan(dict(raw) | {SERIAL: b"OTHER-7"}).key == make_plan(raw).key


def test_a_plan_that_was_kept_before_has_no_mark() -> None:
    """It is used as it was until the next survey makes another, so that a fleet is not surveyed at one moment."""
    raw = surveyed(Replay(printer()))
    stored = json.loads(dump_plan(make_plan(raw)))
    del stored["mark"]
    old = load_plan(json.dumps(stored).encode())
    assert old.mark is None
    assert not is_another(old, read(raw), {SERIAL: b"ANOTHER-1"})
    assert load_plan(dump_plan(make_plan(raw))).mark == SERIAL
