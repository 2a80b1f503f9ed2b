"""Who goes first: order, push jobs that stand back, releases from other processes, damaged documents."""

from __future__ import annotations

from platen.devices.models import Device
from platen.directory.models import User
from platen.policy.job_states import JobState
from platen.printing.deliveries import STOPPING, begin_planned
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.release import Wish, release_jobs
from platen.services.output.look import Work, look
from tests.peers.rawprinter import RawPrinter
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


async def _push(office: Office, device: Device, owner: User, document: bytes) -> int:
    """A job forwarded by a push queue, as intake leaves it."""
    job = await office.hold(owner, document)

    def forward() -> int:
        Job.objects.filter(id=job.id).update(state=JobState.PENDING, state_reasons="none", device_id=device.id)
        return Delivery.objects.create(job=job, device=device, user=owner, pull=False).id

    delivery_id = await office.do(forward)
    office.output.wake(office.tenant.id, device.id)
    return delivery_id


class TestPushJobs:
    """Jobs that nobody released at the device."""

    async def test_push_job_stands_back_while_somebody_is_signed_in(
        self, office: Office, raw_printer: RawPrinter
    ) -> None:
        """Another's push job waits until the person at the device has signed out; theirs goes first. SC-PULL-18"""
        anna, bert = await office.user("anna"), await office.user("bert")
        device = await office.device(raw_printer.uri)
        office.occupied.add(device.id)
        pushed = await _push(office, device, bert, b"%!PS push\n")
        [pulled] = await office.release(device, anna, await office.hold(anna, b"%!PS pull\n"))
        assert (await office.ended(pulled)).state == DeliveryState.COMPLETED
        assert (await office.delivery(pushed)).state == DeliveryState.WAITING
        assert raw_printer.jobs() == [b"%!PS pull\n"]
        office.occupied.clear()
        office.output.wake(office.tenant.id, device.id)
        assert (await office.ended(pushed)).state == DeliveryState.COMPLETED
        assert raw_printer.jobs() == [b"%!PS pull\n", b"%!PS push\n"]

    async def test_many_push_jobs_do_not_hide_what_a_person_released(
        self, office: Office, raw_printer: RawPrinter
    ) -> None:
        """However many push jobs wait, the person at the device gets theirs. SC-PULL-18"""
        anna, bert = await office.user("anna"), await office.user("bert")
        device = await office.device(raw_printer.uri)
        office.occupied.add(device.id)
        for _ in range(25):
            await _push(office, device, bert, b"%!PS push\n")
        [pulled] = await office.release(device, anna, await office.hold(anna, b"%!PS pull\n"))
        assert (await office.ended(pulled)).state == DeliveryState.COMPLETED
        assert raw_printer.jobs() == [b"%!PS pull\n"]


async def test_release_by_another_process_is_found(office: Office, raw_printer: RawPrinter) -> None:
    """What the command line released goes out without anybody waking the service. SC-PULL-20"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    released = await office.do(release_jobs, [Wish(job_id=job.id)], device=device, user=anna)
    assert (await office.ended(released.delivery_ids[0])).state == DeliveryState.COMPLETED


async def test_damaged_document_is_not_sent(office: Office, raw_printer: RawPrinter) -> None:
    """A stored document that was changed on the disk is refused before an octet of it leaves. SC-CRYPT-04"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    await office.do(lambda: Job.objects.filter(id=job.id).update(spool_offset=job.spool_offset + 1))
    [delivery_id] = await office.release(device, anna, job)
    ended = await office.ended(delivery_id)
    assert ended.state == DeliveryState.FAILED
    assert "damaged" in ended.message
    assert raw_printer.jobs() == []
    # The line lives on.
    [after] = await office.release(device, anna, await office.hold(anna, pdf()))
    assert (await office.ended(after)).state == DeliveryState.COMPLETED


async def test_out_of_service_device_prints_nothing(office: Office, raw_printer: RawPrinter) -> None:
    """What waits for a device that is taken out of service goes out when it is back. SC-PULL-20"""
    anna, device = await office.user(), await office.device(raw_printer.uri)
    job = await office.hold(anna, pdf())
    await office.output.stop(1)
    released = await office.do(release_jobs, [Wish(job_id=job.id)], device=device, user=anna)
    await office.do(lambda: Device.objects.filter(id=device.id).update(out_of_service=True))
    service = await office.start()
    service.wake(office.tenant.id, device.id)
    other = await office.device(raw_printer.uri, "Other")
    [elsewhere] = await office.release(other, anna, await office.hold(anna, b"%!PS elsewhere\n"))
    await office.ended(elsewhere)
    assert (await office.delivery(released.delivery_ids[0])).state == DeliveryState.WAITING
    await office.do(lambda: Device.objects.filter(id=device.id).update(out_of_service=False))
    service.wake(office.tenant.id, device.id)
    assert (await office.ended(released.delivery_ids[0])).state == DeliveryState.COMPLETED


class TestBegin:
    """The last moment before octets leave."""

    async def test_canceled_meanwhile(self, office: Office, raw_printer: RawPrinter) -> None:
        """A job deleted between the look and the first octet is not sent, and stays deleted. SC-PULL-20"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        job = await office.hold(anna, pdf())
        await office.output.stop(1)
        released = await office.do(release_jobs, [Wish(job_id=job.id)], device=device, user=anna)
        found = await office.do(look, device.id, office.occupied.__contains__, impatient=True)
        assert isinstance(found, Work)
        await office.cancel(job)
        assert await office.do(begin_planned, found.plan) is False
        after = await office.delivery(released.delivery_ids[0])
        assert (after.state, after.job.state, after.attempts) == (DeliveryState.CANCELED, JobState.CANCELED, 0)

    async def test_asked_to_stop_meanwhile(self, office: Office, raw_printer: RawPrinter) -> None:
        """A job that shall stop does not begin anew, and the wish to stop it is not forgotten. SC-PULL-20"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        job = await office.hold(anna, pdf())
        await office.output.stop(1)
        released = await office.do(release_jobs, [Wish(job_id=job.id)], device=device, user=anna)
        found = await office.do(look, device.id, office.occupied.__contains__, impatient=True)
        assert isinstance(found, Work)
        await office.do(lambda: Job.objects.filter(id=job.id).update(state_reasons=STOPPING))
        assert await office.do(begin_planned, found.plan) is False
        service = await office.start()
        service.wake(office.tenant.id, device.id)
        assert (await office.ended(released.delivery_ids[0])).state == DeliveryState.CANCELED
        assert raw_printer.jobs() == []
