"""Which machines a report is of: all that are managed, or those of a group, a region, a category, a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from platen.fleet.filters import group_members
from platen.fleet.models import Alert, Group, Machine, Region, Supply
from platen.fleet.reports.wishes import Wish
from platen.fleet.supply_kinds import of_supply_kind

_ORDERS: Mapping[str, str] = {
    "name": "device__name",
    "location": "device__location",
    "model": "model",
    "most": "-pages",
    "month": "-pages_month",
}
_MORE = ("copy", "scan", "fax")
"""Functions that make more of a machine than a printer."""


def machines_of(
    wish: Wish, now: datetime, among: Collection[int] | None = None, *, also_removed: bool = False
) -> QuerySet[Machine]:
    """The managed machines, in the order that is wished; among: of these only; also_removed: and those that are out of
    management."""
    machines: QuerySet[Machine] = Machine.objects.all() if also_removed else Machine.objects.filter(managed=True)
    if among is not None:
        machines = machines.filter(pk__in=list(among))
    if wish.group:
        group = Group.objects.filter(pk=wish.group).first()
        machines = machines.filter(group_members(group)) if group else machines.none()
    if wish.region:
        machines = machines.filter(region_id__in=Region.with_parts([wish.region]))
    if wish.model:
        machines = machines.filter(model=wish.model)
    machines = _of_category(machines, wish.category)
    return _with_something(machines, wish, now).order_by(_ORDERS[wish.order], "pk")


def with_names(machines: QuerySet[Machine]) -> QuerySet[Machine]:
    """With what their lines name, in the same question."""
    return machines.select_related("device", "region", "place").defer("place__plan_picture")


def _of_category(machines: QuerySet[Machine], category: str) -> QuerySet[Machine]:
    if category in {"color", "mono"}:
        return machines.filter(device__color_supported=category == "color")
    if category in {"printer", "multifunction"}:
        # Its functions are a list in JSON, which the two databases search in different ways; as text in the same.
        more = Q()
        for name in _MORE:
            more |= Q(facts_text__contains=f'"{name}"')
        machines = machines.annotate(facts_text=Cast("facts", TextField()))
        return machines.filter(more if category == "multifunction" else ~more)
    return machines


def alerts_since(wish: Wish, now: datetime) -> QuerySet[Alert]:
    """Alerts that were open at some time in the days of the wish."""
    alerts: QuerySet[Alert] = Alert.objects.all()
    return alerts.filter(Q(cleared_at__isnull=True) | Q(cleared_at__gte=now - timedelta(days=wish.days)))


def _with_something(machines: QuerySet[Machine], wish: Wish, now: datetime) -> QuerySet[Machine]:
    """Without those that the report has no line of (EMC-REPT-08: devices without counters are left out)."""
    if wish.kind in {"usage", "counters"}:
        return machines.filter(counted_at__isnull=False)
    if wish.kind == "firmware":
        return machines.exclude(firmware="")
    if wish.kind == "supplies":
        supplies = Supply.objects.filter(of_supply_kind(wish.supply), machine=OuterRef("pk"))
        return machines.filter(Exists(supplies))
    if wish.kind == "alerts":
        return machines.filter(Exists(alerts_since(wish, now).filter(machine=OuterRef("pk"))))
    return machines
