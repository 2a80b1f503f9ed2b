"""Answers of a machine to messages of SNMPv1, SNMPv2c and SNMPv3."""

from __future__ import annotations

from platen.demo.fleet.agent_v3 import answer_v3
from platen.demo.fleet.machine import Machine
from platen.demo.fleet.respond import respond
from platen.protocols.snmp.ber import encode_length
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import Version

DATAGRAM_OCTETS_MAX = 1472
"""What fits into an Ethernet frame with IP and UDP headers, as most printers have it."""
_AROUND = 64  # octets of a message that are not its variable bindings, with a community of everyday length


def answer(machine: Machine, request: bytes, now: float) -> bytes | None:
    """The message to send back; None: silence, as to a wrong community or to what is no message."""
    try:
        version, community, kind, request_id, rest = split(request)
        if version == Version.V3:
            return answer_v3(machine, request, now)
        access = machine.access
        may_write = community in access.write
        if not (may_write or community in access.read) or version not in access.versions:
            return None
        room = DATAGRAM_OCTETS_MAX - _AROUND - len(community)
        pdu = respond(machine, version, kind, request_id, rest, room=room, now=now, may_write=may_write)
    except (SnmpError, IndexError):
        return None
    content = b"".join((b"\x02\x01", bytes((version, 4, len(community))), community, pdu))
    return b"\x30" + encode_length(len(content)) + content


def split(message: bytes) -> tuple[int, bytes, int, bytes, bytes]:
    """Version, community, kind of PDU, the element of the request-id, and everything after that.

    Nothing is checked but what is needed to find them; whoever remembers no answer decodes the rest with care.
    Raises: IndexError.
    """
    at = 2 + (message[1] & 0x7F if message[1] & 0x80 else 0)
    version = message[at + 2]
    at += 3
    stop = at + 2 + message[at + 1]
    community = message[at + 2 : stop]
    kind = message[stop]
    at = stop + 2 + (message[stop + 1] & 0x7F if message[stop + 1] & 0x80 else 0)
    stop = at + 2 + message[at + 1]
    return version, community, kind, message[at:stop], message[stop:]
