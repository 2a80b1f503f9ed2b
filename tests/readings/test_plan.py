"""What is asked from one reading to the next, and what becomes of the answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platen.protocols.snmp import Oid, Value, VarBind
from platen.readings import objects as o
from platen.readings.facts import Reading
from platen.readings.plan import Plan, describe, dump_plan, load_plan, make_plan, plan_key
from platen.readings.reading import read
from platen.readings.update import (
    alerts_changed,
    has_restarted,
    missing_cells,
    update,
    values_by_rows,
)
from tests.readings.replay import Replay, alert, counter, number, printer, surveyed, text
from tests.testdata import needs_testdata
from tests.walks import Held, main_walks, walk_of


def _first(objects: dict[Oid, Held]) -> tuple[Plan, Reading]:
    raw = surveyed(Replay(objects))
    return make_plan(raw), read(raw)


def _asked(plan: Plan, objects: dict[Oid, Held]) -> tuple[dict[Oid, Value], int]:
    """What the plan's requests bring, and for how many octets."""
    replay = Replay(objects)
    raw: dict[Oid, Value] = {}
    for request in plan.requests:
        values, whole = values_by_rows(plan, request.prepared, replay.answer(request.prepared))
        assert whole
        raw |= values
    return raw, replay.octets


def test_a_machine_on_which_nothing_moved_reads_as_before() -> None:
    """The plan's few objects and the last reading make the whole reading again."""
    objects = printer(supplies=5, alerts=((1, 8),))
    plan, last = _first(objects)
    raw, _ = _asked(plan, objects)
    assert update(plan, last, raw) == last
    assert missing_cells(plan, raw) == []
    assert not alerts_changed(plan, last, raw)


def test_what_moved_is_in_the_next_reading() -> None:
    """Meters, levels, trays, state, display: as the machine has them now, with the words of the survey."""
    objects = printer()
    plan, last = _first(objects)
    objects |= {
        (*o.PRT_MARKER_LIFE_COUNT, 1, 1): counter(1234),
        (*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 2): number(0),
        (*o.PRT_INPUT_CURRENT_LEVEL, 1, 1): number(-3),
        (*o.HR_PRINTER_STATUS, 1): number(4),
        (*o.HR_PRINTER_DETECTED_ERROR_STATE, 1): text(b"\x10"),
        (*o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, 1, 1): text("Replace cyan"),
    }
    raw, _ = _asked(plan, objects)
    now = update(plan, last, raw)
    assert now.meter("total") == 1234
    assert (now.supplies[1].percent, now.supplies[1].description) == (0, last.supplies[1].description)
    assert (now.trays[0].state.value, now.trays[0].name, now.trays[0].media) == ("some", "Tray 1", "A4 plain")
    assert now.status.activity.value == "printing"
    assert now.status.reasons == {"toner-empty"}
    assert now.status.console == ("Replace cyan",)
    assert now.identity == last.identity


def test_a_periodic_reading_of_a_plain_printer_costs_a_third_of_a_packet() -> None:
    """Both ways, headers included; the plan says it before. DCA-LOAD-02."""
    objects = printer()
    plan, _ = _first(objects)
    _, octets = _asked(plan, objects)
    assert octets <= 700
    assert abs(plan.octets - octets) <= 100
    assert len(plan.requests) == 1


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_no_recorded_machine_costs_more_than_a_packet(name: str) -> None:
    """At most 1,500 octets a reading, and everything that is asked is answered. DCA-LOAD-02."""
    walk = dict(walk_of(name))
    plan, last = _first(walk)
    raw, octets = _asked(plan, walk)
    assert octets <= 1_520
    assert missing_cells(plan, raw) == []
    now = update(plan, last, raw)
    assert (now.meters, now.supplies, now.trays) == (last.meters, last.supplies, last.trays)


def test_machines_that_are_equipped_alike_share_a_plan() -> None:
    """Serial numbers, names and counts are no part of it; a supply more is."""
    one = printer(total=5)
    other = printer(total=7_000_000) | {(*o.PRT_GENERAL_SERIAL_NUMBER, 1): text("other"), o.SYS_NAME: text("other")}
    other[(*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, 1)] = text("black toner;SN9999999")
    assert plan_key(surveyed(Replay(one))) == plan_key(surveyed(Replay(other)))
    assert plan_key(surveyed(Replay(one))) != plan_key(surveyed(Replay(printer(supplies=5))))


def test_a_plan_is_kept_and_found_again() -> None:
    """Dumped and loaded, it is the same with the same key; what is of another format is refused."""
    plan, _ = _first(printer(supplies=6))
    assert load_plan(dump_plan(plan)) == plan
    with pytest.raises(ValueError, match="version"):
        load_plan(b'{"format": 0}')


