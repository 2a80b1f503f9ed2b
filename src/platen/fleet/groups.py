"""Groups of machines: by hand or by conditions, one inside the other, and which machine is in which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Group, Machine, Membership, Region, Severity
from platen.policy.fleet.conditions import ConditionError, all_hold, parse_conditions
from platen.tenants.context import acting_within, current_regions

DEPTH_MAX = 20
_SEVERITY = {Severity.NONE: "none", Severity.WARNING: "warning", Severity.ERROR: "error", Severity.SERVICE: "service"}


@transaction.atomic
def set_group(
    name: str,
    *,
    by: Actor,
    group: Group | None = None,
    parent: Group | None = None,
    conditions: list[dict[str, Any]] | None = None,
    comment: str = "",
    regions: Iterable[int] = (),
    read_every_s: int | None = None,
) -> Group:
    """A new group, or another shape for one. conditions None: kept by hand.

    A group that was kept by hand may become one by conditions, and the other way round: then it begins with the
    machines that the conditions held. regions: machines of these only (EMC-REGN-03); whose rights end at regions makes
    groups of these only, and leaves one in a parent that they do not see. Raises: InvalidValue, NameTaken.
    """
    group = group or Group()
    limit = current_regions()
    if limit is not None and not limit:  # a group without a region would be one of every device
        raise InvalidValue(_("Your rights hold for no region, so there is no device that a group of yours could hold."))
    regions = set(regions) or set(Region.tops_of(limit or ()))
    if limit is not None and not regions <= limit:
        raise InvalidValue(_("A group of yours is for devices of your regions only."))
    held = ids_in(group) if group.pk and group.conditions is not None and conditions is None else frozenset()
    parent = _parent_for(group, parent)
    group.name, group.parent, group.comment, group.read_every_s = name.strip(), parent, comment, read_every_s
    if not group.name or len(group.name) > 120:
        raise InvalidValue(_("A group has a name of 1 to 120 characters."))
    _check_parent(group)
    if conditions is not None:
        try:
            conditions = [each.as_json() for each in parse_conditions(conditions)]
        except ConditionError as error:
            raise InvalidValue(str(error)) from error
    group.conditions = conditions
    with acting_within(None):
        same_name = Group.objects.filter(parent=parent, name=group.name).exclude(pk=group.pk).exists()
    if same_name:  # a missing parent is equal to nothing in the database's own eyes
        raise NameTaken(_("There is a group named %(name)s already.") % {"name": group.name})
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a group named %(name)s already.") % {"name": group.name}) from error
    bound = Region.with_parts(regions)
    if bound and Membership.objects.filter(group=group).exclude(machine__region__in=bound).exists():
        raise InvalidValue(_("Some of its machines are in none of these regions. Take them out first."))
    group.regions.set(regions)
    if conditions is not None:
        Membership.objects.filter(group=group).delete()
    _join(group, held)
    record_change(by, "group_set", group.name, f"The group {group.name} was set")
    return group


@transaction.atomic
def remove_group(group: Group, *, by: Actor) -> None:
    """Remove a group and those inside it; machines stay. Raises: InvalidValue where one of these is not one's own."""
    with acting_within(None):
        inside = _inside(group.pk)
    if Group.objects.filter(pk__in=inside).count() != len(inside):
        raise InvalidValue(_("A group inside %(group)s is not of your regions.") % {"group": group.name})
    record_change(by, "group_removed", group.name, f"The group {group.name} was removed")
    group.delete()


@transaction.atomic
def put_into(group: Group, machine_ids: Collection[int], *, by: Actor) -> int:
    """Put machines into a group kept by hand, as many as there are. Raises: InvalidValue."""
    if group.conditions is not None:
        raise InvalidValue(_("%(group)s is kept by its conditions. Change these.") % {"group": group.name})
    regions = Region.with_parts(group.regions.values_list("id", flat=True))
    machines = Machine.objects.filter(pk__in=list(machine_ids))
    if regions and machines.exclude(region_id__in=regions).exists():
        raise InvalidValue(_("Some of these machines are in none of the group's regions."))
    joined = _join(group, machines.values_list("pk", flat=True))
    record_change(by, "group_joined", group.name, f"{joined} machines were put into {group.name}", machines=joined)
    return joined


@transaction.atomic
def take_out_of(group: Group, machine_ids: Collection[int], *, by: Actor) -> int:
    """Take machines out of a group kept by hand."""
    gone, _rows = Membership.objects.filter(group=group, machine_id__in=list(machine_ids)).delete()
    record_change(by, "group_left", group.name, f"{gone} machines were taken out of {group.name}", machines=gone)
    return gone


def groups_of(machine_ids: Collection[int], among: Iterable[Group] | None = None) -> dict[int, set[int]]:
    """For each machine the groups that it is in: by hand, by conditions, and all that these are parts of."""
    groups = list(Group.objects.all() if among is None else among)
    parents = dict(Group.objects.values_list("id", "parent_id"))
    found: dict[int, set[int]] = {key: set() for key in machine_ids}
    regions = regions_of_groups()
    rows = Membership.objects.filter(machine_id__in=list(machine_ids))
    for machine_id, group_id, region_id in rows.values_list("machine_id", "group_id", "machine__region_id"):
        if region_id in regions.get(group_id, {region_id}):
            found[machine_id].add(group_id)
    ruled = [(group.pk, parse_conditions(group.conditions)) for group in groups if group.conditions is not None]
    if ruled:
        for machine in _known(machine_ids):
            known = known_of(machine, timezone.now())
            fitting = {key for key, conditions in ruled if all_hold(conditions, known)}
            found[machine.pk] |= {key for key in fitting if machine.region_id in regions.get(key, {machine.region_id})}
    return {key: {above for each in keys for above in _chain(each, parents)} for key, keys in found.items()}


