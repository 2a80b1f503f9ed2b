"""The event log (what happened, in words, for administrators) and the audit trail (who changed what)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.tenants.models import EVERY_REGION, Scoped


class Severity(models.IntegerChoices):
    """How much an event matters; smaller is worse."""

    CRITICAL = 1, "Critical"
    ERROR = 2, "Error"
    WARNING = 3, "Warning"
    NOTICE = 4, "Notice"
    INFO = 5, "Information"


class Event(Scoped):
    """One thing that happened. `kind` is constant for what happened, `message` is for reading."""

    at = models.DateTimeField(default=timezone.now)
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.INFO)
    kind = models.CharField(max_length=64)
    message = models.TextField()
    job_id = models.BigIntegerField(null=True)
    device_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    fields = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="event_recent"),
            models.Index(fields=["tenant", "-at", "-id"], name="event_by_moment"),
            models.Index(fields=["job_id", "id"], name="event_of_job", condition=models.Q(job_id__isnull=False)),
            models.Index(
                fields=["device_id", "-id"], name="event_of_device", condition=models.Q(device_id__isnull=False)
            ),
            models.Index(fields=["user_id", "-id"], name="event_of_user", condition=models.Q(user_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.message


class AuditEntry(Scoped):
    """One change to money, access or a device: who, what, when. Each entry carries the hash of the one before it, so
    that a removed or altered entry shows."""

    region_at = EVERY_REGION

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=255)
    actor_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=64, help_text="console, panel, api, command line, or the node itself")
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=255)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["tenant", "-id"], name="audit_recent")]
        # Two writers may not continue the same entry: the chain has no forks.
        constraints = [models.UniqueConstraint(fields=["tenant", "previous_hash"], name="audit_chain")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
