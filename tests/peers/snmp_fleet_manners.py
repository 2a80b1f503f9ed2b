"""How machines of the simulated fleet behave that do not behave. Each is given to `Fleet.put` or `Fleet.behave`."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterable
from dataclasses import replace

from platen.demo.fleet.agent import answer
from platen.demo.fleet.fleet import Manners, Outgoing
from platen.demo.fleet.machine import Machine
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import (
    ErrorStatus,
    Pdu,
    PduKind,
    decode_message,
    encode_message,
)
from platen.protocols.snmp.values import Tag, VarBind

TRILLION = 10**12
_WALKS = (PduKind.GET_NEXT, PduKind.GET_BULK)


def slow(delay_s: float = 10.0) -> Manners:
    """Answers rightly, after everybody has given up."""

    def behave(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
        data = answer(machine, request, now)
        return () if data is None else (Outgoing(address, data, delay_s),)

    return behave


def garbage(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Answers with octets that are no message; others for every request."""
    chance = random.Random(request + address)
    return (Outgoing(address, chance.randbytes(chance.randrange(1, 600))),)


def truncated(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Answers with the first two thirds of a message."""
    data = answer(machine, request, now)
    return () if data is None else (Outgoing(address, data[: len(data) * 2 // 3]),)


def loops(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Of GETNEXT and GETBULK gives back the name that was asked, for ever."""
    return _instead(machine, address, request, now, lambda pdu: _said(pdu, _same_again(pdu)))


def runs_backwards(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Of GETNEXT and GETBULK gives names that are before the one asked."""
    before = [VarBind((1, 3, 6, 1, 2, 1, 1, 1, 0), Tag.OCTET_STRING, b"Back at the start")]
    return _instead(machine, address, request, now, lambda pdu: _said(pdu, before))


def bulk_fails(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Answers GETBULK with genErr, and everything else rightly."""
    kinds = (PduKind.GET_BULK,)
    return _instead(machine, address, request, now, lambda pdu: _said(pdu, pdu.varbinds, ErrorStatus.GEN_ERR), kinds)


def deaf_to_bulk(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Does not answer GETBULK, and everything else rightly."""
    return _instead(machine, address, request, now, lambda pdu: None, (PduKind.GET_BULK,))


def from_another_address(other: str) -> Manners:
    """Answers rightly, but from an address that nobody asked."""

    def behave(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
        data = answer(machine, request, now)
        return () if data is None else (Outgoing(socket.inet_aton(other), data),)

    return behave


def another_request(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Answers with a request-id that was not asked, as one that comes late does."""
    data = answer(machine, request, now)
    if data is None:
        return ()
    message = decode_message(data)
    assert isinstance(message.pdu, Pdu)
    stale = replace(message, pdu=replace(message.pdu, request_id=message.pdu.request_id ^ 0x55))
    return (Outgoing(address, encode_message(stale)),)


def changes_engine_id(machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
    """Has another engine id for every request of SNMPv3."""
    number = int.from_bytes(machine.engine_id[-4:], "big") + 1
    machine.engine_id = machine.engine_id[:-4] + (number % 2**32).to_bytes(4, "big")
    data = answer(machine, request, now)
    return () if data is None else (Outgoing(address, data),)


class Sleepy:
    """Sleeps through the first requests, and answers once they have woken it."""

    def __init__(self, requests: int = 2) -> None:
        self.left = requests

    def __call__(self, machine: Machine, address: bytes, request: bytes, now: float) -> Iterable[Outgoing]:
        if self.left:
            self.left -= 1
            return ()
        data = answer(machine, request, now)
        return () if data is None else (Outgoing(address, data),)


def claims_a_trillion(machine: Machine) -> Machine:
    """It says that it has counted 10^12 pages, in a Counter32 with more octets than there can be."""
    return replace(machine, claimed=TRILLION)


def forgets(machine: Machine, every_s: float) -> Machine:
    """Its counts are at nothing again after every so many seconds, as after an exchange of its formatter."""
    return replace(machine, counts_for_s=every_s)


def with_serial(machine: Machine, serial: bytes) -> Machine:
    """It says that it has this serial number, whoever else does."""
    return replace(machine, serial=serial)


def _instead(
    machine: Machine,
    address: bytes,
    request: bytes,
    now: float,
    say: Callable[[Pdu], Pdu | None],
    kinds: tuple[PduKind, ...] = _WALKS,
) -> Iterable[Outgoing]:
    try:
        message = decode_message(request)
    except SnmpError:
        return ()
    if isinstance(message.pdu, Pdu) and message.pdu.kind in kinds:
        pdu = say(message.pdu)
        return () if pdu is None else (Outgoing(address, encode_message(replace(message, pdu=pdu))),)
    data = answer(machine, request, now)
    return () if data is None else (Outgoing(address, data),)


def _said(pdu: Pdu, varbinds: list[VarBind], error: int = 0) -> Pdu:
    return Pdu(PduKind.RESPONSE, pdu.request_id, varbinds, error, 1 if error else 0)


def _same_again(pdu: Pdu) -> list[VarBind]:
    return [VarBind(varbind.oid, Tag.INTEGER, 1) for varbind in pdu.varbinds]
