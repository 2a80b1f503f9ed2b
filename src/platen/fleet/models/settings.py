"""What an organisation decides about collecting: how often, when, and how long it is kept."""

from __future__ import annotations

from django.db import models

from platen.tenants.models import EVERY_REGION, Scoped


class FleetSettings(Scoped):
    """One row an organisation; the defaults hold while there is none (`fleet.settings.fleet_settings`)."""

    region_at = EVERY_REGION

    collecting = models.BooleanField(default=True, help_text="Machines are read at their intervals.")
    status_every_s = models.PositiveIntegerField(default=300, help_text="State and alerts.")
    counters_every_s = models.PositiveIntegerField(default=3600, help_text="Meters, supplies and trays as well.")
    survey_every_s = models.PositiveIntegerField(default=7 * 86_400, help_text="Everything, anew.")
    windows = models.JSONField(
        default=dict, help_text="When machines may be read (policy.fleet.windows); empty: always."
    )
    timeout_s = models.FloatField(default=2.0, help_text="Of one request.")
    retries = models.PositiveSmallIntegerField(default=1, help_text="Requests said again without an answer.")
    silent_after = models.PositiveSmallIntegerField(
        default=3, help_text="So many tries without an answer make it silent."
    )
    supply_low_percent = models.PositiveSmallIntegerField(default=10)
    supply_early_percent = models.PositiveSmallIntegerField(
        default=15, help_text="A supply with more than this left was replaced early."
    )
    order_lead_days = models.PositiveSmallIntegerField(default=7, help_text="From an order to its arrival.")
    keep_readings_days = models.PositiveIntegerField(default=60)
    keep_days_days = models.PositiveIntegerField(default=3 * 366)
    keep_months_days = models.PositiveIntegerField(default=10 * 366)
    keep_status_days = models.PositiveIntegerField(default=400, help_text="States, alerts and changes of supplies.")
    keep_runs_days = models.PositiveIntegerField(default=400, db_default=400, help_text="Runs of tasks, with results.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="fleet_settings_once")]
