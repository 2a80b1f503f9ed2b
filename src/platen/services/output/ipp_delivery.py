"""Delivery over IPP: a job is created, noted, filled, and followed until the device says what became of it.

    Create-Job -> job-id noted, durably -> Send-Document -> handed over -> Get-Job-Attributes until it has ended

Where the device cannot create an empty job, Print-Job does it in one; then its number is known only afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from platen.printing.device_ticket import as_obeyed, copies_supported, job_attributes
from platen.printing.models import DeliveryState
from platen.protocols.ipp import Attribute, Message, Operation, Status
from platen.protocols.ipp import attributes as a
from platen.services.output.attempt import Attempt
from platen.services.output.capabilities import Capabilities
from platen.services.output.document_format import document_format_for
from platen.services.output.errors import BadAnswer, ConnectionLost, DeviceError, DeviceRefused, DeviceUnreachable
from platen.services.output.ipp_client import IppClient
from platen.services.output.ipp_follow import JobFollower
from platen.services.output.results import Ended, PutBack, Result
from platen.services.output.stream import PULSE_S

log = structlog.get_logger("platen.output")

BUSY = frozenset(
    {
        Status.SERVER_ERROR_BUSY,
        Status.SERVER_ERROR_SERVICE_UNAVAILABLE,
        Status.SERVER_ERROR_TEMPORARY_ERROR,
        Status.SERVER_ERROR_NOT_ACCEPTING_JOBS,
        Status.SERVER_ERROR_PRINTER_IS_DEACTIVATED,
        Status.SERVER_ERROR_TOO_MANY_JOBS,
    }
)
BUSY_RETRY_S = 1.0
_UNWANTED_ATTRIBUTES = frozenset(
    {Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES}
)


class IppDelivery:
    """Carries one attempt to an IPP device."""

    def __init__(
        self, client: IppClient, capabilities: Callable[[], Awaitable[Capabilities]], follower: JobFollower
    ) -> None:
        self._client = client
        self._capabilities = capabilities
        self._follower = follower

    async def deliver(self, attempt: Attempt) -> Result:
        """Send the document and follow the job. Raises: DeviceError (before anything left), NotWanted."""
        attempt.document.start()
        known = await self._capabilities()
        plan = attempt.plan
        format_ = document_format_for(plan.document_format, await attempt.document.head(), known.document_formats)
        if format_ is None:
            return _format_refused(attempt)
        job = job_attributes(plan.ticket, plan.copies, known.attributes)
        possible = copies_supported(plan.copies, known.attributes)
        if possible < plan.copies:
            log.warning("copies_not_supported", device_id=plan.device_id, copies=plan.copies, possible=possible)
        await attempt.begin()
        try:
            try:
                return await self._print(attempt, known, format_, job)
            except DeviceRefused as error:
                if error.status not in _UNWANTED_ATTRIBUTES or not job:
                    raise
                # It lists what it then refuses: the document matters more than its finish (graceful degradation).
                log.warning("job_attributes_refused", device_id=plan.device_id, error=str(error))
                copies = [attribute for attribute in job if attribute.name == "copies"]
                return await self._print(attempt, known, format_, copies)
        except DeviceRefused as error:
            return _refused(attempt, error)

    async def _print(self, attempt: Attempt, known: Capabilities, format_: str, job: list[Attribute]) -> Result:
        if known.creates_jobs:
            return await self._create_and_send(attempt, format_, job)
        return await self._print_job(attempt, format_, job)

    async def _create_and_send(self, attempt: Attempt, format_: str, job: list[Attribute]) -> Result:
        plan = attempt.plan
        created = await self._client.send(
            Operation.CREATE_JOB,
            [a.name_("job-name", a.clip(plan.job_name or "Document", 255))],
            job,
            user_name=plan.user_name,
            on_sent=attempt.sent,
            timeout_s=self._follower.timeout_s,
        )
        job_id = _job_id(created)
        await attempt.note_printer_job(job_id, as_obeyed(plan.ticket, job))
        sending = asyncio.ensure_future(
            self._client.send(
                Operation.SEND_DOCUMENT,
                [
                    a.integer("job-id", job_id),
                    a.name_("document-name", a.clip(plan.job_name or "Document", 255)),
                    a.mime_type("document-format", format_),
                    a.boolean("last-document", True),
                ],
                user_name=plan.user_name,
                body=attempt.document.chunks(),
                length=attempt.document.size_bytes,
                on_sent=attempt.sent,
            )
        )
        try:
            early = await self._watch_sending(attempt, job_id, sending)
            if early is not None:
                return early
            sending.result()
        except DeviceRefused:
            await self._follower.cancel(job_id, plan.user_name)
            raise
        except (ConnectionLost, DeviceUnreachable, BadAnswer) as error:
            return await self._lost(attempt, job_id, error)
        finally:
            sending.cancel()
        await attempt.hand_over()
        return await self._follower.follow(attempt, job_id)

    async def _watch_sending(self, attempt: Attempt, job_id: int, sending: asyncio.Future[Message]) -> Ended | None:
        """While the document goes out: a device that ran out of paper takes no more until somebody fills it.

        Returns: None when the answer is there, or how the job ended before that.
        """
        while not (await asyncio.wait({sending}, timeout=PULSE_S))[0]:
            try:
                ended = await self._follower.look(attempt, job_id)
            except DeviceError as error:
                # Some devices serve one connection at a time, and that one is busy with the document.
                log.debug("busy_device_not_asked", device_id=attempt.plan.device_id, error=str(error))
                ended = None
                if not await attempt.progress():
                    ended = await self._follower.stop(attempt, job_id)
            if ended is not None:
                return ended
        return None

    async def _lost(self, attempt: Attempt, job_id: int, error: DeviceError) -> Result:
        """The connection broke off in the middle of the document: the job on the device says what came of it."""
        log.warning("document_cut_off", device_id=attempt.plan.device_id, printer_job_id=job_id, error=str(error))
        return await self._follower.take_back(attempt, job_id, str(error))

    async def _print_job(self, attempt: Attempt, format_: str, job: list[Attribute]) -> Result:
        plan = attempt.plan
        sending = asyncio.ensure_future(
            self._client.send(
                Operation.PRINT_JOB,
                [
                    a.name_("job-name", a.clip(plan.job_name or "Document", 255)),
                    a.mime_type("document-format", format_),
                ],
                job,
                user_name=plan.user_name,
                body=attempt.document.chunks(),
                length=attempt.document.size_bytes,
                on_sent=attempt.sent,
            )
        )
        try:
            while not (await asyncio.wait({sending}, timeout=PULSE_S))[0]:
                if not await attempt.progress():
                    return Ended(state=DeliveryState.CANCELED, message="Stopped while it was sent.")
            answer = sending.result()
        except (ConnectionLost, BadAnswer) as error:
            return Ended(
                state=DeliveryState.INTERRUPTED,
                impressions_completed=0,
                message=f"{error} Part of the document may have come out.",
            )
        finally:
            sending.cancel()
        job_id = _job_id(answer)
        await attempt.note_printer_job(job_id, as_obeyed(plan.ticket, job))
        await attempt.hand_over()
        return await self._follower.follow(attempt, job_id)


def _job_id(answer: Message) -> int:
    job_id = answer.job.integer("job-id")
    if job_id is None:
        raise BadAnswer("The device took the job and gave it no number. Check its firmware.")
    return job_id


def _format_refused(attempt: Attempt) -> Ended:
    plan = attempt.plan
    return Ended(
        state=DeliveryState.FAILED,
        impressions_completed=0,
        message=f"{plan.device_name} cannot print {plan.document_format}. Print the document at another device.",
    )


def _refused(attempt: Attempt, error: DeviceRefused) -> Result:
    """What a refusal means for the delivery: nothing came out in any case."""
    if error.status in BUSY:
        return PutBack(message=f"{attempt.plan.device_name} is busy.", retry_s=BUSY_RETRY_S)
    if error.status == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED:
        return _format_refused(attempt)
    return Ended(state=DeliveryState.FAILED, impressions_completed=0, message=str(error))
