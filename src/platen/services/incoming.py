"""A document on its way in: in memory while it is small, encrypted on the disk once it is not."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from platen.identifiers import uuid7
from platen.printing.spool import FileSink, Spool, Stored
from platen.printing.spool.store import SMALL_BYTES_MAX
from platen.services.head import HEAD_BYTES_MAX

P = ParamSpec("P")
R = TypeVar("R")

WRITE_BYTES = 1024 * 1024  # handed to a thread together: a hop a chunk would cost more than the encryption


class DocumentTooLarge(Exception):
    """The document is larger than this node accepts; the text is for the event log."""


class IncomingDocument:
    """Takes one document in pieces. Its memory stays below WRITE_BYTES and one piece, however large the document is.

    uuid: the job's, which names the document in the spool.
    """

    def __init__(self, spool: Spool, bytes_max: int) -> None:
        self.uuid: uuid.UUID = uuid7()
        self.size_bytes = 0
        self.head = b""
        self._spool = spool
        self._bytes_max = bytes_max
        self._pending = bytearray()
        self._sink: FileSink | None = None
        self._at_work: asyncio.Future[Any] | None = None

    async def write(self, data: bytes) -> None:
        """Take the next octets. Raises: DocumentTooLarge, SpoolFull, OSError; call abort() then."""
        self.size_bytes += len(data)
        if self.size_bytes > self._bytes_max:
            raise DocumentTooLarge(
                f"It is larger than the {self._bytes_max} octets that this node accepts (PLATEN_DOCUMENT_BYTES_MAX)."
            )
        if len(self.head) < HEAD_BYTES_MAX:
            self.head += data[: HEAD_BYTES_MAX - len(self.head)]
        self._pending += data
        if len(self._pending) >= (WRITE_BYTES if self._sink else SMALL_BYTES_MAX + 1):
            await self._flush()

    async def finish(self) -> bytes | Stored:
        """The document is whole: itself when it is small, else where it lies, durably.

        Raises: SpoolFull, OSError; call abort() then.
        """
        if self._sink is None:
            return bytes(self._pending)
        await self._flush()
        return await self._in_thread(self._sink.finish)

    async def abort(self) -> None:
        """Forget what came."""
        self._pending.clear()
        if self._at_work is not None and not self._at_work.done():
            # Who waited for the thread was cancelled; closing the file under it would let it write into another one.
            await asyncio.wait([self._at_work])
        if self._sink is not None:
            sink, self._sink = self._sink, None
            await asyncio.to_thread(sink.abort)

    async def _flush(self) -> None:
        data = bytes(self._pending)
        self._pending.clear()
        if self._sink is None:
            await self._in_thread(self._begin_file)
        if self._sink is not None:
            await self._in_thread(self._sink.write, data)

    async def _in_thread(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        work = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
        self._at_work = work
        return await asyncio.shield(work)

    def _begin_file(self) -> None:
        self._spool.check_room(SMALL_BYTES_MAX)
        self._sink = self._spool.open_file(self.uuid)
