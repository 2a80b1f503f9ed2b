"""One LPD client, from its first command to the last acknowledgement."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

import structlog

from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Arrival, QueueFacts, Refused
from platen.printing.models import ReceivedVia
from platen.printing.queries import count_up_to, jobs_of_queue
from platen.printing.release import COPIES_MAX
from platen.printing.spool import Spool, Stored
from platen.protocols.lpd import (
    ConnectionFailed,
    ControlFile,
    ControlFileReceived,
    DataChunk,
    DataFileEnd,
    DataFileOffered,
    JobAborted,
    JobRequested,
    LpdEvent,
    LpdLimits,
    LpdReceiver,
    PrintedFile,
    PrintWaiting,
    QueueStateRequested,
    RemoveJobs,
)
from platen.services.database import Database
from platen.services.head import read_head
from platen.services.incoming import DocumentTooLarge, IncomingDocument
from platen.services.intake import Intake, IntakeUnavailable
from platen.services.queues import QueueDirectory
from platen.services.refusals import RefusalLog
from platen.settings import Settings

log = structlog.get_logger("platen.lpd")

READ_BYTES = 64 * 1024
TRY_AGAIN, NEVER = 1, 2  # any octet but zero refuses; CUPS and LPRng repeat the job for either


@dataclass(slots=True)
class _Part:
    """A data file of the job at hand, whole."""

    name: str
    incoming: IncomingDocument
    document: bytes | Stored


@dataclass(slots=True)
class _Job:
    """What came of the job at hand; its control file may come before or behind the data."""

    control: ControlFile | None = None
    open: IncomingDocument | None = None
    parts: list[_Part] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class LpdConnection:
    """Drives an LpdReceiver: moves the octets, and decides what is accepted."""

    settings: Settings
    database: Database
    queues: QueueDirectory
    intake: Intake
    spool: Spool
    refusals: RefusalLog
    queue_id: int | None
    address: str
    _queue: QueueFacts | None = None
    _job: _Job = field(default_factory=_Job)
    _receiver: LpdReceiver = field(init=False)

    def __post_init__(self) -> None:
        self._receiver = LpdReceiver(LpdLimits(data_file_bytes_max=self.settings.document_bytes_max))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the client until one side has had enough.

        Raises: ConnectionError, TimeoutError (the client was silent for too long). What was not acknowledged is gone.
        """
        try:
            while not self._receiver.is_closed:
                async with asyncio.timeout(self.settings.intake_body_timeout_s):
                    data = await reader.read(READ_BYTES)
                events = deque(self._receiver.receive_data(data) if data else self._receiver.receive_eof())
                while events:
                    events.extendleft(reversed(await self._handle(events.popleft())))
                writer.write(self._receiver.data_to_send())
                async with asyncio.timeout(self.settings.intake_body_timeout_s):
                    await writer.drain()
                if not data:
                    break
        finally:
            await self._drop_job()

    async def _handle(self, event: LpdEvent) -> list[LpdEvent]:
        match event:
            case JobRequested():
                return await self._begin(event)
            case DataFileOffered():
                return await self._offered(event)
            case DataChunk():
                return await self._chunk(event)
            case DataFileEnd():
                return await self._file_ended(event)
            case ControlFileReceived():
                self._job.control = event.control
                return await self._submit() if event.completes_job else self._receiver.accept()
            case QueueStateRequested():
                self._receiver.reply(await self._state_of(event.queue))
            case RemoveJobs():
                self._receiver.reply("Jobs are deleted by their owner at a device or in the console, not by LPD.\n")
            case JobAborted():
                await self._drop_job()
            case ConnectionFailed():
                await self._drop_job()
                await self._note("lpd_refused", f"An LPD job from {self.address} was refused. {event.error}")
            case PrintWaiting():
                pass  # jobs are printed when their owner asks for them; no answer is defined
        return []

    async def _begin(self, event: JobRequested) -> list[LpdEvent]:
        self._queue = self._queue_named(event.queue)
        if self._queue is None or not self._queue.accepting:
            why = "does not exist" if self._queue is None else "takes no jobs now"
            await self._note(
                "lpd_refused",
                f"An LPD job from {self.address} was refused: the queue “{event.queue}” {why}. "
                "Check the queue name in the client, or open the queue in the console.",
            )
            return self._receiver.refuse(NEVER)
        if not await self._has_room(0):
            return self._receiver.refuse(TRY_AGAIN)
        return self._receiver.accept()

    async def _offered(self, event: DataFileOffered) -> list[LpdEvent]:
        if not await self._has_room(event.size_bytes or 0):
            return self._receiver.refuse(TRY_AGAIN)
        self._job.open = IncomingDocument(self.spool, self.settings.document_bytes_max)
        return self._receiver.accept()

    async def _chunk(self, event: DataChunk) -> list[LpdEvent]:
        if self._job.open is None:
            return []  # refused already; the receiver still hands on what had come
        try:
            await self._job.open.write(event.data)
        except (OSError, DocumentTooLarge) as error:
            await self._failed(error)
        return []

    async def _file_ended(self, event: DataFileEnd) -> list[LpdEvent]:
        incoming, self._job.open = self._job.open, None
        if incoming is None:
            return self._receiver.refuse(TRY_AGAIN)
        try:
            document = await incoming.finish()
        except OSError as error:
            await incoming.abort()
            await self._failed(error)
            return self._receiver.refuse(TRY_AGAIN)
        self._job.parts.append(_Part(event.name, incoming, document))
        return await self._submit() if event.completes_job else self._receiver.accept()

    async def _submit(self) -> list[LpdEvent]:
        """Everything is here. Several data files become jobs of their own; they arrive together and are stored so."""
        arrivals = [self._arrival(part, at) for at, part in enumerate(self._job.parts)]
        results = await asyncio.gather(*(self.intake.submit(each) for each in arrivals), return_exceptions=True)
        for arrival, result in zip(arrivals, results, strict=True):
            if isinstance(result, IntakeUnavailable):
                await self._note("lpd_refused", f"“{arrival.name}” from {self.address} was not taken. {result}")
            elif isinstance(result, BaseException):
                raise result
        self._job = _Job()  # what was taken is intake's, what was not it has destroyed
        if any(isinstance(result, Refused | IntakeUnavailable) for result in results):
            temporary = any(isinstance(result, IntakeUnavailable) for result in results)
            return self._receiver.refuse(TRY_AGAIN if temporary else NEVER)
        return self._receiver.accept()

    def _arrival(self, part: _Part, at: int) -> Arrival:
        queue, control = self._queue, self._job.control
        if queue is None or control is None:
            raise RuntimeError("An LPD job was complete before its queue and control file were known.")
        printed = _printed(control, part.name, at)
        head = read_head(part.incoming.head, queue.job_data_logon)
        several = len(self._job.parts) > 1
        name = (printed.source_name if several and printed else "") or control.best_job_name or head.job_name
        return Arrival(
            queue=queue,
            uuid=part.incoming.uuid,
            name=name or "Untitled",
            names=NamesOfJob(lpd=control.user or None, pjl=head.pjl, job_data=head.job_data),
            submitted_from=f"{control.host} ({self.address})" if control.host else self.address,
            received_via=ReceivedVia.LPD,
            document_format=head.document_format,
            copies=min(printed.copies, COPIES_MAX) if printed else 1,
            document=part.document,
        )

    async def _state_of(self, name: str) -> str:
        queue = self._queue_named(name)
        if queue is None:
            return f"There is no queue {name} here.\n"
        count = await self.database.run(queue.tenant_id, lambda: count_up_to(jobs_of_queue(queue.id)))
        state = "accepting jobs" if queue.accepting else "not accepting jobs"
        return f"{queue.name} is {state}\n{count} waiting\n"

    def _queue_named(self, name: str) -> QueueFacts | None:
        if self.queue_id is not None:
            return self.queues.by_id(self.queue_id)
        tenant_id = self.queues.default_tenant
        return None if tenant_id is None or not name else self.queues.find(tenant_id, name)

    async def _has_room(self, size_bytes: int) -> bool:
        try:
            await asyncio.to_thread(self.spool.check_room, size_bytes)
        except OSError as error:
            await self._failed(error)
            return False
        return True

    async def _failed(self, error: OSError | DocumentTooLarge) -> None:
        await self._drop_job()
        await self._note("lpd_refused", f"An LPD job from {self.address} was not taken. {error}")

    async def _drop_job(self) -> None:
        job, self._job = self._job, _Job()
        if job.open is not None:
            await job.open.abort()
        for part in job.parts:
            if isinstance(part.document, Stored):
                await asyncio.to_thread(self.spool.destroy, part.document)

    async def _note(self, kind: str, message: str) -> None:
        tenant_id = self._queue.tenant_id if self._queue else self.queues.default_tenant
        await self.refusals.note(tenant_id, kind, message, address=self.address)


def _printed(control: ControlFile, name: str, at: int) -> PrintedFile | None:
    """What the control file says of a data file; by its place where the client named it differently there."""
    named = next((file for file in control.files if file.name == name), None)
    return named or (control.files[at] if at < len(control.files) else None)
