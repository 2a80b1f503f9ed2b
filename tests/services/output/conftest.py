"""A running output service with people, devices and held documents to release."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connections

from platen.devices.models import Device, Queue
from platen.devices.services import add_device, add_queue, change_device
from platen.directory.models import User
from platen.directory.services import create_user
from platen.eventlog.actor import Actor
from platen.identifiers import uuid7
from platen.policy.job_states import JobState
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.release import Wish, release_jobs
from platen.printing.services import cancel_job
from platen.printing.spool import Spool
from platen.services.database import Database
from platen.services.output.engine import Output
from platen.settings import Settings
from platen.tenants.models import Tenant
from platen.tenants.services import create_tenant

T = TypeVar("T")
THREADS = 4
ADMIN = Actor("root", None, "test")
ENDED = {DeliveryState.COMPLETED, DeliveryState.FAILED, DeliveryState.INTERRUPTED, DeliveryState.CANCELED}


@dataclass
class Office:
    """What tests work with: everything goes through the verbs, in the database's threads."""

    tenant: Tenant
    database: Database
    spool: Spool
    settings: Settings
    occupied: set[int] = field(default_factory=set)
    services: list[Output] = field(default_factory=list)

    @property
    def output(self) -> Output:
        return self.services[-1]

    async def start(self) -> Output:
        """A new output service, as after a restart of the node."""
        service = Output(self.settings, self.database, self.spool, is_occupied=self.occupied.__contains__)
        self.services.append(service)
        await service.start()
        return service

    async def do(self, verb: Callable[..., T], *arguments: object, **named: object) -> T:
        return await self.database.run(self.tenant.id, verb, *arguments, **named)

    async def device(self, uri: str, name: str = "Lobby", **values: object) -> Device:
        return await self.do(add_device, name, uri, by=ADMIN, **values)

    async def user(self, logon: str = "anna") -> User:
        return await self.do(create_user, logon, by=ADMIN)

    async def hold(
        self,
        user: User,
        document: bytes,
        name: str = "Report",
        document_format: str = "application/pdf",
        *,
        ticket: dict[str, object] | None = None,
        copies: int = 1,
    ) -> Job:
        """A document of that person, held."""
        return await self.do(_hold, self.spool, user, document, name, document_format, ticket or {}, copies)

    async def release(self, device: Device, user: User, *jobs: Job, copies: int | None = None) -> list[int]:
        """Release at a device as its panel does. Returns: the deliveries' ids."""
        wishes = [Wish(job_id=job.id, copies=copies) for job in jobs]
        released = await self.do(release_jobs, wishes, device=device, user=user)
        assert not released.refused
        self.output.wake(self.tenant.id, device.id)
        return list(released.delivery_ids)

    async def delivery(self, delivery_id: int) -> Delivery:
        return await self.do(lambda: Delivery.objects.select_related("job").get(id=delivery_id))

    async def until(self, delivery_id: int, holds: Callable[[Delivery], bool]) -> Delivery:
        """The delivery once something holds of it."""
        async with asyncio.timeout(30):
            while not holds(found := await self.delivery(delivery_id)):
                await asyncio.sleep(0.02)  # another task writes it to the database: there is nothing to be woken by
        return found

    async def until_device(self, device: Device, holds: Callable[[Device], bool]) -> Device:
        """The device once something holds of it."""
        async with asyncio.timeout(30):
            while not holds(found := await self.do(lambda: Device.objects.get(id=device.id))):
                await asyncio.sleep(0.02)  # as above
        return found

    async def ended(self, delivery_id: int) -> Delivery:
        """The delivery once it has ended."""
        return await self.until(delivery_id, lambda delivery: delivery.state in ENDED)

    async def cancel(self, job: Job) -> None:
        await self.do(cancel_job, self.spool, job, by=ADMIN)

    async def change(self, device: Device, **values: object) -> None:
        await self.do(change_device, device, by=ADMIN, **values)


def _hold(
    spool: Spool,
    user: User,
    document: bytes,
    name: str,
    document_format: str,
    ticket: dict[str, object],
    copies: int,
) -> Job:
    queue = Queue.objects.filter(name="pull").first() or add_queue("pull", by=ADMIN)
    uuid = uuid7()
    if len(document) < 200_000:
        stored = spool.store_batch([(uuid, document)])[0]
    else:
        sink = spool.open_file(uuid)
        sink.write(document)
        stored = sink.finish()
    return Job.objects.create(
        uuid=uuid,
        queue=queue,
        owner=user,
        name=name,
        submitted_as=user.logon,
        state=JobState.PENDING_HELD,
        document_format=document_format,
        ticket=ticket,
        copies=copies,
        size_bytes=stored.size_bytes,
        spool_pack=stored.pack,
        spool_offset=stored.offset,
        spool_length=stored.length,
        spool_key=stored.wrapped_key,
    )


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", bytes(32))


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database(threads=THREADS)
    yield made
    made.close()


@pytest.fixture
async def office(transactional_db: None, database: Database, spool: Spool, tmp_path: Path) -> AsyncIterator[Office]:
    """An output service that runs over an empty database."""
    tenant = await database.run_for_node(create_tenant, "Acme", "acme", is_default=True)
    settings = Settings(data=tmp_path, output_retry_s=0.2, output_timeout_s=3.0, analysis_workers=0)
    made = Office(tenant, database, spool, settings)
    await made.start()
    try:
        yield made
    finally:
        await made.output.stop(5)
        # Each thread has a connection of its own; all of them meet, so that each closes its one.
        together = threading.Barrier(THREADS)
        await asyncio.gather(*(database.run_for_node(_close_connections, together) for _ in range(THREADS)))


def _close_connections(together: threading.Barrier) -> None:
    together.wait(10)
    connections.close_all()
