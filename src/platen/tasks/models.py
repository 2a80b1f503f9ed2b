"""Tasks, their runs, and the result for each target."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone

from platen.devices.models import Device
from platen.identifiers import uuid7
from platen.tasks.result_words import SAID, in_words
from platen.tenants.models import Scoped, wholly_within


class Task(Scoped):
    """Something to be done, when, and to what. `kind` names the code that does it (tasks.kinds)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    built_in = models.BooleanField(default=False, help_text="Was always there; can be changed, not removed.")
    active = models.BooleanField(default=True)
    schedule = models.JSONField(null=True, blank=True, help_text="policy.recurrence; null: only when asked for.")
    target = models.JSONField(default=dict, help_text="Groups, devices or conditions; empty: all.")
    settings = models.JSONField(default=dict, help_text="What the kind asks for; of a batch its steps.")
    report_to = models.JSONField(default=dict, help_text="Who is mailed the result, and on which results.")
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=255, blank=True)
    regions = models.ManyToManyField(
        "fleet.Region", blank=True, related_name="+", help_text="Its targets are of these only; none: of all."
    )

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="task_name_unique")]
        indexes = [models.Index(fields=["next_at"], name="task_due", condition=models.Q(active=True))]

    @classmethod
    def within(cls, regions: Collection[int]) -> models.Q:
        """One whose targets are of these regions alone (EMC-REGN-05)."""
        return wholly_within(cls.regions.through, "task_id", regions)

    @classmethod
    def tops_of(cls, regions: Collection[int]) -> frozenset[int]:
        """What a task is bound to that is for all of these: without those beneath, which belong to it anyway."""
        region: Any = cls._meta.get_field("regions").related_model
        found: frozenset[int] = region.tops_of(regions)
        return found

    @property
    def limit(self) -> frozenset[int] | None:
        """The regions that its targets are of; None: of all."""
        return self.regions.model.with_parts(self.regions.values_list("pk", flat=True)) or None

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    """How far a run is, and how it ended."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    SUCCESS = "success", "Done"
    ERROR = "error", "With errors"
    TIMEOUT = "timeout", "Out of time"
    CANCELED = "canceled", "Canceled"
    SKIPPED = "skipped", "Left out"


class Run(Scoped):
    """One time that a task was done."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="runs")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    planned = models.BooleanField(default=False, help_text="By its schedule, not by hand.")
    recovers = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="recoveries")
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Whose local time it follows.")
    due_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    targets = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    said = models.JSONField(null=True, help_text="What the message was made of (policy.said); null: nobody knows.")
    by = models.CharField(max_length=255, blank=True)
    regions = models.ManyToManyField("fleet.Region", blank=True, related_name="+", help_text="As its task had them.")

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["tenant", "-id"], name="run_recent"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=["waiting", "running"]), name="run_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "due_at", "time_zone"], condition=models.Q(planned=True), name="run_once_a_time"
            )
        ]

    @classmethod
    def within(cls, regions: Collection[int]) -> models.Q:
        """One whose targets are of these regions alone."""
        return wholly_within(cls.regions.through, "run_id", regions)

    @cached_property
    def limit(self) -> frozenset[int] | None:
        """The regions that its targets are of; None: of all."""
        return self.regions.model.with_parts(self.regions.values_list("pk", flat=True)) or None

    @property
    def words(self) -> str:
        """The message in the language in force."""
        return in_words(self.message, self.said)

    def __str__(self) -> str:
        return self.name


class Result(Scoped):
    """What a run did to one target."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    device_id = models.BigIntegerField(null=True)
    target = models.CharField(max_length=200, help_text="Its name when the run began.")
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    step = models.PositiveSmallIntegerField(default=0, help_text="Of a batch: how far it came.")
    message = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["run", "id"], name="result_in_run"),
            models.Index(
                fields=["device_id", "-id"], condition=models.Q(device_id__isnull=False), name="result_of_device"
            ),
        ]

    @property
    def words(self) -> str:
        """The message in the language in force."""
        return in_words(self.message, self.detail.get(SAID))

    @classmethod
    def within(cls, regions: Collection[int]) -> models.Q:
        """What was done to a device of these regions, by whatever run."""
        devices = Device.everywhere.filter(machine__region__in=regions)
        return models.Q(device_id__in=devices.values("pk"))
