"""How people cut the fleet: groups at /groups, and which machines are in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.fleet_lookup import group_of, ids_of_uuids, regions_with_ids
from platen.api.fleet_searches import ConditionGiven
from platen.api.lookup import number_after
from platen.api.machine_values import MachineShown, machine_shown
from platen.api.values import Change, Input, Page, Paging
from platen.fleet.group_paths import in_tree, set_group_at
from platen.fleet.groups import put_into, remove_group, take_out_of
from platen.fleet.models import Group
from platen.fleet.queries_places import members_by_hand, page_of_members
from platen.fleet.queries_rows import groups_by_name
from platen.fleet.wanting import AT_ONCE_MAX

router = Router()


class GroupShown(Schema):
    """A group. conditions null: kept by hand; then `machines` says how many it has itself."""

    uuid: UUID
    name: str
    path: str = Field(description="With the groups that it is part of: Site:Library:Floor 1.")
    parent: UUID | None
    conditions: list[dict[str, Any]] | None
    comment: str
    regions: list[int] = Field(description="Machines of these regions only; none: of all.")
    read_every_s: int | None
    machines: int | None


class GroupChange(Change):
    """What is to change. conditions null: kept by hand; it begins with the machines that the conditions held."""

    name: str | None = Field(None, description="Or its path: levels above that are not there yet are made.")
    parent: UUID | None = None
    conditions: list[ConditionGiven] | None = None
    comment: str | None = None
    regions: list[int] | None = None
    read_every_s: int | None = Field(None, ge=1, le=2**31 - 1)


class NewGroup(GroupChange):
    """A new group needs a name."""

    name: str


class MembersChange(Input):
    """uuids of devices that come and go; all have to be there."""

    add: list[UUID] = Field([], max_length=AT_ONCE_MAX)
    remove: list[UUID] = Field([], max_length=AT_ONCE_MAX)


class MembersChanged(Schema):
    """How many came and went."""

    added: int
    removed: int


@router.get("", response=list[GroupShown], auth=needs(Right.SEE_DEVICES))
def list_groups(request: HttpRequest) -> list[dict[str, Any]]:
    """All groups, each after what it is part of."""
    found = groups_by_name()
    prefetch_related_objects(found, "regions")
    counts = members_by_hand()
    return [_shown(group, path, counts.get(group.pk, 0)) for group, path in in_tree(found)]


@router.post("", response={201: GroupShown}, auth=needs(Right.CHANGE_DEVICES))
def add(request: HttpRequest, new: NewGroup) -> Status[dict[str, Any]]:
    """Add a group."""
    given = new.given()
    made = set_group_at(
        new.name,
        by=actor(request),
        parent=group_of(new.parent) if new.parent else None,
        conditions=given.get("conditions"),
        comment=new.comment or "",
        regions=regions_with_ids(new.regions or ()),
        read_every_s=new.read_every_s,
    )
    return Status(201, _one(made))


@router.get("/{uuid:key}", response=GroupShown, auth=needs(Right.SEE_DEVICES))
def show(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """One group."""
    return _one(group_of(key))


@router.patch("/{uuid:key}", response=GroupShown, auth=needs(Right.CHANGE_DEVICES))
def change(request: HttpRequest, key: UUID, wanted: GroupChange) -> dict[str, Any]:
    """Change what is sent."""
    group, given = group_of(key), wanted.given()
    parent = group_of(wanted.parent) if wanted.parent else None
    if "parent" not in given:  # one that whoever asks does not see stays by itself
        parent = Group.objects.filter(pk=group.parent_id).first()
    regions = group.regions.values_list("pk", flat=True) if wanted.regions is None else wanted.regions
    changed = set_group_at(
        wanted.name or group.name,
        by=actor(request),
        group=group,
        parent=parent,
        conditions=given.get("conditions", group.conditions),
        comment=group.comment if wanted.comment is None else wanted.comment,
        regions=regions_with_ids(regions),
        read_every_s=wanted.read_every_s if "read_every_s" in given else group.read_every_s,
    )
    return _one(changed)


@router.delete("/{uuid:key}", response={204: None}, auth=needs(Right.CHANGE_DEVICES))
def remove(request: HttpRequest, key: UUID) -> Status[None]:
    """Remove a group and those inside it; machines stay."""
    remove_group(group_of(key), by=actor(request))
    return Status(204, None)


@router.get("/{uuid:key}/machines", response=Page[MachineShown], auth=needs(Right.SEE_DEVICES))
def members(request: HttpRequest, key: UUID, wanted: Query[Paging]) -> dict[str, Any]:
    """Its machines and those of the groups in it, by hand or by conditions."""
    found = page_of_members(group_of(key), number_after(wanted.after) or 0, size=wanted.limit + 1)
    more = str(found[wanted.limit - 1].pk) if len(found) > wanted.limit else None
    return {"items": [machine_shown(each) for each in found[: wanted.limit]], "next": more}


@router.patch("/{uuid:key}/machines", response=MembersChanged, auth=needs(Right.CHANGE_DEVICES))
def change_members(request: HttpRequest, key: UUID, change: MembersChange) -> dict[str, int]:
    """Put machines into a group that is kept by hand, and take others out: all of it, or nothing."""
    group = group_of(key)
    coming, going = ids_of_uuids(change.add), ids_of_uuids(change.remove)
    with transaction.atomic():
        return {
            "added": put_into(group, coming, by=actor(request)) if coming else 0,
            "removed": take_out_of(group, going, by=actor(request)) if going else 0,
        }


def _one(group: Group) -> dict[str, Any]:
    paths = {each.pk: path for each, path in in_tree(groups_by_name())}
    return _shown(group, paths.get(group.pk, group.name), members_by_hand().get(group.pk, 0))


def _shown(group: Group, path: str, members: int) -> dict[str, Any]:
    same = ("uuid", "name", "conditions", "comment", "read_every_s")
    return {
        **{name: getattr(group, name) for name in same},
        "path": path,
        "parent": group.parent.uuid if group.parent else None,
        "regions": [each.pk for each in group.regions.all()],
        "machines": members if group.conditions is None else None,
    }
