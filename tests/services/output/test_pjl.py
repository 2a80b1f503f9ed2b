"""Raw devices that answer PJL: pages are counted as they come out, and the end is the device's own word."""

from __future__ import annotations

from platen.demo.printers import PrintEngine, VirtualRawPrinter
from platen.printing.models import DeliveryState, JobState
from tests.peers.rawprinter import Behaviour, RawPrinter
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


async def test_pages_are_what_the_device_reports(office: Office, raw_printer: RawPrinter) -> None:
    """A device that reports fewer pages than the document has is believed. SC-POST-01, SC-POST-05"""
    raw_printer.behaviour = Behaviour(pjl=True, pages=3)
    anna = await office.user()
    device = await office.device(raw_printer.uri, pjl_status=True)
    document = pdf(5)
    [delivery_id] = await office.release(device, anna, await office.hold(anna, document))
    ended = await office.ended(delivery_id)
    assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 3)
    [stream] = raw_printer.jobs()
    assert document in stream
    assert b"@PJL JOB NAME=" in stream


async def test_copies_of_postscript_are_made_by_the_device(office: Office) -> None:
    """PostScript goes once with the number of copies set, and all of them are counted. SC-POST-01"""
    async with VirtualRawPrinter() as printer:
        anna, device = await office.user(), await office.device(printer.uri, pjl_status=True)
        document = b"%!PS-Adobe-3.0\n%%Pages: 2\n%%EndComments\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n%%EOF\n"
        job = await office.hold(anna, document, document_format="application/postscript")
        [delivery_id] = await office.release(device, anna, job, copies=3)
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 6)
        [printed] = printer.engine.printed
        assert printed.user_name == "anna"


async def test_copies_of_pdf_are_sent_one_by_one(office: Office) -> None:
    """A device does not multiply a PDF by PJL, so it gets it as often as wanted, and the pages add up. SC-POST-01"""
    async with VirtualRawPrinter() as printer:
        anna, device = await office.user(), await office.device(printer.uri, pjl_status=True)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(2)), copies=3)
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 6)
        assert len(printer.engine.printed) == 3


async def test_paper_runs_out_and_is_refilled(office: Office) -> None:
    """Out of paper is shown in words; with paper the rest comes out. SC-POST-05"""
    async with VirtualRawPrinter(engine=PrintEngine(sheets=2)) as printer:
        anna, device = await office.user(), await office.device(printer.uri, pjl_status=True)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(5)))
        stopped = await office.until(delivery_id, lambda delivery: "paper" in delivery.message)
        assert stopped.impressions_completed == 2
        assert stopped.job.state == JobState.PROCESSING_STOPPED
        await printer.engine.load_paper(100)
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 5)


async def test_device_switched_off_in_the_middle_is_charged_for_what_came_out(office: Office) -> None:
    """The pages reported before the connection broke are the count. SC-POST-01"""
    async with VirtualRawPrinter(engine=PrintEngine(sheets=2)) as printer:
        anna, device = await office.user(), await office.device(printer.uri, pjl_status=True)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(5)))
        await office.until(delivery_id, lambda delivery: delivery.impressions_completed == 2)
        await printer.go_away()
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.INTERRUPTED, 2)
        assert ended.job.state == JobState.PENDING_HELD
        assert ended.job.has_document


async def test_device_that_speaks_no_pjl_after_all(office: Office, raw_printer: RawPrinter) -> None:
    """A device set up for PJL that never answers has taken the document as a plain raw device would. SC-CHAN-05"""
    anna, device = await office.user(), await office.device(raw_printer.uri, pjl_status=True)
    [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
    ended = await office.ended(delivery_id)
    assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, None)
