"""From card number to first octet at the printer.

    python -m bench.release [--panels 200] [--people 100000] [--jobs 1000000] [--swipes 1000] [--seconds 60]

Every panel is a network reader with an address of its own (127.1.0.x) beside a socket printer of its own (127.2.0.x).
People swipe at random moments; each holds jobs/people documents, and all of them print. Measured is the time from
sending the card's number to the first octet at that printer. Then, on the idle server, one swipe after the other; and
for comparison cupsd, from sending Release-Job to its first octet at a socket printer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.rival import cups_release_ms
from bench.running import RunningNode, data_directory, environment, node
from bench.seed import card_number

PRINTER_PORT = 19100
SEED = 20260101


@dataclass(slots=True)
class Printers:
    """Socket printers that note when the first octet of a connection came, and whose turn it was."""

    first_octet: dict[int, asyncio.Future[float]] = field(default_factory=dict)
    documents: int = 0
    servers: list[asyncio.Server] = field(default_factory=list)

    async def listen(self, panels: int) -> None:
        """One printer a panel."""
        for panel in range(panels):
            self.servers.append(await asyncio.start_server(self._serve(panel), printer_address(panel), PRINTER_PORT))

    def expect(self, panel: int) -> asyncio.Future[float]:
        """The moment at which the next octet comes to this panel's printer."""
        self.first_octet[panel] = asyncio.get_running_loop().create_future()
        return self.first_octet[panel]

    def _serve(self, panel: int):  # a callback of asyncio's own shape
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            first = await reader.read(1)
            now = time.perf_counter()
            waiting = self.first_octet.pop(panel, None)
            if first and waiting is not None and not waiting.done():
                waiting.set_result(now)
            while await reader.read(65536):
                pass
            self.documents += 1
            writer.close()

        return serve


def reader_address(panel: int) -> str:
    """Where a panel's reader connects from."""
    return f"127.1.{panel // 250}.{panel % 250 + 1}"


def printer_address(panel: int) -> str:
    """Where a panel's printer listens."""
    return f"127.2.{panel // 250}.{panel % 250 + 1}"


def prepare(data: Path, panels: int, people: int, jobs: int) -> None:
    """Fill the data directory, in a process of its own."""
    variables = environment(data)
    command = [sys.executable, "-m", "bench.seed", str(people), str(jobs), str(panels)]
    subprocess.run(command, env=variables | {"DJANGO_SETTINGS_MODULE": "platen.django_settings"}, check=True)


async def swipe(writer: asyncio.StreamWriter, printers: Printers, panel: int, person: int) -> float:
    """One swipe. Returns: seconds to the first octet."""
    came = printers.expect(panel)
    sent = time.perf_counter()
    writer.write(f"{card_number(person)}\r\n".encode())
    return await asyncio.wait_for(came, 30) - sent


async def measure(running: RunningNode, panels: int, people: int, swipes: int, seconds: float) -> dict[str, object]:
    """Swipes spread over `seconds`, then one at a time."""
    chance = random.Random(SEED)
    printers = Printers()
    await printers.listen(panels)
    writers = []
    for panel in range(panels):
        _, writer = await asyncio.open_connection(
            "127.0.0.1", running.reader_port, local_addr=(reader_address(panel), 0)
        )
        writers.append(writer)
    persons = chance.sample(range(people), swipes + 50)
    moments = sorted(chance.uniform(0, seconds) for _ in range(swipes))
    times: list[float] = []
    busy = [asyncio.Lock() for _ in range(panels)]

    async def at(moment: float, panel: int, person: int) -> None:
        await asyncio.sleep(moment)
        async with busy[panel]:
            times.append(await swipe(writers[panel], printers, panel, person))

    plan = [at(moment, index % panels, persons[index]) for index, moment in enumerate(moments)]
    began = time.perf_counter()
    failed = [error for error in await asyncio.gather(*plan, return_exceptions=True) if error is not None]
    spent = time.perf_counter() - began
    await settle(printers)
    alone = [await alone_after(writers[0], printers, person) for person in persons[swipes:]]
    return {
        "swipes": swipes,
        "failed": len(failed),
        "seconds": round(spent, 1),
        "documents_delivered": printers.documents,
        "busy_ms": quantiles(times),
        "idle_ms": quantiles(alone),
    }


async def alone_after(writer: asyncio.StreamWriter, printers: Printers, person: int) -> float:
    """A swipe on a server that has nothing else to do."""
    took = await swipe(writer, printers, 0, person)
    await settle(printers)
    return took


async def settle(printers: Printers) -> None:
    """Wait until no more documents come."""
    before = -1
    while before != printers.documents:
        before = printers.documents
        await asyncio.sleep(0.3)


def quantiles(times: list[float]) -> dict[str, float]:
    """Median, 95 % and 99 % in milliseconds."""
    ordered = sorted(times)
    at = lambda share: round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)  # noqa: E731
    return {"median": round(1000 * statistics.median(ordered), 1), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)}


def main() -> None:
    """Run and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--panels", type=int, default=200)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--swipes", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-rival", action="store_true")
    chosen = parser.parse_args()
    with data_directory() as data:
        began = time.monotonic()
        prepare(data, chosen.panels, chosen.people, chosen.jobs)
        seeded_s = round(time.monotonic() - began)
        with node(data, analysis_workers=0) as running:
            result = asyncio.run(measure(running, chosen.panels, chosen.people, chosen.swipes, chosen.seconds))
    result |= {"bench": "release", "people": chosen.people, "held": chosen.jobs, "seeded_s": seeded_s}
    if not chosen.no_rival:
        result["cupsd_idle_ms"] = cups_release_ms()
    result["cores"] = os.cpu_count()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
