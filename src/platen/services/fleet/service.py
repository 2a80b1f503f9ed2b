"""Everything that a node does for the fleet, started and stopped together."""

from __future__ import annotations

import asyncio

import structlog

from platen.fleet.wanting import readings_wanted
from platen.services.collect.snmp_client import SnmpClient
from platen.services.database import Database
from platen.services.fleet.collectors import CollectorWatch
from platen.services.fleet.doing import Doing, FleetTargets
from platen.services.fleet.forecasting import Forecaster
from platen.services.fleet.notices import NoticeSender
from platen.services.fleet.poller import Poller
from platen.services.fleet.reading import MachineReader
from platen.services.fleet.searching import Searches
from platen.services.fleet.trapping import Trapping
from platen.services.tasks import TaskRunner
from platen.settings import Settings

log = structlog.get_logger("platen.fleet")


class FleetService:
    """Reads machines as they become due, searches for others, does tasks and tells people."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self.client = SnmpClient()
        self.poller = Poller(database, MachineReader(self.client))
        self._forecaster = Forecaster(database)
        self.searches = Searches(database, self.client)
        self._notices = NoticeSender(database)
        self._trapping = Trapping(database)
        self._collectors = CollectorWatch(database)
        doing = Doing(database, self.client, self.poller, self.searches, self._notices)
        self.tasks = TaskRunner(database, FleetTargets(), doing.executors())
        self.trap_port: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin, in the running event loop. Raises: OSError where no socket can be had."""
        self._loop = asyncio.get_running_loop()
        self.client.start()
        readings_wanted.connect(self._on_wanted, weak=False, dispatch_uid=id(self))
        self.poller.start()
        self._forecaster.start()
        self.searches.start()
        self._notices.start()
        self.tasks.start()
        self._collectors.start()
        if self._settings.trap_port >= 0:
            try:
                self.trap_port = await self._trapping.start(self._settings.bind, self._settings.trap_port)
            except OSError as error:  # what traps say is read at the next interval as well
                log.warning("traps_not_heard", port=self._settings.trap_port, error=str(error))

    async def stop(self) -> None:
        """Nothing more is asked; what is home is stored."""
        readings_wanted.disconnect(dispatch_uid=id(self))
        await self._trapping.stop()
        await self.tasks.stop()
        await self._collectors.stop()
        await self._notices.stop()
        await self.searches.stop()
        await self._forecaster.stop()
        await self.poller.stop()
        self.client.close()

    def _on_wanted(self, **_: object) -> None:
        """Called in whichever thread asked."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.poller.wake)
