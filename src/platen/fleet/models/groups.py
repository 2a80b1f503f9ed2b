"""How people cut the fleet: groups, regions, places, saved views."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import models

from platen.fleet.models.machine import Machine
from platen.identifiers import uuid7
from platen.tenants.context import current_tenant_id
from platen.tenants.models import EVERY_REGION, Scoped, wholly_within


class Region(Scoped):
    """A part of the fleet that has administrators of its own; a machine is in one or none. Regions nest: who may see
    one may see those beneath it."""

    region_at = "pk"

    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    addresses = models.TextField(
        blank=True, help_text="Addresses, ranges and networks, one a line (policy.fleet.addresses)."
    )
    host_suffixes = models.TextField(blank=True, help_text="Ends of host names, one a line; addresses go first.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="region_name_unique")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def with_parts(cls, keys: Iterable[int]) -> frozenset[int]:
        """These regions and all beneath them, whoever asks."""
        parts: dict[int, list[int]] = {}
        rows = cls.everywhere.filter(tenant_id=current_tenant_id(), parent__isnull=False)
        for key, parent in rows.values_list("pk", "parent_id"):
            parts.setdefault(parent, []).append(key)
        found, waiting = set[int](), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += parts.get(key, [])
        return frozenset(found)

    @classmethod
    def with_wholes(cls, keys: Iterable[int]) -> frozenset[int]:
        """These regions and all that they are beneath, whoever asks."""
        rows = cls.everywhere.filter(tenant_id=current_tenant_id(), parent__isnull=False)
        above: dict[int, int] = dict(rows.values_list("pk", "parent_id"))
        found, waiting = set[int](), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [above[key]] if key in above else []
        return frozenset(found)

    @classmethod
    def tops_of(cls, keys: Collection[int]) -> frozenset[int]:
        """Of these regions those that are beneath none of the others: what is bound to them follows as parts come and
        go."""
        rows = cls.everywhere.filter(tenant_id=current_tenant_id(), pk__in=keys).exclude(parent_id__in=keys)
        return frozenset(rows.values_list("pk", flat=True))


class Place(Scoped):
    """A site, a building or a floor; a floor may have a plan on which machines are placed."""

    region_at = EVERY_REGION

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    plan_picture = models.BinaryField(null=True, help_text="PNG, made anew from what was uploaded.")
    plan_width = models.PositiveIntegerField(default=0)
    plan_height = models.PositiveIntegerField(default=0)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "parent", "name"], name="place_name_unique")]

    def __str__(self) -> str:
        return self.name


class Group(Scoped):
    """Machines put together by hand, or by conditions; groups nest. With regions: only machines of these."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    conditions = models.JSONField(null=True, blank=True, help_text="policy.fleet.conditions; null: by hand.")
    comment = models.TextField(blank=True)
    regions = models.ManyToManyField(Region, blank=True, related_name="groups")
    read_every_s = models.PositiveIntegerField(null=True, blank=True, help_text="Null: as the organisation has it.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "parent", "name"], name="group_name_unique")]

    @classmethod
    def within(cls, regions: Collection[int]) -> models.Q:
        """One that may hold machines of these regions alone."""
        return wholly_within(cls.regions.through, "group_id", regions)

    def __str__(self) -> str:
        return self.name


class Membership(Scoped):
    """A machine in a group that is kept by hand."""

    region_at = "machine__region"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="memberships")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["group", "machine"], name="membership_unique")]


class SavedView(Scoped):
    """A list as somebody keeps it: conditions, columns, order. The address holds the same."""

    region_at = EVERY_REGION

    name = models.CharField(max_length=120)
    owner_id = models.BigIntegerField(null=True, help_text="Null: everybody's.")
    query = models.JSONField(default=dict)
    pinned = models.BooleanField(default=False)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "owner_id", "name"], name="fleet_view_unique")]
