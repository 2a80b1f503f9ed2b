"""Lists of machines: any column's order, conditions, a page at a time, at any size of the fleet."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, Field, FloatField, IntegerField, Model, Q, QuerySet

from platen.devices.models import Device
from platen.fleet.filters import machines_where
from platen.fleet.models import Machine, Severity
from platen.fleet.search_texts import machines_with
from platen.policy.fleet.conditions import Condition
from platen.rows import all_rows
from platen.tenants.context import current_regions, current_tenant_id
from platen.tenants.unkept import is_kept

PAGE_MAX = 200  # EMC-UI-11
SEARCH_MAX = 200
ORDERS: dict[str, str] = {
    "name": "device__name",
    "location": "device__location",
    "address": "address",
    "power": "power",
    "severity": "severity",
    "training": "training",
    "trouble": "trouble",
    "maker": "maker",
    "model": "model",
    "serial": "serial",
    "asset_number": "asset_number",
    "firmware": "firmware",
    "finishing": "finishing",
    "host_name": "host_name",
    "contact": "contact",
    "mac": "mac",
    "region": "region__name",
    "place": "place__name",
    "pages": "pages",
    "pages_color": "pages_color",
    "pages_month": "pages_month",
    "supply_percent": "supply_percent",
    "supply_days": "supply_days",
    "response_ms": "response_ms",
    "response_usual_ms": "response_usual_ms",
    "uptime": "uptime_s",
    "reboots": "reboots",
    "collector": "collector",
    "read_at": "read_at",
    "found_at": "found_at",
    "due_at": "due_at",
}
"""What a list can be ordered by, and where it is stored."""
NOT_LISTED = ("meters", "doubted", "latest", "seen", "trays", "finishers", "ports", "facts", "console_text")
"""What no list shows of a machine, and costs most to read."""
_BY_SEVERITY = (
    "SELECT severity, COUNT(*) FROM fleet_machine WHERE tenant_id = %s AND severity > 0 AND managed GROUP BY severity"
)
_BY_POWER = "SELECT power, COUNT(*) FROM fleet_machine WHERE tenant_id = %s AND managed GROUP BY power"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows. order: of ORDERS, with a minus before it downwards; what is not known comes last."""

    conditions: tuple[Condition, ...] = ()
    search: str = ""
    order: str = "name"
    managed: bool = True
    region_ids: tuple[int, ...] | None = None  # None: every region
    attention: bool = False  # only devices that stop, run out or are out of service


@dataclass(frozen=True, slots=True)
class MachinePage:
    """Some machines in order; `after` continues after them, None at the end."""

    machines: list[Machine]
    after: str | None


def page_of_machines(listing: Listing, after: str | None = None, *, size: int = 50) -> MachinePage:
    """A page of the current tenant's machines, with their devices, regions and places. What `after` does not say well
    begins the list."""
    size = max(1, min(size, PAGE_MAX))
    return _page(listing, _ordered_keys(listing, after, size + 1), size)


def first_page_and_count(listing: Listing, *, size: int = 50, most: int = 10_000) -> tuple[MachinePage, int]:
    """The list's beginning, and how many it has in all; counting ends at `most`.

    Where every machine is looked at anyway, that is done once and not once for each of both.
    """
    size = max(1, min(size, PAGE_MAX))
    if _is_index_order(listing):
        page = page_of_machines(listing, size=size)
        return page, count_machines(listing, most) if page.after else len(page.machines)
    keys = _ordered_keys(listing, None, max(most, size + 1))
    return _page(listing, keys, size), len(keys[:most])


def _ordered_keys(listing: Listing, after: str | None, limit: int) -> list[int]:
    # Only keys are put in order: whole rows would be carried through the sorting.
    field, down = _order(listing.order)
    return _keys(listing, field, _decoded(after, field), down=down, limit=limit)


def _page(listing: Listing, keys: list[int], size: int) -> MachinePage:
    """The first of these keys, as machines; `after` where there are more."""
    field, _down = _order(listing.order)
    # By key alone, and the keys are this tenant's: with the tenant beside them SQLite may look through all its rows.
    rows = Machine.everywhere.filter(pk__in=keys[:size]).select_related("device", "region", "place")
    found = {machine.pk: machine for machine in rows.defer(*NOT_LISTED)}
    machines = [found[key] for key in keys[:size] if key in found]
    if len(keys) <= size or not machines:
        return MachinePage(machines, None)
    return MachinePage(machines, _encoded(_value(machines[-1], field), machines[-1].pk))


def count_machines(listing: Listing, most: int | None = None) -> int:
    """How many the list has in all; counting ends at `most`, where that is said."""
    rows = _listed(listing)
    return rows.count() if most is None else rows.order_by()[:most].count()


