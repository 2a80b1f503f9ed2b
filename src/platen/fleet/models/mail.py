"""How an organisation's mail goes out."""

from __future__ import annotations

from django.db import models

from platen.tenants.models import Scoped


class MailServer(Scoped):
    """One an organisation; without, no mail is sent."""

    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=10, default="starttls", help_text="starttls, tls or none")
    verify = models.BooleanField(default=True, help_text="Check the server's certificate.")
    sender = models.CharField(max_length=254)
    user = models.CharField(max_length=254, blank=True, help_text="Empty: without signing in.")
    method = models.CharField(max_length=10, default="password", help_text="password or oauth2")
    token_url = models.URLField(max_length=500, blank=True, help_text="OAuth2: where access tokens are had.")
    client_id = models.CharField(max_length=255, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    secret = models.BinaryField(null=True, help_text="Sealed: password, or client secret and refresh token.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="mail_server_once")]
