"""Numbers that makers keep for themselves: of supplies, of the owner's inventory, of scans; and whose a printer is."""

from __future__ import annotations

import pytest

from platen.protocols.snmp import Oid, Tag, Value
from platen.readings import objects as o
from platen.readings.facts import Supply
from platen.readings.identity import read_identity
from platen.readings.makers import maker_table
from platen.readings.plan import make_plan
from platen.readings.reading import read
from platen.readings.survey_objects import BRIEF
from platen.readings.tables import Tables
from platen.readings.update import update
from tests.readings.replay import Replay, counter, number, printer, surveyed, text
from tests.walks import Held, oid_of

LEXMARK = oid_of("1.3.6.1.4.1.641")
SUPPLIES, SCANS = (*LEXMARK, 6, 4, 4, 1, 1), (*LEXMARK, 6, 4, 3, 1, 1)
HP = oid_of("1.3.6.1.4.1.11.2.3.9")
DEVICE_ID, ASSET, CARTRIDGE = (
    (*HP, *arcs) for arcs in ((1, 1, 7, 0), (4, 2, 1, 1, 3, 12, 0), (4, 2, 1, 4, 1, 10, 1, 1, 3, 1))
)
ROMAN_8 = b"\x01\x15"


def _lexmark() -> dict[Oid, Held]:
    """A colour machine with four toners, a photoconductor that the standard table does not list, and scans."""
    kinds = ((6, "Black"), (6, "Cyan"), (6, "Magenta"), (6, "Yellow"), (7, ""))
    objects = printer() | {
        o.SYS_OBJECT_ID: Held(Tag.OBJECT_IDENTIFIER, (*LEXMARK, 6)),
        o.SYS_DESCR: text("Lexmark CX900de version XY.12.345 kernel 4.17"),
    }
    for row, (kind, color) in enumerate(kinds, 1):
        objects |= {
            (*SUPPLIES, 3, 1, row): number(kind),
            (*SUPPLIES, 4, 1, row): text(color),
            (*SUPPLIES, 6, 1, row): text(f"CAK00{row}"),
            (*SUPPLIES, 7, 1, row): text(f"86C0H{row}0"),
        }
    for row, (kind, sides) in enumerate(((1, 50), (257, 7), (3, 100), (3, 20), (771, 40), (2, 5), (999, 1)), 1):
        objects |= {(*SCANS, 2, 1, row): number(kind), (*SCANS, 4, 1, row): counter(sides)}
    return objects


def _numbers(supplies: tuple[Supply, ...]) -> list[tuple[str, str, str]]:
    return [(one.color, one.serial, one.part_number) for one in supplies]


def test_serial_and_part_numbers_of_supplies_that_only_private_objects_tell() -> None:
    """By kind and colour they belong to what the standard table lists; what is only named there is no supply more.
    DCA-DATA-01"""
    reading = read(surveyed(Replay(_lexmark())))
    # The standard description's own part number counts before the private one.
    assert _numbers(reading.supplies) == [
        ("black", "CAK001", "LX-101"),
        ("cyan", "CAK002", "LX-202"),
        ("magenta", "CAK003", "LX-303"),
        ("yellow", "CAK004", "LX-404"),
    ]


def test_scans_of_every_size_are_added_up_by_what_they_were_for() -> None:
    """Feeder, glass and both sides, for copies, for faxes and to be sent; a kind that is not known counts nowhere."""
    reading = read(surveyed(Replay(_lexmark())))
    scans = {meter.name: (meter.value, meter.unit) for meter in reading.meters if meter.unit == "images"}
    assert scans == {
        "scan-copy": (57, "images"),
        "scan-send": (160, "images"),
        "fax-sent": (5, "images"),
        "scan": (222, "images"),
    }


def test_a_sum_is_asked_for_whole_or_not_at_all() -> None:
    """Where a plan has no room for all parts of a meter, none is asked for, so that the meter does not fall."""
    objects = _lexmark()
    for row in range(8, 40):  # between them others, so that they are many runs
        objects |= {(*SCANS, 2, 1, 2 * row): number(4), (*SCANS, 4, 1, 2 * row): counter(1000 + row)}
    raw = surveyed(Replay(objects))
    last = read(raw)
    for octets_max in (900, 1100, 1500):
        plan = make_plan(raw, octets_max)
        asked: dict[Oid, Value] = {cell: raw[cell] for cell in plan.cells if cell in raw}
        again = update(plan, last, asked)
        assert again.meter("scan-send") == last.meter("scan-send")
        assert {meter.name: meter.value for meter in again.meters} == {m.name: m.value for m in last.meters}


def test_numbers_of_supplies_are_not_asked_for_again_and_stay() -> None:
    """A periodic reading asks for what moves; what it does not ask for is as it was."""
    objects = _lexmark()
    raw = surveyed(Replay(objects))
    plan, last = make_plan(raw), read(raw)
    assert not any(cell[: len(SUPPLIES)] == SUPPLIES for cell in plan.cells)
    moved: dict[Oid, Value] = {cell: raw[cell] for cell in plan.cells if cell in raw}
    moved[(*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 2)] = 10
    after = update(plan, last, moved)
    assert _numbers(after.supplies) == _numbers(last.supplies)
    assert after.supplies[1].level == 10


