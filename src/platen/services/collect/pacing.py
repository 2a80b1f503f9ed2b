"""How much may be under way, how fast it may go out, and when waiting ends; no timer a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

TICK_S = 0.02


class TimerWheel(Generic[Item]):
    """Calls back when an item is due, up to one tick late; any number of items costs one timer of the loop.

    An item that is no longer waited for is not taken out: whoever is called back compares the tick with the one that
    `add` returned last for the item.
    """

    def __init__(self, on_due: Callable[[Item, int], None], *, tick_s: float = TICK_S) -> None:
        self._on_due = on_due
        self._tick_s = tick_s
        self._slots: dict[int, list[Item]] = {}
        self._turned_to = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add(self, item: Item, delay_s: float) -> int:
        """The tick in which the item is due. Needs a running loop."""
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        now = loop.time() / self._tick_s
        if self._timer is None:
            self._turned_to = int(now)
            self._timer = loop.call_later(self._tick_s, self._turn)
        tick = max(int(now + delay_s / self._tick_s) + 1, self._turned_to + 1)
        slot = self._slots.get(tick)
        if slot is None:
            self._slots[tick] = [item]
        else:
            slot.append(item)
        return tick

    def stop(self) -> None:
        """Nothing is called back any more."""
        self._slots.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        assert self._loop is not None  # noqa: S101 - only `add` sets the timer, and it sets the loop first
        now = int(self._loop.time() / self._tick_s)
        due = [(tick, self._slots.pop(tick)) for tick in range(self._turned_to + 1, now + 1) if tick in self._slots]
        self._turned_to = max(self._turned_to, now)
        self._timer = self._loop.call_later(self._tick_s, self._turn) if self._slots else None
        for tick, items in due:
            for item in items:
                self._on_due(item, tick)


class Window:
    """How many datagrams may be under way at once.

    It opens by one with every answer until something is lost, and from then on by one in a whole window of answers;
    a loss takes a third of it. Lost is what was answered only when asked again: a device that never answers says
    nothing about the network.
    """

    __slots__ = ("_cautious", "_shrunk_at_s", "_size", "in_flight", "largest", "losses", "smallest")

    def __init__(self, *, first: int = 128, smallest: int = 32, largest: int = 2048) -> None:
        self.largest = largest
        self.smallest = min(smallest, largest)
        self.in_flight = 0
        self.losses = 0
        self._size = float(min(first, largest))
        self._cautious = False
        self._shrunk_at_s = float("-inf")

    @property
    def size(self) -> int:
        return int(self._size)

    @property
    def is_open(self) -> bool:
        return self.in_flight < self._size

    def answered(self) -> None:
        """An answer came to what was sent once."""
        if self._size < self.largest:
            self._size = min(self._size + (1 / self._size if self._cautious else 1.0), float(self.largest))

    def lost(self, now_s: float, *, at_most_every_s: float = 0.5) -> None:
        """An answer came only to what was sent again; what is lost in one burst counts once."""
        self.losses += 1
        self._cautious = True
        if now_s - self._shrunk_at_s >= at_most_every_s:
            self._shrunk_at_s = now_s
            self._size = max(self._size * 2 / 3, float(self.smallest))


class Pacer:
    """Spreads packets over time: no more than `per_s`, in bursts of a twentieth of a second's worth."""

    __slots__ = ("_burst", "_stock", "_then_s", "per_s")

    def __init__(self, per_s: float | None) -> None:
        self.per_s = per_s
        self._burst = max(1.0, per_s / 20) if per_s else 0.0
        self._stock = self._burst
        self._then_s: float | None = None

    def wait_s(self, now_s: float) -> float:
        """0.0 if a packet may go now, which is thereby counted; otherwise after how long to ask again."""
        if not self.per_s:
            return 0.0
        if self._then_s is not None:
            self._stock = min(self._burst, self._stock + (now_s - self._then_s) * self.per_s)
        self._then_s = now_s
        if self._stock >= 1:
            self._stock -= 1
            return 0.0
        return (1 - self._stock) / self.per_s
