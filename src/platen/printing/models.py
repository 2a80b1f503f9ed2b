"""Jobs and their deliveries."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.identifiers import uuid7
from platen.policy.job_states import ACTIVE_STATES, JobState
from platen.tenants.models import EVERY_REGION, Scoped

OPEN_STATES = tuple(sorted(ACTIVE_STATES))
# What is open has no end yet. Said so, a database recognises its partial index whatever values a query names.
_OPEN_JOB = models.Q(completed_at__isnull=True)
_OPEN_DELIVERY = models.Q(ended_at__isnull=True)


class ReceivedVia(models.TextChoices):
    """How a job came in."""

    IPP = "ipp"
    IPPS = "ipps"
    LPD = "lpd"
    RAW = "raw"
    WEB = "web"


class Job(Scoped):
    """One document to print. `id` is the IPP job-id."""

    region_at = EVERY_REGION

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    queue = models.ForeignKey("devices.Queue", on_delete=models.PROTECT, related_name="jobs", db_index=False)
    owner = models.ForeignKey(
        "directory.User", null=True, on_delete=models.SET_NULL, related_name="jobs", db_index=False
    )
    name = models.CharField(max_length=255)
    submitted_as = models.CharField(max_length=255, blank=True, help_text="The name the job came under.")
    submitted_from = models.CharField(max_length=255, blank=True, help_text="The computer it came from.")
    received_via = models.CharField(max_length=8, choices=ReceivedVia, default=ReceivedVia.IPP)

    state = models.PositiveSmallIntegerField(
        choices=[(each.value, each.keyword) for each in JobState], default=JobState.PENDING_HELD
    )
    state_reasons = models.CharField(max_length=255, default="none", help_text="Keywords, separated by spaces.")
    state_message = models.CharField(max_length=255, blank=True, help_text="For a person.")
    retained = models.BooleanField(default=False, help_text="Stays after it was printed.")
    ticket = models.JSONField(default=dict, help_text="Job template attributes as submitted (copies, sides, media, …).")

    document_format = models.CharField(max_length=80, default="application/octet-stream")
    size_bytes = models.PositiveBigIntegerField(default=0)
    # Where the encrypted document lies: in a pack (shared by small ones) or a file of its own. No key, no document.
    spool_pack = models.BigIntegerField(null=True)
    spool_offset = models.BigIntegerField(null=True)
    spool_length = models.BigIntegerField(null=True)
    spool_key = models.BinaryField(null=True, help_text="The document's key, wrapped by the node's.")

    password_key = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Keyed hash of the code that printing needs."
    )

    facts = models.JSONField(
        null=True, help_text="What the document holds (documents.DocumentFacts); null: not known yet."
    )
    pages = models.PositiveIntegerField(null=True, help_text="Impressions of one copy.")
    color_pages = models.PositiveIntegerField(null=True)
    sheets = models.PositiveIntegerField(null=True, help_text="Sheets of all copies.")
    copies = models.PositiveIntegerField(default=1)

    device = models.ForeignKey(
        "devices.Device", null=True, on_delete=models.SET_NULL, related_name="jobs", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    processing_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["tenant", "state", "-id"], name="job_by_state"),
            models.Index(fields=["owner", "state", "-id"], name="job_of_owner"),
            models.Index(fields=["queue", "state", "-id"], name="job_of_queue"),
            models.Index(fields=["device", "-id"], name="job_at_device", condition=models.Q(device__isnull=False)),
            models.Index(fields=["spool_pack"], name="job_in_pack", condition=models.Q(spool_pack__isnull=False)),
            models.Index(fields=["tenant", "state", "expires_at"], name="job_expiry", condition=_OPEN_JOB),
            models.Index(
                fields=["id"],
                name="job_unread",
                condition=models.Q(facts__isnull=True) & models.Q(spool_key__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def job_state(self) -> JobState:
        """The state as its type."""
        return JobState(self.state)

    @property
    def needs_code(self) -> bool:
        """Whether it is printed only with the code that it was sent with (job-password)."""
        return bool(self.password_key)

    @property
    def has_document(self) -> bool:
        """Whether the document is still here to print."""
        return self.spool_key is not None


class DeliveryState(models.TextChoices):
    """How far one delivery got."""

    WAITING = "waiting"  # for the device's turn
    SENDING = "sending"  # octets may have left
    FOLLOWING = "following"  # the device has all of it and works on it
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # the device cut it short, or nobody knows
    CANCELED = "canceled"


OPEN_DELIVERIES = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FOLLOWING)


class Delivery(Scoped):
    """One attempt to bring a job to a device: the activity that a usage record tells of, once."""

    region_at = EVERY_REGION

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="deliveries")
    device = models.ForeignKey("devices.Device", on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    user = models.ForeignKey("directory.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    pull = models.BooleanField(default=True, help_text="Released by a person at the device, not forwarded.")
    copies = models.PositiveIntegerField(default=1)
    keep = models.BooleanField(default=False, help_text="The job is held again afterwards.")
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    message = models.CharField(max_length=255, blank=True, help_text="For a person: what it waits for, why it failed.")
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    printer_job_id = models.BigIntegerField(null=True, help_text="job-id that the device gave it.")
    asked_of_device = models.JSONField(
        null=True, help_text="What of the ticket was sent to the device, copies in it; null: its channel decides."
    )
    impressions_completed = models.PositiveIntegerField(null=True, help_text="What the device says came out.")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["device", "id"], name="delivery_open", condition=_OPEN_DELIVERY),
            models.Index(fields=["device", "-id"], name="delivery_at_device"),
        ]
        constraints = [
            # Two panels may ask at once; the database lets one delivery of a job be open.
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(state__in=["waiting", "sending", "following"]),
                name="one_open_delivery_a_job",
            )
        ]
