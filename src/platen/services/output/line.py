"""The line of one device: what was released there goes out one after another, until nothing is left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.policy.device_uri import DeviceUriError
from platen.printing import deliveries
from platen.printing.deliveries import Plan
from platen.printing.models import DeliveryState
from platen.printing.spool import Spool
from platen.services.database import Database
from platen.services.output import metrics
from platen.services.output.attempt import Attempt, NotWanted
from platen.services.output.channels import DeviceChannel, offline, report_or_offline
from platen.services.output.departure import Departure
from platen.services.output.document import Document, DocumentUnreadable
from platen.services.output.errors import DeviceError
from platen.services.output.look import Later, Work, look
from platen.services.output.results import Ended, PutBack, Report, Result

log = structlog.get_logger("platen.output")

RETRY_MAX_S = 300.0
LARGE_DOCUMENTS_MAX = 128  # about 1 MiB of memory each
AFTER_FAULT_S = 1.0
_END_PAUSES_S = (0.05, 0.2, 0.5, 1.0, 2.0)


class Devices(Protocol):
    """What a line asks of the engine."""

    def channel_of(self, plan: Plan) -> DeviceChannel:
        """The way to the plan's device."""

    async def record(self, tenant_id: int, device_id: int, report: Report) -> None:
        """Keep what a device said of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What all lines share."""

    database: Database
    front: Database  # for the step that a person waits for
    spool: Spool
    threads: Executor
    devices: Devices
    is_occupied: Callable[[int], bool]
    retry_s: float
    documents_are_read: bool  # by this node's analysis
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_DOCUMENTS_MAX))


