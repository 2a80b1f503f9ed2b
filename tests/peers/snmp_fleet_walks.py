"""Models of the simulated fleet made from recorded walks: what the machine answered, and what moves made to move."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.living import Level, Living, Meter, Text, Uptime, Written
from platen.demo.fleet.machine import Model
from platen.demo.fleet.printer_mib import model_of
from platen.protocols.snmp.ber import element
from platen.protocols.snmp.oids import Oid, parse_oid
from platen.protocols.snmp.values import Tag, encode_value
from platen.readings.reading import read
from tests.walks import Held, Walk, main_walks, values_of, walk_of

SYSTEM = parse_oid("1.3.6.1.2.1.1")
SYS_UP_TIME, SYS_NAME = (*SYSTEM, 3, 0), (*SYSTEM, 5, 0)
WRITABLE = {(*SYSTEM, 4, 0): "sysContact", (*SYSTEM, 6, 0): "sysLocation"}
HR_SYSTEM_UPTIME = parse_oid("1.3.6.1.2.1.25.1.1.0")
IF_PHYS_ADDRESS = parse_oid("1.3.6.1.2.1.2.2.1.6")
SERIAL_NUMBER = parse_oid("1.3.6.1.2.1.43.5.1.1.17")
LIFE_COUNT, POWER_ON_COUNT = parse_oid("1.3.6.1.2.1.43.10.2.1.4"), parse_oid("1.3.6.1.2.1.43.10.2.1.5")
SUPPLY_NAME, SUPPLY_CAPACITY, SUPPLY_LEVEL = (parse_oid(f"1.3.6.1.2.1.43.11.1.1.{column}") for column in (6, 8, 9))
PAGES_WHERE_NOT_RECORDED = 10_000
FULL_SUPPLY_PAGES = 12_000.0
IDENTITY_OBJECTS, WHOLE_OBJECTS = 5, 40
_NUMBERS = (Tag.INTEGER, Tag.COUNTER32, Tag.GAUGE32, Tag.COUNTER64)
_OID = re.compile(r"[\d.]+")
SERIAL_OCTETS_MIN = 6  # of a text that is taken for the serial number wherever it occurs


@functools.cache
def as_recorded(name: str) -> Model:
    """The machine as it was when it was walked: nothing moves. name: of the walk (`tests.walks.main_walks`)."""
    return Model(Path(name).stem, {oid: encoded(held) for oid, held in walk_of(name).items()}, troubles=())


@functools.cache
def living(name: str) -> Model:
    """The same model, whose machines have a serial number, a MAC, a name, meters and supplies of their own.

    Where the walk holds no serial number or no life count, as recordings do that were cut to what identifies the
    machine, the two objects of the Printer MIB are added that no machine lacks.
    """
    walk = walk_of(name)
    objects: dict[Oid, bytes | Living] = {oid: encoded(held) for oid, held in walk.items()}
    objects |= dict(_identity(walk))
    objects |= dict(_meters(walk))
    objects |= dict(_supplies(walk))
    return Model.of(Path(name).stem, objects)


@functools.cache
def models() -> list[Model]:
    """Of every machine of which more was recorded than what identifies it; those with most objects first."""
    names = sorted(main_walks(), key=lambda name: -len(walk_of(name)))
    return [living(name) for name in names if len(walk_of(name)) > IDENTITY_OBJECTS]


def mixture() -> list[Model]:
    """Models as a fleet has them: whole recordings twice as often as those of a few private objects.

    Where there are no recordings, the invented models of the demonstration.
    """
    recorded = models() or [model_of(blueprint) for blueprint in CATALOGUE]
    return [*(model for model in recorded if len(model.objects) > WHOLE_OBJECTS), *recorded]


def encoded(held: Held) -> bytes:
    """A recorded value as tag, length and content."""
    return encode_value(held.tag, held.value)


def _identity(walk: Walk) -> Iterator[tuple[Oid, Living]]:
    serial, mac = _first(walk, SERIAL_NUMBER) or _serial_in_description(walk), _first(walk, IF_PHYS_ADDRESS)
    yield (*SERIAL_NUMBER, 1), Text("serial")
    for oid, held in walk.items():
        if oid in (SYS_UP_TIME, HR_SYSTEM_UPTIME):
            yield oid, Uptime()
        elif oid in WRITABLE and isinstance(held.value, bytes):
            yield oid, Written(WRITABLE[oid], element(Tag.OCTET_STRING, held.value))
        elif held.tag == Tag.OCTET_STRING and isinstance(held.value, bytes):
            if len(serial) >= SERIAL_OCTETS_MIN and serial in held.value:
                yield oid, _around("serial", held.value, serial)
            elif len(mac) == 6 and any(mac) and mac in held.value:
                yield oid, _around("mac", held.value, mac)
    yield SYS_UP_TIME, Uptime()
    yield SYS_NAME, Written("sysName", Text("host_name"))


def _serial_in_description(walk: Walk) -> bytes:
    """Some makers put it into sysDescr."""
    found = re.search(rb"\bSN:(\w+)", _first(walk, (*SYSTEM, 1)))
    return found[1] if found else b""


def _around(field: str, text: bytes, value: bytes) -> Text:
    before, _, after = text.partition(value)
    return Text(field, before, after)


def _meters(walk: Walk) -> Iterator[tuple[Oid, Living]]:
    """Every object that a reading takes for a meter moves with the pages, in the proportion recorded."""
    meters = read(values_of(walk)).meters
    total = max((meter.value for meter in meters if meter.name == "total"), default=0)
    pages = total or PAGES_WHERE_NOT_RECORDED
    counts = [oid for oid in walk if oid[: len(LIFE_COUNT)] in (LIFE_COUNT, POWER_ON_COUNT)]
    for oid in {*counts, *(parse_oid(meter.source) for meter in meters if _OID.fullmatch(meter.source))}:
        held = walk.get(oid)
        if held is not None and held.tag in _NUMBERS and isinstance(held.value, int) and held.value >= 0:
            yield oid, Meter(held.value / pages, held.tag)
    if not _column(walk, LIFE_COUNT):
        yield (*LIFE_COUNT, 1, 1), Meter(1.0)


def _supplies(walk: Walk) -> Iterator[tuple[Oid, Living]]:
    """What was measured falls; -3 and -2 stay what they are."""
    capacities = _column(walk, SUPPLY_CAPACITY)
    for number, (index, level) in enumerate(_column(walk, SUPPLY_LEVEL).items()):
        capacity = capacities.get(index, 0)
        if level >= 0 and capacity > 0:
            name = walk.get((*SUPPLY_NAME, *index))
            words = name.value.decode(errors="replace") if name and isinstance(name.value, bytes) else "A supply"
            yield (*SUPPLY_LEVEL, *index), Level(number, words, capacity, FULL_SUPPLY_PAGES * (1 + number))


def _column(walk: Walk, column: Oid) -> dict[Oid, int]:
    """The numbers of a column by index."""
    under = ((oid[len(column) :], held.value) for oid, held in walk.items() if oid[: len(column)] == column)
    return {index: value for index, value in under if isinstance(value, int)}


def _first(walk: Walk, column: Oid) -> bytes:
    """The first text of a column that is not empty."""
    texts = (held.value for oid, held in walk.items() if oid[: len(column)] == column)
    return next((text for text in texts if isinstance(text, bytes) and text.strip(b"\0 ")), b"")
