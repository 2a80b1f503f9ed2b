"""Print intake beside the analysis of what comes in: the same load on a node that looks into documents, and not.

The documents are office PDFs of ten pages. After the load the node goes on with what it has not looked into yet; how
fast it gets through that is measured as well.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.load import Load, print_many
from bench.office_pages import office_pdf
from bench.print_jobs import print_job
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory, node
from bench.seed import fill

PEOPLE = 200
SHARE_MIN = 0.9
LOOK_EVERY_S = 0.2
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. rounds: how often each of the two nodes is measured, in turn."""

    jobs: int = 10_000
    rounds: int = 3


def measure(sizes: Sizes) -> Result:
    """Without, with, and again: the better of each, as other work on the machine only ever slows."""
    without, beside, read = [], [], []
    for _ in range(sizes.rounds):
        without.append(_intake(sizes.jobs, workers=0)[0].jobs_per_s)
        load, documents_per_s = _intake(sizes.jobs, workers=2)
        beside.append(load.jobs_per_s)
        read.append(documents_per_s)
    share = round(max(beside) / max(without), 3)
    return Result(
        figures={
            "without_analysis_jobs_per_s": max(without),
            "beside_analysis_jobs_per_s": max(beside),
            "share": share,
            "documents_read_per_s_afterwards": max(read),
        },
        requirements=(Requirement(f"at least {SHARE_MIN:.0%} of intake without analysis", share >= SHARE_MIN),),
    )


def _intake(jobs: int, *, workers: int) -> tuple[Load, float]:
    """The load, and how many documents a second were looked into after it (0 without workers)."""
    document = office_pdf(10, object_streams=True)
    with data_directory() as data:
        fill(data, PEOPLE, 0)
        with node(data, analysis_workers=workers) as running:
            requests = [print_job(running.uri, f"p{person}", document) for person in range(PEOPLE)]
            print_many(running.port, requests, min(500, jobs))
            load = print_many(running.port, requests, jobs)
            say(f"{load.jobs_per_s:,} jobs/s with {workers} analysis workers")
            return load, _reading_rate(data) if workers else 0.0


def _reading_rate(data: Path) -> float:
    """How fast what is left is read."""
    began, left = time.monotonic(), _unread(data)
    first = left
    while left and time.monotonic() - began < PATIENCE_S:
        time.sleep(LOOK_EVERY_S)
        left = _unread(data)
    rate = round((first - left) / max(time.monotonic() - began, 1e-9), 1)
    say(f"{rate} documents/s read afterwards")
    return rate


def _unread(data: Path) -> int:
    with closing(sqlite3.connect(f"file:{data / 'platen.sqlite3'}?mode=ro", uri=True)) as database:
        (count,) = database.execute("SELECT count(*) FROM printing_job WHERE facts IS NULL").fetchone()
    return int(count)


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(jobs=200, rounds=1))
