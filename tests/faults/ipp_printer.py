"""A virtual IPP printer in a thread of the test's own process, so that it outlives the servers that print to it."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platen.demo.printers import PrintEngine, VirtualIppPrinter


class PrinterInThread:
    """Switched on until the context ends."""

    def __init__(self, folder: Path) -> None:
        self.uri = ""
        self._folder = folder
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    async def _serve(self) -> None:
        async with VirtualIppPrinter("Virtual", PrintEngine(keep_in=self._folder)) as printer:
            self.uri = printer.uri
            self._started.set()
            await self._stopping.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(20), "the virtual printer did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(30)
        self._loop.close()

    def digests(self) -> set[str]:
        """SHA-256 of every document that came out."""
        return {hashlib.sha256(path.read_bytes()).hexdigest() for path in self._folder.iterdir()}


@contextmanager
def ipp_printer(folder: Path) -> Iterator[PrinterInThread]:
    """A printer that keeps what it printed in `folder`."""
    printer = PrinterInThread(folder)
    printer.start()
    try:
        yield printer
    finally:
        printer.stop()
