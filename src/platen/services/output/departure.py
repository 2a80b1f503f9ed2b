"""A delivery that is under way while its release is still being committed (printing.leaving).

Two threads meet here: the release's asks whether the device is ready and says what the commit brought; the device's
line, in the event loop, says when it is and waits for that.
"""

from __future__ import annotations

import asyncio
import threading

from platen.printing.deliveries import Plan
from platen.printing.leaving import Settled


class Departure:
    """One delivery, from its release to the moment at which its first octet may leave."""

    def __init__(self, plan: Plan, loop: asyncio.AbstractEventLoop) -> None:
        self.plan = plan
        self._loop = loop
        self._ready = threading.Event()
        self._settled: asyncio.Future[Settled] = loop.create_future()

    def is_ready(self, patience_s: float) -> bool:
        """Whether octets could leave as soon as the release is durable. In the release's thread."""
        return self._ready.wait(patience_s)

    def settle(self, outcome: Settled) -> None:
        """What became of the release. In the release's thread."""
        self._loop.call_soon_threadsafe(self._settled.set_result, outcome)

    async def leave(self) -> Settled:
        """The device is ready; wait until the release is settled. In the event loop."""
        self._ready.set()
        return await self.settled()

    async def settled(self) -> Settled:
        """What became of the release, once that is known. In the event loop."""
        return await asyncio.shield(self._settled)
