"""From card number to first octet at the printer.

Every panel is a network reader with an address of its own (127.1.0.x) beside a socket printer of its own (127.2.0.x).
People swipe at random moments; each holds jobs/people documents, and all of them print. Measured is the time from
sending the card's number to the first octet at that printer. Then, on the idle server, one swipe after the other; and
for comparison cupsd, from sending Release-Job to its first octet at a socket printer.
"""

from __future__ import annotations

import asyncio
import random
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field

from bench.cupsd import cups_release_ms
from bench.result import Benchmark, Requirement, Result, say
from bench.running import RunningNode, data_directory, free_port, node
from bench.seed import SINGLES, card_number, fill

SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it."""

    panels: int = 200
    people: int = 100_000
    jobs: int = 1_000_000
    swipes: int = 200
    swipes_alone: int = 50
    cupsd_jobs: int = 20_000
    seconds: float = 60.0


@dataclass(slots=True)
class Printers:
    """Socket printers that note when the first octet of a connection came, and whose turn it was."""

    first_octet: dict[int, asyncio.Future[float]] = field(default_factory=dict)
    documents: int = 0
    servers: list[asyncio.Server] = field(default_factory=list)
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    async def serve(self, listeners: list[socket.socket]) -> None:
        """One printer a panel."""
        for panel, listener in enumerate(listeners):
            self.servers.append(await asyncio.start_server(self._serve(panel), sock=listener))

    async def close(self) -> None:
        """No more documents; the server may be looking at this moment whether a printer is there."""
        for server in self.servers:
            server.close()
            await server.wait_closed()
        for task, writer in list(self.connections.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)

    def expect(self, panel: int) -> asyncio.Future[float]:
        """The moment at which the next octet comes to this panel's printer."""
        self.first_octet[panel] = asyncio.get_running_loop().create_future()
        return self.first_octet[panel]

    def _serve(self, panel: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is None:
                return
            self.connections[task] = writer
            try:
                await self._take(panel, reader)
            finally:
                del self.connections[task]
                writer.close()

        return serve

    async def _take(self, panel: int, reader: asyncio.StreamReader) -> None:
        first = await reader.read(1)
        now = time.perf_counter()
        waiting = self.first_octet.pop(panel, None) if first else None
        if waiting is not None and not waiting.done():
            waiting.set_result(now)
        while await reader.read(65536):
            pass
        self.documents += bool(first)  # a server also connects to see whether the printer is there


def reader_address(panel: int) -> str:
    """Where a panel's reader connects from."""
    return f"127.1.{panel // 250}.{panel % 250 + 1}"


def printer_address(panel: int) -> str:
    """Where a panel's printer listens."""
    return f"127.2.{panel // 250}.{panel % 250 + 1}"


async def swipe(writer: asyncio.StreamWriter, printers: Printers, panel: int, person: int) -> float:
    """One swipe. Returns: seconds to the first octet."""
    came = printers.expect(panel)
    sent = time.perf_counter()
    writer.write(f"{card_number(person)}\r\n".encode())
    return await asyncio.wait_for(came, 30) - sent


@contextmanager
def listening_printers(panels: int, port: int) -> Iterator[list[socket.socket]]:
    """The printers are there before the server looks for them; all have the same port."""
    with ExitStack() as stack:
        addresses = ((printer_address(panel), port) for panel in range(panels))
        yield [stack.enter_context(socket.create_server(address)) for address in addresses]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swipes:
    """What came of them."""

    failed: int
    swiped_s: float
    documents_delivered: int
    busy_ms: dict[str, float]
    idle_ms: dict[str, float]


async def swipes(running: RunningNode, sizes: Sizes, listeners: list[socket.socket]) -> Swipes:
    """Swipes spread over the time, then one at a time."""
    chance = random.Random(SEED)
    printers = Printers()
    await printers.serve(listeners)
    readers = [await connect_reader(running, panel) for panel in range(sizes.panels)]
    persons = chance.sample(range(sizes.people), sizes.swipes)
    # Alone come people with one document, as cupsd releases one.
    singles = range(sizes.people, sizes.people + SINGLES)
    # A server is not started anew for each day's first person.
    for person in singles[sizes.swipes_alone : 2 * sizes.swipes_alone]:
        await alone_after(readers[0], printers, person)
    moments = sorted(chance.uniform(0, sizes.seconds) for _ in range(sizes.swipes))
    times: list[float] = []
    busy = [asyncio.Lock() for _ in range(sizes.panels)]

    async def at(moment: float, panel: int, person: int) -> None:
        await asyncio.sleep(moment)
        async with busy[panel]:
            times.append(await swipe(readers[panel], printers, panel, person))

    plan = [at(moment, index % sizes.panels, persons[index]) for index, moment in enumerate(moments)]
    began = time.perf_counter()
    failed = [error for error in await asyncio.gather(*plan, return_exceptions=True) if error is not None]
    spent = time.perf_counter() - began
    await settle(printers)
    alone = [await alone_after(readers[0], printers, person) for person in singles[: sizes.swipes_alone]]
    for reader in readers:
        reader.close()
        await reader.wait_closed()
    await printers.close()
    return Swipes(
        failed=len(failed),
        swiped_s=round(spent, 1),
        documents_delivered=printers.documents,
        busy_ms=quantiles(times),
        idle_ms=quantiles(alone),
    )


async def connect_reader(running: RunningNode, panel: int) -> asyncio.StreamWriter:
    """A card reader's connection, from the address that the panel's reader has."""
    local = (reader_address(panel), 0)
    _, writer = await asyncio.open_connection("127.0.0.1", running.reader_port, local_addr=local)
    return writer


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

    def at(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {"median": round(1000 * statistics.median(ordered), 1), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)}


def measure(sizes: Sizes) -> Result:
    """Busy, then idle, then cupsd."""
    with data_directory() as data:
        say(f"adding {sizes.people:,} people and {sizes.jobs:,} held jobs")
        began = time.monotonic()
        port = free_port()
        fill(data, sizes.people, sizes.jobs, sizes.panels, port)
        seeded_s = round(time.monotonic() - began)
        say(f"{sizes.swipes:,} swipes at {sizes.panels} panels in {sizes.seconds} s")
        # The documents were looked into when they came; here they lie as if that had been long ago.
        with listening_printers(sizes.panels, port) as listeners, node(data, analysis_workers=0) as running:
            came = asyncio.run(swipes(running, sizes, listeners))
    say("cupsd")
    rival = cups_release_ms(sizes.swipes_alone, held=0)
    say(f"cupsd, holding {sizes.cupsd_jobs:,} jobs")
    rival_holding = cups_release_ms(sizes.swipes_alone, held=sizes.cupsd_jobs)
    return Result(
        figures={**asdict(came), "seeded_s": seeded_s, "cupsd_idle_ms": rival, "cupsd_holding_ms": rival_holding},
        requirements=(
            Requirement("every swipe answered", came.failed == 0),
            Requirement("busy p99 below 100 ms", came.busy_ms["p99"] < 100),
            Requirement("idle median below that of an empty cupsd", came.idle_ms["median"] < rival["median"]),
            Requirement(
                "idle median below that of a cupsd that holds jobs", came.idle_ms["median"] < rival_holding["median"]
            ),
        ),
    )


BENCHMARK = Benchmark(
    measure,
    full=Sizes(),
    small=Sizes(panels=10, people=500, jobs=1_000, swipes=50, swipes_alone=10, cupsd_jobs=500, seconds=5.0),
)
