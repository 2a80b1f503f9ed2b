"""Machines of which there are two records: who shares what should be a machine's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from platen.fleet.models import Machine

SHOWN_MAX = 200
MARKS = ("serial", "mac", "printer_uuid")


@dataclass(frozen=True, slots=True)
class Double:
    """Records that share a mark. mark: of MARKS."""

    mark: str
    value: str
    machines: list[Machine]


def doubles_of(machine: Machine, limit: int = 10) -> list[Machine]:
    """Other records that have this one's serial number, hardware address or UUID."""
    keys: set[int] = set()
    for mark in MARKS:
        value = getattr(machine, mark)
        if value:  # that it is not empty is said to the database as well: its indexes are of those alone
            same = Machine.objects.filter(**{mark: value}).exclude(**{mark: ""}).exclude(pk=machine.pk)
            keys.update(same.values_list("pk", flat=True)[:limit])
    others = Machine.objects.filter(pk__in=keys).select_related("device") if keys else Machine.objects.none()
    return list(others.order_by("device__name")[:limit])


def all_doubles(limit: int = SHOWN_MAX) -> list[Double]:
    """Every mark that several records have, each set of records once."""
    found: dict[frozenset[int], Double] = {}
    for mark in MARKS:
        shared = Machine.objects.exclude(**{mark: ""}).order_by().values(mark).annotate(n=Count("pk")).filter(n__gt=1)
        values = list(shared.values_list(mark, flat=True)[:limit])
        sets: dict[str, list[Machine]] = {}
        rows = Machine.objects.filter(**{f"{mark}__in": values}).select_related("device", "region")
        for machine in rows.order_by("device__name"):
            sets.setdefault(getattr(machine, mark), []).append(machine)
        for value, machines in sets.items():
            found.setdefault(frozenset(each.pk for each in machines), Double(mark, value, machines))
    return list(found.values())[:limit]
