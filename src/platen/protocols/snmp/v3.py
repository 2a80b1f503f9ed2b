"""Messages of SNMPv3 (RFC 3412 section 6) with the User-based Security Model (RFC 3414 section 2.4).

SEQUENCE { 3, SEQUENCE { msgID, msgMaxSize, msgFlags, 3 (USM) },
           OCTET STRING { SEQUENCE { engine id, boots, time, user, signature, salt } },
           SEQUENCE { context engine id, context name, PDU }   or its encryption as an OCTET STRING }
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from platen.protocols.snmp.ber import SEQUENCE, element, encode_integer, expect, read_integer
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import Pdu, PduKind, TrapV1, Version, decode_pdu
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.usm import Engine, Keys, UsmUser, decrypt, encrypt, keys_at, signature

MESSAGE_OCTETS_MAX = 65_507
"""What we say we can take: a whole datagram."""
TIME_WINDOW_S = 150
"""RFC 3414 section 2.2.3."""
NO_ENGINE_BOOTS = 2**31 - 1
"""snmpEngineBoots that has come to its end: nothing is authentic any more."""

_AUTH, _PRIV, _REPORTABLE = 0x01, 0x02, 0x04
_USM = 3

# usmStats (RFC 3414 section 5) and what RFC 3412 adds, as a Report names them.
UNSUPPORTED_SECURITY_LEVEL: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 1, 0)
NOT_IN_TIME_WINDOW: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0)
UNKNOWN_USER_NAME: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0)
UNKNOWN_ENGINE_ID: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0)
WRONG_DIGEST: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0)
DECRYPTION_ERROR: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1, 6, 0)
UNAVAILABLE_CONTEXT: Oid = (1, 3, 6, 1, 6, 3, 12, 1, 4, 0)
UNKNOWN_CONTEXT: Oid = (1, 3, 6, 1, 6, 3, 12, 1, 5, 0)

REPORTS: dict[Oid, str] = {
    UNSUPPORTED_SECURITY_LEVEL: "the user may not be used with this level of security",
    NOT_IN_TIME_WINDOW: "the time of the message is not the device's time",
    UNKNOWN_USER_NAME: "the device does not know the user",
    UNKNOWN_ENGINE_ID: "the device has another engine id",
    WRONG_DIGEST: "the authentication password or protocol is wrong",
    DECRYPTION_ERROR: "the encryption password or protocol is wrong",
    UNAVAILABLE_CONTEXT: "the context is not available",
    UNKNOWN_CONTEXT: "the device does not know the context",
}


class NotAuthentic(SnmpError):
    """The message is not signed by whom it names, or less protected than it must be."""


@dataclass(frozen=True, slots=True)
class V3Message:
    """A message whose header has been read, and nothing of it believed."""

    message_id: int
    flags: int
    engine: Engine
    user_name: bytes
    signature: bytes
    signature_at: int
    salt: bytes
    octets: bytes
    """The whole message, without what lay behind it in the datagram."""
    data_at: int

    @property
    def is_signed(self) -> bool:
        return bool(self.flags & _AUTH)

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _PRIV)

    @property
    def is_reportable(self) -> bool:
        return bool(self.flags & _REPORTABLE)


@dataclass(frozen=True, slots=True)
class ScopedPdu:
    """RFC 3412 section 6.8."""

    context_engine_id: bytes
    context_name: bytes
    pdu: Pdu


def encode_v3(
    pdu: bytes,
    message_id: int,
    user: UsmUser | None,
    engine: Engine,
    *,
    salt: int,
    reportable: bool = True,
    context: tuple[bytes, bytes] | None = None,
) -> bytes:
    """A message around an encoded PDU, signed and encrypted as the user can; None asks for discovery.

    `context` is an engine id and a name, where it is not the user's own context at `engine`. Give each message of a
    process another `salt`. Raises: SnmpError.
    """
    keys = keys_at(user, engine.engine_id) if user is not None else Keys()
    if context is None:
        context = engine.engine_id, user.context_name.encode() if user is not None else b""
    data = element(SEQUENCE, element(0x04, context[0]) + element(0x04, context[1]) + pdu)
    flags = _REPORTABLE if reportable else 0
    parameters = b""
    if user is not None and user.priv is not None:
        flags |= _PRIV
        encrypted, parameters = encrypt(user.priv, keys.priv, data, engine, salt)
        data = element(0x04, encrypted)
    blank = b""
    if user is not None and user.auth is not None:
        flags |= _AUTH
        blank = bytes(user.auth.signature_octets)
    security = _security(engine, user.name.encode() if user is not None else b"", blank, parameters)
    header = encode_integer(message_id) + encode_integer(MESSAGE_OCTETS_MAX)
    header = element(SEQUENCE, header + element(0x04, bytes((flags,))) + encode_integer(_USM))
    message = element(SEQUENCE, encode_integer(Version.V3) + header + security + data)
    if user is None or user.auth is None:
        return message
    # The signature lies right before the salt, which is the last element before the data.
    end = len(message) - len(data) - len(element(0x04, parameters))
    signed = signature(user.auth, keys.auth, message)
    return message[: end - len(blank)] + signed + message[end:]


def _security(engine: Engine, user_name: bytes, blank: bytes, parameters: bytes) -> bytes:
    content = (
        element(0x04, engine.engine_id)
        + encode_integer(engine.boots)
        + encode_integer(engine.time)
        + element(0x04, user_name)
        + element(0x04, blank)
        + element(0x04, parameters)
    )
    return element(0x04, element(SEQUENCE, content))


def read_v3(data: bytes) -> V3Message:
    """The header of a message of SNMPv3. Raises: SnmpError."""
    start, end = expect(data, 0, len(data), SEQUENCE, "message")
    version, pos = read_integer(data, start, end, "version")
    if version != Version.V3:
        raise SnmpError(f"The message is of version number {version}; 3 is SNMPv3.")
    start, header_end = expect(data, pos, end, SEQUENCE, "header of SNMPv3")
    message_id, pos = read_integer(data, start, header_end, "msgID")
    _, pos = read_integer(data, pos, header_end, "msgMaxSize")
    start, pos = expect(data, pos, header_end, 0x04, "msgFlags")
    flags = data[start] if pos > start else 0
    model, _ = read_integer(data, pos, header_end, "security model")
    if model != _USM:
        raise SnmpError(f"The message has security model {model}; only 3, the User-based one, is known here.")
    start, data_at = expect(data, header_end, end, 0x04, "security parameters")
    start, stop = expect(data, start, data_at, SEQUENCE, "security parameters of USM")
    engine_start, pos = expect(data, start, stop, 0x04, "engine id")
    engine_id = data[engine_start:pos]
    boots, pos = read_integer(data, pos, stop, "engine's boots")
    time, pos = read_integer(data, pos, stop, "engine's time")
    user_start, user_stop = expect(data, pos, stop, 0x04, "user name")
    signature_at, signature_stop = expect(data, user_stop, stop, 0x04, "signature")
    salt_start, salt_stop = expect(data, signature_stop, stop, 0x04, "salt")
    if len(engine_id) > 32 or not 0 <= boots < 2**31 or not 0 <= time < 2**31:
        raise SnmpError("The engine id, boots or time of the message are out of range.")
    return V3Message(
        message_id=message_id,
        flags=flags,
        engine=Engine(engine_id, boots, time),
        user_name=data[user_start:user_stop],
        signature=data[signature_at:signature_stop],
        signature_at=signature_at,
        salt=data[salt_start:salt_stop],
        octets=data[:end],
        data_at=data_at,
    )


def open_v3(message: V3Message, user: UsmUser | None) -> ScopedPdu:
    """The PDU, its signature checked and its encryption removed, as the message's flags say.

    What is required of the flags is the caller's to decide: see `require_level`. Raises: SnmpError; NotAuthentic.
    """
    data, pos, end = message.octets, message.data_at, len(message.octets)
    if message.is_signed:
        _check_signature(message, user)
    if message.is_encrypted:
        if user is None or user.priv is None or not message.is_signed:
            raise NotAuthentic("The message is encrypted, but there is no key to it.")
        start, stop = expect(data, pos, end, 0x04, "encrypted PDU")
        engine = message.engine
        key = keys_at(user, engine.engine_id).priv
        data = decrypt(user.priv, key, data[start:stop], engine, message.salt)
        pos, end = 0, len(data)
    start, stop = expect(data, pos, end, SEQUENCE, "scoped PDU")
    engine_start, engine_stop = expect(data, start, stop, 0x04, "context engine id")
    name_start, name_stop = expect(data, engine_stop, stop, 0x04, "context name")
    pdu = decode_pdu(data, name_stop, stop)
    if isinstance(pdu, TrapV1):
        raise SnmpError("SNMPv3 has no trap of SNMPv1.")
    return ScopedPdu(data[engine_start:engine_stop], data[name_start:name_stop], pdu)


def _check_signature(message: V3Message, user: UsmUser | None) -> None:
    if user is None or user.auth is None or user.name.encode() != message.user_name:
        raise NotAuthentic("The message is signed by a user whose key is not known.")
    blank = bytes(len(message.signature))
    at = message.signature_at
    unsigned = message.octets[:at] + blank + message.octets[at + len(blank) :]
    right = signature(user.auth, keys_at(user, message.engine.engine_id).auth, unsigned)
    if not hmac.compare_digest(right, message.signature):
        raise NotAuthentic("The signature of the message is wrong.")


def require_level(message: V3Message, user: UsmUser) -> None:
    """Raises: NotAuthentic if the message is protected less than the user's messages are."""
    if (user.auth is not None and not message.is_signed) or (user.priv is not None and not message.is_encrypted):
        raise NotAuthentic("The message is not protected as the user's messages are.")


def report_reason(pdu: Pdu) -> Oid | None:
    """What a Report is about; None if it does not say, or is no Report."""
    return pdu.varbinds[0].oid if pdu.kind is PduKind.REPORT and pdu.varbinds else None