@pytest.mark.parametrize(
    "names", [("Black & White Print Count", "Full Color Copy Count"), ("Druck S/W", "Kopie Farbe")]
)
def test_counters_of_sharp_are_known_by_name_and_by_place(names):
    """What a counter counts is said by its name in English, else by its index, which its models share."""
    counters = oid_of("1.3.6.1.4.1.2385.1.1.19.2.1")
    raw: dict[Oid, Value] = {o.SYS_OBJECT_ID: oid_of("1.3.6.1.4.1.2385.3.1"), o.SYS_DESCR: b"SHARP MX-9999"}
    for place, name, count in zip(((1, 4, 61), (4, 4, 63)), names, (700, 30), strict=True):
        raw |= {(*counters, 3, *place): count, (*counters, 4, *place): name.encode()}
    reading = read(raw)
    assert (reading.meter("print.mono"), reading.meter("copy.full-color")) == (700, 30)


def test_a_box_for_waste_ink_that_the_standard_table_leaves_out() -> None:
    """Epson's own table names it and says how much room is left in it; that an agent has no version is no version."""
    inks = oid_of("1.3.6.1.4.1.1248.1.2.2.28.1.1")
    raw: dict[Oid, Value] = {
        o.SYS_OBJECT_ID: oid_of("1.3.6.1.4.1.1248.1.1.2"),
        (*o.PRT_MARKER_SUPPLIES_TYPE, 1, 1): 6,
        (*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, 1): b"Black Ink",
        (*o.PRT_MARKER_SUPPLIES_MAX_CAPACITY, 1, 1): 100,
        (*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 1): 28,
        **{(*inks, 2, 1, row): percent for row, percent in ((1, 28), (2, 90))},
        **{(*inks, 18, 1, row): name for row, name in ((1, b"Black Ink"), (2, b"Maintenance Box T6/7"))},
    }
    supplies = [(one.kind, one.percent, one.receptacle) for one in read(raw).supplies]
    assert supplies == [("ink-cartridge", 28, False), ("waste-ink", 90, True)]


def test_a_word_for_nothing_is_no_version() -> None:
    """“NULL” in a private object leaves the firmware to whatever else says it."""
    ricoh = oid_of("1.3.6.1.4.1.367")
    raw: dict[Oid, Value] = {
        o.SYS_OBJECT_ID: (*ricoh, 1, 1),
        o.SYS_DESCR: b"RICOH SP 9999DN 1.19 / RICOH Network Printer C model",
        (*ricoh, 3, 2, 1, 1, 1, 2, 0): b"NULL",
    }
    assert read(raw).identity.firmware == "1.19"


def _hp() -> dict[Oid, Held]:
    return printer(supplies=1) | {
        o.SYS_OBJECT_ID: Held(Tag.OBJECT_IDENTIFIER, (*HP, 1)),
        o.SYS_DESCR: text("HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD149,EEPROM JDI0000001"),
        ASSET: text(ROMAN_8 + b"INV-0815"),
        CARTRIDGE: text(ROMAN_8 + b"123456789"),
    }


def test_the_owners_number_and_the_cartridges() -> None:
    """Asset number and the serial number of the one cartridge from HP's own objects. EMC-DLST-02"""
    reading = read(surveyed(Replay(_hp())))
    assert reading.identity.asset_number == "INV-0815"
    assert [one.serial for one in reading.supplies] == ["123456789"]


def test_a_search_leaves_out_what_no_list_shows() -> None:
    """The brief survey costs less than the first visit's: asset numbers and numbers of supplies come with that."""
    table = maker_table((*HP, 1))
    assert table is not None
    assert {ASSET, CARTRIDGE} <= set(table.objects) - set(table.listed)
    assert DEVICE_ID in table.listed
    brief, whole = Replay(_hp()), Replay(_hp())
    assert len(surveyed(brief, BRIEF)) < len(surveyed(whole))
    assert brief.octets < whole.octets


@pytest.mark.parametrize(
    ("said", "maker", "model"),
    [
        ({DEVICE_ID: b"MFG:Brother;CMD:PCL;MDL:HL-1250X;CLS:PRINTER;"}, "Brother", "HL-1250X"),
        ({(*o.HR_DEVICE_DESCR, 1): b"Lexmark Optra 9"}, "Lexmark", "Optra 9"),
        ({DEVICE_ID: b"MFG:Hewlett-Packard;MDL:HP LaserJet 9;CLS:PRINTER;"}, "HP", "LaserJet 9"),
        ({}, "HP", ""),
    ],
)
def test_a_print_server_may_serve_another_makers_printer(said, maker, model):
    """The printer's own names come before the number and the description of the server in front of it."""
    server: dict[Oid, Value] = {
        o.SYS_OBJECT_ID: (*HP, 1),
        o.SYS_DESCR: b"HP ETHERNET MULTI-ENVIRONMENT,ROM A.05.05,JETDIRECT,JD24",
    }
    who = read(server | said).identity
    assert (who.maker, who.model) == (maker, model)


def test_a_badge_that_number_and_description_tell_stays():
    """A machine that one maker built and another sells is the seller's, whatever the builder's names say."""
    raw: dict[Oid, Value] = {
        o.SYS_OBJECT_ID: oid_of("1.3.6.1.4.1.18334.1.2.1.2"),
        o.SYS_DESCR: b"Develop ineo 999",
        (*o.HR_DEVICE_DESCR, 1): b"KONICA MINOLTA bizhub 999",
    }
    assert read(raw).identity.maker == "Develop"


def test_an_older_kind_of_ethernet_is_ethernet():
    """An interface of iso88023Csmacd comes before a wireless one. DCA-DATA-01"""
    raw: dict[Oid, Value] = {
        (*o.IF_TYPE, 1): 71,
        (*o.IF_PHYS_ADDRESS, 1): bytes.fromhex("0017c8000001"),
        (*o.IF_TYPE, 2): 7,
        (*o.IF_PHYS_ADDRESS, 2): bytes.fromhex("0017c8000002"),
    }
    assert read_identity(Tables(raw), ()).mac == "0017c8000002"
