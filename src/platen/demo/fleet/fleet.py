"""Which machine has which address, and what comes back when an address is asked."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from platen.demo.fleet.agent import answer
from platen.demo.fleet.machine import Machine

BROADCAST = socket.inet_aton("127.255.255.255")


class Outgoing(NamedTuple):
    """A datagram to send. address: the four octets of where it is to come from."""

    address: bytes
    data: bytes
    after_s: float = 0.0


Manners = Callable[[Machine, bytes, bytes, float], Iterable[Outgoing]]
"""How a machine behaves that does not behave: of machine, its address, a request and the time."""


def silent(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Never answers, as a machine that is switched off or asleep."""
    return ()


@dataclass(slots=True)
class Fleet:
    """Machines by the four octets of their addresses."""

    machines: dict[bytes, Machine] = field(default_factory=dict)
    manners: dict[bytes, Manners] = field(default_factory=dict)
    now: Callable[[], float] = field(default_factory=lambda: _seconds_since(time.monotonic()))
    """The fleet's clock, in seconds from its beginning."""
    answers_broadcast: bool = True

    def put(self, address: str, machine: Machine, manners: Manners | None = None) -> None:
        """A machine at an address, in place of what was there."""
        octets = socket.inet_aton(address)
        self.machines[octets] = machine
        self.behave(address, manners)

    def behave(self, address: str, manners: Manners | None) -> None:
        """From now on like this; None: as it should."""
        octets = socket.inet_aton(address)
        if manners is None:
            self.manners.pop(octets, None)
        else:
            self.manners[octets] = manners

    def move(self, address: str, to: str) -> None:
        """The machine gets another address. Raises: KeyError."""
        octets = socket.inet_aton(address)
        self.put(to, self.machines.pop(octets), self.manners.pop(octets, None))

    def machine(self, address: str) -> Machine:
        """Raises: KeyError."""
        return self.machines[socket.inet_aton(address)]

    def answers(self, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
        """What is sent when a request comes to an address; nothing where no machine is."""
        machine = self.machines.get(address)
        if machine is None:
            return self._to_broadcast(request, now) if address == BROADCAST and self.answers_broadcast else ()
        if self.manners and (manners := self.manners.get(address)) is not None:
            return manners(machine, address, request, now)
        data = answer(machine, request, now)
        return () if data is None else (Outgoing(address, data),)

    def _to_broadcast(self, request: bytes, now: float) -> Iterable[Outgoing]:
        return [outgoing for address in list(self.machines) for outgoing in self.answers(address, request, now)]


def _seconds_since(began: float) -> Callable[[], float]:
    return lambda: time.monotonic() - began
