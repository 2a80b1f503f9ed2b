"""The load generator: many connections, each sending its next request as soon as the one before is answered.

It runs in one process on the machine that it loads; requests are made before the clock starts.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import quantiles

import uvloop

from platen.protocols.ipp import Status

CONNECTIONS = 64
PATIENCE_S = 1_800.0
_HEAD_END = b"\r\n\r\n"
_ACCEPTED = {Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES}


@dataclass(slots=True)
class Load:
    """What the clients saw."""

    times_s: list[float] = field(default_factory=list)
    refused: int = 0
    took_s: float = 0.0

    @property
    def jobs_per_s(self) -> float:
        """Acknowledged jobs a second, over all connections."""
        return round((len(self.times_s) - self.refused) / self.took_s, 1)

    def ack_ms(self) -> dict[str, float]:
        """From the first octet of a request to the last of its answer."""
        cuts = quantiles(self.times_s, n=100)
        return {"median": round(cuts[49] * 1000, 2), "p99": round(cuts[98] * 1000, 2)}


def print_many(port: int, requests: Iterable[bytes], jobs: int, connections: int = CONNECTIONS) -> Load:
    """Send so many of the requests, over and over. Raises: ConnectionError, where the server gives up; TimeoutError."""
    load = Load()
    uvloop.run(_drive(port, islice(cycle(requests), jobs), load, connections))
    return load


async def _drive(port: int, requests: Iterator[bytes], load: Load, connections: int) -> None:
    loop = asyncio.get_running_loop()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(lambda: Client(load), "127.0.0.1", port)
        clients.append(client)
    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(client.print_all(requests) for client in clients))
    load.took_s = time.perf_counter() - began


class Client(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._buffer = b""
        self._sent_at = 0.0
        self._requests: Iterator[bytes] = iter(())
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def print_all(self, requests: Iterator[bytes]) -> None:
        """Take requests, which other connections take from as well, until there are none. Raises: ConnectionError."""
        self._requests = requests
        self._next()
        await self._done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The server is there."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a TCP transport is one

    def data_received(self, data: bytes) -> None:
        """An answer; it is small and comes whole, mostly."""
        self._buffer += data
        head_end = self._buffer.find(_HEAD_END)
        if head_end < 0:
            return
        start = head_end + len(_HEAD_END)
        end = start + content_length(self._buffer[:head_end])
        if len(self._buffer) >= end:
            self._count(self._buffer[:head_end], self._buffer[start:end])
            self._buffer = self._buffer[end:]
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed by us at the end, or by a server that had enough."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("The server closed a connection of the load."))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def _count(self, head: bytes, answer: bytes) -> None:
        self._load.times_s.append(time.perf_counter() - self._sent_at)
        if not is_accepted(head, answer):
            self._load.refused += 1


def is_accepted(head: bytes, answer: bytes) -> bool:
    """Whether an HTTP answer says that the job was taken (the status is at octets 2 and 3, RFC 8010 section 3.1.1)."""
    return head.startswith(b"HTTP/1.1 200") and int.from_bytes(answer[2:4], "big") in _ACCEPTED


def read_answer(connection: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of one HTTP answer, for a client that sends one request at a time. Raises: OSError, ValueError."""
    with connection.makefile("rb") as stream:
        head = b""
        while (line := stream.readline()) not in {b"\r\n", b""}:
            head += line
        return head, stream.read(content_length(head))


def content_length(head: bytes) -> int:
    """The length of an answer's body; 0 where it does not say."""
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
