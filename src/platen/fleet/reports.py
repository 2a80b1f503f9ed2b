"""Reports of the fleet as tables: machines, their meters, their supplies, their states."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from platen.fleet.models import Machine, Supply
from platen.fleet.state_shares import STATES, shares_of_machines

KINDS = ("devices", "counters", "supplies", "status", "shares")
SHARES_DAYS = 30
_COUNTERS = ("total", "total.mono", "total.color", "print", "copy", "fax", "scan", "sheets", "duplex")


@dataclass(frozen=True, slots=True)
class Report:
    """A table: its head, and its rows as they are read."""

    head: Sequence[str]
    rows: Iterator[Sequence[object]]


def report(
    kind: str, machine_ids: Collection[int] | None = None, counters: Sequence[str] = (), days: int = SHARES_DAYS
) -> Report:
    """A report of all managed machines, or of these.

    counters: meters by name instead of the usual ones. days: how far shares of time go back.
    """
    machines = Machine.objects.filter(managed=True).select_related("device").order_by("device__name")
    if machine_ids is not None:
        machines = machines.filter(pk__in=list(machine_ids))
    rows = machines.iterator(chunk_size=2000)
    if kind == "counters":
        names = list(counters) or list(_COUNTERS)
        return Report(_head(*names, _("Read")), _counters(rows, names))
    if kind == "supplies":
        return Report(_head(_("Supply"), _("Colour"), _("Part"), _("Percent"), _("Days left")), _supplies(machine_ids))
    if kind == "status":
        return Report(_head(_("Power"), _("Severity"), _("Error"), _("Read")), _states(rows))
    if kind == "shares":
        words = [_("Ready"), _("Warning"), _("Error"), _("Service call"), _("Off"), _("Not answering"), _("Not seen")]
        heads = [_("%(state)s, %% of time") % {"state": word} for word in words]
        return Report(_head(*heads), _shares(list(machines.values_list("pk", flat=True)), days))
    return Report(_head(_("Firmware"), _("Asset number"), _("Location"), _("Read")), _devices(rows))


def _head(*more: str) -> list[str]:
    return [_("Name"), _("Maker"), _("Model"), _("Serial number"), _("Address"), *more]


def _who(machine: Machine) -> list[object]:
    return [machine.device.name, machine.maker, machine.model, machine.serial, machine.address]


def _counters(machines: Iterator[Machine], names: Sequence[str]) -> Iterator[Sequence[object]]:
    for machine in machines:
        yield [*_who(machine), *(machine.meters.get(name) for name in names), machine.read_at]


def _supplies(machine_ids: Collection[int] | None) -> Iterator[Sequence[object]]:
    supplies = Supply.objects.filter(machine__managed=True).select_related("machine", "machine__device")
    if machine_ids is not None:
        supplies = supplies.filter(machine_id__in=list(machine_ids))
    for supply in supplies.order_by("machine__device__name", "key").iterator(chunk_size=2000):
        what = supply.description or supply.kind
        left = [what, supply.color, supply.part_number, supply.percent, supply.days_left]
        yield [*_who(supply.machine), *left]


def _states(machines: Iterator[Machine]) -> Iterator[Sequence[object]]:
    for machine in machines:
        said = [machine.get_power_display(), machine.get_severity_display(), machine.trouble, machine.read_at]
        yield [*_who(machine), *said]


def _shares(ids: Sequence[int], days: int) -> Iterator[Sequence[object]]:
    end = timezone.now()
    for machine, shares in shares_of_machines(end - timedelta(days=days), end, ids):
        yield [*_who(machine), *(round(100 * shares.of(state), 2) for state in STATES)]


def _devices(machines: Iterator[Machine]) -> Iterator[Sequence[object]]:
    for machine in machines:
        said = [machine.firmware, machine.asset_number, machine.device.location, machine.read_at]
        yield [*_who(machine), *said]
