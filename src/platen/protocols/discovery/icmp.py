"""ICMP echo (RFC 792, RFC 4443): the smallest question that shows whether anything is at an address.

An echo request without payload is 8 octets, 28 with the header of IPv4: less than half of the smallest SNMP request.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

ECHO_REPLY, ECHO_REQUEST = 0, 8
ECHO_REQUEST_V6, ECHO_REPLY_V6 = 128, 129
_HEADER = struct.Struct("!BBHHH")


@dataclass(frozen=True, slots=True)
class Echo:
    """An answer to an echo request."""

    identifier: int
    sequence: int


def echo_request(identifier: int, sequence: int, *, v6: bool = False) -> bytes:
    """A request without payload. For IPv6 the kernel fills in the checksum."""
    if v6:
        return _HEADER.pack(ECHO_REQUEST_V6, 0, 0, identifier & 0xFFFF, sequence & 0xFFFF)
    without = _HEADER.pack(ECHO_REQUEST, 0, 0, identifier & 0xFFFF, sequence & 0xFFFF)
    return _HEADER.pack(ECHO_REQUEST, 0, checksum(without), identifier & 0xFFFF, sequence & 0xFFFF)


def read_echo_reply(packet: bytes, *, v6: bool = False) -> Echo | None:
    """The reply that a packet holds, with or without its IPv4 header in front; None for anything else."""
    if not v6 and packet and packet[0] >> 4 == 4:
        packet = packet[4 * (packet[0] & 0x0F) :]
    if len(packet) < _HEADER.size:
        return None
    kind, code, _, identifier, sequence = _HEADER.unpack_from(packet)
    if code != 0 or kind != (ECHO_REPLY_V6 if v6 else ECHO_REPLY):
        return None
    return Echo(identifier, sequence)


def checksum(packet: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(packet) % 2:
        packet += b"\x00"
    total: int = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
