"""One channel a device, by the scheme of its address; all of them deliver, recover, and ask how the device is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from platen.devices.models import DeviceState
from platen.policy.device_uri import Channel, DeviceUri
from platen.policy.state_words import in_words
from platen.printing.models import DeliveryState
from platen.protocols.pjl import DeviceStatus, PjlStatusParser, PjlStatusRequest, echo_request, meaning_of
from platen.services.output.attempt import Attempt
from platen.services.output.capabilities import Capabilities, ask_capabilities
from platen.services.output.connect import READ_BUFFER_BYTES, connect
from platen.services.output.errors import DeviceError
from platen.services.output.ipp_client import IppClient
from platen.services.output.ipp_delivery import IppDelivery
from platen.services.output.ipp_follow import JobFollower
from platen.services.output.lpd import LpdChannel
from platen.services.output.raw import RawChannel
from platen.services.output.raw_pjl import PjlChannel
from platen.services.output.recovery import decide_unfollowed, recover_ipp
from platen.services.output.results import OFFLINE, Report, Result

CAPABILITIES_FRESH_S = 60.0
PJL_ANSWER_S = 3.0

OnReport = Callable[[Report], Awaitable[None]]


class DeviceChannel(Protocol):
    """What the engine needs of a way to a device."""

    async def deliver(self, attempt: Attempt) -> Result:
        """Carry out one try. Raises: DeviceError, NotWanted, DocumentUnreadable."""

    async def recover(self, attempt: Attempt, state: DeliveryState) -> Result:
        """Bring to its end what an earlier process began. Raises: DeviceError."""

    async def report(self) -> Report:
        """Ask the device how it is. Raises: DeviceError."""

    def close(self) -> None:
        """Let go of idle connections."""


def open_channel(
    uri: DeviceUri, *, pjl_status: bool, tls_verify: bool, timeout_s: float, on_report: OnReport
) -> DeviceChannel:
    """The channel for an address; nothing is connected yet."""
    if uri.channel.is_ipp:
        return IppChannel(uri, tls_verify=tls_verify, timeout_s=timeout_s, on_report=on_report)
    return StreamChannel(uri, pjl_status=pjl_status and uri.channel is Channel.SOCKET, timeout_s=timeout_s)


class IppChannel:
    """IPP and IPPS: connections and what the device can do are kept between deliveries."""

    def __init__(self, uri: DeviceUri, *, tls_verify: bool, timeout_s: float, on_report: OnReport) -> None:
        self._client = IppClient(uri, tls_verify=tls_verify, timeout_s=timeout_s)
        self._timeout_s = timeout_s
        self._on_report = on_report
        self._known: tuple[float, Capabilities] | None = None
        self._asking = asyncio.Lock()
        self._telling: set[asyncio.Task[None]] = set()

    async def deliver(self, attempt: Attempt) -> Result:
        """Carry out one try."""
        return await IppDelivery(self._client, self.capabilities, self._follower()).deliver(attempt)

    async def recover(self, attempt: Attempt, state: DeliveryState) -> Result:
        """Bring to its end what an earlier process began."""
        return await recover_ipp(attempt, state, self._client, await self.capabilities(), self._follower())

    async def report(self) -> Report:
        """Ask anew; what the device can do is then fresh as well, so that the next delivery need not ask."""
        known = await ask_capabilities(self._client)
        self._known = (time.monotonic(), known)
        return known.report()

    async def capabilities(self) -> Capabilities:
        """What the device can do, asked at most every CAPABILITIES_FRESH_S. Raises: DeviceError."""
        async with self._asking:
            if self._known is None or time.monotonic() - self._known[0] > CAPABILITIES_FRESH_S:
                known = await ask_capabilities(self._client)
                self._known = (time.monotonic(), known)
                # Beside the delivery, which must not wait for the record.
                telling = asyncio.create_task(self._tell(known.report()), name="device-report")
                self._telling.add(telling)
                telling.add_done_callback(self._telling.discard)
            return self._known[1]

    async def _tell(self, report: Report) -> None:
        await self._on_report(report)

    def close(self) -> None:
        """Let go of idle connections."""
        self._client.close()

    def _follower(self) -> JobFollower:
        return JobFollower(self._client, self._timeout_s, self._on_report)


class StreamChannel:
    """Raw and LPD: a connection for each document."""

    def __init__(self, uri: DeviceUri, *, pjl_status: bool, timeout_s: float) -> None:
        self._uri = uri
        self._pjl_status = pjl_status
        self._timeout_s = timeout_s

    async def deliver(self, attempt: Attempt) -> Result:
        """Carry out one try."""
        if self._uri.channel is Channel.LPD:
            return await LpdChannel(self._uri, timeout_s=self._timeout_s).deliver(attempt)
        if self._pjl_status:
            return await PjlChannel(self._uri, timeout_s=self._timeout_s).deliver(attempt)
        return await RawChannel(self._uri, timeout_s=self._timeout_s).deliver(attempt)

    async def recover(self, attempt: Attempt, state: DeliveryState) -> Result:
        """Nobody can be asked; the state alone decides."""
        return decide_unfollowed(state)

    async def report(self) -> Report:
        """Whether the device takes a connection, and what PJL says where it speaks it. Raises: DeviceError."""
        reader, writer = await connect(self._uri, timeout_s=self._timeout_s)
        try:
            if not self._pjl_status:
                return Report(state=DeviceState.IDLE)
            writer.write(echo_request("platen", PjlStatusRequest.STATUS))
            return await _pjl_report(reader)
        finally:
            writer.transport.abort()

    def close(self) -> None:
        """Nothing is kept."""


async def _pjl_report(reader: asyncio.StreamReader) -> Report:
    parser = PjlStatusParser()
    try:
        async with asyncio.timeout(PJL_ANSWER_S):
            while data := await reader.read(READ_BUFFER_BYTES):
                said = [event for event in parser.receive_data(data) if isinstance(event, DeviceStatus)]
                if said:
                    return _report_of(said)
    except (TimeoutError, OSError):
        pass  # it takes connections and does not speak PJL now: printing, or asleep
    return Report(state=DeviceState.IDLE)


def _report_of(said: list[DeviceStatus]) -> Report:
    meanings = [meaning_of(status.code) for status in said]
    reasons = tuple(dict.fromkeys(reason for meaning in meanings for reason in meaning.reasons))
    stopped = any(meaning.stops_printing for meaning in meanings)
    message = in_words(reasons) or next((status.display for status in said if status.display), "")
    return Report(
        state=DeviceState.STOPPED if stopped else DeviceState.IDLE, state_reasons=reasons, message=message[:255]
    )


async def report_or_offline(channel: DeviceChannel) -> Report:
    """How the device is, with "it does not answer" as one of the answers."""
    try:
        return await channel.report()
    except DeviceError as error:
        return offline(str(error))


def offline(message: str) -> Report:
    """What is recorded of a device that could not be talked to."""
    return Report(state=DeviceState.STOPPED, state_reasons=OFFLINE, message=message[:255])
