"""Looking for machines in the site's networks; what is found is read at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import structlog

from platen.collector.configuration import Configuration
from platen.collector.machines import Machines
from platen.collector.visits import Brought, Visitor
from platen.policy.fleet.addresses import Scope, parse_scope
from platen.readings.facts import Reading
from platen.services.collect.search.search import search
from platen.services.collect.search.sightings import Progress, SearchRequest, Sighting
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.output.errors import DeviceError

log = structlog.get_logger("platen.collector")

READ_AT_ONCE = 16
Store = Callable[[Brought], None]


async def look_for_machines(
    configuration: Configuration, machines: Machines, visitor: Visitor, store: Store, beat: Callable[[], object]
) -> Progress:
    """One search. Machines that answered lately are not asked again.

    store: gets each machine that was read. beat: called before each address.
    """
    lately_s = time.time() - 2 * configuration.read.every_s
    known = await asyncio.to_thread(machines.answering, lately_s)
    request = _request(configuration, known)
    progress = Progress()
    room = asyncio.Semaphore(READ_AT_ONCE)
    skip = set(known)
    async with asyncio.TaskGroup() as tasks:
        async for sighting in search(request, progress, stopped=lambda: beat() is not None):
            if sighting.host in skip or sighting.problem or configuration.search.leaves_out(sighting.host):
                continue
            await room.acquire()
            task = tasks.create_task(_read(sighting, visitor, store))
            task.add_done_callback(lambda _: room.release())
    log.info("search_ended", asked=progress.asked, answered=progress.answered, octets=progress.traffic.octets)
    for note in progress.notes:
        log.warning("search_note", note=note)
    return progress


def _request(configuration: Configuration, known: list[str]) -> SearchRequest:
    asked = configuration.search
    numbers = [address for address in known if ":" in address or address.replace(".", "").isdigit()]
    lately = parse_scope("\n".join(address for address in numbers if "%" not in address)) if numbers else Scope()
    return SearchRequest(
        scope=asked.scope.without(lately),
        methods=asked.methods,
        credentials=configuration.credentials,
        port=asked.port,
        packets_per_s=asked.packets_per_s,
        timeout_s=configuration.read.timeout_s,
    )


async def _read(sighting: Sighting, visitor: Visitor, store: Store) -> None:
    try:
        brought = await visitor.look(sighting.host, sighting.port or 161, sighting.credential)
    except (SnmpFailed, DeviceError, TimeoutError) as error:
        log.info("sighting_not_read", address=sighting.host, error=str(error))
        return
    if prints(brought.reading):
        store(replace(brought, surveyed=True))


def prints(reading: Reading) -> bool:
    """Whether it is a printing machine."""
    return bool("print" in reading.identity.functions or reading.supplies or reading.meters)
