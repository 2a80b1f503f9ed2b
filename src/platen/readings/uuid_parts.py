"""What makers put into a machine's UUID (RFC 4122): its hardware address, and HP its serial number."""

from __future__ import annotations

import re

from platen.readings.physical_address import as_mac, is_local

_HYPHENED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SERIAL = re.compile(rb"[A-Z]{2}[A-Z0-9]{8}")
_NODE = 10
"""Octets in front of the node, the last six."""


def mac_in(uuid: str) -> str:
    """12 hexadecimal digits: the node of a UUID of version 1 (RFC 4122 section 4.1.6), or what stands behind a serial
    number. "" where the node is no address that a maker gave: makers without one put a random number there."""
    octets = _octets(uuid)
    is_of_time = len(octets) == _NODE + 6 and octets[6] >> 4 == 1 and octets[8] >> 6 == 0b10
    if not is_of_time and not serial_in(uuid):
        return ""
    mac = as_mac(octets[_NODE:])
    return "" if not mac or is_local(mac) else mac


def serial_in(uuid: str) -> str:
    """The serial number in the first ten octets, as letters and digits: HP's laser printers say it nowhere else."""
    octets = _octets(uuid)[:_NODE]
    return octets.decode("ascii") if _SERIAL.fullmatch(octets) else ""


def _octets(uuid: str) -> bytes:
    return bytes.fromhex(uuid.replace("-", "")) if _HYPHENED.fullmatch(uuid) else b""
