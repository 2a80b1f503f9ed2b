"""Printing by LPD (RFC 1179): a job is acknowledged with its last octet, and only when it is durable."""

from __future__ import annotations

import asyncio

from platen.printing.spool import Spool
from platen.services.connections import peer_address
from platen.services.database import Database
from platen.services.intake import Intake
from platen.services.listeners import Listeners
from platen.services.lpd_connection import LpdConnection
from platen.services.queues import QueueDirectory
from platen.services.refusals import RefusalLog
from platen.settings import Settings


class LpdService:
    """Listens on the node's LPD port for the default tenant's queues, and on the ports that queues have of their own.

    At a queue's own port every job is that queue's, whatever name the client asks for.
    """

    def __init__(
        self, settings: Settings, database: Database, queues: QueueDirectory, intake: Intake, spool: Spool
    ) -> None:
        self._settings = settings
        self._database = database
        self._queues = queues
        self._intake = intake
        self._spool = spool
        self._refusals = RefusalLog(database)
        self.listeners = Listeners(
            "lpd", settings.bind, queues, port_of=lambda queue: queue.lpd_port, serve=self._connected
        )

    async def start(self) -> int | None:
        """Open the ports. Returns: the node's LPD port; None where it is off. Raises: OSError."""
        return await self.listeners.start(self._settings.lpd_port)

    async def stop(self) -> None:
        """Close ports and connections; clients of unfinished jobs have no acknowledgement and send them again."""
        await self.listeners.stop()

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, queue_id: int | None
    ) -> None:
        await LpdConnection(
            settings=self._settings,
            database=self._database,
            queues=self._queues,
            intake=self._intake,
            spool=self._spool,
            refusals=self._refusals,
            queue_id=queue_id,
            address=peer_address(writer),
        ).serve(reader, writer)
