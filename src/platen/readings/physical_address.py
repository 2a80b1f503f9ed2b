"""The one address of hardware that tells machines apart: that of the first real Ethernet interface."""

from __future__ import annotations

import re

from platen.readings import objects as o
from platen.readings.tables import Tables

ETHERNET_TYPES = frozenset({6, 7, 62, 69, 117})
"""ifType: ethernetCsmacd, and the ones that RFC 3635 made obsolete; Brother still uses iso88023Csmacd."""
WIRELESS_TYPE = 71
_BETWEEN = re.compile(rb"[:\-. ]")
_UP = 1
_LOCAL = 0x02


def physical_address(tables: Tables) -> str:
    """12 hexadecimal digits; "" if no interface has an address.

    A wired interface before a wireless one, an address that its maker gave before one that somebody made up (bit 1
    of the first octet), an interface that is up before one that is down, then the first.
    """
    found: list[tuple[tuple[int, bool, bool], int, str]] = []
    for number, index in enumerate(sorted(tables.column(o.IF_PHYS_ADDRESS))):
        mac = as_mac(tables.octets(o.IF_PHYS_ADDRESS, index))
        kind = tables.number(o.IF_TYPE, index)
        if mac:
            # Where the type was not read, an address is as good as another.
            place = 0 if kind is None or kind in ETHERNET_TYPES else 1 if kind == WIRELESS_TYPE else 2
            down = tables.number(o.IF_OPER_STATUS, index) not in {None, _UP}
            found.append(((place, is_local(mac), down), number, mac))
    return min(found)[2] if found else ""


def as_mac(octets: bytes) -> str:
    """12 digits of 6 octets, or of an address that came as text; "" for none, zero, broadcast or multicast."""
    if len(octets) != 6:
        parts = _BETWEEN.split(octets.strip(b"\0 ").removeprefix(b"0x"))
        # Leading zeros are left out by some: 0:17:c8:65:e2:b9.
        digits = b"".join(part.zfill(2) for part in parts) if len(parts) == 6 else b"".join(parts)
        try:
            octets = bytes.fromhex(digits.decode("ascii")) if len(digits) == 12 else b""
        except ValueError:
            return ""
    if len(octets) != 6 or octets in {bytes(6), b"\xff" * 6} or octets[0] & 1:
        return ""
    return octets.hex()


def is_local(mac: str) -> bool:
    """Whether somebody made an address up, rather than that the maker of the hardware gave it."""
    return bool(int(mac[:2], 16) & _LOCAL)
