"""Trays, finishers and ports as they are stored with a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platen.fleet.alert_words import alert_words
from platen.fleet.equipment import Equipment, equipment_of
from platen.fleet.filters import machines_where
from platen.fleet.finisher_words import kinds_in_words
from platen.fleet.models import Machine, Survey
from platen.fleet.queries_machine import surveyed
from platen.policy.fleet.conditions import parse_conditions
from platen.readings.facts import Finisher, Port, Reading, Supply, SupplyState, Tray
from platen.tenants.models import Tenant
from tests.fleet.machines import Watching, machine, reading, toner

STAPLER = Finisher(
    "1.1",
    "stitcher",
    name="Staple unit",
    presence="on",
    status=("idle",),
    level=20,
    capacity=50,
    unit="sheets",
    state=SupplyState.LEVEL,
    model="MX-400",
    outputs=("out.1.1",),
    supplies=("fin.1.1",),
    abilities=("maximum-sheets=50", "stitching=staple-top-left"),
)
FOLDER = Finisher("1.2", "folder", presence="not-present")
STAPLES = Supply("fin.1.1", "staples", description="Staples", state=SupplyState.LEVEL, percent=70, level=70)
TOP = Tray("out.1.1", "Top", output=True, state=SupplyState.LEVEL, percent=40, stacking=("face-down",))
RAW, LPD = Port("port.1.1", "raw", 9100, takes_documents=True), Port("port.1.2", "lpd", 515, takes_documents=False)


def finishing(**changes: object) -> Reading:
    """A machine that staples and could fold."""
    said = reading(supplies=(toner(), STAPLES), total=100)
    return replace(said, trays=(*said.trays, TOP), finishers=(STAPLER, FOLDER), ports=(RAW, LPD), **changes)


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    return Watching(machine())


def test_finishers_and_ports_stand_at_the_machine(watched: Watching) -> None:
    """As they were read, with the kinds of those that are there; staples are among its supplies. EMC-DSTA-07"""
    watched.read(finishing(), survey=True)
    found = watched.machine
    assert equipment_of(found) == Equipment(finishing().trays, (STAPLER, FOLDER), (RAW, LPD))
    assert found.finishing == "stitcher"
    assert found.supplies.get(kind="staples").percent == 70
    assert surveyed(found).reading.finishers == (STAPLER, FOLDER)


def test_a_finisher_s_state_is_that_of_the_last_reading(watched: Watching) -> None:
    """A periodic reading in which nothing but the stapler's state changed changes what is stored."""
    watched.read(finishing(), survey=True)
    jammed = replace(STAPLER, status=("idle", "stapler-jam"))
    watched.read(replace(finishing(), finishers=(jammed, FOLDER)))
    assert equipment_of(watched.machine).fitted == (jammed,)
    watched.read(replace(finishing(), finishers=()))
    assert (equipment_of(watched.machine).finishers, watched.machine.finishing) == ((), "")


def test_what_another_version_stored_is_read_as_far_as_it_is_known(watched: Watching) -> None:
    """Trays without the newer fields, fields and values of later, and nothing at all."""
    Machine.objects.filter(pk=watched.id).update(
        trays=[{"key": "1", "name": "Tray 1", "percent": 24, "state": "level"}, {"name": "no key"}, 5],
        finishers=[{"key": "1.1", "kind": "stitcher", "state": "later", "colour": "red"}, {"key": "1.2"}],
        ports=None,
    )
    has = equipment_of(watched.machine)
    assert has.trays == (Tray("1", "Tray 1", percent=24, state=SupplyState.LEVEL),)
    assert has.finishers == (Finisher("1.1", "stitcher"),)
    assert has.ports == ()
    assert not Survey.objects.exists()


def test_machines_are_found_by_what_they_finish_with(watched: Watching) -> None:
    """Those with a stapler, those with a folder or none, those with any. EMC-DLST-04"""
    watched.read(finishing())
    other = machine("Plain", address="127.20.1.8")

    def names(op: str, *values: str) -> list[str]:
        stored = [{"item": "finishing", "op": op, "values": list(values)}]
        return sorted(found.device.name for found in machines_where(parse_conditions(stored)))

    assert names("is", "stitcher", "puncher") == ["Copier"]
    assert names("is", "folder", "none") == [other.device.name]
    assert names("is-not", "none") == ["Copier"]


@pytest.mark.parametrize(
    ("code", "description", "words"),
    [
        ("stapler-almost-empty", "", "Stapler: nearly empty"),
        ("stacker-full", "", "Stacker: full"),
        ("puncher-jam", "Jam at P2", "Jam at P2"),
        ("stapler-added", "", "stapler-added"),
        ("jam", "", "Paper jam"),
    ],
)
def test_alerts_of_finishers_have_words(code: str, description: str, words: str) -> None:
    """Which part, and what is the matter with it; the machine's own words come first in English."""
    assert alert_words(code, description) == words


def test_kinds_are_listed_in_words() -> None:
    """Each once, in the machine's order."""
    assert kinds_in_words("stitcher puncher stacker") == "Stapler, Hole punch, Stacker"
    assert kinds_in_words("") == ""
