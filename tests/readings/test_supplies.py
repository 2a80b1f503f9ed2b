"""Supplies of the Printer and the Finisher MIB."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.alerts import read_alerts
from platen.readings.facts import SupplyState
from platen.readings.part_numbers import part_of, serial_of
from platen.readings.supplies import amount_of, read_supplies, with_alerts
from platen.readings.tables import Tables


def _row(row: int = 1, **columns: Value) -> dict[Oid, Value]:
    names = {
        "colorant": o.PRT_MARKER_SUPPLIES_COLORANT_INDEX,
        "class_": o.PRT_MARKER_SUPPLIES_CLASS,
        "kind": o.PRT_MARKER_SUPPLIES_TYPE,
        "description": o.PRT_MARKER_SUPPLIES_DESCRIPTION,
        "unit": o.PRT_MARKER_SUPPLIES_SUPPLY_UNIT,
        "capacity": o.PRT_MARKER_SUPPLIES_MAX_CAPACITY,
        "level": o.PRT_MARKER_SUPPLIES_LEVEL,
    }
    return {(*names[name], 1, row): value for name, value in columns.items()}


@pytest.mark.parametrize(
    ("level", "capacity", "unit", "state", "percent"),
    [
        (7500, 15000, "impressions", SupplyState.LEVEL, 50),
        (0, 15000, "impressions", SupplyState.EMPTY, 0),
        (1, 15000, "impressions", SupplyState.LEVEL, 1),
        (-1, 100, "percent", SupplyState.UNLIMITED, None),
        (-2, 100, "percent", SupplyState.UNKNOWN, None),
        (-3, 100, "percent", SupplyState.SOME, None),
        (-3, -2, "", SupplyState.SOME, None),
        (40, -2, "percent", SupplyState.LEVEL, 40),
        (40, None, "percent", SupplyState.LEVEL, 40),
        (40, -2, "impressions", SupplyState.UNKNOWN, None),
        (40, 0, "", SupplyState.UNKNOWN, None),
        (400, -1, "percent", SupplyState.UNKNOWN, None),
        (None, 100, "percent", SupplyState.UNKNOWN, None),
        (120, 100, "percent", SupplyState.LEVEL, 100),
        (-100, 100, "percent", SupplyState.UNKNOWN, None),
    ],
)
def test_a_level_means_what_the_mib_says(
    level: int | None, capacity: int | None, unit: str, state: SupplyState, percent: int | None
) -> None:
    """Of level and capacity: -1 is unlimited, -2 unknown, -3 some; percent where both make sense. EMC-DSTA-07."""
    assert amount_of(level, capacity, unit) == (state, percent)


@pytest.mark.parametrize(
    ("written", "state", "percent"),
    [
        (4294967293, SupplyState.SOME, None),
        (4294967294, SupplyState.UNKNOWN, None),
        (b" 45 ", SupplyState.LEVEL, 45),
        (b"45%\0", SupplyState.LEVEL, 45),
        (b"-3", SupplyState.SOME, None),
        (b"much", SupplyState.UNKNOWN, None),
    ],
)
def test_a_level_may_be_written_in_other_ways(written: Value, state: SupplyState, percent: int | None) -> None:
    """Negative numbers without their sign, and digits as a text, are what was meant. EMC-DSTA-07."""
    (supply,) = read_supplies(
        Tables(_row(kind=3, capacity=100, level=0) | {(*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 1): written})
    )
    assert (supply.state, supply.percent) == (state, percent)


@given(st.none() | st.integers(), st.none() | st.integers(), st.sampled_from(["", "percent", "impressions"]))
def test_a_percentage_is_one(level: int | None, capacity: int | None, unit: str) -> None:
    """Whatever an agent says, a percentage lies between 0 and 100, and 0 only where nothing is left."""
    amount = amount_of(level, capacity, unit)
    assert amount.percent is None or 0 <= amount.percent <= 100
    assert (amount.percent == 0) == (amount.state is SupplyState.EMPTY)


def test_a_receptacle_counts_the_room_that_remains() -> None:
    """RFC 3805: the level of a receptacle is its remaining space, so 0 is full and means "see to it"."""
    (box,) = read_supplies(Tables(_row(kind=4, class_=4, description=b"Waste box", capacity=100, level=0)))
    assert (box.kind, box.receptacle, box.state, box.percent) == ("waste-toner", True, SupplyState.EMPTY, 0)


def test_a_waste_box_is_a_receptacle_even_if_its_class_is_not_said() -> None:
    """The kind of a supply says as much as its class."""
    (box,) = read_supplies(Tables(_row(kind=8, capacity=100, level=50)))
    assert box.receptacle


def test_the_colour_comes_from_the_colorant_table() -> None:
    """prtMarkerSuppliesColorantIndex leads to prtMarkerColorantValue."""
    raw = _row(kind=3, description=b"TK-8527", colorant=2, capacity=100, level=5)
    raw[(*o.PRT_MARKER_COLORANT_VALUE, 1, 2)] = b"Magenta"
    (toner,) = read_supplies(Tables(raw))
    assert toner.color == "magenta"


def test_words_of_the_description_are_better_than_a_colorant_that_contradicts_them() -> None:
    """Agents that give all supplies the colorant 1 still say in words which is which."""
    raw = _row(kind=3, description=b"Yellow Toner", colorant=1, capacity=100, level=5)
    raw[(*o.PRT_MARKER_COLORANT_VALUE, 1, 1)] = b"black"
    (toner,) = read_supplies(Tables(raw))
    assert toner.color == "yellow"


def test_what_serves_all_colours_has_none() -> None:
    """A fuser that claims a colorant has no colour."""
    raw = _row(kind=15, description=b"Fuser", colorant=1, capacity=100, level=5)
    raw[(*o.PRT_MARKER_COLORANT_VALUE, 1, 1)] = b"black"
    (fuser,) = read_supplies(Tables(raw))
    assert fuser.color == ""


def test_kind_and_key_and_source_are_told() -> None:
    """A supply's key is its index, its source the object of its level."""
    (drum,) = read_supplies(Tables(_row(7, kind=9, description=b"Drum", unit=7, capacity=12000, level=11501)))
    assert (drum.key, drum.kind, drum.unit, drum.percent) == ("1.7", "opc", "impressions", 96)
    assert drum.source == "1.3.6.1.2.1.43.11.1.1.9.1.7"


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        (1, "Belt Unit", "transfer-unit"),
        (1, "Imaging Kit", "opc"),
        (1, "Waste Ink Collector", "waste-ink"),
        (1, "Zużyty toner", "waste-toner"),
        (1, "Ink ribbon", "ink-ribbon"),
        (1, "Чернила", "ink"),
        (1, "Tonerauffangbehälter", "waste-toner"),
        (1, "Flacon de toner usagé", "waste-toner"),
        (1, "Contenitore toner esausto", "waste-toner"),
        (1, "Jäteväriainesäiliö", "waste-toner"),
        (1, "폐토너통", "waste-toner"),
        (1, "Unité de fusion", "fuser"),
        (1, "Beégető egység", "fuser"),
        (1, "Übertragungseinheit", "transfer-unit"),
        (1, "Bildeinheit", "opc"),
        (1, "Developing Unit", "developer"),
        (1, "Maintenance Kit", "other"),
        (2, "Ozone Filter", "unknown"),
        (15, "Maintenance Kit", "fuser"),
    ],
)
def test_a_kind_that_is_only_other_is_told_by_the_words(kind: int, words: str, found: str) -> None:
    """ "Other" and "unknown" leave it to the description; a registered kind stands, and so does what says no more."""
    (supply,) = read_supplies(Tables(_row(kind=kind, description=words.encode(), capacity=100, level=50)))
    assert supply.kind == found


