"""Housekeeping: what is over goes, what is live stays, and one bad round is not the last."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import timezone

from platen.devices.services import ensure_default_queue
from platen.directory.services import create_user
from platen.identifiers import uuid7
from platen.policy.job_states import JobState
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival
from platen.printing.deliveries import stored_document
from platen.printing.intake import accept_batch
from platen.printing.models import Job
from platen.printing.queue_facts import all_queue_facts
from platen.printing.services import cancel_job
from platen.printing.spool import Spool
from platen.printing.spool.cipher import CHUNK_BYTES, new_key
from platen.services.database import Database
from platen.services.upkeep import Upkeep, clean_spool, orphans_of
from platen.settings import Settings
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.printing.conftest import migrated, own_database, own_tenant

__all__ = ["migrated", "own_database", "own_tenant"]

KEY = new_key()


def spool_at(folder: Path) -> Spool:
    return Spool(folder / "spool", KEY)


def hold(spool: Spool, *documents: bytes) -> list[Job]:
    """Held jobs with these documents; the large ones in files of their own."""
    (queue,) = [each for each in all_queue_facts() if each.is_default]
    arrivals = []
    for number, document in enumerate(documents):
        name, stored = uuid7(), None
        if len(document) > CHUNK_BYTES:
            sink = spool.open_file(name)
            sink.write(document)
            stored = sink.finish()
        names = NamesOfJob(requesting_user_name="anna")
        arrivals.append(Arrival(queue=queue, name=f"{number}", names=names, uuid=name, document=stored or document))
    return [Job.objects.get(id=each.job_id) for each in accept_batch(spool, arrivals) if isinstance(each, Accepted)]


@pytest.fixture
def furnished(own_tenant: Tenant) -> Tenant:
    create_user("anna", by=ADMIN)
    ensure_default_queue()
    return own_tenant


def test_a_start_keeps_what_is_live_and_removes_the_rest(furnished: Tenant, tmp_path: Path) -> None:
    """After a crash the next start leaves exactly the documents of live jobs, each of them whole."""
    first = spool_at(tmp_path)
    gone, kept, large = hold(first, b"gone" * 100, b"kept" * 100, b"large " * CHUNK_BYTES)
    first.store_batch([(uuid7(), b"stored, and then the power went")])
    orphan = first.open_file(uuid7())
    orphan.write(b"finished, and then the power went")
    orphan.finish()
    first.open_file(uuid7()).write(b"x" * CHUNK_BYTES * 2)
    cancel_job(first, gone, by=ADMIN)

    second = spool_at(tmp_path)
    assert len(orphans_of(second)) == 1
    assert clean_spool(second) == 3
    assert orphans_of(second) == set()
    assert clean_spool(second) == 0
    assert b"".join(second.read(stored_document(kept))) == b"kept" * 100
    assert b"".join(second.read(stored_document(large))) == b"large " * CHUNK_BYTES


def test_a_pack_goes_with_its_last_document(furnished: Tenant, tmp_path: Path) -> None:
    """A pack of an earlier process is removed once nothing in it is live."""
    jobs = hold(spool_at(tmp_path), b"one", b"two")
    spool = spool_at(tmp_path)
    cancel_job(spool, jobs[0], by=ADMIN)
    clean_spool(spool)
    assert spool.packs.numbers() == [1]
    cancel_job(spool, jobs[1], by=ADMIN)
    clean_spool(spool)
    assert spool.packs.numbers() == []


async def test_a_round_ends_what_is_over(furnished: Tenant, tmp_path: Path) -> None:
    """One round deletes held jobs whose time is over, in every organisation, and empties packs that are not written."""
    database = Database(threads=2)

    def prepare() -> tuple[Spool, list[int]]:
        earlier = hold(spool_at(tmp_path), b"over")
        spool = spool_at(tmp_path)
        later = hold(spool, b"not yet")
        Job.objects.filter(id=earlier[0].id).update(expires_at=timezone.now() - timedelta(seconds=1))
        return spool, [earlier[0].id, later[0].id]

    spool, ids = await database.run(furnished.id, prepare)
    await Upkeep(Settings(data=tmp_path), database, spool).run_once()
    states = await database.run(furnished.id, lambda: dict(Job.objects.values_list("id", "state")))
    assert [states[each] for each in ids] == [JobState.CANCELED, JobState.PENDING_HELD]
    assert spool.packs.numbers() == [2]
    await close(database)


async def test_a_round_that_fails_is_not_the_last(furnished: Tenant, tmp_path: Path) -> None:
    """Whatever goes wrong in one round, the task lives on and stops when it is told to."""
    rounds = 0

    class Failing(Upkeep):
        async def run_once(self) -> None:
            nonlocal rounds
            rounds += 1
            raise ZeroDivisionError

    database = Database(threads=1)
    upkeep = Failing(Settings(data=tmp_path), database, spool_at(tmp_path))
    upkeep.start()
    while not rounds:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert upkeep._task is not None  # what is tested is that this task goes on
    assert not upkeep._task.done()
    await upkeep.stop()
    assert upkeep._task.done()
    await close(database)


async def close(database: Database) -> None:
    """Close the connections of the database's threads, so that the test's database can go."""
    await asyncio.gather(*(database.run_for_node(connections.close_all) for _ in range(4)))
    await sync_to_async(database.close, thread_sensitive=False)()