def ids_in(group: Group) -> frozenset[int]:
    """Every machine in a group or in one inside it."""
    inside, regions = _inside(group.pk), regions_of_groups()
    rows = Membership.objects.filter(group_id__in=inside).values_list("machine_id", "group_id", "machine__region_id")
    found = {key for key, group_id, region_id in rows if region_id in regions.get(group_id, {region_id})}
    ruled = [
        (each.pk, parse_conditions(each.conditions))
        for each in Group.objects.filter(pk__in=inside, conditions__isnull=False)
    ]
    if ruled:
        now = timezone.now()
        for machine in _known(None):
            known = known_of(machine, now)
            may = [rule for key, rule in ruled if machine.region_id in regions.get(key, {machine.region_id})]
            if any(all_hold(conditions, known) for conditions in may):
                found.add(machine.pk)
    return frozenset(found)


def regions_of_groups() -> dict[int, frozenset[int]]:
    """The regions that groups are bound to, with those beneath, by the group's key; one that is not there is bound to
    none."""
    found: dict[int, set[int]] = {}
    for group_id, region_id in Group.objects.exclude(regions=None).values_list("pk", "regions"):
        found.setdefault(group_id, set()).add(region_id)
    return {key: Region.with_parts(regions) for key, regions in found.items()}


def known_of(machine: Machine, now: datetime) -> dict[str, object]:
    """What conditions can ask of a registered machine. Its device, region and place are loaded."""
    names = ("maker", "model", "serial", "asset_number", "contact", "host_name", "firmware", "mac", "object_id")
    known: dict[str, object] = {name: getattr(machine, name) for name in names}
    more = ("address", "collector", "power", "training", "trouble", "pages", "pages_color", "pages_month")
    known |= {name: getattr(machine, name) for name in more}
    known |= {"supply_percent": machine.supply_percent, "supply_days": machine.supply_days}
    known |= {"name": machine.device.name, "location": machine.device.location}
    known["region"] = machine.region.name if machine.region else ""
    known["place"] = machine.place.name if machine.place else ""
    known["severity"] = _SEVERITY[Severity(machine.severity)]
    known["managed"] = "yes" if machine.managed else "no"
    known["color"] = {True: "yes", False: "no", None: "unknown"}[machine.device.color_supported]
    known["days_silent"] = (now - machine.read_at).days if machine.read_at is not None else None
    return known


def _known(machine_ids: Collection[int] | None) -> Iterable[Machine]:
    machines = Machine.objects.select_related("device", "region", "place")
    if machine_ids is not None:
        return list(machines.filter(pk__in=list(machine_ids)))
    found: Iterable[Machine] = machines.iterator(chunk_size=2000)
    return found


def _join(group: Group, machine_ids: Iterable[int]) -> int:
    there = set(Membership.objects.filter(group=group).values_list("machine_id", flat=True))
    new = [
        Membership(tenant_id=group.tenant_id, group=group, machine_id=key)
        for key in set(machine_ids)
        if key not in there
    ]
    Membership.objects.bulk_create(new, batch_size=500)
    return len(new)


def hidden_among(keys: Collection[int]) -> list[int]:
    """Which of these groups are there, but not for whoever asks."""
    seen = set(Group.objects.filter(pk__in=keys).values_list("pk", flat=True))
    with acting_within(None):
        return list(Group.objects.filter(pk__in=set(keys) - seen).order_by("pk").values_list("pk", flat=True))


def leave_other_regions(machine_ids: Collection[int]) -> None:
    """Take machines that moved to another region out of groups that are bound to regions without it."""
    regions = regions_of_groups()
    rows = Membership.objects.filter(machine_id__in=list(machine_ids), group_id__in=list(regions))
    found = rows.values_list("pk", "group_id", "machine__region_id")
    gone = [key for key, group_id, region_id in found if region_id not in regions[group_id]]
    Membership.objects.filter(pk__in=gone).delete()


def _parent_for(group: Group, wanted: Group | None) -> Group | None:
    """The parent that is asked for; one that whoever asks does not see, and so could not choose again, stays."""
    if group.parent_id is None or not hidden_among([group.parent_id]):
        return wanted
    if wanted is not None:
        raise InvalidValue(
            _("%(group)s is part of a group that is not of your regions. Ask an administrator to move it.")
            % {"group": group.name}
        )
    return group.parent


def _check_parent(group: Group) -> None:
    above, depth = group.parent, 0
    while above is not None:
        depth += 1
        if above.pk == group.pk or depth > DEPTH_MAX:
            raise InvalidValue(_("A group cannot be inside itself, nor deeper than 20 levels."))
        above = above.parent


def _inside(group_id: int | None) -> set[int]:
    parents = dict(Group.objects.values_list("id", "parent_id"))
    return {key for key in parents if group_id in _chain(key, parents)}


def _chain(group_id: int | None, parents: dict[int, int | None]) -> list[int]:
    """A group and everything that it is inside of."""
    chain: list[int] = []
    while group_id is not None and group_id not in chain:
        chain.append(group_id)
        group_id = parents.get(group_id)
    return chain
