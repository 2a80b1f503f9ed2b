"""Reads on alerts of the whole fleet: what machines report now, or reported since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from platen.fleet.models import Alert, Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertListing:
    """Which alerts. since: those that began or were over then or later; severity: at least so bad."""

    open_only: bool = True
    machine: Machine | None = None
    since: datetime | None = None
    severity: int = 0


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Some alerts; `after` continues after them, None at the end."""

    alerts: list[Alert]
    after: tuple[datetime, int] | None


def page_of_alerts(listing: AlertListing, after: tuple[datetime, int] | None = None, *, size: int = 50) -> AlertPage:
    """Alerts with their machines and devices, newest first."""
    alerts = Alert.objects.select_related("machine__device")
    if listing.open_only:
        alerts = alerts.filter(cleared_at__isnull=True)
    if listing.machine is not None:
        alerts = alerts.filter(machine=listing.machine)
    if listing.since is not None:
        alerts = alerts.filter(Q(began_at__gte=listing.since) | Q(cleared_at__gte=listing.since))
    if listing.severity:
        alerts = alerts.filter(severity__gte=listing.severity)
    if after is not None:
        began_at, pk = after
        alerts = alerts.filter(Q(began_at__lt=began_at) | Q(began_at=began_at, pk__lt=pk))
    found = list(alerts.order_by("-began_at", "-pk")[: size + 1])
    if len(found) <= size:
        return AlertPage(found, None)
    return AlertPage(found[:size], (found[size - 1].began_at, found[size - 1].pk))
