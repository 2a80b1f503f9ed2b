"""Print intake: small documents over many connections, then large ones at once; one line of JSON.

Every job is acknowledged only when its document and its row are on the disk. The load generator is this process, on the
same machine as the server. Run as `python -m bench.intake [--seconds N] [--held N] [--large N]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import quantiles

import uvloop

from bench.running import RunningNode, data_directory, environment, node, resident_bytes
from platen.protocols.ipp import Group, GroupTag, Message, Operation, encode
from platen.protocols.ipp import attributes as a

CONNECTIONS = 64
DOCUMENT_BYTES = 20_000
PEOPLE = 1_000
LARGE_BYTES = 200 * 1000 * 1000
LARGE_PIECE = os.urandom(1024 * 1024)


def print_job(port: int, user: str, document: bytes) -> bytes:
    """A whole Print-Job of a small document."""
    ipp = _print_job_message(port, user)
    head = _http_head(port, len(ipp) + len(document))
    return head + ipp + document


def small_pdf(size_bytes: int) -> bytes:
    """A PDF file of one page and so many octets, most of them a picture's data that does not compress."""
    filling = size_bytes
    while (too_many := len(_pdf(bytes(filling))) - size_bytes) > 0:
        filling -= too_many
    return _pdf(os.urandom(filling))


def _pdf(picture: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 33>>stream\nq 400 0 0 400 90 220 cm /I Do Q  \nendstream",
        b"<</Type/XObject/Subtype/Image/Width %d/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length %d>>stream\n"
        b"%b\nendstream" % (len(picture), len(picture), picture),
    ]
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"xref\n0 6\n0000000000 65535 f \n%btrailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(written),
    )


def _print_job_message(port: int, user: str) -> bytes:
    operation = Group(
        GroupTag.OPERATION_ATTRIBUTES,
        [
            a.charset("attributes-charset", "utf-8"),
            a.language("attributes-natural-language", "en"),
            a.uri("printer-uri", f"ipp://127.0.0.1:{port}/ipp/print"),
            a.name_("requesting-user-name", user),
            a.name_("job-name", f"Report of {user}"),
            a.mime_type("document-format", "application/pdf"),
        ],
    )
    job = Group(GroupTag.JOB_ATTRIBUTES, [a.integer("copies", 1), a.keyword("sides", "two-sided-long-edge")])
    return encode(Message((2, 0), Operation.PRINT_JOB, 1, (operation, job)))


