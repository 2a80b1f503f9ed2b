"""Reports of what devices are now: who they are, their counters, their states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.eventlog.models import Event
from platen.fleet.finisher_words import kinds_in_words
from platen.fleet.models import Machine, Power, Severity
from platen.fleet.reports.columns import Column, Report, own, who
from platen.fleet.reports.scopes import with_names
from platen.fleet.reports.wishes import Wish

CHUNK = 2_000
LIFE = ("total", "total.mono", "total.color", "print", "copy", "fax", "scan", "sheets", "duplex")
"""Counters since a device was made, where nobody names others."""
POWERS: Mapping[str, str] = {
    Power.UNKNOWN: noop("Not read yet"),
    Power.ON: noop("On"),
    Power.ASLEEP: noop("Asleep"),
    Power.OFF: noop("Off"),
    Power.SILENT: noop("Not answering"),
    Power.CONFLICT: noop("Another machine answers"),
}
SEVERITIES: Mapping[int, str] = {
    Severity.NONE: noop("Ready"),
    Severity.WARNING: noop("Warning"),
    Severity.ERROR: noop("Error"),
    Severity.SERVICE: noop("Service call"),
}


def devices(machines: QuerySet[Machine]) -> Report:
    """Who they are."""
    columns = [
        *who(also=("location", "asset_number")),
        Column("firmware", _("Firmware"), own("firmware")),
        Column("finishing", _("Finishers"), lambda machine: kinds_in_words(machine.finishing), more=True),
        *_state_columns(more=True),
        Column("pages", _("Pages"), own("pages"), more=True),
        Column("pages_color", _("Pages in colour"), own("pages_color"), more=True),
        Column("pages_month", _("Pages this month"), own("pages_month"), more=True),
        Column("supply_percent", _("Lowest supply, %"), own("supply_percent"), more=True),
        Column("supply_days", _("Days to first out"), own("supply_days"), more=True),
        Column("found", _("Found"), own("found_at"), more=True),
        _read(),
    ]
    return _report(columns, machines)


def counters(wish: Wish, machines: QuerySet[Machine]) -> Report:
    """Their meters since they were made."""

    def meter(name: str) -> Column:
        return Column(f"meter.{name}", name, lambda machine: machine.meters.get(name), fixed=True)

    columns = [*who(), *(meter(name) for name in wish.counters or LIFE), _read()]
    return _report(columns, machines)


def status(machines: QuerySet[Machine]) -> Report:
    """How they are."""
    return _report([*who(), *_state_columns(more=False), _read()], machines)


def firmware(machines: QuerySet[Machine]) -> Report:
    """Which versions they run, against what others of their model run, and when it was last seen to change."""
    versions, changes = cache(_versions), cache(_firmware_changes)

    def alike(machine: Machine) -> Mapping[str, int]:
        return versions().get(machine.model, {})

    def most(machine: Machine) -> str:
        return min(alike(machine), key=lambda each: (-alike(machine)[each], each), default="")

    columns = [
        *who(),
        Column("firmware", _("Firmware"), own("firmware"), fixed=True),
        Column("alike", _("Devices with it"), lambda machine: alike(machine).get(machine.firmware)),
        Column("of_model", _("Devices of the model"), lambda machine: sum(alike(machine).values())),
        Column("most", _("Most of the model have"), most),
        Column("is_most", _("As most"), lambda machine: _("yes") if machine.firmware == most(machine) else _("no")),
        Column("changed", _("Changed"), lambda machine: changes().get(machine.pk)),
        _read(),
    ]
    return _report(columns, machines)


def _versions() -> dict[str, dict[str, int]]:
    """Of each model, how many run each version."""
    found: dict[str, dict[str, int]] = {}
    managed = Machine.objects.filter(managed=True).exclude(firmware="").order_by()
    for model, version, count in managed.values_list("model", "firmware").annotate(n=Count("pk")):
        found.setdefault(model, {})[version] = count
    return found


def _firmware_changes() -> dict[int, datetime]:
    """When devices were last seen with another version than before, as far as the event log reaches."""
    changes = Event.objects.filter(kind="firmware_changed").order_by()
    return dict(changes.values_list("device_id").annotate(last=Max("at")))


def _state_columns(*, more: bool) -> list[Column]:
    return [
        Column("power", _("Power"), lambda machine: _(POWERS.get(machine.power, machine.power)), more=more),
        Column("since", _("Since"), own("power_at"), more=True),
        Column("severity", _("Severity"), lambda machine: _(SEVERITIES[machine.severity]), more=more),
        Column("error", _("Error"), own("trouble"), more=more),
        Column("failure", _("Why not read"), own("failure"), more=True),
    ]


def _read() -> Column:
    return Column("read", _("Read"), own("read_at"))


def _report(columns: list[Column], machines: QuerySet[Machine]) -> Report:
    lines: Iterator[Machine] = with_names(machines).iterator(chunk_size=CHUNK)
    return Report(columns, lines)
