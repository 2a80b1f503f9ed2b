"""TCP listeners for printing without IPP: the node's own port, and one for each queue that has a port of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping

import structlog

from platen.printing.arrivals import QueueFacts
from platen.services.connections import Connections
from platen.services.queues import REFRESH_S, QueueDirectory
from platen.services.web import listening_socket

log = structlog.get_logger("platen.listeners")

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int | None], Awaitable[None]]


class Listeners:
    """Opens ports and keeps them in step with the queues.

    serve: called for each connection, with the queue's id where the port is a queue's own, else None.
    """

    def __init__(
        self,
        name: str,
        bind: str,
        queues: QueueDirectory,
        *,
        port_of: Callable[[QueueFacts], int | None],
        serve: Serve,
    ) -> None:
        self._name = name
        self._bind = bind
        self._queues = queues
        self._port_of = port_of
        self._serve = serve
        self._connections = Connections(name)
        self._own: asyncio.Server | None = None
        self._servers: dict[int, tuple[int, asyncio.Server]] = {}  # port -> (queue id, server)
        self._not_opened: set[int] = set()
        self._follower: asyncio.Task[None] | None = None

    async def start(self, port: int) -> int | None:
        """Open the node's port (0: a free one, -1: none) and those of the queues. Returns: the node's port.

        Raises: OSError, when the node's own port cannot be had; a queue's port that cannot is logged and tried again.
        """
        number = None
        if port >= 0:
            listener = listening_socket(self._bind, port)
            number = int(listener.getsockname()[1])
            self._own = await self._open(listener, None)
        await self.follow()
        self._follower = asyncio.create_task(self._keep_following(), name=f"{self._name}-listeners")
        return number

    async def stop(self) -> None:
        """Close the ports, then the connections."""
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)
        if self._own is not None:
            self._own.close()
        for _, server in self._servers.values():
            server.close()
        self._servers.clear()
        await self._connections.stop()

    @property
    def queue_ports(self) -> Mapping[int, int]:
        """Queue id -> the port of its own that is open."""
        return {queue_id: port for port, (queue_id, _) in self._servers.items()}

    async def follow(self) -> None:
        """Close the ports that no queue wants any more and open those that one does."""
        wanted = {port: queue.id for queue in self._queues.all() if (port := self._port_of(queue)) is not None}
        for port, (queue_id, server) in list(self._servers.items()):
            if wanted.get(port) != queue_id:
                server.close()
                del self._servers[port]
                log.info("queue_port_closed", service=self._name, port=port, queue_id=queue_id)
        for port, queue_id in wanted.items():
            if port not in self._servers:
                await self._open_for_queue(port, queue_id)

    async def _keep_following(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            await self.follow()

    async def _open_for_queue(self, port: int, queue_id: int) -> None:
        try:
            listener = listening_socket(self._bind, port)
        except OSError as error:
            if port not in self._not_opened:
                log.warning("queue_port_not_opened", service=self._name, port=port, error=str(error))
            self._not_opened.add(port)
            return
        self._not_opened.discard(port)
        self._servers[port] = (queue_id, await self._open(listener, queue_id))
        log.info("queue_port_opened", service=self._name, port=port, queue_id=queue_id)

    async def _open(self, listener: socket.socket, queue_id: int | None) -> asyncio.Server:
        return await self._connections.listen(listener, lambda reader, writer: self._serve(reader, writer, queue_id))
