"""Charging schemes, usage records and the sums that are kept of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.identifiers import uuid7
from platen.policy.usage_enums import AccountingModel, PageCountModel, TrackingState
from platen.tenants.models import EVERY_REGION, Scoped
from platen.tracking.price_field import PriceField


class ChargingScheme(Scoped):
    """Prices of one kind of device. `prices` is what policy.scheme_format writes, without name and description."""

    region_at = EVERY_REGION

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=255, blank=True)
    prices = models.JSONField(default=dict)
    is_default_primary = models.BooleanField(default=False, help_text="New devices charge by it.")
    is_default_secondary = models.BooleanField(default=False, help_text="New devices have it as second price.")
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

    region_at = "device__machine__region"

    device = models.OneToOneField("devices.Device", on_delete=models.CASCADE, related_name="tariff")
    primary = models.ForeignKey(ChargingScheme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    secondary = models.ForeignKey(ChargingScheme, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(Scoped.Meta):
        pass


class UsageRecord(Scoped):
    """One tracked activity. It tells what was true then: names are copied, not linked, and nothing is edited later,
    with two exceptions that are made once: pages that were not known yet, and the label of the first export.

    `activity` is the uuid of what happened (a delivery); it is unique, so one activity is counted once however often
    its end is reported.
    """

    region_at = EVERY_REGION

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    activity = models.UUIDField(unique=True)
    job_type = models.CharField(max_length=16)
    tracking_state = models.CharField(max_length=32)
    accounting_model = models.CharField(max_length=16, default=AccountingModel.NONE)
    computer_name = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    export_label = models.CharField(max_length=20, blank=True)

    tracking_page_count = models.PositiveIntegerField(default=0)
    tracking_color_page_count = models.PositiveIntegerField(default=0)
    parser_page_count = models.PositiveIntegerField(default=0)
    driver_page_count = models.PositiveIntegerField(default=0)
    page_count_status = models.CharField(max_length=32)
    page_count_model = models.PositiveSmallIntegerField(default=PageCountModel.SOFTWARE)
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
    port_name = models.CharField(max_length=80, blank=True, help_text="How the job came in: ipp, lpd, raw, …")
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
    job_price = PriceField(default=0)
    job_price2 = PriceField(default=0)
    scheme_name = models.CharField(max_length=120, blank=True)
    scheme2_name = models.CharField(max_length=120, blank=True)
    price_lines = models.JSONField(default=list, help_text="How the primary price came about.")
    toner_save = models.BooleanField(default=False)
    toner_cyan = models.PositiveSmallIntegerField(default=0, help_text="Coverage in percent, times 100.")
    toner_magenta = models.PositiveSmallIntegerField(default=0)
    toner_yellow = models.PositiveSmallIntegerField(default=0)
    toner_black = models.PositiveSmallIntegerField(default=0)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["tenant", "-stopped_at", "-id"], name="usage_recent"),
            models.Index(fields=["user_id", "-stopped_at", "-id"], name="usage_of_user"),
            models.Index(fields=["device_id", "-stopped_at", "-id"], name="usage_of_device"),
            models.Index(
                fields=["tenant", "-stopped_at", "-id"],
                name="usage_interrupted",
                condition=models.Q(tracking_state=TrackingState.INTERRUPTED.value),
            ),
            models.Index(fields=["job_uuid"], name="usage_of_job"),
        ]


class _DaySums(Scoped):
    """What came out on one day of the tenant's calendar: kept as records are written, so that nobody adds up."""

    region_at = EVERY_REGION

    day = models.DateField()
    records = models.PositiveIntegerField(default=0)
    interrupted = models.PositiveIntegerField(default=0)
    pages = models.PositiveBigIntegerField(default=0)
    color_pages = models.PositiveBigIntegerField(default=0)
    sheets = models.PositiveBigIntegerField(default=0)
    price = PriceField(default=0)
    price2 = PriceField(default=0)

    class Meta(Scoped.Meta):
        abstract = True


class UsageDay(_DaySums):
    """One day at one device; the sums of all devices are those of the tenant."""

    device_id = models.BigIntegerField()

    class Meta(_DaySums.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "device_id"], name="usage_day_unique")]
        indexes = [models.Index(fields=["device_id", "day"], name="usage_day_of_device")]


class UsagePersonDay(_DaySums):
    """One day of one person; work that nobody is known to have done is not here."""

    user_id = models.BigIntegerField()

    class Meta(_DaySums.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "user_id"], name="usage_person_day_unique")]
        indexes = [models.Index(fields=["user_id", "day"], name="usage_day_of_person")]
