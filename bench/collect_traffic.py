"""What collecting costs the network, in octets both ways with IP headers, as the system counts them.

A /24 with some printers is searched and what is found is read; then it is read again. The rest of its addresses are
empty: nobody answers there, not even to a ping. All of that in a process with a network of its own, which needs root.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.collect_fleet import Simulator, simulator
from bench.collect_wire import Wire, alone, counting
from bench.result import Benchmark, Requirement, Result, say
from platen.policy.fleet.addresses import parse_scope
from platen.protocols.snmp import parse_oid
from platen.services.collect.reader import Visit, read_machine
from platen.services.collect.search.search import search
from platen.services.collect.search.sightings import NamedCredential, Progress, SearchRequest
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_targets import Community, Patience, Target

NETWORK, EMPTY = "127.10.0.0/24", "127.10.0.250"
EMPTY_MAX, READING_MAX, FOUND_MAX, LATER_MAX = 120, 1_500, 60_000, 15_000
PUBLIC = Community(b"public")
SYS_OBJECT_ID = parse_oid("1.3.6.1.2.1.1.2.0")
CREDENTIALS = (NamedCredential("public", PUBLIC), NamedCredential("private", Community(b"private")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. readings: how often everything is read again."""

    printers: int = 13
    readings: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """What was counted.

    found: searched, and of what is found read what a list shows, as a search does. surveyed: their first visit, once in
    a machine's life and then every week, which asks everything. readings: of one printer, the periodic ones.
    """

    empty: int
    found: int
    printers_found: int
    surveyed: int
    reading_median: int
    reading_max: int
    later: int


def measure(sizes: Sizes) -> Result:
    """In a process of its own, because a network of its own is for good."""
    command = [sys.executable, "-m", "bench.collect_traffic", str(sizes.printers), str(sizes.readings)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    octets = Octets(**json.loads(done.stdout))
    say(str(octets))
    return Result(
        figures=asdict(octets),
        requirements=(
            Requirement("every printer found", octets.printers_found == sizes.printers),
            Requirement(f"at most {EMPTY_MAX} octets for an empty address", octets.empty <= EMPTY_MAX),
            Requirement(f"at most {READING_MAX:,} for a periodic reading", octets.reading_max <= READING_MAX),
            Requirement(f"at most {FOUND_MAX:,} for a /24, found and read", octets.found <= FOUND_MAX),
            Requirement(f"at most {LATER_MAX:,} for reading it again", octets.later <= LATER_MAX),
        ),
    )


def count(fleet: Simulator, readings: int) -> Octets:
    """Everything that is measured, one after the other."""
    empty, _ = _counted(found_and_read(EMPTY, fleet.port))
    found, visits = _counted(found_and_read(NETWORK, fleet.port))
    surveyed, visits = _counted(surveys(list(visits), fleet.port))
    later, of_each = [], []
    for _ in range(readings):
        wire, visits = _counted(read_again(visits, fleet.port))
        later.append(wire.total)
        of_each += [wire.octets[host] for host in visits]
    return Octets(
        empty=empty.total,
        found=found.total,
        printers_found=len(visits),
        surveyed=surveyed.total,
        reading_median=round(statistics.median(of_each)),
        reading_max=max(of_each),
        later=round(statistics.median(later)),
    )


async def found_and_read(scope: str, port: int) -> dict[str, Visit]:
    """Search, and read whatever answers."""
    request = SearchRequest(scope=parse_scope(scope), credentials=CREDENTIALS, port=port, packets_per_s=2000.0)
    told = {sighting.host: sighting.object_id async for sighting in search(request, Progress())}

    async def read(client: SnmpClient, host: str) -> Visit:
        known = {SYS_OBJECT_ID: parse_oid(told[host])} if told[host] else None
        return await read_machine(client, Target(host, port), PUBLIC, known=known, brief=True)

    return await _each(list(told), read)


async def surveys(hosts: Sequence[str], port: int) -> dict[str, Visit]:
    """The first visit."""

    async def read(client: SnmpClient, host: str) -> Visit:
        return await read_machine(client, Target(host, port), PUBLIC)

    return await _each(hosts, read)


async def read_again(visits: dict[str, Visit], port: int) -> dict[str, Visit]:
    """By the plans that the visits before have made."""

    async def read(client: SnmpClient, host: str) -> Visit:
        last = visits[host]
        return await read_machine(client, Target(host, port), PUBLIC, last.plan, last.reading)

    return await _each(list(visits), read)


async def _each(hosts: Sequence[str], read: Callable[[SnmpClient, str], Awaitable[Visit]]) -> dict[str, Visit]:
    async with SnmpClient(patience=Patience(timeout_s=2.0)) as client:
        return dict(zip(hosts, await asyncio.gather(*(read(client, host) for host in hosts)), strict=True))


def _counted(act: Coroutine[Any, Any, dict[str, Visit]]) -> tuple[Wire, dict[str, Visit]]:
    with counting() as wire:
        visits = asyncio.run(act)
    return wire, visits


def main() -> None:
    """Count in a network of its own; what was counted comes as JSON."""
    printers, readings = map(int, sys.argv[1:3])
    alone()
    with simulator(printers) as fleet:
        print(json.dumps(asdict(count(fleet, readings))))


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(readings=1))

if __name__ == "__main__":
    main()
