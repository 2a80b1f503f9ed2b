"""Print intake beside the analysis of what comes in: the same load on a node that looks into documents, and not.

The documents are office PDFs of ten pages. Both nodes run from the beginning to the end; the one whose turn it is not
is stopped. A machine whose speed varies slows both turns of a pair alike, so the pairs' ratios are what counts, and
their median. Reading steps back in a rush like this one: how many documents are read in spite of it is said as well,
and how fast the node then goes on with what it has not looked into yet.
"""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from os import kill
from pathlib import Path
from statistics import median

from bench.load import print_many
from bench.office_pages import office_pdf
from bench.print_jobs import print_job
from bench.result import Benchmark, Requirement, Result, say
from bench.running import RunningNode, children, data_directory, node
from bench.seed import fill

PEOPLE = 200
SHARE_MIN = 0.9
WARM_UP_JOBS = 500
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. jobs: of one turn; pairs: of turns; reading_s: watched afterwards."""

    jobs: int = 4_000
    pairs: int = 9
    reading_s: float = 15.0


@dataclass(frozen=True, slots=True)
class _Intake:
    """A node and what is sent to it."""

    running: RunningNode
    requests: list[bytes]

    def jobs_per_s(self, jobs: int) -> float:
        with _its_turn(self.running):
            return print_many(self.running.port, self.requests, jobs).jobs_per_s


def measure(sizes: Sizes) -> Result:
    """Without, beside, and the other way round, and again."""
    with ExitStack() as stack:
        without, beside = (_intake(stack, workers, sizes) for workers in (0, 2))
        pairs, unread = [], _unread(beside.running.data)
        for number in range(sizes.pairs):
            first, second = (without, beside) if number % 2 == 0 else (beside, without)
            rates = {id(each): each.jobs_per_s(sizes.jobs) for each in (first, second)}
            pairs.append((rates[id(without)], rates[id(beside)]))
            say(f"{pairs[-1][0]:,} jobs/s without analysis, {pairs[-1][1]:,} beside it")
        read = unread + sizes.pairs * sizes.jobs - _unread(beside.running.data)
        with _its_turn(beside.running):
            read_per_s = _reading_rate(beside.running.data, sizes.reading_s)
    share = round(median(with_it / without_it for without_it, with_it in pairs), 3)
    return Result(
        figures={
            "without_analysis_jobs_per_s": round(median(rate for rate, _ in pairs), 1),
            "beside_analysis_jobs_per_s": round(median(rate for _, rate in pairs), 1),
            "share": share,
            "documents_read_meanwhile": read,
            "documents_read_per_s_afterwards": read_per_s,
        },
        requirements=(Requirement(f"at least {SHARE_MIN:.0%} of intake without analysis", share >= SHARE_MIN),),
    )


def _intake(stack: ExitStack, workers: int, sizes: Sizes) -> _Intake:
    """A node that has had its first jobs, stopped until its turn comes."""
    data = stack.enter_context(data_directory())
    fill(data, PEOPLE, 0)
    running = stack.enter_context(node(data, analysis_workers=workers))
    stack.callback(_send, running, signal.SIGCONT)
    document = office_pdf(10, object_streams=True)
    intake = _Intake(running, [print_job(running.uri, f"p{person}", document) for person in range(PEOPLE)])
    print_many(running.port, intake.requests, min(WARM_UP_JOBS, sizes.jobs))
    _send(running, signal.SIGSTOP)
    return intake


@contextlib.contextmanager
def _its_turn(running: RunningNode) -> Iterator[None]:
    _send(running, signal.SIGCONT)
    try:
        yield
    finally:
        _send(running, signal.SIGSTOP)


def _send(running: RunningNode, number: signal.Signals) -> None:
    """To the node and the processes that it has."""
    for pid in (running.process.pid, *children(running.process.pid)):
        with contextlib.suppress(ProcessLookupError):  # a worker that ended meanwhile
            kill(pid, number)


def _reading_rate(data: Path, seconds: float) -> float:
    """How fast what is left is read: until it is, or for so long."""
    began, left = time.monotonic(), _unread(data)
    first = left
    while left and time.monotonic() - began < seconds:
        time.sleep(LOOK_EVERY_S)
        left = _unread(data)
    rate = round((first - left) / max(time.monotonic() - began, 1e-9), 1)
    say(f"{rate} documents/s read afterwards")
    return rate


def _unread(data: Path) -> int:
    with closing(sqlite3.connect(f"file:{data / 'platen.sqlite3'}?mode=ro", uri=True)) as database:
        (count,) = database.execute("SELECT count(*) FROM printing_job WHERE facts IS NULL").fetchone()
    return int(count)


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(jobs=200, pairs=1, reading_s=2.0))
