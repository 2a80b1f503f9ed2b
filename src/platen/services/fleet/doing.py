"""Doing what tasks ask of the fleet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from platen.eventlog.actor import Actor
from platen.fleet.discovering import start_run, values_of
from platen.fleet.errors import FleetError
from platen.fleet.models import Credential, Discovery, DiscoveryRun, Machine
from platen.fleet.outbox import queue_mail
from platen.fleet.report_mails import report_mail
from platen.fleet.run_mails import run_mail
from platen.fleet.task_kinds import COUNTERS, DISCOVER, HOOK, READ, REPORT, RESTART, targets
from platen.fleet.visits import Failure, Visit
from platen.fleet.writing import WRITE
from platen.policy.fleet.power import Evidence
from platen.policy.said import Said, said
from platen.protocols.snmp import Prepared, Tag, VarBind, parse_oid
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Target
from platen.services.database import Database
from platen.services.fleet.hook_tasks import HookTasks
from platen.services.fleet.notices import NoticeSender
from platen.services.fleet.poller import Poller
from platen.services.fleet.searching import Searches
from platen.services.fleet.snmp_credentials import snmp_credentials
from platen.services.fleet.writing import ELSEWHERE, NO_ADDRESS, NO_WRITER, Writing
from platen.services.task_orders import Executor, Order, Outcome
from platen.tasks.models import Run
from platen.tasks.result_words import SAID, as_stored
from platen.tenants.context import acting_within
from platen.tenants.queries import current_policy

PRT_GENERAL_RESET = parse_oid("1.3.6.1.2.1.43.5.1.1.3.1")
POWER_CYCLE = 4  # PrtGeneralResetTC (RFC 3805)
SEARCH_LOOK_S = 1.0
_OPEN = ("waiting", "running")


class FleetTargets:
    """The machines that tasks mean, and who hears of their ends (services.tasks.Fleet)."""

    def targets(self, target: Mapping[str, Any]) -> Sequence[tuple[int, str, str]]:
        """With the organisation's time zone where a machine has none of its own."""
        zone = current_policy().time_zone
        return [(key, name, own or zone) for key, name, own in targets(target)]

    def ended(self, run: Run) -> None:
        """The result goes by mail to whoever the task names, on the results that it names."""
        task = run.task
        wanted = task.report_to if task is not None else {}
        if not wanted.get("mail") or (wanted.get("on") and run.state not in wanted["on"]):
            return
        queue_mail(f"run/{run.pk}/ended", run_mail(run, wanted), timezone.now())


class Doing:
    """The executors of the fleet's kinds of tasks."""

    def __init__(
        self, database: Database, client: SnmpClient, poller: Poller, searches: Searches, notices: NoticeSender
    ) -> None:
        self._database = database
        self._client = client
        self._poller = poller
        self._searches = searches
        self._writing = Writing(database, client)
        self._hooks = HookTasks(database, notices)

    def executors(self) -> dict[str, Executor]:
        """By kind."""
        return {
            DISCOVER: self.discover,
            READ: self.read,
            RESTART: self.restart,
            REPORT: self.report,
            COUNTERS: self.counters,
            HOOK: self._hooks.call,
            WRITE: self._writing.write,
        }

    async def read(self, order: Order) -> Outcome:
        """One machine, now."""
        assert order.device_id is not None  # noqa: S101  # a kind for devices
        came = (await self._poller.read_now(order.tenant_id, [order.device_id])).get(order.device_id)
        if isinstance(came, Visit):
            doubt = await self._database.run(order.tenant_id, _doubt, order.device_id)
            return Outcome.of(True, *_what_was_read(came.reading.meter("total"), doubt))
        if isinstance(came, Failure):
            return Outcome(False, came.reason, {SAID: as_stored([_silence(came)])})
        return Outcome.of(True, said(noop("It has no address, or is not managed.")), skipped=True)

    async def restart(self, order: Order) -> Outcome:
        """By prtGeneralReset, with a credential that may write."""
        machine, writers = await self._database.run(order.tenant_id, _to_restart, order.device_id)
        if machine is None or not machine.address:
            return Outcome.of(True, NO_ADDRESS, skipped=True)
        if machine.collector:  # at its address here there may be another machine
            return Outcome.of(True, ELSEWHERE, skipped=True)
        if not writers:
            return Outcome.of(False, NO_WRITER)
        prepared = Prepared.set_values([VarBind(PRT_GENERAL_RESET, Tag.INTEGER, POWER_CYCLE)])
        reason = ""
        for credentials in writers:
            try:
                await self._client.set_values(Target(machine.address, machine.port), credentials, prepared)
            except SnmpFailed as error:
                reason = str(error)
            else:
                return Outcome.of(True, said(noop("It restarts.")))
        return Outcome(False, reason)

    async def discover(self, order: Order) -> Outcome:
        """A kept search, to its end."""
        try:
            run_id = await self._database.run(order.tenant_id, _start_search, order)
        except FleetError as error:
            return Outcome(False, str(error))
        self._searches.wake()
        while True:
            await asyncio.sleep(SEARCH_LOOK_S)
            state, ended = await self._database.run(order.tenant_id, _state_of_search, run_id)
            if state not in _OPEN:
                return Outcome(state == "done", ended) if isinstance(ended, str) else Outcome.of(state == "done", ended)

    async def report(self, order: Order) -> Outcome:
        """A table, mailed."""
        return await self._database.run(order.tenant_id, _mail_report, order, timezone.now())

    async def counters(self, order: Order) -> Outcome:
        """The counters of the chosen machines, read just before; those that do not answer are in it as they were."""
        meant = await self._database.run(order.tenant_id, _targets, order)
        keys = [key for key, _, _ in meant]
        silent = 0
        for start in range(0, len(keys), 500):
            came = await self._poller.read_now(order.tenant_id, keys[start : start + 500])
            silent += sum(isinstance(each, Failure) for each in came.values())
        outcome: Outcome = await self._database.run(order.tenant_id, _mail_report, order, timezone.now())
        if silent:
            more = said(noop("%(n)s did not answer and are as last read."), n=silent)
            detail = {SAID: [*outcome.said, more.as_json()]} if outcome.said else {}
            return Outcome(outcome.succeeded, f"{outcome.message} {more}", detail)
        return outcome


