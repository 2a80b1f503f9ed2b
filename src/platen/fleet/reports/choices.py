"""What a person chose in a report last (EMC-REPT-03)."""

from __future__ import annotations

from dataclasses import replace

from platen.fleet.errors import InvalidValue
from platen.fleet.models import Group, Region, ReportChoice
from platen.fleet.reports.wishes import Wish, wish_of


def kept_wish(owner_id: int, kind: str) -> Wish:
    """As they chose it; as usual, if they never did or it fits no more. A group or region that is gone
    narrows nothing."""
    found = ReportChoice.objects.filter(owner_id=owner_id, kind=kind).values_list("wish", flat=True).first()
    try:
        wish = wish_of(kind, found or {})
    except InvalidValue:
        return Wish(kind)
    if wish.group and not Group.objects.filter(pk=wish.group).exists():
        wish = replace(wish, group=0)
    if wish.region and not Region.objects.filter(pk=wish.region).exists():
        wish = replace(wish, region=0)
    return wish


def keep_wish(owner_id: int, wish: Wish) -> None:
    """This is how they find it from now on."""
    values = {"wish": wish.as_json()}
    ReportChoice.objects.update_or_create(owner_id=owner_id, kind=wish.kind, defaults=values)
