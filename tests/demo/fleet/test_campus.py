"""The fleet of the demonstration."""

from __future__ import annotations

import ipaddress

from platen.demo.fleet.campus import BUILDINGS, OUT_OF_ORDER, campus, machines
from platen.demo.fleet.catalogue import CATALOGUE
from tests.demo.fleet.asking import got

SYS_NAME, SYS_LOCATION = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"


def test_there_are_machines_of_every_model() -> None:
    """Some hundred machines of at least eight models, none with the name or serial number of another."""
    placed = dict(machines())
    assert 60 <= len(placed) <= 200
    assert {each.model.name for each in placed.values()} == {blueprint.name for blueprint in CATALOGUE}
    assert len(CATALOGUE) >= 8
    assert (
        len({each.serial for each in placed.values()})
        == len({each.host_name for each in placed.values()})
        == len(placed)
    )


def test_they_are_in_the_networks_that_are_searched() -> None:
    """Every address is in the network of a building, and each of these has machines."""
    networks = [ipaddress.ip_network(building.addresses) for building in BUILDINGS]
    addresses = [ipaddress.ip_address(address) for address, _ in machines()]
    assert all(any(address in network for network in networks) for address in addresses)
    assert all(any(address in network for address in addresses) for network in networks)


def test_they_say_where_they_are() -> None:
    """Name and location are those of the room."""
    machine = campus().machine("127.20.4.31")
    assert [varbind.value for varbind in got(machine, SYS_NAME, SYS_LOCATION)] == [
        b"lib-1f-mfp1",
        b"Library, 1st floor, copy room",
    ]


def test_some_do_not_answer() -> None:
    """Two machines are there and silent."""
    fleet = campus()
    assert len(fleet.manners) == len(OUT_OF_ORDER) == 2
    assert all(fleet.machine(address) for address in OUT_OF_ORDER)
