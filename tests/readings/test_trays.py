"""Trays and outputs."""

from __future__ import annotations

import pytest

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import SupplyState
from platen.readings.reading import read
from platen.readings.tables import Tables
from platen.readings.trays import read_trays
from tests.readings.replay import printer
from tests.walks import values_of


def test_trays_and_outputs_of_a_plain_printer() -> None:
    """Name, medium, level and percent; of an output the room that is left. EMC-DSTA-07."""
    first, second, top = read(values_of(printer())).trays
    assert (first.name, first.media, first.level, first.capacity, first.percent) == ("Tray 1", "A4 plain", 100, 500, 20)
    assert (second.percent, second.output) == (40, False)
    assert (top.name, top.output, top.percent) == ("Top", True, 40)


@pytest.mark.parametrize(
    ("level", "capacity", "state"),
    [
        (0, 250, SupplyState.EMPTY),
        (0, -2, SupplyState.EMPTY),
        (-3, 250, SupplyState.SOME),
        (-2, 250, SupplyState.UNKNOWN),
        (100, -2, SupplyState.UNKNOWN),
    ],
)
def test_a_tray_that_does_not_measure_says_what_it_knows(level: int, capacity: int, state: SupplyState) -> None:
    """-3 is some, -2 unknown; an empty tray is empty whatever it could hold."""
    raw: dict[Oid, Value] = {(*o.PRT_INPUT_CURRENT_LEVEL, 1, 1): level, (*o.PRT_INPUT_MAX_CAPACITY, 1, 1): capacity}
    (tray,) = read_trays(Tables(raw))
    assert tray.state is state


@pytest.mark.parametrize(
    ("unit", "feed", "cross", "media"),
    [
        (4, 297000, 210000, "A4 plain"),
        (4, 210000, 297000, "A4 plain"),
        (3, 110000, 85000, "Letter plain"),
        (3, 170000, 110000, "Ledger plain"),
        (3, -2, -2, "plain"),
        (9, 297000, 210000, "plain"),
    ],
)
def test_a_medium_has_its_size_in_front(unit: int, feed: int, cross: int, media: str) -> None:
    """Dimensions in ten thousandths of inches or micrometres, either edge first, become the name of a size."""
    raw: dict[Oid, Value] = {
        (*o.PRT_INPUT_CURRENT_LEVEL, 1, 1): 10,
        (*o.PRT_INPUT_DIM_UNIT, 1, 1): unit,
        (*o.PRT_INPUT_MEDIA_DIM_FEED_DIR_CHOSEN, 1, 1): feed,
        (*o.PRT_INPUT_MEDIA_DIM_X_FEED_DIR_CHOSEN, 1, 1): cross,
        (*o.PRT_INPUT_MEDIA_NAME, 1, 1): b"plain",
    }
    (tray,) = read_trays(Tables(raw))
    assert tray.media == media
