"""Finishers, what they use up and where they deliver to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Finisher, Reading, SupplyState
from platen.readings.finishers import read_finishers
from platen.readings.plan import make_plan
from platen.readings.reading import read
from platen.readings.sub_units import status_words
from platen.readings.survey_objects import BRIEF
from platen.readings.tables import Tables
from platen.readings.update import update, values_by_rows
from tests.readings.replay import Replay, alert, number, printer, surveyed, text
from tests.testdata import needs_testdata
from tests.walks import Held, main_walks, values_of, walk_of

STITCHER, PUNCHER, STACKER, INSERTER = 3, 8, 16, 18
ON, NOT_PRESENT = 3, 5
STAPLES, WASTE_PAPER, INSERTS = 32, 26, 33
SHEETS, ITEMS = 8, 18
FIN_DEVICE, CRITICAL = 30, 3


def finisher(row: int, kind: int, *, presence: int = ON, status: int = 0, name: str = "") -> dict[Oid, Held]:
    """A row of finDeviceTable, which serves the first output."""
    return {
        (*o.FIN_DEVICE_TYPE, 1, row): number(kind),
        (*o.FIN_DEVICE_PRESENT_ON_OFF, 1, row): number(presence),
        (*o.FIN_DEVICE_CAPACITY_UNIT, 1, row): number(SHEETS),
        (*o.FIN_DEVICE_MAX_CAPACITY, 1, row): number(50),
        (*o.FIN_DEVICE_CURRENT_CAPACITY, 1, row): number(20),
        (*o.FIN_DEVICE_ASSOCIATED_OUTPUTS, 1, row): text(b"\x80"),
        (*o.FIN_DEVICE_STATUS, 1, row): number(status),
        (*o.FIN_DEVICE_DESCRIPTION, 1, row): text(name),
    }


def supply(row: int, kind: int, level: int, *, of: int = 1, capacity: int = 5000, name: str = "") -> dict[Oid, Held]:
    """A row of finSupplyTable."""
    return {
        (*o.FIN_SUPPLY_DEVICE_INDEX, 1, row): number(of),
        (*o.FIN_SUPPLY_CLASS, 1, row): number(4 if kind == WASTE_PAPER else 3),
        (*o.FIN_SUPPLY_TYPE, 1, row): number(kind),
        (*o.FIN_SUPPLY_DESCRIPTION, 1, row): text(name),
        (*o.FIN_SUPPLY_UNIT, 1, row): number(ITEMS),
        (*o.FIN_SUPPLY_MAX_CAPACITY, 1, row): number(capacity),
        (*o.FIN_SUPPLY_CURRENT_LEVEL, 1, row): number(level),
        (*o.FIN_SUPPLY_COLOR_NAME, 1, row): text(""),
    }


def attribute(row: int, kind: int, value: int = -2, words: str = "", instance: int = 1) -> dict[Oid, Held]:
    """A row of finDeviceAttributeTable."""
    index = (1, row, kind, instance)
    return {
        (*o.FIN_ATTRIBUTE_INTEGER, *index): number(value),
        (*o.FIN_ATTRIBUTE_OCTETS, *index): text(words),
    }


def office() -> dict[Oid, Held]:
    """A printer with a finisher that staples, punches and stacks; a folder could be put on it."""
    return dict(
        sorted(
            {
                **printer(),
                **finisher(1, STITCHER, name="Staple unit"),
                **finisher(2, PUNCHER, status=5),
                **finisher(3, STACKER),
                **finisher(4, 4, presence=NOT_PRESENT),
                **supply(1, STAPLES, 3500, name="Staples"),
                **supply(2, WASTE_PAPER, -3, of=2, name="Punch waste"),
                **supply(3, 29, -2, of=4, name="Wire of the folder"),
                **attribute(1, 5, words="MX-400"),
                **attribute(1, 7, words="SN-77"),
                **attribute(1, 8, 50),
                **attribute(1, 30, 4),
                **attribute(1, 30, 10, instance=2),
                **attribute(2, 83, 7),
            }.items()
        )
    )


def by_kind(reading: Reading) -> dict[str, Finisher]:
    return {each.kind: each for each in reading.finishers}


def test_a_finisher_is_read_with_what_it_can_do() -> None:
    """Kind, presence, state, capacity, maker's model and number, outputs, supplies, abilities. EMC-DSTA-07."""
    stitcher = by_kind(read(values_of(office())))["stitcher"]
    assert (stitcher.key, stitcher.name, stitcher.presence, stitcher.status) == ("1.1", "Staple unit", "on", ("idle",))
    assert (stitcher.level, stitcher.capacity, stitcher.unit, stitcher.state) == (20, 50, "sheets", SupplyState.LEVEL)
    assert (stitcher.model, stitcher.serial) == ("MX-400", "SN-77")
    assert (stitcher.outputs, stitcher.supplies) == (("out.1.1",), ("fin.1.1",))
    assert stitcher.abilities == ("maximum-sheets=50", "stitching=staple-top-left", "stitching=staple-dual")


