"""A reading as JSON values."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from platen.readings.facts import Activity, Alert, Finisher, Identity, Meter, Port, Reading, Status, Supply, Tray
from platen.readings.kept import reading_from_json, reading_to_json

TEXTS = st.text(max_size=20)
READINGS = st.builds(
    Reading,
    identity=st.builds(Identity, functions=st.frozensets(st.sampled_from(["print", "copy", "scan"]))),
    status=st.builds(
        Status,
        activity=st.sampled_from(Activity),
        reasons=st.frozensets(TEXTS, max_size=3),
        console=st.lists(TEXTS, max_size=3).map(tuple),
        lights=st.dictionaries(TEXTS, TEXTS, max_size=2),
    ),
    meters=st.lists(st.builds(Meter), max_size=3).map(tuple),
    supplies=st.lists(st.builds(Supply), max_size=3).map(tuple),
    trays=st.lists(st.builds(Tray), max_size=3).map(tuple),
    alerts=st.lists(st.builds(Alert), max_size=3).map(tuple),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
    finishers=st.lists(st.builds(Finisher), max_size=2).map(tuple),
    ports=st.lists(st.builds(Port), max_size=2).map(tuple),
)


@given(READINGS)
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    """Whatever was read is the same after it was kept."""
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading


def test_what_was_written_before_a_field_was_added_is_read() -> None:
    """A shorter list has the defaults of what is missing at its end, and a longer one loses what is not known."""
    stored = reading_to_json(Reading(meters=(Meter("total", 5, "x"),)))
    stored[1] = stored[1][:2]
    stored[2] = [[*stored[2][0], "something of later"]]
    assert reading_from_json(stored) == Reading(meters=(Meter("total", 5, "x"),))


def test_a_reading_that_was_kept_before_there_were_finishers_is_read() -> None:
    """It has none, and no ports."""
    reading = Reading(trays=(Tray("in.1.1", "Tray 1"),))
    assert reading_from_json(reading_to_json(reading)[:7]) == reading


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=8)))
def test_anything_else_is_no_reading(stored: object) -> None:
    """What is not a reading is refused with ValueError, and with nothing else."""
    with suppress(ValueError):
        assert isinstance(reading_from_json(stored), Reading)