class DeviceLine:
    """One device with something to do. on_idle is called in the same breath in which the line ends.

    first: a delivery that is being released, while the device has nothing to do; it is carried out without a look.
    """

    def __init__(
        self, means: Means, tenant_id: int, device_id: int, on_idle: Callable[[], None], first: Departure | None = None
    ) -> None:
        self._first = first
        self._means = means
        self._tenant_id = tenant_id
        self._device_id = device_id
        self._on_idle = on_idle
        self._woken = asyncio.Event()
        self._woken_at = None if first is None else time.monotonic()
        self._failures = 0
        self._troubled = False
        self._finishing = False
        self._attempt: Attempt | None = None
        self.task: asyncio.Task[None]

    def start(self) -> None:
        """Begin, in the event loop."""
        self.task = asyncio.create_task(self.run(), name=f"device-{self._device_id}")

    def wake(self) -> None:
        """Something was released here just now."""
        if self._woken_at is None and self._attempt is None:
            self._woken_at = time.monotonic()
        self._woken.set()

    def finish(self) -> None:
        """End after the delivery that is under way."""
        self._finishing = True
        self._woken.set()

    @property
    def can_be_left(self) -> bool:
        """Whether what it does now can be taken up by the next process without loss."""
        return self._attempt is not None and self._attempt.can_be_resumed

    async def run(self) -> None:
        """Deliver until nothing waits, then end."""
        metrics.BUSY_DEVICES.inc()
        try:
            while not self._finishing:
                impatient = self._woken.is_set()
                self._woken.clear()
                try:
                    pause_s = await self._step(impatient=impatient)
                except Exception:  # a fault with one device must not stop its line, and no other device's
                    log.exception("delivery_fault", device_id=self._device_id)
                    pause_s = AFTER_FAULT_S
                if pause_s is None and not self._woken.is_set():
                    return
                await self._pause(pause_s or 0)
        finally:
            metrics.BUSY_DEVICES.dec()
            self._on_idle()

    async def _pause(self, pause_s: float) -> None:
        if pause_s > 0:
            try:
                async with asyncio.timeout(pause_s):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _step(self, *, impatient: bool) -> float | None:
        """Look, and carry out what is next. Returns: seconds to the next look, None when nothing waits."""
        means = self._means
        if self._first is not None:
            first, self._first = self._first, None
            return await self._carry_out(Work(first.plan, DeliveryState.WAITING), first)
        found = await means.database.run(self._tenant_id, look, self._device_id, means.is_occupied, impatient=impatient)
        if isinstance(found, Later):
            self._woken_at = None
            return found.pause_s
        if found is None:
            self._woken_at = None
            return None
        if found.stop:
            await self._end(found.plan, Ended(state=DeliveryState.CANCELED, impressions_completed=0))
            return 0
        return await self._carry_out(found)

    async def _carry_out(self, work: Work, departure: Departure | None = None) -> float:
        plan, means = work.plan, self._means
        document = Document(means.spool, plan.document, means.threads, means.large)
        attempt = self._attempt = Attempt(
            means.database, means.front, plan, document, self._on_first, departure=departure
        )
        try:
            result = await self._try(attempt, work.state)
        except asyncio.CancelledError:
            await self._hand_back(attempt, work.state)
            raise
        finally:
            self._attempt = self._woken_at = None
        # What became of it is written where the delivery is: in a release that is durable.
        if result is None or not await attempt.is_released():
            return 0
        return await self._conclude(attempt, result)

    async def _try(self, attempt: Attempt, state: DeliveryState) -> Result | DeviceError | None:
        """Returns: a DeviceError where it cannot be said yet what became of it; None when nobody wants it any more."""
        fresh = state == DeliveryState.WAITING
        try:
            channel = self._means.devices.channel_of(attempt.plan)
            return await (channel.deliver(attempt) if fresh else channel.recover(attempt, state))
        except NotWanted:
            return None
        except DeviceUriError as error:
            return PutBack(message=str(error))
        except DocumentUnreadable as error:
            log.warning("document_unreadable", job_id=attempt.plan.job_id, error=str(error))
            return _unreadable(attempt)
        except DeviceError as error:
            self._troubled = True
            await self._means.devices.record(self._tenant_id, self._device_id, offline(str(error)))
            return PutBack(message=str(error)) if fresh and attempt.octets_sent == 0 else error
        finally:
            attempt.document.close()

    async def _conclude(self, attempt: Attempt, result: Result | DeviceError) -> float:
        """Write what became of the try. Returns: seconds until the next one."""
        plan = attempt.plan
        if isinstance(result, DeviceError):
            return await self._undecided(attempt, result)
        if isinstance(result, PutBack):
            return await self._put_back(plan, result)
        self._failures = 0
        await self._end(plan, result)
        if self._troubled:
            report = await report_or_offline(self._means.devices.channel_of(plan))
            await self._means.devices.record(self._tenant_id, self._device_id, report)
            self._troubled = False
        return 0

    async def _undecided(self, attempt: Attempt, error: DeviceError) -> float:
        """The device may have printed and cannot be asked now: say so, and ask again."""
        pause_s = self._next_retry_s()
        if not await attempt.progress(message=str(error), stopped=True):
            stopped = Ended(state=DeliveryState.CANCELED, message="Stopped; the device did not answer.")
            await self._end(attempt.plan, stopped)
            return 0
        return pause_s

    async def _put_back(self, plan: Plan, result: PutBack) -> float:
        pause_s = self._next_retry_s() if result.retry_s is None else result.retry_s
        metrics.DELIVERIES.labels(_channel(plan), "put-back").inc()
        await self._means.database.run(
            self._tenant_id,
            deliveries.put_back,
            plan.delivery_id,
            message=result.message,
            retry_at=timezone.now() + timedelta(seconds=pause_s) if pause_s else None,
        )
        log.info("delivery_put_back", delivery_id=plan.delivery_id, device_id=plan.device_id, reason=result.message)
        return pause_s

    def _next_retry_s(self) -> float:
        pause_s = min(self._means.retry_s * 2.0 ** min(self._failures, 16), RETRY_MAX_S)
        self._failures += 1
        return pause_s

    async def _end(self, plan: Plan, ended: Ended) -> None:
        """Write the end, and keep at it while the database is away: the paper is out."""
        metrics.DELIVERIES.labels(_channel(plan), ended.state.value).inc()
        log.info(
            "delivery_ended",
            delivery_id=plan.delivery_id,
            device_id=plan.device_id,
            outcome=ended.state.value,
            impressions=ended.impressions_completed,
            message=ended.message,
        )
        for pause_s in _END_PAUSES_S:
            try:
                await self._end_once(plan, ended)
            except DatabaseError as error:
                log.warning("delivery_end_retry", delivery_id=plan.delivery_id, error=str(error))
                await asyncio.sleep(pause_s)
            else:
                return
        await self._end_once(plan, ended)

    async def _end_once(self, plan: Plan, ended: Ended) -> None:
        await self._means.database.run(
            self._tenant_id,
            deliveries.end,
            self._means.spool,
            plan.delivery_id,
            ended.state,
            impressions_completed=ended.impressions_completed,
            message=ended.message,
            unread_stays=self._means.documents_are_read,
        )

    async def _hand_back(self, attempt: Attempt, state: DeliveryState) -> None:
        """The server stops. What has not left waits for the next start; the rest is decided there (recovery)."""
        if state == DeliveryState.WAITING and attempt.octets_sent == 0 and await attempt.is_released():
            await self._means.database.run(
                self._tenant_id, deliveries.put_back, attempt.plan.delivery_id, message="", retry_at=None
            )

    def _on_first(self) -> None:
        if self._woken_at is not None:
            metrics.FIRST_OCTET_S.observe(time.monotonic() - self._woken_at)
            self._woken_at = None


def _channel(plan: Plan) -> str:
    return plan.device_uri.partition(":")[0]


def _unreadable(attempt: Attempt) -> Ended:
    message = "The stored document is damaged and cannot be printed. Print it again from the computer."
    if attempt.octets_sent:
        return Ended(state=DeliveryState.INTERRUPTED, impressions_completed=0, message=message)
    return Ended(state=DeliveryState.FAILED, impressions_completed=0, message=message)
