"""What was: meters at any past moment, levels, states."""

from __future__ import annotations

from django.db import models

from platen.fleet.models.machine import Machine
from platen.tenants.models import Scoped


class MeterReading(Scoped):
    """One reading's move of the meters. Kept for weeks; then only its day remains."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    moved = models.JSONField(default=dict, help_text="Name to how much it moved since the reading before.")
    pages = models.BigIntegerField(null=True, help_text="The meter `total` as read.")
    suspicion = models.CharField(max_length=255, blank=True, help_text="Why it is not believed: then `moved` is empty.")
    raw = models.BinaryField(
        null=True,
        help_text="Compressed, all meters: of a suspicious reading as they were read; else counting begins anew here.",
    )

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["machine", "at"], name="reading_of_machine"),
            models.Index(fields=["machine", "at"], condition=models.Q(raw__isnull=False), name="reading_kept_whole"),
        ]


class MonthMeters(Scoped):
    """Meters of one month in the machine's own time zone, and of each of its days."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="Its first day.")
    pages = models.BigIntegerField(default=0, help_text="How far the meter `total` moved.")
    color = models.BigIntegerField(default=0, help_text="How far `total.color` moved.")
    moved = models.JSONField(default=dict, help_text="Every other meter's move by name.")
    at_end = models.JSONField(default=dict, help_text="Every meter as last believed in it; once the next has begun.")
    gap = models.CharField(
        max_length=200, blank=True, help_text="What is to be known of it: not read, replaced, reset."
    )
    days = models.TextField(blank=True, help_text="Its days (policy.fleet.month_days); empty: kept no longer.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["machine", "day"], name="month_of_machine")]
        indexes = [models.Index(fields=["tenant", "day", "-pages"], name="month_of_fleet")]


class FleetDay(Scoped):
    """What all machines of an organisation counted in a day, each by the calendar of its own place."""

    day = models.DateField()
    pages = models.BigIntegerField(default=0)
    color = models.BigIntegerField(default=0)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="fleet_day_unique")]


class SupplyEvent(Scoped):
    """A supply's level at a moment when it moved, was replaced, or was taken out early."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=24)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, help_text="level, replaced, early, missing or low")
    percent = models.SmallIntegerField(null=True)
    pages = models.BigIntegerField(null=True, help_text="The machine's pages then.")
    detail = models.JSONField(default=dict, help_text="Of a replacement: serials, percent left, yield in pages.")

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["machine", "key", "at"], name="supply_history"),
            models.Index(fields=["tenant", "-at"], condition=~models.Q(kind="level"), name="supply_changes"),
        ]


class StateSpan(Scoped):
    """From when to when a machine was in a state: what the status report adds up."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=12, help_text="ready, warning, error, service, off, silent or unknown")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["machine", "-began_at"], name="span_of_machine")]
        constraints = [
            models.UniqueConstraint(
                fields=["machine"], condition=models.Q(ended_at__isnull=True), name="span_open_once"
            )
        ]


class StateSummary(Scoped):
    """How long the machines of a large fleet were in each state in the last days, summed up every now and then
    (`fleet.state_summaries`)."""

    days = models.PositiveSmallIntegerField(help_text="So many before `at`.")
    at = models.DateTimeField()
    seconds = models.JSONField(default=dict, help_text="By state, of all managed machines.")
    all_s = models.FloatField(default=0)
    longest = models.JSONField(
        default=dict,
        help_text="By choice (state_shares.CHOICES), the machines that were longest in it: key, time counted, seconds.",
    )

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "days"], name="state_summary_unique")]
