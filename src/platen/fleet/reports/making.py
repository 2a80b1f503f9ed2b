"""From a wish to the report."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from platen.fleet.models import Machine
from platen.fleet.reports import events, tables
from platen.fleet.reports.audit import audit
from platen.fleet.reports.columns import Column, Report, chosen
from platen.fleet.reports.scopes import machines_of
from platen.fleet.reports.usage import usage
from platen.fleet.reports.wishes import Wish
from platen.policy.fleet.rollups import day_of, zone
from platen.tenants.queries import current_policy

Make = Callable[[Wish, QuerySet[Machine], datetime, date], Report]

_MAKERS: dict[str, Make] = {
    "usage": lambda wish, machines, now, today: usage(wish, machines, today),
    "counters": lambda wish, machines, now, today: tables.counters(wish, machines),
    "status": lambda wish, machines, now, today: tables.status(machines),
    "shares": events.shares,
    "alerts": lambda wish, machines, now, today: events.alerts(wish, machines, now),
    "supplies": lambda wish, machines, now, today: events.supplies(wish, machines),
    "firmware": lambda wish, machines, now, today: tables.firmware(machines),
    "devices": lambda wish, machines, now, today: tables.devices(machines),
    "audit": lambda wish, machines, now, today: audit(wish),
}


def report(
    wish: Wish,
    machine_ids: Collection[int] | None = None,
    *,
    now: datetime | None = None,
    also_removed: bool = False,
) -> Report:
    """The report, in the language in force; machine_ids: of these machines only; also_removed: also of those that are
    out of management. Lines are read as they are asked for, while the current tenant holds."""
    whole = _made(wish, machine_ids, now or timezone.now(), also_removed=also_removed)
    return replace(whole, columns=chosen(whole.columns, wish.columns))


def columns_to_choose(kind: str) -> list[Column]:
    """Of a report, the columns that are not always there."""
    return [column for column in _made(Wish(kind), (), timezone.now()).columns if not column.fixed]


def _made(wish: Wish, machine_ids: Collection[int] | None, now: datetime, *, also_removed: bool = False) -> Report:
    today = day_of(now, zone(current_policy().time_zone))
    machines = machines_of(wish, now, machine_ids, also_removed=also_removed)
    return _MAKERS[wish.kind](wish, machines, now, today)
