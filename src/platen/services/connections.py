"""Connections of a TCP service: how many at a time, what becomes of one that breaks, and their end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger("platen.connections")

CONNECTIONS_MAX = 1000
BUFFER_BYTES = 256 * 1024
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Connections:
    """All connections of one service. Its `serve` functions own a connection until they return; then it is closed."""

    def __init__(self, name: str, connections_max: int = CONNECTIONS_MAX) -> None:
        self._name = name
        self._connections_max = connections_max
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, listener: socket.socket, serve: Serve) -> asyncio.Server:
        """Serve what connects to a listening socket; more than the limit are closed at once."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is None or len(self._tasks) >= self._connections_max:
                log.warning("too_many_connections", service=self._name, connections=len(self._tasks))
                writer.close()
                return
            self._tasks.add(task)
            try:
                await self._guarded(reader, writer, serve)
            finally:
                self._tasks.discard(task)

        return await asyncio.start_server(connected, sock=listener, limit=BUFFER_BYTES)

    async def stop(self) -> None:
        """End every connection."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serve: Serve) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, TimeoutError) as error:
            log.info("connection_lost", service=self._name, error=str(error) or type(error).__name__)
        except asyncio.CancelledError:
            # The node stops. Not raised further: asyncio.start_server would report it as an error of the connection.
            writer.transport.abort()
        except Exception:  # one bad peer must not take its neighbours along; what went wrong is in the log
            log.exception("connection_failed", service=self._name)
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


def peer_address(writer: asyncio.StreamWriter) -> str:
    """The address that a connection comes from; IPv4 in its own form also on a socket that serves both."""
    peer = writer.get_extra_info("peername")
    return str(peer[0]).removeprefix("::ffff:") if peer else ""
