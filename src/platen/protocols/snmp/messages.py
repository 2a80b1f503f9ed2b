"""Messages of SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901), and the PDUs that SNMPv3 carries as well (RFC 3416)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platen.protocols.snmp.ber import SEQUENCE, element, encode_integer, expect, integer_of, read_header, read_integer
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.oids import Oid, decode_oid, encode_oid
from platen.protocols.snmp.values import Tag, VarBind, decode_varbinds, encode_value, encode_varbinds


class Version(enum.IntEnum):
    """As it stands in a message."""

    V1 = 0
    V2C = 1
    V3 = 3


class PduKind(enum.IntEnum):
    """The tag of a PDU (RFC 3416 section 3; TRAP_V1: RFC 1157 section 4.1.6)."""

    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    SET = 0xA3
    TRAP_V1 = 0xA4
    GET_BULK = 0xA5
    INFORM = 0xA6
    TRAP_V2 = 0xA7
    REPORT = 0xA8


class ErrorStatus(enum.IntEnum):
    """error-status (RFC 3416 section 3)."""

    NO_ERROR = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    BAD_VALUE = 3
    READ_ONLY = 4
    GEN_ERR = 5
    NO_ACCESS = 6
    WRONG_TYPE = 7
    WRONG_LENGTH = 8
    WRONG_ENCODING = 9
    WRONG_VALUE = 10
    NO_CREATION = 11
    INCONSISTENT_VALUE = 12
    RESOURCE_UNAVAILABLE = 13
    COMMIT_FAILED = 14
    UNDO_FAILED = 15
    AUTHORIZATION_ERROR = 16
    NOT_WRITABLE = 17
    INCONSISTENT_NAME = 18


_KINDS = {int(kind): kind for kind in PduKind}
_NOT_OF_V1 = frozenset({PduKind.GET_BULK, PduKind.INFORM, PduKind.TRAP_V2, PduKind.REPORT})


@dataclass(frozen=True, slots=True)
class Pdu:
    """Any PDU but the trap of SNMPv1."""

    kind: PduKind
    request_id: int
    varbinds: list[VarBind]
    error_status: int = 0
    """Of a GETBULK: non-repeaters. An agent may send a number that ErrorStatus does not know."""
    error_index: int = 0
    """1 is the first variable binding, 0 none of them. Of a GETBULK: max-repetitions."""


@dataclass(frozen=True, slots=True)
class TrapV1:
    """Trap-PDU (RFC 1157 section 4.1.6)."""

    enterprise: Oid
    agent_address: bytes
    """4 octets; agents send 0.0.0.0, and some nothing at all."""
    generic_trap: int
    """0 coldStart to 5 egpNeighborLoss, 6 enterpriseSpecific."""
    specific_trap: int
    time_stamp: int
    """Hundredths of a second since the agent started."""
    varbinds: list[VarBind]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of SNMPv1 or SNMPv2c."""

    version: Version
    community: bytes
    pdu: Pdu | TrapV1


def error_name(status: int) -> str:
    """The standard's name of an error-status, noSuchName for 2, or its number."""
    if status not in ErrorStatus._value2member_map_:
        return f"error {status}"
    first, *rest = ErrorStatus(status).name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def encode_message(message: Message) -> bytes:
    """Raises: SnmpError if a value does not fit its type, or SNMPv1 shall carry what it has not."""
    if message.version is Version.V3:
        raise SnmpError("A message of SNMPv3 is not made from a community.")
    kind = PduKind.TRAP_V1 if isinstance(message.pdu, TrapV1) else message.pdu.kind
    if message.version is Version.V1 and kind in _NOT_OF_V1:
        raise SnmpError("SNMPv1 has no GETBULK, no inform, no SNMPv2 trap and no report.")
    pdu = encode_trap_v1(message.pdu) if isinstance(message.pdu, TrapV1) else encode_pdu(message.pdu)
    return element(SEQUENCE, encode_integer(message.version) + element(0x04, message.community) + pdu)


def encode_pdu(pdu: Pdu) -> bytes:
    """Raises: SnmpError."""
    content = encode_integer(pdu.request_id) + encode_integer(pdu.error_status) + encode_integer(pdu.error_index)
    return element(pdu.kind, content + encode_varbinds(pdu.varbinds))


def encode_trap_v1(trap: TrapV1) -> bytes:
    """Raises: SnmpError."""
    return element(
        PduKind.TRAP_V1,
        element(0x06, encode_oid(trap.enterprise))
        + encode_value(Tag.IP_ADDRESS, trap.agent_address)
        + encode_integer(trap.generic_trap)
        + encode_integer(trap.specific_trap)
        + encode_value(Tag.TIME_TICKS, trap.time_stamp)
        + encode_varbinds(trap.varbinds),
    )


def decode_message(data: bytes) -> Message:
    """Octets after the message's end are ignored. Raises: SnmpError, also on a message of SNMPv3."""
    start, stop = expect(data, 0, len(data), SEQUENCE, "message")
    number, pos = read_integer(data, start, stop, "version")
    if number not in (Version.V1, Version.V2C):
        raise SnmpError(f"The message is of version number {number}; 0 is SNMPv1, 1 SNMPv2c.")
    community_start, community_stop = expect(data, pos, stop, 0x04, "community")
    pdu = decode_pdu(data, community_stop, stop)
    return Message(Version(number), data[community_start:community_stop], pdu)


def decode_pdu(data: bytes, pos: int, end: int) -> Pdu | TrapV1:
    """Raises: SnmpError."""
    tag, start, stop = read_header(data, pos, end)
    kind = _KINDS.get(tag)
    if kind is None:
        raise SnmpError(f"Octet {pos} should begin a PDU but is {tag:#04x}.")
    if kind is PduKind.TRAP_V1:
        return _decode_trap_v1(data, start, stop)
    request_id, pos = read_integer(data, start, stop, "request-id")
    return decode_rest(data, pos, stop, kind, request_id)


def decode_rest(data: bytes, pos: int, end: int, kind: PduKind, request_id: int) -> Pdu:
    """A PDU from behind its request-id. Raises: SnmpError."""
    error_status, pos = read_integer(data, pos, end, "error-status")
    error_index, pos = read_integer(data, pos, end, "error-index")
    start, stop = expect(data, pos, end, SEQUENCE, "list of variable bindings")
    return Pdu(kind, request_id, decode_varbinds(data, start, stop), error_status, error_index)


def _decode_trap_v1(data: bytes, pos: int, end: int) -> TrapV1:
    start, stop = expect(data, pos, end, 0x06, "enterprise")
    enterprise = decode_oid(data[start:stop])
    start, stop = expect(data, stop, end, Tag.IP_ADDRESS, "agent's address")
    agent_address = data[start:stop]
    generic_trap, pos = read_integer(data, stop, end, "generic trap")
    specific_trap, pos = read_integer(data, pos, end, "specific trap")
    start, stop = expect(data, pos, end, Tag.TIME_TICKS, "time stamp")
    time_stamp = integer_of(data[start:stop]) & 0xFFFF_FFFF
    start, stop = expect(data, stop, end, SEQUENCE, "list of variable bindings")
    return TrapV1(
        enterprise, agent_address, generic_trap, specific_trap, time_stamp, decode_varbinds(data, start, stop)
    )