def ids_of_machines(listing: Listing, limit: int = 5_000) -> list[int]:
    """The keys of the machines of a list: for what is done with all of them (EMC-DINF-06)."""
    return list(_listed(listing).order_by("pk").values_list("pk", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class SeverityCounts:
    """Managed machines by the worst that they report; each is counted once (EMC-UI-02, -03)."""

    service: int = 0
    error: int = 0
    warning: int = 0

    @property
    def worst(self) -> Severity:
        """What the fleet's sign shows (EMC-UI-01)."""
        if self.service:
            return Severity.SERVICE
        return Severity.ERROR if self.error else Severity.NONE


def severity_counts() -> SeverityCounts:
    """For the head of every page: costs as much as there are machines in trouble."""
    found = _counted("severity", _BY_SEVERITY)
    return SeverityCounts(
        service=found.get(Severity.SERVICE, 0),
        error=found.get(Severity.ERROR, 0),
        warning=found.get(Severity.WARNING, 0),
    )


def power_counts() -> dict[str, int]:
    """Managed machines by whether they can be reached."""
    return _counted("power", _BY_POWER)


def _counted(column: str, statement: str) -> dict[Any, int]:
    """Managed machines by a column. statement: says the same of all of the tenant's, without Django's work."""
    if current_regions() is None:
        return {row[0]: row[1] for row in all_rows(statement, current_tenant_id())}
    rows = Machine.objects.filter(managed=True).order_by().values_list(column).annotate(n=Count("pk"))
    return dict(rows)


def _listed(listing: Listing) -> QuerySet[Any]:
    rows = machines_where(listing.conditions, Machine.objects.filter(managed=listing.managed))
    if listing.region_ids is not None:
        rows = rows.filter(region_id__in=listing.region_ids)
    if listing.attention:
        rows = rows.filter(device__needs_attention=True)
    search = listing.search.strip()[:SEARCH_MAX]
    if search:
        rows = rows.filter(pk__in=machines_with(search, managed=listing.managed))
    return rows


def _keys(listing: Listing, field: str, key: tuple[Any, int] | None, *, down: bool, limit: int) -> list[int]:
    rows: QuerySet[Any]
    if field == "device__name" and _is_index_order(listing):
        # The list as it opens: the devices' own index has this order.
        rows, field = Device.objects.filter(machine__managed=listing.managed), "name"
    else:
        rows = _listed(listing)
    ordered = F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True)
    if field == "name":  # is never nothing
        ordered = F(field).desc() if down else F(field).asc()
    if key is not None:
        rows = rows.filter(_beyond(field, key, down=down))
    return list(rows.order_by(ordered, "pk").values_list("pk", flat=True)[:limit])


def _is_index_order(listing: Listing) -> bool:
    """Whether nothing has to be looked for in the machines themselves."""
    narrowed = listing.conditions or listing.search.strip() or listing.attention
    return not narrowed and listing.region_ids is None


def _order(order: str) -> tuple[str, bool]:
    down = order.startswith("-")
    return ORDERS.get(order.removeprefix("-"), ORDERS["name"]), down


def _beyond(field: str, key: tuple[Any, int], *, down: bool) -> Q:
    """What comes after a row in the order."""
    value, pk = key
    if value is None:
        return Q(**{f"{field}__isnull": True, "pk__gt": pk})
    further = Q(**{f"{field}__{'lt' if down else 'gt'}": value}) | Q(**{field: value, "pk__gt": pk})
    return further | Q(**{f"{field}__isnull": True})


def _value(machine: Machine, field: str) -> Any:
    value: Any = machine
    for part in field.split("__"):
        value = None if value is None else getattr(value, part)
    return value


def _encoded(value: Any, pk: int) -> str:
    plain = {"at": value.isoformat()} if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, pk]).encode()).decode().rstrip("=")


def _decoded(after: str | None, field: str) -> tuple[Any, int] | None:
    """What `_encoded` gave for this column; None: something else."""
    if not after:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return None
    if type(pk) is not int or abs(pk) >= 2**63:
        return None
    return (value, pk) if value is None or _fits(value, field) else None


def _fits(value: object, field: str) -> bool:
    """Whether it can be looked for in this column."""
    stored = _column(field)
    if isinstance(stored, DateTimeField):
        return isinstance(value, datetime) and value.tzinfo is not None and 1 < value.year < 9999  # as in UTC too
    if isinstance(stored, FloatField):
        return isinstance(value, int | float) and abs(value) < 1e15
    if isinstance(stored, IntegerField):
        return type(value) is int and abs(value) < 2**63
    return isinstance(value, str) and is_kept(value)


def _column(field: str) -> Field[Any, Any]:
    """What a list is ordered by, through what a machine belongs to."""
    model: type[Model] = Machine
    *ways, name = field.split("__")
    for way in ways:
        model = model._meta.get_field(way).related_model  # type: ignore[assignment]  # of a key to another row
    found: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # a column
    return found
