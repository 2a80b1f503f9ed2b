"""A look at a machine between two readings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machines
from platen.demo.fleet.printer_mib import model_of
from platen.readings.facts import Alert, AlertSeverity
from platen.services.collect.reader import Visit, read_machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_targets import Community, Patience, Target
from platen.services.fleet.looking import look_at

PATIENCE = Patience(timeout_s=2.0, retries=3)
LOOK_OCTETS_MAX = 450
"""Both ways, with the headers of IP and UDP."""


@pytest.fixture
async def surveyed() -> AsyncIterator[tuple[SnmpClient, list[tuple[Target, Visit]]]]:
    """Machines of each invented model, each asked everything once."""
    fleet, addresses = Fleet(), []
    for address, made in machines(len(CATALOGUE), [model_of(each) for each in CATALOGUE]):
        fleet.put(address, made)
        addresses.append(address)
    with FleetSocket(fleet) as served:
        async with SnmpClient(patience=PATIENCE) as client:
            found = []
            for address in addresses:
                target = Target(address, served.port)
                found.append((target, await read_machine(client, target, Community())))
            yield client, found


Surveyed = tuple[SnmpClient, list[tuple[Target, Visit]]]


async def test_a_look_costs_a_third_of_a_reading(surveyed: Surveyed) -> None:
    """The state is asked in one small packet, and everything else is as it was read last."""
    client, found = surveyed
    looks = 0
    for target, visit in found:
        assert visit.plan is not None
        looked = await look_at(client, target, Community(), visit.plan, visit.reading, patience=PATIENCE)
        if looked is not None:
            looks += 1
            assert looked.traffic.octets <= LOOK_OCTETS_MAX
            assert looked.reading.meters == visit.reading.meters
            assert looked.reading.alerts == visit.reading.alerts
    assert looks >= len(found) // 2


async def test_a_change_is_not_overlooked(surveyed: Surveyed) -> None:
    """Where an alert came or went, the state has other reasons, the machine was restarted or is another one, it has to
    be read."""
    client, found = surveyed
    jam = Alert("media-path.1.jam", AlertSeverity.CRITICAL, "jam", source="1.3.6.1.2.1.43.18.1.1.7.1.77")
    for target, visit in found:
        assert visit.plan is not None
        read, status = visit.reading, visit.reading.status
        for last in (
            replace(read, status=replace(status, reasons=status.reasons ^ {"media-jam-error"})),
            replace(read, status=replace(status, uptime_s=10**9)),
            replace(read, alerts=(*read.alerts, jam)),
            replace(read, identity=replace(read.identity, serial="AB-1", mac="0017c865e2b9")),
        ):
            looked = await look_at(client, target, Community(), visit.plan, last, patience=PATIENCE)
            assert looked is None
