"""How people look at reports."""

from __future__ import annotations

from django.db import models

from platen.tenants.models import EVERY_REGION, Scoped


class ReportChoice(Scoped):
    """What somebody chose in a report last, to find it so again."""

    region_at = EVERY_REGION

    owner_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, help_text="fleet.reports.KINDS")
    wish = models.JSONField(default=dict, help_text="fleet.reports.Wish")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "owner_id", "kind"], name="report_choice_unique")]