def _http_head(port: int, length: int) -> bytes:
    return (
        f"POST /ipp/print HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


@dataclass(slots=True)
class Count:
    """What the clients saw."""

    times_s: list[float] = field(default_factory=list)
    refused: int = 0


class SmallClient(asyncio.Protocol):
    """One keep-alive connection that prints a document as soon as the one before is acknowledged."""

    def __init__(self, requests: Iterator[bytes], count: Count) -> None:
        self._requests = requests
        self._count = count
        self._buffer = b""
        self._sent_at = 0.0
        self._stopping = False
        self.stopped = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a TCP transport is one
        self._next()

    def _next(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Answers are small and come whole, mostly."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = int(self._buffer[:head].lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        if len(self._buffer) < head + 4 + length:
            return
        answer, self._buffer = self._buffer[head + 4 : head + 4 + length], self._buffer[head + 4 + length :]
        self._count.times_s.append(time.perf_counter() - self._sent_at)
        if answer[2:4] not in {b"\0\0", b"\0\1"}:
            self._count.refused += 1
        if self._stopping:
            self._transport.close()
        else:
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Over."""
        if not self.stopped.done():
            self.stopped.set_result(None)

    def stop(self) -> None:
        """Close after the next answer."""
        self._stopping = True


async def small_jobs(running: RunningNode, seconds: float) -> dict[str, float]:
    """Print for so long; rate, times of acknowledgement, and what a job costs the server's processor."""
    port = running.port
    document = small_pdf(DOCUMENT_BYTES)
    requests = cycle([print_job(port, f"p{person}", document) for person in range(PEOPLE)])
    loop, warm = asyncio.get_running_loop(), Count()
    await _drive(loop, port, requests, warm, 1.0)
    count = Count()
    began, cpu_s = time.perf_counter(), processor_s(running.process.pid)
    await _drive(loop, port, requests, count, seconds)
    took_s, cpu_s = time.perf_counter() - began, processor_s(running.process.pid) - cpu_s
    cuts = quantiles(count.times_s, n=100)
    return {
        "jobs_per_s": round(len(count.times_s) / took_s, 1),
        "refused": count.refused,
        "server_cpu_us_per_job": round(cpu_s / len(count.times_s) * 1e6),
        "ack_p50_ms": round(cuts[49] * 1000, 2),
        "ack_p99_ms": round(cuts[98] * 1000, 2),
    }


async def _drive(
    loop: asyncio.AbstractEventLoop, port: int, requests: Iterator[bytes], count: Count, seconds: float
) -> None:
    clients = []
    for _ in range(CONNECTIONS):
        _, client = await loop.create_connection(lambda: SmallClient(requests, count), "127.0.0.1", port)
        clients.append(client)
    await asyncio.sleep(seconds)
    for client in clients:
        client.stop()
    await asyncio.gather(*(client.stopped for client in clients))


def processor_s(pid: int) -> float:
    """Processor time that a process has had, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def large_jobs(running: RunningNode, number: int) -> dict[str, float]:
    """Large documents at once; octets a second, and by how much the server's memory grew meanwhile."""
    before = resident_bytes(running.process.pid)
    peak = [before]

    async def watch() -> None:
        while True:
            peak[0] = max(peak[0], resident_bytes(running.process.pid))
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    statuses = await asyncio.gather(*(_large_job(running.port, f"p{person}") for person in range(number)))
    took_s = time.perf_counter() - began
    watching.cancel()
    return {
        "large_documents": number,
        "large_mb_per_s": round(number * LARGE_BYTES / took_s / 1e6, 1),
        "large_refused": sum(status >= 0x0100 for status in statuses),
        "large_memory_growth_mb": round((peak[0] - before) / 1e6, 1),
    }


async def _large_job(port: int, user: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ipp = _print_job_message(port, user)
    writer.write(_http_head(port, len(ipp) + LARGE_BYTES) + ipp)
    left = LARGE_BYTES
    while left:
        piece = LARGE_PIECE if left >= len(LARGE_PIECE) else LARGE_PIECE[:left]
        writer.write(piece)
        await writer.drain()
        left -= len(piece)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
    answer = await reader.readexactly(length)
    writer.close()
    return int.from_bytes(answer[2:4], "big")


def dd_mb_per_s(folder: Path, number: int) -> float:
    """What `dd conv=fsync` writes to the same disk, of as many octets."""
    target = folder / "dd"
    count = number * LARGE_BYTES // len(LARGE_PIECE)
    command = ["dd", "if=/dev/zero", f"of={target}", "bs=1M", f"count={count}", "conv=fsync"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    took_s = time.perf_counter() - began
    target.unlink()
    return round(count * len(LARGE_PIECE) / took_s / 1e6, 1)


def first_job_s(data: Path) -> float:
    """From starting `platen serve` to its first acknowledged job."""
    began = time.perf_counter()
    with node(data) as running:
        asyncio.run(_one_job(running.port))
        return round(time.perf_counter() - began, 2)


async def _one_job(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(print_job(port, "p0", small_pdf(DOCUMENT_BYTES)))
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


def seed(data: Path, held: int) -> None:
    """People to print, and jobs that lie there already."""
    command = [sys.executable, "-m", "bench.seed", str(PEOPLE), str(held), "0"]
    variables = environment(data) | {"DJANGO_SETTINGS_MODULE": "platen.django_settings"}
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--held", type=int, default=0, help="jobs that are held before the measurement")
    options.add_argument("--large", type=int, default=10, help="documents of 200 MB at once")
    chosen = options.parse_args()
    result: dict[str, object] = {"bench": "intake", "held": chosen.held}
    with data_directory() as data:
        seed(data, chosen.held)
        result["start_to_first_job_s"] = first_job_s(data)
        with node(data) as running:
            result["resident_idle_mb"] = round(running.resident_bytes / 1e6, 1)
            result |= uvloop.run(small_jobs(running, chosen.seconds))
            if chosen.large:
                result["dd_mb_per_s"] = dd_mb_per_s(data, chosen.large)
                result |= uvloop.run(large_jobs(running, chosen.large))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
