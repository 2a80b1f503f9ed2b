"""The first visit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, PduKind, Prepared, Tag, VarBind
from platen.readings import objects as o
from platen.readings.reading import read
from platen.readings.requests import request_octets
from platen.readings.survey import ROUNDS_MAX, Survey
from platen.readings.survey_objects import BRIEF
from tests.readings.replay import Replay, counter, number, printer, surveyed, text
from tests.testdata import needs_testdata
from tests.walks import main_walks, values_of, walk_of

ALERTS = ((1, 8), (2, 807), (9, 1104))


@pytest.mark.parametrize("supplies", [0, 1, 4, 5, 6, 11])
@pytest.mark.parametrize("trays", [0, 1, 5, 7])
def test_a_survey_brings_what_a_full_walk_would(supplies: int, trays: int) -> None:
    """However many supplies and trays a machine has, the reading is the same as of everything that it holds."""
    objects = printer(supplies=supplies, trays=trays, alerts=ALERTS)
    found, whole = read(surveyed(Replay(objects))), read(values_of(objects))
    assert found.identity == whole.identity
    assert found.status == whole.status
    assert found.meters == whole.meters
    assert found.supplies == whole.supplies
    assert found.trays == whole.trays
    assert [(a.key, a.severity, a.training) for a in found.alerts] == [
        (a.key, a.severity, a.training) for a in whole.alerts
    ]


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_recorded_machines_are_surveyed_to_the_same_reading(name: str) -> None:
    """Who it is, meters and levels as of the whole recording, where the recording says who it is at all."""
    walk = walk_of(name)
    found, whole = read(surveyed(Replay(walk))), read(values_of(walk))
    assert {supply.key: supply.percent for supply in found.supplies if supply.key[:1].isdigit()} == {
        supply.key: supply.percent for supply in whole.supplies if supply.key[:1].isdigit()
    }
    if o.SYS_OBJECT_ID in walk:
        assert (found.identity.model, found.identity.serial) == (whole.identity.model, whole.identity.serial)
        assert {meter.name: meter.value for meter in found.meters} == {
            meter.name: meter.value for meter in whole.meters
        }


def test_a_plain_printer_is_surveyed_in_few_octets() -> None:
    """An ordinary colour printer costs less than half of what the older collector needs for one. DCA-LOAD-02."""
    replay = Replay(printer())
    surveyed(replay)
    assert replay.octets <= 3_000
    assert len(replay.requests) <= 8


def test_a_printer_that_is_not_the_first_device_is_found() -> None:
    """Tables of the Printer MIB are indexed by hrDeviceIndex, which need not be 1."""
    reading = read(surveyed(Replay(printer(device=3))))
    assert reading.identity.serial == "LX400-0001"
    assert reading.meter("total") == 1000
    assert [supply.percent for supply in reading.supplies] == [10, 20, 30, 40]


def test_a_printer_whose_own_tables_alone_say_where_it_stands() -> None:
    """Without its entry in the table of devices, the index of its markers and supplies leads to its errors."""
    objects = printer(device=3) | {(*o.HR_PRINTER_DETECTED_ERROR_STATE, 3): text(b"\x80")}
    for column in (o.HR_PRINTER_STATUS, o.HR_DEVICE_TYPE, o.HR_DEVICE_DESCR, o.PRT_GENERAL_SERIAL_NUMBER):
        del objects[(*column, 3)]
    assert read(surveyed(Replay(objects))).status.reasons == {"media-low"}


def test_what_a_search_was_told_is_not_asked_again() -> None:
    """sysObjectID and sysDescr come along with a machine that was found."""
    objects = printer()
    survey = Survey({o.SYS_OBJECT_ID: objects[o.SYS_OBJECT_ID].value, o.SYS_DESCR: objects[o.SYS_DESCR].value})
    (first,) = survey.requests()
    assert first.non_repeaters == 0


def test_a_colorant_is_asked_for_only_where_words_name_no_colour() -> None:
    """What is asked adapts to what the machine has said."""
    objects = printer()
    plain = surveyed(Replay(objects))
    assert not any(oid[:11] == o.PRT_MARKER_SUPPLIES_COLORANT_INDEX for oid in plain)
    for row in range(1, 5):
        objects[(*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, row)] = text("Toner cartridge")
        objects[(*o.PRT_MARKER_SUPPLIES_COLORANT_INDEX, 1, row)] = objects[
            (*o.PRT_MARKER_SUPPLIES_TYPE, 1, row)
        ]._replace(value=row)
        objects[(*o.PRT_MARKER_COLORANT_VALUE, 1, row)] = text(("black", "cyan", "magenta", "yellow")[row - 1])
    colors = [supply.color for supply in read(surveyed(Replay(objects))).supplies]
    assert colors == ["black", "cyan", "magenta", "yellow"]


def test_the_size_of_a_medium_is_asked_for_where_its_name_says_none() -> None:
    """ "plain" becomes "A4 plain"; "A4 plain" needs no asking."""
    objects = printer(trays=1)
    objects |= {
        (*o.PRT_INPUT_DIM_UNIT, 1, 1): number(4),
        (*o.PRT_INPUT_MEDIA_DIM_FEED_DIR_CHOSEN, 1, 1): number(297_000),
        (*o.PRT_INPUT_MEDIA_DIM_X_FEED_DIR_CHOSEN, 1, 1): number(210_000),
    }
    assert not any(oid[:11] == o.PRT_INPUT_DIM_UNIT for oid in surveyed(Replay(dict(sorted(objects.items())))))
    objects[(*o.PRT_INPUT_MEDIA_NAME, 1, 1)] = text("plain")
    assert read(surveyed(Replay(dict(sorted(objects.items()))))).trays[0].media == "A4 plain"


def test_a_brief_survey_says_what_a_list_shows() -> None:
    """Who it is, what it does, its counts, its supplies and its alerts; no trays."""
    objects = printer(supplies=5, alerts=ALERTS)
    replay, whole = Replay(objects), Replay(objects)
    brief, full = read(surveyed(replay, BRIEF)), read(surveyed(whole))
    assert brief.identity.serial == full.identity.serial
    assert brief.identity.mac == full.identity.mac
    assert brief.meters == full.meters
    assert (brief.status.activity, brief.status.reasons) == (full.status.activity, full.status.reasons)
    assert brief.status.console == full.status.console
    assert [each.percent for each in brief.supplies] == [each.percent for each in full.supplies]
    assert [each.key for each in brief.alerts] == [each.key for each in full.alerts]
    assert brief.trays == ()
    assert replay.octets < whole.octets


@needs_testdata
def test_thirteen_printers_are_found_and_read_for_less_than_the_budget() -> None:
    """The recordings of which most is known, with what a search of the other addresses of a /24 costs at 98 octets
    each, stay below 60,000 octets. DCA-LOAD-T01."""
    names = sorted(main_walks(), key=lambda name: -len(walk_of(name)))[:13]
    octets = (254 - 13) * 98 + 13 * 160
    for name in names:
        walk = dict(walk_of(name))
        # Recordings were cut down; no machine lacks these two.
        walk.setdefault((*o.PRT_GENERAL_SERIAL_NUMBER, 1), text("SERIAL0001"))
        walk.setdefault((*o.PRT_MARKER_LIFE_COUNT, 1, 1), counter(123_456))
        replay = Replay(walk)
        surveyed(replay, BRIEF)
        octets += replay.octets
    assert octets <= 60_000


def test_an_agent_that_answers_nothing_of_it_ends_the_survey() -> None:
    """No such object, for all of it: a few requests and an empty reading."""
    replay = Replay({})
    assert surveyed(replay) == {}
    assert len(replay.requests) <= 12


class _Circle(Replay):
    """Names that do not rise."""

    def answer(self, prepared: Prepared) -> list[VarBind]:
        self.requests.append(prepared)
        wanted = [oid for oid in prepared.oids for _ in range(max(1, prepared.max_repetitions))]
        return [VarBind((*oid[:-1], 1), Tag.INTEGER, 5) for oid in wanted]


def test_an_agent_that_goes_in_a_circle_is_left() -> None:
    """A GETBULK that gives the same names again and again costs a bounded number of requests."""
    replay = _Circle({})
    survey = Survey()
    while requests := survey.requests():
        for prepared in requests:
            survey.take(prepared, replay.answer(prepared))
    assert len(replay.requests) <= 3 * ROUNDS_MAX
    assert any("do not rise" in note for note in survey.notes)


class _Endless(Replay):
    """A table that goes on for ever."""

    def answer(self, prepared: Prepared) -> list[VarBind]:
        self.requests.append(prepared)
        if prepared.kind is PduKind.GET:
            return [VarBind(oid, Tag.INTEGER, 5) for oid in prepared.oids]
        row = prepared.oids
        found = []
        for _ in range(max(1, prepared.max_repetitions)):
            row = [(*oid[:-1], oid[-1] + 1) if len(oid) > 12 else (*oid, 1, 1) for oid in row]
            found += [VarBind(oid, Tag.INTEGER, 5) for oid in row]
        return found


def test_a_table_without_end_is_believed_so_far_and_no_further() -> None:
    """There is a bound on rows, on objects and on requests, and a note."""
    replay = _Endless({})
    survey = Survey()
    while requests := survey.requests():
        for prepared in requests:
            survey.take(prepared, replay.answer(prepared))
    assert len(survey.raw) < 6_000


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_answers_that_are_cut_off_or_lost_do_not_stop_a_survey(most: int, chance: object) -> None:
    """An agent that answers a part, or now and then nothing, is asked for the rest, and the survey ends."""
    replay = Replay(printer(supplies=6, trays=5, alerts=ALERTS))
    survey = Survey()
    rounds = 0
    while requests := survey.requests():
        rounds += 1
        for prepared in requests:
            survey.take(prepared, replay.answer(prepared)[:most] if chance.random() > 0.2 else [])  # type: ignore[attr-defined]
    assert rounds <= ROUNDS_MAX
    read(survey.raw)


def test_no_request_is_larger_than_a_packet() -> None:
    """Requests stay below what any agent takes."""
    replay = Replay(printer(supplies=30, trays=20, alerts=tuple((row, 8) for row in range(1, 30))))
    surveyed(replay)
    assert max(map(request_octets, replay.requests)) <= 1400


def test_rows_are_bounded() -> None:
    """A machine with a thousand supplies is read as far as a printer can have any."""
    objects: dict[Oid, object] = dict(printer(supplies=1000))
    raw = surveyed(Replay(objects))  # type: ignore[arg-type]
    assert len(raw) < 2500


def test_a_machine_with_somebody_elses_number_is_asked_for_its_makers_private_objects() -> None:
    """Where neither sysObjectID nor sysDescr tells the maker, the device's name does, and its objects are asked for."""
    duplex = (1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 2, 22, 0)
    objects = printer() | {(*o.HR_DEVICE_DESCR, 1): text("HP LaserJet 400"), duplex: number(123)}
    found = read(surveyed(Replay(dict(sorted(objects.items())))))
    assert (found.identity.maker, found.identity.model) == ("HP", "LaserJet 400")
    assert found.meter("duplex") == 123


def test_texts_are_read_in_the_character_set_of_a_machine_that_does_not_say_which_localization_is_in_use() -> None:
    """HP Roman-8 is IANA's number 2004; octet 205 there is “ë”, in Latin-1 “Í”."""
    words = text(b"Stap. Kopie\xcdn:01")
    objects = printer() | {(*o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, 1, 1): words}
    roman = objects | {(*o.PRT_LOCALIZATION_CHARACTER_SET, 1, 1): number(2004)}
    assert read(surveyed(Replay(dict(sorted(roman.items()))))).status.console == ("Stap. Kopieën:01",)
