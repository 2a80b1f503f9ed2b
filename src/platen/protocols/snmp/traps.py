"""Notifications as a receiver takes them: traps of all versions, and informs with their acknowledgement.

With a trap of SNMPv3 the sender is the authority, and its keys are those of its engine. With an inform the receiver is
(RFC 3412 section 3): it has an engine of its own, tells it to whom asks (RFC 3414 section 4), and checks the time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import (
    Message,
    Pdu,
    PduKind,
    TrapV1,
    Version,
    decode_message,
    encode_message,
    encode_pdu,
)
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.prepared import read_head
from platen.protocols.snmp.usm import Engine, UsmUser
from platen.protocols.snmp.v3 import (
    NO_ENGINE_BOOTS,
    NOT_IN_TIME_WINDOW,
    TIME_WINDOW_S,
    UNKNOWN_ENGINE_ID,
    NotAuthentic,
    V3Message,
    encode_v3,
    open_v3,
    read_v3,
    require_level,
)
from platen.protocols.snmp.values import Tag, VarBind

SYS_UP_TIME: Oid = (1, 3, 6, 1, 2, 1, 1, 3, 0)
SNMP_TRAP_OID: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
SNMP_TRAPS: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5)
"""coldStart is .1 below it: the generic traps of SNMPv1, counted from 1 (RFC 3584 section 3.1)."""
ENTERPRISE_SPECIFIC = 6

_ENGINES_MAX = 65_536


@dataclass(frozen=True, slots=True)
class Notification:
    """What a device tells unasked, in the form of SNMPv2 whichever version it came in (RFC 3584 section 3.1)."""

    version: Version
    trap_oid: Oid
    up_time: int
    """Hundredths of a second since the agent started."""
    varbinds: list[VarBind]
    """Without the two that hold the time and the trap's name."""
    community: bytes = b""
    user_name: str = ""
    """Of SNMPv3; whether it is proven, the user's own protocols say."""
    agent_address: bytes = b""
    """What SNMPv1 says about the agent: 4 octets."""
    is_inform: bool = False


class Taken(NamedTuple):
    """What came of a datagram, and what to send back; either may be None."""

    notification: Notification | None
    reply: bytes | None


