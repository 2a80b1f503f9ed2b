"""Collectors of other sites that fall silent are told of."""

from __future__ import annotations

import asyncio

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.fleet.collectors import tell_silent
from platen.services.database import Database
from platen.tenants.queries import all_tenant_ids

log = structlog.get_logger("platen.collectors")

INTERVAL_S = 30.0


class CollectorWatch:
    """Looks at the collectors of all tenants."""

    def __init__(self, database: Database, *, interval_s: float = INTERVAL_S) -> None:
        self._database = database
        self._interval_s = interval_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="collector-watch")

    async def stop(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self) -> int:
        """Returns: how many were told of."""
        told = 0
        for tenant_id in await self._database.run_for_node(all_tenant_ids):
            told += await self._database.run(tenant_id, tell_silent, timezone.now())
        return told

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            try:
                await self.run_once()
            except DatabaseError as error:  # the next round tries again
                log.warning("collector_watch_waits", error=str(error))
            except Exception:  # one bad round must not be the last one
                log.exception("collector_watch_fault")
