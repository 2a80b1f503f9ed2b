"""Print intake: documents of 20 kB by Print-Job over 64 connections, into an empty server and into one that holds many.

Every job is acknowledged only when its document, encrypted, and its row are on the disk. Both servers get the same
requests, equally many, one server after the other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bench.load import Load, print_many
from bench.print_jobs import small_requests
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory, node, processor_s
from bench.seed import fill

PRINTING_PEOPLE = 1_000
WARM_UP_JOBS = 1_000
RATE_MIN = 1_500
RATE_HELD_SHARE_MIN = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it."""

    jobs: int = 30_000
    people: int = 100_000
    held: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Intake:
    """What one server did."""

    load: Load
    server_cpu_s: float
    started_s: float

    @property
    def server_cpu_us_per_job(self) -> int:
        """Processor time of the server's main process."""
        return round(self.server_cpu_s / len(self.load.times_s) * 1e6)


def measure(sizes: Sizes) -> Result:
    """Empty, then holding."""
    empty = intake(sizes.jobs, sizes.people, 0)
    holding = intake(sizes.jobs, sizes.people, sizes.held)
    share = round(holding.load.jobs_per_s / empty.load.jobs_per_s, 3)
    refused = empty.load.refused + holding.load.refused
    return Result(
        figures={
            "empty_jobs_per_s": empty.load.jobs_per_s,
            "empty_ack_ms": empty.load.ack_ms(),
            "empty_server_cpu_us_per_job": empty.server_cpu_us_per_job,
            "held_jobs_per_s": holding.load.jobs_per_s,
            "held_ack_ms": holding.load.ack_ms(),
            "held_server_cpu_us_per_job": holding.server_cpu_us_per_job,
            "held_started_s": holding.started_s,
            "held_share_of_empty": share,
            "refused": refused,
        },
        requirements=(
            Requirement("none refused", refused == 0),
            Requirement(f"at least {RATE_MIN:,} jobs/s", empty.load.jobs_per_s >= RATE_MIN),
            Requirement(f"at least {RATE_HELD_SHARE_MIN:.0%} of that when holding", share >= RATE_HELD_SHARE_MIN),
        ),
    )


def intake(jobs: int, people: int, held: int) -> Intake:
    """What a server does that knows so many people and holds so many jobs."""
    with data_directory() as data:
        say(f"adding {people:,} people and {held:,} held jobs")
        fill(data, people, held)
        return _print_into(data, jobs)


def _print_into(data: Path, jobs: int) -> Intake:
    began = time.perf_counter()
    with node(data) as running:
        started_s = round(time.perf_counter() - began, 2)
        requests = small_requests(running.uri, PRINTING_PEOPLE)
        print_many(running.port, requests, min(WARM_UP_JOBS, jobs))
        say(f"printing {jobs:,} jobs")
        cpu_s = processor_s(running.process.pid)
        load = print_many(running.port, requests, jobs)
        say(f"{load.jobs_per_s:,} jobs/s")
        return Intake(load, processor_s(running.process.pid) - cpu_s, started_s)


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(jobs=3_000, people=1_000, held=5_000))
