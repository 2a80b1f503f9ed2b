"""How often each machine is read: as its groups say, else as the organisation does."""

from __future__ import annotations

from collections.abc import Collection

from platen.fleet.filters import machines_where
from platen.fleet.models import Group, Machine, Membership, Region
from platen.policy.fleet.conditions import ConditionError, parse_conditions

EVERY_MIN_S = 30


def read_intervals(ids: Collection[int], otherwise: int) -> dict[int, int]:
    """Seconds from one reading to the next of each of the current tenant's machines; of several groups the shortest."""
    groups = list(Group.objects.filter(read_every_s__isnull=False))
    intervals = dict.fromkeys(ids, max(EVERY_MIN_S, otherwise))
    # The longest first, so that the shortest is written last.
    for group in sorted(groups, key=lambda group: -int(group.read_every_s or 0)):
        every = max(EVERY_MIN_S, int(group.read_every_s or 0))
        intervals |= dict.fromkeys(_members(group, ids), every)
    return intervals


def _members(group: Group, ids: Collection[int]) -> list[int]:
    if group.conditions is None:
        return list(Membership.objects.filter(group=group, machine_id__in=ids).values_list("machine_id", flat=True))
    try:
        conditions = parse_conditions(group.conditions)
    except ConditionError:
        return []
    among = Machine.objects.filter(pk__in=ids)
    regions = Region.with_parts(group.regions.values_list("pk", flat=True))
    if regions:
        among = among.filter(region__in=regions)
    return list(machines_where(conditions, among).values_list("pk", flat=True))
