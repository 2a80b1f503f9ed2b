"""What is remembered of surveys asks exactly what the survey itself would."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Prepared, Tag, Value, VarBind
from platen.readings import objects as o
from platen.readings.survey import Survey
from platen.readings.survey_objects import BRIEF, WHOLE, Depth
from platen.readings.survey_routes import RoutedSurvey, Routes
from tests.readings.replay import Replay, printer, text
from tests.testdata import needs_testdata
from tests.walks import Held, main_walks, walk_of

Asked = list[tuple[Prepared, ...]]
MACS = ("0017c865e2b9", "0017c865e2ba", "000000000000", "024217c86500")


class _Unreliable(Replay):
    """Loses some answers, cuts some off, and says the same to the same question in the same round."""

    def __init__(self, objects: Mapping[Oid, Held], seed: int, lost: float) -> None:
        super().__init__(objects)
        self._seed, self._lost = seed, lost

    def answer(self, prepared: Prepared) -> list[VarBind]:
        found = super().answer(prepared)
        chance = random.Random(f"{self._seed}{len(self.requests)}")
        if chance.random() < self._lost:
            return found[: chance.randrange(len(found) + 1)]
        if found and chance.random() < self._lost:  # names that do not rise, or nothing where there is something
            place = chance.randrange(len(found))
            oid = found[place].oid
            found[place] = chance.choice([VarBind(oid, Tag.NO_SUCH_OBJECT, None), VarBind(oid[:-1], Tag.INTEGER, 5)])
        return found


def asked(survey: Survey | RoutedSurvey, replay: Replay) -> tuple[Asked, Mapping[Oid, Value], list[str]]:
    """Everything that is asked, what was taken of the answers, and what was strange."""
    found: Asked = []
    while requests := survey.requests():
        found.append(requests)
        for prepared in requests:
            survey.take(prepared, replay.answer(prepared))
    return found, survey.raw, list(survey.notes)


def same(objects: Mapping[Oid, Held], routes: Routes, depth: Depth = WHOLE, seed: int = 0, lost: float = 0.0) -> None:
    """With and without what is remembered. Requests are the same if their octets are."""
    routed = asked(RoutedSurvey(depth=depth, routes=routes), _Unreliable(objects, seed, lost))
    alone = asked(Survey(depth=depth), _Unreliable(objects, seed, lost))
    assert [list(map(_octets, each)) for each in routed[0]] == [list(map(_octets, each)) for each in alone[0]]
    assert (routed[1], sorted(routed[2])) == (alone[1], sorted(alone[2]))


def _octets(prepared: Prepared) -> object:
    return prepared.kind, prepared.oids, prepared.non_repeaters, prepared.max_repetitions


def moved(objects: Mapping[Oid, Held], chance: random.Random) -> dict[Oid, Held]:
    """The same model another time: what counts has counted, texts are others, now and then something is missing."""
    other = dict(objects)
    for oid, held in objects.items():
        if chance.random() > 0.3 or oid in (o.SYS_OBJECT_ID, o.SYS_DESCR):
            continue
        if isinstance(held.value, int):
            other[oid] = Held(held.tag, chance.choice([held.value + chance.randrange(9), 100, 0]))
        elif oid[: len(o.IF_PHYS_ADDRESS)] == o.IF_PHYS_ADDRESS:
            other[oid] = text(bytes.fromhex(chance.choice(MACS)))
        elif isinstance(held.value, bytes):
            other[oid] = text(
                chance.choice([held.value, b"", b"Tray A4", "größer".encode(), b"gr\xf6\xdfer als das", b"cyan"])
            )
        if chance.random() < 0.05:
            del other[oid]
    return other


def models() -> Iterable[Mapping[Oid, Held]]:
    """Made up ones: plain, equipped otherwise, with alerts, with another device index, with names in odd letters."""
    yield printer()
    yield printer(supplies=7, trays=5, alerts=((3, 8), (9, 1104)))
    yield printer(supplies=1, trays=1, device=3)
    yield {}
    yield printer() | {o.SYS_NAME: text(b"Kopierer \xfcber")}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 4),
    st.randoms(use_true_random=False),
    st.sampled_from([0.0, 0.1, 0.4]),
    st.sampled_from([WHOLE, BRIEF]),
)
@pytest.mark.untraced
def test_it_asks_what_the_survey_would(which: int, chance: random.Random, lost: float, depth: Depth) -> None:
    """However machines of a model differ, and whatever is lost on the way, what is asked and taken is the same."""
    routes = Routes()
    objects = list(models())[which]
    for seed in range(4):
        same(objects if seed == 0 else moved(objects, chance), routes, depth, seed % 2, lost)


def others(held: Held, chance: random.Random) -> list[Held]:
    """Values that an object could have instead."""
    if isinstance(held.value, int):
        return [Held(held.tag, value) for value in {held.value + 1, 1, 4, 100} - {held.value}]
    if isinstance(held.value, bytes):
        texts = [b"", b"A4", b"yellow", b"gr\xf6\xdfer als das", b"Tray", bytes.fromhex(chance.choice(MACS))]
        return [text(value) for value in texts if value != held.value]
    return [Held(held.tag, (1, 3, 6, 1, 2, 1, 25, 3, 1, 21))]


def named(words: str, media: str) -> dict[Oid, Held]:
    """A printer whose supplies and trays are called so, with what tells more about them, should it be asked for."""
    told = dict(printer(trays=1))
    for row in range(1, 5):
        told[*o.PRT_MARKER_SUPPLIES_DESCRIPTION, 1, row] = text(f"{words} {row}")
        told[*o.PRT_MARKER_SUPPLIES_COLORANT_INDEX, 1, row] = Held(Tag.INTEGER, row)
        told[*o.PRT_MARKER_COLORANT_VALUE, 1, row] = text(("black", "cyan", "magenta", "yellow")[row - 1])
    told[*o.PRT_INPUT_MEDIA_NAME, 1, 1] = text(media)
    told[*o.PRT_INPUT_DESCRIPTION, 1, 1] = text("Main tray")
    told[*o.PRT_GENERAL_CURRENT_LOCALIZATION, 1] = Held(Tag.INTEGER, 1)
    told[*o.PRT_LOCALIZATION_CHARACTER_SET, 1, 1] = Held(Tag.INTEGER, 4)
    told[*o.PRT_LOCALIZATION_LANGUAGE, 1, 1] = text("de")
    told[*o.IF_PHYS_ADDRESS, 2] = text(bytes.fromhex(MACS[1]))
    return dict(sorted(told.items()))


@pytest.mark.parametrize(
    "objects", [printer(), named("Toner", "plain"), named("cyan toner", "A4"), named("t\u00f6ner", "")], ids=len
)
@pytest.mark.untraced
def test_one_other_value_is_noticed_if_it_matters(objects: Mapping[Oid, Held]) -> None:
    """After a machine, one of which a single object says something else: asked is what the survey would ask."""
    routes, chance = Routes(steps_max=100_000), random.Random(5)
    same(objects, routes)
    for oid, held in objects.items():
        for other in others(held, chance):
            same(dict(objects) | {oid: other}, routes)


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_one_other_value_of_a_real_machine(name: str) -> None:
    """The same for recorded machines, with private objects of their makers; some of their objects."""
    routes, chance = Routes(steps_max=100_000), random.Random(name)
    objects = walk_of(name)
    same(objects, routes)
    seen = sorted(asked(Survey(), Replay(objects))[1])
    for oid in chance.sample(seen, min(len(seen), 15)):
        for other in others(objects[oid], chance)[:3]:
            same(dict(objects) | {oid: other}, routes)


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_real_machines_are_asked_the_same(name: str) -> None:
    """Of every recorded machine, as it was and with other values, beside all that was remembered of it before."""
    routes, chance = Routes(), random.Random(name)
    for seed in range(4):
        same(walk_of(name) if seed < 2 else moved(walk_of(name), chance), routes)


def test_the_second_of_a_model_is_not_worked_out() -> None:
    """Its name, its number, what it counted and what lies in its trays make no new route; a tray more does."""
    routes = Routes()
    same(printer(total=1000), routes)
    steps = routes.steps
    other = printer(total=987_654) | {o.SYS_NAME: text("prn-2"), (*o.PRT_GENERAL_SERIAL_NUMBER, 1): text("LX400-0002")}
    other[*o.IF_PHYS_ADDRESS, 1] = text(bytes.fromhex("0017c8000001"))
    other[*o.PRT_MARKER_SUPPLIES_LEVEL, 1, 1] = Held(Tag.INTEGER, 77)
    same(other, routes)
    assert routes.steps == steps
    same(printer(trays=6), routes)
    assert routes.steps > steps


def test_what_is_remembered_is_bounded() -> None:
    """Machines that are all different do not fill the memory; surveys that are under way end well all the same."""
    routes = Routes(steps_max=5)
    for supplies in range(8):
        same(printer(supplies=supplies, trays=1 + supplies % 3), routes)
        assert routes.steps <= 5


def test_a_survey_that_is_given_up_says_what_was_strange() -> None:
    """Where the last answers lead nowhere any more, notes are those of the survey itself."""
    objects, routes = printer(), Routes()
    for _ in range(2):
        routed, alone = RoutedSurvey(routes=routes), Survey()
        for survey in (routed, alone):
            (first,) = survey.requests()
            survey.take(first, [VarBind(o.SYS_DESCR, Tag.OCTET_STRING, b"x"), VarBind((1, 3), Tag.INTEGER, 1)])
        assert routed.notes == alone.notes
        same(objects, routes)
