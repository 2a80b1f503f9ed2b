"""Raw printing (“port 9100”): a connection is a document, and its end is the end of the job."""

from __future__ import annotations

import asyncio
import re

import structlog

from platen import __version__
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Arrival, QueueFacts
from platen.printing.models import ReceivedVia
from platen.printing.spool import Spool
from platen.services.connections import peer_address
from platen.services.database import Database
from platen.services.head import HEAD_BYTES_MAX, read_head
from platen.services.incoming import DocumentTooLarge, IncomingDocument
from platen.services.intake import Intake, IntakeUnavailable
from platen.services.listeners import Listeners
from platen.services.queues import QueueDirectory
from platen.services.refusals import RefusalLog
from platen.settings import Settings

log = structlog.get_logger("platen.raw")

READ_BYTES = 256 * 1024
# Drivers that find no bidirectional printer wait for a time-out before they print.
_QUESTION = re.compile(rb"@PJL[ \t]+(?:(INFO[ \t]+ID)|(ECHO[ \t][^\r\n]{1,80}))[ \t]*\r?\n", re.IGNORECASE)


class RawService:
    """Listens on the node's raw port for the default pull queue, and on the ports that queues have of their own.

    The protocol has no acknowledgement: a document that ends by a reset is taken for cut off and dropped, one that
    ends by a close or by silence is taken for whole.
    """

    def __init__(
        self, settings: Settings, database: Database, queues: QueueDirectory, intake: Intake, spool: Spool
    ) -> None:
        self._settings = settings
        self._queues = queues
        self._intake = intake
        self._spool = spool
        self._refusals = RefusalLog(database)
        self.listeners = Listeners(
            "raw", settings.bind, queues, port_of=lambda queue: queue.raw_port, serve=self._connected
        )

    async def start(self) -> int | None:
        """Open the ports. Returns: the node's raw port; None where it is off. Raises: OSError."""
        return await self.listeners.start(self._settings.raw_port)

    async def stop(self) -> None:
        """Close ports and connections; documents that were still coming in are dropped."""
        await self.listeners.stop()

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, queue_id: int | None
    ) -> None:
        address = peer_address(writer)
        queue = self._queue(queue_id)
        if queue is None or not queue.accepting:
            await self._note(queue, address, "There is no queue behind this port that takes jobs now.")
            return
        incoming = IncomingDocument(self._spool, self._settings.document_bytes_max)
        try:
            await asyncio.to_thread(self._spool.check_room)
            await self._receive(incoming, reader, writer)
            if incoming.size_bytes:
                await self._submit(queue, incoming, address)
        except ConnectionError:
            await incoming.abort()
            if incoming.size_bytes:
                await self._note(
                    queue,
                    address,
                    f"It was cut off after {incoming.size_bytes} octets and dropped. Print it again.",
                )
        except (DocumentTooLarge, OSError) as error:
            await incoming.abort()
            await self._note(queue, address, str(error))
        except asyncio.CancelledError:
            await incoming.abort()
            raise

    def _queue(self, queue_id: int | None) -> QueueFacts | None:
        if queue_id is not None:
            return self._queues.by_id(queue_id)
        tenant_id = self._queues.default_tenant
        return None if tenant_id is None else self._queues.find(tenant_id, None)

    async def _receive(
        self, incoming: IncomingDocument, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take octets until the client ends or falls silent."""
        asked_until = 0
        while True:
            try:
                async with asyncio.timeout(self._settings.intake_body_timeout_s):
                    data = await reader.read(READ_BYTES)
            except TimeoutError:
                return
            if not data:
                return
            await incoming.write(data)
            if asked_until < len(incoming.head) < HEAD_BYTES_MAX:
                asked_until = self._answer(incoming.head, asked_until, writer)

    @staticmethod
    def _answer(head: bytes, start: int, writer: asyncio.StreamWriter) -> int:
        """Answer what the driver asks in PJL. Returns: how far the head was read."""
        for question in _QUESTION.finditer(head, start):
            said = question[0].strip()
            lines = said + (b'\r\n"Platen %s"' % __version__.encode() if question[1] else b"")
            writer.write(lines + b"\r\n\f")
            start = question.end()
        return start

    async def _submit(self, queue: QueueFacts, incoming: IncomingDocument, address: str) -> None:
        head = read_head(incoming.head, queue.job_data_logon)
        if head.is_empty and incoming.size_bytes < HEAD_BYTES_MAX:
            return  # a driver asked, or a monitor looked whether somebody is here
        document = await incoming.finish()
        arrival = Arrival(
            queue=queue,
            uuid=incoming.uuid,
            name=head.job_name or "Untitled",
            names=NamesOfJob(pjl=head.pjl, job_data=head.job_data),
            submitted_from=f"{head.host_name} ({address})" if head.host_name else address,
            received_via=ReceivedVia.RAW,
            document_format=head.document_format,
            document=document,
        )
        try:
            await self._intake.submit(arrival)  # a refusal is in the event log already, and cannot be told here
        except IntakeUnavailable as error:
            await self._note(queue, address, f"“{arrival.name}” is lost: {error}")

    async def _note(self, queue: QueueFacts | None, address: str, why: str) -> None:
        tenant_id = queue.tenant_id if queue else self._queues.default_tenant
        message = f"A raw job from {address} was not taken. {why}"
        await self._refusals.note(tenant_id, "raw_refused", message, address=address)
