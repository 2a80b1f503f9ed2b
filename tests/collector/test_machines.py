"""The machines that a collector knows, and who answers where."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from platen.collector.database import Database
from platen.collector.machines import Machines
from platen.collector.masking import Masks
from platen.collector.outbox import Outbox
from platen.collector.visits import Brought, Visitor
from platen.policy.fleet.collector import MASKED
from platen.protocols.snmp import Oid
from platen.readings import objects as o
from platen.services.collect.search.sightings import NamedCredential
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_targets import Community, Target
from tests.readings.replay import printer
from tests.services.collect.agents import agent
from tests.services.collect.test_reader import Machine as Agent
from tests.walks import Held

PUBLIC = NamedCredential("public", Community())
EVERY_S = 3_600
OPEN = Masks(dict.fromkeys(MASKED, "send"), b"k" * 32)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path)
    yield made
    made.close()


def copier(serial: bytes, pages: int) -> dict[Oid, Held]:
    """One of a model, on for an hour."""
    return printer(total=pages) | {
        (*o.PRT_GENERAL_SERIAL_NUMBER, 1): Held(0x04, serial),
        (*o.IF_PHYS_ADDRESS, 1): Held(0x04, b"\x00\x17\xc8\x65\xe2" + serial[-1:]),
    }


def test_machines_that_change_places(database: Database) -> None:
    """Neither loses its address, and each goes home as itself with its own meter, though none was switched off; the
    next reading goes on by their plans. EMC-DLST-11"""
    machines = Machines(database, Outbox(database))

    def stored() -> list[tuple[str, str, int | None]]:
        reads = {each.address: each.last for each in machines.due(time.time() + 10 * EVERY_S, 10)}
        told = [(address, read.identity.serial, read.meter("total")) for address, read in reads.items() if read]
        return sorted(told)

    async def visits() -> list[bool]:
        first, second = Agent(copier(b"SWAP-1", 1_000)), Agent(copier(b"SWAP-2", 1_100))
        async with agent(first, "127.0.0.1") as one, agent(second, "127.0.0.2") as other, SnmpClient() as client:
            visitor = Visitor(client, [PUBLIC])
            at: list[Target] = [one.target, other.target]
            machines.record([await visitor.look(each.host, each.port, PUBLIC) for each in at], OPEN, EVERY_S)
            assert stored() == [("127.0.0.1", "SWAP-1", 1_000), ("127.0.0.2", "SWAP-2", 1_100)]
            # Each answers at a port of its own here, and takes it along.
            first.objects, second.objects = copier(b"SWAP-2", 1_101), copier(b"SWAP-1", 1_001)
            surveyed = []
            for _ in range(2):
                known = machines.due(time.time() + 10 * EVERY_S, 10)
                came = [await visitor.visit(each, survey_every_s=10 * EVERY_S) for each in known]
                machines.record(came, OPEN, EVERY_S)
                surveyed += [each.surveyed for each in came if isinstance(each, Brought)]
        return surveyed

    assert asyncio.run(visits()) == [True, True, False, False]
    assert stored() == [("127.0.0.1", "SWAP-2", 1_101), ("127.0.0.2", "SWAP-1", 1_001)]
