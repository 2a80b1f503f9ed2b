"""Everything together, on what no agent should send as well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.both_ways import with_ipp
from platen.readings.facts import Activity, Identity, Meter, Reading, Status, Supply, SupplyState
from platen.readings.plan import make_plan
from platen.readings.reading import read
from tests.readings.replay import printer
from tests.testdata import needs_testdata
from tests.walks import main_walks, told_of, values_of, walk_of

_COLUMNS = [value for name, value in vars(o).items() if name.isupper() and isinstance(value, tuple) and len(value) > 7]
_INDEXES = st.lists(st.integers(0, 3), min_size=0, max_size=3).map(tuple)
_VALUES = st.none() | st.integers(-(2**63), 2**64) | st.binary(max_size=40) | _INDEXES
_RAW = st.dictionaries(st.tuples(st.sampled_from(_COLUMNS), _INDEXES).map(lambda pair: pair[0] + pair[1]), _VALUES)


@settings(max_examples=300, deadline=None)
@given(_RAW)
def test_no_answer_makes_a_reading_fail(raw: dict[Oid, Value]) -> None:
    """Wrong types, wrong indexes, impossible numbers: there is a reading, and a plan."""
    reading = read(raw)
    assert all(supply.percent is None or 0 <= supply.percent <= 100 for supply in reading.supplies)
    assert all(meter.value >= 0 for meter in reading.meters)
    make_plan(raw)


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_a_recorded_machine_counts_what_it_is_known_to_have_counted(name: str) -> None:
    """Every recording is read, and its life count is the total. DCA-DATA-01."""
    reading = read(values_of(walk_of(name)))
    counts = told_of(name).get("prtMarkerLifeCount") or {}
    if counts:
        assert reading.meter("total") == counts[min(counts)]
    assert len({supply.key for supply in reading.supplies}) == len(reading.supplies)
    assert len({meter.name for meter in reading.meters}) == len(reading.meters)


def test_a_plain_printer_has_no_notes() -> None:
    """Notes are for what was put right or could not be known."""
    assert read(values_of(printer())).notes == ()


def test_ipp_fills_what_snmp_leaves_open() -> None:
    """SNMP comes first; the UUID, an unmeasured level and an unknown state are IPP's to say."""
    unmeasured = Supply("1.1", "toner", "black", state=SupplyState.SOME)
    snmp = Reading(Identity(serial="S1", model="LX"), meters=(Meter("total", 7, "a"),), supplies=(unmeasured,))
    ipp = Reading(
        Identity(serial="other", uuid="0-1"),
        Status(activity=Activity.IDLE),
        meters=(Meter("total", 6, "b"), Meter("print", 5, "b")),
        supplies=(
            Supply("ipp.1", "toner-cartridge", "black", state=SupplyState.LEVEL, percent=40),
            Supply("ipp.2", "fuser", state=SupplyState.LEVEL, percent=9),
        ),
    )
    both = with_ipp(snmp, ipp)
    assert (both.identity.serial, both.identity.uuid, both.status.activity) == ("S1", "0-1", Activity.IDLE)
    assert {meter.name: meter.value for meter in both.meters} == {"total": 7, "print": 5}
    assert [(supply.key, supply.percent) for supply in both.supplies] == [("1.1", 40)]
