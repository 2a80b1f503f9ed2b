"""Doing what tasks ask of the fleet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from platen.eventlog.actor import Actor
from platen.fleet.discovering import start_run, values_of
from platen.fleet.errors import FleetError
from platen.fleet.models import Channel, Credential, Discovery, DiscoveryRun, Machine, Notice, Webhook
from platen.fleet.outbox import queue_mail
from platen.fleet.page_links import page_link
from platen.fleet.report_mails import report_mail
from platen.fleet.run_mails import run_mail
from platen.fleet.task_kinds import COUNTERS, DISCOVER, HOOK, READ, REPORT, RESTART, targets
from platen.fleet.visits import Failure, Visit
from platen.fleet.writing import WRITE
from platen.protocols.snmp import Prepared, Tag, VarBind, parse_oid
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Target
from platen.services.database import Database
from platen.services.fleet.poller import Poller
from platen.services.fleet.searching import Searches
from platen.services.fleet.snmp_credentials import snmp_credentials
from platen.services.fleet.writing import Writing
from platen.services.task_orders import Executor, Order, Outcome
from platen.tasks.models import Run
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

    def __init__(self, database: Database, client: SnmpClient, poller: Poller, searches: Searches) -> None:
        self._database = database
        self._client = client
        self._poller = poller
        self._searches = searches
        self._writing = Writing(database, client)

    def executors(self) -> dict[str, Executor]:
        """By kind."""
        return {
            DISCOVER: self.discover,
            READ: self.read,
            RESTART: self.restart,
            REPORT: self.report,
            COUNTERS: self.counters,
            HOOK: self.hook,
            WRITE: self._writing.write,
        }

    async def read(self, order: Order) -> Outcome:
        """One machine, now."""
        assert order.device_id is not None  # noqa: S101  # a kind for devices
        came = (await self._poller.read_now(order.tenant_id, [order.device_id])).get(order.device_id)
        if isinstance(came, Visit):
            doubt = await self._database.run(order.tenant_id, _doubt, order.device_id)
            return Outcome(True, _what_was_read(came.reading.meter("total"), doubt))
        if isinstance(came, Failure):
            return Outcome(False, came.reason)
        return Outcome(True, "It has no address, or is not managed.", skipped=True)

    async def restart(self, order: Order) -> Outcome:
        """By prtGeneralReset, with a credential that may write."""
        machine, writers = await self._database.run(order.tenant_id, _to_restart, order.device_id)
        if machine is None or not machine.address:
            return Outcome(True, "It has no address.", skipped=True)
        if machine.collector:  # at its address here there may be another machine
            return Outcome(True, "A collector at another site reads it; nobody here reaches it.", skipped=True)
        if not writers:
            return Outcome(False, "No credential may change machines. Mark one of the SNMP credentials so.")
        prepared = Prepared.set_values([VarBind(PRT_GENERAL_RESET, Tag.INTEGER, POWER_CYCLE)])
        reason = ""
        for credentials in writers:
            try:
                await self._client.set_values(Target(machine.address, machine.port), credentials, prepared)
            except SnmpFailed as error:
                reason = str(error)
            else:
                return Outcome(True, "It restarts.")
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
            state, message = await self._database.run(order.tenant_id, _state_of_search, run_id)
            if state not in _OPEN:
                return Outcome(state == "done", message)

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
            return Outcome(outcome.succeeded, f"{outcome.message} {silent} did not answer and are as last read.")
        return outcome

    async def hook(self, order: Order) -> Outcome:
        """What is known of a machine, to a webhook."""
        return await self._database.run(order.tenant_id, _queue_hook, order)


def _doubt(machine_id: int) -> str:
    """Why what was read last is not believed; empty: it is."""
    return Machine.objects.filter(pk=machine_id).values_list("suspicion", flat=True).first() or ""


def _what_was_read(pages: int | None, doubt: str) -> str:
    if doubt:
        return f"Read; its meters are doubted and not counted. {doubt}"
    return f"Read; {pages:,} pages." if pages is not None else "Read."


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


def _state_of_search(run_id: int) -> tuple[str, str]:
    run = DiscoveryRun.objects.filter(pk=run_id).first()
    if run is None:
        return "failed", "The run is gone."
    return run.state, run.message or f"{run.answered} answered of {run.asked} asked."


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
    return Outcome(True, f"{rows} rows are on their way to {', '.join(settings['to'])}.")


def _queue_hook(order: Order) -> Outcome:
    webhook = Webhook.objects.filter(pk=order.settings.get("webhook") or 0).first()
    machine = Machine.objects.select_related("device").filter(pk=order.device_id).first()
    if webhook is None or machine is None:
        return Outcome(False, "The webhook or the machine is gone.")
    payload = {
        "turn": "began",
        "kind": "task",
        "sentence": f"{machine.device.name}: {machine.trouble or machine.get_severity_display()}",
        "link": page_link("device", machine.device.uuid),
        "device": str(machine.device.uuid),
        "name": machine.device.name,
        "serial": machine.serial,
        "meters": machine.meters,
        "severity": machine.get_severity_display(),
        "trouble": machine.trouble,
    }
    Notice.objects.get_or_create(
        event_key=f"{order.key}/{machine.pk}/{webhook.pk}",
        defaults={"channel": Channel.WEBHOOK, "webhook": webhook, "machine": machine, "payload": payload},
    )
    return Outcome(True, f"{webhook.name} is told.")
