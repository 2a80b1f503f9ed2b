"""LPD (lpd://HOST/QUEUE, RFC 1179): the device takes the job or refuses it, and tells nothing afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from platen.policy.device_uri import DeviceUri
from platen.printing.models import DeliveryState
from platen.protocols.lpd import (
    Delivered,
    DeliveryFailed,
    LpdDocument,
    LpdJob,
    LpdSender,
    LpdSenderEvent,
    LpdUsageError,
    SendDocument,
)
from platen.services.output.attempt import Attempt
from platen.services.output.connect import Streams, connect
from platen.services.output.raw import CUT_OFF
from platen.services.output.results import Ended, PutBack, Result
from platen.services.output.stream import Stopped, Transfer

ANSWER_BYTES = 1024
_MAY_PASS = frozenset({1, 2})  # refusals that time may cure: busy, full, queue stopped


class LpdChannel:
    """Carries one attempt to an LPD queue. Copies are repeated print lines of the control file."""

    def __init__(self, uri: DeviceUri, *, timeout_s: float) -> None:
        self._uri = uri
        self._timeout_s = timeout_s

    async def deliver(self, attempt: Attempt) -> Result:
        """Send the job. Raises: DeviceUnreachable, NotWanted."""
        try:
            sender = LpdSender(_job_of(attempt, self._uri.queue))
        except LpdUsageError as error:
            return Ended(state=DeliveryState.FAILED, impressions_completed=0, message=str(error))
        attempt.document.start()
        streams = await connect(self._uri, timeout_s=self._timeout_s)
        try:
            await attempt.begin()
            transfer = Transfer(attempt, streams[1], stall_s=self._timeout_s)
            last = await transfer.through(_talk(attempt, sender, streams))
        except Stopped:
            return Ended(state=DeliveryState.CANCELED, message="Stopped while it was sent.")
        except OSError:
            return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=CUT_OFF)
        finally:
            streams[1].transport.abort()
        if isinstance(last, Delivered):
            await attempt.hand_over()
            return Ended(state=DeliveryState.COMPLETED)
        return _not_taken(last)


def _job_of(attempt: Attempt, queue: str) -> LpdJob:
    plan = attempt.plan
    document = LpdDocument(size_bytes=attempt.document.size_bytes, name=plan.job_name, copies=plan.copies)
    return LpdJob(
        queue=queue,
        host=socket.gethostname(),
        user=plan.user_name,
        job_name=plan.job_name,
        number=plan.delivery_id % 1000,
        documents=(document,),
    )


def _not_taken(failed: DeliveryFailed) -> Result:
    if failed.may_have_printed:
        return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=failed.message)
    if failed.octet is None or failed.octet in _MAY_PASS:
        return PutBack(message=failed.message)
    return Ended(state=DeliveryState.FAILED, impressions_completed=0, message=failed.message)


async def _talk(attempt: Attempt, sender: LpdSender, streams: Streams) -> Delivered | DeliveryFailed:
    """Move octets until the sender knows the end. Raises: OSError."""
    reader, writer = streams
    events: list[LpdSenderEvent] = []
    while True:
        await _flush(attempt, sender, writer)
        for event in events:
            if not isinstance(event, SendDocument):
                return event
        if any(isinstance(event, SendDocument) for event in events):
            events = await _send_document(attempt, sender, writer)
            continue
        data = await reader.read(ANSWER_BYTES)
        events = sender.receive_data(data) if data else sender.receive_eof()


async def _send_document(attempt: Attempt, sender: LpdSender, writer: asyncio.StreamWriter) -> list[LpdSenderEvent]:
    async with contextlib.aclosing(attempt.document.chunks()) as chunks:
        async for chunk in chunks:
            sender.send_data(chunk)
            await _flush(attempt, sender, writer)
    return sender.end_document()


async def _flush(attempt: Attempt, sender: LpdSender, writer: asyncio.StreamWriter) -> None:
    data = sender.data_to_send()
    if data:
        writer.write(data)
        attempt.sent(len(data))
        await writer.drain()
