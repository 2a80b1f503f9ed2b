"""Simulated machines live: they count, use up, get into trouble and out of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.machine import LOW, TROUBLE_LASTS_S
from platen.demo.fleet.population import address, machine, machines
from platen.demo.fleet.printer_mib import model_of
from tests.demo.fleet.asking import number, walked

LIFE_COUNT, LEVEL = "1.3.6.1.2.1.43.10.2.1.4.1.1", "1.3.6.1.2.1.43.11.1.1.9.1.4"
ALERTS, DETECTED = (1, 3, 6, 1, 2, 1, 43, 18, 1, 1), (1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2, 1)
MODELS = [model_of(blueprint) for blueprint in CATALOGUE]
HOUR_S = 3600.0


def test_pages_grow_with_time() -> None:
    """The life count grows by the machine's rate."""
    printer = machine(3, MODELS[0])
    before, after = number(printer, LIFE_COUNT), number(printer, LIFE_COUNT, now=HOUR_S)
    assert after - before == pytest.approx(printer.pages_per_s * HOUR_S, abs=1)


def test_counts_wrap() -> None:
    """A Counter32 begins again at nothing."""
    printer = machine(3, MODELS[0])
    printer.pages_begun = 2.0**32 + 5
    assert number(printer, LIFE_COUNT) == 5


def test_supplies_fall_and_are_replaced() -> None:
    """A level goes down to nothing in small steps, and then there is a full one."""
    printer = machine(3, MODELS[0])
    printer.pages_per_s = 1.0
    levels = [number(printer, LEVEL, now=moment) for moment in range(0, 60_000, 100)]
    risen = [after for before, after in pairwise(levels) if after > before]
    assert min(levels) <= 1
    assert len(risen) == 2
    assert all(level >= 99 for level in risen)


def test_trouble_comes_and_goes() -> None:
    """In the course of a day a machine has alerts at some times, and at others none; hrPrinter says the same."""
    printer = machine(3, MODELS[0])
    with_alert = without = 0
    for turn in range(200):
        now = turn * TROUBLE_LASTS_S
        objects = {varbind.oid: varbind.value for varbind in walked(printer, now)}
        has_alert = any(oid[:10] == ALERTS for oid in objects)
        assert has_alert == (objects[DETECTED] != b"\0\0")
        with_alert += has_alert
        without += not has_alert
    assert with_alert > 5
    assert without > 50


def test_a_low_supply_is_an_alert() -> None:
    """Where nothing else is wrong, a supply that is nearly used up is reported with its place in the table."""
    model = model_of(CATALOGUE[0])
    model.troubles, model.supplies = (), model.supplies[3:4]
    black, _ = model.supplies[0]
    printer = machine(3, model)
    printer.pages_per_s = 1.0
    assert printer.trouble(next(now for now in range(0, 60_000, 50) if black.left(printer, now) > LOW)) is None
    low = next(now for now in range(0, 60_000, 50) if black.left(printer, now) < LOW)
    trouble = printer.trouble(low)
    assert trouble is not None
    assert (trouble.words, trouble.group_index) == ("Black toner is low", 4)


def test_machines_differ() -> None:
    """Of a thousand machines no two have the same address, serial number, MAC or name; none has a network's address."""
    placed = list(machines(1000, MODELS))
    assert len({address for address, _ in placed}) == 1000
    assert len({(each.serial, each.mac, each.host_name) for _, each in placed}) == 1000
    assert len({each.serial for _, each in placed}) == len({each.mac for _, each in placed}) == 1000
    assert not any(address.endswith((".0", ".255")) for address, _ in placed)


def test_addresses_reach_far() -> None:
    """There is room for more than 50,000 machines on loopback."""
    assert address(0) == "127.10.0.1"
    assert address(62_499) == "127.10.249.250"
    assert address(62_500) == "127.11.0.1"
