"""Raw devices: the document's octets, unchanged; what the connection tells is all that is known."""

from __future__ import annotations

from platen.devices.models import Device, DeviceState
from platen.printing.models import DeliveryState, Job, JobState
from tests.peers.rawprinter import Behaviour, RawPrinter, rawprinter, refusing_port
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


async def _job_state(office: Office, job: Job) -> Job:
    return await office.do(lambda: Job.objects.get(id=job.id))


class TestDelivery:
    """socket://HOST:PORT without PJL."""

    async def test_octets_arrive_unchanged_and_the_document_is_destroyed(
        self, office: Office, raw_printer: RawPrinter
    ) -> None:
        """A released document goes straight to the device's raw port; then its key is gone. SC-CHAN-01, SC-CHAN-05,
        SQC-SVC-05"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        document = pdf(3)
        job = await office.hold(anna, document)
        [delivery_id] = await office.release(device, anna, job)
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed, ended.message) == (DeliveryState.COMPLETED, None, "")
        assert raw_printer.jobs() == [document]
        after = await _job_state(office, job)
        assert (after.state, after.spool_key) == (JobState.COMPLETED, None)

    async def test_large_document_streams_through(self, office: Office, raw_printer: RawPrinter) -> None:
        """A document of many chunks arrives whole and in order. SC-PUSH-02"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        document = pdf(1, padding_bytes=6_000_000)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, document))
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
        assert raw_printer.jobs() == [document]

    async def test_documents_go_out_in_the_order_of_their_release(
        self, office: Office, raw_printer: RawPrinter
    ) -> None:
        """One device prints one document after another, in order. SC-PULL-16"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        documents = [b"%%!PS-Adobe document %d\n" % number for number in range(12)]
        jobs = [await office.hold(anna, document) for document in documents]
        ids = await office.release(device, anna, *jobs)
        await office.ended(ids[-1])
        assert raw_printer.jobs() == documents

    async def test_each_copy_has_a_connection_of_its_own(self, office: Office, raw_printer: RawPrinter) -> None:
        """Three copies are the same octets three times. SC-CHAN-05"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        document = pdf()
        [delivery_id] = await office.release(device, anna, await office.hold(anna, document), copies=3)
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
        assert raw_printer.jobs() == [document] * 3


class TestTrouble:
    """What goes wrong between us and the device."""

    async def test_connection_that_breaks_in_the_middle_holds_the_job_again(
        self, office: Office, raw_printer: RawPrinter
    ) -> None:
        """Octets left, nobody knows what came out: interrupted, nothing counted, the document is kept. SC-POST-01"""
        raw_printer.behaviour = Behaviour(disconnect_after_bytes=100_000)
        anna, device = await office.user(), await office.device(raw_printer.uri)
        job = await office.hold(anna, pdf(1, padding_bytes=8_000_000))
        [delivery_id] = await office.release(device, anna, job)
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.INTERRUPTED, 0)
        after = await _job_state(office, job)
        assert after.state == JobState.PENDING_HELD
        assert after.has_document
        assert "broke off" in after.state_message

    async def test_device_that_is_off_is_tried_until_it_is_on(self, office: Office) -> None:
        """An unreachable device is shown to people, and the document comes out when it is back. SC-CHAN-05"""
        port = refusing_port()
        anna, device = await office.user(), await office.device(f"socket://127.0.0.1:{port}")
        document = pdf()
        [delivery_id] = await office.release(device, anna, await office.hold(anna, document))
        waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
        assert waiting.state == DeliveryState.WAITING
        assert waiting.retry_at is not None
        assert "refuses connections" in waiting.message
        assert waiting.job.state == JobState.PROCESSING_STOPPED
        shown = await office.do(lambda: Device.objects.get(id=device.id))
        assert (shown.state, shown.state_reasons, shown.needs_attention) == (
            DeviceState.STOPPED,
            ["offline-report"],
            True,
        )
        with rawprinter(port=port) as printer:
            assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
            assert printer.jobs() == [document]
            shown = await office.until_device(device, lambda shown: shown.state == DeviceState.IDLE)
            assert not shown.needs_attention

    async def test_waiting_document_can_be_deleted(self, office: Office) -> None:
        """A document that waits for an absent device can be taken back. SC-PULL-20"""
        anna, device = await office.user(), await office.device(f"socket://127.0.0.1:{refusing_port()}")
        job = await office.hold(anna, pdf())
        [delivery_id] = await office.release(device, anna, job)
        await office.until(delivery_id, lambda delivery: bool(delivery.message))
        await office.cancel(await _job_state(office, job))
        assert (await office.ended(delivery_id)).state == DeliveryState.CANCELED
        assert (await _job_state(office, job)).state == JobState.CANCELED

    async def test_stalled_transfer_is_shown_and_can_be_stopped(self, office: Office, raw_printer: RawPrinter) -> None:
        """A device that takes no more data is shown as stopped; deleting the job ends the transfer. SC-PULL-20"""
        raw_printer.behaviour = Behaviour(stall_after_bytes=1000)
        anna, device = await office.user(), await office.device(raw_printer.uri)
        job = await office.hold(anna, pdf(1, padding_bytes=12_000_000))
        [delivery_id] = await office.release(device, anna, job)
        stalled = await office.until(delivery_id, lambda delivery: "takes no more data" in delivery.message)
        assert stalled.job.state == JobState.PROCESSING_STOPPED
        await office.cancel(await _job_state(office, job))
        assert (await office.ended(delivery_id)).state == DeliveryState.CANCELED

    async def test_one_dead_device_does_not_hold_up_another(self, office: Office, raw_printer: RawPrinter) -> None:
        """Devices are served side by side. SC-PUSH-05"""
        anna = await office.user()
        dead = await office.device(f"socket://127.0.0.1:{refusing_port()}", "Dead")
        alive = await office.device(raw_printer.uri, "Alive")
        await office.release(dead, anna, await office.hold(anna, pdf()))
        [delivery_id] = await office.release(alive, anna, await office.hold(anna, pdf()))
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
