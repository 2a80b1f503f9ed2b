"""What tracking hears of: deliveries that end, documents that are read, devices that are added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_save

from platen.devices.events import devices_added
from platen.devices.models import Device
from platen.documents.facts import DocumentFacts
from platen.printing.events import delivery_ended, facts_known
from platen.printing.models import Delivery, Job
from platen.tracking.recording import complete_from_facts, record_delivery
from platen.tracking.schemes import give_default_schemes


def connect() -> None:
    """Begin to listen."""
    delivery_ended.connect(_on_delivery_ended, dispatch_uid="tracking.delivery_ended")
    facts_known.connect(_on_facts_known, dispatch_uid="tracking.facts_known")
    # The row's own signal, not devices_changed: that comes after the commit, and a device must not print one job
    # without its price in between.
    post_save.connect(_on_device_saved, sender=Device, dispatch_uid="tracking.device_saved")

    devices_added.connect(_on_devices_added, dispatch_uid="tracking.devices_added")


def _on_delivery_ended(*, delivery: Delivery, **_signal: Any) -> None:
    record_delivery(delivery)


def _on_facts_known(*, job: Job, facts: DocumentFacts, **_signal: Any) -> None:
    complete_from_facts(job, facts)


def _on_device_saved(*, instance: Device, created: bool, **_signal: Any) -> None:
    if created:
        give_default_schemes([instance])


def _on_devices_added(*, devices: Sequence[Device], **_signal: Any) -> None:
    give_default_schemes(devices)
