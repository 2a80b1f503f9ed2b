"""Print intake beside cupsd: the same load generator, the same requests but for the address, the same machine.

cupsd does not wait for the disk and does not encrypt; Platen does both. Each holds everything it was given, and cupsd
takes longer for each job the more it holds, so both are measured again when they hold many.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.cupsd import QUEUE, cups_queue
from bench.intake import PRINTING_PEOPLE, intake
from bench.load import Load, print_many
from bench.print_jobs import small_requests
from bench.result import Benchmark, Requirement, Result, say

RATIO_MIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it."""

    jobs: int = 5_000
    held: int = 40_000


def measure(sizes: Sizes) -> Result:
    """cupsd empty and holding, then Platen empty and holding."""
    rival_empty, rival = cups_intake(sizes.jobs, sizes.held)
    empty = intake(sizes.jobs, PRINTING_PEOPLE, 0).load
    holding = intake(sizes.jobs, PRINTING_PEOPLE, sizes.held).load
    ratio = round(holding.jobs_per_s / rival.jobs_per_s, 2)
    refused = sum(load.refused for load in (rival_empty, rival, empty, holding))
    return Result(
        figures={
            "cupsd_empty_jobs_per_s": rival_empty.jobs_per_s,
            "cupsd_held_jobs_per_s": rival.jobs_per_s,
            "cupsd_held_ack_ms": rival.ack_ms(),
            "empty_jobs_per_s": empty.jobs_per_s,
            "held_jobs_per_s": holding.jobs_per_s,
            "held_ack_ms": holding.ack_ms(),
            "ratio_held": ratio,
            "refused": refused,
        },
        requirements=(
            Requirement("none refused", refused == 0),
            Requirement(f"at least {RATIO_MIN:g} times cupsd at {sizes.held:,} held", ratio >= RATIO_MIN),
        ),
    )


def cups_intake(jobs: int, held: int) -> tuple[Load, Load]:
    """What cupsd does when it is empty, and when it holds so many."""
    with cups_queue() as scheduler:
        requests = small_requests(scheduler.queue_uri(QUEUE), PRINTING_PEOPLE)
        say("cupsd, empty")
        empty = print_many(scheduler.port, requests, jobs)
        say(f"{empty.jobs_per_s:,} jobs/s; filling it up to {held:,}")
        if held > jobs:
            print_many(scheduler.port, requests, held - jobs)
        holding = print_many(scheduler.port, requests, jobs)
        say(f"{holding.jobs_per_s:,} jobs/s")
    return empty, holding


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(jobs=500, held=1_500))
