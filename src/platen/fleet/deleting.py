"""Deleting devices for good, one or several, with all that was read of them (EMC-DREM-04, SC-DEVBULK-03)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from platen.devices.errors import DeviceError
from platen.devices.models import Device
from platen.devices.services import remove_devices
from platen.eventlog.actor import Actor
from platen.fleet.errors import InvalidValue
from platen.tenants.queries import current_policy

AT_ONCE_MAX = 500


@transaction.atomic
def delete_devices(ids: Collection[int], *, by: Actor) -> int:
    """Delete them, or none of them where one is refused; they come back only by being found or added anew.

    Returns: how many. Raises: InvalidValue.
    """
    if len(ids) > 1 and current_policy().deny_multi_delete:
        raise InvalidValue(_("Devices are deleted one by one here. Pick one device, or change the settings first."))
    if len(ids) > AT_ONCE_MAX:
        raise InvalidValue(_("At most 500 devices are deleted at once. Pick fewer, and do it in parts."))
    devices = list(Device.objects.filter(pk__in=list(ids)).order_by("pk"))
    try:
        remove_devices(devices, by=by)
    except DeviceError as error:
        raise InvalidValue(_("Nothing was deleted. %(why)s") % {"why": error}) from error
    return len(devices)