def test_a_survey_brings_finishers_as_a_full_walk_would() -> None:
    """Every table of the Finisher MIB is asked of a machine that has one."""
    found, whole = read(surveyed(Replay(office()))), read(values_of(office()))
    assert (found.finishers, found.supplies, found.trays) == (whole.finishers, whole.supplies, whole.trays)
    assert len(found.finishers) == 4


def test_a_machine_without_finishers_pays_for_one_object_by_name() -> None:
    """No column of the table is walked, and a search does not ask for it at all. DCA-LOAD-02."""
    replay = Replay(printer())
    surveyed(replay)
    asked = [oid for prepared in replay.requests for oid in prepared.oids if oid[:8] == (*o.PRINTER, 30)]
    assert asked == [(*o.FIN_DEVICE_TYPE, 1, 1)]
    brief = Replay(office())
    assert read(surveyed(brief, BRIEF)).finishers == ()
    assert not [oid for prepared in brief.requests for oid in prepared.oids if oid[:8] == (*o.PRINTER, 30)]


def test_what_could_be_put_on_a_machine_is_named_as_not_there_and_uses_nothing_up() -> None:
    """A folder that is not present, and its wire, which is no supply of this machine."""
    reading = read(values_of(office()))
    assert by_kind(reading)["folder"].presence == "not-present"
    assert not by_kind(reading)["folder"].is_there
    assert [each.key for each in reading.supplies if each.key.startswith("fin.")] == ["fin.1.1", "fin.1.2"]


@pytest.mark.parametrize(
    ("level", "state", "percent"),
    [
        (3500, SupplyState.LEVEL, 70),
        (0, SupplyState.EMPTY, 0),
        (-1, SupplyState.UNLIMITED, None),
        (-2, SupplyState.UNKNOWN, None),
        (-3, SupplyState.SOME, None),
    ],
)
def test_staples_are_a_supply_like_others(level: int, state: SupplyState, percent: int | None) -> None:
    """Level and capacity mean what they mean of toner. EMC-DSTA-07."""
    (staples,) = read(values_of(supply(1, STAPLES, level))).supplies
    assert (staples.kind, staples.state, staples.percent, staples.unit) == ("staples", state, percent, "items")


