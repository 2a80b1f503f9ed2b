"""Devices that were added by hand are machines too: they are looked after as soon as something reads the fleet."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.devices.machines import DeviceValues, add_device
from platen.devices.models import Device
from platen.eventlog.actor import Actor
from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine
from platen.fleet.regions import Regions
from platen.tenants.context import acting_within, current_regions, current_tenant_id

ADOPTED_AT_ONCE = 500


@transaction.atomic
def add_by_hand(name: str, uri: str, *, by: Actor, **values: Unpack[DeviceValues]) -> Device:
    """A new device that a person adds. Whose rights end at regions adds devices of these regions only: at an address
    of theirs (fleet.reach), or without one where there is no choice of region.

    Raises: InvalidValue of the fleet; and what devices.machines.add_device does.
    """
    limit = current_regions()
    device = add_device(name, uri, by=by, **values)
    if limit is None:
        return device
    with acting_within(None):
        adopt_devices(timezone.now())
        machine: Machine = Machine.objects.get(pk=device.pk)
        if not machine.address and len(limit) == 1:
            machine.region_id = next(iter(limit))
            machine.save(update_fields=["region"])
    if machine.region_id not in limit:
        raise InvalidValue(_("This address is in none of your regions. Ask an administrator to add the device."))
    return device


def adopt_devices(now: datetime) -> int:
    """Machines for the current tenant's devices that have none, whoever looks first. Returns: how many."""
    with acting_within(None):
        return _adopt(now)


def _adopt(now: datetime) -> int:
    alone = list(Device.objects.filter(machine__isnull=True).order_by("id")[:ADOPTED_AT_ONCE])
    if not alone:
        return 0
    regions = Regions()
    machines = [
        Machine(
            tenant_id=current_tenant_id(),
            device=device,
            address=address_of(device.uri),
            mac=device.mac.lower(),
            region=regions.of(address_of(device.uri)),
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
    with acting_within(None):
        # From the newest of all on: by the tenant itself, SQLite would first put all of its devices in order.
        mine = Device.everywhere.alias(owner=F("tenant_id") + 0).filter(owner=current_tenant_id())
        newest = mine.order_by("-id").values_list("id", flat=True).first()
        if newest is None or Machine.objects.filter(pk=newest).exists():
            return 0
        return _adopt(now)


def address_of(uri: str) -> str:
    """The host that a device's URI names; empty where there is none."""
    try:
        return (urlsplit(uri).hostname or "")[:253]
    except ValueError:
        return ""
