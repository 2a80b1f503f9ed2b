"""One machine, visited: by its plan, or asked everything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platen.policy.fleet.power import Evidence
from platen.readings.facts import Reading
from platen.readings.plan import Plan
from platen.services.collect.ipp_reader import read_by_ipp
from platen.services.collect.reader import read_machine
from platen.services.collect.search.sightings import NamedCredential
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import NoAnswer, SnmpFailed
from platen.services.collect.snmp_targets import Patience, Target
from platen.services.output.errors import DeviceError

if TYPE_CHECKING:
    from platen.collector.machines import Machine

IPP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Brought:
    """A reading. machine: which was asked; None: an address that a search found."""

    machine: Machine | None
    address: str
    port: int
    at_s: float
    reading: Reading
    plan: Plan | None
    surveyed: bool
    credential: str = ""
    protocol: str = "snmp"
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer of use."""

    machine: Machine
    at_s: float
    evidence: Evidence
    reason: str
    octets: int = 0


class Visitor:
    """Visits machines with one SNMP client."""

    def __init__(
        self, client: SnmpClient, credentials: Sequence[NamedCredential], timeout_s: float = 2.0, retries: int = 2
    ) -> None:
        self._client = client
        self._credentials = tuple(credentials)
        self._timeout_s = timeout_s
        self._retries = retries

    async def visit(self, machine: Machine, survey_every_s: float) -> Brought | Silent:
        """Never raises for what a machine does or does not."""
        now_s = time.time()
        try:
            old = machine.surveyed_at is None or now_s - machine.surveyed_at >= survey_every_s
            if machine.protocol == "ipp":
                return await self._by_ipp(machine, machine.address, whole=old)
            if old or machine.plan is None or machine.last is None:
                return await self._anew(machine)
            return await self._by_plan(machine, machine.plan, machine.last)
        except SnmpFailed as error:
            evidence = Evidence.REFUSED
            if isinstance(error, NoAnswer):
                evidence = Evidence.UNREACHABLE if error.unreachable else Evidence.TIMEOUT
            return Silent(machine, now_s, evidence, str(error), error.traffic.octets)
        except (DeviceError, TimeoutError) as error:
            return Silent(machine, now_s, Evidence.TIMEOUT, str(error) or "It did not answer by IPP in time.")

    async def look(self, address: str, port: int, credential: NamedCredential | None) -> Brought:
        """What a search found. Raises: SnmpFailed, DeviceError, TimeoutError."""
        if credential is None:
            return await self._by_ipp(None, address, whole=True)
        return await self._survey(None, Target(address, port), credential, self._patience(0))

    async def _by_plan(self, machine: Machine, plan: Plan, last: Reading) -> Brought:
        credential = self._to_try(machine.credential)[0]
        target, now_s = Target(machine.address, machine.port), time.time()
        answered = await read_machine(
            self._client, target, credential.credentials, plan, last, patience=self._patience(machine.failures)
        )
        return Brought(
            machine,
            machine.address,
            machine.port,
            now_s,
            answered.reading,
            answered.plan,
            answered.surveyed,
            credential.name,
            octets=answered.traffic.octets,
        )

    async def _anew(self, machine: Machine) -> Brought:
        """With what it answered to before, then with the others."""
        first: SnmpFailed | None = None
        for credential in self._to_try(machine.credential):
            try:
                target = Target(machine.address, machine.port)
                return await self._survey(machine, target, credential, self._patience(machine.failures))
            except SnmpFailed as error:
                if first is None or (isinstance(first, NoAnswer) and not isinstance(error, NoAnswer)):
                    first = error  # silence says less than any other reason
                if isinstance(error, NoAnswer) and error.unreachable:
                    break
        raise first or NoAnswer("There is nothing to ask it with.")

    async def _survey(
        self, machine: Machine | None, target: Target, credential: NamedCredential, patience: Patience
    ) -> Brought:
        now_s = time.time()
        answered = await read_machine(self._client, target, credential.credentials, patience=patience)
        return Brought(
            machine,
            target.host,
            target.port,
            now_s,
            answered.reading,
            answered.plan,
            True,
            credential.name,
            octets=answered.traffic.octets,
        )

    async def _by_ipp(self, machine: Machine | None, address: str, *, whole: bool) -> Brought:
        """An answer is always everything; `whole`: it goes home so."""
        now_s = time.time()
        async with asyncio.timeout(2 * IPP_TIMEOUT_S):
            answered = await read_by_ipp(address, timeout_s=IPP_TIMEOUT_S)
        return Brought(
            machine, address, 161, now_s, answered.reading, None, whole, protocol="ipp", octets=answered.octets
        )

    def _to_try(self, first: str) -> list[NamedCredential]:
        return sorted(self._credentials, key=lambda credential: credential.name != first)

    def _patience(self, failures: int) -> Patience:
        """Who did not answer the last time is asked once."""
        return Patience(self._timeout_s, self._retries if failures == 0 else 0)
