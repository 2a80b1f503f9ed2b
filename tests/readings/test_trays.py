"""Trays and outputs."""

from __future__ import annotations

import pytest

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import SupplyState
from platen.readings.reading import read
from platen.readings.tables import Tables
from platen.readings.trays import read_trays, with_alerts
from tests.readings.replay import Replay, alert, number, printer, surveyed
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


@pytest.mark.parametrize(
    ("group", "code", "key", "status"),
    [
        (8, 808, "in.1.1", ("empty",)),
        (8, 807, "in.1.1", ("low",)),
        (9, 903, "out.1.1", ("full",)),
        (9, 901, "out.1.1", ("missing",)),
        (8, 8, "in.1.1", ("jam",)),
    ],
)
def test_alerts_say_what_is_the_matter_with_a_tray(group: int, code: int, key: str, status: tuple[str, ...]) -> None:
    """An alert of its table and its row, in a word; the other trays have none, and it goes with the alert."""
    objects = printer() | alert(1, code) | {(*o.PRT_ALERT_GROUP, 1, 1): number(group)}
    trays = read(values_of(dict(sorted(objects.items())))).trays
    assert {tray.key: tray.status for tray in trays if tray.status} == {key: status}
    assert not any(tray.status for tray in with_alerts(trays, ()))


def test_an_output_says_how_sheets_come_to_lie() -> None:
    """Which side is up, and in which order (prtOutputPageDeliveryOrientation, prtOutputStackingOrder)."""
    objects = printer() | {
        (*o.PRT_OUTPUT_STACKING_ORDER, 1, 1): number(3),
        (*o.PRT_OUTPUT_PAGE_DELIVERY_ORIENTATION, 1, 1): number(4),
    }
    found = read(surveyed(Replay(dict(sorted(objects.items())))))
    assert [tray.stacking for tray in found.trays if tray.output] == [("face-down", "first-to-last")]
