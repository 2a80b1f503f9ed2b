"""Which panels a person's dashboard has, in which order (EMC-DASH-01, -03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.models import Dashboard

PANELS_MAX = 30


@dataclass(frozen=True, slots=True)
class Panel:
    """One of them."""

    name: str
    wide: bool = False


def panels_of(owner_id: int) -> list[Panel] | None:
    """What a person chose, else what was chosen for everybody; None: nobody chose anything."""
    for owner in (owner_id, None):
        found = Dashboard.objects.filter(owner_id=owner).first()
        if found is not None:
            return _panels(found)
    return None


def keep_panels(owner_id: int, panels: Sequence[Panel]) -> None:
    """This is how the person sees it from now on."""
    _keep(owner_id, panels)


@transaction.atomic
def keep_for_everybody(panels: Sequence[Panel], *, by: Actor) -> None:
    """This is how everybody sees it who has chosen nothing of their own."""
    _keep(None, panels)
    names = [panel.name for panel in panels]
    record_change(by, "dashboard_kept", "fleet", "The dashboard of the fleet was arranged for everybody", panels=names)


def forget_panels(owner_id: int) -> None:
    """The person sees what everybody sees."""
    Dashboard.objects.filter(owner_id=owner_id).delete()


def moved(panels: Sequence[Panel], name: str, by: int) -> list[Panel]:
    """With one of them earlier (-1) or later (1)."""
    ordered = list(panels)
    at = next((number for number, panel in enumerate(ordered) if panel.name == name), None)
    if at is not None and 0 <= at + by < len(ordered):
        ordered.insert(at + by, ordered.pop(at))
    return ordered


def _keep(owner_id: int | None, panels: Sequence[Panel]) -> None:
    stored = [{"name": panel.name, "wide": panel.wide} for panel in panels[:PANELS_MAX]]
    if not Dashboard.objects.filter(owner_id=owner_id).update(panels=stored):
        Dashboard.objects.create(owner_id=owner_id, panels=stored)


def _panels(dashboard: Dashboard) -> list[Panel]:
    stored = dashboard.panels if isinstance(dashboard.panels, list) else []
    return [Panel(str(each.get("name", "")), each.get("wide") is True) for each in stored if isinstance(each, dict)]
