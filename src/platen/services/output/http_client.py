"""One HTTP/1.1 connection to a printer: POST with a streamed body, the answer read while the body still goes out."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import httptools

from platen.services.output.connect import READ_BUFFER_BYTES, Streams
from platen.services.output.errors import BadAnswer, ConnectionLost

ANSWER_BYTES_MAX = 8 * 1024 * 1024
REUSE_WITHIN_S = 15.0  # printers close idle connections early; ippeveprinter after 30 s, some after 20


@dataclass(slots=True)
class HttpAnswer:
    """An HTTP response, whole."""

    status: int
    body: bytes
    keep_alive: bool


class _Parser:
    """Collects one final response; interim ones (100-continue) pass by."""

    def __init__(self) -> None:
        self.complete = False
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._until_close = True
        self._headers_done = False

    def feed(self, data: bytes) -> None:
        """Take octets. Raises: BadAnswer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise BadAnswer("The device wants to change the protocol. Use an ipps:// address for it.") from None
        except httptools.HttpParserError as error:
            raise BadAnswer(f"The device does not answer in HTTP ({error}). Correct its address.") from error
        if len(self._body) > ANSWER_BYTES_MAX:
            raise BadAnswer("The device's answer is larger than any printer's. Correct its address.")

    def end_of_stream(self) -> None:
        """The connection ended: an answer without a length is whole now. Raises: ConnectionLost."""
        if not (self._headers_done and self._until_close):
            raise ConnectionLost("The device closed the connection before it had answered.")
        self.complete = True

    def answer(self) -> HttpAnswer:
        """The response, once complete."""
        keep_alive = self._parser.should_keep_alive() and not self._until_close
        return HttpAnswer(self._parser.get_status_code(), bytes(self._body), keep_alive)

    def on_header(self, name: bytes, _value: bytes) -> None:
        if name.lower() in {b"content-length", b"transfer-encoding"}:
            self._until_close = False

    def on_headers_complete(self) -> None:
        self._headers_done = True

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_begin(self) -> None:
        self._body.clear()
        self._until_close, self._headers_done = True, False

    def on_message_complete(self) -> None:
        # An answer that ends with the connection is complete only then.
        if self._parser.get_status_code() >= 200 and not self._until_close:
            self.complete = True


@dataclass(frozen=True, slots=True)
class _Body:
    """What a request carries: the IPP message, and the document behind it, `length` octets (None: unknown)."""

    head: bytes
    rest: AsyncGenerator[bytes, None] | None
    length: int | None

    @property
    def chunked(self) -> bool:
        return self.rest is not None and self.length is None

    @property
    def framing(self) -> str:
        return (
            "Transfer-Encoding: chunked" if self.chunked else f"Content-Length: {len(self.head) + (self.length or 0)}"
        )


class HttpConnection:
    """A connection for one request after another."""

    def __init__(self, streams: Streams, host_header: str) -> None:
        self._reader, self._writer = streams
        self._host = host_header
        self._used_at = time.monotonic()
        self.usable = True
        self.used = False  # by an earlier request

    @property
    def fresh(self) -> bool:
        """Whether another request may be tried on it."""
        return (
            self.usable
            and not self._reader.at_eof()
            and not self._writer.is_closing()
            and time.monotonic() - self._used_at < REUSE_WITHIN_S
        )

    async def post(
        self,
        path: str,
        head: bytes,
        body: AsyncGenerator[bytes, None] | None = None,
        *,
        length: int | None = None,
        on_sent: Callable[[int], None] | None = None,
    ) -> HttpAnswer:
        """POST an IPP request: `head`, then the octets of `body`, `length` of them (None: chunked).

        Takes as long as the device does: whoever calls sets the time. Raises: ConnectionLost, BadAnswer.
        """
        self.usable = False  # until the answer is whole
        answer = asyncio.create_task(self._read_answer(), name="http-answer")
        try:
            whole = await self._send(path, _Body(head, body, length), on_sent, answer)
            result = await answer
        finally:
            # Also where the caller's time is over: a half-read answer must not meet the next request.
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen: what went wrong while sending says it already
            answer.cancel()
            self._used_at, self.used = time.monotonic(), True
        self.usable = result.keep_alive and whole
        return result

    async def _send(
        self,
        path: str,
        body: _Body,
        on_sent: Callable[[int], None] | None,
        answer: asyncio.Task[HttpAnswer],
    ) -> bool:
        """Write the request; stop early when the device answers before it has everything: it will say why.

        Returns: whether all of it was written.
        """
        frame = _chunk if body.chunked else bytes
        lines = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/ipp\r\n{body.framing}\r\n\r\n"
        try:
            self._writer.write(lines.encode() + frame(body.head))
            if on_sent:
                on_sent(len(body.head))
            if body.rest is not None:
                async with contextlib.aclosing(body.rest) as pieces:
                    async for piece in pieces:
                        if answer.done():
                            return False
                        self._writer.write(frame(piece))
                        if on_sent:
                            on_sent(len(piece))
                        await self._drain(answer)
            if body.chunked:
                self._writer.write(b"0\r\n\r\n")
            await self._drain(answer)
        except OSError as error:
            # What the device said before it hung up explains more than the broken pipe.
            done, _ = await asyncio.wait({answer}, timeout=1)
            if not done or answer.exception() is not None:
                raise ConnectionLost(f"The connection to the device broke off ({error.strerror or error}).") from error
            return False
        return True

    async def _drain(self, answer: asyncio.Task[HttpAnswer]) -> None:
        """Wait until the device takes more, or has answered."""
        drained = asyncio.ensure_future(self._writer.drain())
        try:
            await asyncio.wait({drained, answer}, return_when=asyncio.FIRST_COMPLETED)
            if drained.done():
                drained.result()
        finally:
            drained.cancel()

    async def _read_answer(self) -> HttpAnswer:
        parser = _Parser()
        while not parser.complete:
            try:
                data = await self._reader.read(READ_BUFFER_BYTES)
            except OSError as error:
                raise ConnectionLost(f"The connection to the device broke off ({error.strerror or error}).") from error
            if data:
                parser.feed(data)
            else:
                parser.end_of_stream()
        return parser.answer()

    def close(self) -> None:
        """Close at once, whatever is under way."""
        self.usable = False
        self._writer.transport.abort()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""
