"""Traps and informs that machines send: whoever sent one is read soon, many senders in one go."""

from __future__ import annotations

import asyncio
import secrets
import time

import structlog
from django.db import DatabaseError

from platen.fleet.trapping import read_senders
from platen.protocols.snmp.traps import Notification
from platen.services.collect.traps import TrapListener
from platen.services.database import Database

log = structlog.get_logger("platen.traps")

GATHER_S = 1.0
WAITING_MAX = 20_000
_ENTERPRISE = b"\x80\x00\x00\x00\x05"  # RFC 3411 SnmpEngineID: no enterprise number of our own, octets that we choose


class Trapping:
    """Listens at a port."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Boots must grow with every start and the time is the one thing that surely does.
        engine_id = _ENTERPRISE + secrets.token_bytes(8)
        self._listener = TrapListener(self._heard, engine_id=engine_id, boots=int(time.time()) & 0x7FFFFFFF)
        self._senders: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Returns: the port. Raises: OSError."""
        chosen = await self._listener.start(host, port)
        self._task = asyncio.create_task(self._forever(), name="traps")
        return chosen

    async def stop(self) -> None:
        """Hear nothing more."""
        self._listener.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _heard(self, notification: Notification, source: str) -> None:
        if len(self._senders) < WAITING_MAX:
            self._senders.add(source)
            # SNMPv1 names the agent, which behind a relay is not who sent the datagram.
            if len(notification.agent_address) == 4 and any(notification.agent_address):
                self._senders.add(".".join(map(str, notification.agent_address)))

    async def _forever(self) -> None:
        while True:
            await asyncio.sleep(GATHER_S)
            senders, self._senders = self._senders, set()
            if not senders:
                continue
            try:
                await self._database.run_for_node(_read, sorted(senders))
            except DatabaseError as error:  # the next reading tells the same a little later
                log.warning("traps_not_taken", error=str(error), senders=len(senders))


def _read(senders: list[str]) -> None:
    for start in range(0, len(senders), 500):
        read_senders(senders[start : start + 500])
