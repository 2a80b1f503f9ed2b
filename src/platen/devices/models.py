"""Devices (the machines), queues (what clients print to) and card readers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.identifiers import uuid7
from platen.tenants.models import Scoped


class DeviceState(models.IntegerChoices):
    """printer-state (RFC 8011 section 5.4.11), and 0 while nobody asked yet."""

    UNKNOWN = 0, "Not read yet"
    IDLE = 3, "Ready"
    PROCESSING = 4, "Printing"
    STOPPED = 5, "Stopped"


class Device(Scoped):
    """A machine that puts marks on paper, and how documents reach it."""

    region_at = "machine__region"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    uri = models.CharField(
        max_length=500, blank=True, help_text="ipp://, ipps://, socket:// or lpd://; empty: is only looked after."
    )
    location = models.CharField(max_length=200, blank=True)
    make_and_model = models.CharField(max_length=200, blank=True)
    mac = models.CharField(max_length=12, blank=True)
    takes_documents = models.BooleanField(
        default=True, help_text="Documents go to it from here, so it is asked often how it is; no: only looked after."
    )
    out_of_service = models.BooleanField(default=False)
    print_all_at_login = models.BooleanField(null=True, blank=True, help_text="Null: as the person has it.")
    login_methods = models.JSONField(default=list, help_text="Empty: card, id-code and password.")
    pjl_status = models.BooleanField(default=False, help_text="A socket device that answers PJL job status.")
    tls_verify = models.BooleanField(default=False, help_text="Check the certificate of an ipps device.")

    # what the device says of itself; empty: not known, nothing is filtered out
    document_formats = models.JSONField(default=list)
    color_supported = models.BooleanField(null=True, blank=True)
    duplex_supported = models.BooleanField(null=True, blank=True)
    media_supported = models.JSONField(default=list)
    ticket_supported = models.JSONField(
        null=True, blank=True, help_text="What of a ticket it lists as supported (printing.support); null: not asked."
    )
    driver_names = models.JSONField(default=list, blank=True, help_text="Drivers whose documents print true here.")

    state = models.PositiveSmallIntegerField(choices=DeviceState, default=DeviceState.UNKNOWN)
    state_reasons = models.JSONField(default=list)
    state_message = models.CharField(max_length=255, blank=True)
    state_at = models.DateTimeField(null=True)
    needs_attention = models.BooleanField(default=False, help_text="Kept by record_state and set_out_of_service.")

    pairing_key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the open pairing code.")
    pairing_expires_at = models.DateTimeField(null=True)
    panel_key = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the paired panel's token.")
    panel_seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="device_name_unique"),
            models.UniqueConstraint(
                fields=["tenant", "pairing_key"], condition=~models.Q(pairing_key=""), name="pairing_key_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "name"], condition=models.Q(needs_attention=True), name="device_needing_attention"
            ),
            models.Index(fields=["id"], condition=models.Q(takes_documents=True), name="device_taking_documents"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueKind(models.TextChoices):
    """What a queue does with a job."""

    PULL = "pull", "Holds it for its owner"
    PUSH = "push", "Sends it on to its device"


class Queue(Scoped):
    """What clients print to: an IPP Printer object, an LPD queue, a raw port."""

    region_at = "device__machine__region"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=QueueKind, default=QueueKind.PULL)
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.PROTECT, related_name="queues")
    is_default = models.BooleanField(default=False, help_text="Answers /ipp/print without a name.")
    accepting = models.BooleanField(default=True)
    location = models.CharField(max_length=200, blank=True)
    lpd_port = models.PositiveIntegerField(null=True, blank=True)
    raw_port = models.PositiveIntegerField(null=True, blank=True)
    unknown_owner = models.CharField(max_length=8, blank=True, help_text="Empty: as the tenant's policy.")
    specified_logon = models.CharField(max_length=255, blank=True, help_text="All jobs belong to this person.")
    default_domain = models.CharField(max_length=255, blank=True)
    job_data_logon = models.JSONField(null=True, blank=True, help_text="Where in the stream the logon stands.")
    driver_name = models.CharField(max_length=120, blank=True, help_text="Replaces what the job says.")
    cost_code = models.CharField(max_length=50, blank=True, help_text="Replaces the person's cost code.")
    hide_document_names = models.BooleanField(default=False)
    sign_in_required = models.BooleanField(
        default=False, db_default=False, help_text="Only IPPS, with the person's password."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="queue_name_unique"),
            models.UniqueConstraint(fields=["tenant"], condition=models.Q(is_default=True), name="one_default_queue"),
            models.CheckConstraint(
                condition=models.Q(kind="pull") | models.Q(device__isnull=False), name="push_queue_has_device"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reader(Scoped):
    """An Ethernet card reader: found by the address it connects from, bound to one device."""

    region_at = "device__machine__region"

    name = models.CharField(max_length=80)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="readers")
    address = models.GenericIPAddressField()
    card_format = models.JSONField(default=dict, help_text="How a line becomes a card number (protocols.cards).")
    feedback = models.CharField(max_length=16, blank=True, help_text="Which signals the reader understands.")
    last_seen_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="reader_name_unique"),
            models.UniqueConstraint(fields=["address"], name="reader_address_unique"),
        ]

    def __str__(self) -> str:
        return self.name
