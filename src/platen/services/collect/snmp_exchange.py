"""One request, one answer: sending, matching, waiting, asking again, for thousands of requests at a time.

A request is in the network from the moment it is sent until its answer comes or its time-out passes; only then does
it count against the window, so devices that are switched off do not hold up the others. Everything happens in
callbacks of the loop; a request costs one future and no task or timer of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import random
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from platen.protocols.snmp import REQUEST_ID_MAX, REQUEST_ID_MIN, Head, PduKind, SnmpError, read_head
from platen.services.collect.pacing import TICK_S, Pacer, TimerWheel, Window
from platen.services.collect.snmp_errors import BadAnswer, NoAnswer, SnmpFailed
from platen.services.collect.snmp_targets import Patience, Traffic
from platen.services.collect.udp import Address, UdpSockets, header_octets

NOBODY = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})
_NO_ROOM = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})


@dataclass(slots=True, eq=False)
class Request:
    """A datagram that wants an answer."""

    request_id: int
    octets: bytes
    address: Address
    traffic: Traffic
    patience: Patience
    takes_from_elsewhere: bool = False
    answered: asyncio.Future[Received] = field(init=False)
    sent: int = 0
    sent_at_s: float = 0.0
    due: int = -1
    """Tick of the timer wheel; -1 while it is not under way."""
    seen: str = ""
    """Something that came and was not taken, as a sentence: the best explanation if nothing better comes."""


class Received(NamedTuple):
    """A datagram whose beginning says that it answers."""

    octets: bytes
    head: Head
    source: Address
    round_trip_s: float


@dataclass(slots=True)
class Counts:
    """What happened, over all requests."""

    traffic: Traffic = field(default_factory=Traffic)
    answers: int = 0
    retries: int = 0
    unanswered: int = 0
    unreachable: int = 0
    from_elsewhere: int = 0
    """Answers to our requests from another address than was asked."""
    strays: int = 0
    """Datagrams that belong to no open request: late, doubled or not asked for."""
    unreadable: int = 0


class Exchange:
    """Open from `start` to `close`."""

    def __init__(self, *, window: Window, pacer: Pacer, sockets_per_family: int) -> None:
        self.counts = Counts()
        self.window = window
        self._pacer = pacer
        self._sockets = UdpSockets(self._received, self._undelivered, per_family=sockets_per_family)
        self._wheel: TimerWheel[Request] = TimerWheel(self._due)
        self._open: dict[int, Request] = {}
        self._by_address: dict[Address, Request] = {}
        self._waiting: deque[Request] = deque()
        self._pause: asyncio.TimerHandle | None = None
        self._sending = False
        self._read_at = -1
        """Tick in which the sockets were last read to the end."""
        self._last_id = random.SystemRandom().randint(REQUEST_ID_MIN, REQUEST_ID_MAX)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Future[Received]  # what every request has whose answer is no longer waited for

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = self._loop.create_future()
        self._over.cancel()
        self._sockets.start()

    def close(self) -> None:
        """Requests that are open end with NoAnswer."""
        self._sockets.close()
        self._wheel.stop()
        if self._pause is not None:
            self._pause.cancel()
        for request in list(self._open.values()):
            self._fail(request, NoAnswer("The collector was closed before an answer came.", request.traffic))

    def new_id(self) -> int:
        """A request-id that no open request has."""
        while True:
            self._last_id = self._last_id + 1 if self._last_id < REQUEST_ID_MAX else REQUEST_ID_MIN
            if self._last_id not in self._open:
                return self._last_id

    async def ask(self, request: Request) -> Received:
        """Raises: NoAnswer, or BadAnswer if something came that is no answer."""
        if self._loop is None:
            raise RuntimeError("start the client before asking: async with SnmpClient() as client")
        request.answered = self._loop.create_future()
        self._open[request.request_id] = request
        self._by_address[request.address] = request
        self._waiting.append(request)
        self._send_waiting()
        try:
            return await request.answered
        finally:
            self._forget(request)
            # A failure holds this frame, the frame the request, and the request must not hold the failure: a fleet of
            # machines that do not answer would leave such rings behind faster than they are looked for.
            request.answered = self._over

    def _forget(self, request: Request) -> None:
        """Also of a request whose task was cancelled."""
        self._open.pop(request.request_id, None)
        if self._by_address.get(request.address) is request:
            del self._by_address[request.address]
        self._landed(request)

    def _landed(self, request: Request) -> None:
        if request.due >= 0:
            request.due = -1
            self.window.in_flight -= 1
            if self._waiting:
                self._send_waiting()

    def _send_waiting(self) -> None:
        if self._pause is not None or self._sending:
            return  # sending may bring up an error of another request, which then makes room and comes here again
        self._sending = True
        try:
            self._send_while_open()
        finally:
            self._sending = False

    def _send_while_open(self) -> None:
        assert self._loop is not None  # noqa: S101 - `ask` has looked
        waiting, window = self._waiting, self.window
        while waiting and window.is_open:
            request = waiting[0]
            if request.answered.done():
                waiting.popleft()
                continue
            pause_s = self._pacer.wait_s(self._loop.time())
            if not pause_s and not self._send(request):
                pause_s = TICK_S
            if pause_s:
                self._pause = self._loop.call_later(pause_s, self._go_on)
                return
            if waiting and waiting[0] is request:
                waiting.popleft()

    def _go_on(self) -> None:
        self._pause = None
        self._send_waiting()

    def _send(self, request: Request) -> bool:
        """False if the kernel has no room at the moment; a request that cannot be sent at all has failed."""
        try:
            self._sockets.send(request.octets, request.address, request.request_id)
        except OSError as error:
            if error.errno in _NO_ROOM:
                return False
            reason = f"Nothing can be sent to {_shown(request.address)}: {error.strerror or error}."
            self._fail(request, NoAnswer(reason, request.traffic, unreachable=True))
            return True
        assert self._loop is not None  # noqa: S101 - `ask` has looked
        patience = request.patience
        request.due = self._wheel.add(request, patience.timeout_s * patience.growth**request.sent)
        request.sent += 1
        request.sent_at_s = self._loop.time()
        self.window.in_flight += 1
        size = len(request.octets) + header_octets(request.address)
        for traffic in (request.traffic, self.counts.traffic):
            traffic.packets_sent += 1
            traffic.octets_sent += size
        return True

    def _due(self, request: Request, tick: int) -> None:
        if request.due != tick or request.answered.done():
            return
        if self._read_at != tick:
            # After a pause of the loop more answers lie in the sockets than are read in one turn.
            self._read_at = tick
            self._sockets.read_all()
            if request.due != tick or request.answered.done():
                return
        if request.sent <= request.patience.retries:
            self.counts.retries += 1
            self._waiting.appendleft(request)
        else:
            self.counts.unanswered += 1
            self._fail(request, self._unanswered(request))
        self._landed(request)

    def _unanswered(self, request: Request) -> SnmpFailed:
        if request.seen:
            return BadAnswer(request.seen, request.traffic)
        # Where nothing came at all, whatever was sent before this question counts: GETBULK, say, before GETNEXT.
        sent = request.sent if request.traffic.packets_received else request.traffic.packets_sent
        times = "once" if sent == 1 else f"{sent} times"
        return NoAnswer(f"{_shown(request.address)} was asked {times} and did not answer.", request.traffic)

    def _received(self, octets: bytes, source: Address) -> None:
        size = len(octets) + header_octets(source)
        total = self.counts.traffic
        total.packets_received += 1
        total.octets_received += size
        try:
            head = read_head(octets)
        except SnmpError as error:
            self.counts.unreadable += 1
            if (asked := self._by_address.get(source)) is not None:
                _count(asked, size)
                asked.seen = f"{_shown(source)} sent something that is no SNMP answer. {error}"
            return
        request = self._open.get(head.request_id)
        if request is None or request.answered.done() or not request.sent:
            self.counts.strays += 1
            return
        self._matched(request, Received(octets, head, source, 0.0), size)

    def _matched(self, request: Request, received: Received, size: int) -> None:
        assert self._loop is not None  # noqa: S101 - `ask` has looked
        if received.source[:2] != request.address[:2]:
            self.counts.from_elsewhere += 1
            if not request.takes_from_elsewhere:
                request.seen = (
                    f"{_shown(request.address)} did not answer, but {_shown(received.source)} did, which was not "
                    "asked; allow answers from another address if that is the same device."
                )
                return
        _count(request, size)
        kind = received.head.kind
        if kind is not None and kind is not PduKind.RESPONSE:
            self.counts.strays += 1
            request.seen = f"{_shown(received.source)} sent a {kind.name} where an answer was expected."
            return
        now_s = self._loop.time()
        self.counts.answers += 1
        if request.sent == 1:
            self.window.answered()
        else:
            self.window.lost(now_s)
        request.answered.set_result(
            Received(received.octets, received.head, received.source, now_s - request.sent_at_s)
        )
        self._landed(request)

    def _undelivered(self, number: int, destination: Address, octets: bytes) -> None:
        """The network says that a datagram did not arrive; it sends the beginning of the datagram along."""
        request = self._by_address.get(destination)
        with contextlib.suppress(SnmpError):  # too little came back: then it is what was sent there last
            request = self._open.get(read_head(octets).request_id, request)
        if request is None or request.address[:2] != destination[:2] or request.answered.done():
            return
        if number in NOBODY:
            self.counts.unreachable += 1
            reason = f"Nobody takes SNMP at {_shown(destination)}: {os.strerror(number)}."
            self._fail(request, NoAnswer(reason, request.traffic, unreachable=True))

    def _fail(self, request: Request, error: SnmpFailed) -> None:
        if not request.answered.done():
            request.answered.set_exception(error)
        self._landed(request)


def _count(request: Request, size: int) -> None:
    request.traffic.packets_received += 1
    request.traffic.octets_received += size


def _shown(address: Address) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if len(address) > 2 else f"{host}:{port}"
