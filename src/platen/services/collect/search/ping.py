"""ICMP echo for many addresses over one socket: whether anything is there, for 28 octets.

Linux lets ordinary users do this within net.ipv4.ping_group_range; root may use a raw socket. Where neither is allowed
there is no answer to the question, and a search does without.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterator

from platen.protocols.discovery.icmp import echo_request, read_echo_reply

ICMP_OCTETS = 20 + 8
_AT_ONCE_MAX = 256


class Pinger:
    """Open within `with Pinger.opened()`, in a running loop. IPv4 only: on IPv6 links nobody is searched by number."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._waiting: dict[tuple[str, int], asyncio.Future[bool]] = {}
        self._number = 0
        self._identifier = os.getpid() & 0xFFFF
        self.octets = 0

    @classmethod
    @contextlib.contextmanager
    def opened(cls) -> Iterator[Pinger | None]:
        """None where the system does not let us."""
        sock = _socket()
        if sock is None:
            yield None
            return
        pinger = cls(sock)
        loop = asyncio.get_running_loop()
        loop.add_reader(sock.fileno(), pinger._read)
        try:
            yield pinger
        finally:
            loop.remove_reader(sock.fileno())
            sock.close()
            for future in pinger._waiting.values():
                future.cancel()

    async def lives(self, host: str, timeout_s: float) -> bool | None:
        """Whether something answers there in time; None where it cannot be asked."""
        try:
            address = str(ipaddress.IPv4Address(host))
        except ValueError:
            return None
        self._number = (self._number + 1) & 0xFFFF
        key = (address, self._number)
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            self._socket.sendto(echo_request(self._identifier, self._number), (address, 0))
            self.octets += ICMP_OCTETS
            return await asyncio.wait_for(future, timeout_s)
        except TimeoutError:
            return False
        except OSError:
            return None
        finally:
            self._waiting.pop(key, None)

    def _read(self) -> None:
        for _ in range(_AT_ONCE_MAX):
            try:
                packet, source = self._socket.recvfrom(1500)
            except OSError:  # nothing more, or an error of one destination
                return
            echo = read_echo_reply(packet)
            future = self._waiting.get((source[0], echo.sequence)) if echo is not None else None
            if future is not None and not future.done():
                self.octets += ICMP_OCTETS
                future.set_result(True)


def _socket() -> socket.socket | None:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            sock = socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP)
        except OSError:
            continue
        sock.setblocking(False)
        return sock
    return None