def marker(row: int, level: int, name: str) -> dict[Oid, Held]:
    """Staples in prtMarkerSuppliesTable."""
    return {
        (*o.PRT_MARKER_SUPPLIES_TYPE, 1, row): number(STAPLES),
        (*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, row): text(name),
        (*o.PRT_MARKER_SUPPLIES_MAX_CAPACITY, 1, row): number(5000),
        (*o.PRT_MARKER_SUPPLIES_LEVEL, 1, row): number(level),
    }


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ({**marker(1, 100, "Staples"), **supply(1, STAPLES, 200, name="staples")}, ["1.1"]),
        ({**marker(1, -3, "Staples"), **supply(1, STAPLES, 200, name="Stapler 1")}, ["fin.1.1"]),
        ({**marker(1, -3, "Staples"), **supply(1, STAPLES, -3)}, ["1.1"]),
        (
            {**marker(1, 100, "B"), **supply(1, STAPLES, 1, name="A"), **supply(2, STAPLES, 2, name="B")},
            ["1.1", "fin.1.1"],
        ),
        ({**marker(1, 100, "Staples"), **supply(1, WASTE_PAPER, 1)}, ["1.1", "fin.1.1"]),
    ],
)
def test_staples_that_stand_in_both_tables_are_there_once(rows: dict[Oid, Held], keys: list[str]) -> None:
    """By their name or as the only ones; the row that is measured stays, and rows that differ all do."""
    assert [each.key for each in read(values_of(rows)).supplies] == keys


def planned(objects: dict[Oid, Held]) -> dict[Oid, Value]:
    """What the plan that was made of a machine brings of it as it is now."""
    plan, replay = make_plan(surveyed(Replay(objects))), Replay(objects)
    raw: dict[Oid, Value] = {}
    for request in plan.requests:
        raw |= values_by_rows(plan, request.prepared, replay.answer(request.prepared))[0]
    return raw


def test_a_row_that_was_left_out_does_not_come_back_with_a_later_reading() -> None:
    """Staples of both tables that move stay one supply, at the level of the row that stayed."""
    objects = dict(sorted({**printer(), **marker(5, 100, "Staples"), **supply(1, STAPLES, 200)}.items()))
    plan, last = make_plan(surveyed(Replay(objects))), read(surveyed(Replay(objects)))
    objects |= {
        (*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 5): number(50),
        (*o.FIN_SUPPLY_CURRENT_LEVEL, 1, 1): number(20),
    }
    now = update(plan, last, planned(objects))
    assert [(each.key, each.level) for each in now.supplies if each.kind == "staples"] == [("1.5", 50)]


def test_a_periodic_reading_has_the_state_of_finishers_and_the_rest_as_it_was() -> None:
    """Status and levels of supplies are asked again; names and abilities are those of the survey."""
    objects = office()
    plan, last = make_plan(surveyed(Replay(objects))), read(surveyed(Replay(objects)))
    objects |= {
        (*o.FIN_DEVICE_STATUS, 1, 1): number(1 + 16 + 32),
        (*o.FIN_SUPPLY_CURRENT_LEVEL, 1, 1): number(0),
    }
    now = update(plan, last, planned(objects))
    stitcher = by_kind(now)["stitcher"]
    assert stitcher.status == ("on-request", "critical-alerts", "offline")
    assert (stitcher.name, stitcher.abilities) == (last.finishers[0].name, last.finishers[0].abilities)
    assert now.finishers[1:] == last.finishers[1:]
    assert next(each for each in now.supplies if each.key == "fin.1.1").percent == 0
    assert plan.octets <= 1_500


def test_alerts_say_what_is_the_matter_with_a_finisher_until_they_are_over() -> None:
    """An alert of the group finDevice belongs to the row that it names."""
    words = alert(1, 30_213, words="No staples")
    words |= {(*o.PRT_ALERT_GROUP, 1, 1): number(FIN_DEVICE), (*o.PRT_ALERT_SEVERITY_LEVEL, 1, 1): number(CRITICAL)}
    objects = dict(sorted({**office(), **words}.items()))
    reading = read(values_of(objects))
    assert [each.code for each in reading.alerts] == ["stapler-empty"]
    assert by_kind(reading)["stitcher"].status == ("idle", "stapler-empty")
    assert by_kind(reading)["puncher"].status == ()
    plan = make_plan(surveyed(Replay(objects)))
    assert by_kind(update(plan, reading, planned(office())))["stitcher"].status == ("idle",)


