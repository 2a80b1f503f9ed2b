"""Searches, run: what answers is read, registered, and its first reading stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError
from django.utils import timezone

from platen.fleet.credentials import credentials_in_order, ensure_default_credential
from platen.fleet.discovering import (
    abandon_runs,
    begin_run,
    end_run,
    record_found,
    record_miss,
    record_progress,
    scope_of,
    waiting_runs,
)
from platen.fleet.errors import FleetError
from platen.fleet.models import DiscoveryRun
from platen.fleet.registering import FoundMachine
from platen.fleet.storing import store
from platen.fleet.visits import Part, Visit
from platen.policy.fleet.addresses import AddressError
from platen.protocols.snmp import SnmpError, UsmUser, parse_oid
from platen.readings.facts import Reading
from platen.services.collect.ipp_reader import read_by_ipp
from platen.services.collect.reader import Visit as Answered
from platen.services.collect.reader import read_machine
from platen.services.collect.search.search import search
from platen.services.collect.search.sightings import Method, NamedCredential, Progress, SearchRequest, Sighting
from platen.services.collect.search.sweep import SYS_OBJECT_ID
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Target
from platen.services.database import Database
from platen.services.fleet.snmp_credentials import snmp_credentials
from platen.services.output.errors import DeviceError

log = structlog.get_logger("platen.search")

LOOK_S = 2.0
PROGRESS_S = 1.0
READ_AT_ONCE = 32
IPP_TIMEOUT_S = 5.0
_KNOWN = ("known", "moved")
_BRIEF = frozenset({Part.IDENTITY, Part.STATUS, Part.METERS, Part.SUPPLIES, Part.ALERTS})


@dataclass(slots=True)
class _Run:
    """A run under way. by_name: the key of each credential."""

    tenant_id: int
    run: DiscoveryRun
    request: SearchRequest
    by_name: dict[str, int]
    progress: Progress = field(default_factory=Progress)
    stopped: bool = False


class Searches:
    """Runs the searches that people and tasks ask for, one after the other."""

    def __init__(self, database: Database, client: SnmpClient) -> None:
        self._database = database
        self._client = client
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._forever(), name="searches")

    async def stop(self) -> None:
        """A search that is under way is ended, with a word, at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Look now. From the event loop's thread."""
        self._wake.set()

    async def run_waiting(self) -> int:
        """Every search that waits. Returns: how many."""
        waiting = await self._database.run_for_node(waiting_runs)
        for tenant_id, run_id in waiting:
            await self._safely(tenant_id, run_id)
        return len(waiting)

    async def _forever(self) -> None:
        with contextlib.suppress(DatabaseError):
            await self._database.run_for_node(abandon_runs, timezone.now())
        while True:
            try:
                await self.run_waiting()
            except DatabaseError as error:  # the next look tries again
                log.warning("searches_failed", error=str(error))
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):  # wait_for may lose a cancellation that comes with the wake
                    await self._wake.wait()

    async def _safely(self, tenant_id: int, run_id: int) -> None:
        try:
            await self._run(tenant_id, run_id)
        except Exception as error:  # a fault of one search must not be the end of all
            log.exception("search_fault", run_id=run_id)
            message = f"It was stopped by a fault: {error}"
            await self._database.run(tenant_id, end_run, run_id, "failed", message, timezone.now())

    async def _run(self, tenant_id: int, run_id: int) -> None:
        run = await self._database.run(tenant_id, begin_run, run_id, timezone.now())
        if run is None:
            return
        try:
            request, by_name = await self._database.run(tenant_id, _request_of, run)
        except (AddressError, FleetError) as error:
            await self._database.run(tenant_id, end_run, run_id, "failed", str(error), timezone.now())
            return
        under_way = _Run(tenant_id, run, request, by_name, stopped=run.cancel_asked)
        telling = asyncio.create_task(self._tell(under_way))
        try:
            await self._search(under_way)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await self._tell_once(under_way)
        state = "canceled" if under_way.stopped else "done"
        message = " ".join(under_way.progress.notes)
        await self._database.run(tenant_id, end_run, run_id, state, message, timezone.now())

    async def _search(self, under_way: _Run) -> None:
        room = asyncio.Semaphore(READ_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            async for sighting in search(under_way.request, under_way.progress, stopped=lambda: under_way.stopped):
                await room.acquire()
                task = tasks.create_task(self._take(under_way, sighting))
                task.add_done_callback(lambda _: room.release())

    async def _take(self, under_way: _Run, sighting: Sighting) -> None:
        """Read what was seen, and register it."""
        tenant_id, run = under_way.tenant_id, under_way.run
        if sighting.problem:
            await self._miss(under_way, sighting, "failed", sighting.problem)
            return
        if sighting.credential is None:
            await self._take_by_ipp(under_way, sighting)
            return
        target = Target(sighting.host, sighting.port)
        try:
            known = {SYS_OBJECT_ID: parse_oid(sighting.object_id)} if sighting.object_id else None
            # What a list of machines shows; everything is asked when it is visited for the first time.
            answered = await read_machine(
                self._client, target, sighting.credential.credentials, known=known, brief=True
            )
        except SnmpFailed as error:
            under_way.progress.traffic.add(error.traffic)
            await self._miss(under_way, sighting, "failed", str(error))
            return
        under_way.progress.traffic.add(answered.traffic)
        if not _prints(answered.reading):
            what = answered.reading.identity.description[:120]
            await self._miss(under_way, sighting, "no-printer", f"It answers, and is no printing machine: {what}")
            return
        uri = await self._uri(under_way, sighting.host) if Method.IPP in under_way.request.methods else ""
        key = under_way.by_name.get(sighting.credential.name)
        found = _found(sighting, answered.reading, key, uri)
        await self._database.run(tenant_id, _register, run, found, lambda machine_id: _visit(machine_id, answered, key))

    async def _take_by_ipp(self, under_way: _Run, sighting: Sighting) -> None:
        try:
            answered = await read_by_ipp(
                sighting.host, port=under_way.request.ipp_port or None, timeout_s=IPP_TIMEOUT_S
            )
        except DeviceError as error:
            if sighting.uuid or sighting.name:  # it announced itself
                await self._miss(under_way, sighting, "failed", f"It announces itself and does not answer: {error}")
            return
        under_way.progress.answered += 1
        under_way.progress.traffic.octets_received += answered.octets
        found = _found(sighting, answered.reading, None, str(answered.uri), protocol="ipp")

        def visit(machine_id: int) -> Visit:
            return Visit(
                machine_id=machine_id, at=timezone.now(), reading=answered.reading, survey=True, protocol="ipp"
            )

        await self._database.run(under_way.tenant_id, _register, under_way.run, found, visit)

    async def _uri(self, under_way: _Run, host: str) -> str:
        """Where it takes documents, if it says so by IPP."""
        with contextlib.suppress(DeviceError):
            port = under_way.request.ipp_port or None
            return str((await read_by_ipp(host, port=port, timeout_s=IPP_TIMEOUT_S)).uri)
        return ""

    async def _miss(self, under_way: _Run, sighting: Sighting, outcome: str, message: str) -> None:
        await self._database.run(
            under_way.tenant_id,
            lambda: record_miss(under_way.run, sighting.host, outcome, sighting.how, message),
        )

    async def _tell(self, under_way: _Run) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            with contextlib.suppress(DatabaseError):
                await self._tell_once(under_way)

    async def _tell_once(self, under_way: _Run) -> None:
        progress = under_way.progress
        may_go_on = await self._database.run(
            under_way.tenant_id,
            lambda: record_progress(
                under_way.run.pk,
                addresses=progress.addresses,
                asked=progress.asked,
                answered=progress.answered,
                octets=progress.traffic.octets,
            ),
        )
        under_way.stopped = under_way.stopped or not may_go_on


def _prints(reading: Reading) -> bool:
    return bool("print" in reading.identity.functions or reading.supplies or reading.meters)


def _request_of(run: DiscoveryRun) -> tuple[SearchRequest, dict[str, int]]:
    """What a run asks. Raises: AddressError, FleetError where no credential can be used."""
    asked = run.request
    ensure_default_credential()
    usable: list[NamedCredential] = []
    by_name: dict[str, int] = {}
    for credential in credentials_in_order(asked.get("credential_ids") or None):
        with contextlib.suppress(FleetError, SnmpError, KeyError):
            if credential.kind.startswith("snmp"):
                converted = snmp_credentials(credential)
                usable.append(NamedCredential(credential.name, converted, isinstance(converted, UsmUser)))
                by_name[credential.name] = credential.pk
    if not usable:
        raise FleetError("None of the chosen credentials can be used for SNMP.")
    methods = frozenset(Method(each) for each in asked.get("methods") or ["snmp"])
    broadcast = tuple(asked.get("broadcast_to") or ()) or SearchRequest().broadcast_to
    request = SearchRequest(
        scope=scope_of(asked),
        methods=methods,
        credentials=tuple(usable),
        broadcast_to=broadcast,
        port=int(asked.get("port") or 161),
        ipp_port=int(asked.get("ipp_port") or 0),
        packets_per_s=float(asked.get("packets_per_s") or 200),
    )
    return request, by_name


def _found(
    sighting: Sighting, reading: Reading, credential_id: int | None, uri: str, *, protocol: str = "snmp"
) -> FoundMachine:
    return FoundMachine(
        address=sighting.host,
        port=sighting.port if protocol == "snmp" else 0,
        how=sighting.how,
        credential_id=credential_id,
        identity=reading.identity,
        name=sighting.name,
        uri=uri,
        protocol=protocol,
    )


def _visit(machine_id: int, answered: Answered, credential_id: int | None) -> Visit:
    return Visit(
        machine_id=machine_id,
        at=timezone.now(),
        reading=answered.reading,
        asked=_BRIEF,
        credential_id=credential_id,
        response_ms=None if answered.round_trip_s is None else round(answered.round_trip_s * 1000, 2),
    )


def _register(run: DiscoveryRun, found: FoundMachine, visit: Callable[[int], Visit]) -> None:
    (became,) = record_found(run, [found], now=timezone.now())
    # Of a machine that is known already more was read before; it is visited anew in a moment.
    if became.machine is not None and not run.dry and became.machine.managed and became.outcome not in _KNOWN:
        store([visit(became.machine.pk)])