def test_an_unsaid_kind_is_taken_from_the_words() -> None:
    """Where prtMarkerSuppliesType is missing, the description names the kind."""
    (box,) = read_supplies(Tables(_row(description=b"Waste Toner Container", capacity=100, level=5)))
    assert (box.kind, box.receptacle) == ("waste-toner", True)


def test_finishers_have_supplies() -> None:
    """finSupplyTable (RFC 3806): staples with their own keys. EMC-DSTA-08."""
    raw: dict[Oid, Value] = {
        (*o.FIN_SUPPLY_TYPE, 1, 2): 32,
        (*o.FIN_SUPPLY_DESCRIPTION, 1, 2): b"Staples",
        (*o.FIN_SUPPLY_MAX_CAPACITY, 1, 2): 5000,
        (*o.FIN_SUPPLY_CURRENT_LEVEL, 1, 2): 2500,
    }
    (staples,) = read_supplies(Tables(raw))
    assert (staples.key, staples.kind, staples.percent) == ("fin.1.2", "staples", 50)


def test_an_alert_says_that_some_remaining_is_low() -> None:
    """-3 and an alert "almost empty" for that supply make it low; one that is measured stays as measured."""
    raw = _row(1, kind=3, level=-3, capacity=-2) | _row(2, kind=3, level=50, capacity=100)
    for row in (1, 2):
        raw |= {
            (*o.PRT_ALERT_CODE, 1, row): 1104,
            (*o.PRT_ALERT_GROUP, 1, row): 11,
            (*o.PRT_ALERT_GROUP_INDEX, 1, row): row,
        }
    tables = Tables(raw)
    low, measured = with_alerts(read_supplies(tables), read_alerts(tables))
    assert low.state is SupplyState.LOW
    assert (measured.state, measured.percent) == (SupplyState.LEVEL, 50)


@pytest.mark.parametrize(
    ("description", "part", "serial"),
    [
        ("Black Toner, PN 006R01509;SN48178080E0000481", "006R01509", "48178080E0000481"),
        ("Fuser, PN unknown;SNunknown", "", ""),
        ("Black Cartridge HP CF400X", "CF400X", ""),
        ("Black Toner Cartridge S/N:CRUM-18041200345", "", "CRUM-18041200345"),
        ("Waste Toner Box", "", ""),
        ("Maintenance Kit HP 110V-Q7832A, 220V-Q7833A", "Q7833A", ""),
        ("Cartridge HP 05A", "", ""),
    ],
)
def test_part_and_serial_numbers_are_found_in_descriptions(description: str, part: str, serial: str) -> None:
    """What makers write into the description of a cartridge."""
    assert part_of(description) == part
    assert serial_of(description) == serial


def test_an_alert_about_a_finisher_is_about_its_supplies_alone() -> None:
    """An alert of group finSupply names a row of that table, not the marker's supply of the same number. EMC-DSTA-08"""
    raw: dict[Oid, Value] = _row(2, kind=3, level=-3, capacity=-2) | {
        (*o.FIN_SUPPLY_TYPE, 1, 2): 32,
        (*o.FIN_SUPPLY_CURRENT_LEVEL, 1, 2): -3,
        (*o.PRT_ALERT_CODE, 1, 1): 12,
        (*o.PRT_ALERT_GROUP, 1, 1): 31,
        (*o.PRT_ALERT_GROUP_INDEX, 1, 1): 2,
    }
    tables = Tables(raw)
    toner, staples = with_alerts(read_supplies(tables), read_alerts(tables))
    assert (toner.state, staples.state) == (SupplyState.SOME, SupplyState.LOW)
