"""One machine, visited: by SNMP, by IPP where it speaks no SNMP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from platen.fleet.due import Depth, DueMachine
from platen.fleet.visits import EVERYTHING, Failure, Part, Visit
from platen.policy.device_uri import DeviceUri, DeviceUriError, parse_device_uri
from platen.policy.fleet.power import Evidence
from platen.protocols.snmp import Oid, Value, dotted
from platen.readings.plan import Plan
from platen.services.collect.ipp_reader import read_by_ipp
from platen.services.collect.reader import Visit as Answered
from platen.services.collect.reader import read_machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import NoAnswer, SnmpFailed
from platen.services.collect.snmp_targets import Credentials, Patience, Target
from platen.services.fleet.looking import look_at
from platen.services.fleet.snmp_credentials import KnownCredentials
from platen.services.output.errors import DeviceError

IPP_TIMEOUT_S = 10.0
ONLY_STATUS = frozenset({Part.STATUS})
RAW_MAX = 20_000
VALUE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Brought:
    """What a visit brought: for storing, and the plan that it was made by or that came of it."""

    visit: Visit | Failure
    plan: Plan | None = None
    octets: int = 0


class MachineReader:
    """Reads machines of all tenants with one SNMP client."""

    def __init__(self, client: SnmpClient) -> None:
        self._client = client

    async def read(self, due: DueMachine, plan: Plan | None, known: KnownCredentials, now: datetime) -> Brought:
        """Visit a machine. Never raises for what a machine does or does not."""
        if due.protocol == "ipp":
            return await self._by_ipp(due, now)
        try:
            answered, credential_id, asked = await self._by_snmp(due, plan, known)
        except SnmpFailed as error:
            octets = error.traffic.octets
            if _speaks_ipp(due) is not None and (due.depth is Depth.SURVEY or (due.takes_documents and due.failures)):
                by_ipp = await self._by_ipp(due, now)
                if isinstance(by_ipp.visit, Visit):
                    return by_ipp
            return Brought(_failure(due, error, now), octets=octets)
        visit = Visit(
            machine_id=due.id,
            at=now,
            reading=answered.reading,
            asked=asked,
            survey=answered.surveyed,
            protocol="snmp",
            credential_id=credential_id,
            response_ms=None if answered.round_trip_s is None else round(answered.round_trip_s * 1000, 2),
            raw=as_texts(answered.raw) if answered.surveyed else None,
        )
        return Brought(visit, answered.plan if answered.surveyed else None, answered.traffic.octets)

    async def _by_snmp(
        self, due: DueMachine, plan: Plan | None, known: KnownCredentials
    ) -> tuple[Answered, int | None, frozenset[Part]]:
        """With what it answered to before; a machine that is asked everything is tried with the others as well."""
        target = Target(due.address, due.port)
        # Who did not answer the last time is asked once: waiting for many of them would hold up those that answer.
        patience = Patience(due.timeout_s, due.retries if due.failures == 0 else 0)
        if plan is not None and due.last is not None:
            credential_id, credentials = known.to_try(due.credential_id)[0]
            if due.depth is Depth.STATUS:
                looked = await look_at(self._client, target, credentials, plan, due.last, patience=patience)
                if looked is not None:
                    return looked, credential_id, ONLY_STATUS
            whole = await read_machine(self._client, target, credentials, plan, due.last, patience=patience)
            return whole, credential_id, EVERYTHING
        whole, credential_id = await self._first_that_answers(target, known.to_try(due.credential_id), patience)
        return whole, credential_id, EVERYTHING

    async def _first_that_answers(
        self, target: Target, to_try: list[tuple[int | None, Credentials]], patience: Patience
    ) -> tuple[Answered, int | None]:
        first: SnmpFailed | None = None
        for credential_id, credentials in to_try:
            try:
                return await read_machine(self._client, target, credentials, patience=patience), credential_id
            except SnmpFailed as error:
                if first is None or (isinstance(first, NoAnswer) and not isinstance(error, NoAnswer)):
                    first = error  # silence says less than any other reason
                if isinstance(error, NoAnswer) and error.unreachable:
                    break
        try:
            raise first or NoAnswer("There is nothing to ask it with.")
        finally:
            del first  # a failure that its own frame holds is a ring that lasts until it is looked for

    async def _by_ipp(self, due: DueMachine, now: datetime) -> Brought:
        try:
            async with asyncio.timeout(2 * IPP_TIMEOUT_S):
                answered = await read_by_ipp(due.address, uri=_speaks_ipp(due), timeout_s=IPP_TIMEOUT_S)
        except (DeviceError, TimeoutError) as error:
            reason = str(error) or f"{due.address} did not answer by IPP in time."
            return Brought(Failure(machine_id=due.id, at=now, evidence=Evidence.TIMEOUT, reason=reason))
        visit = Visit(machine_id=due.id, at=now, reading=answered.reading, survey=True, protocol="ipp")
        return Brought(visit, octets=answered.octets)


def _speaks_ipp(due: DueMachine) -> DeviceUri | None:
    """Where it takes documents by IPP; None: it does not, as far as is known."""
    try:
        uri = parse_device_uri(due.uri) if due.uri else None
    except DeviceUriError:
        return None
    return uri if uri is not None and uri.channel.is_ipp else None


def as_texts(raw: Mapping[Oid, Value]) -> dict[str, str]:
    """Answers as they are kept: dotted names, values in words; octets that are no text in hexadecimal digits."""
    return {dotted(oid): _text(value) for oid, value in list(raw.items())[:RAW_MAX]}


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            return f"0x{value[:VALUE_MAX].hex()}"
        return text[:VALUE_MAX] if text.isprintable() else f"0x{value[:VALUE_MAX].hex()}"
    return dotted(value) if isinstance(value, tuple) else str(value)


def _failure(due: DueMachine, error: SnmpFailed, now: datetime) -> Failure:
    evidence = Evidence.REFUSED
    if isinstance(error, NoAnswer):
        evidence = Evidence.UNREACHABLE if error.unreachable else Evidence.TIMEOUT
    return Failure(machine_id=due.id, at=now, evidence=evidence, reason=str(error))
