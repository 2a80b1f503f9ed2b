"""Raw TCP (socket://HOST:9100): the document's octets and nothing else, or wrapped in PJL where the device answers it.

Without PJL the device tells nothing. It has the document when it has acknowledged every octet and, after we closed our
side, closed its own or stayed silent for a moment; what came out is then not known to be less than everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

from platen.policy.device_uri import DeviceUri
from platen.printing.models import DeliveryState
from platen.services.output.attempt import Attempt
from platen.services.output.connect import READ_BUFFER_BYTES, Streams, connect
from platen.services.output.results import Ended, Result
from platen.services.output.stream import PULSE_S, Stopped, Transfer, unsent

CLOSE_WAIT_S = 2.0  # for the device to close its side; some keep theirs open until they have printed
CUT_OFF = "The connection to the device broke off in the middle. Part of the document may have come out."


class RawChannel:
    """Carries one attempt to a raw device."""

    def __init__(self, uri: DeviceUri, *, timeout_s: float) -> None:
        self._uri = uri
        self._timeout_s = timeout_s

    async def deliver(self, attempt: Attempt) -> Result:
        """Send the document. Raises: DeviceUnreachable, NotWanted; cancelled, nothing more leaves.

        A stream has no mark where one document ends and the next begins but the connection's end. So each copy has a
        connection of its own: two PDF files on one would be read as one damaged file.
        """
        attempt.document.start()
        for number in range(attempt.plan.copies):
            streams = await connect(self._uri, timeout_s=self._timeout_s)
            try:
                if number == 0:
                    await attempt.begin()
                failed = await self._send_copy(attempt, streams)
            finally:
                streams[1].transport.abort()
            if failed is not None:
                return failed
        return Ended(state=DeliveryState.COMPLETED)

    async def _send_copy(self, attempt: Attempt, streams: Streams) -> Ended | None:
        """Returns: None once the device has the copy, or how the delivery ended."""
        reader, writer = streams
        transfer = Transfer(attempt, writer, stall_s=self._timeout_s)
        try:
            await transfer.through(send(attempt, writer, attempt.document.chunks()))
            writer.write_eof()
            await _wait_until_taken(reader, writer, transfer)
        except Stopped:
            return Ended(state=DeliveryState.CANCELED, message="Stopped while it was sent.")
        except OSError:
            return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=CUT_OFF)
        return None


async def send(attempt: Attempt, writer: asyncio.StreamWriter, octets: AsyncGenerator[bytes, None]) -> None:
    """Write octets as the connection takes them. Raises: OSError, DocumentUnreadable."""
    async with contextlib.aclosing(octets):
        async for chunk in octets:
            writer.write(chunk)
            attempt.sent(len(chunk))
            await writer.drain()


async def _wait_until_taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, transfer: Transfer) -> None:
    """Return when the device closed the connection, or has acknowledged all and said nothing more for a moment.

    Raises: OSError when the connection was reset, Stopped.
    """
    reading = asyncio.ensure_future(_read_to_end(reader))
    acknowledged_at: float | None = None
    try:
        while not (await asyncio.wait({reading}, timeout=PULSE_S))[0]:
            if unsent(writer):
                await transfer.look()
            elif acknowledged_at is None:
                acknowledged_at = time.monotonic()
            elif time.monotonic() - acknowledged_at >= CLOSE_WAIT_S:
                return
        reading.result()
        if unsent(writer):
            raise ConnectionResetError("closed before everything was taken")
    finally:
        reading.cancel()


async def _read_to_end(reader: asyncio.StreamReader) -> None:
    while await reader.read(READ_BUFFER_BYTES):
        pass  # status that nobody asked for
