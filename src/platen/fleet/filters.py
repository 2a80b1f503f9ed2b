"""Conditions (policy.fleet.conditions) as SQL over the whole fleet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from platen.fleet.models import Group, Machine, Membership, Region
from platen.policy.fleet.conditions import NEGATIONS, Condition, ConditionError, Kind, network_of, parse_conditions

GROUPS_DEPTH_MAX = 8
FIELDS = {
    "name": "device__name",
    "location": "device__location",
    "region": "region__name",
    "place": "place__name",
    "color": "device__color_supported",
}
"""Where an item is stored, if not in the machine's own column of that name."""
_SEVERITIES = {"none": 0, "warning": 1, "error": 2, "service": 3}
_YES_NO: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
_LOOKUPS = {
    "contains": "icontains",
    "equals": "iexact",
    "begins-with": "istartswith",
    "ends-with": "iendswith",
    "at-most": "lte",
    "at-least": "gte",
}
_NUMBERS = {"at-most": "lte", "at-least": "gte", "equals": "exact"}


def machines_where(conditions: Iterable[Condition], among: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """The current tenant's machines that fit all conditions."""
    machines = Machine.objects.all() if among is None else among
    for condition in conditions:
        machines = machines.filter(_where(condition, 0))
    return machines


def group_members(group: Group, *, depth: int = 0) -> Q:
    """The machines of a group and of all groups in it, as a condition on machines."""
    if group.conditions is None:
        mine = Q(pk__in=Membership.objects.filter(group=group).values("machine_id"))
    else:
        try:
            mine = Q()
            for condition in parse_conditions(group.conditions):
                mine &= _where(condition, depth + 1)
        except ConditionError:
            mine = Q(pk__in=[])
    regions = Region.with_parts(group.regions.values_list("pk", flat=True))
    if regions:  # EMC-REGN-03
        mine &= Q(region__in=regions)
    if depth < GROUPS_DEPTH_MAX:
        for part in Group.objects.filter(parent=group):
            mine |= group_members(part, depth=depth + 1)
    return mine


def _where(condition: Condition, depth: int) -> Q:
    if condition.op in NEGATIONS:
        return ~_where(Condition(condition.item, NEGATIONS[condition.op], condition.values), depth)
    if condition.item == "group":
        return _in_groups(condition, depth)
    if condition.item == "days_silent":
        return _silent(condition)
    field = FIELDS.get(condition.item, condition.item)
    if condition.op == "is-empty":
        return _empty(condition, field)
    if condition.kind is Kind.CHOICE:
        return _choice(condition, field)
    fits = Q()
    for value in condition.values:
        if condition.kind is Kind.NUMBER:
            fits |= Q(**{f"{field}__{_NUMBERS[condition.op]}": int(value)})
        elif condition.op == "within":
            fits |= _within(field, value)
        else:
            fits |= Q(**{f"{field}__{_LOOKUPS[condition.op]}": value})
    return fits


def _empty(condition: Condition, field: str) -> Q:
    if condition.kind is Kind.NUMBER:
        return Q(**{f"{field}__isnull": True})
    return Q(**{field: ""}) | Q(**{f"{field}__isnull": True}) if "__" in field else Q(**{field: ""})


def _choice(condition: Condition, field: str) -> Q:
    if condition.item == "severity":
        return Q(severity__in=[_SEVERITIES[value] for value in condition.values])
    if condition.item in {"color", "managed"}:
        fits = Q()
        for value in condition.values:
            said = _YES_NO[value]
            fits |= Q(**{f"{field}__isnull": True}) if said is None else Q(**{field: said})
        return fits
    if condition.item == "finishing":
        return _finishing(condition)
    return Q(**{f"{field}__in": condition.values})


def _finishing(condition: Condition) -> Q:
    """A machine's kinds stand in one text, and none of them is a part of another's name."""
    fits = Q()
    for kind in condition.values:
        fits |= Q(finishing="") if kind == "none" else Q(finishing__contains=kind)
    return fits


def _silent(condition: Condition) -> Q:
    """Days since the last reading; one that was never read is silent since ever."""
    if condition.op == "is-empty":
        return Q(read_at__isnull=True)
    now, fits = timezone.now(), Q()
    for value in condition.values:
        days = max(0, min(int(value), 36_500))
        since = now - timedelta(days=days)
        if condition.op == "at-least":
            fits |= Q(read_at__lte=since) | Q(read_at__isnull=True)
        elif condition.op == "at-most":
            fits |= Q(read_at__gt=since - timedelta(days=1))
        else:
            fits |= Q(read_at__lte=since, read_at__gt=since - timedelta(days=1))
    return fits


def _in_groups(condition: Condition, depth: int) -> Q:
    """Groups by their names; a group of groups of groups ends somewhere."""
    if condition.op == "is-empty":
        return ~Q(pk__in=Membership.objects.values("machine_id"))
    if depth > GROUPS_DEPTH_MAX:
        return Q(pk__in=[])
    named = Q()
    for value in condition.values:
        named |= Q(**{f"name__{_LOOKUPS[condition.op]}": value})
    fits = Q(pk__in=[])
    for group in Group.objects.filter(named):
        fits |= group_members(group, depth=depth + 1)
    return fits


def _within(field: str, value: str) -> Q:
    """Addresses are stored as texts: whole octets or groups of a network are the beginning of one."""
    network = network_of(value)
    if network.num_addresses <= 256:
        return Q(**{f"{field}__in": [str(address) for address in network]})
    if isinstance(network, ipaddress.IPv4Network):
        octets = -(-network.prefixlen // 8)
        fits = Q()
        for part in network.subnets(new_prefix=octets * 8):
            beginning = ".".join(str(part.network_address).split(".")[:octets])
            fits |= Q(**{f"{field}__startswith": f"{beginning}." if octets else ""})
        return fits
    return Q(**{f"{field}__in": _within_ipv6(field, network)})


def _within_ipv6(field: str, network: ipaddress.IPv6Network) -> list[str]:
    """IPv6 is written in many ways, so those that are known are looked at."""
    found = []
    for address in Machine.objects.filter(**{f"{field}__contains": ":"}).values_list(field, flat=True)[:100_000]:
        try:
            if ipaddress.ip_address(address) in network:
                found.append(address)
        except ValueError:
            continue
    return found
