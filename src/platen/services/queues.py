"""The queues of the node, kept at hand: print clients ask for them with every job."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError

from platen.printing.arrivals import QueueFacts
from platen.printing.queue_facts import all_queue_facts
from platen.services.database import Database
from platen.tenants.queries import all_hosts

log = structlog.get_logger("platen.queues")

REFRESH_S = 2.0


@dataclass(frozen=True, slots=True)
class _Snapshot:
    by_name: Mapping[tuple[int, str], QueueFacts] = field(default_factory=dict)
    default: Mapping[int, QueueFacts] = field(default_factory=dict)
    tenant_of_host: Mapping[str, int] = field(default_factory=dict)
    default_tenant: int | None = None


class QueueDirectory:
    """Answers from a snapshot that is read anew every few seconds; names are compared without regard to case."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshot = _Snapshot()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read the queues, then keep them fresh."""
        await self.refresh()
        self._task = asyncio.create_task(self._keep_fresh(), name="queues")

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()

    async def refresh(self) -> None:
        """Read all queues and host names now."""
        queues, (hosts, default_tenant) = await self._database.run_for_node(lambda: (all_queue_facts(), all_hosts()))
        self._snapshot = _Snapshot(
            by_name={(queue.tenant_id, queue.name.casefold()): queue for queue in queues},
            default={queue.tenant_id: queue for queue in queues if queue.is_default},
            tenant_of_host=hosts,
            default_tenant=default_tenant,
        )

    def tenant_of(self, host: str) -> int | None:
        """The tenant that a host name (port allowed) selects; None: it is nobody's."""
        name = host.lower()
        if not name.endswith("]"):
            name = name.rsplit(":", 1)[0]
        return self._snapshot.tenant_of_host.get(name.rstrip("."), self._snapshot.default_tenant)

    @property
    def default_tenant(self) -> int | None:
        """The tenant of listeners that carry no host name (LPD, raw)."""
        return self._snapshot.default_tenant

    def find(self, tenant_id: int, name: str | None) -> QueueFacts | None:
        """A tenant's queue by name; None as name: its default queue."""
        if name is None:
            return self._snapshot.default.get(tenant_id)
        return self._snapshot.by_name.get((tenant_id, name.casefold()))

    def by_id(self, queue_id: int) -> QueueFacts | None:
        """A queue by its key."""
        return next((queue for queue in self._snapshot.by_name.values() if queue.id == queue_id), None)

    def all(self) -> list[QueueFacts]:
        """Every queue of the node."""
        return list(self._snapshot.by_name.values())

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            try:
                await self.refresh()
            except DatabaseError as error:  # the last snapshot serves on
                log.warning("queues_not_refreshed", error=str(error))
