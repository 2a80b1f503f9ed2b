"""Tenants, the host names that select them, and what each decides for itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models

from platen.identifiers import uuid7
from platen.tenants.context import current_regions, current_tenant_id


class Tenant(models.Model):
    """One organisation; everything else belongs to exactly one."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    is_default = models.BooleanField(default=False, help_text="Answers host names that no domain claims.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_tenant"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A host name that selects a tenant."""

    host = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains")

    def __str__(self) -> str:
        return self.host


class UnknownOwner(models.TextChoices):
    """What becomes of a job whose owner is not known."""

    CREATE = "create", "Create the person at the first print"
    HOLD = "hold", "Hold it until somebody says whose it is"
    REFUSE = "refuse", "Refuse it"


class Fidelity(models.TextChoices):
    """What becomes of a document that a device does not say it can print."""

    NO_CHECK = "no-check", "Offer it"
    WARN = "warn", "Offer it with a warning"
    FILTER = "filter", "Do not offer it"


class IdPeriod(models.TextChoices):
    """How long a temporary ID lasts (policy.validity.Period)."""

    TODAY = "today", "Today"
    TODAY_AND_TOMORROW = "today-and-tomorrow", "Today and tomorrow"
    THIS_WEEK = "this-week", "This week"
    THIS_MONTH = "this-month", "This month"


class Policy(models.Model):
    """What one tenant decides: people, identification, jobs, words on the panel."""

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="policy")
    unknown_owner = models.CharField(max_length=8, choices=UnknownOwner, default=UnknownOwner.HOLD)
    default_domain = models.CharField(max_length=120, blank=True)
    email_domain = models.CharField(max_length=253, blank=True, help_text="New people get logon@this.")
    logon_is_id_code = models.BooleanField(default=False, help_text="New people may type their logon as ID code.")
    puk_at_first_print = models.BooleanField(default=True)
    ids_per_person_max = models.PositiveSmallIntegerField(default=3)
    self_registered_expires_from = models.PositiveSmallIntegerField(
        default=0, help_text="From this self-registered ID on, IDs are temporary; 0: never."
    )
    self_registered_period = models.CharField(
        max_length=20, choices=IdPeriod, default=IdPeriod.TODAY, help_text="How long such an ID lasts."
    )
    id_code_pattern = models.CharField(max_length=39, default="11xx**")
    login_attempts_max = models.PositiveSmallIntegerField(default=3)
    lockout_minutes = models.PositiveIntegerField(
        default=0, db_default=0, help_text="A lock after wrong attempts ends by itself; 0: when somebody ends it."
    )
    password_length_min = models.PositiveSmallIntegerField(default=10, db_default=10)
    idle_minutes = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Who does nothing in the console for so long is signed out; 0: nobody is."
    )
    pin_required = models.BooleanField(default=False, help_text="Ask for the PIN after a card as well.")
    pin_change_allowed = models.BooleanField(default=True)
    card_registration_allowed = models.BooleanField(default=True)
    card_registration_by_password = models.BooleanField(
        default=False, help_text="A new card can be registered with the person's password in place of a PUK."
    )
    job_retention_hours = models.PositiveIntegerField(default=24)
    retain_allowed = models.BooleanField(default=True)
    deny_multi_delete = models.BooleanField(default=False, db_default=False, help_text="People are deleted one by one.")
    fidelity = models.CharField(max_length=8, choices=Fidelity, default=Fidelity.FILTER)
    hide_id_codes = models.BooleanField(default=True, help_text="Only administrators see codes and card numbers.")
    hide_document_names = models.BooleanField(default=False, help_text="Only administrators see others' names.")
    job_name_prefixes = models.TextField(
        blank=True, default="", db_default="", help_text="What is cut off names at a panel (policy.job_names)."
    )
    show_first_pages = models.BooleanField(default=True, help_text="Owners and administrators see the first page.")
    currency = models.CharField(max_length=3, default="EUR")
    help_desk = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")


class ScopedManager(models.Manager[Any]):
    """The one place of isolation: every query is narrowed to the current tenant, or refused (NoTenant), and to the
    regions that whoever asks is limited to."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Rows of the current tenant, and of the current regions where there is a limit."""
        rows = super().get_queryset().filter(tenant_id=current_tenant_id())
        regions = current_regions()
        return rows if regions is None else rows.filter(self.model.within(regions))

    def create(self, **values: Any) -> Any:
        """Create a row for the current tenant."""
        values.setdefault("tenant_id", current_tenant_id())
        return super().create(**values)


EVERY_REGION = "*"
"""Of a model whose rows are of the whole organisation and shown to people with a limit as to others."""


class Scoped(models.Model):
    """Base of everything a tenant owns. `everywhere` is for the node's own upkeep and says so where it is used.

    region_at: the field by which a row's region is found, or EVERY_REGION. A model that does not say it is not there
    for people whose rights end at regions.
    """

    region_at: ClassVar[str] = ""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)

    objects = ScopedManager()
    everywhere = models.Manager()

    class Meta:
        abstract = True
        # Relations and refreshes of an object already at hand go by its key alone; finding one goes through `objects`.
        base_manager_name = "everywhere"

    @classmethod
    def within(cls, regions: Collection[int]) -> models.Q:
        """Which rows are of these regions."""
        if cls.region_at == EVERY_REGION:
            return models.Q()
        return models.Q(**{f"{cls.region_at}__in": regions}) if cls.region_at else models.Q(pk__in=[])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new row belongs to the current tenant."""
        if self.tenant_id is None:
            self.tenant_id = current_tenant_id()
        super().save(*args, **kwargs)


def wholly_within(links: type[models.Model], key: str, regions: Collection[int]) -> models.Q:
    """Of a model with several regions a row: those that have some, and none outside of these.

    links: the rows that tie one to its regions, `key` names it there.
    """
    rows = links._default_manager.values(key)
    inside, outside = rows.filter(region_id__in=regions), rows.exclude(region_id__in=regions)
    return models.Q(pk__in=inside) & ~models.Q(pk__in=outside)
