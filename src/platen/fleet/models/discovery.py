"""How machines are found and asked: credentials, searches, and what they found."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platen.fleet.models.machine import Machine
from platen.identifiers import uuid7
from platen.tenants.models import EVERY_REGION, Scoped


class Credential(Scoped):
    """What is said to a machine so that it answers; the secret part is encrypted (platen.keys)."""

    region_at = EVERY_REGION

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, help_text="snmpv1, snmpv2c, snmpv3, ipp or http")
    user = models.CharField(max_length=255, blank=True, help_text="SNMPv3 user, IPP user; of a community empty.")
    context = models.CharField(max_length=255, blank=True)
    auth = models.CharField(max_length=12, blank=True, help_text="SNMPv3: md5, sha, sha224, sha256, sha384, sha512")
    privacy = models.CharField(
        max_length=12, blank=True, help_text="SNMPv3: des, 3des, aes128, aes192, aes256, aes256c"
    )
    secret = models.BinaryField(help_text="Encrypted JSON: community, auth and privacy pass phrases, password.")
    writes = models.BooleanField(default=False, help_text="May be used to change a machine.")
    rank = models.PositiveSmallIntegerField(default=100, help_text="Tried in this order.")
    comment = models.TextField(blank=True)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="credential_name_unique")]

    def __str__(self) -> str:
        return self.name


class Discovery(Scoped):
    """A search that can be run again: where, how, and what becomes of what is found."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    targets = models.TextField(blank=True, help_text="Addresses, ranges, networks, names, one a line.")
    excluded = models.TextField(blank=True)
    known_subnets = models.BooleanField(default=False, help_text="Also the networks of machines that are known.")
    methods = models.JSONField(default=list, help_text="Of snmp, broadcast, dns-sd, wsd, ipp.")
    credentials = models.ManyToManyField(Credential, blank=True, help_text="None: all, in the order of their rank.")
    conditions = models.JSONField(default=list, help_text="policy.fleet.conditions")
    outcome = models.CharField(max_length=12, default="register", help_text="register or ignore those that fit.")
    group = models.ForeignKey("fleet.Group", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    region = models.ForeignKey("fleet.Region", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    packets_per_s = models.PositiveIntegerField(default=200)
    port = models.PositiveIntegerField(default=161, help_text="Where SNMP is asked.")

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="discovery_name_unique")]

    def __str__(self) -> str:
        return self.name


class DiscoveryRun(Scoped):
    """One run of a search; its progress is written as it goes."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    discovery = models.ForeignKey(Discovery, null=True, on_delete=models.SET_NULL, related_name="runs")
    title = models.CharField(max_length=200, help_text="What was searched, in words.")
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, running, done, canceled or failed")
    dry = models.BooleanField(default=False, help_text="Finds and lists, changes nothing.")
    request = models.JSONField(default=dict, help_text="The search as it was when it began.")
    addresses = models.PositiveBigIntegerField(default=0)
    asked = models.PositiveBigIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    octets = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    by = models.CharField(max_length=255, blank=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["tenant", "-began_at"], name="discovery_recent")]


class Found(Scoped):
    """One thing that a run found, and what became of it."""

    run = models.ForeignKey(DiscoveryRun, on_delete=models.CASCADE, related_name="found")
    machine = models.ForeignKey(Machine, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=253)
    outcome = models.CharField(
        max_length=12, help_text="new, known, moved, ignored, unmanaged, conflict, no-printer or failed"
    )
    how = models.CharField(max_length=40, blank=True, help_text="Which method and credential answered.")
    identity = models.JSONField(default=dict)
    message = models.CharField(max_length=500, blank=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["run", "id"], name="found_in_run")]
