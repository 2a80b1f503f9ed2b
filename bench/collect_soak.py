"""Memory of a node whose machines hardly ever answer: sweep after sweep, it must not grow."""

from __future__ import annotations

from dataclasses import dataclass

from bench.collect import own_bytes, sweep
from bench.collect_fleet import simulator
from bench.collect_rows import fill
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory, node

GROWTH_MB_MAX = 8.0
LAST = 3  # sweeps whose memory is taken together


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. silent: the share of machines that never answer."""

    machines: int = 2_000
    silent: float = 0.9
    sweeps: int = 30


def measure(sizes: Sizes) -> Result:
    """After the first sweep, and after each that follows."""
    own_mb: list[float] = []
    resident_mb: list[float] = []
    with data_directory() as data, simulator(sizes.machines, silent=sizes.silent) as fleet:
        fill(data, sizes.machines, port=fleet.port)
        with node(data, analysis_workers=0, trap_port=-1) as running:
            for number in range(sizes.sweeps):
                took_s = sweep(data)
                resident_mb.append(round(running.resident_bytes / 2**20, 1))
                own_mb.append(round(own_bytes(running) / 2**20, 1))
                say(f"sweep {number + 1}: {took_s} s, {own_mb[-1]} MB, with files {resident_mb[-1]} MB")
    grown = round(min(own_mb[-LAST:]) - own_mb[0], 1)
    return Result(
        figures={
            "after_first_mb": own_mb[0],
            "after_last_mb": own_mb[-1],
            "most_mb": max(own_mb),
            "grown_mb": grown,
            "resident_after_first_mb": resident_mb[0],
            "resident_after_last_mb": resident_mb[-1],
        },
        requirements=(
            Requirement(f"grown by less than {GROWTH_MB_MAX:g} MB after the first sweep", grown < GROWTH_MB_MAX),
        ),
    )


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(machines=100, sweeps=4))
