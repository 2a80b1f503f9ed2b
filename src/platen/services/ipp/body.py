"""A request's body in pieces, from a client that may be slow, compress it, or go away."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any, Protocol

from platen.asgi import Receive
from platen.protocols.ipp import RequestRefused, Status
from platen.services.ipp.errors import BodyTimeout, ClientGone
from platen.services.ipp.inflate import Inflater

PROGRESS_BYTES_MIN = 1024
"""So much must come in each time-out: a client that trickles an octet now and then is as gone as a silent one."""

DRAIN_BYTES_MAX = 64 * 1024 * 1024
DRAIN_S = 10.0
"""So much is read on after a refusal. A connection that is closed with octets unread takes the answer along."""


class Body(Protocol):
    """Octets to come. `ended` is true once nothing can follow; before that, only reading on tells."""

    ended: bool

    async def read(self) -> bytes:
        """The next octets; empty only at the end. Raises: ClientGone, BodyTimeout, RequestRefused."""


class RequestBody:
    """The body as HTTP delivers it, chunks and lengths resolved."""

    def __init__(self, receive: Receive, timeout_s: float) -> None:
        self.ended = False
        self._receive = receive
        self._timeout_s = timeout_s
        self._deadline = 0.0
        self._since_deadline = PROGRESS_BYTES_MIN

    async def read(self) -> bytes:
        """The next octets; empty only at the end. Raises: ClientGone, BodyTimeout."""
        while not self.ended:
            if self._since_deadline >= PROGRESS_BYTES_MIN:
                self._deadline = asyncio.get_running_loop().time() + self._timeout_s
                self._since_deadline = 0
            message = await self._receive_in_time()
            if message["type"] != "http.request":
                raise ClientGone
            self.ended = not message.get("more_body", False)
            data: bytes = message["body"]
            if data:
                self._since_deadline += len(data)
                return data
        return b""

    async def _receive_in_time(self) -> MutableMapping[str, Any]:
        """As `async with asyncio.timeout_at` would, at a third of its cost: every request comes through here."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("A body is read by a task.")
        expired = False

        def expire() -> None:
            nonlocal expired
            expired = True
            task.cancel()

        timer = task.get_loop().call_at(self._deadline, expire)
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if not expired or task.uncancel() > 0:
                raise
            raise BodyTimeout(f"The request stopped coming in for {self._timeout_s:g} s.") from None
        finally:
            timer.cancel()

    async def drain(self) -> None:
        """Read on for a moment and forget it: closing while a client sends could make it miss the answer."""
        drained = 0
        try:
            async with asyncio.timeout(DRAIN_S):
                while not self.ended and drained < DRAIN_BYTES_MAX:
                    drained += len(await self.read())
        except (TimeoutError, BodyTimeout, ClientGone):
            self.ended = False


class InflatedBody:
    """A compressed body, decompressed as it is read; each piece is small, however much the octets expand to."""

    def __init__(self, body: Body, first: bytes, inflater: Inflater) -> None:
        self.ended = False
        self._body = body
        self._inflater = inflater
        self._inflater.feed(first)

    async def read(self) -> bytes:
        """The next octets; empty only at the end. Raises: as the body; RequestRefused, where it cannot be read."""
        while True:
            data = self._inflater.take()
            if data:
                return data
            if self._body.ended:
                self.ended = True
                if not self._inflater.is_whole:
                    raise RequestRefused(
                        Status.CLIENT_ERROR_COMPRESSION_ERROR, "the compressed data ends too early; send it again"
                    )
                return b""
            self._inflater.feed(await self._body.read())
