"""Asking with SNMPv3: which engine a device is, what time it has, and what its Reports mean (RFC 3414 section 4).

An engine is discovered once and kept, so that a question costs one packet each way as with SNMPv2c. A device that
started again, or has another engine id since, says so in a Report; then the question is put again, a few times at most.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from typing import NamedTuple, Protocol

from platen.protocols.snmp import Pdu, PduKind, Prepared, SnmpError, UsmUser
from platen.protocols.snmp.usm import ENGINE_ID_OCTETS, Engine
from platen.protocols.snmp.v3 import (
    NOT_IN_TIME_WINDOW,
    REPORTS,
    UNKNOWN_ENGINE_ID,
    NotAuthentic,
    V3Message,
    encode_v3,
    open_v3,
    read_v3,
    report_reason,
    require_level,
)
from platen.services.collect.snmp_errors import BadAnswer, NoAnswer, Refused
from platen.services.collect.snmp_exchange import Exchange, Received
from platen.services.collect.snmp_targets import Patience, Target, Traffic
from platen.services.collect.udp import Address

ATTEMPTS_MAX = 4
"""The engine id may have changed and then the time be wrong; what goes on beyond that does not end."""
_ENGINES_MAX = 131_072
_DISCOVERY = Prepared.get([])


class _Known(NamedTuple):
    engine: Engine
    at_s: float
    """The loop's time at which the engine had that time."""


class Engines:
    """The engines of the devices that were asked."""

    def __init__(self) -> None:
        self._known: dict[Address, _Known] = {}
        self._salt = random.SystemRandom().getrandbits(64)

    def of(self, address: Address) -> Engine | None:
        """The engine, with the time that it should have now."""
        known = self._known.get(address)
        if known is None:
            return None
        engine, at_s = known
        return Engine(engine.engine_id, engine.boots, engine.time + int(asyncio.get_running_loop().time() - at_s))

    def learn(self, address: Address, engine: Engine) -> None:
        if len(self._known) >= _ENGINES_MAX:
            del self._known[next(iter(self._known))]
        self._known[address] = _Known(engine, asyncio.get_running_loop().time())

    def forget(self, address: Address) -> None:
        self._known.pop(address, None)

    def new_salt(self) -> int:
        """Another one with every message."""
        self._salt = (self._salt + 1) % 2**64
        return self._salt


class Speaker(Protocol):
    """What is needed of a conversation."""

    exchange: Exchange
    engines: Engines
    target: Target
    address: Address
    traffic: Traffic

    def send(self, request_id: int, octets: bytes, patience: Patience | None = None) -> Awaitable[Received]: ...

    def note(self, sentence: str) -> None: ...


class _AskAgain(Exception):
    """The device said why it did not answer, and that can be mended."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine


async def ask_v3(speaker: Speaker, user: UsmUser, prepared: Prepared, patience: Patience | None) -> Pdu:
    """The device's PDU. Raises: SnmpFailed; Refused if the device does not accept the user."""
    lives = False  # whether it answered us a moment ago
    for _ in range(ATTEMPTS_MAX):
        engine = speaker.engines.of(speaker.address)
        if engine is None:
            engine, lives = await _discover(speaker, patience), True
        request_id = speaker.exchange.new_id()
        salt = speaker.engines.new_salt()
        octets = encode_v3(prepared.pdu(request_id), request_id, user, engine, salt=salt)
        try:
            received = await speaker.send(request_id, octets, patience)
        except NoAnswer as error:
            if not lives or error.unreachable:
                raise
            raise Refused(_ignored(speaker, user), speaker.traffic) from error
        try:
            return _opened(speaker, user, engine, received)
        except _AskAgain as again:
            if again.engine.engine_id != engine.engine_id:
                speaker.note("The device has another SNMPv3 engine id than before.")
            speaker.engines.learn(speaker.address, again.engine)
            lives = True
        except NotAuthentic as error:
            raise BadAnswer(f"The answer of {speaker.target} is not to be trusted. {error}", speaker.traffic) from error
        except SnmpError as error:
            raise BadAnswer(f"{speaker.target} sent an answer that cannot be read. {error}", speaker.traffic) from error
    speaker.engines.forget(speaker.address)
    raise BadAnswer(
        f"{speaker.target} keeps changing its SNMPv3 engine id or time; asked {ATTEMPTS_MAX} times.", speaker.traffic
    )


def _ignored(speaker: Speaker, user: UsmUser) -> str:
    """The sentence. Many agents drop in silence what they cannot decrypt, and some whomever they do not know."""
    check = "its privacy password and protocol" if user.priv is not None else "its name and password"
    return f"{speaker.target} speaks SNMPv3 but does not answer the user {user.name}: check {check}."


async def _discover(speaker: Speaker, patience: Patience | None) -> Engine:
    """RFC 3414 section 4: a request without an engine id brings a Report with it. Raises: SnmpFailed."""
    request_id = speaker.exchange.new_id()
    octets = encode_v3(_DISCOVERY.pdu(request_id), request_id, None, Engine(b""), salt=0)
    received = await speaker.send(request_id, octets, patience)
    try:
        engine = read_v3(received.octets).engine
    except SnmpError as error:
        raise BadAnswer(f"{speaker.target} sent an answer that cannot be read. {error}", speaker.traffic) from error
    if not engine.engine_id:
        raise BadAnswer(f"{speaker.target} does not tell its SNMPv3 engine id.", speaker.traffic)
    if len(engine.engine_id) not in ENGINE_ID_OCTETS:
        speaker.note("The device has an SNMPv3 engine id of a length that the standard does not allow.")
    speaker.engines.learn(speaker.address, engine)
    return engine


def _opened(speaker: Speaker, user: UsmUser, engine: Engine, received: Received) -> Pdu:
    """Raises: _AskAgain, SnmpError, Refused, BadAnswer."""
    message = read_v3(received.octets)
    pdu = open_v3(message, user).pdu
    if pdu.kind is PduKind.REPORT:
        _raise_report(speaker, message, pdu)
    require_level(message, user)
    if pdu.kind is not PduKind.RESPONSE or pdu.request_id != message.message_id:
        raise SnmpError("It answers another request than was sent.")
    if message.engine.engine_id != engine.engine_id:
        raise NotAuthentic("It comes from another engine than was asked.")
    if (message.engine.boots, message.engine.time) > (engine.boots, engine.time):
        speaker.engines.learn(speaker.address, message.engine)
    return pdu


def _raise_report(speaker: Speaker, message: V3Message, pdu: Pdu) -> None:
    reason = report_reason(pdu)
    if reason in {UNKNOWN_ENGINE_ID, NOT_IN_TIME_WINDOW} and message.engine.engine_id:
        raise _AskAgain(message.engine)
    if reason in REPORTS:
        raise Refused(f"{speaker.target} refuses the SNMPv3 user: {REPORTS[reason]}.", speaker.traffic)
    raise BadAnswer(f"{speaker.target} sent a Report that names no known reason.", speaker.traffic)
