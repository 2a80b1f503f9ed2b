"""As much HTTP/1.1 as a printer needs: POST with a body of any size, keep-alive, one answer a request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable

import httptools

READ_BYTES = 256 * 1024

Body = AsyncGenerator[bytes, None]
Answer = Callable[[str, Body], Awaitable[bytes]]  # (path, body) -> an IPP response


class _Request:
    """Collects what the parser finds in one request."""

    def __init__(self) -> None:
        self.path = ""
        self.expects = False
        self.headers_done = False
        self.complete = False
        self.pieces: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self.path += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        self.expects = self.expects or (name.lower() == b"expect" and value.lower() == b"100-continue")

    def on_headers_complete(self) -> None:
        self.headers_done = True

    def on_body(self, data: bytes) -> None:
        self.pieces.append(data)

    def on_message_complete(self) -> None:
        self.complete = True


class HttpServer:
    """Listens until stopped; every open connection can be cut at once, as when a printer is switched off."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.port = 0

    async def start(self, host: str, port: int = 0) -> None:
        """Listen. Raises: OSError."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=READ_BYTES, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._connections)
        for task, writer in list(self._connections.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections[task] = writer
        try:
            while await self._one_request(reader, writer):
                pass
        except (OSError, httptools.HttpParserError):
            pass  # a client that went away, or is none
        except asyncio.CancelledError:
            if self._server is not None:
                raise
        finally:
            del self._connections[task]
            writer.transport.abort()

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request. Returns: whether another may follow."""
        request = _Request()
        parser = httptools.HttpRequestParser(request)
        while not request.headers_done:
            data = await reader.read(READ_BYTES)
            if not data:
                return False
            parser.feed_data(data)
        if request.expects:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = _body(request, parser, reader)
        answer = await self._answer(request.path, body)
        whole = request.complete
        async for _ in body:
            pass
        lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(lines.encode() + answer)
        await writer.drain()
        return (whole or request.complete) and parser.should_keep_alive()


async def _body(request: _Request, parser: httptools.HttpRequestParser, reader: asyncio.StreamReader) -> Body:
    while True:
        pieces, request.pieces = request.pieces, []
        for piece in pieces:
            yield piece
        if request.complete:
            return
        data = await reader.read(READ_BYTES)
        if not data:
            raise ConnectionResetError("the client closed in the middle of a request")
        parser.feed_data(data)
