"""Listens for traps and informs, and hands them on; a source that sends too many is not listened to for a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog

from platen.protocols.snmp import SnmpError, UsmUser
from platen.protocols.snmp.traps import Notification, NotificationReader
from platen.services.collect.udp import Address

log = structlog.get_logger("platen.traps")

TRAP_PORT = 162
_SOURCES_MAX = 65_536

OnNotification = Callable[[Notification, str], None]
"""Called with the notification and the address it came from. It returns soon. What it raises is logged, and an inform
not acknowledged then."""


@dataclass(slots=True)
class TrapCounts:
    """What came to the port."""

    taken: int = 0
    unreadable: int = 0
    """Not SNMP, not a notification, or of an SNMPv3 user that is not known or did not sign."""
    over_rate: int = 0
    by_version: dict[str, int] = field(default_factory=dict)


class SourceRates:
    """No more than `per_s` datagrams of each source over time, in bursts of `burst`."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._stock: dict[str, tuple[float, float]] = {}

    def allows(self, source: str, now_s: float) -> bool:
        """Counts one datagram of the source; False if it is one too many."""
        stock, then_s = self._stock.pop(source, (float(self._burst), now_s))
        stock = min(float(self._burst), stock + (now_s - then_s) * self._per_s)
        if len(self._stock) >= _SOURCES_MAX:
            del self._stock[next(iter(self._stock))]  # the one that was silent for longest: the latest is put last
        self._stock[source] = (stock - 1 if stock >= 1 else stock, now_s)
        return stock >= 1


class TrapListener(asyncio.DatagramProtocol):
    """Open from `start` to `close`.

    `engine_id` and `boots` are the receiver's own in SNMPv3, for informs: see NotificationReader.
    """

    def __init__(
        self,
        on_notification: OnNotification,
        *,
        users: Iterable[UsmUser] = (),
        engine_id: bytes = b"",
        boots: int = 1,
        per_source_s: float = 20.0,
        burst: int = 100,
    ) -> None:
        self.counts = TrapCounts()
        self._on_notification = on_notification
        self._reader = NotificationReader(users, engine_id=engine_id, boots=boots)
        self._rates = SourceRates(per_source_s, burst)
        self._transport: asyncio.DatagramTransport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started_s = 0.0

    async def start(self, host: str, port: int = TRAP_PORT) -> int:
        """Returns the port, which is a free one for 0. Raises: OSError."""
        self._loop = asyncio.get_running_loop()
        self._started_s = self._loop.time()
        self._transport, _ = await self._loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Called by the loop."""
        assert self._loop is not None  # noqa: S101 - `start` has set it before anything can come
        now_s = self._loop.time()
        source = str(addr[0])
        if not self._rates.allows(source, now_s):
            self.counts.over_rate += 1
            return
        try:
            notification, reply = self._reader.read(data, int(now_s - self._started_s))
        except SnmpError as error:
            self.counts.unreadable += 1
            log.info("trap_unreadable", source=source, reason=str(error))
            return
        if notification is not None and not self._hand_on(notification, source):
            return  # not acknowledged: the sender of an inform sends it again
        if reply is not None and self._transport is not None:
            with contextlib.suppress(OSError):  # the sender asks again if it misses the reply
                self._transport.sendto(reply, addr)

    def _hand_on(self, notification: Notification, source: str) -> bool:
        self.counts.taken += 1
        name = notification.version.name
        self.counts.by_version[name] = self.counts.by_version.get(name, 0) + 1
        try:
            self._on_notification(notification, source)
        except Exception:  # the edge of a task: one notification that cannot be handled must not end the listening
            log.exception("trap_not_handled", source=source)
            return False
        return True
