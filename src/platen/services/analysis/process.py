"""One worker process, seen from the node."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from platen.services.analysis.limits import PoolLimits
from platen.services.analysis.patience import bounded
from platen.services.analysis.wire import PREFIX, encode

_PIECE_BYTES = 64 * 1024
# Isolated: neither the environment nor the working directory decides what is imported.
PROGRAM = ("-I", "-m", "platen.services.analysis.worker")


class WorkerLostError(Exception):
    """The worker ended before it answered."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(f"the analysis process ended with {returncode}")
        self.returncode = returncode  # negative: the signal that ended it

    @property
    def used_up_its_time(self) -> bool:
        return self.returncode == -signal.SIGXCPU


class WorkerProcess:
    """A running worker and the node's end of its socket. Takes one document at a time."""

    def __init__(self, process: asyncio.subprocess.Process, connection: socket.socket, limits: PoolLimits) -> None:
        self._process = process
        self._connection = connection
        self._limits = limits
        self._documents = 0
        self._retiring = False

    @classmethod
    async def start(cls, limits: PoolLimits) -> WorkerProcess:
        """Start a worker. Raises: OSError where no process can be made."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *PROGRAM,
                    str(theirs.fileno()),
                    json.dumps(asdict(limits)),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,  # a traceback could quote the document
                    env={},
                )
        except BaseException:
            ours.close()
            raise
        return cls(process, ours, limits)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_fresh(self) -> bool:
        """The worker has had no document but the one it may be working on."""
        return self._documents <= 1

    @property
    def usable(self) -> bool:
        """The worker can take another document."""
        alive = self._process.returncode is None
        return alive and not self._retiring and self._documents < self._limits.documents_per_worker

    async def ask(self, descriptor: int, request: Mapping[str, Any]) -> dict[str, Any]:
        """Have the worker do something with the document behind the descriptor (see `wire`).

        Returns: the reply as it came. Raises: WorkerLostError; TimeoutError (see `patience`). After either, and after
        cancellation, the worker must be killed: its answer would reach the next caller.
        """
        self._documents += 1
        try:
            async with bounded(self.pid, self._limits.for_document(os.fstat(descriptor).st_size)):
                socket.send_fds(self._connection, [encode(request)], [descriptor])
                reply: dict[str, Any] = json.loads(await self._receive())
        except (ConnectionError, asyncio.IncompleteReadError, BlockingIOError, ValueError) as error:
            self._process_kill()
            raise WorkerLostError(await self._process.wait()) from error
        self._retiring = bool(reply.pop("retire", False))
        return reply

    async def _receive(self) -> bytearray:
        """One message. Raises: IncompleteReadError; ValueError where it is longer than a reply may be."""
        loop = asyncio.get_running_loop()
        octets, length = bytearray(), PREFIX.size
        while len(octets) < length:
            piece = await loop.sock_recv(self._connection, _PIECE_BYTES)  # mostly all of it
            if not piece:
                raise asyncio.IncompleteReadError(bytes(octets), length)
            octets += piece
            if length == PREFIX.size <= len(octets):
                length += PREFIX.unpack_from(octets)[0]
                if length > self._limits.reply_bytes_max:
                    raise ValueError
        del octets[: PREFIX.size]
        return octets

    def _process_kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it ended by itself in this moment
                self._process.kill()

    async def stop(self, *, kill: bool = False) -> None:
        """End the worker and wait for it. An idle worker ends by itself when its socket closes."""
        self._connection.close()
        if kill:
            self._process_kill()
        await self._process.wait()
