"""Who is signed in where, and with what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.tenants.models import EVERY_REGION, Scoped


class ApiToken(Scoped):
    """A bearer token for the REST API. Only its keyed hash is kept."""

    region_at = EVERY_REGION

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, help_text="The token's first characters, to tell tokens apart.")
    key = models.CharField(max_length=64, unique=True, help_text="HMAC-SHA256 of the token, hexadecimal.")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        pass


class Throttle(models.Model):
    """Failed attempts by source (an address and what it tried): guessing gets slower, whoever it is aimed at."""

    source = models.CharField(max_length=120, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField(default=timezone.now)


class PanelSession(Scoped):
    """Somebody is signed in at a device. One a device at a time; while it lasts, other people's push jobs wait."""

    region_at = EVERY_REGION

    device = models.OneToOneField("devices.Device", on_delete=models.CASCADE, related_name="panel_session")
    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="HMAC-SHA256 of the session's token.")
    started_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["expires_at"], name="panel_session_expiry")]
