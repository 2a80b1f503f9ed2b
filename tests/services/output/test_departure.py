"""A release's first delivery: prepared while the release is committed, begun by the same commit, sent after it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from platen.devices.models import Device
from platen.directory.models import User
from platen.policy.job_states import JobState
from platen.printing import leaving
from platen.printing.deliveries import Plan
from platen.printing.events import delivery_leaving
from platen.printing.leaving import Settled
from platen.printing.models import DeliveryState, Job
from platen.printing.release import Released, Wish, release_jobs, release_locked
from platen.services.output.departure import Departure
from tests.peers.rawprinter import RawPrinter
from tests.peers.running import LOOPBACK, free_port
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf

BEGUN = {DeliveryState.SENDING, DeliveryState.FOLLOWING, DeliveryState.COMPLETED}


class Undone(Exception):
    """A release that fails before its commit."""


@dataclass
class Departures:
    """What the output service answered to releases, in order; None: busy."""

    office: Office
    answers: list[Departure | None] = field(default_factory=list)

    def prepare(self, *, plan: Plan, **_: object) -> Departure | None:
        self.answers.append(self.office.output.prepare(plan))
        return self.answers[-1]


@pytest.fixture
def departures(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Departures]:
    """Releases ask the office's output service, and have as much patience as a busy machine needs."""
    monkeypatch.setattr(leaving, "PATIENCE_S", 20)
    made = Departures(office)
    delivery_leaving.connect(made.prepare)
    yield made
    delivery_leaving.disconnect(made.prepare)


async def turns() -> None:
    """The event loop goes on for a while: a chance to do what must not be done."""
    for _ in range(50):
        await asyncio.sleep(0)


async def release(office: Office, device: Device, user: User, *jobs: Job) -> Released:
    """Nobody wakes the service afterwards: what goes out was prepared."""
    return await office.do(release_jobs, [Wish(job_id=job.id) for job in jobs], device=device, user=user)


async def test_the_release_itself_begins_the_first_delivery(
    office: Office, departures: Departures, raw_printer: RawPrinter
) -> None:
    """At an idle device the first document is begun when the release is durable, once; the others follow. SC-PULL-20"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    jobs = [await office.hold(anna, f"%!PS {number}\n".encode()) for number in range(2)]
    first, second = (await release(office, device, anna, *jobs)).delivery_ids
    begun = await office.delivery(first)
    assert begun.state in BEGUN
    assert begun.started_at is not None
    assert (await office.ended(first)).attempts == 1
    assert (await office.ended(second)).attempts == 1
    assert raw_printer.jobs() == [b"%!PS 0\n", b"%!PS 1\n"]


async def test_nothing_leaves_before_the_release_is_durable(
    office: Office, departures: Departures, raw_printer: RawPrinter
) -> None:
    """A device that is connected waits for the commit; a release that fails then prints nothing, and the documents stay
    held and can be released again. SC-PULL-01"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    loop = asyncio.get_running_loop()

    def fail() -> None:
        with leaving.leaving() as first:
            release_locked({job.id: job}, [Wish(job_id=job.id)], first, device=device, user=anna)
            [departure] = departures.answers
            assert departure is not None
            assert departure.is_ready(20)
            asyncio.run_coroutine_threadsafe(turns(), loop).result()  # a chance to do what it must not
            raise Undone

    with pytest.raises(Undone):
        await office.do(fail)
    while office.output.is_busy(device.id):
        await asyncio.sleep(0.01)
    assert [bytes(each.data) for each in raw_printer.connections] == [b""]
    assert (await office.do(Job.objects.get, id=job.id)).state == JobState.PENDING_HELD
    [again] = (await release(office, device, anna, job)).delivery_ids
    assert (await office.ended(again)).state == DeliveryState.COMPLETED
    assert raw_printer.jobs() == [pdf()]


