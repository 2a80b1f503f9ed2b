"""The collector watches itself: loops that fail or hang are begun anew, and a process that hangs ends.

systemd is told that all is well (sd_notify, WATCHDOG=1) for as long as the event loop turns; where nobody restarts the
process, a thread of its own ends it with the exit code 70, so that whatever started it can start it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger("platen.collector")

LOOK_S = 5.0
PROCESS_HANGS_S = 180.0
HUNG_EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h
AFTER_FAULT_S = 10.0


@dataclass(slots=True)
class _Loop:
    """A loop under watch. hangs_s: it says that it lives at least so often."""

    run: Callable[[], Coroutine[Any, Any, None]]
    hangs_s: float
    task: asyncio.Task[None] | None = None
    beat_s: float = field(default_factory=time.monotonic)
    restarts: int = 0


class Watch:
    """Keeps loops running. on: False leaves those that hang alone; those that fail are begun anew in any case."""

    def __init__(
        self, *, on: bool = True, process_hangs_s: float = PROCESS_HANGS_S, end: Callable[[int], object] = os._exit
    ) -> None:
        self._on = on
        self._process_hangs_s = process_hangs_s
        self._end = end
        self._loops: dict[str, _Loop] = {}
        self._turned_s = time.monotonic()
        self._done = threading.Event()

    def add(self, name: str, run: Callable[[], Coroutine[Any, Any, None]], hangs_s: float) -> None:
        """A loop, to be run for ever; it calls `beat` with its name."""
        self._loops[name] = _Loop(run, hangs_s)

    def beat(self, name: str) -> None:
        """The loop lives."""
        self._loops[name].beat_s = time.monotonic()

    @property
    def restarts(self) -> dict[str, int]:
        """How often each loop was begun anew."""
        return {name: loop.restarts for name, loop in self._loops.items()}

    async def run(self, stop: asyncio.Event, look_s: float = LOOK_S) -> None:
        """Until `stop`; then every loop is ended."""
        watcher = threading.Thread(target=self._watch_process, name="watchdog", daemon=True)
        if self._on:
            watcher.start()
        notify("READY=1")
        try:
            while not stop.is_set():
                self._turned_s = time.monotonic()
                notify("WATCHDOG=1")
                for name, loop in self._loops.items():
                    await self._look(name, loop)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), look_s)
        finally:
            notify("STOPPING=1")
            self._done.set()
            tasks = [loop.task for loop in self._loops.values() if loop.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, name: str, loop: _Loop) -> None:
        task, now_s = loop.task, time.monotonic()
        if task is None:
            self._begin(name, loop)
        elif task.done():
            error = None if task.cancelled() else task.exception()
            if now_s - loop.beat_s >= AFTER_FAULT_S or loop.restarts == 0:
                log.error("loop_failed", loop=name, error=repr(error), exc_info=error)
                loop.restarts += 1
                self._begin(name, loop)
        elif self._on and now_s - loop.beat_s > loop.hangs_s:
            log.error("loop_hangs", loop=name, silent_s=int(now_s - loop.beat_s))
            loop.restarts += 1
            task.cancel()
            await asyncio.wait([task], timeout=LOOK_S)
            self._begin(name, loop)

    def _begin(self, name: str, loop: _Loop) -> None:
        loop.beat_s = time.monotonic()
        loop.task = asyncio.create_task(loop.run(), name=name)

    def _watch_process(self) -> None:
        """In a thread: the event loop itself may hang."""
        while not self._done.wait(min(LOOK_S, self._process_hangs_s / 4)):
            silent_s = time.monotonic() - self._turned_s
            if silent_s > self._process_hangs_s:
                sys.stderr.write(f"platen: the collector hangs since {silent_s:.0f} s and ends.\n")
                faulthandler.dump_traceback(sys.stderr)
                self._end(HUNG_EXIT_CODE)
                return


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)), where it wants to be told. Never fails."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.connect(f"\0{path[1:]}" if path.startswith("@") else path)
        told.send(state.encode())
