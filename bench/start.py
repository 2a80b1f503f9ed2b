"""Starting: from `platen serve` to the first accepted job, over an empty data directory and over one in use.

Then what the server has resident when nobody prints, and how many threads it runs.
"""

from __future__ import annotations

import socket
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bench.load import is_accepted, read_answer
from bench.print_jobs import SMALL_BYTES, pdf, print_job
from bench.result import Benchmark, Requirement, Result, say
from bench.running import RunningNode, children, data_directory, node, starting_node, threads
from bench.seed import fill

START_MAX_S = 3.0
RESIDENT_MAX_MB = 200
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. idle_s: how long nobody prints before memory is looked at."""

    starts: int = 5
    people: int = 10_000
    held: int = 100_000
    idle_s: float = 5.0


def measure(sizes: Sizes) -> Result:
    """Starts over empty directories, then over the one in use, then idle."""
    say(f"{sizes.starts} starts over empty directories")
    _first_start_s()  # compiles what was never run here, and is not counted
    empty = [_first_start_s() for _ in range(sizes.starts)]
    with data_directory() as data:
        say(f"adding {sizes.people:,} people and {sizes.held:,} held jobs")
        fill(data, sizes.people, sizes.held)
        say(f"{sizes.starts} starts over that")
        used = [start_s(data) for _ in range(sizes.starts)]
        say("idle")
        resident_mb, running_threads, processes = _idle(data, sizes.idle_s)
    return Result(
        figures={
            "empty_start_s": _spread(empty),
            "used_start_s": _spread(used),
            "resident_idle_mb": resident_mb,
            "threads_idle": running_threads,
            "processes_idle": processes,
        },
        requirements=(
            Requirement(f"first job accepted within {START_MAX_S:g} s", max(empty + used) < START_MAX_S),
            Requirement(f"resident below {RESIDENT_MAX_MB} MB when idle", resident_mb < RESIDENT_MAX_MB),
        ),
    )


def _first_start_s() -> float:
    with data_directory() as data:
        return start_s(data)


def start_s(data: Path) -> float:
    """From starting the process to the answer that a job is accepted. Raises: RuntimeError, TimeoutError."""
    began = time.perf_counter()
    with starting_node(data) as running:
        request = print_job(running.uri, "p0", pdf(SMALL_BYTES))
        connection = _connected(running, began + PATIENCE_S)
        with connection:
            connection.sendall(request)
            head, answer = read_answer(connection)
        if not is_accepted(head, answer):
            raise RuntimeError(f"The first job was refused: {head[:200]!r}")
        return time.perf_counter() - began


def _connected(running: RunningNode, deadline: float) -> socket.socket:
    while time.perf_counter() < deadline:
        if running.process.poll() is not None:
            raise RuntimeError(f"platen serve ended with status {running.process.returncode}")
        try:
            return socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE_S)
        except ConnectionRefusedError:
            time.sleep(0.005)
    raise TimeoutError("platen serve does not listen")


def _idle(data: Path, idle_s: float) -> tuple[float, int, int]:
    """Megabytes resident, threads and processes, of the server and its children."""
    with node(data) as running:
        time.sleep(idle_s)
        everybody = [running.process.pid, *children(running.process.pid)]
        resident_mb = round(running.resident_bytes / 1e6, 1)
        return resident_mb, sum(threads(pid) for pid in everybody), len(everybody)


def _spread(times_s: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(times_s), 2), "max": round(max(times_s), 2)}


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(starts=1, people=100, held=500, idle_s=0.5))
