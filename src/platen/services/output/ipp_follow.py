"""Following a job on an IPP device to its end: what came out, what holds it up, and how to take it back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from platen.devices.models import DeviceState
from platen.policy.job_states import JobState
from platen.policy.state_words import hinders, in_words
from platen.printing.models import DeliveryState
from platen.protocols.ipp import Attributes, Operation, Status
from platen.protocols.ipp import attributes as a
from platen.services.output.attempt import Attempt
from platen.services.output.capabilities import ask_state, state_of
from platen.services.output.errors import DeviceError, DeviceRefused
from platen.services.output.ipp_client import IppClient
from platen.services.output.results import Ended, PutBack, Report, Result

log = structlog.get_logger("platen.output")

LOOK_FIRST_S, LOOK_LAST_S, LOOK_GROWTH = 0.05, 2.0, 1.3
STILL_S = 3.0  # nothing came out for so long: ask the printer why
SILENT_MAX_S = 1800.0  # a device that was switched off in the middle is waited for this long
CANCEL_WAIT_S = 30.0
_ENDED = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})
FORGOTTEN = frozenset({Status.CLIENT_ERROR_NOT_FOUND, Status.CLIENT_ERROR_GONE})
_WANTED = (
    "job-id",
    "job-state",
    "job-state-reasons",
    "job-state-message",
    "job-impressions-completed",
    "job-media-sheets-completed",
)


@dataclass(frozen=True, slots=True)
class JobOnDevice:
    """What the device says of a job."""

    attributes: Attributes

    @property
    def state(self) -> int:
        """job-state."""
        return self.attributes.integer("job-state") or JobState.PROCESSING

    @property
    def reasons(self) -> tuple[str, ...]:
        """job-state-reasons."""
        return self.attributes.texts("job-state-reasons")

    @property
    def impressions(self) -> int | None:
        """job-impressions-completed; sheets where only those are told; None where neither is."""
        counted = self.attributes.integer("job-impressions-completed")
        sheets = self.attributes.integer("job-media-sheets-completed")
        return counted if counted or sheets is None else sheets

    @property
    def has_ended(self) -> bool:
        """Whether it has a final state."""
        return self.state in _ENDED


class JobFollower:
    """Asks one device about jobs. report: told whatever the device says of itself on the way."""

    def __init__(self, client: IppClient, timeout_s: float, report: Callable[[Report], Awaitable[None]]) -> None:
        self._client = client
        self.timeout_s = timeout_s
        self._report = report
        self._impressions: int | None = None
        self._moved_at = time.monotonic()

    async def follow(self, attempt: Attempt, job_id: int) -> Ended:
        """Return when the job has ended on the device, however long that takes, or the device is given up."""
        pause_s, heard_at, lost = LOOK_FIRST_S, time.monotonic(), False
        self._moved_at = heard_at
        while True:
            try:
                ended = await self.look(attempt, job_id)
                heard_at = time.monotonic()
            except DeviceRefused as error:
                if error.status in FORGOTTEN:
                    return self._forgotten(lost)
                log.warning("job_not_told", device_id=attempt.plan.device_id, error=str(error))
                ended = None
            except DeviceError as error:
                lost = True
                ended = await self._silent(attempt, heard_at, error)
            if ended is not None:
                return ended
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * LOOK_GROWTH, LOOK_LAST_S)

    async def look(self, attempt: Attempt, job_id: int) -> Ended | None:
        """Ask once and tell the person. Returns: how it ended, None while it goes on. Raises: DeviceError."""
        job = await self.ask(job_id, attempt.plan.user_name)
        if job.impressions != self._impressions:
            self._impressions, self._moved_at = job.impressions, time.monotonic()
        if job.has_ended:
            return _outcome(job)
        stopped, message = False, ""
        if self._asks_why(job):
            stopped, message = await self._why()
            stopped = stopped or job.state == JobState.PROCESSING_STOPPED
        if not await attempt.progress(job.impressions or None, message, stopped):
            return await self.stop(attempt, job_id)
        return None

    async def ask(self, job_id: int, user_name: str) -> JobOnDevice:
        """What the device says of a job. Raises: DeviceError."""
        wanted = [a.integer("job-id", job_id), a.keyword("requested-attributes", *_WANTED)]
        answer = await self._client.ask(Operation.GET_JOB_ATTRIBUTES, wanted, user_name)
        return JobOnDevice(answer.job)

    def _asks_why(self, job: JobOnDevice) -> bool:
        still = time.monotonic() - self._moved_at >= STILL_S
        return still or job.state == JobState.PROCESSING_STOPPED or "printer-stopped" in job.reasons

    async def _why(self) -> tuple[bool, str]:
        """(whether the printer has stopped, what a person shall do about it)."""
        printer = await ask_state(self._client)
        state, reasons = state_of(printer), printer.texts("printer-state-reasons")
        said = printer.text("printer-state-message") or ""
        await self._report(Report(state=state, state_reasons=reasons, message=said))
        hindering = [reason for reason in reasons if hinders(reason)]
        stopped = state == DeviceState.STOPPED or bool(hindering)
        return stopped, (in_words(hindering or reasons) or said or "The device has stopped") if stopped else ""

    async def _silent(self, attempt: Attempt, heard_at: float, error: DeviceError) -> Ended | None:
        if time.monotonic() - heard_at > SILENT_MAX_S:
            return Ended(
                state=DeliveryState.INTERRUPTED,
                impressions_completed=self._impressions or 0,
                message=f"{error} Look what came out of the device.",
            )
        if not await attempt.progress(self._impressions, str(error), stopped=True):
            return Ended(
                state=DeliveryState.CANCELED,
                impressions_completed=self._impressions or 0,
                message="Stopped; the device did not answer, so the rest may still come out.",
            )
        return None

    def _forgotten(self, lost: bool) -> Ended:
        """The device no longer knows the job. Many keep no history, so it is done; not so after a restart."""
        if lost:
            return Ended(
                state=DeliveryState.INTERRUPTED,
                impressions_completed=self._impressions or 0,
                message="The device was switched off in the middle and has forgotten the document.",
            )
        return Ended(state=DeliveryState.COMPLETED)

    async def stop(self, attempt: Attempt, job_id: int) -> Ended:
        """Somebody asked to stop: cancel the job on the device and count what came out before."""
        await self.cancel(job_id, attempt.plan.user_name)
        job = await self._final(job_id, attempt.plan.user_name)
        if job is not None and job.state == JobState.COMPLETED:
            return _outcome(job)  # the last page was out already
        count = job.impressions if job is not None else self._impressions
        return Ended(state=DeliveryState.CANCELED, impressions_completed=count or 0, message="Stopped on request.")

    async def cancel(self, job_id: int, user_name: str) -> bool:
        """Cancel a job on the device. Returns: whether the device accepted that."""
        try:
            await self._client.ask(Operation.CANCEL_JOB, [a.integer("job-id", job_id)], user_name)
        except DeviceError as error:
            log.info("printer_job_not_canceled", printer_job_id=job_id, error=str(error))
            return False
        return True

    async def take_back(self, attempt: Attempt, job_id: int, why: str) -> Result:
        """The document did not arrive whole: cancel the job. Nothing came out: it may be sent again.

        Raises: DeviceError where the device does not answer; whether anything came out is then still to be asked.
        """
        plan = attempt.plan
        try:
            if not (await self.ask(job_id, plan.user_name)).has_ended:
                await self.cancel(job_id, plan.user_name)
        except DeviceRefused as error:
            if error.status not in FORGOTTEN:
                raise
        job = await self._final(job_id, plan.user_name)
        if job is not None and job.state == JobState.COMPLETED:
            return _outcome(job)
        count = job.impressions if job is not None else None
        if job is not None and not count:
            return PutBack(message=why)
        return Ended(
            state=DeliveryState.INTERRUPTED,
            impressions_completed=count or 0,
            message=f"{why} Part of the document may have come out.",
        )

    async def _final(self, job_id: int, user_name: str) -> JobOnDevice | None:
        """The job when it has ended, or after CANCEL_WAIT_S as it is then; None when the device does not tell."""
        job: JobOnDevice | None = None
        until, pause_s = time.monotonic() + CANCEL_WAIT_S, LOOK_FIRST_S
        while time.monotonic() < until:
            try:
                job = await self.ask(job_id, user_name)
            except DeviceRefused:
                return job
            except DeviceError as error:
                log.info("canceled_job_not_told", printer_job_id=job_id, error=str(error))
            if job is not None and job.has_ended:
                break
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * LOOK_GROWTH, LOOK_LAST_S)
        return job


def _outcome(job: JobOnDevice) -> Ended:
    """The end of a delivery from the end of its job on the device."""
    count = job.impressions
    if job.state == JobState.COMPLETED:
        # Not a few devices say 0 of everything; a document that came out has at least one page.
        return Ended(state=DeliveryState.COMPLETED, impressions_completed=count or None)
    if job.state == JobState.CANCELED:
        message = "It was canceled at the device."
    else:
        said = job.attributes.text("job-state-message") or in_words(
            reason for reason in job.reasons if reason != "aborted-by-system"
        )
        message = f"The device gave the document up{f': {said}' if said else ''}."
    state = DeliveryState.INTERRUPTED if count else DeliveryState.FAILED
    return Ended(state=state, impressions_completed=count or 0, message=message)
