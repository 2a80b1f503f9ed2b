"""Whom to ask, as whom, how patiently, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.protocols.snmp import Oid, UsmUser, VarBind, Version

SNMP_PORT = 161


@dataclass(frozen=True, slots=True)
class Target:
    """A device: an IPv4 or IPv6 address (with %scope where it needs one) or a host name."""

    host: str
    port: int = SNMP_PORT
    answers_from_elsewhere: bool = False
    """Take answers from any address: devices with several interfaces answer from another one than was asked."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Community:
    """What SNMPv1 and SNMPv2c have for a password."""

    name: bytes = field(default=b"public", repr=False)
    version: Version = Version.V2C

    def __post_init__(self) -> None:
        if self.version is Version.V3:
            raise ValueError("SNMPv3 has no communities; give a UsmUser")


Credentials = Community | UsmUser


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for an answer: first `timeout_s`, and after each of `retries` `growth` times as long."""

    timeout_s: float = 1.0
    retries: int = 2
    growth: float = 2.0


@dataclass(slots=True)
class Traffic:
    """Packets and octets both ways, with the headers of IP and UDP, without those of the link."""

    packets_sent: int = 0
    octets_sent: int = 0
    packets_received: int = 0
    octets_received: int = 0

    @property
    def octets(self) -> int:
        return self.octets_sent + self.octets_received

    def add(self, other: Traffic) -> None:
        self.packets_sent += other.packets_sent
        self.octets_sent += other.octets_sent
        self.packets_received += other.packets_received
        self.octets_received += other.octets_received


@dataclass(slots=True)
class Answer:
    """What a device answered.

    To `get`: one binding for each name that was asked for, in that order; what is not there has a tag of MISSING.
    To `get_next` and `get_bulk`: what follows, as the device sent it.
    """

    varbinds: list[VarBind]
    traffic: Traffic
    notes: list[str]
    """What was unusual on the way, in sentences: asked again in parts, GETBULK replaced, another address answered."""
    round_trip_s: float
    """Of the last request."""

    @property
    def missing(self) -> list[Oid]:
        return [varbind.oid for varbind in self.varbinds if varbind.missing]