class NotificationReader:
    """Reads datagrams that came to the port for traps.

    `engine_id` is the receiver's own and stays the same for ever, `boots` grows with every start. Times are the
    receiver's seconds since its start.
    """

    def __init__(self, users: Iterable[UsmUser] = (), *, engine_id: bytes = b"", boots: int = 1) -> None:
        self._users = {user.name.encode(): user for user in users}
        self._engine_id = engine_id
        self._boots = boots
        self._latest: dict[bytes, tuple[int, int, int]] = {}
        # Not from 0: a receiver whose `boots` did not grow would use a salt twice, and show what it encrypts.
        self._salt = secrets.randbits(64)

    def read(self, octets: bytes, now_s: int) -> Taken:
        """Raises: SnmpError if it is no notification, or one of SNMPv3 that cannot be trusted."""
        try:
            version = read_head(octets).version
        except SnmpError:
            version = Version.V1  # a trap of SNMPv1 has no request-id; anything else fails below, with a reason
        if version == Version.V3:
            return self._read_v3(read_v3(octets), now_s)
        message = decode_message(octets)
        if isinstance(message.pdu, TrapV1):
            return Taken(_of_v1(message, message.pdu), None)
        notification = _of_v2(message.version, message.pdu, community=message.community)
        if message.pdu.kind is not PduKind.INFORM:
            return Taken(notification, None)
        return Taken(
            notification, encode_message(Message(message.version, message.community, _acknowledged(message.pdu)))
        )

    def _read_v3(self, message: V3Message, now_s: int) -> Taken:
        own = Engine(self._engine_id, self._boots, now_s)
        if self._engine_id and message.is_reportable and message.engine.engine_id != self._engine_id:
            return Taken(None, self._report(message, UNKNOWN_ENGINE_ID, None, own))
        user = self._users.get(message.user_name)
        if user is None:
            raise NotAuthentic(f"The SNMPv3 user {message.user_name[:32]!r} is not known here.")
        require_level(message, user)
        scoped = open_v3(message, user)
        if message.is_signed and message.engine.engine_id == self._engine_id:
            if message.engine.boots != self._boots or abs(message.engine.time - now_s) > TIME_WINDOW_S:
                return Taken(None, self._report(message, NOT_IN_TIME_WINDOW, user, own))
        elif message.is_signed:
            self._check_sender_time(message.engine, now_s)
        notification = _of_v2(Version.V3, scoped.pdu, user_name=user.name)
        if scoped.pdu.kind is not PduKind.INFORM:
            return Taken(notification, None)
        context = scoped.context_engine_id, scoped.context_name  # the sender looks for its own again
        return Taken(notification, self._v3(_acknowledged(scoped.pdu), message, user, own, context))

    def _check_sender_time(self, engine: Engine, now_s: int) -> None:
        """What was recorded and is sent again is too old (RFC 3414 section 3.2 step 7 b). Raises: NotAuthentic."""
        boots, time, at_s = self._latest.get(engine.engine_id, (0, 0, now_s))
        expected = time + now_s - at_s
        if engine.boots == NO_ENGINE_BOOTS or engine.boots < boots:
            raise NotAuthentic("The trap is from before the device's last start.")
        if engine.boots == boots and engine.time < expected - TIME_WINDOW_S:
            raise NotAuthentic("The trap is too old: it may have been recorded and sent again.")
        if (engine.boots, engine.time) > (boots, time):
            if len(self._latest) >= _ENGINES_MAX:
                del self._latest[next(iter(self._latest))]
            self._latest[engine.engine_id] = engine.boots, engine.time, now_s

    def _report(self, message: V3Message, reason: Oid, user: UsmUser | None, own: Engine) -> bytes:
        varbind = VarBind(reason, Tag.COUNTER32, 1)
        return self._v3(Pdu(PduKind.REPORT, 0, [varbind]), message, user, own)

    def _v3(
        self,
        pdu: Pdu,
        message: V3Message,
        user: UsmUser | None,
        own: Engine,
        context: tuple[bytes, bytes] | None = None,
    ) -> bytes:
        self._salt = (self._salt + 1) % 2**64
        return encode_v3(
            encode_pdu(pdu), message.message_id, user, own, salt=self._salt, reportable=False, context=context
        )


def _acknowledged(pdu: Pdu) -> Pdu:
    """RFC 3416 section 4.2.7: the same with another tag."""
    return Pdu(PduKind.RESPONSE, pdu.request_id, pdu.varbinds)


def _of_v1(message: Message, trap: TrapV1) -> Notification:
    """RFC 3584 section 3.1."""
    if trap.generic_trap == ENTERPRISE_SPECIFIC:
        trap_oid = (*trap.enterprise, 0, trap.specific_trap)
    else:
        trap_oid = (*SNMP_TRAPS, trap.generic_trap + 1)
    return Notification(
        Version.V1,
        trap_oid,
        trap.time_stamp,
        trap.varbinds,
        community=message.community,
        agent_address=trap.agent_address,
    )


def _of_v2(version: Version, pdu: Pdu, *, community: bytes = b"", user_name: str = "") -> Notification:
    """The name and the time come first and second (RFC 3416 section 4.2.6); they are found wherever they stand."""
    if pdu.kind not in (PduKind.TRAP_V2, PduKind.INFORM):
        raise SnmpError(f"A {pdu.kind.name} came to the port for traps.")
    trap_oid: Oid | None = None
    up_time = 0
    rest = []
    for varbind in pdu.varbinds:
        if varbind.oid == SNMP_TRAP_OID and isinstance(varbind.value, tuple):
            trap_oid = varbind.value
        elif varbind.oid == SYS_UP_TIME and isinstance(varbind.value, int):
            up_time = varbind.value
        else:
            rest.append(varbind)
    if trap_oid is None:
        raise SnmpError("The notification does not say what it is about: snmpTrapOID is not in it.")
    return Notification(
        version,
        trap_oid,
        up_time,
        rest,
        community=community,
        user_name=user_name,
        is_inform=pdu.kind is PduKind.INFORM,
    )
