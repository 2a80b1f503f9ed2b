"""Small SNMP agents in the test's own event loop; each errs in the way that its test is about."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from platen.protocols.snmp import (
    MISSING,
    ErrorStatus,
    Message,
    Oid,
    Pdu,
    PduKind,
    SnmpError,
    Tag,
    UsmUser,
    VarBind,
    Version,
    decode_message,
    encode_message,
    parse_oid,
)
from platen.protocols.snmp.messages import encode_pdu
from platen.protocols.snmp.usm import Engine
from platen.protocols.snmp.v3 import (
    NOT_IN_TIME_WINDOW,
    UNKNOWN_ENGINE_ID,
    encode_v3,
    open_v3,
    read_v3,
)
from platen.services.collect.snmp_targets import Target

SYSTEM = parse_oid("1.3.6.1.2.1.1")
TABLE = parse_oid("1.3.6.1.2.1.43.11.1.1.9.1")
OBJECTS: dict[Oid, tuple[int, Any]] = {
    (*SYSTEM, 1, 0): (Tag.OCTET_STRING, b"A printer in a test"),
    (*SYSTEM, 3, 0): (Tag.TIME_TICKS, 4711),
    **{(*TABLE, row): (Tag.INTEGER, row * 10) for row in range(1, 9)},
}

Handler = Callable[[bytes], bytes | Iterable[bytes] | None]


class Agent(asyncio.DatagramProtocol):
    """Answers each datagram with what its handler gives for it; remembers what came."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.received: list[bytes] = []
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self.received.append(data)
        answers = self.handler(data) or ()
        for answer in (answers,) if isinstance(answers, bytes) else answers:
            self.transport.sendto(answer, addr)

    @property
    def target(self) -> Target:
        host, port = self.transport.get_extra_info("sockname")[:2]
        return Target(host, port)

    def kinds(self) -> list[PduKind]:
        """What it was asked, in order."""
        return [asked(octets).kind for octets in self.received]


@asynccontextmanager
async def agent(handler: Handler, host: str = "127.0.0.1") -> Any:
    """An agent that runs at a free port."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: Agent(handler), local_addr=(host, 0))
    try:
        yield protocol
    finally:
        transport.close()
        await asyncio.sleep(0)  # the loop closes the socket in its next round


def asked(octets: bytes) -> Pdu:
    pdu = decode_message(octets).pdu
    assert isinstance(pdu, Pdu)
    return pdu


def respond(octets: bytes, varbinds: list[VarBind], status: int = 0, index: int = 0) -> bytes:
    """The answer to a request."""
    message = decode_message(octets)
    assert isinstance(message.pdu, Pdu)
    pdu = Pdu(PduKind.RESPONSE, message.pdu.request_id, varbinds, status, index)
    return encode_message(Message(message.version, message.community, pdu))


def answered(pdu: Pdu, version: Version = Version.V2C, objects: dict[Oid, tuple[int, Any]] = OBJECTS) -> Pdu:
    """As a good agent answers."""
    names = sorted(objects)

    def get(oid: Oid) -> VarBind:
        return VarBind(oid, *objects[oid]) if oid in objects else VarBind(oid, Tag.NO_SUCH_OBJECT, None)

    def following(oid: Oid) -> VarBind:
        at = bisect_right(names, oid)
        return get(names[at]) if at < len(names) else VarBind(oid, Tag.END_OF_MIB_VIEW, None)

    varbinds: list[VarBind] = []
    if pdu.kind is PduKind.GET_BULK:
        once, rows = pdu.error_status, pdu.error_index
        varbinds = [following(varbind.oid) for varbind in pdu.varbinds[:once]]
        row = [varbind.oid for varbind in pdu.varbinds[once:]]
        for _ in range(rows):
            found = [following(oid) for oid in row]
            varbinds += found
            row = [varbind.oid for varbind in found]
    else:
        one = following if pdu.kind is PduKind.GET_NEXT else get
        varbinds = [one(varbind.oid) for varbind in pdu.varbinds]
    absent = [number for number, varbind in enumerate(varbinds, 1) if varbind.tag in MISSING]
    if version is Version.V1 and absent:
        return Pdu(PduKind.RESPONSE, pdu.request_id, pdu.varbinds, ErrorStatus.NO_SUCH_NAME, absent[0])
    return Pdu(PduKind.RESPONSE, pdu.request_id, varbinds)


def good(octets: bytes) -> bytes:
    """The handler of an agent that does everything right."""
    message = decode_message(octets)
    assert isinstance(message.pdu, Pdu)
    return encode_message(Message(message.version, message.community, answered(message.pdu, message.version)))


class V3Handler:
    """The handler of an SNMPv3 agent with one user; its engine may be replaced while it runs."""

    def __init__(self, user: UsmUser, engine: Engine) -> None:
        self.user = user
        self.engine = engine
        self.tells_time_at_once = True
        """Whether discovery brings boots and time along, as most agents do, or only the engine id."""

    def __call__(self, octets: bytes) -> bytes | None:
        message = read_v3(octets)
        if message.engine.engine_id != self.engine.engine_id:
            shown = self.engine if self.tells_time_at_once else Engine(self.engine.engine_id)
            return self._report(message.message_id, UNKNOWN_ENGINE_ID, None, shown)
        try:
            pdu = open_v3(message, self.user).pdu
        except SnmpError:
            return None
        if message.engine.boots != self.engine.boots or abs(message.engine.time - self.engine.time) > 150:
            return self._report(message.message_id, NOT_IN_TIME_WINDOW, self.user, self.engine)
        return encode_v3(encode_pdu(answered(pdu)), message.message_id, self.user, self.engine, salt=1)

    def _report(self, message_id: int, reason: Oid, user: UsmUser | None, engine: Engine) -> bytes:
        report = Pdu(PduKind.REPORT, 0, [VarBind(reason, Tag.COUNTER32, 1)])
        return encode_v3(encode_pdu(report), message_id, user, engine, salt=2, reportable=False)
