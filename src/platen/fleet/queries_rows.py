"""What lists show beside each machine: supplies, memberships, devices by key. One query a page, whatever its size."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, DateTimeField, Value
from django.db.models.functions import Coalesce

from platen.fleet.models import Group, Machine, Place, Power, Region, SavedView, Supply

NAMES_MAX = 2_000
VIEWS_MAX = 50
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_DRAWN_FIRST = {"cyan": 0, "magenta": 1, "yellow": 2, "black": 3}


def supplies_of_machines(machine_ids: Collection[int]) -> dict[int, list[Supply]]:
    """The supplies of the machines of a page, in the order in which they are drawn: colours, black, then the rest."""
    found: dict[int, list[Supply]] = {key: [] for key in machine_ids}
    for supply in Supply.objects.filter(machine_id__in=list(machine_ids)).exclude(state="missing").order_by("key"):
        found[supply.machine_id].append(supply)
    for supplies in found.values():
        supplies.sort(key=lambda each: (each.kind not in {"toner", "ink", "toner-cartridge"}, _place_of(each)))
    return found


def soonest(supplies: Iterable[Supply]) -> Supply | None:
    """The supply that is out first: by its days, else by what is left."""
    known = [each for each in supplies if each.days_left is not None or each.percent is not None]
    by_days = [each for each in known if each.days_left is not None]
    if by_days:
        return min(by_days, key=lambda each: (each.days_left, each.percent or 0))
    return min(known, key=lambda each: each.percent or 0, default=None)


def first_to_end(within_days: int, limit: int) -> list[Supply]:
    """Supplies of managed machines that are out soonest; where few are forecast, those that are low as well."""
    supplies = Supply.objects.filter(machine__managed=True).select_related("machine__device")
    found = list(supplies.filter(days_left__lte=within_days).order_by("days_left", "id")[:limit])
    if len(found) < limit:
        low = supplies.filter(low=True, days_left__isnull=True).order_by("percent", "id")
        found += low[: limit - len(found)]
    return found


def silent_machines(limit: int) -> list[Machine]:
    """Managed machines that do not answer, those first that were read longest ago or never."""
    wanted = Machine.objects.filter(managed=True, power__in=[Power.SILENT, Power.CONFLICT])
    # Not by the column itself, which has an index: that would be gone along until so many silent ones came.
    by_age = wanted.order_by(Coalesce("read_at", Value(_NEVER, output_field=DateTimeField())), "pk")
    first = list(by_age.values_list("pk", flat=True)[:limit])
    found = {each.pk: each for each in Machine.objects.filter(pk__in=first).select_related("device")}
    return [found[key] for key in first if key in found]


@dataclass(frozen=True, slots=True)
class FirmwareOfModel:
    """The versions that machines of a model run, and how many each; the most frequent first."""

    model: str
    versions: tuple[tuple[str, int], ...]

    @property
    def machines(self) -> int:
        """How many there are in all."""
        return sum(count for _version, count in self.versions)


def firmware_of_models(limit: int) -> list[FirmwareOfModel]:
    """Of managed machines: those models first that run most versions (EMC-DASH-04)."""
    rows = Machine.objects.filter(managed=True).exclude(firmware="").exclude(model="").order_by("model")
    found: dict[str, list[tuple[str, int]]] = {}
    for model, version, count in rows.values_list("model", "firmware").annotate(n=Count("pk")):
        found.setdefault(model, []).append((version, count))
    models = [
        FirmwareOfModel(model, tuple(sorted(versions, key=lambda each: (-each[1], each[0]))))
        for model, versions in found.items()
    ]
    return sorted(models, key=lambda each: (-len(each.versions), -each.machines, each.model))[:limit]


def machine_of(device_id: int) -> Machine | None:
    """What collection knows of a device, with its region, place and credential."""
    found: Machine | None = (
        Machine.objects.select_related("device", "region", "place", "place__parent", "credential")
        .filter(pk=device_id)
        .first()
    )
    return found


def machine_by_uuid(key: UUID) -> Machine | None:
    """The same by the device's public identifier."""
    rows = Machine.objects.select_related("device", "region", "place", "place__parent", "credential")
    found: Machine | None = rows.filter(device__uuid=key).first()
    return found


def machine_ids_of(keys: Collection[UUID]) -> dict[UUID, int]:
    """The keys of machines by their devices' public identifiers; of those that are there."""
    keys = list(keys)
    found: dict[UUID, int] = {}
    for start in range(0, len(keys), 500):
        rows = Machine.objects.filter(device__uuid__in=keys[start : start + 500])
        found.update(rows.values_list("device__uuid", "pk"))
    return found


def ids_in_region(region: Region, ids: Collection[int]) -> list[int]:
    """Which of these machines are in a region itself."""
    inside: list[int] = []
    keys = list(ids)
    for start in range(0, len(keys), 500):
        rows = Machine.objects.filter(pk__in=keys[start : start + 500], region=region)
        inside += rows.values_list("pk", flat=True)
    return inside


def machines_by_id(ids: Collection[int], limit: int = 50) -> list[Machine]:
    """Some of these machines in the order of their names, with what a preview of a change names."""
    found = Machine.objects.filter(pk__in=list(ids)).select_related("device", "region", "place", "credential")
    return list(found.order_by("device__name", "pk")[:limit])


def models_by_name(limit: int = NAMES_MAX) -> list[str]:
    """Every model of managed machines, to choose one of."""
    models = Machine.objects.filter(managed=True).exclude(model="").order_by("model")
    return list(models.values_list("model", flat=True).distinct()[:limit])


def groups_by_name(limit: int = NAMES_MAX) -> list[Group]:
    """Every group, to choose one of."""
    return list(Group.objects.select_related("parent").order_by("name", "id")[:limit])


def regions_by_name(limit: int = NAMES_MAX) -> list[Region]:
    """Every region, to choose one of."""
    return list(Region.objects.order_by("name")[:limit])


def places_by_name(limit: int = NAMES_MAX) -> list[Place]:
    """Every place without its picture, to choose one of."""
    places = Place.objects.select_related("parent", "parent__parent").defer("plan_picture", "parent__plan_picture")
    return list(places.defer("parent__parent__plan_picture").order_by("name", "id")[:limit])


def saved_views(user_id: int) -> list[SavedView]:
    """The named views that a person sees: their own and everybody's, pinned ones first."""
    named = SavedView.objects.exclude(name="").filter(owner_id__isnull=True) | SavedView.objects.exclude(
        name=""
    ).filter(owner_id=user_id)
    return list(named.order_by("-pinned", "name", "id")[:VIEWS_MAX])


def own_view(user_id: int) -> SavedView | None:
    """How a person keeps the list where the address says nothing: the view of theirs without a name."""
    found: SavedView | None = SavedView.objects.filter(owner_id=user_id, name="").first()
    return found


def view_by_id(view_id: int, user_id: int) -> SavedView | None:
    """A saved view that a person sees."""
    return next((each for each in saved_views(user_id) if each.pk == view_id), None)


def _place_of(supply: Supply) -> int:
    return _DRAWN_FIRST.get(supply.color, 9)