async def test_a_device_that_does_not_answer_is_not_begun(
    office: Office, departures: Departures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no connection nothing is begun: the release is durable all the same, the document waits for the
    device, and says why. SC-PULL-20"""
    monkeypatch.setattr(leaving, "PATIENCE_S", 0.01)
    anna, device = await office.user(), await office.device(f"socket://{LOOPBACK}:{free_port()}")
    [waiting] = (await release(office, device, anna, await office.hold(anna, pdf()))).delivery_ids
    delivery = await office.until(waiting, lambda found: found.message != "")
    assert (delivery.state, delivery.attempts, delivery.started_at) == (DeliveryState.WAITING, 0, None)
    assert "refuses connections" in delivery.message


async def test_a_device_that_is_late_is_begun_by_its_line(
    office: Office, departures: Departures, raw_printer: RawPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release does not wait for a slow device; what it left waiting goes out once the device is there. SC-PULL-20"""
    monkeypatch.setattr(leaving, "PATIENCE_S", 0)
    monkeypatch.setattr(Departure, "is_ready", lambda *_: False)
    anna, device = await office.user(), await office.device(raw_printer.uri)
    [late] = (await release(office, device, anna, await office.hold(anna, pdf()))).delivery_ids
    ended = await office.ended(late)
    assert (ended.state, ended.attempts) == (DeliveryState.COMPLETED, 1)
    assert raw_printer.jobs() == [pdf()]


async def test_a_busy_device_takes_turns(office: Office, departures: Departures, raw_printer: RawPrinter) -> None:
    """While a device has something to print, another release there waits for its turn. SC-PULL-18"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    one, other = await office.hold(anna, b"%!PS one\n"), await office.hold(anna, b"%!PS other\n")

    def both() -> tuple[int, ...]:
        first = release_jobs([Wish(job_id=one.id)], device=device, user=anna)
        return first.delivery_ids + release_jobs([Wish(job_id=other.id)], device=device, user=anna).delivery_ids

    for delivery_id in await office.do(both):
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
    assert [answer is not None for answer in departures.answers] == [True, False]
    assert raw_printer.jobs() == [b"%!PS one\n", b"%!PS other\n"]


async def test_of_two_devices_one_gets_the_document(
    office: Office, departures: Departures, raw_printer: RawPrinter
) -> None:
    """Two devices are asked for one document at the same moment: it comes out once, and one of them says so.
    SC-PULL-01"""
    anna = await office.user()
    devices = [await office.device(raw_printer.uri, name) for name in ("Lobby", "Attic")]
    job = await office.hold(anna, pdf())
    released = await asyncio.gather(*(release(office, device, anna, job) for device in devices))
    [won] = [each for each in released if each.delivery_ids]
    [lost] = [each for each in released if not each.delivery_ids]
    assert "already being printed" in lost.refused[job.id] or "was printed" in lost.refused[job.id]
    await office.ended(won.delivery_ids[0])
    assert raw_printer.jobs() == [pdf()]


async def test_inside_anothers_transaction_nothing_is_prepared(
    office: Office, departures: Departures, raw_printer: RawPrinter
) -> None:
    """Who releases inside a larger transaction is not known to commit: the document goes out after that. SC-PULL-20"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())

    def inside() -> Released:
        with transaction.atomic():
            return release_jobs([Wish(job_id=job.id)], device=device, user=anna)

    [delivery_id] = (await office.do(inside)).delivery_ids
    assert departures.answers == []
    assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED


async def test_a_service_that_stops_hands_back_what_was_not_durable(
    office: Office, departures: Departures, raw_printer: RawPrinter
) -> None:
    """A server that stops while a release is committed prints it at the next start, once. SC-PULL-20"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    loop = asyncio.get_running_loop()
    stopping: list[asyncio.Task[None]] = []

    async def stop() -> None:
        """Returns when the device's line has been told to end."""
        [line] = [task for task in asyncio.all_tasks() if task.get_name() == f"device-{device.id}"]
        stopping.append(asyncio.create_task(office.output.stop(0)))
        while not line.cancelling():
            await asyncio.sleep(0)

    def release_while_it_stops() -> int:
        with leaving.leaving() as first:
            released = release_locked({job.id: job}, [Wish(job_id=job.id)], first, device=device, user=anna)
            assert departures.answers[0] is not None
            assert departures.answers[0].is_ready(20)
            asyncio.run_coroutine_threadsafe(stop(), loop).result()
        return released.delivery_ids[0]

    delivery_id = await office.do(release_while_it_stops)
    await stopping[0]
    assert (await office.delivery(delivery_id)).state == DeliveryState.WAITING
    assert raw_printer.jobs() == []
    await office.start()
    assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
    assert raw_printer.jobs() == [pdf()]


async def test_a_process_that_dies_after_the_commit_leaves_what_recovery_knows(
    office: Office, raw_printer: RawPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between a release that began a delivery and its first octet: cut short with nothing counted, and the
    document is held again. SC-POST-01"""

    class Dies:
        """A device that was ready, in a process that sends nothing any more."""

        def is_ready(self, patience_s: float) -> bool:
            return True

        def settle(self, outcome: Settled) -> None:
            assert outcome is Settled.BEGUN

    def answer(**_: object) -> Dies:
        return Dies()

    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    await office.output.stop(1)
    delivery_leaving.connect(answer)
    try:
        [delivery_id] = (await release(office, device, anna, job)).delivery_ids
    finally:
        delivery_leaving.disconnect(answer)
    left = await office.delivery(delivery_id)
    assert (left.state, left.attempts, left.job.state) == (DeliveryState.SENDING, 1, JobState.PROCESSING)
    await office.start()
    ended = await office.ended(delivery_id)
    assert (ended.state, ended.impressions_completed) == (DeliveryState.INTERRUPTED, 0)
    assert ended.job.state == JobState.PENDING_HELD
    assert raw_printer.jobs() == []
