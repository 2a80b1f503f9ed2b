"""Reads on alerts of the whole fleet: what machines report now, or reported since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from platen.fleet.lists import NOT_LISTED
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
    alerts = _listed(listing)
    if after is not None:
        began_at, pk = after
        alerts = alerts.filter(Q(began_at__lt=began_at) | Q(began_at=began_at, pk__lt=pk))
    # Only keys are put in order: the machines beside them would lead the database to go by these.
    keys = list(alerts.order_by("-began_at", "-pk").values_list("pk", flat=True)[: size + 1])
    unsaid = (f"machine__{name}" for name in NOT_LISTED)
    alerts = Alert.objects.filter(pk__in=keys[:size]).select_related("machine__device").defer(*unsaid)
    rows = {each.pk: each for each in alerts}
    found = [rows[key] for key in keys[:size] if key in rows]
    if len(keys) <= size or not found:
        return AlertPage(found, None)
    return AlertPage(found, (found[-1].began_at, found[-1].pk))


def _listed(listing: AlertListing) -> QuerySet[Alert]:
    alerts: QuerySet[Alert] = Alert.objects.all()
    if listing.open_only:
        # Said of every severity, so that the index of what is open is gone by, and not all that ever was.
        alerts = alerts.filter(cleared_at__isnull=True, severity__gte=listing.severity)
    elif listing.severity:
        alerts = alerts.filter(severity__gte=listing.severity)
    if listing.machine is not None:
        alerts = alerts.filter(machine=listing.machine)
    if listing.since is not None:
        alerts = alerts.filter(Q(began_at__gte=listing.since) | Q(cleared_at__gte=listing.since))
    return alerts