def _doubt(machine_id: int) -> str:
    """Why what was read last is not believed; empty: it is."""
    return Machine.objects.filter(pk=machine_id).values_list("suspicion", flat=True).first() or ""


def _what_was_read(pages: int | None, doubt: str) -> list[Said]:
    if doubt:
        return [said(noop("Read; its meters are doubted and not counted.")), Said(doubt)]
    return [said(noop("Read; %(pages)s pages."), pages=f"{pages:,}") if pages is not None else said(noop("Read."))]


def _silence(failure: Failure) -> Said:
    """Why nothing was read, as far as it can be said in every language."""
    if failure.evidence is Evidence.TIMEOUT:
        return said(noop("It did not answer."))
    if failure.evidence is Evidence.UNREACHABLE:
        return said(noop("The network says that it is not there."))
    return said(noop("It could not be read: %(why)s"), why=failure.reason)


def _to_restart(device_id: int | None) -> tuple[Machine | None, list[Any]]:
    machine = Machine.objects.filter(pk=device_id).first()
    writers = Credential.objects.filter(kind__startswith="snmp", writes=True).order_by("rank", "name")
    usable = []
    for credential in writers:
        try:
            usable.append(snmp_credentials(credential))
        except (FleetError, KeyError, ValueError):
            continue
    return machine, usable


def _start_search(order: Order) -> int:
    discovery = Discovery.objects.filter(pk=order.settings.get("discovery") or 0).first()
    if discovery is None:
        raise FleetError("The search is gone. Choose another one.")
    run = start_run(values_of(discovery), by=Actor(order.by or "Platen", source="task"), discovery=discovery)
    return int(run.pk)


def _state_of_search(run_id: int) -> tuple[str, str | Said]:
    run = DiscoveryRun.objects.filter(pk=run_id).first()
    if run is None:
        return "failed", said(noop("The run is gone."))
    counted = said(noop("%(answered)s answered of %(asked)s asked."), answered=run.answered, asked=run.asked)
    return run.state, run.message or counted


def _targets(order: Order) -> list[tuple[int, str, str]]:
    with acting_within(order.regions):
        return targets(order.settings.get("target") or {})


def _mail_report(order: Order, now: datetime) -> Outcome:
    settings = order.settings
    with acting_within(order.regions):
        keys = [key for key, _, _ in _targets(order)] if settings.get("target") else None
        try:
            mail, rows = report_mail(settings, keys, now, by=order.by)
        except FleetError as error:
            return Outcome(False, str(error))
    queue_mail(f"{order.key}/report", mail, now)
    sent = noop("%(rows)s rows are on their way to %(to)s.")
    return Outcome.of(True, said(sent, rows=rows, to=", ".join(settings["to"])))
