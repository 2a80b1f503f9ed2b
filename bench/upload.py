"""Large documents at once by Print-Job: how fast the server takes them, encrypted and durable, and in how much memory.

The documents are PDF files of one picture of noise, made as they are sent: one stretch of noise lies in memory, and the
kernel sends it over and over. For comparison `dd conv=fsync` writes as many octets to the same disk, before and after.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bench.load import is_accepted, read_answer
from bench.print_jobs import pdf_frame, print_job_head
from bench.result import Benchmark, Requirement, Result, say
from bench.running import RunningNode, data_directory, node
from bench.seed import fill

NOISE_BYTES = 16 * 1024 * 1024
SAMPLE_EVERY_S = 0.05
RATE_MIN_MB = 250
DD_SHARE_MIN = 0.5
GROWTH_MAX_MB = 100
ANSWER_PATIENCE_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it."""

    documents: int = 10
    document_bytes: int = 200_000_000


def measure(sizes: Sizes) -> Result:
    """dd, the uploads, dd again."""
    total = sizes.documents * sizes.document_bytes
    with data_directory() as data:
        fill(data, sizes.documents, 0)
        disk = [_dd_mb_per_s(data, total)]
        say(f"dd {disk[0]} MB/s")
        with node(data) as running, _noise() as noise:
            before = running.resident_bytes
            with Memory(running) as memory:
                took_s, accepted = _upload(running, sizes, noise)
            rate = round(total / took_s / 1e6, 1)
            say(f"{sizes.documents} documents: {rate} MB/s")
        disk.append(_dd_mb_per_s(data, total))
    dd = round(sum(disk) / len(disk), 1)
    needed = min(RATE_MIN_MB, DD_SHARE_MIN * dd)
    growth = round((memory.peak_bytes - before) / 1e6, 1)
    return Result(
        figures={
            "mb_per_s": rate,
            "dd_mb_per_s": dd,
            "dd_before_mb_per_s": disk[0],
            "dd_after_mb_per_s": disk[1],
            "share_of_dd": round(rate / dd, 2),
            "memory_before_mb": round(before / 1e6, 1),
            "memory_growth_mb": growth,
            "refused": sizes.documents - accepted,
        },
        requirements=(
            Requirement("none refused", accepted == sizes.documents),
            Requirement(f"at least {RATE_MIN_MB} MB/s or half of dd, whichever is less", rate >= needed),
            Requirement(f"memory grows by less than {GROWTH_MAX_MB} MB", growth < GROWTH_MAX_MB),
        ),
    )


@dataclass(slots=True)
class Memory:
    """Looks again and again at what a server and its children have resident; peak_bytes is the most."""

    running: RunningNode
    peak_bytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_EVERY_S):
            self.peak_bytes = max(self.peak_bytes, self.running.resident_bytes)


@contextmanager
def _noise() -> Iterator[BinaryIO]:
    """A file in memory, of octets that do not compress."""
    with os.fdopen(os.memfd_create("noise"), "r+b") as file:
        file.write(os.urandom(NOISE_BYTES))
        file.flush()
        yield file


def _upload(running: RunningNode, sizes: Sizes, noise: BinaryIO) -> tuple[float, int]:
    """All documents at once, a thread each. Returns: how long it took in seconds, how many were accepted."""
    began = time.perf_counter()
    with ThreadPoolExecutor(sizes.documents) as threads:
        uploads = [
            threads.submit(_print_one, running, f"p{person}", sizes.document_bytes, noise)
            for person in range(sizes.documents)
        ]
        accepted = sum(upload.result() for upload in uploads)
    return time.perf_counter() - began, accepted


def _print_one(running: RunningNode, user: str, document_bytes: int, noise: BinaryIO) -> bool:
    """Returns: whether it was accepted. Raises: OSError."""
    frame = pdf_frame(document_bytes)
    with socket.create_connection(("127.0.0.1", running.port), timeout=ANSWER_PATIENCE_S) as connection:
        connection.sendall(print_job_head(running.uri, user, document_bytes) + frame.head)
        left = frame.picture_bytes
        while left:
            # From another place each time, so that no two stretches of a document are the same.
            offset = left % (NOISE_BYTES // 2)
            left -= connection.sendfile(noise, offset, min(left, NOISE_BYTES // 2))
        connection.sendall(frame.tail)
        return is_accepted(*read_answer(connection))


def _dd_mb_per_s(folder: Path, total_bytes: int) -> float:
    target = folder / "dd"
    count = -(-total_bytes // 1_000_000)
    command = ["dd", "if=/dev/zero", f"of={target}", "bs=1MB", f"count={count}", "conv=fsync"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took_s = time.perf_counter() - began
    target.unlink()
    return round(count / took_s, 1)


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(documents=4, document_bytes=20_000_000))