def test_what_does_not_fit_is_said() -> None:
    """Objects that would make a reading larger than it may be are left for the survey, in words."""
    raw = surveyed(Replay(printer(supplies=12, trays=10)))
    plan = make_plan(raw, octets_max=700)
    assert plan.octets <= 700
    assert any("tray levels" in line for line in plan.left_out)
    assert set(plan.left_out) <= set(describe(plan))


def test_what_is_left_out_stays_as_it_was() -> None:
    """A tray that is not asked keeps its last level instead of becoming unknown."""
    objects = printer(supplies=12, trays=10)
    full = surveyed(Replay(objects))
    plan, last = make_plan(full, octets_max=700), read(full)
    raw, _ = _asked(plan, objects)
    assert update(plan, last, raw).trays == last.trays


def test_a_new_alert_and_a_gone_one_are_noticed() -> None:
    """The first codes of the table tell that it has to be asked for."""
    objects = printer(alerts=((1, 8), (5, 807)))
    plan, last = _first(objects)
    came = objects | alert(6, 1104) | {(*o.PRT_ALERT_ALL_EVENTS, 1): counter(8)}
    raw, _ = _asked(plan, dict(sorted(came.items())))
    assert alerts_changed(plan, last, raw)
    gone = {oid: held for oid, held in objects.items() if not (oid[:10] == o.ALERT_ENTRY and oid[-1] == 1)}
    raw, _ = _asked(plan, gone)
    assert alerts_changed(plan, last, raw)


def test_when_the_last_alert_is_gone_nothing_needs_to_be_asked() -> None:
    """An empty table says it all."""
    plan, last = _first(printer(alerts=((1, 8),)))
    raw, _ = _asked(plan, printer())
    assert last.alerts
    assert not alerts_changed(plan, last, raw)
    assert update(plan, last, raw).alerts == ()


def test_alerts_stay_where_the_answer_did_not_come_so_far() -> None:
    """No codes in a broken answer do not mean that all is well."""
    plan, last = _first(printer(alerts=((1, 8),)))
    assert update(plan, last, {}, alerts_known=False).alerts == last.alerts


def test_a_long_table_of_alerts_is_asked_for_only_where_the_machine_counted_more() -> None:
    """With more alerts than the plan has rows, prtAlertAllEvents tells whether one came."""
    objects = printer(alerts=tuple((row, 8) for row in range(1, 10)))
    plan, last = _first(objects)
    raw, _ = _asked(plan, objects)
    assert not alerts_changed(plan, last, raw)
    raw, _ = _asked(plan, objects | {(*o.PRT_ALERT_ALL_EVENTS, 1): counter(8)})
    assert alerts_changed(plan, last, raw)
    silent = replace(last, status=replace(last.status, alert_events=None))
    assert alerts_changed(plan, silent, raw)


def test_a_restart_and_a_missing_object_are_noticed() -> None:
    """sysUpTime that fell, a supply that is gone: the plan has to be made anew."""
    objects = printer()
    plan, last = _first(objects)
    raw, _ = _asked(plan, objects | {o.SYS_UP_TIME: Held(0x43, 100)})
    assert has_restarted(last, raw)
    raw, _ = _asked(plan, printer(supplies=3))
    assert not has_restarted(last, raw)
    assert missing_cells(plan, raw) == [(*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 4)]


def test_a_level_that_was_not_answered_stays() -> None:
    """What did not come is as it was, not unknown."""
    plan, last = _first(printer())
    assert update(plan, last, {o.SYS_UP_TIME: 500_000}).supplies == last.supplies


def test_a_machine_without_anything_has_an_empty_plan() -> None:
    """Nothing to ask, nothing to go wrong."""
    plan = make_plan({})
    assert plan.requests == ()
    assert plan.octets == 0


def test_a_plan_is_told_in_words_and_octets() -> None:
    """Every kind of object with how many there are, and the sum."""
    plan, _ = _first(printer())
    lines = describe(plan)
    assert "supply levels: 4 objects" in lines
    assert any(line.startswith("in all ") and str(plan.octets) in line for line in lines)


def test_values_under_names_that_do_not_rise_do_not_count() -> None:
    """An agent that gives back the names it was asked, with whatever values, changes no meter."""
    plan, last = _first(printer())
    (request,) = plan.requests
    prepared = request.prepared
    row = [VarBind(oid, 0x02, 1) for oid in prepared.oids[prepared.non_repeaters :]]
    answer = [VarBind(oid, 0x02, 1) for oid in prepared.oids[: prepared.non_repeaters]] + row * prepared.max_repetitions
    values, whole = values_by_rows(plan, prepared, answer)
    assert (values, whole) == ({}, False)
    assert update(plan, last, values, alerts_known=False) == last


def test_what_lies_behind_the_asked_objects_does_not_count() -> None:
    """GETBULK goes on beyond a table; what it finds there is nobody's level."""
    plan, _ = _first(printer())
    raw, _ = _asked(plan, printer(supplies=9, trays=7))
    assert set(raw) <= plan.cells
