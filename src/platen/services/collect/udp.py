"""A few UDP sockets for any number of peers, with the network's word that nobody is there.

Linux queues the ICMP errors of an unconnected socket where IP_RECVERR is set (ip(7), ipv6(7)). Waiting on the
sockets goes through an epoll of their own, whose descriptor the event loop watches: a pending error makes a socket
ready in a way that asyncio's loop takes for readable and uvloop for broken; an epoll's descriptor is just readable.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import struct
from collections.abc import Callable
from typing import Any

Address = tuple[Any, ...]
"""As the socket module has it: (host, port), with IPv6 (host, port, flow, scope)."""

DATAGRAM_OCTETS_MAX = 65_535
IPV4_UDP_OCTETS = 20 + 8
IPV6_UDP_OCTETS = 40 + 8
"""What the headers of IP and UDP add to a datagram."""

_RECEIVE_BUFFER_OCTETS = 4 << 20
_AT_ONCE_MAX = 128
"""Datagrams read from one socket before others have their turn."""
_IP_RECVERR, _IPV6_RECVERR, _SO_RCVBUFFORCE = 11, 25, 33  # linux/in.h, linux/in6.h, asm/socket.h; not in `socket`
_EXTENDED_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err: errno, origin, type, code, pad, info, data


def header_octets(address: Address) -> int:
    """What IP and UDP add to a datagram to or from that address."""
    return IPV4_UDP_OCTETS if len(address) == 2 else IPV6_UDP_OCTETS


class UdpSockets:
    """Open from `start` to `close`; within a running loop.

    `on_datagram(octets, source)` for whatever comes in; `on_error(errno, destination, octets)` where the network says
    that a datagram did not arrive, with as much of it as came back.
    """

    def __init__(
        self,
        on_datagram: Callable[[bytes, Address], None],
        on_error: Callable[[int, Address, bytes], None],
        *,
        per_family: int = 2,
    ) -> None:
        self._on_datagram = on_datagram
        self._on_error = on_error
        self._per_family = per_family
        self._ipv4: list[socket.socket] = []
        self._ipv6: list[socket.socket] = []
        self._by_descriptor: dict[int, socket.socket] = {}
        self._epoll: select.epoll | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Raises: OSError if not even an IPv4 socket can be had; a machine without IPv6 does without."""
        self._loop = asyncio.get_running_loop()
        self._epoll = select.epoll()
        self._ipv4 = [_open(socket.AF_INET) for _ in range(self._per_family)]
        with contextlib.suppress(OSError):
            self._ipv6 = [_open(socket.AF_INET6) for _ in range(self._per_family)]
        for one in (*self._ipv4, *self._ipv6):
            self._by_descriptor[one.fileno()] = one
            self._epoll.register(one, select.EPOLLIN)
        self._loop.add_reader(self._epoll.fileno(), self._ready)

    def close(self) -> None:
        """No callback comes afterwards."""
        if self._epoll is not None and self._loop is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
            self._epoll = None
        for one in self._by_descriptor.values():
            one.close()
        self._by_descriptor.clear()
        self._ipv4, self._ipv6 = [], []

    def send(self, octets: bytes, address: Address, number: int) -> None:
        """Sends from the socket that `number` picks.

        Raises: BlockingIOError if the kernel has no room at the moment, OSError if there is no way there.
        """
        sockets = self._ipv4 if len(address) == 2 else self._ipv6
        if not sockets:
            raise OSError("this machine has no IPv6" if self._ipv4 else "the sockets are closed")
        chosen = sockets[number % len(sockets)]
        for _ in range(_AT_ONCE_MAX):
            try:
                chosen.sendto(octets, address)
                return
            except OSError:
                # A pending error of an earlier datagram is told here as well, instead of sending this one.
                if not self._read_errors(chosen):
                    raise

    def read_all(self) -> None:
        """Takes what has come in already: before something is held for lost because the loop was held up."""
        for one in list(self._by_descriptor.values()):
            self._read(one, at_once_max=_AT_ONCE_MAX * 64)

    def _ready(self) -> None:
        if self._epoll is None:
            return
        for descriptor, events in self._epoll.poll(0):
            if (one := self._by_descriptor.get(descriptor)) is None:
                continue
            if events & select.EPOLLERR:
                self._read_errors(one)
            if events & select.EPOLLIN:
                self._read(one)

    def _read(self, one: socket.socket, *, at_once_max: int = _AT_ONCE_MAX) -> None:
        on_datagram = self._on_datagram
        for _ in range(at_once_max):
            try:
                octets, source = one.recvfrom(DATAGRAM_OCTETS_MAX)
            except BlockingIOError:
                return
            except OSError:
                self._read_errors(one)
                continue
            on_datagram(octets, source)
            if not self._by_descriptor:
                return  # closed meanwhile

    def _read_errors(self, one: socket.socket) -> int:
        """How many errors were waiting."""
        read = 0
        while read < _AT_ONCE_MAX and one.fileno() >= 0:
            try:
                octets, control, _, destination = one.recvmsg(2048, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)
            except OSError:
                break
            read += 1
            for _, _, data in control:
                if len(data) >= _EXTENDED_ERROR.size and destination:
                    self._on_error(_EXTENDED_ERROR.unpack_from(data)[0], destination, octets)
                    break
        return read


def _open(family: socket.AddressFamily) -> socket.socket:
    one = socket.socket(family, socket.SOCK_DGRAM)
    try:
        one.setblocking(False)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        else:
            one.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        _widen(one)
        one.bind(("", 0))
    except OSError:
        one.close()
        raise
    return one


def _widen(one: socket.socket) -> None:
    """Room for what a whole window of devices answers at once; beyond the system's limit only with the right to."""
    try:
        one.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER_OCTETS)
    except OSError:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)
