"""Reads on places, regions and groups, and how the machines of each are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from platen.fleet.filters import group_members
from platen.fleet.lists import NOT_LISTED
from platen.fleet.models import Group, Machine, Membership, Place, Power, Region, Severity
from platen.tenants.context import current_regions

SHOWN_MAX = 500
PLACES_MAX = 5_000
DEPTH_MAX = 8
_SILENT = (Power.SILENT, Power.CONFLICT)


@dataclass(slots=True)
class Condition:
    """How many machines there are somewhere, and how many of them are not well."""

    total: int = 0
    failing: int = 0
    warning: int = 0
    silent: int = 0

    def add(self, other: Condition) -> None:
        """Count others as well."""
        for name in ("total", "failing", "warning", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def well(self) -> int:
        """Those that nobody has to see to."""
        return max(0, self.total - self.failing - self.warning - self.silent)


def condition_by(field: str, keys: Iterable[int]) -> dict[int, Condition]:
    """The machines of each of these regions ("region") or places ("place").

    The totals come from the field's index alone; the rest costs as much as there are machines in trouble.
    """
    found = {key: Condition() for key in keys}
    if not found:
        return found
    column = f"{field}_id"
    wanted = {f"{column}__in": list(found)}
    # The keys are the tenant's own; without its column the index answers alone, where no limit asks for more.
    machines = Machine.everywhere if current_regions() is None else Machine.objects
    for row in machines.filter(**wanted).values(column).annotate(n=Count("pk")).order_by():
        found[row[column]].total = row["n"]
    # Neither keys nor grouping here: so the indexes of power and severity lead to the few that are not well.
    for key in Machine.objects.filter(managed=True, power__in=_SILENT).values_list(column, flat=True):
        if key in found:
            found[key].silent += 1
    troubled = Machine.objects.filter(managed=True, severity__gt=0)
    for key, severity, power in troubled.values_list(column, "severity", "power"):
        if key not in found or power in _SILENT:
            continue
        if severity >= Severity.ERROR:
            found[key].failing += 1
        else:
            found[key].warning += 1
    return found


def condition_of_places(places: Iterable[Place]) -> dict[int, Condition]:
    """The machines of each of these places, with those of the places in it."""
    parents: dict[int, int | None] = dict(Place.objects.values_list("pk", "parent_id")[:PLACES_MAX])
    single = condition_by("place", parents)
    found = {place.pk: Condition() for place in places}
    for key, own in single.items():
        above: int | None = key
        for _level in range(DEPTH_MAX):
            if above is None:
                break
            if above in found:
                found[above].add(own)
            above = parents.get(above)
    return found


def place_by_uuid(uuid: str) -> Place | None:
    """The place with this public identifier, without its picture."""
    found: Place | None = Place.objects.select_related("parent").defer("plan_picture").filter(uuid=uuid).first()
    return found


def parts_of(place: Place | None) -> list[Place]:
    """The places inside one, or those inside none."""
    return list(Place.objects.filter(parent=place).defer("plan_picture").order_by("name")[:SHOWN_MAX])


def plan_of(uuid: str) -> bytes | None:
    """The picture of a place's plan, PNG."""
    stored = Place.objects.filter(uuid=uuid).values_list("plan_picture", flat=True).first()
    return bytes(stored) if stored else None


def machines_at(place: Place) -> list[Machine]:
    """The machines of a place itself, by name."""
    found = Machine.objects.filter(place=place).select_related("device", "region", "place")
    return list(found.order_by("device__name")[:SHOWN_MAX])


def machine_at(place: Place, machine_id: int) -> Machine | None:
    """A machine that stands at a place."""
    found: Machine | None = Machine.objects.select_related("device").filter(pk=machine_id, place=place).first()
    return found


def group_by_uuid(uuid: str) -> Group | None:
    """The group with this public identifier."""
    found: Group | None = Group.objects.select_related("parent").filter(uuid=uuid).first()
    return found


def page_of_members(group: Group, after: int = 0, *, size: int = 50) -> list[Machine]:
    """The machines of a group and of those in it, in the order of their keys, with what lists need of them."""
    found = Machine.objects.filter(group_members(group), pk__gt=after).select_related("device", "region", "place")
    return list(found.order_by("pk").defer(*NOT_LISTED)[:size])


def region_by_id(key: int) -> Region | None:
    """The region with this key."""
    found: Region | None = Region.objects.filter(pk=key).first()
    return found


def members_by_hand() -> dict[int, int]:
    """How many machines each group that is kept by hand has itself."""
    rows = Membership.objects.values("group_id").annotate(n=Count("id")).order_by()
    return {row["group_id"]: row["n"] for row in rows}
