"""Print intake as a service: shared commits, and what becomes of jobs while disk or database are away."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from platen.devices.services import ensure_default_queue
from platen.directory.services import create_user
from platen.identifiers import uuid7
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, QueueFacts
from platen.printing.deliveries import stored_document
from platen.printing.models import Job
from platen.printing.queue_facts import all_queue_facts
from platen.printing.spool import Spool
from platen.printing.spool.cipher import CHUNK_BYTES, new_key
from platen.services import intake as service
from platen.services.intake import Intake, IntakeUnavailable
from platen.tenants.models import Tenant
from tests.faults.small_disk import small_disk
from tests.fixtures_tenant import ADMIN
from tests.peers.postgres import new_database, postgres
from tests.printing.conftest import migrated, own_database, own_tenant, served_by, spool

__all__ = ["migrated", "own_database", "own_tenant", "spool"]


@pytest.fixture
def queue(own_tenant: Tenant) -> QueueFacts:
    """The default pull queue, with one person who prints."""
    create_user("anna", by=ADMIN)
    pull = ensure_default_queue()
    return next(each for each in all_queue_facts() if each.id == pull.id)


@asynccontextmanager
async def running(intake: Intake) -> AsyncIterator[Intake]:
    """The service while it takes jobs."""
    intake.start()
    try:
        yield intake
    finally:
        await intake.stop()


def arrival(queue: QueueFacts, document: bytes = b"content", **values: object) -> Arrival:
    names = NamesOfJob(requesting_user_name="anna")
    return Arrival(**{"queue": queue, "name": "Report", "names": names, "document": document, **values})  # type: ignore[arg-type]  # values are the test's own


def in_a_file(spool: Spool, queue: QueueFacts) -> Arrival:
    """A job whose document was stored while it came in."""
    sink = spool.open_file(uuid7())
    sink.write(b"large " * CHUNK_BYTES)
    stored = sink.finish()
    return arrival(queue, uuid=stored.document, document=stored)


@sync_to_async(thread_sensitive=False)
def contents(spool: Spool) -> list[bytes]:
    """The documents of all jobs there are, by job-id."""
    try:
        jobs = list(Job.everywhere.order_by("id"))
        return [b"".join(spool.read(stored_document(job))) for job in jobs]
    finally:
        connections.close_all()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds the whole database for itself."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    with psycopg.connect(url) as other_server:
        other_server.execute("LOCK TABLE printing_job IN ACCESS EXCLUSIVE MODE")
        yield
        other_server.rollback()


async def test_every_arrival_is_answered_when_it_is_durable(queue: QueueFacts, spool: Spool) -> None:
    """Many jobs at once are all accepted, in few commits, each with its document. SC-PULL-02"""
    accepted: list[Accepted] = []
    async with running(Intake(spool, accepted.append)) as intake:
        outcomes = await asyncio.gather(*(intake.submit(arrival(queue, b"%d" % number)) for number in range(200)))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(each.job_id for each in accepted) == sorted(
        outcome.job_id for outcome in outcomes if isinstance(outcome, Accepted)
    )
    assert sorted(await contents(spool)) == sorted(b"%d" % number for number in range(200))


async def test_one_bad_arrival_takes_no_other_down(queue: QueueFacts, spool: Spool) -> None:
    """Of jobs that arrive together, the one that cannot be stored is refused and the others are accepted."""
    bad = arrival(queue, ticket={"copies": object()})
    async with running(Intake(spool)) as intake:
        outcomes = await asyncio.gather(
            intake.submit(arrival(queue, b"first")),
            intake.submit(bad),
            intake.submit(arrival(queue, b"last")),
            return_exceptions=True,
        )
    assert [type(outcome) for outcome in outcomes] == [Accepted, IntakeUnavailable, Accepted]
    assert await contents(spool) == [b"first", b"last"]


async def test_a_client_that_hangs_up_undoes_nothing(queue: QueueFacts, spool: Spool) -> None:
    """A job whose client went away before the answer is there all the same, whole."""
    async with running(Intake(spool)) as intake:
        waiting = asyncio.create_task(intake.submit(arrival(queue)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await intake.submit(arrival(queue))
    assert await contents(spool) == [b"content", b"content"]


async def test_after_the_stop_nothing_is_promised(queue: QueueFacts, spool: Spool) -> None:
    """What arrived before the stop is accepted; what comes after it is refused at once."""
    intake = Intake(spool)
    intake.start()
    before = [asyncio.create_task(intake.submit(arrival(queue))) for _ in range(5)]
    await asyncio.sleep(0)
    await intake.stop()
    assert all(isinstance(outcome, Accepted) for outcome in await asyncio.gather(*before))
    with pytest.raises(IntakeUnavailable, match="is stopping"):
        await intake.submit(arrival(queue))


class TestDatabaseLocked:
    """Another program holds the database."""

    async def test_jobs_wait_for_the_lock_and_are_accepted(
        self, queue: QueueFacts, spool: Spool, own_database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While another program holds the database jobs wait; once it lets go they are accepted, large ones whole."""
        self.fail_fast(own_database)
        tried = threading.Event()
        monkeypatch.setattr(service.time, "sleep", lambda _: tried.set())
        monkeypatch.setattr(service, "RETRY_PAUSES_S", (0,) * 100_000)
        arrivals = [arrival(queue, b"small"), in_a_file(spool, queue)]
        async with running(Intake(spool)) as intake:
            with locked(own_database):
                waiting = [asyncio.create_task(intake.submit(each)) for each in arrivals]
                assert await asyncio.to_thread(tried.wait, 20), "nothing was tried again while the database was locked"
                assert not any(task.done() for task in waiting)
            outcomes = await asyncio.gather(*waiting)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        assert await contents(spool) == [b"small", b"large " * CHUNK_BYTES]

    async def test_locked_for_too_long_they_are_refused(
        self, queue: QueueFacts, spool: Spool, own_database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A database that stays locked gets the client an answer; nothing is left once the database is back."""
        self.fail_fast(own_database)
        monkeypatch.setattr(service.time, "sleep", lambda _: None)
        async with running(Intake(spool)) as intake:
            with locked(own_database):
                outcomes = await asyncio.gather(
                    intake.submit(arrival(queue)), intake.submit(in_a_file(spool, queue)), return_exceptions=True
                )
            assert [str(outcome) for outcome in outcomes] == [
                "The print server cannot take jobs at the moment. Try again later."
            ] * 2
            await intake.submit(arrival(queue, b"the next one"))
        assert await contents(spool) == [b"the next one"]
        assert spool.file_documents() == []

    @staticmethod
    def fail_fast(url: str) -> None:
        """Let one try wait for a lock for a moment only: the service's own patience is what is tested."""
        options = connections.settings["default"]["OPTIONS"]
        if url.startswith("sqlite"):
            options["timeout"] = 0.05
        else:
            options["options"] = "-c lock_timeout=50"


class TestDatabaseGone:
    """A PostgreSQL server that goes away."""

    @pytest.mark.peer
    async def test_a_server_that_comes_back_finds_the_jobs_waiting(
        self, spool: Spool, django_db_blocker: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While the server lets nobody in, connections are cut and jobs wait; they are accepted when it does."""
        tried = threading.Event()
        monkeypatch.setattr(service.time, "sleep", lambda _: tried.set())
        monkeypatch.setattr(service, "RETRY_PAUSES_S", (0,) * 100_000)
        with postgres() as server, new_database(server.url(), "platen") as url:
            async with self.on(url, django_db_blocker) as queue, running(Intake(spool)) as intake:
                await intake.submit(arrival(queue, b"before"))
                with psycopg.connect(server.url(), autocommit=True) as operator:
                    operator.execute("ALTER DATABASE platen ALLOW_CONNECTIONS false")
                    operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'platen'")
                    waiting = asyncio.create_task(intake.submit(in_a_file(spool, queue)))
                    assert await asyncio.to_thread(tried.wait, 20)
                    assert not waiting.done()
                    operator.execute("ALTER DATABASE platen ALLOW_CONNECTIONS true")
                assert isinstance(await waiting, Accepted)
                assert await contents(spool) == [b"before", b"large " * CHUNK_BYTES]

    @pytest.mark.peer
    async def test_a_server_that_is_gone_gets_jobs_refused(
        self, spool: Spool, django_db_blocker: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With no server at all a job is refused after a few tries, in words for the client."""
        monkeypatch.setattr(service.time, "sleep", lambda _: None)
        with postgres() as server:
            url = server.url("postgres")
            async with self.on(url, django_db_blocker) as queue:
                intake = Intake(spool)
        async with running(intake):
            unblocked = django_db_blocker.unblock()  # type: ignore[attr-defined]  # pytest-django's own
            with unblocked, served_by(url), pytest.raises(IntakeUnavailable, match="cannot take jobs at the moment"):
                await intake.submit(arrival(queue))

    @staticmethod
    @asynccontextmanager
    async def on(url: str, blocker: pytest.FixtureRequest) -> AsyncIterator[QueueFacts]:
        """The default queue in an empty database at this URL."""
        from platen.cli.database import migrate
        from platen.tenants.context import acting_for
        from platen.tenants.services import create_tenant

        def prepare() -> QueueFacts:
            try:
                migrate()
                with acting_for(create_tenant("Acme", "acme", is_default=True).id):
                    create_user("anna", by=ADMIN)
                    pull = ensure_default_queue()
                    return next(each for each in all_queue_facts() if each.id == pull.id)
            finally:
                connections.close_all()

        with blocker.unblock(), served_by(url):  # type: ignore[attr-defined]  # pytest-django's own
            yield await asyncio.to_thread(prepare)


async def test_a_full_disk_refuses_before_anything_is_accepted(queue: QueueFacts) -> None:
    """On a full disk every job of a batch is refused and nothing half stored; with room again they are taken."""
    with small_disk(2 * 1024 * 1024) as disk:
        spool = Spool(disk / "spool", new_key())
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(1_900_000))
        async with running(Intake(spool)) as intake:
            refused = await asyncio.gather(
                *(intake.submit(arrival(queue, bytes(200_000))) for _ in range(4)), return_exceptions=True
            )
            assert {str(each) for each in refused} == {
                "The print server's disk cannot take the document now. Try again later."
            }
            assert await contents(spool) == []
            assert sum(path.stat().st_size for path in (disk / "spool").rglob("*") if path.is_file()) == 0
            ballast.unlink()
            assert isinstance(await intake.submit(arrival(queue)), Accepted)
            assert await contents(spool) == [b"content"]


async def test_a_document_that_follows_waits_for_the_lock_as_well(
    queue: QueueFacts, spool: Spool, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send-Document during a locked database is stored once, and its job can be read."""
    TestDatabaseLocked.fail_fast(own_database)
    tried = threading.Event()
    monkeypatch.setattr(service.time, "sleep", lambda _: tried.set())
    monkeypatch.setattr(service, "RETRY_PAUSES_S", (0,) * 100_000)
    async with running(Intake(spool)) as intake:
        created = await intake.submit(arrival(queue, document=None))
        assert isinstance(created, Accepted)
        sink = spool.open_file(created.uuid)
        sink.write(b"follows")
        document = DocumentArrival(
            tenant_id=created.tenant_id, job_id=created.job_id, job_uuid=created.uuid, document=sink.finish()
        )
        with locked(own_database):
            waiting = asyncio.create_task(intake.submit(document))
            assert await asyncio.to_thread(tried.wait, 20)
        assert isinstance(await waiting, Accepted)
    assert await contents(spool) == [b"follows"]
