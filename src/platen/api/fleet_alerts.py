"""What machines report: /alerts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router

from platen.access.rights import Right
from platen.api.bearer import needs
from platen.api.fleet_lookup import machine_of_uuid, placed
from platen.api.machine_values import AlertShown
from platen.api.values import Page, Paging
from platen.fleet.models import Severity
from platen.fleet.plain import alert_row
from platen.fleet.queries_alerts import AlertListing, page_of_alerts

router = Router()
_ID_MAX = 2**63


class AlertOfMachine(AlertShown):
    """An alert, and whose it is."""

    machine: UUID = Field(description="The uuid of its device.")
    name: str


class AlertsWanted(Paging):
    """Which alerts."""

    open: bool = Field(True, description="Only those that are not over.")
    machine: UUID | None = Field(None, description="The uuid of a device.")
    since: datetime | None = Field(None, description="Only those that began, or were over, then or later.")
    severity: Literal["none", "warning", "error", "service"] = Field("none", description="At least so bad.")

    def listing(self) -> AlertListing:
        """As the fleet is asked for it. Raises: Missing."""
        since = self.since
        return AlertListing(
            open_only=self.open,
            machine=machine_of_uuid(self.machine) if self.machine else None,
            since=timezone.make_aware(since) if since is not None and timezone.is_naive(since) else since,
            severity=Severity[self.severity.upper()],
        )


@router.get("", response=Page[AlertOfMachine], auth=needs(Right.SEE_DEVICES))
def list_alerts(request: HttpRequest, wanted: Query[AlertsWanted]) -> dict[str, Any]:
    """Alerts of all machines, newest first."""
    after = None if wanted.after is None else placed(_place, wanted.after)
    page = page_of_alerts(wanted.listing(), after, size=wanted.limit)
    items = [
        {**alert_row(each), "machine": each.machine.device.uuid, "name": each.machine.device.name}
        for each in page.alerts
    ]
    return {"items": items, "next": None if page.after is None else _written(*page.after)}


def _written(began_at: datetime, key: int) -> str:
    """Without a plus, which many clients would send as a space."""
    return f"{began_at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z_{key}"


def _place(after: str) -> tuple[datetime, int]:
    """Raises: ValueError."""
    moment, _, key = after.partition("_")
    began_at = datetime.fromisoformat(moment)
    if timezone.is_naive(began_at) or not 1 < began_at.year < 9999 or len(key) > 19 or not 0 <= int(key) < _ID_MAX:
        raise ValueError(after)
    return began_at, int(key)
