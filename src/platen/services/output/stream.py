"""Sending a document into a connection that only takes octets (raw, LPD), and seeing whether the device takes them."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import termios
import time
from collections.abc import Awaitable
from typing import TypeVar

from platen.services.output.attempt import Attempt

T = TypeVar("T")
PULSE_S = 1.0  # how often a transfer that takes long is looked at
STALLED = "The device takes no more data. Is it out of paper, or does its display ask for something?"


class Stopped(Exception):
    """Somebody asked to stop this delivery."""


class Transfer:
    """Watches one transfer: tells the person when the device stalls, and notices when it shall stop."""

    def __init__(self, attempt: Attempt, writer: asyncio.StreamWriter, *, stall_s: float) -> None:
        self._attempt = attempt
        self._writer = writer
        self._stall_s = stall_s
        self._seen = (-1, -1)
        self._moved_at = time.monotonic()

    async def through(self, sending: Awaitable[T]) -> T:
        """Wait for `sending`, however long the device needs. Raises: Stopped; what `sending` raises."""
        task = asyncio.ensure_future(sending)
        try:
            while not (await asyncio.wait({task}, timeout=PULSE_S))[0]:
                await self.look()
            return task.result()
        finally:
            task.cancel()

    async def look(self) -> None:
        """Say how it goes. Raises: Stopped."""
        now_at = (self._attempt.octets_sent, unsent(self._writer))
        if now_at != self._seen:
            self._seen, self._moved_at = now_at, time.monotonic()
        stalled = time.monotonic() - self._moved_at >= self._stall_s
        if not await self._attempt.progress(message=STALLED if stalled else "", stopped=stalled):
            raise Stopped


def unsent(writer: asyncio.StreamWriter) -> int:
    """Octets that the device has not acknowledged: in our buffer, and in the system's (Linux: SIOCOUTQ)."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    waiting: int = writer.transport.get_write_buffer_size()
    if connection is None or writer.is_closing():
        return waiting
    try:
        answer = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    except OSError:
        return waiting  # not a system that tells
    return waiting + int(struct.unpack("i", answer)[0])
