"""Which region a machine is in: by its address first, then by the end of its host name."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Group, Machine, NoticeRule, Region
from platen.policy.fleet.addresses import AddressError, Scope, parse_scope
from platen.tasks.models import Run, Task
from platen.tasks.services import OPEN


class Regions:
    """The organisation's regions as they are now, read once to ask for many machines."""

    def __init__(self) -> None:
        self._regions: list[tuple[Region, Scope | None, list[str]]] = [
            (region, _scope(region) if region.addresses else None, _ends(region))
            for region in Region.objects.order_by("name")
        ]

    def of(self, address: str, host_name: str = "") -> Region | None:
        """The region whose addresses hold this one, of nested ones the innermost, which has the fewest; else that with
        the longest end of the host name."""
        holding = [
            (scope.count(), region) for region, scope, _ends in self._regions if scope is not None and address in scope
        ]
        if holding:
            return min(holding, key=lambda each: each[0])[1]
        name = (host_name or address).casefold().rstrip(".")
        fitting = [
            (len(end), region) for region, _addresses, ends in self._regions for end in ends if name.endswith("." + end)
        ]
        return max(fitting, key=lambda each: each[0])[1] if fitting else None


@transaction.atomic
def set_region(
    name: str,
    addresses: str,
    host_suffixes: str,
    *,
    by: Actor,
    region: Region | None = None,
    parent: Region | None = None,
) -> Region:
    """A new region, or another shape for one; machines without a region that lie in it join it.

    Raises: InvalidValue, also for addresses that another region has which it is not beneath nor above; NameTaken.
    """
    region = region or Region()
    beneath = Region.with_parts([region.pk]) if region.pk else frozenset[int]()
    if parent is not None and parent.pk in beneath:
        raise InvalidValue(_("A region cannot be beneath itself."))
    region.parent = parent
    try:
        scope = parse_scope(addresses)
    except AddressError as error:
        raise InvalidValue(str(error)) from error
    nested = beneath | _above(parent)
    for other in Region.objects.exclude(pk__in=nested):
        if scope.without(_scope(other)).count() != scope.count():
            raise InvalidValue(_("Some of these addresses belong to the region %(other)s.") % {"other": other.name})
    region.name, region.addresses = name.strip(), addresses
    region.host_suffixes = "\n".join(_lines(host_suffixes))
    if not region.name:
        raise InvalidValue(_("A region needs a name."))
    try:
        with transaction.atomic():
            region.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a region named %(name)s already.") % {"name": region.name}) from error
    record_change(by, "region_set", region.name, f"Region {region.name} was set")
    _gather(region)
    return region


@transaction.atomic
def remove_region(region: Region, *, by: Actor) -> None:
    """Its machines are in no region then.

    Raises: InvalidValue while something is bound to it: without it a task, group or notice rule would be for every
    device, and a person for none.
    """
    bound = _bound_to(region)
    if bound:
        raise InvalidValue(
            _("Something is bound to this region: %(bound)s. Change these first; what runs, wait for its end.")
            % {"bound": "; ".join(bound)}
        )
    record_change(by, "region_removed", region.name, f"Region {region.name} was removed")
    region.delete()


def _bound_to(region: Region) -> list[str]:
    """What is bound to a region, in words, of each kind the first few by name."""
    open_runs = Run.objects.filter(state__in=OPEN)
    kinds: tuple[tuple[str, models.QuerySet[Any], str], ...] = (
        (_("people %(names)s"), User.objects.filter(regional=True), "logon"),
        (_("tasks %(names)s"), Task.objects.all(), "name"),
        (_("groups %(names)s"), Group.objects.all(), "name"),
        (_("notice rules %(names)s"), NoticeRule.objects.all(), "name"),
        (_("still running %(names)s"), open_runs, "name"),
    )
    found = []
    for words, rows, name in kinds:
        names = list(rows.filter(regions=region).order_by(name).values_list(name, flat=True)[:5])
        if names:
            found.append(words % {"names": ", ".join(names)})
    return found


def _gather(region: Region) -> None:
    regions = Regions()
    joining = [
        machine.pk
        for machine in Machine.objects.filter(region=None).only("pk", "address", "host_name").iterator()
        if regions.of(machine.address, machine.host_name) == region
    ]
    for start in range(0, len(joining), 500):
        Machine.objects.filter(pk__in=joining[start : start + 500]).update(region=region)


def _above(region: Region | None) -> frozenset[int]:
    keys: set[int] = set()
    while region is not None and region.pk not in keys:
        keys.add(region.pk)
        region = region.parent
    return frozenset(keys)


def _scope(region: Region) -> Scope:
    return parse_scope(region.addresses)


def _ends(region: Region) -> list[str]:
    return _lines(region.host_suffixes)


def _lines(text: str) -> list[str]:
    return [line.strip().casefold().strip(".") for line in text.splitlines() if line.strip().strip(".")]
