"""The window, the pacer and the timer wheel."""

from __future__ import annotations

import asyncio

from platen.services.collect.pacing import Pacer, TimerWheel, Window
from tests.services.collect.conftest import Run


class TestWindow:
    def test_opens_quickly_until_something_is_lost(self) -> None:
        """By one with every answer, up to its largest size."""
        window = Window(first=10, smallest=4, largest=30)
        for _ in range(5):
            window.answered()
        assert window.size == 15
        for _ in range(100):
            window.answered()
        assert window.size == 30

    def test_a_loss_takes_a_third_and_makes_it_cautious(self) -> None:
        """Afterwards a whole window of answers opens it by one."""
        window = Window(first=30, smallest=4, largest=100)
        window.lost(0.0)
        assert window.size == 20
        for _ in range(21):
            window.answered()
        assert window.size == 21

    def test_a_burst_of_losses_counts_once(self) -> None:
        """What is lost together says one thing; later losses say another."""
        window = Window(first=90, smallest=4, largest=100)
        for _ in range(10):
            window.lost(5.0)
        assert window.size == 60
        window.lost(6.0)
        assert window.size == 40
        assert window.losses == 11

    def test_never_closes(self) -> None:
        """However much is lost, something may be asked."""
        window = Window(first=90, smallest=4, largest=100)
        for second in range(100):
            window.lost(float(second))
        assert window.size == 4
        window.in_flight = 4
        assert not window.is_open
        window.in_flight = 3
        assert window.is_open


class TestPacer:
    def test_without_a_rate_nothing_waits(self) -> None:
        """No limit, no waiting."""
        assert [Pacer(None).wait_s(0.0) for _ in range(1000)] == [0.0] * 1000

    def test_a_second_lets_its_rate_through(self) -> None:
        """A burst of a twentieth at once, and the rate over time."""
        pacer = Pacer(200)
        assert [pacer.wait_s(0.0) for _ in range(11)] == [0.0] * 10 + [1 / 200]
        went = sum(pacer.wait_s(1.0 + tick / 1000) == 0.0 for tick in range(1000))
        assert 200 <= went <= 210

    def test_slow_rates_let_one_through_at_a_time(self) -> None:
        """Fewer than twenty a second still go out."""
        pacer = Pacer(2)
        assert pacer.wait_s(0.0) == 0.0
        assert pacer.wait_s(0.0) == 0.5
        assert pacer.wait_s(0.5) == 0.0


class TestTimerWheel:
    def test_items_are_due_in_order_and_once(self, run: Run) -> None:
        """Whatever order they were added in; with the tick that adding returned."""

        async def turn() -> None:
            done = asyncio.Event()
            due: list[tuple[str, int]] = []

            def on_due(item: str, tick: int) -> None:
                due.append((item, tick))
                if len(due) == 3:
                    done.set()

            wheel: TimerWheel[str] = TimerWheel(on_due, tick_s=0.005)
            ticks = {name: wheel.add(name, delay_s) for name, delay_s in [("c", 0.06), ("a", 0.0), ("b", 0.03)]}
            await done.wait()
            assert due == [(name, ticks[name]) for name in "abc"]
            assert not wheel._slots
            assert wheel._timer is None

        run(turn())

    def test_items_may_be_added_while_others_are_due(self, run: Run) -> None:
        """A request that is sent again is due again."""

        async def turn() -> None:
            done = asyncio.Event()
            left = [3]

            def on_due(item: str, tick: int) -> None:
                left[0] -= 1
                if left[0]:
                    wheel.add(item, 0.01)
                else:
                    done.set()

            wheel: TimerWheel[str] = TimerWheel(on_due, tick_s=0.005)
            wheel.add("again", 0.01)
            await done.wait()
            assert left == [0]

        run(turn())

    def test_stopping_ends_it(self, run: Run) -> None:
        """Nothing is called back after `stop`."""

        async def turn() -> None:
            wheel: TimerWheel[str] = TimerWheel(lambda item, tick: called.append(item), tick_s=0.001)
            called: list[str] = []
            wheel.add("never", 0.002)
            wheel.stop()
            await asyncio.sleep(0.02)
            assert called == []

        run(turn())
