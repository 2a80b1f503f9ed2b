"""The one SNMP client for a whole fleet.

    async with SnmpClient() as client:
        answer = await client.get(Target("192.0.2.7"), Community(b"public"), METERS)    # METERS = Prepared.get([...])
        async for varbind in (walk := client.walk(target, credentials, root)):
            ...

Every call may be made thousands of times at once; what is really under way is bounded by a window that adapts.
"""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from types import TracebackType
from typing import Self

from platen.protocols.snmp import Oid, PduKind, Prepared
from platen.services.collect.names import no_address
from platen.services.collect.pacing import Pacer, Window
from platen.services.collect.snmp_bulk import BulkHabits, ask_bulk
from platen.services.collect.snmp_conversation import Conversation
from platen.services.collect.snmp_errors import NameUnknown
from platen.services.collect.snmp_exchange import Counts, Exchange
from platen.services.collect.snmp_parts import ask_all, set_values
from platen.services.collect.snmp_targets import Answer, Credentials, Patience, Target
from platen.services.collect.snmp_v3 import Engines
from platen.services.collect.snmp_walk import Walk, WalkLimits
from platen.services.collect.udp import Address

_ADDRESSES_MAX = 131_072


class SnmpClient:
    """Open within `async with`, or from `start` to `close`, in one event loop."""

    def __init__(
        self,
        *,
        in_flight_max: int = 2048,
        packets_per_s: float | None = None,
        patience: Patience | None = None,
        sockets_per_family: int = 4,
    ) -> None:
        self.patience = patience or Patience()
        self._exchange = Exchange(
            window=Window(largest=in_flight_max), pacer=Pacer(packets_per_s), sockets_per_family=sockets_per_family
        )
        self._habits = BulkHabits()
        self._engines = Engines()
        self._addresses: dict[tuple[str, int], Address] = {}

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Raises: OSError if no socket can be had."""
        self._exchange.start()

    def close(self) -> None:
        """Whatever is under way ends with NoAnswer."""
        self._exchange.close()

    @property
    def counts(self) -> Counts:
        """What happened since the start, over all devices."""
        return self._exchange.counts

    @property
    def in_flight_limit(self) -> int:
        """How many datagrams may be under way at once at the moment."""
        return self._exchange.window.size

    async def get(
        self, target: Target, credentials: Credentials, prepared: Prepared, patience: Patience | None = None
    ) -> Answer:
        """One binding for each name, in order; missing ones say so. Raises: SnmpFailed."""
        _check(prepared, PduKind.GET)
        conversation = await self._conversation(target, credentials, patience)
        return conversation.answer(await ask_all(conversation, prepared))

    async def get_next(
        self, target: Target, credentials: Credentials, prepared: Prepared, patience: Patience | None = None
    ) -> Answer:
        """The successor of each name, in order; endOfMibView where there is none. Raises: SnmpFailed."""
        _check(prepared, PduKind.GET_NEXT)
        conversation = await self._conversation(target, credentials, patience)
        return conversation.answer(await ask_all(conversation, prepared))

    async def get_bulk(
        self, target: Target, credentials: Credentials, prepared: Prepared, patience: Patience | None = None
    ) -> Answer:
        """As GETBULK gives it: non-repeaters, then row after row, perhaps fewer rows than were asked for.

        Where GETBULK does not work, or with SNMPv1, GETNEXT gives the same, and a note says so. Raises: SnmpFailed.
        """
        _check(prepared, PduKind.GET_BULK)
        conversation = await self._conversation(target, credentials, patience)
        return conversation.answer(await ask_bulk(conversation, prepared, self._habits))

    async def set_values(
        self, target: Target, credentials: Credentials, prepared: Prepared, patience: Patience | None = None
    ) -> Answer:
        """All of them or none. Raises: SnmpFailed; Refused where the credentials may not write."""
        _check(prepared, PduKind.SET)
        conversation = await self._conversation(target, credentials, patience)
        return conversation.answer(await set_values(conversation, prepared))

    def walk(
        self,
        target: Target,
        credentials: Credentials,
        root: Oid,
        limits: WalkLimits | None = None,
        patience: Patience | None = None,
    ) -> Walk:
        """Everything below `root`, to be iterated over; its `end` then says why it ended."""
        begin = partial(self._conversation, target, credentials, patience)
        return Walk(begin, root, limits or WalkLimits(), self._habits)

    async def _conversation(self, target: Target, credentials: Credentials, patience: Patience | None) -> Conversation:
        address = self._addresses.get((target.host, target.port)) or await self._resolve(target)
        return Conversation(self._exchange, self._engines, target, address, credentials, patience or self.patience)

    async def _resolve(self, target: Target) -> Address:
        """Addresses are kept, names are looked up each time: they may come to mean another device."""
        loop = asyncio.get_running_loop()
        try:
            numeric = socket.getaddrinfo(
                target.host, target.port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
            )
        except (OSError, UnicodeError):
            pass
        else:
            address: Address = numeric[0][4]
            if len(self._addresses) >= _ADDRESSES_MAX:
                self._addresses.clear()
            self._addresses[target.host, target.port] = address
            return address
        try:
            return (await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM))[0][4]
        except (OSError, UnicodeError) as error:
            raise NameUnknown(no_address(target.host, error), unreachable=True) from error


def _check(prepared: Prepared, kind: PduKind) -> None:
    if prepared.kind is not kind:
        raise ValueError(f"a prepared {prepared.kind.name} was given where a {kind.name} is meant")
