"""How long a worker is waited for: the time in which it could have gone on."""

from __future__ import annotations

import asyncio
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.services.analysis.limits import PoolLimits
from platen.services.analysis.patience import Patience, Seen, bounded

LOOK_S = 0.25


def counted(*seen: Seen) -> float:
    """After these looks, a quarter of a second apart where nothing else is said."""
    patience = Patience(Seen(0.0))
    for each in seen:
        patience.look(each, LOOK_S)
    return patience.counted_s


def test_a_worker_that_computes_is_counted():
    """Its processor time is time by the clock."""
    assert counted(*(Seen(n * LOOK_S, ran_s=n * LOOK_S, is_ready=True) for n in range(1, 9))) == 2.0


def test_a_worker_that_waits_for_something_else_than_a_processor_is_counted():
    """Asleep, reading, stopped: nothing keeps it from going on but itself."""
    assert counted(*(Seen(n * LOOK_S) for n in range(1, 9))) == 2.0


def test_a_worker_without_a_processor_is_not_counted():
    """While it waits the system says only that it is ready; when it runs at last, how long it had waited."""
    waiting = [Seen(n * LOOK_S, is_ready=True) for n in range(1, 9)]
    assert counted(*waiting) == 0
    assert counted(*waiting, Seen(2.25, ran_s=0.05, waited_s=2.2, is_ready=True)) == 0


def test_a_worker_that_gets_a_share_of_a_processor_is_counted_by_its_share():
    """A tenth of the time it ran, and else it waited for its turn."""
    seen = [Seen(n * LOOK_S, ran_s=n * 0.025, waited_s=n * 0.225, is_ready=True) for n in range(1, 41)]
    assert counted(*seen) == pytest.approx(1.0)


def test_who_looks_late_counts_little():
    """A node that had no processor itself for ten seconds gives no worker up for them."""
    assert counted(Seen(10.0)) == 2 * LOOK_S


@given(st.lists(st.tuples(st.floats(0.01, 5), st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=40))
def test_never_more_is_counted_than_passed(moments):
    """Whatever the system says of running and waiting, the count only grows, and by no more than the clock."""
    patience, at_s, ran_s, waited_s = Patience(Seen(0.0)), 0.0, 0.0, 0.0
    for passed_s, ran, waited, is_ready in moments:
        at_s, ran_s, waited_s = at_s + passed_s, ran_s + ran, waited_s + waited
        before = patience.counted_s
        patience.look(Seen(at_s, ran_s, waited_s, is_ready), LOOK_S)
        assert before <= patience.counted_s <= at_s + 1e-9
    assert patience.elapsed_s == pytest.approx(at_s)


class TestBounded:
    """Processes that do not end by themselves."""

    LIMITS = PoolLimits(soft_s=0.1, cpu_s=1)

    async def wait_for(self, program: str, limits: PoolLimits) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", program, stdin=asyncio.subprocess.PIPE
        )
        try:
            async with bounded(process.pid, limits):
                return await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def test_a_process_that_waits_is_asked_to_come_to_an_end(self):
        """It gets the signal when the time to say something has come, without having used any processor time."""
        program = "import signal, sys, threading; signal.signal(signal.SIGALRM, lambda *_: sys.exit(7)); input()"
        assert await self.wait_for(program, PoolLimits(soft_s=3, cpu_s=600)) == 7

    async def test_a_process_that_does_not_listen_is_not_waited_for(self):
        """A second later nobody waits any more."""
        with pytest.raises(TimeoutError):
            await self.wait_for("import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN); input()", self.LIMITS)

    async def test_the_clock_alone_bounds_it_as_well(self):
        """However little of a processor it had."""
        with pytest.raises(TimeoutError):
            await self.wait_for("input()", PoolLimits(soft_s=600, cpu_s=600, wall_s=0.2, grace_s=0))
