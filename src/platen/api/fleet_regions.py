"""Regions, parts of the fleet with administrators of their own: /regions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.fleet_groups import MembersChange, MembersChanged
from platen.api.fleet_lookup import ids_of_uuids, region_of
from platen.api.values import Change
from platen.fleet.changing import Changes, change_machines
from platen.fleet.models import Region
from platen.fleet.queries_places import Condition, condition_by
from platen.fleet.queries_rows import ids_in_region, regions_by_name
from platen.fleet.regions import remove_region, set_region

router = Router()
_CHANGE = needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)


class RegionShown(Schema):
    """A region, and how its machines are."""

    id: int
    name: str
    parent: int | None
    addresses: list[str]
    host_suffixes: list[str]
    machines: int
    failing: int
    warning: int
    silent: int


class RegionChange(Change):
    """What is to change."""

    name: str | None = None
    parent: int | None = Field(None, description="The region that it is beneath; null: beneath none.")
    addresses: list[str] | None = Field(None, description="Addresses, ranges and networks.")
    host_suffixes: list[str] | None = Field(None, description="Ends of host names; addresses go first.")


class NewRegion(RegionChange):
    """A new region needs a name."""

    name: str


@router.get("", response=list[RegionShown], auth=needs(Right.SEE_DEVICES))
def list_regions(request: HttpRequest) -> list[dict[str, Any]]:
    """Regions by name. Their machines: /machines?region=NAME."""
    found = regions_by_name()
    conditions = condition_by("region", [each.pk for each in found])
    return [_shown(each, conditions[each.pk]) for each in found]


@router.post("", response={201: RegionShown}, auth=_CHANGE)
def add(request: HttpRequest, new: NewRegion) -> Status[dict[str, Any]]:
    """Add a region; machines without one that lie in it join it."""
    parent = region_of(new.parent) if new.parent is not None else None
    texts = "\n".join(new.addresses or ()), "\n".join(new.host_suffixes or ())
    return Status(201, _one(set_region(new.name, *texts, by=actor(request), parent=parent)))


@router.get("/{int:key}", response=RegionShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: int) -> dict[str, Any]:
    """One region."""
    return _one(region_of(key))


@router.patch("/{int:key}", response=RegionShown, auth=_CHANGE)
def change(request: HttpRequest, key: int, wanted: RegionChange) -> dict[str, Any]:
    """Change what is sent."""
    region = region_of(key)
    parent = region_of(wanted.parent) if wanted.parent is not None else None
    return _one(
        set_region(
            region.name if wanted.name is None else wanted.name,
            region.addresses if wanted.addresses is None else "\n".join(wanted.addresses),
            region.host_suffixes if wanted.host_suffixes is None else "\n".join(wanted.host_suffixes),
            by=actor(request),
            region=region,
            parent=parent if "parent" in wanted.given() else region.parent,
        )
    )


@router.delete("/{int:key}", response={204: None}, auth=_CHANGE)
def remove(request: HttpRequest, key: int) -> Status[None]:
    """Remove a region to which nothing is bound; its machines are in none then."""
    remove_region(region_of(key), by=actor(request))
    return Status(204, None)


@router.patch("/{int:key}/machines", response=MembersChanged, auth=needs(Right.CHANGE_DEVICES))
def change_members(request: HttpRequest, key: int, change: MembersChange) -> dict[str, int]:
    """Move machines into a region, and others out of it into none: all of it, or nothing."""
    region = region_of(key)
    coming, going = ids_of_uuids(change.add), ids_in_region(region, ids_of_uuids(change.remove))
    with transaction.atomic():
        return {
            "added": change_machines(coming, Changes(region_id=region.pk), by=actor(request)) if coming else 0,
            "removed": change_machines(going, Changes(region_id=0), by=actor(request)) if going else 0,
        }


def _one(region: Region) -> dict[str, Any]:
    return _shown(region, condition_by("region", [region.pk])[region.pk])


def _shown(region: Region, machines: Condition) -> dict[str, Any]:
    return {
        "id": region.pk,
        "name": region.name,
        "parent": region.parent_id,
        "addresses": region.addresses.splitlines(),
        "host_suffixes": region.host_suffixes.splitlines(),
        "machines": machines.total,
        **{name: getattr(machines, name) for name in ("failing", "warning", "silent")},
    }
