"""Looks into every document that came in, beside the acceptance of jobs, never in its way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import structlog
from django.db import DatabaseError, transaction

from platen.documents.facts import DocumentFacts
from platen.printing.deliveries import stored_document
from platen.printing.models import Job
from platen.printing.queries import jobs_to_analyse
from platen.printing.services import give_up_reading, record_facts
from platen.printing.spool import DocumentDamaged, Spool, Stored
from platen.services.analysis.confine import can_confine
from platen.services.analysis.limits import PoolLimits, memory_bytes
from platen.services.analysis.pool import AnalysisPool
from platen.services.analysis.previews import BOX_PX, node_previews
from platen.services.analysis.rush import Rush
from platen.services.database import Database
from platen.settings import Settings
from platen.tenants.context import acting_for

log = structlog.get_logger("platen.analysis")

QUEUE_MAX = 5_000  # beyond that the database remembers what is still to be read
BATCH_MAX = 100
FLUSH_S = 0.05  # results that come within this share a commit
SWEEP_S = 30.0


class AnalysisService:
    """Feeds the pool of bounded processes with the documents of new jobs and notes what it finds."""

    def __init__(self, settings: Settings, database: Database, spool: Spool) -> None:
        self._workers = settings.analysis_workers
        self._database = database
        self._spool = spool
        self._pool = AnalysisPool(max(1, self._workers), PoolLimits.for_memory(memory_bytes()))
        self._waiting: asyncio.Queue[tuple[int, int]] = asyncio.Queue(QUEUE_MAX)
        self._known: set[int] = set()
        self._found: list[tuple[int, int, DocumentFacts]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._rush = Rush()
        self._overflowed = True  # at the start the database may hold jobs that nobody looked into

    def start(self) -> None:
        """Begin, in the running event loop; nothing happens where analysis is switched off."""
        if self._workers:
            self._tasks = [asyncio.create_task(self._read_on()) for _ in range(2 * self._workers)]
            self._tasks += [asyncio.create_task(self._note_on()), asyncio.create_task(self._sweep_on())]
            node_previews.open(self._first_page)
            if not can_confine():
                log.warning("analysis_not_confined", missing="seccomp: documents are looked into without its bounds")

    async def stop(self) -> None:
        """Stop at once: what was not read is read after the next start."""
        node_previews.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._pool.close()

    def add(self, tenant_id: int, job_id: int) -> None:
        """A job has its document."""
        self._rush.count()
        if job_id in self._known or not self._workers:
            return
        try:
            self._waiting.put_nowait((tenant_id, job_id))
            self._known.add(job_id)
        except asyncio.QueueFull:
            self._overflowed = True

    async def _read_on(self) -> None:
        while True:
            tenant_id, job_id = await self._waiting.get()
            await self._rush.pass_by()
            try:
                facts = await self._read(tenant_id, job_id)
            except (DocumentDamaged, OSError) as error:
                # OSError: most often the document was deleted meanwhile.
                log.info("document_not_read", job_id=job_id, error=str(error))
                facts = None
                await self._give_up(tenant_id, job_id)
            except DatabaseError as error:
                log.info("document_not_read", job_id=job_id, error=str(error))
                facts = None
                self._overflowed = True  # it is looked for again
            if facts is None:
                self._known.discard(job_id)
            else:
                self._found.append((tenant_id, job_id, facts))

    async def _give_up(self, tenant_id: int, job_id: int) -> None:
        try:
            gone = await self._database.run(tenant_id, give_up_reading, job_id)
        except DatabaseError as error:
            log.info("document_not_given_up", job_id=job_id, error=str(error))
            self._overflowed = True
        else:
            if gone is not None:
                self._spool.destroy(gone)

    async def _read(self, tenant_id: int, job_id: int) -> DocumentFacts | None:
        found = await self._database.run(tenant_id, _document_of, job_id)
        if found is None:
            return None
        document, declared, name = found
        return await self._pool.analyse(self._plaintext(document), declared=declared, filename=name)

    async def _first_page(self, document: Stored, declared: str) -> bytes | None:
        return await self._pool.preview(self._plaintext(document), declared=declared, box_px=BOX_PX)

    def _plaintext(self, document: Stored) -> Iterator[bytes]:
        return self._spool.read(document)

    async def _note_on(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            batch, self._found = self._found[:BATCH_MAX], self._found[BATCH_MAX:]
            if not batch:
                continue
            try:
                await self._database.run_for_node(_note, self._spool, batch)
            except DatabaseError as error:
                log.warning("facts_not_noted", jobs=len(batch), error=str(error))
                self._overflowed = True
            self._known.difference_update(job_id for _, job_id, _ in batch)

    async def _sweep_on(self) -> None:
        """Now and then look for jobs that were left out: before the start, or when too many came at once."""
        while True:
            if self._overflowed and self._waiting.empty():
                self._overflowed = False
                try:
                    await self._sweep()
                except DatabaseError as error:
                    log.warning("sweep_failed", error=str(error))
                    self._overflowed = True
            await asyncio.sleep(1.0 if self._overflowed else SWEEP_S)

    async def _sweep(self) -> None:
        jobs = await self._database.run_for_node(jobs_to_analyse, 0, QUEUE_MAX)
        self._overflowed = len(jobs) == QUEUE_MAX
        for job_id, tenant_id in jobs:
            self.add(tenant_id, job_id)


def _document_of(job_id: int) -> tuple[Stored, str, str] | None:
    job = Job.objects.filter(id=job_id, spool_key__isnull=False, facts__isnull=True).first()
    return None if job is None else (stored_document(job), job.document_format, job.name)


def _note(spool: Spool, batch: list[tuple[int, int, DocumentFacts]]) -> None:
    gone: list[Stored] = []
    with transaction.atomic():
        for tenant_id, job_id, facts in batch:
            with acting_for(tenant_id):
                printed = record_facts(job_id, facts)
            gone += [] if printed is None else [printed]
    for stored in gone:
        spool.destroy(stored)
