"""Who is told of what: rules, channels, and the notices themselves, which are rows before they are sent."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.fleet.models.groups import Group, Region
from platen.fleet.models.machine import Machine
from platen.tenants.models import Scoped


class Channel(models.TextChoices):
    """How a notice goes out."""

    MAIL = "mail", "Mail"
    WEBHOOK = "webhook", "Webhook"


class Webhook(Scoped):
    """An address that is told of events; each request is signed."""

    name = models.CharField(max_length=120)
    url = models.URLField(max_length=500)
    secret = models.BinaryField(null=True, help_text="Encrypted; signs the request (HMAC-SHA-256).")
    events = models.JSONField(default=list, help_text="Kinds of event; empty: all.")
    enabled = models.BooleanField(default=True)
    proxy = models.CharField(max_length=500, blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="webhook_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def in_the_open(self) -> bool:
        """Whether everybody on the way reads what is told, and a token with it."""
        return self.url.casefold().startswith("http:")


class NoticeRule(Scoped):
    """When somebody is told, who, and how."""

    name = models.CharField(max_length=120)
    enabled = models.BooleanField(default=True)
    groups = models.ManyToManyField(Group, blank=True, help_text="None: all machines.")
    regions = models.ManyToManyField(Region, blank=True)
    conditions = models.JSONField(default=list, help_text="policy.fleet.notices: any of them, or all.")
    all_of_them = models.BooleanField(default=False)
    trigger = models.CharField(max_length=20, default="began", help_text="began, began-or-cleared or ongoing")
    delay_s = models.PositiveIntegerField(default=0, help_text="It must have lasted so long.")
    repeat_s = models.PositiveIntegerField(default=0, help_text="Said again while it lasts; 0: once.")
    quiet = models.JSONField(default=list, help_text="Times of the week without notices (policy.fleet.windows).")
    mail_to = models.JSONField(default=list)
    mail_cc = models.JSONField(default=list)
    subject = models.CharField(max_length=255, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    important = models.BooleanField(default=False)
    webhooks = models.ManyToManyField(Webhook, blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="notice_rule_name_unique")]

    def __str__(self) -> str:
        return self.name


class Notice(Scoped):
    """One message about one event of one machine: waits, is sent, or was given up, never twice."""

    rule = models.ForeignKey(NoticeRule, null=True, on_delete=models.SET_NULL, related_name="notices")
    machine = models.ForeignKey(Machine, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    webhook = models.ForeignKey(Webhook, null=True, on_delete=models.CASCADE, related_name="+")
    event_key = models.CharField(max_length=200, help_text="One event, one rule, one channel: one notice.")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="Given up.")
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "event_key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True),
                name="notice_waiting",
            ),
            models.Index(fields=["tenant", "-created_at"], name="notice_recent"),
        ]