def test_an_inserter_is_a_tray_with_the_level_of_its_supply() -> None:
    """finSupplyMediaInputTable has the medium, the supply it names how much of it there is."""
    objects = dict(
        sorted(
            {
                **printer(trays=1),
                **finisher(1, INSERTER),
                **supply(1, INSERTS, 50, capacity=200),
                (*o.FIN_MEDIA_INPUT_SUPPLY_INDEX, 1, 1): number(1),
                (*o.FIN_MEDIA_INPUT_MEDIA_NAME, 1, 1): text("A4 yellow"),
                (*o.FIN_MEDIA_INPUT_NAME, 1, 1): text("Inserter"),
            }.items()
        )
    )
    raw = surveyed(Replay(objects))
    last = read(raw)
    tray = last.trays[-1]
    assert (tray.key, tray.name, tray.media, tray.percent, tray.output) == (
        "fin.in.1.1",
        "Inserter",
        "A4 yellow",
        25,
        False,
    )
    objects[(*o.FIN_SUPPLY_CURRENT_LEVEL, 1, 1)] = number(0)
    now = update(make_plan(raw), last, planned(objects)).trays[-1]
    assert (now.name, now.media, now.percent) == ("Inserter", "A4 yellow", 0)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, ("idle",)),
        (2, ("standby",)),
        (4, ("active",)),
        (6, ("busy",)),
        (1, ("on-request",)),
        (3, ("broken",)),
        (5, ()),
        (8, ("idle", "non-critical-alerts")),
        (3 + 16 + 32, ("broken", "critical-alerts", "offline")),
        (64, ("idle", "transitioning")),
        (-1, ()),
        (4096, ()),
        (None, ()),
    ],
)
def test_the_status_of_a_part_is_a_sum_of_bits(status: int | None, words: tuple[str, ...]) -> None:
    """PrtSubUnitStatusTC: availability in the lowest three, then alerts, offline and transition."""
    assert status_words(status) == words


@needs_testdata
def test_a_recorded_label_printer_has_a_trimmer() -> None:
    """It stands on the output at the front, is on and has nothing to do; the survey brings what a walk would."""
    name = next(name for name in main_walks() if "epson_cw" in name)
    found, whole = read(surveyed(Replay(walk_of(name)))), read(values_of(walk_of(name)))
    (trimmer,) = found.finishers
    assert (trimmer.kind, trimmer.name, trimmer.presence, trimmer.status) == ("trimmer", "Trimmer", "on", ("idle",))
    assert trimmer.outputs == ("out.1.1",)
    assert found.finishers == whole.finishers


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(
                [
                    *(o.FIN_DEVICE_TYPE, o.FIN_DEVICE_PRESENT_ON_OFF, o.FIN_DEVICE_ASSOCIATED_OUTPUTS),
                    *(o.FIN_DEVICE_STATUS, o.FIN_SUPPLY_DEVICE_INDEX, o.FIN_SUPPLY_CURRENT_LEVEL),
                    *(o.FIN_ATTRIBUTE_INTEGER, o.FIN_ATTRIBUTE_OCTETS, o.FIN_MEDIA_INPUT_SUPPLY_INDEX),
                    *(o.PRT_OUTPUT_MAX_CAPACITY, o.PRT_ALERT_GROUP_INDEX),
                ]
            ),
            st.lists(st.integers(0, 2**32 - 1), max_size=5).map(tuple),
        ).map(lambda cell: (*cell[0], *cell[1])),
        st.none() | st.integers() | st.binary(max_size=20) | st.tuples(st.integers(0, 5), st.integers(0, 5)),
        max_size=20,
    )
)
def test_anything_in_these_tables_is_read_without_an_error(raw: dict[Oid, Value]) -> None:
    """Rows with odd indexes and values of another type are as good as none."""
    assert len(read_finishers(Tables(raw))) <= 20
    read(raw)
