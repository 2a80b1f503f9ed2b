"""A machine as collection knows it now: who it is, how it is reached, what it says."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.devices.models import Device
from platen.tenants.models import EVERY_REGION, Scoped


class Power(models.TextChoices):
    """Whether a machine can be reached."""

    UNKNOWN = "unknown", "Not read yet"
    ON = "on", "On"
    ASLEEP = "asleep", "Asleep"
    OFF = "off", "Off"
    SILENT = "no-response", "Not answering"
    CONFLICT = "conflict", "Another machine answers"


class Severity(models.IntegerChoices):
    """The worst that a machine reports; larger is worse. A machine counts under its worst only."""

    NONE = 0, "Ready"
    WARNING = 1, "Warning"
    ERROR = 2, "Error"
    SERVICE = 3, "Service call"


class Machine(Scoped):
    """What collection knows of a device. Latest values; what was before is in `history`."""

    region_at = "region"

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="machine")
    managed = models.BooleanField(default=True, help_text="Read and counted; no: kept, but left alone.")
    collector = models.CharField(max_length=64, blank=True, help_text="Which collector reads it; empty: this node.")

    # how it is reached
    address = models.CharField(max_length=253, blank=True, help_text="Host name or IP address.")
    port = models.PositiveIntegerField(default=161)
    credential = models.ForeignKey(
        "fleet.Credential", null=True, blank=True, on_delete=models.SET_NULL, related_name="machines"
    )
    protocol = models.CharField(max_length=8, blank=True, help_text="snmp, ipp or both: what answered last.")

    # who it is
    serial = models.CharField(max_length=120, blank=True)
    mac = models.CharField(max_length=12, blank=True)
    printer_uuid = models.CharField(max_length=36, blank=True)
    maker = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=160, blank=True)
    firmware = models.CharField(max_length=200, blank=True)
    asset_number = models.CharField(max_length=120, blank=True)
    host_name = models.CharField(max_length=253, blank=True)
    contact = models.CharField(max_length=255, blank=True)
    object_id = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=500, blank=True, help_text="Where else something is written about it.")
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the organisation's.")
    region = models.ForeignKey(
        "fleet.Region", null=True, blank=True, on_delete=models.SET_NULL, related_name="machines"
    )
    place = models.ForeignKey("fleet.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="machines")
    place_x = models.FloatField(null=True, help_text="On the place's floor plan: 0 left to 1 right.")
    place_y = models.FloatField(null=True, help_text="0 top to 1 bottom.")

    # how it is
    power = models.CharField(max_length=12, choices=Power, default=Power.UNKNOWN)
    power_at = models.DateTimeField(null=True, help_text="Since when.")
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NONE)
    training = models.CharField(max_length=28, blank=True, help_text="Of the worst alert: who can see to it.")
    trouble = models.CharField(max_length=255, blank=True, help_text="The worst alert in words.")
    activity = models.CharField(max_length=12, blank=True)
    console_text = models.TextField(blank=True)
    uptime_s = models.PositiveBigIntegerField(null=True)
    response_ms = models.FloatField(null=True, help_text="The last time.")
    response_usual_ms = models.FloatField(null=True, help_text="Of late: each time counts a sixteenth.")
    reboots = models.PositiveIntegerField(default=0)

    # what it has done and holds
    pages = models.BigIntegerField(null=True, help_text="The meter `total`.")
    pages_color = models.BigIntegerField(null=True, help_text="The meter `total.color`.")
    meters = models.JSONField(default=dict, help_text="Name to value, all of them, as last believed.")
    doubted = models.JSONField(null=True, help_text="Meters that are not believed yet (policy.fleet.meters.Doubt).")
    pages_month = models.BigIntegerField(default=0, help_text="Since the first of the month in its own time zone.")
    supply_percent = models.SmallIntegerField(null=True, help_text="The lowest of its supplies.")
    supply_days = models.IntegerField(null=True, help_text="Days until the first of its supplies is out.")
    trays = models.JSONField(default=list)
    finishers = models.JSONField(null=True, help_text="What it staples, punches, folds and stacks with.")
    finishing = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="Kinds of the finishers that are there, divided by spaces.",
    )
    ports = models.JSONField(null=True, help_text="The ways by which documents reach it.")
    facts = models.JSONField(default=dict, help_text="What else was read: lights, functions, notes, uuid, reasons.")
    latest = models.JSONField(null=True, help_text="Status and alerts as last read (readings.kept).")
    seen = models.CharField(max_length=80, blank=True, help_text="Digests of what is stored of it, by part.")
    plan = models.ForeignKey("fleet.ReadingPlan", null=True, on_delete=models.SET_NULL, related_name="+")

    # when
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, help_text="The last reading that succeeded.")
    tried_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True, help_text="The last time that its meters were read.")
    surveyed_at = models.DateTimeField(null=True, help_text="The last time that everything was asked.")
    due_at = models.DateTimeField(null=True, db_index=False, help_text="When it is read next; null: never.")
    failures = models.PositiveIntegerField(default=0, help_text="Tries without an answer since the last reading.")
    failure = models.CharField(max_length=255, blank=True, help_text="Why the last try failed.")
    suspicion = models.CharField(max_length=255, blank=True, help_text="Why the last reading is not believed.")

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["due_at"], name="machine_due", condition=models.Q(managed=True, collector="")),
            models.Index(fields=["tenant", "serial"], name="machine_serial", condition=~models.Q(serial="")),
            models.Index(fields=["tenant", "mac"], name="machine_mac", condition=~models.Q(mac="")),
            models.Index(fields=["tenant", "printer_uuid"], name="machine_uuid", condition=~models.Q(printer_uuid="")),
            models.Index(fields=["tenant", "address"], name="machine_address"),
            models.Index(
                fields=["tenant", "severity"],
                name="machine_severity",
                condition=models.Q(severity__gt=0, managed=True),
            ),
            models.Index(fields=["tenant", "power", "managed"], name="machine_power"),
            models.Index(fields=["tenant", "supply_days"], name="machine_supply_days"),
            models.Index(fields=["tenant", "pages_month"], name="machine_pages_month"),
            models.Index(fields=["tenant", "pages"], name="machine_pages"),
            models.Index(fields=["tenant", "read_at"], name="machine_read_at"),
            models.Index(fields=["tenant", "maker", "model"], name="machine_model"),
        ]

    def __str__(self) -> str:
        return f"{self.maker} {self.model} {self.serial}".strip()


class Survey(Scoped):
    """What a machine answered when it was last asked everything. Apart from the machine, whose row is written with each
    reading."""

    region_at = "machine__region"

    machine = models.OneToOneField(Machine, primary_key=True, on_delete=models.CASCADE, related_name="survey")
    at = models.DateTimeField()
    meter_sources = models.JSONField(default=dict, help_text="Meter's name to where it was read.")
    reading = models.BinaryField(null=True, help_text="Compressed: the reading (readings.kept), as last surveyed.")
    raw = models.BinaryField(null=True, help_text="Compressed: object to value, as it was answered.")


class SearchText(Scoped):
    """What a machine is found by, in small letters, a line for each: name, location, address, maker, ... The database
    keeps it (fleet.search_texts)."""

    region_at = "machine__region"

    machine = models.OneToOneField(Machine, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    managed = models.BooleanField()
    text = models.TextField()


class ReadingPlan(Scoped):
    """What is asked of machines from one reading to the next (readings.plan); those of one kind share it."""

    region_at = EVERY_REGION

    digest = models.CharField(max_length=32)
    content = models.BinaryField()

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="plan_unique")]


class Supply(Scoped):
    """Something of a machine that is used up, or fills."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="supplies")
    key = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    color = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, help_text="readings.facts.SupplyState, or missing: no longer reported.")
    percent = models.SmallIntegerField(null=True, help_text="Of use that is left; of a receptacle, room.")
    level = models.BigIntegerField(null=True)
    capacity = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=32, blank=True)
    receptacle = models.BooleanField(default=False)
    part_number = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)
    pages_left = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True, help_text="When its level last moved.")
    installed_at = models.DateTimeField(null=True, help_text="When it was put in, as far as was seen.")
    installed_pages = models.BigIntegerField(null=True, help_text="The machine's pages then.")
    empty_on = models.DateField(null=True, help_text="The day on which it is expected to be out.")
    days_left = models.IntegerField(null=True, help_text="Until `empty_on`; kept up every day.")
    days_confidence = models.FloatField(null=True, help_text="0 to 1: how well history supports `days_left`.")
    order_by = models.DateField(null=True, help_text="Latest day to order, so that it comes before it is out.")
    low = models.BooleanField(default=False, help_text="Was said to be low; until it is replaced.")
    forecast_due = models.BooleanField(default=False, help_text="Its level moved since it was forecast.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["machine", "key"], name="supply_unique")]
        indexes = [
            models.Index(
                fields=["tenant", "days_left"], name="supply_days", condition=models.Q(days_left__isnull=False)
            ),
            models.Index(fields=["tenant"], name="supply_to_forecast", condition=models.Q(forecast_due=True)),
            models.Index(
                fields=["tenant", "order_by"], name="supply_to_order", condition=models.Q(order_by__isnull=False)
            ),
            models.Index(
                fields=["tenant", "percent"],
                name="supply_low",
                condition=models.Q(low=True, days_left__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.description or f"{self.color} {self.kind}".strip()


class Alert(Scoped):
    """Something that a machine reported, from when to when."""

    region_at = "machine__region"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="alerts")
    key = models.CharField(max_length=120)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    level = models.CharField(max_length=24, help_text="readings.facts.AlertSeverity")
    training = models.CharField(max_length=28)
    code = models.CharField(max_length=60)
    group = models.CharField(max_length=40, blank=True)
    group_index = models.IntegerField(null=True)
    location = models.IntegerField(null=True)
    description = models.CharField(max_length=255, blank=True)
    source = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "key"], condition=models.Q(cleared_at__isnull=True), name="alert_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["machine", "-began_at"], name="alert_of_machine"),
            models.Index(fields=["tenant", "-began_at"], name="alert_recent"),
            models.Index(fields=["tenant", "severity"], condition=models.Q(cleared_at__isnull=True), name="alert_open"),
        ]

    def __str__(self) -> str:
        return self.description or self.code
