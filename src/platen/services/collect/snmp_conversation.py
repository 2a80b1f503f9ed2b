"""Everything that one call to the client says to one device: the requests, what they cost, what was unusual."""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.protocols.snmp import Pdu, Prepared, SnmpError, UsmUser, VarBind, Version, read_rest
from platen.services.collect.snmp_errors import BadAnswer
from platen.services.collect.snmp_exchange import Exchange, Received, Request
from platen.services.collect.snmp_targets import Answer, Credentials, Patience, Target, Traffic
from platen.services.collect.snmp_v3 import Engines, ask_v3
from platen.services.collect.udp import Address


@dataclass(slots=True)
class Conversation:
    """With one device, as one user."""

    exchange: Exchange
    engines: Engines
    target: Target
    address: Address
    credentials: Credentials
    patience: Patience
    traffic: Traffic = field(default_factory=Traffic)
    notes: list[str] = field(default_factory=list)
    round_trip_s: float = 0.0

    @property
    def version(self) -> Version:
        return Version.V3 if isinstance(self.credentials, UsmUser) else self.credentials.version

    async def ask(self, prepared: Prepared, patience: Patience | None = None) -> Pdu:
        """The device's PDU, which may report an error of its own. Raises: SnmpFailed."""
        if isinstance(self.credentials, UsmUser):
            return await ask_v3(self, self.credentials, prepared, patience)
        request_id = self.exchange.new_id()
        try:
            octets = prepared.message(self.credentials.version, self.credentials.name, request_id)
        except SnmpError as error:
            raise BadAnswer(f"{self.target} cannot be asked. {error}", self.traffic) from error
        received = await self.send(request_id, octets, patience)
        try:
            return read_rest(received.octets, received.head)
        except SnmpError as error:
            raise BadAnswer(f"{self.target} sent an answer that cannot be read. {error}", self.traffic) from error

    async def send(self, request_id: int, octets: bytes, patience: Patience | None = None) -> Received:
        """Raises: SnmpFailed."""
        received = await self.exchange.ask(
            Request(
                request_id,
                octets,
                self.address,
                self.traffic,
                patience or self.patience,
                self.target.answers_from_elsewhere,
            )
        )
        self.round_trip_s = received.round_trip_s
        if received.source[:2] != self.address[:2]:
            self.note(f"The answer came from {received.source[0]} port {received.source[1]}.")
        return received

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def answer(self, varbinds: list[VarBind]) -> Answer:
        return Answer(varbinds, self.traffic, self.notes, self.round_trip_s)
