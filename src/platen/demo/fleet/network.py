"""One UDP socket for a whole fleet: it answers for every address of 127.0.0.0/8 from the address that was asked."""

from __future__ import annotations

import heapq
import select
import socket
import threading
import time
from collections.abc import Iterable
from types import TracebackType

from platen.demo.fleet.fleet import Fleet, Outgoing

# In <linux/in.h>. Its structure: index of the interface, local address, address in the header.
IP_PKTINFO = getattr(socket, "IP_PKTINFO", 8)
_ANCILLARY_OCTETS = socket.CMSG_SPACE(12)
_RECEIVED_OCTETS_MAX = 2048
_BUFFER_OCTETS = 16 * 2**20
_SO_RCVBUFFORCE = 33  # beyond rmem_max, for root
_AT_ONCE = 256  # datagrams between two looks at the clock and at what is due


class FleetSocket:
    """Serves in a thread of its own between `__enter__` and `__exit__`, or wherever `serve` is called."""

    def __init__(self, fleet: Fleet, port: int = 0, *, shared: bool = False) -> None:
        """port: 0 takes a free one. shared: other processes answer at the same port. Raises: OSError."""
        self.fleet = fleet
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if shared:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._socket.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        _enlarge(self._socket)
        _stay_on_loopback(self._socket)
        # All of 127.0.0.0/8, and nothing else: no machine has another address.
        self._socket.bind(("0.0.0.0", port))  # noqa: S104  # as said
        self.port: int = self._socket.getsockname()[1]
        self._later: list[tuple[float, int, Outgoing, tuple[str, int]]] = []
        self._woken, self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self.serve, name="simulated fleet", daemon=True)

    def __enter__(self) -> FleetSocket:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self._thread.join()
        self.close()

    def stop(self) -> None:
        """`serve` returns. May be called from other threads and from signal handlers."""
        self._wake.send(b"\0")

    def close(self) -> None:
        """After `serve` has returned."""
        for each in (self._socket, self._woken, self._wake):
            each.close()

    def serve(self) -> None:
        """Answer until told to stop."""
        poll = select.poll()
        for each in (self._socket, self._woken):
            poll.register(each, select.POLLIN)
        while True:
            ready = poll.poll(self._patience_ms())
            if any(number == self._woken.fileno() for number, _ in ready):
                return
            self._answer_what_came()
            self._send_what_is_due()

    def _answer_what_came(self) -> None:
        receive, answers = self._socket.recvmsg, self.fleet.answers
        now = self.fleet.now()
        try:
            for _ in range(_AT_ONCE):
                data, ancillary, _, client = receive(_RECEIVED_OCTETS_MAX, _ANCILLARY_OCTETS)
                self._send(answers(ancillary[0][2][8:12], data, now), client)
        except BlockingIOError:
            return

    def _send(self, outgoing: Iterable[Outgoing], client: tuple[str, int]) -> None:
        for each in outgoing:
            if each.after_s:
                heapq.heappush(self._later, (time.monotonic() + each.after_s, id(each), each, client))
            else:
                self._send_now(each, client)

    def _send_now(self, outgoing: Outgoing, client: tuple[str, int]) -> None:
        info = (socket.IPPROTO_IP, IP_PKTINFO, b"\0\0\0\0" + outgoing.address + b"\0\0\0\0")
        try:
            self._socket.sendmsg((outgoing.data,), (info,), 0, client)
        except OSError:
            return  # the client is gone, or its buffer is full: datagrams get lost

    def _send_what_is_due(self) -> None:
        while self._later and self._later[0][0] <= time.monotonic():
            _, _, outgoing, client = heapq.heappop(self._later)
            self._send_now(outgoing, client)

    def _patience_ms(self) -> float | None:
        return max(0.0, 1000 * (self._later[0][0] - time.monotonic())) if self._later else None


def _stay_on_loopback(udp: socket.socket) -> None:
    """Nothing comes from other machines, whatever address is bound. Before Linux 5.7 that needs rights."""
    try:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
    except OSError:
        return  # what comes from elsewhere gets no answer, as ever


def _enlarge(udp: socket.socket) -> None:
    """Room for what a collector sends at once; less where the system does not allow it."""
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_OCTETS)
    try:
        udp.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_OCTETS)
    except PermissionError:
        return
