"""Charging schemes and usage records."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.identifiers import uuid7
from platen.tenants.models import Scoped


class ChargingScheme(Scoped):
    """Prices of one kind of device. What `prices` means is in policy.prices."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=255, blank=True)
    prices = models.JSONField(default=dict)
    is_default_primary = models.BooleanField(default=False)
    is_default_secondary = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="scheme_name_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default_primary=True), name="one_default_primary"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default_secondary=True), name="one_default_secondary"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tariff(Scoped):
    """Which schemes price the work of a device: the primary for charging, the secondary for true cost."""

    device = models.OneToOneField("devices.Device", on_delete=models.CASCADE, related_name="tariff")
    primary = models.ForeignKey(ChargingScheme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    secondary = models.ForeignKey(ChargingScheme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(Scoped.Meta):
        pass


class UsageRecord(Scoped):
    """One tracked activity. It tells what was true then and never changes: names are copied, not linked.

    `activity` is the uuid of what happened (a delivery); it is unique, so one activity is counted once however often
    its end is reported.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    activity = models.UUIDField(unique=True)
    job_type = models.CharField(max_length=16)
    tracking_state = models.CharField(max_length=32)
    accounting_model = models.CharField(max_length=16, default="NONE")
    computer_name = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()

    tracking_page_count = models.PositiveIntegerField(default=0)
    tracking_color_page_count = models.PositiveIntegerField(default=0)
    parser_page_count = models.PositiveIntegerField(default=0)
    driver_page_count = models.PositiveIntegerField(default=0)
    page_count_status = models.CharField(max_length=32)
    page_count_model = models.PositiveSmallIntegerField(default=0)
    job_sheet_count = models.PositiveIntegerField(default=0)
    job_page_format = models.CharField(max_length=40, blank=True)
    job_is_duplex = models.BooleanField(default=False)
    job_is_color = models.BooleanField(default=False)

    job_id = models.BigIntegerField(null=True)
    job_uuid = models.UUIDField(null=True)
    job_name = models.CharField(max_length=255, blank=True)
    job_submit_logon = models.CharField(max_length=255, blank=True)
    job_date = models.DateTimeField(null=True)
    job_size_bytes = models.PositiveBigIntegerField(default=0)
    job_destination = models.CharField(max_length=255, blank=True)
    driver_name = models.CharField(max_length=120, blank=True)
    queue_name = models.CharField(max_length=80, blank=True)
    port_name = models.CharField(max_length=80, blank=True)
    document_computer_name = models.CharField(max_length=255, blank=True)

    user_id = models.BigIntegerField(null=True)
    user_logon = models.CharField(max_length=255, blank=True)
    user_domain = models.CharField(max_length=255, blank=True)
    user_full_name = models.CharField(max_length=255, blank=True)
    user_description = models.CharField(max_length=255, blank=True)
    user_email = models.CharField(max_length=254, blank=True)
    user_cost_code = models.CharField(max_length=50, blank=True)

    device_id = models.BigIntegerField(null=True)
    device_name = models.CharField(max_length=120, blank=True)
    device_location = models.CharField(max_length=200, blank=True)
    device_model = models.CharField(max_length=200, blank=True)
    device_mac = models.CharField(max_length=12, blank=True)
    device_address = models.CharField(max_length=255, blank=True)
    device_supports_duplex = models.BooleanField(default=False)
    device_supports_color = models.BooleanField(default=False)

    currency = models.CharField(max_length=3, default="EUR")
    job_price = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    job_price2 = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    scheme_name = models.CharField(max_length=120, blank=True)
    scheme2_name = models.CharField(max_length=120, blank=True)
    price_lines = models.JSONField(default=list, help_text="How the primary price came about.")
    toner_save = models.BooleanField(default=False)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["tenant", "-id"], name="usage_recent"),
            models.Index(fields=["user_id", "-id"], name="usage_of_user"),
            models.Index(fields=["device_id", "-id"], name="usage_of_device"),
            models.Index(fields=["tenant", "stopped_at"], name="usage_by_day"),
            models.Index(fields=["job_uuid"], name="usage_of_job"),
        ]


class UsageDay(Scoped):
    """What came out on one day at one device: kept while records are written, so that pages need not add them up."""

    day = models.DateField()
    device_id = models.BigIntegerField()
    records = models.PositiveIntegerField(default=0)
    pages = models.PositiveBigIntegerField(default=0)
    color_pages = models.PositiveBigIntegerField(default=0)
    sheets = models.PositiveBigIntegerField(default=0)
    price = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    price2 = models.DecimalField(max_digits=20, decimal_places=6, default=0)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "device_id"], name="usage_day_unique")]
