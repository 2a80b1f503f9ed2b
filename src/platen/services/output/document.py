"""Reading a document while it is sent: decrypted in a thread, a little ahead of the connection, in constant memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice

from platen.printing.spool import DocumentDamaged, Spool, Stored
from platen.printing.spool.cipher import CHUNK_BYTES

CHUNKS_AHEAD = 2  # one pair is sent while the next is read


@dataclass(slots=True)
class _Reading:
    """A pass over the document, and the chunks that a thread is reading for it."""

    iterator: Iterator[bytes]
    ahead: asyncio.Future[list[bytes]]

    def close(self) -> None:
        """Close the file, when the thread is through with it: a generator cannot be closed while it runs."""
        self.ahead.add_done_callback(self._close_now)

    def _close_now(self, done: asyncio.Future[list[bytes]]) -> None:
        if not done.cancelled():
            done.exception()  # who waits for the chunks has it, or nobody wants them any more
        if isinstance(self.iterator, Generator):
            self.iterator.close()


class DocumentUnreadable(Exception):
    """The stored document is damaged or gone; nothing of what was read may be sent."""


class Document:
    """One document on its way out. `start` begins to read, so that the first chunk is there when the device is."""

    def __init__(self, spool: Spool, stored: Stored, threads: Executor, large: asyncio.Semaphore) -> None:
        self.size_bytes = stored.size_bytes
        self._large = large
        self._spool = spool
        self._stored = stored
        self._threads = threads
        self._reading: _Reading | None = None

    def start(self) -> _Reading:
        """Begin to read the beginning, unless that has begun."""
        if self._reading is None:
            iterator = self._spool.read(self._stored)
            self._reading = _Reading(iterator, self._read(iterator))
        return self._reading

    async def head(self) -> bytes:
        """The first chunk, without taking it. Raises: DocumentUnreadable."""
        chunks = await asyncio.shield(self.start().ahead)
        return chunks[0] if chunks else b""

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The document's octets from the beginning; may be called again for another copy.

        Raises: DocumentUnreadable.
        """
        # Only so many large documents at once: each has some chunks in memory until its device takes them.
        slot = self._large if self.size_bytes > CHUNK_BYTES else contextlib.nullcontext()
        async with slot, contextlib.aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        reading, self._reading = self.start(), None
        try:
            while True:
                chunks = await asyncio.shield(reading.ahead)
                more = len(chunks) == CHUNKS_AHEAD
                if more:
                    reading.ahead = self._read(reading.iterator)
                for chunk in chunks:
                    yield chunk
                if not more:
                    return
        finally:
            reading.close()

    def close(self) -> None:
        """Let go of what was read in vain."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _read(self, iterator: Iterator[bytes]) -> asyncio.Future[list[bytes]]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, _next_chunks, iterator)


def _next_chunks(iterator: Iterator[bytes]) -> list[bytes]:
    try:
        return list(islice(iterator, CHUNKS_AHEAD))
    except (OSError, DocumentDamaged) as error:
        # Not an OSError any more: those are the device's connection breaking off.
        raise DocumentUnreadable(f"The stored document cannot be read: {error}") from error
