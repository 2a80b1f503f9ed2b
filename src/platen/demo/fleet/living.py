"""Values that are a machine's own or move with time. Everything else is encoded once for all machines of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from platen.protocols.snmp.ber import element
from platen.protocols.snmp.values import Tag

if TYPE_CHECKING:
    from platen.demo.fleet.machine import Machine

NUMBER_OCTETS_MAX = 11  # tag, length and the nine octets of a Counter64
TICKS_PER_S = 100
_IDLE, _PRINTING = 3, 4  # hrPrinterStatus


class Living(Protocol):
    """A value that is worked out when it is asked for."""

    @property
    def octets_max(self) -> int:
        """The most that `encode` gives, so that where GETBULK stops does not depend on a machine."""

    def encode(self, machine: Machine, now: float) -> bytes:
        """Tag, length and content. now: seconds of the fleet's clock."""


def number(tag: int, value: int) -> bytes:
    """The shortest encoding of a number that is not negative."""
    length = (value.bit_length() >> 3) + 1
    return bytes((tag, length)) + value.to_bytes(length, "big")


@dataclass(frozen=True, slots=True)
class Meter:
    """A count that grows with the machine's pages: `share` of each of them."""

    share: float
    tag: int = Tag.COUNTER32
    octets_max: int = NUMBER_OCTETS_MAX

    def encode(self, machine: Machine, now: float) -> bytes:
        """Wraps as Counter32 does, unless the machine has counted more than there can be."""
        return number(self.tag, machine.counted(machine.pages(now) * self.share))


@dataclass(frozen=True, slots=True)
class Level:
    """What is left of a supply, in the unit of its capacity. It falls with the pages, and is replaced when empty.

    which: number of the supply in its model; name: for people, who are told when it is low; without a name nobody is;
    used_up_after: pages that a full one yields.
    """

    which: int
    name: str
    capacity: int
    used_up_after: float
    octets_max: int = NUMBER_OCTETS_MAX

    def left(self, machine: Machine, now: float) -> float:
        """From 1 for full to 0."""
        return 1.0 - (machine.supply_begun(self.which) + machine.pages(now) / self.used_up_after) % 1.0

    def encode(self, machine: Machine, now: float) -> bytes:
        """An INTEGER."""
        return number(Tag.INTEGER, round(self.capacity * self.left(machine, now)))


@dataclass(frozen=True, slots=True)
class Activity:
    """hrPrinterStatus: printing now and then, else idle."""

    octets_max: int = NUMBER_OCTETS_MAX

    def encode(self, machine: Machine, now: float) -> bytes:
        """An INTEGER."""
        return number(Tag.INTEGER, _PRINTING if machine.is_printing(now) else _IDLE)


@dataclass(frozen=True, slots=True)
class Uptime:
    """Hundredths of a second since the machine was switched on (sysUpTime, hrSystemUptime)."""

    octets_max: int = NUMBER_OCTETS_MAX

    def encode(self, machine: Machine, now: float) -> bytes:
        """Starts again after 497 days."""
        return number(Tag.TIME_TICKS, int((now - machine.switched_on_at) * TICKS_PER_S) & 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the machine's serial number, MAC or host name in it: `field` names an attribute of Machine."""

    field: str
    before: bytes = b""
    after: bytes = b""

    @property
    def octets_max(self) -> int:
        """No field is longer than 32 octets."""
        return len(self.before) + len(self.after) + 36

    def encode(self, machine: Machine, now: float) -> bytes:
        """An OCTET STRING."""
        value: bytes = getattr(machine, self.field)
        return element(Tag.OCTET_STRING, self.before + value + self.after)


@dataclass(frozen=True, slots=True)
class Written:
    """What a manager wrote to the machine (sysName, sysLocation, sysContact), or else `value`, encoded or alive."""

    name: str
    value: bytes | Living
    octets_max: int = 260

    def encode(self, machine: Machine, now: float) -> bytes:
        """An OCTET STRING."""
        written = machine.written.get(self.name)
        if written is not None:
            return element(Tag.OCTET_STRING, written)
        return self.value if isinstance(self.value, bytes) else self.value.encode(machine, now)
