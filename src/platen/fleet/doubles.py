"""Machines of which there are two records: who shares what should be a machine's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

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
    same = Q(pk__in=())
    for mark in MARKS:
        if getattr(machine, mark):
            same |= Q(**{mark: getattr(machine, mark)})
    others = Machine.objects.filter(same).exclude(pk=machine.pk).select_related("device")
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
