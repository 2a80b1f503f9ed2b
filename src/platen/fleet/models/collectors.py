"""Collectors: programs at other sites that read machines there and send home what they read."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.fleet.models.machine import Machine
from platen.identifiers import uuid7
from platen.tenants.models import Scoped


class Collector(Scoped):
    """A collector as its home knows it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=64, help_text="Stays as it is: machines are marked with it.")
    enabled = models.BooleanField(default=True, help_text="No: nothing is taken from it.")
    secret = models.BinaryField(help_text="Sealed: its enrolment key.")
    configuration = models.JSONField(default=dict, help_text="What home wants of it (policy.fleet.collector).")
    configured_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, help_text="When it last fetched what home wants of it.")
    stream = models.CharField(max_length=64, blank=True, help_text="Its database, which numbers its rows.")
    stream_began_ms = models.BigIntegerField(default=0)
    last_sequence = models.BigIntegerField(default=0, help_text="The last row that was stored.")
    last_seen = models.DateTimeField(null=True, help_text="When it last spoke, with the right key.")
    last_row_at = models.DateTimeField(null=True, help_text="When the last row that was stored was seen.")
    waiting = models.BigIntegerField(default=0, help_text="Rows that waited at its site behind the last; as it says.")
    every_s = models.PositiveIntegerField(default=3600, help_text="How often it says something; as it says itself.")
    version = models.CharField(max_length=40, blank=True)
    silent_told = models.BooleanField(default=False, help_text="That it is silent has been said.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="collector_name_once")]

    def __str__(self) -> str:
        return self.name


class CollectorMachine(Scoped):
    """A machine by the name that a collector has for it, and what was last sent of it."""

    collector = models.ForeignKey(Collector, on_delete=models.CASCADE, related_name="machines")
    token = models.CharField(max_length=64)
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="+")
    parts = models.BinaryField(help_text="Compressed: the reading as last sent (readings.parts).")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["collector", "token"], name="collector_machine_once")]
