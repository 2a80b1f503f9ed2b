"""Devices that were added by hand are machines too: they are looked after as soon as something reads the fleet."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from platen.devices.models import Device
from platen.fleet.models import Machine
from platen.tenants.context import current_tenant_id

ADOPTED_AT_ONCE = 500


def adopt_devices(now: datetime) -> int:
    """Machines for the current tenant's devices that have none. Returns: how many."""
    alone = Device.objects.filter(machine__isnull=True).order_by("id")[:ADOPTED_AT_ONCE]
    machines = [
        Machine(
            tenant_id=current_tenant_id(),
            device=device,
            address=address_of(device.uri),
            mac=device.mac.lower(),
            found_at=now,
            found_by="added by hand",
            due_at=now if address_of(device.uri) else None,
        )
        for device in alone
    ]
    # Somebody else may have been quicker.
    Machine.objects.bulk_create(machines, ignore_conflicts=True)
    return len(machines)


def adopt_newest(now: datetime) -> int:
    """As `adopt_devices`, where the newest device is not a machine yet; costs two look-ups where it is.

    For lists of machines, so that a device stands in them from the moment it was added. Returns: how many.
    """
    newest = Device.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None or Machine.objects.filter(pk=newest).exists():
        return 0
    return adopt_devices(now)


def address_of(uri: str) -> str:
    """The host that a device's URI names; empty where there is none."""
    try:
        return (urlsplit(uri).hostname or "")[:253]
    except ValueError:
        return ""
