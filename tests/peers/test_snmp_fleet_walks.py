"""Recorded walks played back by the simulated fleet, and the models that are made of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platen.demo.fleet.population import machine
from platen.protocols.snmp.oids import Oid
from tests.demo.fleet.asking import walked
from tests.peers.snmp_fleet_walks import HR_SYSTEM_UPTIME, LIFE_COUNT, SERIAL_NUMBER, as_recorded, living, models
from tests.testdata import needs_testdata
from tests.walks import main_walks, told_of, values_of, walk_of

MODELS_MIN = 20


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_a_recording_is_played_back(name: str) -> None:
    """Walked by GETNEXT, a machine gives every object of its recording, and nothing else."""
    printer = machine(0, as_recorded(name))
    assert {varbind.oid: varbind.value for varbind in walked(printer)} == values_of(walk_of(name))


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_a_living_model_has_the_objects_of_its_recording(name: str) -> None:
    """Nothing is lost of a recording whose machines were made to live, and every machine has a serial of its own."""
    model = replace(living(name), troubles=(), supplies=(), trees={})
    one, two = ({each.oid: each.value for each in walked(machine(number, model))} for number in (1, 2))
    assert walk_of(name).keys() <= one.keys() == two.keys()
    serial: Oid = (*SERIAL_NUMBER, 1)
    assert one[serial] != two[serial]
    differs = {oid for oid in one if one[oid] != two[oid]}
    assert any(oid[: len(LIFE_COUNT)] == LIFE_COUNT for oid in differs)
    told = told_of(name).get("prtGeneralSerialNumber")
    serials = [told] if isinstance(told, str) else list(told.values()) if isinstance(told, dict) else []
    texts = [value for value in one.values() if isinstance(value, bytes)]
    assert not any(each.encode() in text for each in serials if len(each) >= 6 for text in texts)


@needs_testdata
def test_there_are_many_models() -> None:
    """At least twenty, of different makers."""
    found = models()
    assert len({model.name for model in found}) == len(found) >= MODELS_MIN
    assert any(HR_SYSTEM_UPTIME in model.objects for model in found)
