"""Forecasts in the background: a few hundred supplies at a time, while nothing else waits."""

from __future__ import annotations

import asyncio

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.fleet.forecasts import AT_ONCE, refresh_forecasts
from platen.services.database import Database
from platen.tenants.queries import all_tenant_ids

log = structlog.get_logger("platen.forecasts")

INTERVAL_S = 20.0
ROUNDS_MAX = 5
"""A sweep of a large fleet moves many levels; what is left waits for the next time."""


class Forecaster:
    """Keeps the forecasts of all tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="forecasts")

    async def stop(self) -> None:
        """Stop after the step that is running."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self) -> int:
        """One round over all tenants. Returns: how many supplies were forecast."""
        made = 0
        for tenant_id in await self._database.run_for_node(all_tenant_ids):
            for _ in range(ROUNDS_MAX):
                some = await self._database.run(tenant_id, refresh_forecasts, timezone.now())
                made += some
                if some < AT_ONCE:
                    break
        return made

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL_S)
            try:
                await self.run_once()
            except DatabaseError as error:  # the next round tries again
                log.warning("forecasts_wait", error=str(error))
            except Exception:  # one bad round must not be the last one
                log.exception("forecasts_fault")
