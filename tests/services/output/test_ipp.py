"""IPP devices: the job is followed to its end, and what is told there is what is believed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from platen.demo.printers import PrintEngine, VirtualIppPrinter
from platen.demo.printers.ipp import WITHOUT_CREATE_JOB
from platen.devices.models import Device, DeviceState
from platen.printing.models import DeliveryState, Job, JobState
from platen.protocols.ipp import Operation
from tests.peers.ippeveprinter import IppEvePrinter, ippeveprinter
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


class TestRealPrinter:
    """CUPS's own IPP Everywhere printer."""

    async def test_octets_are_identical(self, office: Office, ippeveprinter: IppEvePrinter) -> None:
        """Two documents come out of a real IPP Everywhere printer as they were printed. SC-CHAN-02, SC-CHAN-04"""
        anna, device = await office.user(), await office.device(ippeveprinter.uri)
        documents = [pdf(2), pdf(1, padding_bytes=3_000_000)]
        jobs = [await office.hold(anna, document, "Report & <Plan>") for document in documents]
        ids = await office.release(device, anna, *jobs)
        for delivery_id in ids:
            ended = await office.ended(delivery_id)
            assert ended.state == DeliveryState.COMPLETED
            assert ended.printer_job_id is not None
        assert [path.read_bytes() for path in ippeveprinter.wait_for_printed(2)] == documents

    async def test_what_the_device_says_of_itself_is_kept(self, office: Office, ippeveprinter: IppEvePrinter) -> None:
        """After the first document the device's formats are known, so that lists can be filtered. SC-PULL-03"""
        anna, device = await office.user(), await office.device(ippeveprinter.uri)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
        await office.ended(delivery_id)
        shown = await office.until_device(device, lambda shown: bool(shown.document_formats))
        assert "application/pdf" in shown.document_formats
        assert shown.duplex_supported is False  # it is started without -2

    async def test_engine_that_fails(self, office: Office, tmp_path: Path) -> None:
        """A job that the printer gives up with nothing out has failed, and is held again. SC-POST-01"""
        with ippeveprinter("Broken", command="/bin/false") as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.FAILED, 0)
            assert ended.job.state == JobState.PENDING_HELD
            assert ended.job.has_document


class TestFollowing:
    """What the device says while it prints."""

    @pytest.mark.parametrize("operations", [None, WITHOUT_CREATE_JOB], ids=["Create-Job", "Print-Job"])
    async def test_impressions_are_counted_by_the_device(
        self, office: Office, operations: tuple[Operation, ...] | None
    ) -> None:
        """The device's count goes into the delivery, whichever way it takes jobs. SC-POST-01, SC-CHAN-04"""
        given = {"operations": operations} if operations else {}
        async with VirtualIppPrinter(**given) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            job = await office.hold(anna, pdf(3), ticket={"sides": "two-sided-long-edge"})
            [delivery_id] = await office.release(device, anna, job, copies=2)
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 6)
            [printed] = printer.engine.printed
            assert (printed.name, printed.user_name) == ("Report", "anna")
            [at_device] = printer.jobs.values()
            assert at_device.template.text("sides") == "two-sided-long-edge"

    async def test_paper_runs_out_and_is_refilled(self, office: Office) -> None:
        """Out of paper is shown in words, the printed pages count, and with paper it goes on. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=2)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(4)))
            stopped = await office.until(delivery_id, lambda delivery: delivery.message == "Paper tray is empty")
            assert stopped.impressions_completed == 2
            assert stopped.job.state == JobState.PROCESSING_STOPPED
            await shown_as(office, device, DeviceState.STOPPED, ["media-empty-error"])
            await printer.engine.load_paper(50)
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 4)

    async def test_job_stopped_by_its_owner_is_charged_for_what_came_out(self, office: Office) -> None:
        """Ten of a hundred pages are out when it is canceled: ten are counted. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=10)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            job = await office.hold(anna, pdf(100))
            [delivery_id] = await office.release(device, anna, job)
            await office.until(delivery_id, lambda delivery: delivery.impressions_completed == 10)
            await office.cancel(job)
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.CANCELED, 10)
            assert ended.job.state == JobState.CANCELED

    async def test_device_that_loses_its_network_in_the_middle(self, office: Office) -> None:
        """While it prints the device cannot be asked; when it can again, its count is complete. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=1)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(3)))
            await office.until(delivery_id, lambda delivery: delivery.impressions_completed == 1)
            await printer.go_away()
            await office.until(delivery_id, lambda delivery: "refuses connections" in delivery.message)
            await printer.engine.load_paper(None)
            await printer.come_back()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 3)


class TestRefusals:
    """A device that says no before anything came out."""

    async def test_format_that_the_device_does_not_print(self, office: Office) -> None:
        """The document is refused in a sentence and held again. SC-FID-07"""
        async with VirtualIppPrinter(document_formats=("image/pwg-raster",)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
            ended = await office.ended(delivery_id)
            assert ended.state == DeliveryState.FAILED
            assert ended.message.startswith("Lobby cannot print application/pdf.")
            assert ended.job.state == JobState.PENDING_HELD
            assert printer.jobs == {}

    async def test_busy_device_is_asked_again(self, office: Office) -> None:
        """A device that prints somebody else's job is waited for. SC-CHAN-04"""
        async with VirtualIppPrinter() as printer:
            printer.busy = True
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
            waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
            assert (waiting.state, waiting.message) == (DeliveryState.WAITING, "Lobby is busy.")
            printer.busy = False
            assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED

    async def test_wishes_that_the_device_cannot_fulfil_are_left_out(self, office: Office) -> None:
        """Two-sided printing on a device without it comes out one-sided. SC-FID-04"""
        async with VirtualIppPrinter(duplex=False, color=False) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            ticket = {"sides": "two-sided-long-edge", "print-color-mode": "color", "media": "iso_a4_210x297mm"}
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(2), ticket=ticket))
            assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
            [at_device] = printer.jobs.values()
            assert [attribute.name for attribute in at_device.template] == ["media"]


async def test_any_drivers_stream_goes_out_as_it_is(office: Office, tmp_path: Path) -> None:
    """What a maker's driver made, in a language that nobody reads here, reaches the device as it was. SC-FID-08"""
    async with VirtualIppPrinter(engine=PrintEngine(keep_in=tmp_path)) as printer:
        anna, device = await office.user(), await office.device(printer.uri)
        stream = b"\x1bMAKER\0" + bytes(range(256)) * 40
        job = await office.hold(anna, stream, document_format="application/octet-stream")
        [delivery_id] = await office.release(device, anna, job)
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
        (printed,) = printer.engine.printed
        assert printed.path is not None
        assert printed.path.read_bytes() == stream


async def test_device_that_is_off(office: Office) -> None:
    """An IPP device that does not answer is shown, and printed to when it is back. SC-CHAN-04"""
    async with VirtualIppPrinter() as printer:
        await printer.go_away()
        anna, device = await office.user(), await office.device(printer.uri)
        job = await office.hold(anna, pdf())
        [delivery_id] = await office.release(device, anna, job)
        waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
        assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 0)
        assert (await office.do(lambda: Job.objects.get(id=job.id))).has_document
        await printer.come_back()
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED


async def shown_as(office: Office, device: Device, state: DeviceState, reasons: list[str]) -> None:
    """Return when the device's recorded state is this. Raises: TimeoutError."""
    async with asyncio.timeout(20):
        while True:
            shown = await office.do(lambda: Device.objects.get(id=device.id))
            if (shown.state, shown.state_reasons) == (state, reasons):
                return
            await asyncio.sleep(0.02)
