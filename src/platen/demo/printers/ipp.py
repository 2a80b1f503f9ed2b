"""A virtual IPP Everywhere printer: takes documents, prints page by page, and tells truly how it goes."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from platen.demo.printers.engine import PrintEngine, impressions_of
from platen.demo.printers.http import Body, HttpServer
from platen.demo.printers.ipp_job import PrinterJob
from platen.policy.job_states import JobState
from platen.protocols.ipp import (
    Attributes,
    Group,
    GroupTag,
    IppError,
    Message,
    MessageDecoder,
    Operation,
    RequestRefused,
    Status,
)
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.description import PrinterDescription, PrinterState, PrinterStatus, PrinterUri, Supply
from platen.protocols.ipp.identify import IdentifyRequest, read_identify_request
from platen.protocols.ipp.job_requests import read_document_request, read_job_request, read_jobs_query
from platen.protocols.ipp.jobs import CREATED, GET_JOBS_DEFAULT, select
from platen.protocols.ipp.printer_attributes import PrinterAttributes
from platen.protocols.ipp.requests import Request, read_request
from platen.protocols.ipp.responses import refusal, response
from platen.protocols.ipp.tickets import to_json

OPERATIONS = (
    Operation.PRINT_JOB,
    Operation.VALIDATE_JOB,
    Operation.CREATE_JOB,
    Operation.SEND_DOCUMENT,
    Operation.CANCEL_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
    Operation.GET_PRINTER_ATTRIBUTES,
    Operation.IDENTIFY_PRINTER,
)
DOCUMENT_FORMATS = (
    "application/octet-stream",
    "application/pdf",
    "application/postscript",
    "image/jpeg",
    "image/pwg-raster",
    "image/urf",
    "text/plain",
)
WITHOUT_CREATE_JOB = tuple(each for each in OPERATIONS if each not in {Operation.CREATE_JOB, Operation.SEND_DOCUMENT})
_TONER = {"black": 74, "cyan": 61, "magenta": 58, "yellow": 66}
"""Percent of each. Nothing is printed with it, so it stays."""
Handler = Callable[["VirtualIppPrinter", Request, Body], Awaitable[bytes]]


class VirtualIppPrinter:
    """Serves ipp://HOST:PORT/ipp/print. Use as an async context manager, or start() and stop().

    tls: serve ipps:// instead. busy: answer job creation with server-error-busy. The engine says when paper comes out.
    """

    def __init__(
        self,
        name: str = "Virtual printer",
        engine: PrintEngine | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        operations: tuple[Operation, ...] = OPERATIONS,
        document_formats: tuple[str, ...] = DOCUMENT_FORMATS,
        color: bool = True,
        duplex: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.name = name
        self.engine = engine or PrintEngine()
        self.busy = False
        self.jobs: dict[int, PrinterJob] = {}
        self.requests: list[Operation] = []
        self.identified: list[IdentifyRequest] = []
        self._host, self._port = host, port
        self._operations, self._formats = operations, document_formats
        self._color, self._duplex = color, duplex
        self._scheme, self._security = ("ipp", "none") if tls is None else ("ipps", "tls")
        self._http = HttpServer(self._answer, tls)
        self._queue: asyncio.Queue[PrinterJob] = asyncio.Queue()
        self._printing: asyncio.Task[None] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="platen-printer-")
        self._up_since = datetime.now(UTC)

    @property
    def uri(self) -> str:
        """Where it prints."""
        return f"{self._scheme}://{self._host}:{self._port}/ipp/print"

    async def start(self) -> None:
        """Switch on. Raises: OSError."""
        await self.come_back()
        description = self._describe()
        self._attributes = PrinterAttributes(description)
        self._description = description
        self._printing = asyncio.create_task(self._print_all(), name=f"printer-{self.name}")

    async def stop(self) -> None:
        """Switch off for good."""
        await self.go_away()
        if self._printing is not None:
            self._printing.cancel()
            await asyncio.gather(self._printing, return_exceptions=True)
        self._folder.cleanup()

    async def go_away(self) -> None:
        """The network cable is pulled: nobody answers at its port."""
        await self._http.stop()

    async def come_back(self) -> None:
        """It answers again, at the same port."""
        await self._http.start(self._host, self._port)
        self._port = self._http.port

    async def __aenter__(self) -> VirtualIppPrinter:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _describe(self) -> PrinterDescription:
        moment = self._up_since
        return PrinterDescription(
            name=self.name,
            info=self.name,
            uuid=uuid.uuid5(uuid.NAMESPACE_URL, self.uri),
            uris=(PrinterUri(self.uri, self._security),),
            up_since=moment,
            config_changed_at=moment,
            more_info=f"http://{self._host}:{self._port}/",
            make_and_model="Platen Virtual Printer",
            operations=self._operations,
            identify_actions=("display", "flash"),
            color=self._color,
            duplex=self._duplex,
            document_formats=self._formats,
            supplies=tuple(
                Supply(f"{colorant.capitalize()} toner", colorant=colorant, level=percent)
                for colorant, percent in _TONER.items()
                if self._color or colorant == "black"
            ),
        )

    async def _answer(self, _: str, body: Body) -> bytes:
        """Decode a request, carry it out, encode the answer."""
        message: Message | None = None
        decoder = MessageDecoder()
        try:
            async for data in body:
                message = decoder.feed(data)
                if message is not None:
                    break
            message = decoder.finish()
            request = read_request(message, supported=frozenset(self._operations))
            self.requests.append(request.operation)
            return await _HANDLERS[request.operation](self, request, _rest(decoder.remainder, body))
        except IppError as error:
            return refusal(error, message)

    async def get_printer_attributes(self, request: Request, _: Body) -> bytes:
        """Get-Printer-Attributes."""
        working = any(job.state == JobState.PROCESSING for job in self.jobs.values())
        state = PrinterState.PROCESSING if working else PrinterState.IDLE
        status = PrinterStatus(
            now=datetime.now(UTC),
            state=PrinterState.STOPPED if self.engine.stopped else state,
            state_reasons=self.engine.reasons or ("none",),
            queued_job_count=sum(not job.has_ended for job in self.jobs.values()),
        )
        return response(request, groups=[self._attributes.encode(status, request.requested_attributes)])

    async def validate_job(self, request: Request, _: Body) -> bytes:
        """Validate-Job."""
        wanted = read_job_request(request, self._description)
        return response(request, wanted.status, unsupported=wanted.unsupported)

    async def create_job(self, request: Request, _: Body) -> bytes:
        """Create-Job."""
        wanted = read_job_request(request, self._description)
        job = self._new_job(request, wanted.job_name, wanted.template)
        return response(request, wanted.status, [self._group(job, CREATED)], unsupported=wanted.unsupported)

    async def print_job(self, request: Request, body: Body) -> bytes:
        """Print-Job."""
        wanted = read_job_request(request, self._description)
        job = self._new_job(request, wanted.job_name, wanted.template)
        await self._take_document(job, wanted.document.document_format, body)
        return response(request, wanted.status, [self._group(job, CREATED)], unsupported=wanted.unsupported)

    async def send_document(self, request: Request, body: Body) -> bytes:
        """Send-Document."""
        document = read_document_request(request, self._description)
        job = self._job(request)
        if job.has_ended or job.document is not None:
            raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, f"job {job.id} takes no document any more")
        await self._take_document(job, document.document_format, body)
        return response(request, groups=[self._group(job, CREATED)])

    async def get_job_attributes(self, request: Request, _: Body) -> bytes:
        """Get-Job-Attributes."""
        return response(request, groups=[self._group(self._job(request), request.requested_attributes)])

    async def get_jobs(self, request: Request, _: Body) -> bytes:
        """Get-Jobs."""
        query = read_jobs_query(request)
        found = [
            job
            for job in self.jobs.values()
            if (query.which_jobs == "all" or job.has_ended == (query.which_jobs == "completed"))
            and (not query.my_jobs or job.user_name == request.requesting_user_name)
        ]
        wanted = request.requested_attributes or GET_JOBS_DEFAULT
        return response(request, groups=[self._group(job, wanted) for job in found[: query.limit]])

    async def cancel_job(self, request: Request, _: Body) -> bytes:
        """Cancel-Job."""
        job = self._job(request)
        if job.has_ended:
            raise RequestRefused(Status.CLIENT_ERROR_NOT_POSSIBLE, f"job {job.id} has ended already")
        if job.state == JobState.PROCESSING:
            job.cancel_wanted = True
        else:
            job.end(JobState.CANCELED)
        return response(request)

    async def identify_printer(self, request: Request, _: Body) -> bytes:
        """Identify-Printer: it would blink; what it was asked is kept."""
        wanted = read_identify_request(request, self._description)
        self.identified.append(wanted)
        return response(request, wanted.status, unsupported=wanted.unsupported)

    def _new_job(self, request: Request, name: str | None, template: Attributes) -> PrinterJob:
        if self.busy:
            raise RequestRefused(Status.SERVER_ERROR_BUSY, "another job is being printed")
        job = PrinterJob(
            id=len(self.jobs) + 1,
            name=name or "Untitled",
            user_name=request.requesting_user_name or "anonymous",
            template=template,
        )
        self.jobs[job.id] = job
        return job

    def _job(self, request: Request) -> PrinterJob:
        job = self.jobs.get(request.target.job_id or 0)
        if job is None:
            raise RequestRefused(Status.CLIENT_ERROR_NOT_FOUND, "there is no such job")
        return job

    def _group(self, job: PrinterJob, requested: tuple[str, ...]) -> Group:
        view = job.view(self.uri, self._up_since, datetime.now(UTC), stopped=self.engine.stopped)
        group = select(requested).group(view)
        return Group(GroupTag.JOB_ATTRIBUTES, list(group) or [a.integer("job-id", job.id)])

    async def _take_document(self, job: PrinterJob, document_format: str, body: Body) -> None:
        """Receive a document whole, then queue it. A client that breaks off leaves an aborted job."""
        path = Path(self._folder.name) / str(job.id)
        try:
            with path.open("wb") as file:
                async for data in body:
                    await self.engine.wait_until_able()  # memory is full while nothing comes out
                    file.write(data)
        except OSError:
            job.end(JobState.ABORTED)
            raise
        job.document, job.document_format = path, document_format
        if not job.has_ended:
            job.state = JobState.PENDING
            self._queue.put_nowait(job)

    async def _print_all(self) -> None:
        while True:
            job = await self._queue.get()
            if not job.has_ended and job.document is not None:
                await self._print(job, job.document)
            if job.document is not None:
                with contextlib.suppress(FileNotFoundError):
                    job.document.unlink()

    async def _print(self, job: PrinterJob, document: Path) -> None:
        job.state, job.processing_at = JobState.PROCESSING, datetime.now(UTC)
        job.impressions = await impressions_of(document, job.document_format, to_json(job.template))
        for _ in range(job.impressions):
            printing = asyncio.ensure_future(self.engine.print_impression())
            while not printing.done():
                await asyncio.wait({printing}, timeout=0.05)  # Cancel-Job works also while it is out of paper
                if job.cancel_wanted and not printing.done():
                    printing.cancel()
                    break
            if job.cancel_wanted:
                break
            job.impressions_completed += 1
        job.end(JobState.CANCELED if job.cancel_wanted else JobState.COMPLETED)
        job.cancel_wanted = False
        await self.engine.keep(
            document,
            name=job.name,
            user_name=job.user_name,
            document_format=job.document_format,
            impressions=job.impressions_completed,
        )


async def _rest(first: bytes, body: Body) -> Body:
    if first:
        yield first
    async for data in body:
        yield data


_HANDLERS: dict[Operation, Handler] = {
    Operation.GET_PRINTER_ATTRIBUTES: VirtualIppPrinter.get_printer_attributes,
    Operation.VALIDATE_JOB: VirtualIppPrinter.validate_job,
    Operation.CREATE_JOB: VirtualIppPrinter.create_job,
    Operation.PRINT_JOB: VirtualIppPrinter.print_job,
    Operation.SEND_DOCUMENT: VirtualIppPrinter.send_document,
    Operation.GET_JOB_ATTRIBUTES: VirtualIppPrinter.get_job_attributes,
    Operation.GET_JOBS: VirtualIppPrinter.get_jobs,
    Operation.CANCEL_JOB: VirtualIppPrinter.cancel_job,
    Operation.IDENTIFY_PRINTER: VirtualIppPrinter.identify_printer,
}
