"""Asking a simulated machine without a network."""

from __future__ import annotations

from platen.demo.fleet.agent import answer
from platen.demo.fleet.machine import Machine
from platen.protocols.snmp.messages import Message, Pdu, PduKind, Version, decode_message, encode_message
from platen.protocols.snmp.oids import Oid, parse_oid
from platen.protocols.snmp.values import VarBind, unset


def request(kind: PduKind, *oids: str | Oid, version: Version = Version.V2C, first: int = 0, second: int = 0) -> bytes:
    """A message with the community public. first, second: error-status and error-index, or what GETBULK has there."""
    names = [parse_oid(oid) if isinstance(oid, str) else oid for oid in oids]
    return encode_message(Message(version, b"public", Pdu(kind, 7, [unset(name) for name in names], first, second)))


def told(machine: Machine, message: bytes, now: float = 0.0) -> Pdu:
    """The PDU of the answer to it."""
    data = answer(machine, message, now)
    assert data is not None
    pdu = decode_message(data).pdu
    assert isinstance(pdu, Pdu)
    return pdu


def got(machine: Machine, *oids: str | Oid, now: float = 0.0) -> list[VarBind]:
    """By GET of SNMPv2c."""
    return told(machine, request(PduKind.GET, *oids), now).varbinds


def number(machine: Machine, oid: str, now: float = 0.0) -> int:
    """The number that an object holds."""
    value = got(machine, oid, now=now)[0].value
    assert isinstance(value, int)
    return value


def walked(machine: Machine, now: float = 0.0) -> list[VarBind]:
    """Everything, by GETBULK."""
    found: list[VarBind] = []
    name: Oid = (0, 0)
    while following := told(machine, request(PduKind.GET_BULK, name, second=100), now).varbinds:
        for varbind in following:
            if varbind.missing:
                return found
            assert varbind.oid > name
            name = varbind.oid
            found.append(varbind)
    raise AssertionError("GETBULK gave nothing")
