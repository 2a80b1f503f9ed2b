"""What printing does when others say that something happened."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from django.dispatch import receiver

from platen.devices.errors import InUse
from platen.devices.events import devices_removing
from platen.devices.models import Device
from platen.directory.events import user_deleting
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.printing.errors import NotChangeable
from platen.printing.models import OPEN_DELIVERIES, OPEN_STATES, Delivery, Job
from platen.printing.node_spool import node_spool
from platen.printing.services import cancel_job


@receiver(devices_removing)
def keep_device_with_work(devices: Sequence[Device], **_: object) -> None:
    """A device that still has something to deliver stays. Raises: InUse."""
    delivery = Delivery.objects.filter(device__in=devices, state__in=OPEN_DELIVERIES).select_related("device").first()
    if delivery is not None:
        name = delivery.device.name
        raise InUse(f"{name} still has documents to print. Wait for them, or delete them, then remove it.")


@receiver(user_deleting)
def cancel_jobs_of_leaver(user: User, by: Actor, **_: object) -> None:
    """A person goes, and their waiting documents with them."""
    for job in Job.objects.filter(owner=user, state__in=OPEN_STATES):
        with contextlib.suppress(NotChangeable):  # it ended this very moment
            cancel_job(node_spool(), job, by=by)
