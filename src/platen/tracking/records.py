"""One usage record by its number."""

from __future__ import annotations

from platen.tracking.models import UsageRecord


def usage_by_id(record_id: int) -> UsageRecord | None:
    """The record of this tenant with this key."""
    found: UsageRecord | None = UsageRecord.objects.filter(id=record_id).first()
    return found
