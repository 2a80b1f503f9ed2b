"""What goes over the wire, counted by the system and not by who sends it: every IP packet, with its header.

`alone()` gives the process a network of its own, where nothing but loopback is and nobody answers a ping: so an address
without a machine is as empty as it would be elsewhere. It needs root.
"""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_ETH_P_IP = 0x0800
_PACKET_HOST = 0  # of loopback every packet is seen twice: as it goes out, and as it comes in
_BUFFER_OCTETS = 64 * 2**20
_SO_RCVBUFFORCE = 33
_RANGE = ipaddress.ip_network("127.10.0.0/15")  # where simulated machines are


def alone() -> None:
    """This process and those that it starts have a network of their own from now on. Raises: OSError."""
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, f"A network of its own needs root: {os.strerror(number)}")
    Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sh22x", b"lo", 0))
        (flags,) = struct.unpack_from("h", request, 16)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))


class Wire:
    """Octets and packets from and to the addresses of simulated machines, by address."""

    def __init__(self) -> None:
        self.octets: Counter[str] = Counter()
        self.packets: Counter[str] = Counter()

    def take(self, packet: bytes) -> None:
        """An IPv4 packet (RFC 791 section 3.1)."""
        (length,) = struct.unpack_from("!H", packet, 2)
        ends = (ipaddress.IPv4Address(packet[12:16]), ipaddress.IPv4Address(packet[16:20]))
        machine = next((each for each in reversed(ends) if each in _RANGE), None)
        if machine is not None:
            self.octets[str(machine)] += length
            self.packets[str(machine)] += 1

    @property
    def total(self) -> int:
        """Octets of all addresses, both ways."""
        return self.octets.total()


@contextmanager
def counting() -> Iterator[Wire]:
    """Everything that goes over loopback inside the block; complete when the block is left. Raises: PermissionError."""
    wire, over = Wire(), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_IP)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_OCTETS)
        listener.bind(("lo", _ETH_P_IP))
        listener.settimeout(0.1)

        def listen() -> None:
            while True:
                try:
                    packet, (_, _, kind, *_) = listener.recvfrom(65_535)
                except TimeoutError:
                    if over.is_set():
                        return  # nothing has come since the block was left
                    continue
                if kind == _PACKET_HOST:
                    wire.take(packet)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield wire
        finally:
            over.set()
            thread.join()
