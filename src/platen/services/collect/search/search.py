"""One search, by all the methods that were asked for; every address comes once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import chain

from platen.services.collect.names import why_no_address
from platen.services.collect.search.announced import browse, probe
from platen.services.collect.search.broadcast import ask_everybody
from platen.services.collect.search.ping import Pinger
from platen.services.collect.search.sightings import Method, Progress, SearchRequest, Sighting
from platen.services.collect.search.sweep import Sweep
from platen.services.collect.snmp_client import SnmpClient


async def search(
    request: SearchRequest, progress: Progress, *, stopped: Callable[[], bool] = lambda: False
) -> AsyncIterator[Sighting]:
    """What answers, as it does; machines that announced themselves come with the credential that they answer to.

    stopped: whether somebody called it off; asked before each address.
    A method that cannot be used leaves a note and the others go on.
    """
    progress.addresses = request.scope.count()
    progress.asked = min(request.skip, progress.addresses)
    seen: set[str] = set()
    with Pinger.opened() as pinger:
        client = SnmpClient(packets_per_s=request.packets_per_s, sockets_per_family=1)
        async with client:
            sweep = Sweep(client, request, progress, pinger)
            async for sighting in _all(request, progress, sweep, stopped):
                if sighting.host not in seen:
                    seen.add(sighting.host)
                    yield sighting
        if pinger is not None:
            progress.traffic.octets_sent += pinger.octets


async def _all(
    request: SearchRequest, progress: Progress, sweep: Sweep, stopped: Callable[[], bool]
) -> AsyncIterator[Sighting]:
    if Method.BROADCAST in request.methods and not stopped():
        for sighting in await ask_everybody(request, progress):
            yield sighting
    for sighting in await _announced(request, progress):
        if stopped():
            return
        yield await _asked(sighting, sweep)
    if Method.SNMP in request.methods:
        async for sighting in sweep.run(stopped):
            yield sighting
    if Method.IPP in request.methods:
        for host in dict.fromkeys(sweep.alive):
            yield Sighting(host, 0, "answers to ping")
        if Method.SNMP not in request.methods:
            async for sighting in _candidates(request, progress, stopped):
                yield sighting


async def _candidates(
    request: SearchRequest, progress: Progress, stopped: Callable[[], bool]
) -> AsyncIterator[Sighting]:
    """Of a search by IPP alone: every address, and every name that leads to one."""
    for host in chain(request.scope.addresses(skip=request.skip), request.scope.names):
        if stopped():
            return
        progress.asked += 1
        problem = await why_no_address(host) if host in request.scope.names else ""
        yield Sighting(host, 0, "name" if problem else "asked by IPP", problem=problem)


async def _announced(request: SearchRequest, progress: Progress) -> list[Sighting]:
    found: list[Sighting] = []
    listening: dict[Method, Callable[[], Awaitable[list[Sighting]]]] = {
        Method.DNS_SD: lambda: browse(request),
        Method.WSD: lambda: probe(request, progress),
    }
    wanted = {method: listen() for method, listen in listening.items() if method in request.methods}
    for method, heard in zip(wanted, await asyncio.gather(*wanted.values(), return_exceptions=True), strict=True):
        if isinstance(heard, OSError):
            progress.notes.append(f"{method.value} could not be used: {heard}")
        elif isinstance(heard, BaseException):
            raise heard
        else:
            found += heard
    return found


async def _asked(sighting: Sighting, sweep: Sweep) -> Sighting:
    """The same with the credential that it answers to."""
    answer = await sweep.ask(sighting.host)
    if answer is None or answer.credential is None:
        return sighting
    return replace(answer, how=f"{sighting.how}; {answer.how}", uuid=sighting.uuid, name=sighting.name)
