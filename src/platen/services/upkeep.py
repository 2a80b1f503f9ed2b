"""Housekeeping: jobs and cards whose time is over, sessions that ended, documents that nobody knows any more, and what
the database knows of its tables."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

import structlog
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from platen.access.panel_sessions import end_expired_sessions
from platen.access.throttle import remove_forgiven
from platen.directory.attempts import end_locks
from platen.directory.cards import remove_expired_cards
from platen.printing.queries import end_of_pack, pack_is_live, without_document
from platen.printing.services import drop_printed_unread, drop_unfilled_jobs, expire_jobs
from platen.printing.spool import Spool
from platen.services.database import Database
from platen.services.fleet.keeping import FleetKeeping
from platen.services.statistics import Statistics
from platen.settings import Settings
from platen.tenants.queries import all_tenant_ids, current_policy

log = structlog.get_logger("platen.upkeep")

INTERVAL_S = 60.0  # an expired card is gone within 10 minutes, a document within about one
BATCH = 500


def clean_spool(spool: Spool) -> int:
    """Remove what a process that died left behind unacknowledged. Call before anything is stored.

    Returns: how many files and packs were removed or cut.
    """
    removed = spool.drop_unfinished() + spool.drop_orphan_packs(end_of_pack, pack_is_live)
    documents = spool.file_documents()
    for start in range(0, len(documents), BATCH):
        for orphan in without_document(documents[start : start + BATCH]):
            spool.drop_file(orphan)
            removed += 1
    if removed:
        log.info("spool_cleaned", removed=removed)
    return removed


class Upkeep:
    """Runs the housekeeping of all tenants every minute."""

    def __init__(self, settings: Settings, database: Database, spool: Spool) -> None:
        self._settings = settings
        self._database = database
        self._spool = spool
        self._statistics = Statistics()
        self._fleet = FleetKeeping()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="upkeep")

    async def stop(self) -> None:
        """Stop after the step that is running."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_once(self) -> None:
        """One round, for every tenant."""
        for tenant_id in await self._database.run_for_node(all_tenant_ids):
            await self._step(tenant_id, self._expire_jobs)
            await self._step(tenant_id, lambda: remove_expired_cards(timezone.now()))
            await self._step(tenant_id, lambda: end_expired_sessions(timezone.now()))
            await self._step(tenant_id, lambda: end_locks(timezone.now(), current_policy().lockout_minutes))
        await self._database.run_for_node(_clear_sessions)
        await self._database.run_for_node(remove_forgiven, timezone.now())
        await self._database.run_for_node(self._drop_empty_packs)
        await self._database.run_for_node(self._fleet.step, timezone.now())
        await self._database.run_for_node(self._statistics.gather)

    async def _run(self) -> None:
        while True:
            try:
                await self.run_once()
            except DatabaseError as error:  # the next round tries again
                log.warning("upkeep_failed", error=str(error))
            except Exception:  # one bad round must not be the last one
                log.exception("upkeep_fault")
            await asyncio.sleep(INTERVAL_S)

    async def _step(self, tenant_id: int, verb: Callable[[], object]) -> None:
        await self._database.run(tenant_id, verb)

    def _expire_jobs(self) -> None:
        for verb in (expire_jobs, drop_unfilled_jobs, drop_printed_unread):
            while verb(self._spool, timezone.now(), limit=BATCH) == BATCH:
                pass

    def _drop_empty_packs(self) -> None:
        """Packs whose last document is gone; the one being written and what comes after it are left alone."""
        for number in self._spool.packs.numbers():
            if number < self._spool.packs.current and not pack_is_live(number):
                self._spool.packs.drop(number)


def _clear_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def orphans_of(spool: Spool) -> set[uuid.UUID]:
    """Files that belong to no job: for `platen doctor` and the tests of recovery."""
    return without_document(spool.file_documents())
