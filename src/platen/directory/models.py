"""People and what identifies them: logon, aliases, cards and ID codes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from platen.identifiers import uuid7
from platen.tenants.models import EVERY_REGION, Scoped


class Role(models.TextChoices):
    """What a person may do in the console (platen.access.rights says which right each has)."""

    USER = "user", "User"
    AUDITOR = "auditor", "Auditor"
    HELP_DESK = "help-desk", "Help desk"
    DEVICE_MANAGER = "device-manager", "Device manager"
    ADMINISTRATOR = "administrator", "Administrator"


class CostControl(models.TextChoices):
    """How a person's use is accounted (AccountingModelUsed of the tracking format)."""

    NONE = "none", "No control"
    TRACKING = "tracking", "Tracking"
    PAY = "pay", "Pay"


class User(AbstractBaseUser, Scoped):
    """A person who prints. `*_key` columns hold the folded form that names are found by (policy.owner.normalised)."""

    region_at = EVERY_REGION

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    logon = models.CharField(max_length=255)
    logon_key = models.CharField(max_length=255, editable=False)
    domain = models.CharField(max_length=255, blank=True)
    domain_key = models.CharField(max_length=255, blank=True, editable=False)
    full_name = models.CharField(max_length=255, blank=True)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    description = models.CharField(max_length=255, blank=True)
    cost_code = models.CharField(max_length=50, blank=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.USER)
    regional = models.BooleanField(
        default=False, db_default=False, help_text="What the role allows holds for devices of `regions` only."
    )
    regions = models.ManyToManyField("fleet.Region", blank=True, related_name="+")
    is_default_user = models.BooleanField(default=False, help_text="New people take its settings.")

    pin_hash = models.CharField(max_length=256, blank=True)
    puk_key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the open PUK.")
    puk_sealed = models.BinaryField(default=bytes, help_text="The open PUK, encrypted, for those who may see it.")
    must_change_password = models.BooleanField(default=False, help_text="The password was given, not chosen.")
    prevent_login = models.BooleanField(default=False)
    locked_at = models.DateTimeField(
        null=True, help_text="By too many wrong attempts; null: by a person, or not at all."
    )
    failed_logins = models.PositiveSmallIntegerField(default=0)
    login_without_pin = models.BooleanField(default=False)

    cost_control = models.CharField(max_length=8, choices=CostControl, default=CostControl.TRACKING)
    print_all_at_login = models.BooleanField(default=False)
    retain_allowed = models.BooleanField(default=True)
    print_all_allowed = models.BooleanField(default=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=32, default="console", editable=False)

    USERNAME_FIELD = "uuid"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "logon_key", "domain_key"], name="user_logon_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default_user=True), name="one_default_user_a_tenant"
            ),
            models.UniqueConstraint(fields=["tenant", "puk_key"], condition=~models.Q(puk_key=""), name="puk_unique"),
        ]
        indexes = [
            models.Index(fields=["tenant", "full_name", "id"], name="user_by_name"),
            models.Index(fields=["tenant", "email_key"], name="user_by_email"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.logon

    def get_username(self) -> str:
        """The logon, as a person would write it."""
        return self.logon

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a plain attribute in Django, derived here
        """Whether the person may sign in at all."""
        return not self.prevent_login


class Alias(Scoped):
    """Another logon of the same person."""

    region_at = EVERY_REGION

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=255)
    name_key = models.CharField(max_length=255, editable=False)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name_key"], name="alias_unique")]

    def __str__(self) -> str:
        return self.name


class CardKind(models.TextChoices):
    """What an ID is: read from a card, or typed."""

    CARD = "card", "Card"
    ID_CODE = "id-code", "ID code"


class CardSource(models.TextChoices):
    """Who registered an ID."""

    ADMINISTRATOR = "administrator", "Administrator"
    SELF = "self", "Self-registered"
    GENERATED = "generated", "Generated"
    IMPORT = "import", "Import"


class Card(Scoped):
    """A card or ID code. Found by keyed hash; the number itself is kept encrypted for those who may see it."""

    region_at = EVERY_REGION

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cards")
    key = models.CharField(max_length=64, help_text="HMAC-SHA256 of the number, hexadecimal.")
    sealed = models.BinaryField()
    kind = models.CharField(max_length=8, choices=CardKind, default=CardKind.CARD)
    source = models.CharField(max_length=16, choices=CardSource, default=CardSource.ADMINISTRATOR)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="card_unique")]
        indexes = [
            models.Index(fields=["valid_until"], name="card_expiry", condition=models.Q(valid_until__isnull=False))
        ]
