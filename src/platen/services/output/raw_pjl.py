"""Raw TCP with PJL around the document: the device says which pages came out and when the job has ended."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from platen.documents.detect import PCL5, PCL_XL, PJL, POSTSCRIPT, detect
from platen.policy.device_uri import DeviceUri
from platen.policy.state_words import in_words
from platen.printing.models import DeliveryState
from platen.protocols.pjl import (
    DeviceStatus,
    JobCancelled,
    JobEnded,
    PagePrinted,
    PjlEnvelope,
    PjlEvent,
    PjlStatusParser,
    envelope,
    meaning_of,
    read_pjl_header,
)
from platen.services.output.attempt import Attempt
from platen.services.output.connect import READ_BUFFER_BYTES, Streams, connect
from platen.services.output.raw import CUT_OFF, send
from platen.services.output.results import Ended, Result
from platen.services.output.stream import PULSE_S, Stopped, Transfer

TIMED_STATUS_S = 30
SILENCE_MAX_S = 300.0  # ten of its own reports missed: the device has forgotten us
_COPIES_BY_PJL = frozenset({PJL, PCL5, PCL_XL, POSTSCRIPT})


@dataclass(slots=True)
class _Heard:
    """What the device has said about our job."""

    pages: int = 0
    message: str = ""
    stopped: bool = False
    ended: JobEnded | JobCancelled | None = None
    anything: bool = False
    at: float = 0.0


class PjlChannel:
    """Carries one attempt to a raw device that answers PJL job status."""

    def __init__(self, uri: DeviceUri, *, timeout_s: float) -> None:
        self._uri = uri
        self._timeout_s = timeout_s

    async def deliver(self, attempt: Attempt) -> Result:
        """Send the document and follow it. Raises: DeviceUnreachable, NotWanted."""
        attempt.document.start()
        streams = await connect(self._uri, timeout_s=self._timeout_s)
        rounds, quantity = _copies(await attempt.document.head(), attempt.plan.copies)
        pages: int | None = 0
        for number in range(rounds):
            if number:
                streams = await connect(self._uri, timeout_s=self._timeout_s)
            try:
                await attempt.begin()
                wrap = _envelope(attempt, number, quantity)
                ended = await _Conversation(attempt, streams, self._timeout_s, pages or 0).run(wrap)
            finally:
                streams[1].transport.abort()
            pages = None if pages is None else ended.impressions_completed  # of all copies up to here
            if ended.state != DeliveryState.COMPLETED:
                return ended
        return Ended(state=DeliveryState.COMPLETED, impressions_completed=pages)


def _copies(head: bytes, copies: int) -> tuple[int, int]:
    """(how often to send the document, QTY to set): a device makes copies only of languages that it interprets, and
    a document that sets its own copies would undo ours."""
    if copies == 1:
        return 1, 1
    header = read_pjl_header(head)
    if detect(head) in _COPIES_BY_PJL and not (header.setting("QTY") or header.setting("COPIES")):
        return 1, copies
    return copies, 1


def _envelope(attempt: Attempt, number: int, quantity: int) -> PjlEnvelope:
    plan = attempt.plan
    name = f"platen-{plan.delivery_id}" + (f"-{number + 1}" if number else "")
    settings = {"QTY": str(quantity)} if quantity > 1 else {}
    return envelope(name, user_name=plan.user_name, settings=settings, timed_status_s=TIMED_STATUS_S)


class _Conversation:
    """One connection: the document goes out while the device talks back."""

    def __init__(self, attempt: Attempt, streams: Streams, timeout_s: float, pages_before: int) -> None:
        self._attempt = attempt
        self._reader, self._writer = streams
        self._timeout_s = timeout_s
        self._pages_before = pages_before
        self._heard = _Heard(at=time.monotonic())
        self._parser = PjlStatusParser()

    async def run(self, wrap: PjlEnvelope) -> Ended:
        """Send, then listen until the device says that the job has ended."""
        listening = asyncio.ensure_future(self._listen())
        transfer = Transfer(self._attempt, self._writer, stall_s=self._timeout_s)
        try:
            sending = asyncio.ensure_future(self._send(wrap))
            while not (await asyncio.wait({sending}, timeout=PULSE_S))[0]:
                # What the device says explains more than that it takes nothing.
                await (self._tell() if self._heard.stopped else transfer.look())
            sending.result()
            await self._attempt.hand_over()
            return await self._follow(listening)
        except Stopped:
            return Ended(state=DeliveryState.CANCELED, impressions_completed=self._pages, message="Stopped on request.")
        except OSError:
            return self._cut_off(CUT_OFF)
        finally:
            listening.cancel()
            sending.cancel()

    @property
    def _pages(self) -> int:
        return self._pages_before + self._heard.pages

    def _cut_off(self, message: str) -> Ended:
        return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=self._pages, message=message)

    async def _send(self, wrap: PjlEnvelope) -> None:
        self._writer.write(wrap.prefix)
        self._attempt.sent(len(wrap.prefix))
        await send(self._attempt, self._writer, self._attempt.document.chunks())
        self._writer.write(wrap.suffix)
        await self._writer.drain()

    async def _listen(self) -> None:
        """Read until the job has ended or the connection has. Raises: OSError."""
        while self._heard.ended is None and (data := await self._reader.read(READ_BUFFER_BYTES)):
            for event in self._parser.receive_data(data):
                self._hear(event)

    def _hear(self, event: PjlEvent) -> None:
        heard = self._heard
        heard.anything, heard.at = True, time.monotonic()
        match event:
            case PagePrinted():
                heard.pages += 1
            case JobEnded() | JobCancelled() if self._is_ours(event.name):
                heard.ended = event
            case DeviceStatus():
                meaning = meaning_of(event.code)
                heard.stopped = meaning.stops_printing
                heard.message = (in_words(meaning.reasons) or event.display) if heard.stopped else ""

    def _is_ours(self, name: str) -> bool:
        # Some devices do not repeat the name; then only one connection prints at a time, and it is ours.
        return not name or name.startswith(f"platen-{self._attempt.plan.delivery_id}")

    async def _tell(self) -> None:
        going_on = await self._attempt.progress(self._pages or None, self._heard.message, self._heard.stopped)
        # PJL cannot take back a job that the device has; until then closing the connection does.
        if not going_on and not self._attempt.handed_over:
            raise Stopped

    async def _follow(self, listening: asyncio.Future[None]) -> Ended:
        sent_at = time.monotonic()
        while not (await asyncio.wait({listening}, timeout=PULSE_S))[0]:
            await self._tell()
            now = time.monotonic()
            if not self._heard.anything and now - sent_at > self._timeout_s:
                # It does not speak PJL after all. It took everything, as a plain raw device would.
                return Ended(state=DeliveryState.COMPLETED)
            if self._heard.anything and now - self._heard.at > SILENCE_MAX_S:
                return self._cut_off("The device stopped telling how the document goes. Look what came out.")
        listening.result()
        return self._outcome()

    def _outcome(self) -> Ended:
        ended = self._heard.ended
        if ended is None and self._heard.anything:
            return self._cut_off(CUT_OFF)
        if ended is None:
            # It closed after taking everything and never said a word of PJL: a plain raw device.
            return Ended(state=DeliveryState.COMPLETED)
        pages = self._pages_before + max(ended.pages or 0, self._heard.pages)
        if isinstance(ended, JobEnded):
            return Ended(state=DeliveryState.COMPLETED, impressions_completed=pages or None)
        message = "It was canceled at the device."
        if pages:
            return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=pages, message=message)
        return Ended(state=DeliveryState.FAILED, impressions_completed=0, message=message)
