"""How people arrange what they see of the fleet."""

from __future__ import annotations

from django.db import models

from platen.tenants.models import EVERY_REGION, Scoped


class Dashboard(Scoped):
    """The panels of somebody's dashboard."""

    region_at = EVERY_REGION

    owner_id = models.BigIntegerField(null=True, help_text="Null: of everybody who has none of their own.")
    panels = models.JSONField(default=list, help_text="In order: name and whether it is wide.")

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "owner_id"], condition=models.Q(owner_id__isnull=False), name="dashboard_of_owner"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(owner_id__isnull=True), name="dashboard_of_everybody"
            ),
        ]
