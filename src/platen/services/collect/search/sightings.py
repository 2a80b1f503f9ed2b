"""What a search is asked, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from platen.policy.fleet.addresses import Scope
from platen.services.collect.snmp_targets import SNMP_PORT, Credentials, Traffic


class Method(StrEnum):
    """How machines are looked for."""

    SNMP = "snmp"  # each address is asked
    BROADCAST = "broadcast"  # one SNMP question to everybody in a network
    DNS_SD = "dns-sd"
    WSD = "wsd"
    IPP = "ipp"  # addresses that live and are silent about SNMP are asked by IPP


@dataclass(frozen=True, slots=True)
class NamedCredential:
    """A credential with the name that people know it by."""

    name: str
    credentials: Credentials
    needs_engine: bool = False
    """SNMPv3: a machine that does not name its engine has no user of ours either."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search.

    ipp_port: where IPP is asked instead of at its usual ports; 0: there.
    tries: questions to an address before it counts as empty. One is enough where nothing gets lost, and cheapest.
    """

    scope: Scope = Scope()
    methods: frozenset[Method] = frozenset({Method.SNMP})
    credentials: tuple[NamedCredential, ...] = ()
    broadcast_to: tuple[str, ...] = ("255.255.255.255",)
    port: int = SNMP_PORT
    ipp_port: int = 0
    packets_per_s: float = 200.0
    timeout_s: float = 1.0
    tries: int = 1
    listen_s: float = 4.0
    skip: int = 0
    """So many addresses of the scope were asked before."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something answered at an address. `how` says in words by what; the credential is the one that worked."""

    host: str
    port: int
    how: str
    credential: NamedCredential | None = None
    object_id: str = ""
    uuid: str = ""
    name: str = ""
    problem: str = ""


@dataclass(slots=True)
class Progress:
    """How far a search is. `asked` goes up to `addresses`."""

    addresses: int = 0
    asked: int = 0
    answered: int = 0
    traffic: Traffic = field(default_factory=Traffic)
    notes: list[str] = field(default_factory=list)
