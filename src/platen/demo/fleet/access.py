"""Who may ask a simulated machine: communities of SNMPv1 and SNMPv2c, and users of SNMPv3."""

from __future__ import annotations

from dataclasses import dataclass

from platen.protocols.snmp.messages import Version
from platen.protocols.snmp.usm import UsmUser


@dataclass(frozen=True, slots=True)
class Access:
    """What a machine accepts. Whoever may write may read."""

    read: frozenset[bytes] = frozenset({b"public"})
    write: frozenset[bytes] = frozenset({b"private"})
    versions: frozenset[int] = frozenset({Version.V1, Version.V2C})
    """Of those with communities."""
    users: tuple[UsmUser, ...] = ()
    """Of SNMPv3; they may read and write."""


PUBLIC = Access()
