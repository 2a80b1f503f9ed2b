"""What Brother's machines write into octet strings: counters, what is left, when care is due."""

from __future__ import annotations

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Reading, Supply, SupplyState
from platen.readings.reading import read
from tests.readings.replay import Replay, surveyed, text
from tests.walks import Held, oid_of

MODEL, MAINTENANCE, COUNTERS, NEXT_CARE, FIRMWARE = (
    oid_of(f"1.3.6.1.4.1.2435.2.3.9.{arcs}.0")
    for arcs in ("1.1.7", "4.2.1.5.5.8", "4.2.1.5.5.10", "4.2.1.5.5.11", "4.2.1.5.5.17")
)


def _records(*records: tuple[int, int]) -> bytes:
    """Kind and value of each, four octets long, and the end."""
    return b"".join(bytes([kind, 1, 4]) + value.to_bytes(4, "big") for kind, value in records) + b"\xff"


def _read(model: str, objects: dict[Oid, Value]) -> Reading:
    return read({MODEL: f"MFG:Brother;CMD:PJL;MDL:{model};CLS:PRINTER;".encode(), **objects})


def _supply(reading: Reading, key: str) -> Supply:
    return next(supply for supply in reading.supplies if supply.key == key)


def test_an_ink_printer_has_ink_and_no_drum() -> None:
    """Models that print with ink keep it where others have toner; a drum that they count is none. DCA-DATA-01."""
    left = {MAINTENANCE: _records((0x41, 9300), (0x6F, 7100), (0x70, 3500))}
    assert [(s.kind, s.color, s.percent) for s in _read("DCP-J1100DW", left).supplies] == [
        ("ink", "black", 71),
        ("ink", "cyan", 35),
    ]
    assert [s.kind for s in _read("HL-L1100DW", left).supplies] == ["opc", "toner", "toner"]


def test_records_in_the_place_of_ink_tell_the_level_of_the_standard_supply() -> None:
    """An ink cartridge that the standard objects do not measure is the one whose level a record tells."""
    standard: dict[Oid, Value] = {
        (*o.PRT_MARKER_SUPPLIES_TYPE, 1, 1): 6,
        (*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, 1): b"Black Ink Cartridge",
        (*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 1): -3,
    }
    (black,) = _read("MFC-J1100DW", {**standard, MAINTENANCE: _records((0x6F, 7100))}).supplies
    assert (black.key, black.kind, black.percent) == ("1.1", "ink-cartridge", 71)


def test_a_record_of_another_length_says_something_else() -> None:
    """One octet in the place of a drum's percentage is a state; that no page is left says that the drum is empty."""
    states = bytes.fromhex("410101033101010163010103")
    reading = _read("HL-1100DN", {MAINTENANCE: states + b"\xff", NEXT_CARE: _records((0x82, 0), (0x73, 30589))})
    drum = _supply(reading, "maker.opc")
    assert (drum.state, drum.percent, drum.pages_left) == (SupplyState.EMPTY, 0, 0)
    laser = _supply(reading, "maker.other:Laser unit")
    assert (laser.description, laser.state, laser.pages_left) == ("Laser unit", SupplyState.UNKNOWN, 30589)
    assert len(reading.supplies) == 2


def test_a_tank_that_is_not_measured_is_said_to_hold_some_or_little() -> None:
    """Where there is a state and no percentage, 1 is some and 2 is low."""
    tanks = _read("MFC-T1100DW", {MAINTENANCE: _records((0x31, 1), (0x32, 2))}).supplies
    assert [(s.kind, s.color, s.state, s.percent) for s in tanks] == [
        ("ink", "black", SupplyState.SOME, None),
        ("ink", "cyan", SupplyState.LOW, None),
    ]


def test_a_total_that_is_not_counted_is_the_sum_of_its_colours() -> None:
    """Without a total, pages in black and in colour are all pages; the duplex unit counts pages of its own."""
    reading = _read("MFC-J1100DW", {COUNTERS: _records((1, 461), (2, 491), (6, 200))})
    assert {meter.name: meter.value for meter in reading.meters} == {
        "total": 952,
        "total.mono": 461,
        "total.color": 491,
        "duplex": 200,
    }


def test_a_machine_that_says_not_what_it_is_is_surveyed_by_the_private_objects_it_shows() -> None:
    """Without sysDescr and sysObjectID, the private objects of whoever's show up are asked for."""
    held = {
        MODEL: text("MFG:Brother;CMD:PJL;MDL:HL-L1100DW;CLS:PRINTER;"),
        FIRMWARE: text("1.16"),
        NEXT_CARE: text(_records((0x82, 7809))),
        (*o.PRT_MARKER_LIFE_COUNT, 1, 1): Held(0x41, 4191),
    }
    reading = read(surveyed(Replay(dict(sorted(held.items())))))
    assert (reading.identity.maker, reading.identity.firmware) == ("Brother", "1.16")
    assert _supply(reading, "maker.opc").pages_left == 7809
