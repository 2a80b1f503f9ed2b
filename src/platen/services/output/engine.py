"""The output service: a line for each device with something to do, started by whoever releases, and by a slow look."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.devices.queries import Asked, device_by_id
from platen.devices.services import record_state
from platen.policy.device_uri import parse_device_uri
from platen.printing.deliveries import Plan
from platen.printing.queries import devices_with_open_deliveries
from platen.printing.spool import Spool
from platen.services.database import Database
from platen.services.output.channels import DeviceChannel, open_channel
from platen.services.output.departure import Departure
from platen.services.output.line import DeviceLine, Means
from platen.services.output.results import Report
from platen.services.output.status import StatusRefresher
from platen.settings import Settings

log = structlog.get_logger("platen.output")

POLL_S = 1.0
READ_THREADS = 4
LEAVE_LOOK_S = 0.2

RecordState = Callable[..., None]  # devices.services.record_state


class Output:
    """Delivers what is released. is_occupied: whether somebody is signed in at a device; called for its tenant, in a
    thread. Deliveries of one device go in order, devices side by side."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        spool: Spool,
        *,
        is_occupied: Callable[[int], bool],
        record_state: RecordState = record_state,
        front: Database | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._record_state = record_state
        self._threads = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="output-read")
        self._lines: dict[int, DeviceLine] = {}
        self._channels: dict[int, tuple[Asked, DeviceChannel]] = {}
        self._status = StatusRefresher(database, self)
        self._poll: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._turns = threading.Lock()  # a device has one line, whichever thread gives it one
        self._means = Means(
            database=database,
            front=front or database,
            spool=spool,
            threads=self._threads,
            devices=self,
            is_occupied=is_occupied,
            retry_s=settings.output_retry_s,
            documents_are_read=settings.reads_documents,
        )

    async def start(self) -> None:
        """Take up what an earlier process left, then deliver what comes."""
        await self._look_around()
        self._loop = asyncio.get_running_loop()
        self._poll = asyncio.create_task(self._keep_looking(), name="output-poll")
        self._status.start()

    async def stop(self, timeout_s: float) -> None:
        """No new delivery; those under way get timeout_s to end. The rest is handed back, or decided at next start."""
        with self._turns:
            self._stopping = True
        await asyncio.sleep(0)  # lines that were given a departure until then have begun
        if self._poll is not None:
            self._poll.cancel()
        await self._status.stop()
        for line in self._lines.values():
            line.finish()
        until = time.monotonic() + timeout_s
        while self._lines and time.monotonic() < until:
            for line in list(self._lines.values()):
                if line.can_be_left:
                    line.task.cancel()
            await asyncio.wait([line.task for line in self._lines.values()], timeout=LEAVE_LOOK_S)
        tasks = [line.task for line in self._lines.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _, channel in self._channels.values():
            channel.close()
        self._threads.shutdown(wait=False)

    def wake(self, tenant_id: int, device_id: int) -> None:
        """Something was released at a device. Call in the event loop, after the release is durable."""
        line = self._line(tenant_id, device_id)
        if line is not None:
            line.wake()

    def prepare(self, plan: Plan) -> Departure | None:
        """A delivery is being released: give it a device that has nothing to do, so that the way there is open when the
        release is durable. Call in any thread, before the release's commit, which must settle the departure.

        Returns: None, where the device is busy or nothing is delivered any more; then `wake` after the commit.
        """
        with self._turns:
            if self._loop is None or self._stopping or plan.device_id in self._lines:
                return None
            departure = Departure(plan, self._loop)
            line = self._add_line(plan.tenant_id, plan.device_id, departure)
            self._loop.call_soon_threadsafe(line.start)
            return departure

    def is_busy(self, device_id: int) -> bool:
        """Whether something is being delivered there, or waits for its next try."""
        return device_id in self._lines

    def channel_of(self, plan: Plan) -> DeviceChannel:
        """The way to a plan's device."""
        known = Asked(plan.tenant_id, plan.device_id, plan.device_uri, plan.pjl_status, plan.tls_verify)
        return self.channel(known)

    def channel(self, device: Asked) -> DeviceChannel:
        """The way to a device; kept, with its idle connections, until the device's address changes.

        Raises: DeviceUriError.
        """
        kept = self._channels.get(device.device_id)
        if kept is not None and kept[0] == device:
            return kept[1]
        if kept is not None:
            kept[1].close()

        async def on_report(report: Report) -> None:
            await self.record(device.tenant_id, device.device_id, report)

        channel = open_channel(
            parse_device_uri(device.uri),
            pjl_status=device.pjl_status,
            tls_verify=device.tls_verify,
            timeout_s=self._settings.output_timeout_s,
            on_report=on_report,
        )
        self._channels[device.device_id] = (device, channel)
        return channel

    async def record(self, tenant_id: int, device_id: int, report: Report) -> None:
        """Keep what a device said of itself. A database that is away costs one log line: it will say so again."""
        try:
            await self._database.run(tenant_id, _record, self._record_state, device_id, report)
        except DatabaseError as error:
            log.warning("device_state_not_recorded", device_id=device_id, error=str(error))

    def _line(self, tenant_id: int, device_id: int) -> DeviceLine | None:
        """The device's line, started if it has none; None while stopping."""
        with self._turns:
            found = self._lines.get(device_id)
            if found is not None:
                return found
            if self._stopping:
                return None
            line = self._add_line(tenant_id, device_id)
        line.start()
        return line

    def _add_line(self, tenant_id: int, device_id: int, first: Departure | None = None) -> DeviceLine:
        line = DeviceLine(self._means, tenant_id, device_id, on_idle=lambda: self._ended(device_id), first=first)
        self._lines[device_id] = line
        return line

    def _ended(self, device_id: int) -> None:
        with self._turns:
            self._lines.pop(device_id, None)

    async def _look_around(self) -> None:
        """Start lines for what other processes released (the command line), and what an earlier one left."""
        for tenant_id, device_id in await self._database.run_for_node(devices_with_open_deliveries):
            self._line(tenant_id, device_id)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self._look_around()
            except DatabaseError as error:
                log.warning("deliveries_not_looked_for", error=str(error))


def _record(record: RecordState, device_id: int, report: Report) -> None:
    device = device_by_id(device_id)
    if device is not None:
        record(
            device,
            report.state,
            now=timezone.now(),
            reasons=report.state_reasons,
            message=report.message,
            capabilities=report.capabilities,
        )
