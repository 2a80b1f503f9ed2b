"""Meters of the standard objects."""

from __future__ import annotations

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Meter
from platen.readings.meters import read_meters, with_color
from platen.readings.tables import Tables

PRINT_KEY, TOTAL_KEY, SCAN_KEY, SUBUNIT_KEY = 1, 2, 3, 4
LIFETIME, SINCE_POWER_ON = (3, 3), (3, 4)


def _counted(*rows: tuple[Oid, int, tuple[int, int], int]) -> Tables:
    keys: dict[Oid, Value] = {
        (*o.IC_KEY_SERVICE_TYPE, PRINT_KEY): 11,
        (*o.IC_KEY_SERVICE_TYPE, TOTAL_KEY): 3,
        (*o.IC_KEY_SERVICE_TYPE, SCAN_KEY): 12,
        (*o.IC_KEY_SERVICE_TYPE, SUBUNIT_KEY): 2,
    }
    return Tables(keys | {(*column, key, *kind): value for column, key, kind, value in rows})


def test_the_life_count_is_the_total() -> None:
    """prtMarkerLifeCount of the first marker, in the unit that the machine says. DCA-DATA-01."""
    tables = Tables({(*o.PRT_MARKER_LIFE_COUNT, 1, 1): 4711, (*o.PRT_MARKER_COUNTER_UNIT, 1, 1): 8})
    (total,) = read_meters(tables)
    assert (total.name, total.value, total.unit) == ("total", 4711, "sheets")
    assert total.source == "1.3.6.1.2.1.43.10.2.1.4.1.1"


def test_a_marker_that_has_counted_nothing_is_not_the_one_that_counts() -> None:
    """Of several markers the first counts for all; where it stands at zero, the first that does not."""
    counts: dict[Oid, Value] = {(*o.PRT_MARKER_LIFE_COUNT, 1, row): count for row, count in ((1, 0), (2, 12), (3, 9))}
    assert [meter.value for meter in read_meters(Tables(counts))] == [12]
    assert [meter.value for meter in read_meters(Tables({**counts, (*o.PRT_MARKER_LIFE_COUNT, 1, 1): 30}))] == [30]
    assert [meter.value for meter in read_meters(Tables({(*o.PRT_MARKER_LIFE_COUNT, 1, 1): 0}))] == [0]


def test_services_are_counted_by_colour() -> None:
    """The Imaging System Counter MIB (PWG 5106.3): life-long totals of each service."""
    meters = read_meters(
        _counted(
            (o.IC_IMPRESSION_TOTAL, PRINT_KEY, LIFETIME, 100),
            (o.IC_IMPRESSION_MONOCHROME, PRINT_KEY, LIFETIME, 70),
            (o.IC_IMPRESSION_FULL_COLOR, PRINT_KEY, LIFETIME, 30),
            (o.IC_IMPRESSION_TOTAL, TOTAL_KEY, LIFETIME, 120),
            (o.IC_SHEET_TOTAL, TOTAL_KEY, LIFETIME, 80),
            (o.IC_IMAGE_TOTAL, SCAN_KEY, LIFETIME, 9),
        )
    )
    assert {meter.name: meter.value for meter in meters} == {
        "print": 100,
        "print.mono": 70,
        "print.full-color": 30,
        "total": 120,
        "sheets": 80,
        "scan": 9,
    }


def test_counts_since_power_on_and_of_subunits_are_no_meters() -> None:
    """A count that starts again with the machine would look like work that was undone."""
    assert (
        read_meters(
            _counted(
                (o.IC_IMPRESSION_TOTAL, PRINT_KEY, SINCE_POWER_ON, 5),
                (o.IC_IMPRESSION_TOTAL, SUBUNIT_KEY, LIFETIME, 5),
            )
        )
        == ()
    )


def test_a_negative_count_is_none() -> None:
    """-2 means unknown, not two pages fewer."""
    assert read_meters(Tables({(*o.PRT_MARKER_LIFE_COUNT, 1, 1): -2})) == ()


def _meters(**values: int) -> tuple[Meter, ...]:
    """A source is the name that stands for it."""
    return tuple(Meter(name.replace("__", ".").replace("_", "-"), value, name) for name, value in values.items())


def test_colour_is_the_sum_of_full_and_two_colour_where_nothing_else_is_told() -> None:
    """What a work did in colour, whatever the colours, with the sources of all that it is made of. DCA-DATA-01."""
    meters = with_color(
        _meters(total=100, total__mono=60, total__two_color=3, total__full_color=37, print__full_color=9)
    )
    found = {meter.name: (meter.value, meter.source) for meter in meters}
    assert found["total.color"] == (40, "total__full_color+total__two_color")
    assert found["print.color"] == (9, "print__full_color")
    assert set(found) - {"total.color", "print.color"} == {
        "total", "total.mono", "total.two-color", "total.full-color", "print.full-color"
    }  # fmt: skip


def test_a_count_of_colour_that_the_machine_gives_itself_stays() -> None:
    """A maker's own count is not replaced by a sum; large sheets alone make no sum."""
    meters = _meters(total__color=50, total__full_color=37, copy__full_color__large=3)
    assert with_color(meters) == meters


def test_a_sum_of_colour_follows_what_it_is_made_of() -> None:
    """Of the reading before stands an old sum; a new reading makes a new one, and of half an answer no half a sum."""
    first = with_color(_meters(total__full_color=37, total__two_color=3))
    moved = tuple(Meter(m.name, m.value + 5, m.source) if m.name == "total.full-color" else m for m in first)
    assert {m.name: m.value for m in with_color(moved)}["total.color"] == 45
