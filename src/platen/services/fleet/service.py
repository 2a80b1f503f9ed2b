"""Everything that a node does for the fleet, started and stopped together."""

from __future__ import annotations

import asyncio

import structlog

from platen.fleet.wanting import readings_wanted
from platen.services.collect.snmp_client import SnmpClient
from platen.services.database import Database
from platen.services.fleet.forecasting import Forecaster
from platen.services.fleet.poller import Poller
from platen.services.fleet.reading import MachineReader

log = structlog.get_logger("platen.fleet")


class FleetService:
    """Reads machines as they become due."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.client = SnmpClient()
        self.poller = Poller(database, MachineReader(self.client))
        self._forecaster = Forecaster(database)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin, in the running event loop. Raises: OSError where no socket can be had."""
        self._loop = asyncio.get_running_loop()
        self.client.start()
        readings_wanted.connect(self._on_wanted, weak=False, dispatch_uid=id(self))
        self.poller.start()
        self._forecaster.start()

    async def stop(self) -> None:
        """Nothing more is asked; what is home is stored."""
        readings_wanted.disconnect(dispatch_uid=id(self))
        await self._forecaster.stop()
        await self.poller.stop()
        self.client.close()

    def _on_wanted(self, **_: object) -> None:
        """Called in whichever thread asked."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.poller.wake)
