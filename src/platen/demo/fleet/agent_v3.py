"""Answers of a machine to messages of SNMPv3 with users (RFC 3412 section 7.2, RFC 3414 section 3.2)."""

from __future__ import annotations

from dataclasses import replace

from platen.demo.fleet.machine import Machine
from platen.demo.fleet.respond import respond
from platen.protocols.snmp.ber import encode_integer
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import Pdu, PduKind, Version, encode_pdu
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.usm import Engine, UsmUser
from platen.protocols.snmp.v3 import (
    DECRYPTION_ERROR,
    NOT_IN_TIME_WINDOW,
    TIME_WINDOW_S,
    UNKNOWN_CONTEXT,
    UNKNOWN_ENGINE_ID,
    UNKNOWN_USER_NAME,
    UNSUPPORTED_SECURITY_LEVEL,
    WRONG_DIGEST,
    NotAuthentic,
    ScopedPdu,
    V3Message,
    encode_v3,
    open_v3,
    read_v3,
    require_level,
)
from platen.protocols.snmp.values import Tag, VarBind

ROOM_OCTETS = 1472 - 200  # for the variable bindings: names, keys and padding take the rest
_KINDS = (PduKind.GET, PduKind.GET_NEXT, PduKind.GET_BULK, PduKind.SET)


class _Reported(Exception):
    """The request is answered with a Report. signed_for: whose time is wrong is told so with a signature."""

    def __init__(self, reason: Oid, signed_for: UsmUser | None = None) -> None:
        self.reason = reason
        self.signed_for = signed_for


def answer_v3(machine: Machine, request: bytes, now: float) -> bytes | None:
    """The message to send back; None: silence, as to what cannot be read. Raises: SnmpError."""
    message = read_v3(request)
    engine = machine.engine(now)
    try:
        user = _user(machine, message, engine)
        scoped = _opened(message, user, engine)
    except _Reported as report:
        return _report(machine, message, report, engine) if message.is_reportable else None
    if scoped.pdu.kind not in _KINDS:
        return None
    pdu = _response(machine, scoped.pdu, now)
    return encode_v3(pdu, message.message_id, user, engine, salt=machine.next_salt(), reportable=False)


def _user(machine: Machine, message: V3Message, engine: Engine) -> UsmUser:
    if message.engine.engine_id != engine.engine_id:
        raise _Reported(UNKNOWN_ENGINE_ID)
    user = next((each for each in machine.access.users if each.name.encode() == message.user_name), None)
    if user is None:
        raise _Reported(UNKNOWN_USER_NAME)
    if (message.is_signed and user.auth is None) or (message.is_encrypted and user.priv is None):
        raise _Reported(UNSUPPORTED_SECURITY_LEVEL)
    return user


def _opened(message: V3Message, user: UsmUser, engine: Engine) -> ScopedPdu:
    """The request, if it is authentic and of now. More than its header was not believed before."""
    try:
        scoped = open_v3(message, user)
    except NotAuthentic:
        raise _Reported(WRONG_DIGEST) from None
    except SnmpError:
        raise _Reported(DECRYPTION_ERROR if message.is_encrypted else WRONG_DIGEST) from None
    is_late = message.engine.boots != engine.boots or abs(message.engine.time - engine.time) > TIME_WINDOW_S
    if message.is_signed and is_late:
        raise _Reported(NOT_IN_TIME_WINDOW, replace(user, priv=None, priv_password=""))
    try:
        require_level(message, user)
    except NotAuthentic:
        raise _Reported(UNSUPPORTED_SECURITY_LEVEL) from None
    if scoped.context_name:
        raise _Reported(UNKNOWN_CONTEXT)
    return scoped


def _response(machine: Machine, pdu: Pdu, now: float) -> bytes:
    """What is remembered of models is found by the octets of a request, which were encrypted here."""
    octets = encode_pdu(replace(pdu, request_id=0))
    rest = octets[octets.index(b"\x02\x01\x00") + 3 :]
    request_id = encode_integer(pdu.request_id)
    return respond(machine, Version.V3, pdu.kind, request_id, rest, room=ROOM_OCTETS, now=now, may_write=True)


def _report(machine: Machine, message: V3Message, report: _Reported, engine: Engine) -> bytes:
    machine.reports += 1
    counted = VarBind(report.reason, Tag.COUNTER32, machine.reports)
    pdu = encode_pdu(Pdu(PduKind.REPORT, _request_id(message), [counted]))
    salt = machine.next_salt()
    return encode_v3(pdu, message.message_id, report.signed_for, engine, salt=salt, reportable=False)


def _request_id(message: V3Message) -> int:
    """Of a request that can be read, else 0 (RFC 3412 section 7.1 point 3)."""
    if message.is_encrypted:
        return 0
    try:
        return open_v3(replace(message, flags=0), None).pdu.request_id
    except SnmpError:
        return 0
