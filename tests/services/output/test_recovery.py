"""A process dies between two steps of a delivery; the next one finds what the database says and decides."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from platen.demo.printers import PrintEngine, VirtualIppPrinter
from platen.demo.printers.ipp import WITHOUT_CREATE_JOB
from platen.devices.models import Device
from platen.directory.models import User
from platen.policy.device_uri import parse_device_uri
from platen.printing import deliveries
from platen.printing.events import delivery_ended
from platen.printing.models import Delivery, DeliveryState, Job, JobState
from platen.printing.release import Wish, release_jobs
from platen.protocols.ipp import Operation
from platen.protocols.ipp import attributes as a
from platen.services.output.ipp_client import IppClient
from tests.peers.rawprinter import RawPrinter
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf

ENDS: list[int] = []


@pytest.fixture(autouse=True)
def ends() -> Iterator[list[int]]:
    """Ids of deliveries whose end was told, in order: usage records hang on this signal."""

    def note(*, delivery: Delivery, **_: object) -> None:
        ENDS.append(delivery.id)

    ENDS.clear()
    delivery_ended.connect(note)
    yield ENDS
    delivery_ended.disconnect(note)


async def _left_behind(office: Office, device: Device, user: User, job: Job) -> int:
    """A delivery that a process began and did not end. The running service is stopped: it is that process."""
    await office.output.stop(1)
    released = await office.do(release_jobs, [Wish(job_id=job.id)], device=device, user=user)
    [delivery_id] = released.delivery_ids
    assert await office.do(deliveries.begin, delivery_id) is not None
    return delivery_id


def _client(printer: VirtualIppPrinter) -> IppClient:
    return IppClient(parse_device_uri(printer.uri), tls_verify=False, timeout_s=5)


class TestRaw:
    """Nobody can be asked afterwards."""

    async def test_died_while_sending(self, office: Office, raw_printer: RawPrinter, ends: list[int]) -> None:
        """Part may have come out: cut short with nothing counted, held again with a sentence, told once. SC-POST-01"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        delivery_id = await _left_behind(office, device, anna, await office.hold(anna, pdf()))
        await office.start()
        ended = await office.ended(delivery_id)
        assert (ended.state, ended.impressions_completed) == (DeliveryState.INTERRUPTED, 0)
        assert ended.job.state == JobState.PENDING_HELD
        assert "print server stopped" in ended.job.state_message
        assert ends == [delivery_id]
        assert raw_printer.jobs() == []

    async def test_died_after_the_last_octet(self, office: Office, raw_printer: RawPrinter, ends: list[int]) -> None:
        """The device had everything: printed, and told once. SC-POST-01"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        delivery_id = await _left_behind(office, device, anna, await office.hold(anna, pdf()))
        await office.do(deliveries.note_handed_over, delivery_id)
        await office.start()
        assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
        assert ends == [delivery_id]

    async def test_end_is_written_once(self, office: Office, raw_printer: RawPrinter, ends: list[int]) -> None:
        """Ending a delivery again changes nothing and tells nobody. SC-POST-01"""
        anna, device = await office.user(), await office.device(raw_printer.uri)
        [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
        await office.ended(delivery_id)
        again = await office.do(deliveries.end, office.spool, delivery_id, DeliveryState.FAILED)
        assert again is False
        assert ends == [delivery_id]


class TestIpp:
    """The device knows."""

    async def test_died_before_the_job_had_a_number(self, office: Office, ends: list[int]) -> None:
        """No octet of the document left, so it is simply printed. SC-POST-01"""
        async with VirtualIppPrinter() as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, pdf(2)))
            await office.start()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 2)
            assert len(printer.engine.printed) == 1
            assert ends == [delivery_id]

    async def test_died_before_the_document_left(self, office: Office, ends: list[int]) -> None:
        """The empty job on the device is canceled and the document printed by a new one: once. SC-POST-01"""
        async with VirtualIppPrinter() as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, pdf(2)))
            client = _client(printer)
            created = await client.ask(Operation.CREATE_JOB, user_name="anna")
            client.close()
            await office.do(deliveries.note_printer_job, delivery_id, created.job.integer("job-id"))
            await office.start()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 2)
            assert [job.state for job in printer.jobs.values()] == [JobState.CANCELED, JobState.COMPLETED]
            assert len(printer.engine.printed) == 1
            assert ends == [delivery_id]

    @pytest.mark.parametrize("handed_over", [False, True], ids=["sending", "following"])
    async def test_died_while_the_device_printed(self, office: Office, handed_over: bool, ends: list[int]) -> None:
        """The device has the document: its job is followed to the end, and nothing is printed twice. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=1)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            document = pdf(3)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, document))
            job_id = await _print_at(printer, document)
            await office.do(deliveries.note_printer_job, delivery_id, job_id)
            if handed_over:
                await office.do(deliveries.note_handed_over, delivery_id)
            await office.start()
            await office.until(delivery_id, lambda delivery: delivery.message == "Paper tray is empty")
            await printer.engine.load_paper(None)
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 3)
            assert len(printer.engine.printed) == 1
            assert ends == [delivery_id]

    async def test_print_job_without_a_number_is_found_by_its_name(self, office: Office, ends: list[int]) -> None:
        """A device without Create-Job lists our job while it prints it: followed, not printed again. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=1), operations=WITHOUT_CREATE_JOB) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            document = pdf(3)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, document))
            await _print_at(printer, document)
            await office.start()
            await office.until(delivery_id, lambda delivery: delivery.printer_job_id is not None)
            await printer.engine.load_paper(None)
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 3)
            assert len(printer.engine.printed) == 1
            assert ends == [delivery_id]

    async def test_print_job_of_which_the_device_knows_nothing(self, office: Office) -> None:
        """A device without Create-Job that lists no such job: nobody knows, so it is held again. SC-POST-01"""
        async with VirtualIppPrinter(operations=WITHOUT_CREATE_JOB) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, pdf()))
            await office.start()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.INTERRUPTED, 0)
            assert printer.engine.printed == []

    async def test_device_is_off_at_the_start(self, office: Office, ends: list[int]) -> None:
        """What became of a delivery is asked until the device answers; meanwhile people see why it waits. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=1)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            document = pdf(2)
            delivery_id = await _left_behind(office, device, anna, await office.hold(anna, document))
            await office.do(deliveries.note_printer_job, delivery_id, await _print_at(printer, document))
            await printer.go_away()
            await office.start()
            waiting = await office.until(delivery_id, lambda delivery: bool(delivery.message))
            assert waiting.state == DeliveryState.SENDING
            await printer.engine.load_paper(None)
            await printer.come_back()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 2)
            assert ends == [delivery_id]

    async def test_stopping_leaves_what_another_process_can_follow(self, office: Office, ends: list[int]) -> None:
        """A graceful stop in the middle of printing loses nothing: the next start follows the same job. SC-POST-01"""
        async with VirtualIppPrinter(engine=PrintEngine(sheets=1)) as printer:
            anna, device = await office.user(), await office.device(printer.uri)
            [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf(2)))
            await office.until(delivery_id, lambda delivery: delivery.message == "Paper tray is empty")
            await office.output.stop(5)
            assert (await office.delivery(delivery_id)).state == DeliveryState.FOLLOWING
            await printer.engine.load_paper(None)
            await office.start()
            ended = await office.ended(delivery_id)
            assert (ended.state, ended.impressions_completed) == (DeliveryState.COMPLETED, 2)
            assert len(printer.engine.printed) == 1
            assert ends == [delivery_id]


async def _print_at(printer: VirtualIppPrinter, document: bytes) -> int:
    """Print as the dead process did. Returns: the job-id."""

    async def body():
        yield document

    client = _client(printer)
    answer = await client.send(
        Operation.PRINT_JOB,
        [a.name_("job-name", "Report"), a.mime_type("document-format", "application/pdf")],
        user_name="anna",
        body=body(),
        length=len(document),
        timeout_s=5,
    )
    client.close()
    job_id = answer.job.integer("job-id")
    assert job_id is not None
    return job_id
