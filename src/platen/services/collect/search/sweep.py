"""Asking every address of a scope by SNMP, with several credentials and as few packets as can be.

Each address is first asked one small question with the credential that was right most often so far. Where more than one
credential is known, an echo request goes with it: an address at which nothing lives is asked nothing more. A machine
that does not name its SNMPv3 engine is not tried with further SNMPv3 users.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

from platen.protocols.snmp import Prepared, dotted, parse_oid
from platen.services.collect.search.ping import Pinger
from platen.services.collect.search.sightings import NamedCredential, Progress, SearchRequest, Sighting
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import BadAnswer, NameUnknown, NoAnswer, Refused, SnmpFailed
from platen.services.collect.snmp_targets import Patience, Target

AT_ONCE = 512
SYS_OBJECT_ID = parse_oid("1.3.6.1.2.1.1.2.0")
_QUESTION = Prepared.get([SYS_OBJECT_ID])


class Sweep:
    """One pass over the addresses of a request."""

    def __init__(self, client: SnmpClient, request: SearchRequest, progress: Progress, pinger: Pinger | None) -> None:
        self._client = client
        self._request = request
        self._progress = progress
        self._pinger = pinger
        self._right: dict[str, int] = {}  # how often a credential was right
        self._patience = Patience(timeout_s=request.timeout_s, retries=request.tries - 1)
        self.alive: list[str] = []
        """Addresses that live and do not speak SNMP with us."""

    async def run(self, stopped: Callable[[], bool]) -> AsyncIterator[Sighting]:
        """What answers, as it does. `stopped` is asked before each address."""
        addresses = self._addresses()
        seen: asyncio.Queue[Sighting | None] = asyncio.Queue()

        async def work() -> None:
            for host in addresses:
                if stopped():
                    break
                sighting = await self.ask(host)
                self._progress.asked += 1
                if sighting is not None:
                    seen.put_nowait(sighting)
            seen.put_nowait(None)

        workers = [asyncio.create_task(work(), name="sweep") for _ in range(AT_ONCE)]
        try:
            for _ in workers:
                while (sighting := await seen.get()) is not None:
                    yield sighting
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def ask(self, host: str) -> Sighting | None:
        """What is at an address; None where nothing answers."""
        credentials = self._in_order()
        pinged = self._ping(host, len(credentials))
        engine_silent = False
        problem = ""
        try:
            for number, credential in enumerate(credentials):
                if number == 1 and pinged is not None and await pinged is False:
                    return None
                if engine_silent and credential.needs_engine:
                    continue
                outcome = await self._try(host, credential)
                if isinstance(outcome, Sighting):
                    return outcome
                if isinstance(outcome, NameUnknown):
                    return Sighting(host, self._request.port, "name", problem=str(outcome))
                if isinstance(outcome, NoAnswer):
                    if outcome.unreachable:
                        break
                    engine_silent = engine_silent or credential.needs_engine
                else:
                    problem = str(outcome)
            if pinged is not None and await pinged:
                self.alive.append(host)
        finally:
            if pinged is not None:
                pinged.cancel()
        return Sighting(host, self._request.port, "SNMP", problem=problem) if problem else None

    async def _try(self, host: str, credential: NamedCredential) -> Sighting | SnmpFailed:
        target = Target(host, self._request.port)
        try:
            answer = await self._client.get(target, credential.credentials, _QUESTION, self._patience)
        except (NoAnswer, Refused, BadAnswer) as failed:
            self._progress.traffic.add(failed.traffic)
            return failed
        self._progress.traffic.add(answer.traffic)
        self._progress.answered += 1
        self._right[credential.name] = self._right.get(credential.name, 0) + 1
        value = answer.varbinds[0].value
        object_id = dotted(value) if isinstance(value, tuple) else ""
        return Sighting(host, self._request.port, f"SNMP, {credential.name}", credential, object_id)

    def _ping(self, host: str, credentials: int) -> asyncio.Task[bool | None] | None:
        if self._pinger is None or credentials < 2:
            return None
        return asyncio.create_task(self._pinger.lives(host, self._request.timeout_s))

    def _in_order(self) -> list[NamedCredential]:
        return sorted(self._request.credentials, key=lambda each: -self._right.get(each.name, 0))

    def _addresses(self) -> Iterator[str]:
        yield from self._request.scope.addresses(skip=self._request.skip)
        yield from self._request.scope.names
