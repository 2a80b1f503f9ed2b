"""LPD devices: the job is taken or refused, and nothing is told afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from platen.printing.models import DeliveryState, JobState
from tests.services.output.conftest import Office
from tests.services.output.documents import pdf


class Daemon:
    """An LPD daemon written from RFC 1179 for these tests: control file first, then the data, each acknowledged."""

    def __init__(self) -> None:
        self.queue = b""
        self.controls: list[bytes] = []
        self.documents: list[bytes] = []
        self.refuses_data = False
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.queue = (await reader.readline())[1:-1]
            writer.write(b"\0")
            while line := await reader.readline():
                size = int(line[1:].split()[0])
                if line[0] == 3 and self.refuses_data:
                    writer.write(b"\2")
                    return
                writer.write(b"\0")
                octets = await reader.readexactly(size)
                assert await reader.readexactly(1) == b"\0"
                (self.controls if line[0] == 2 else self.documents).append(octets)
                writer.write(b"\0")
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def daemon() -> AsyncIterator[Daemon]:
    made = Daemon()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


async def test_document_and_copies(office: Office, daemon: Daemon) -> None:
    """The document goes once, and is to be printed as often as copies are wanted. SC-PUSH-03, SC-PUSHQ-04"""
    anna, device = await office.user(), await office.device(f"lpd://127.0.0.1:{daemon.port}/raw")
    document = pdf(1, padding_bytes=600_000)
    [delivery_id] = await office.release(device, anna, await office.hold(anna, document), copies=3)
    assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
    assert (daemon.queue, daemon.documents) == (b"raw", [document])
    lines = daemon.controls[0].splitlines()
    assert sum(line.startswith(b"l") for line in lines) == 3
    assert b"Panna" in lines


async def test_refusal_that_may_pass_is_tried_again(office: Office, daemon: Daemon) -> None:
    """A full device is tried again, and the document comes out when it has room. SC-PUSH-03"""
    daemon.refuses_data = True
    anna, device = await office.user(), await office.device(f"lpd://127.0.0.1:{daemon.port}/raw")
    [delivery_id] = await office.release(device, anna, await office.hold(anna, pdf()))
    waiting = await office.until(delivery_id, lambda delivery: "refused" in delivery.message)
    assert waiting.job.state == JobState.PROCESSING_STOPPED
    daemon.refuses_data = False
    assert (await office.ended(delivery_id)).state == DeliveryState.COMPLETED
    assert len(daemon.documents) == 1
