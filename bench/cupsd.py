"""cupsd, measured in the same run: how fast it takes held jobs, how soon after Release-Job a printer hears of it."""

from __future__ import annotations

import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.peers.cups import Cups, cups

from bench.load import print_many
from bench.print_jobs import ipp_request, small_requests
from platen.protocols.ipp import Group, GroupTag, Message, Operation
from platen.protocols.ipp import attributes as a

QUEUE = "held"


@contextmanager
def cups_queue() -> Iterator[Cups]:
    """A scheduler whose queue QUEUE prints to nowhere; it keeps every job, calls no fsync and logs next to nothing."""
    with cups(log_level="warn") as scheduler:
        scheduler.add_raw_queue(QUEUE, "file:///dev/null")
        yield scheduler


def cups_release_ms(releases: int, held: int) -> dict[str, float]:
    """Milliseconds from Release-Job to the first octet at a socket printer, on an idle scheduler that holds so many."""
    with TemporaryDirectory() as folder, FirstOctet() as printer, cups(log_level="warn") as scheduler:
        scheduler.add_raw_queue(QUEUE, f"socket://127.0.0.1:{printer.port}")
        document = Path(folder) / "page.ps"
        document.write_bytes(b"%!PS\nshowpage\n")
        if held:
            requests = small_requests(scheduler.queue_uri(QUEUE), people=100)
            print_many(scheduler.port, requests, held)
        times = []
        for _ in range(releases):
            job = scheduler.lp(document, QUEUE, user="bench", options={"job-hold-until": "indefinite"})
            request = release_request(scheduler.queue_uri(QUEUE), job)
            with socket.create_connection(("127.0.0.1", scheduler.port)) as connection:
                sent = time.perf_counter()
                connection.sendall(request)
                times.append(printer.wait() - sent)
            scheduler.wait_for_job(job)
    return {"median": round(1000 * statistics.median(times), 1), "max": round(1000 * max(times), 1)}


def release_request(printer_uri: str, job_id: int) -> bytes:
    """Release-Job as an HTTP request."""
    operation = Group(
        GroupTag.OPERATION_ATTRIBUTES,
        (
            a.charset("attributes-charset", "utf-8"),
            a.language("attributes-natural-language", "en"),
            a.uri("printer-uri", printer_uri),
            a.integer("job-id", job_id),
            a.name_("requesting-user-name", "bench"),
        ),
    )
    return ipp_request(printer_uri, Message((2, 0), Operation.RELEASE_JOB, 1, (operation,)))


class FirstOctet:
    """A socket printer that knows when the first octet of the last document came."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._came = threading.Event()
        self._at = 0.0
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> FirstOctet:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave the thread waiting for a connection that cannot come any more.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(30)

    def wait(self) -> float:
        """When the first octet came. Raises: TimeoutError."""
        if not self._came.wait(30):
            raise TimeoutError("no octet came")
        self._came.clear()
        return self._at

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(ConnectionError):  # a scheduler that was stopped in between
                if connection.recv(1):
                    self._at = time.perf_counter()
                    self._came.set()
                while connection.recv(65536):
                    pass
